//! The webhook: Telegram brings each update, and is told that it arrived only when everything it caused is committed.

use std::future::Future;
use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::bail;
use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::ALLOWED_UPDATES;
use super::api::{AnswerCallbackQuery, Bot, GetWebhookInfo, SetWebhook, call_until_answered};
use super::handler::UpdateHandler;
use super::parse::{Update, number_of};
use crate::channel::http::{Http, Role};

/// How many updates Telegram may bring at once (Bot API: 1–100). Turns share commits, so many at once cost little.
const MAX_CONNECTIONS: u8 = 40;

/// The largest update that is read. A message has at most 4096 characters; with every entity and a keyboard quoted it
/// stays far below this.
const MAX_UPDATE_BYTES: usize = 1024 * 1024;

/// The header in which Telegram repeats our secret.
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";

/// The setting under which we remember which webhook was set.
const SETTING: &str = "webhook";

/// Where Telegram finds us.
#[derive(Clone)]
pub struct Webhook {
    /// The address as Telegram calls it.
    pub url: String,
    /// 1–256 of A-Z, a-z, 0-9, _ and -.
    pub secret: String,
    /// Where we listen; a proxy in front of us speaks TLS.
    pub listen: SocketAddr,
}

impl Webhook {
    /// The path of the address, which is our route.
    fn path(&self) -> &str {
        let after_scheme = self.url.split_once("://").map_or("", |(_, rest)| rest);
        let path = after_scheme.find('/').map_or("/", |at| &after_scheme[at..]);
        path.split(['?', '#']).next().unwrap_or("/")
    }

    /// Says what is wrong with the settings, before anything is sent.
    pub fn check(&self, api_is_telegrams: bool) -> anyhow::Result<()> {
        let https = self.url.starts_with("https://");
        if !https && !self.url.starts_with("http://") {
            bail!("SIMOFF_WEBHOOK_URL is not an address like https://bot.example.org/telegram");
        }
        if !https && api_is_telegrams {
            bail!(
                "SIMOFF_WEBHOOK_URL must begin with https:// (Telegram calls no other; plain http is for a local API server)"
            );
        }
        let is_known = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        if !(1..=256).contains(&self.secret.len()) || !self.secret.bytes().all(is_known) {
            bail!(
                "SIMOFF_WEBHOOK_SECRET must be 1 to 256 of A-Z, a-z, 0-9, _ and -. Make one with: openssl rand -hex 32"
            );
        }
        Ok(())
    }

