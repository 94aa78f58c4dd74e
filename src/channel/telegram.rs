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
mod outcome;
pub mod parse;
mod poll;
mod profile;
mod send;
mod throttle;
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
use tokio::sync::watch;

use super::http::{Http, Role};
use crate::conversation::{Channel, Conversation, Delivery, HEARTBEAT_SECONDS};
use crate::reminders;
use admin::{Admin, Metrics};
pub use api::Bot;
use api::{DeleteWebhook, GetMe, GetWebhookInfo, Me, call, call_until_answered};
use breaker::Breaker;
use handler::UpdateHandler;
use send::Sender;
pub use throttle::FREE_PER_SECOND;
pub use webhook::Webhook;

/// The prefix of the keys of people on Telegram.
pub const CHANNEL: Channel = Channel { prefix: "telegram:", delivery: Delivery::Push };

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

/// Runs the bot until `stop` completes.
pub async fn run(
    bot: Bot,
    conversation: Arc<Conversation>,
    options: BotOptions,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let mut stop = pin!(stop);
    let breaker = Breaker::new(bot.clone());
    // First, so that an operator can see why a start takes long.
    if let Some(address) = options.admin_listen {
        let listener = options.http.bind(Role::Admin, address)?;
        health::start(listener, bot.clone(), breaker.clone(), conversation.clone(), options.metrics.clone());
    }
    let polls = options.webhook.is_none();
    let me = tokio::select! {
        me = connect_to_telegram(&bot, polls) => me?,
        () = &mut stop => return Ok(()),
    };
    conversation.store().join().await?;
    let sender = Sender::new(bot.clone(), breaker.clone(), conversation.clone(), options.per_second);
    let may_poll = watch::Sender::new(heartbeat(&conversation, &sender, polls).await?);
    let our_turn = may_poll.subscribe();
    take_over(&conversation, &sender).await?;
    let beating = tokio::spawn(keep_alive(conversation.clone(), sender.clone(), polls, may_poll));
    let publishing = tokio::spawn(publish_profile(bot.clone(), conversation.clone()));
    let admin = Admin::new(options.admins, options.metrics, conversation.clone(), sender.clone());
    let handler = Arc::new(UpdateHandler::new(conversation.clone(), sender.clone(), me.username, admin));
    let send_due = |message| {
        let sender = &sender;
        async move {
            sender.capacity().await;
            sender.send(message);
        }
    };
    let reminding = reminders::run(conversation.clone(), CHANNEL, send_due);
    let updates = async {
        match &options.webhook {
            None => {
                poll::run(&bot, &breaker, &handler, our_turn, stop).await;
                Ok(())
            }
            Some(webhook) => serve_webhook(&bot, &handler, webhook, &options.http, stop).await,
        }
    };
    let result = tokio::select! {
        result = updates => result,
        () = reminding => Ok(()),
    };
    publishing.abort();
    beating.abort();
    drain(&conversation, &sender).await;
    result
}

/// Asks who the bot is, for as long as it takes. A poller also makes sure that no webhook is set.
async fn connect_to_telegram(bot: &Bot, polls: bool) -> anyhow::Result<Me> {
    let me = call_until_answered(bot, || GetMe {}).await.map_err(anyhow::Error::msg)?;
    log::info!("Connected to Telegram");
    if polls {
        refuse_to_fight_a_webhook(bot).await?;
    }
    Ok(me)
}

/// Serves the webhook until `stop` completes, then what is in flight.
async fn serve_webhook(
    bot: &Bot,
    handler: &Arc<UpdateHandler>,
    webhook: &Webhook,
    http: &Http,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let stopping = watch::Sender::new(false);
    let mut stopped = stopping.subscribe();
    let stopped = async move {
        // An error means that the sender is gone, which is a stop too.
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    let mut server = pin!(webhook::run(bot, handler, webhook, http, stopped));
    tokio::select! {
        result = &mut server => return result,
        () = stop => {}
    }
    stopping.send_replace(true);
    // Idle connections are not waited for.
    tokio::time::timeout(DRAIN, server).await.unwrap_or(Ok(()))
}

/// Waits a little for unsent messages, and leaves the rest to other instances or to the next start.
async fn drain(conversation: &Conversation, sender: &Sender) {
    if tokio::time::timeout(DRAIN, sender.drained()).await.is_err() {
        log::warn!("Stopping with unsent messages; they are sent at the next start");
    }
    conversation.store().flush().await;
    if let Err(error) = conversation.store().leave().await {
        log::warn!("Cannot release the delivery leases; they expire by themselves: {error:#}");
    }
}

/// Publishes the bot's profile: commands, name and descriptions.
async fn publish_profile(bot: Bot, conversation: Arc<Conversation>) {
    if let Err(error) = profile::publish(&bot, &conversation.dialogue()).await {
        log::warn!("Cannot publish the bot's profile: {error}");
    }
}

/// Sends heartbeats for ever, takes over what other instances have left, and retries what was set aside. `may_poll` follows
/// the lease to poll.
async fn keep_alive(conversation: Arc<Conversation>, sender: Sender, polls: bool, may_poll: watch::Sender<bool>) {
    let mut retried = Instant::now();
    loop {
        tokio::time::sleep(Duration::from_secs(HEARTBEAT_SECONDS)).await;
        if retried.elapsed() >= RETRY_INTERVAL {
            retried = Instant::now();
            if let Err(error) = retry(&conversation, &sender).await {
                log::error!("Cannot retry messages that were set aside: {error:#}");
            }
        }
        match heartbeat(&conversation, &sender, polls).await {
            Ok(ours) => drop(may_poll.send_if_modified(|before| std::mem::replace(before, ours) != ours)),
            Err(error) => log::error!("Heartbeat failed: {error:#}"),
        }
        // With a file there is no other instance that could have left something.
        if conversation.store().is_shared()
            && let Err(error) = take_over(&conversation, &sender).await
        {
            log::error!("Cannot take over from other instances: {error:#}");
        }
    }
}

/// Sends a heartbeat, and shares the rate with the other instances. Whether this one may poll.
async fn heartbeat(conversation: &Conversation, sender: &Sender, polls: bool) -> anyhow::Result<bool> {
    let beat = conversation.store().heartbeat(CHANNEL.prefix, &sender.people(), polls).await?;
    sender.share(beat.instances);
    Ok(beat.polls)
}

/// Sends what other instances have left in the outbox.
async fn take_over(conversation: &Conversation, sender: &Sender) -> anyhow::Result<()> {
    for message in conversation.take_over(CHANNEL.prefix).await? {
        sender.send(message);
    }
    Ok(())
}

/// Sends what was set aside for long enough.
async fn retry(conversation: &Conversation, sender: &Sender) -> anyhow::Result<()> {
    for message in conversation.take_over_retries(CHANNEL.prefix, Timestamp::now()).await? {
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
