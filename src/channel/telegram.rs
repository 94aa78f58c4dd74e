//! Telegram, by webhook or by long polling: an update is acknowledged only when everything it caused is committed.
//!
//! teloxide is the client. Its dispatcher is not used, because it acknowledges before it handles, and because one panic
//! or one flooding chat stops everybody (ARCHITECTURE.md, "Telegram"). Updates are read as raw JSON by a small tolerant
//! type of our own, since a typed parse loses the text of a message that holds an entity newer than the library.

pub mod admin;
mod api;
mod breaker;
mod handler;
pub mod health;
mod message;
mod poll;
mod profile;
mod send;
mod throttle;
pub mod update;
mod webhook;

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use jiff::Timestamp;
use teloxide::net::default_reqwest_settings;
use tokio::sync::{mpsc, watch};

use super::http::{Http, Role};
use crate::conversation::{Conversation, HEARTBEAT_SECONDS, OutboxMessage};
use admin::{Admin, Metrics};
pub use api::Bot;
use api::{DeleteWebhook, GetMe, GetWebhookInfo, call, call_until_answered};
use breaker::Breaker;
use handler::UpdateHandler;
use send::Sender;
pub use throttle::FREE_PER_SECOND;
pub use webhook::Webhook;

/// The prefix of the keys of people on Telegram.
pub const CHANNEL: &str = "telegram:";

/// Telegram's own Bot API server.
pub const API_URL: &str = "https://api.telegram.org";

/// How long one poll waits for updates (the server allows up to 50 s).
const POLL_SECONDS: u32 = 25;

/// How long any call may take: a poll, and a margin for a slow line.
const CALL_TIMEOUT: Duration = Duration::from_secs(POLL_SECONDS as u64 + 10);

/// What we ask Telegram to send; the rest we could not answer.
const ALLOWED_UPDATES: [&str; 4] = ["message", "edited_message", "callback_query", "my_chat_member"];

/// How long a stop waits for what is still to be said. The rest stays in the outbox for the next start.
const DRAIN: Duration = Duration::from_secs(5);

/// How often messages that were set aside are looked for.
const RETRY_INTERVAL: Duration = Duration::from_secs(60);

/// How the bot runs.
pub struct BotOptions {
    /// Without one, the bot polls.
    pub webhook: Option<Webhook>,
    /// Where `/healthz`, `/readyz` and `/metrics` are.
    pub admin_listen: Option<SocketAddr>,
    /// Who may ask for numbers and announce.
    pub admins: Vec<i64>,
    /// How many messages may leave in a second.
    pub per_second: u32,
    pub metrics: Metrics,
    /// How to listen.
    pub http: Http,
}

/// Prepares the client. Nothing is sent yet. `token_file`: where the token was read from, to look there again when it is refused.
pub fn connect(token: &str, token_file: Option<PathBuf>, api_url: &str) -> anyhow::Result<Bot> {
    let client = default_reqwest_settings().timeout(CALL_TIMEOUT).build().context("Cannot prepare the HTTP client")?;
    let url = api_url.parse().ok().filter(|_| api_url.starts_with("http://") || api_url.starts_with("https://"));
    let Some(url) = url else { bail!("TELOXIDE_API_URL is not an address like {API_URL}") };
    Ok(Bot::new(teloxide::Bot::with_client(token, client).set_api_url(url), token_file))
}

