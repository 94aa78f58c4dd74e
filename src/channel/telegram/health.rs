//! Routes for machines: is it alive, is it ready, and what has it done so far.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use teloxide::Bot;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::CHANNEL;
use super::admin::Metrics;
use super::call::{GetMe, call};
use crate::channel::http::{Listener, is_private_host};
use crate::conversation::Conversation;

/// How long an answer of the Bot API counts: whoever probes every second must not ask Telegram every second.
const FRESH: Duration = Duration::from_secs(10);

/// How long the Bot API may take before we are not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest answer that is read.
const MAX_ANSWER: u64 = 4096;

#[derive(Clone)]
struct Nurse {
    bot: Bot,
    conversation: Arc<Conversation>,
    metrics: Metrics,
    /// When the Bot API was last asked, and whether it answered.
    reached: Arc<Mutex<Option<(Instant, bool)>>>,
}

/// Answers on `listener`, for as long as the program runs.
pub fn start(listener: Listener, bot: Bot, conversation: Arc<Conversation>, metrics: Metrics) {
    let nurse = Nurse { bot, conversation, metrics, reached: Arc::default() };
    let app = Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(show))
        .layer(middleware::from_fn(only_private_hosts))
        .with_state(nurse);
    tokio::spawn(listener.serve(app, std::future::pending()));
}

/// Refuses a name that anybody can have pointed at us, so that a web site cannot have a browser read this (DNS rebinding).
async fn only_private_hosts(request: Request, next: Next) -> Response {
    if is_private_host(request.headers()) {
        next.run(request).await
    } else {
        let advice = "Ask by an IP address, by localhost, or by a host name without a dot.\n";
        (StatusCode::MISDIRECTED_REQUEST, advice).into_response()
    }
}

/// Asks a running bot whether it is alive, for those who watch it from outside and have no other program to ask with.
pub async fn probe(address: SocketAddr) -> anyhow::Result<()> {
    let ask = async {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(b"GET /healthz HTTP/1.0\r\n\r\n").await?;
        let mut answer = String::new();
        stream.take(MAX_ANSWER).read_to_string(&mut answer).await?;
        io::Result::Ok(answer)
    };
    let answer = tokio::time::timeout(PATIENCE, ask).await.ok().and_then(Result::ok).unwrap_or_default();
    anyhow::ensure!(
        answer.starts_with("HTTP/1.0 200") || answer.starts_with("HTTP/1.1 200"),
        "nobody is alive at {address}"
    );
    Ok(())
}

async fn ready(State(nurse): State<Nurse>) -> (StatusCode, String) {
    let database = nurse.conversation.backlog(CHANNEL).await.is_ok();
    let mut reached = nurse.reached.lock().await;
    let api = match *reached {
        Some((at, answered)) if at.elapsed() < FRESH => answered,
        _ => {
            let answered = matches!(tokio::time::timeout(PATIENCE, call(&nurse.bot, GetMe {})).await, Ok(Ok(_)));
            *reached = Some((Instant::now(), answered));
            answered
        }
    };
    let word = |well: bool| if well { "ok" } else { "unreachable" };
    let code = if database && api { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, format!("database {}\nbot api {}\n", word(database), word(api)))
}

async fn show(State(nurse): State<Nurse>) -> (StatusCode, String) {
    match nurse.conversation.backlog(CHANNEL).await {
        Ok(backlog) => {
            let age = backlog.oldest.map_or(0, |oldest| (Timestamp::now().as_second() - oldest).max(0));
            #[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and these are small")]
            let (rows, age) = (backlog.rows as f64, age as f64);
            metrics::gauge!("simoff_outbox_rows").set(rows);
            metrics::gauge!("simoff_outbox_age_seconds").set(age);
        }
        Err(error) => log::error!("Cannot measure the outbox: {error:#}"),
    }
    (StatusCode::OK, (nurse.metrics)())
}
