//! Routes for machines: is it alive, is it ready, and what has it done so far.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
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

/// Listens on `address`, for as long as the program runs.
pub async fn start(
    address: SocketAddr,
    bot: Bot,
    conversation: Arc<Conversation>,
    metrics: Metrics,
) -> anyhow::Result<()> {
    let listener = tokio::net::TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address} for /metrics. Set SIMOFF_ADMIN_LISTEN to another address, or to off")
    })?;
    let nurse = Nurse { bot, conversation, metrics, reached: Arc::default() };
    let app = Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(show))
        .with_state(nurse);
    tokio::spawn(async move {
        if let Err(error) = axum::serve(listener, app).await {
            log::error!("Cannot go on listening for /metrics: {error}");
        }
    });
    Ok(())
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
    let database = nurse.conversation.check_writable(Timestamp::now()).await;
    let mut reached = nurse.reached.lock().await;
    let api = match *reached {
        Some((at, answered)) if at.elapsed() < FRESH => answered,
        _ => {
            let answered = matches!(tokio::time::timeout(PATIENCE, call(&nurse.bot, GetMe {})).await, Ok(Ok(_)));
            *reached = Some((Instant::now(), answered));
            answered
        }
    };
    let code = if database.is_ok() && api { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let database = database.map_or_else(|error| format!("cannot write: {}", error.reason()), |()| "ok".into());
    (code, format!("database {database}\nbot api {}\n", if api { "ok" } else { "unreachable" }))
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