/// Runs the bot until `stop` completes. `due` brings what the clock says meanwhile.
pub async fn run(
    bot: Bot,
    conversation: Arc<Conversation>,
    mut due: mpsc::Receiver<OutboxMessage>,
    options: BotOptions,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let mut stop = pin!(stop);
    let breaker = Breaker::new(bot.clone());
    // First of all, so that an operator can see why a start takes long.
    if let Some(address) = options.admin_listen {
        let listener = options.http.bind(Role::Admin, address)?;
        health::start(listener, bot.clone(), breaker.clone(), conversation.clone(), options.metrics.clone());
    }
    let greeted = async {
        let me = call_until_answered(&bot, || GetMe {}).await.map_err(anyhow::Error::msg)?;
        log::info!("Connected to Telegram");
        if options.webhook.is_none() {
            refuse_to_fight_a_webhook(&bot).await?;
        }
        anyhow::Ok(me)
    };
    let me = tokio::select! {
        me = greeted => me?,
        () = &mut stop => return Ok(()),
    };
    conversation.join().await?;
    let sender = Sender::new(bot.clone(), breaker.clone(), conversation.clone(), options.per_second);
    let (may_poll, our_turn) = watch::channel(false);
    let polls = options.webhook.is_none();
    may_poll.send_replace(heartbeat(&conversation, &sender, polls).await?);
    take_over(&conversation, &sender).await?;
    let heart = tokio::spawn({
        let (conversation, sender) = (conversation.clone(), sender.clone());
        async move {
            let mut retried = Instant::now();
            loop {
                tokio::time::sleep(Duration::from_secs(HEARTBEAT_SECONDS)).await;
                if retried.elapsed() >= RETRY_INTERVAL {
                    retried = Instant::now();
                    if let Err(error) = retry(&conversation, &sender).await {
                        log::error!("Cannot look for messages that were set aside: {error:#}");
                    }
                }
                match heartbeat(&conversation, &sender, polls).await {
                    Ok(ours) => drop(may_poll.send_if_modified(|before| std::mem::replace(before, ours) != ours)),
                    Err(error) => log::error!("Cannot say that this process is there: {error:#}"),
                }
                // In a file there is nobody else who could have left something.
                if conversation.is_shared()
                    && let Err(error) = take_over(&conversation, &sender).await
                {
                    log::error!("Cannot take over from other processes: {error:#}");
                }
            }
        }
    });
    let admin = Admin::new(options.admins, options.metrics);
    let handler = Arc::new(UpdateHandler::new(conversation.clone(), sender.clone(), me.username, admin));
    let (dialogue, window) = (conversation.dialogue(), bot.clone());
    // Nobody waits for the shop window.
    let publishing = tokio::spawn(async move {
        if let Err(error) = profile::publish(&window, &dialogue).await {
            log::warn!("Cannot publish the bot's commands and texts: {error}");
        }
    });
    let clock = async {
        loop {
            sender.room().await;
            let Some(message) = due.recv().await else { break };
            sender.send(message);
        }
        std::future::pending::<()>().await;
    };
    let result = match &options.webhook {
        None => tokio::select! {
            () = poll::run(&bot, &breaker, &handler, our_turn, stop) => Ok(()),
            () = clock => Ok(()),
        },
        Some(webhook) => {
            let (say_stop, mut stopped) = watch::channel(false);
            let stopped = async move {
                // An error means that the other end is gone, which is a stop too.
                let _ = stopped.wait_for(|stop| *stop).await;
            };
            let mut server = pin!(webhook::run(&bot, &handler, webhook, &options.http, stopped));
            let served = tokio::select! {
                result = &mut server => Some(result),
                () = &mut stop => None,
                () = clock => None,
            };
            match served {
                Some(result) => result,
                None => {
                    let _ = say_stop.send(true);
                    // What is being handled is handled to the end; idle connections are not waited for.
                    tokio::time::timeout(DRAIN, server).await.unwrap_or(Ok(()))
                }
            }
        }
    };
    publishing.abort();
    heart.abort();
    if tokio::time::timeout(DRAIN, sender.drained()).await.is_err() {
        log::warn!("Stopping with messages unsent; they are sent at the next start");
    }
    conversation.flush().await;
    if let Err(error) = conversation.leave().await {
        log::warn!("Cannot hand over; the others take over by themselves: {error:#}");
    }
    result
}

/// Says that this process is there, and shares the rate with the others. Whether it is our turn to poll.
async fn heartbeat(conversation: &Conversation, sender: &Sender, polls: bool) -> anyhow::Result<bool> {
    let beat = conversation.heartbeat(&sender.people(), polls).await?;
    sender.share(beat.instances);
    Ok(beat.polls)
}

/// Says what is committed and nobody is about to say: left by a process that is no more.
async fn take_over(conversation: &Conversation, sender: &Sender) -> anyhow::Result<()> {
    for message in conversation.take_over(CHANNEL).await? {
        sender.send(message);
    }
    Ok(())
}

/// Sends again what was set aside for long enough.
async fn retry(conversation: &Conversation, sender: &Sender) -> anyhow::Result<()> {
    for message in conversation.take_over_retries(CHANNEL, Timestamp::now()).await? {
        sender.send(message);
    }
    Ok(())
}

/// A webhook belongs to a bot that runs elsewhere; polling would take its updates away.
async fn refuse_to_fight_a_webhook(bot: &Bot) -> anyhow::Result<()> {
    match call_until_answered(bot, || GetWebhookInfo {}).await {
        Ok(info) if info.url.is_empty() => Ok(()),
        Ok(_) => bail!(
            "a webhook is set for this bot, so it cannot poll. Set SIMOFF_WEBHOOK_URL to use it, or remove it with: simoff unhook"
        ),
        Err(error) => bail!("{error}"),
    }
}

/// Removes the webhook, so that the bot can poll. What it did, in words; waiting updates are kept.
pub async fn unhook(bot: &Bot) -> anyhow::Result<String> {
    let info = match call(bot, GetWebhookInfo {}).await {
        Ok(info) => info,
        Err(error) => bail!("{error}"),
    };
    if info.url.is_empty() {
        return Ok("No webhook is set. The bot can poll: simoff telegram".into());
    }
    if let Err(error) = call(bot, DeleteWebhook { drop_pending_updates: false }).await {
        bail!("{error}");
    }
    Ok(format!(
        "Removed the webhook {}. {} updates wait, and are kept for polling: simoff telegram (without SIMOFF_WEBHOOK_URL)",
        info.url, info.pending_update_count
    ))
}