    /// What tells this setting from others; stored, so it must not give the secret away.
    fn fingerprint(&self) -> String {
        let parts = [&self.url, &self.secret, &MAX_CONNECTIONS.to_string(), &ALLOWED_UPDATES.join(",")];
        let mut hash = Sha256::new();
        for part in parts {
            hash.update(part);
            hash.update([0]);
        }
        hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Listens until `stop` completes. The webhook stays set: Telegram keeps what comes meanwhile, and in a rolling deploy
/// the next instance is already there.
pub async fn run(
    bot: &Bot,
    handler: &Arc<UpdateHandler>,
    webhook: &Webhook,
    http: &Http,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let listener = http.bind(Role::Webhook, webhook.listen)?;
    set(bot, handler, webhook).await?;
    let state = WebhookState { handler: handler.clone(), secret: Sha256::digest(&webhook.secret).into() };
    let app = Router::new()
        .route(webhook.path(), post(receive))
        .layer(DefaultBodyLimit::max(MAX_UPDATE_BYTES))
        .with_state(state);
    log::info!("Listening for updates on {}", listener.address()?);
    listener.serve(app, stop).await;
    Ok(())
}

/// Sets the webhook, where it is not as we want it.
async fn set(bot: &Bot, handler: &UpdateHandler, webhook: &Webhook) -> anyhow::Result<()> {
    let there = match call_until_answered(bot, || GetWebhookInfo {}).await {
        Ok(there) => there,
        Err(error) => bail!("cannot ask which webhook is set: {error}"),
    };
    let fingerprint = webhook.fingerprint();
    let ours = handler.conversation.store().setting(SETTING).await?.is_some_and(|set| set == fingerprint);
    let same = there.url == webhook.url
        && there.max_connections == MAX_CONNECTIONS
        && there.allowed_updates.iter().map(String::as_str).eq(ALLOWED_UPDATES);
    if ours && same {
        return Ok(());
    }
    let request = || SetWebhook {
        url: webhook.url.clone(),
        secret_token: webhook.secret.clone(),
        max_connections: MAX_CONNECTIONS,
        allowed_updates: &ALLOWED_UPDATES,
    };
    if let Err(error) = call_until_answered(bot, request).await {
        bail!("cannot set the webhook: {error}");
    }
    log::info!("The webhook is set");
    handler.conversation.store().set(SETTING, &fingerprint).await
}

#[derive(Clone)]
struct WebhookState {
    handler: Arc<UpdateHandler>,
    /// The digest of the secret: digests have one length, so comparing them tells nothing of the secret's.
    secret: [u8; 32],
}

async fn receive(State(state): State<WebhookState>, request: Request) -> Response {
    let given = request.headers().get(SECRET_HEADER).map_or(&[][..], |value| value.as_bytes());
    if !bool::from(state.secret.ct_eq(&<[u8; 32]>::from(Sha256::digest(given)))) {
        metrics::counter!("simoff_updates_total", "kind" => "unauthorised").increment(1);
        return StatusCode::UNAUTHORIZED.into_response();
    }
    // Only now: nobody else has us hold what they send.
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => return rejection.into_response(),
    };
    let incoming = match serde_json::from_slice::<Update>(&body) {
        Ok(incoming) => incoming,
        Err(error) => {
            return if state.handler.skip_unreadable(number_of(&body), &error).await {
                StatusCode::OK
            } else {
                StatusCode::SERVICE_UNAVAILABLE
            }
            .into_response();
        }
    };
    // In a task of its own: when Telegram hangs up meanwhile, what is committed must still be said.
    let handler = state.handler;
    match tokio::spawn(async move { handler.handle(incoming).await }).await.unwrap_or(Err(())) {
        Ok(None) => StatusCode::OK.into_response(),
        // The answer to a tap rides back with the acknowledgement, and costs no call of its own.
        Ok(Some(answer)) => {
            let ride = WebhookReply { method: "answerCallbackQuery", answer };
            let body = serde_json::to_string(&ride).unwrap_or_default();
            ([(header::CONTENT_TYPE, "application/json")], body).into_response()
        }
        // Telegram brings it again.
        Err(()) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

#[derive(Serialize)]
struct WebhookReply {
    method: &'static str,
    #[serde(flatten)]
    answer: AnswerCallbackQuery,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn webhook(url: &str, secret: &str) -> Webhook {
        Webhook { url: url.into(), secret: secret.into(), listen: ([127, 0, 0, 1], 0).into() }
    }

    #[test]
    fn the_route_is_the_path_of_the_address() {
        for (url, path) in [
            ("https://bot.example.org/telegram", "/telegram"),
            ("https://bot.example.org", "/"),
            ("http://127.0.0.1:8081/a/b?c#d", "/a/b"),
        ] {
            assert_eq!(webhook(url, "s").path(), path);
        }
    }

    #[test]
    fn settings_that_cannot_work_are_refused() {
        for (url, secret, telegrams, sound) in [
            ("https://bot.example.org/x", "abc_-9", true, true),
            ("https://bot.example.org/", "abc_-9", true, true),
            ("http://127.0.0.1/x", "abc", false, true),
            ("http://bot.example.org/x", "abc", true, false),
            ("bot.example.org", "abc", true, false),
            ("https://bot.example.org/x", "", true, false),
            ("https://bot.example.org/x", "a b", true, false),
        ] {
            assert_eq!(webhook(url, secret).check(telegrams).is_ok(), sound, "{url} {secret:?}");
        }
        assert_ne!(webhook("https://a", "bc").fingerprint(), webhook("https://ab", "c").fingerprint());
    }
}
