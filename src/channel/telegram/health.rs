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
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::CHANNEL;
use super::admin::Metrics;
use super::api::{Bot, CallError, GetMe, call};
use super::breaker::Breaker;
use crate::channel::http::{Listener, is_private_host};
use crate::conversation::Conversation;

/// How long an answer of the Bot API counts: a probe every second must not ask Telegram every second.
const FRESH: Duration = Duration::from_secs(10);

/// How long the Bot API may take before we are not ready.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest answer that is read.
const MAX_ANSWER: u64 = 4096;

#[derive(Clone)]
struct HealthState {
    bot: Bot,
    breaker: Breaker,
    conversation: Arc<Conversation>,
    metrics: Metrics,
    asked: Arc<Mutex<Option<Asked>>>,
}

/// What the Bot API answered when it was last asked.
#[derive(Clone)]
struct Asked {
    at: Instant,
    /// What is wrong with it; `None`: nothing is.
    failure: Option<String>,
}

/// Answers on `listener`, for as long as the program runs.
pub fn start(listener: Listener, bot: Bot, breaker: Breaker, conversation: Arc<Conversation>, metrics: Metrics) {
    let state = HealthState { bot, breaker, conversation, metrics, asked: Arc::default() };
    let app = Router::new()
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(show))
        .layer(middleware::from_fn(only_private_hosts))
        .with_state(state);
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
        "nothing answers at {address}"
    );
    Ok(())
}

async fn ready(State(state): State<HealthState>) -> (StatusCode, String) {
    let database = state.conversation.store().check_writable(Timestamp::now()).await;
    let api = state.breaker.refusal().or(state.api_failure().await);
    let code = if database.is_ok() && api.is_none() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    let database = database.map_or_else(|error| format!("cannot write: {}", error.reason()), |()| "ok".into());
    (code, format!("database {database}\nbot api {}\n", api.as_deref().unwrap_or("ok")))
}

impl HealthState {
    /// What is wrong with the Bot API. Asked at most every [`FRESH`].
    async fn api_failure(&self) -> Option<String> {
        let mut asked = self.asked.lock().await;
        match &*asked {
            Some(asked) if asked.at.elapsed() < FRESH => asked.failure.clone(),
            _ => {
                let failure = match tokio::time::timeout(PATIENCE, call(&self.bot, GetMe {})).await {
                    Ok(Ok(_)) => None,
                    Ok(Err(error @ CallError::Refused { .. })) => Some(error.to_string()),
                    Ok(Err(_)) | Err(_) => Some("unreachable".into()),
                };
                *asked = Some(Asked { at: Instant::now(), failure: failure.clone() });
                failure
            }
        }
    }
}

async fn show(State(state): State<HealthState>) -> (StatusCode, String) {
    match state.conversation.store().backlog(CHANNEL.prefix).await {
        Ok(backlog) => {
            let age = backlog.oldest.map_or(0, |oldest| (Timestamp::now().as_second() - oldest).max(0));
            #[expect(clippy::cast_precision_loss, reason = "a gauge is a float, and these are small")]
            let (rows, age) = (backlog.rows as f64, age as f64);
            metrics::gauge!("simoff_outbox_rows").set(rows);
            metrics::gauge!("simoff_outbox_age_seconds").set(age);
            #[expect(clippy::cast_precision_loss, reason = "as above")]
            metrics::gauge!("simoff_outbox_set_aside").set(backlog.set_aside as f64);
        }
        Err(error) => log::error!("Cannot measure the outbox: {error:#}"),
    }
    (StatusCode::OK, (state.metrics)())
}
