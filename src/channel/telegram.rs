//! Telegram, by long polling: an update is acknowledged only when everything it caused is committed.
//!
//! teloxide is the client. Its dispatcher is not used, because it acknowledges before it handles, and because one panic
//! or one flooding chat stops everybody (ARCHITECTURE.md, "Telegram"). Updates are read as raw JSON by a small tolerant
//! type of our own, since a typed parse loses the text of a message that holds an entity newer than the library.

mod call;
mod pace;
mod read;
mod send;
mod show;

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::future::join_all;
use jiff::Timestamp;
use serde_json::Value;
use teloxide::net::default_reqwest_settings;
use teloxide::{ApiError, Bot, RequestError};
use tokio::sync::mpsc;

use crate::conversation::{Conversation, Parcel};
use crate::dialogues::Dialogue;
use crate::dialogues::words::COMMANDS;
use call::{Command, GetMe, GetMyCommands, GetUpdates, SetMyCommands, call};
use read::{Incoming, Update, read};
use send::Sender;

/// The prefix of the keys of people on Telegram.
pub const CHANNEL: &str = "telegram:";

/// How long one poll waits for updates (the server allows up to 50 s).
const POLL_SECONDS: u32 = 25;

/// How long any call may take: a poll, and a margin for a slow line.
const CALL_TIMEOUT: Duration = Duration::from_secs(POLL_SECONDS as u64 + 10);

/// What we ask Telegram to send; the rest we could not answer.
const ALLOWED_UPDATES: [&str; 3] = ["message", "callback_query", "my_chat_member"];

/// The pauses after failed polls, in seconds: short at first, for a hiccup, then sparing, for an outage.
const BACK_OFF_SECONDS: [u64; 6] = [1, 1, 2, 4, 8, 15];

/// How long a stop waits for what is still to be said. The rest stays in the outbox for the next start.
const DRAIN: Duration = Duration::from_secs(5);

/// Prepares the client. Nothing is sent yet.
pub fn connect(token: &str, api_url: &str) -> anyhow::Result<Bot> {
    let client = default_reqwest_settings().timeout(CALL_TIMEOUT).build().context("Cannot prepare the HTTP client")?;
    let url = api_url.parse().ok().filter(|_| api_url.starts_with("http://") || api_url.starts_with("https://"));
    let Some(url) = url else { bail!("TELOXIDE_API_URL is not an address like https://api.telegram.org") };
    Ok(Bot::with_client(token, client).set_api_url(url))
}

/// Runs the bot until `stop` completes. `due` brings what the clock says meanwhile.
pub async fn run(
    bot: Bot,
    conversation: Arc<Conversation>,
    mut due: mpsc::Receiver<Parcel>,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<()> {
    let mut stop = pin!(stop);
    let me = tokio::select! {
        me = call(&bot, GetMe {}) => me,
        () = &mut stop => return Ok(()),
    };
    match me {
        Ok(_) => log::info!("Connected to Telegram"),
        Err(error) => bail!(explain(&error)),
    }
    if let Err(error) = publish_commands(&bot, &conversation.dialogue()).await {
        log::warn!("Cannot publish the commands: {}", explain(&error));
    }
    let sender = Sender::new(bot.clone(), conversation.clone());
    for parcel in conversation.left_over(CHANNEL).await? {
        sender.send(parcel);
    }
    let clock = async {
        loop {
            sender.room().await;
            let Some(parcel) = due.recv().await else { break };
            sender.send(parcel);
        }
        std::future::pending::<()>().await;
    };
    let result = tokio::select! {
        result = poll(&bot, &conversation, &sender, stop) => result,
        () = clock => Ok(()),
    };
    if tokio::time::timeout(DRAIN, sender.drained()).await.is_err() {
        log::warn!("Stopping with messages unsent; they are sent at the next start");
    }
    conversation.flush().await;
    result
}

/// The loop: poll, hear, commit, and only then move the offset.
async fn poll(
    bot: &Bot,
    conversation: &Arc<Conversation>,
    sender: &Sender,
    mut stop: impl Future<Output = ()> + Unpin,
) -> anyhow::Result<()> {
    let mut offset = None;
    let mut failures = 0;
    loop {
        let request = GetUpdates { offset, limit: 100, timeout: POLL_SECONDS, allowed_updates: &ALLOWED_UPDATES };
        let batch = tokio::select! {
            batch = call(bot, request) => batch,
            () = &mut stop => return Ok(()),
        };
        let heard = match batch {
            Ok(updates) => hear(conversation, sender, updates).await,
            Err(RequestError::Api(ApiError::InvalidToken)) => {
                bail!(explain(&RequestError::Api(ApiError::InvalidToken)))
            }
            Err(error) => {
                log::warn!("Cannot fetch updates: {}", explain(&error));
                None
            }
        };
        match heard {
            Some(next) => {
                offset = next.or(offset);
                failures = 0;
            }
            None => {
                let pause = BACK_OFF_SECONDS[failures.min(BACK_OFF_SECONDS.len() - 1)];
                failures += 1;
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(pause)) => {}
                    () = &mut stop => return Ok(()),
                }
            }
        }
    }
}

/// Hears a batch: everybody at once, each person in order. The offset to go on from; `None` when something could not
/// be committed, so that Telegram must deliver the batch again (what was committed is recognised by its number).
async fn hear(conversation: &Arc<Conversation>, sender: &Sender, updates: Vec<Value>) -> Option<Option<i64>> {
    let mut next = None;
    let mut lanes: HashMap<String, Vec<Update>> = HashMap::new();
    for value in updates {
        let Some(id) = value.get("update_id").and_then(Value::as_i64) else {
            log::warn!("An update without a number");
            continue;
        };
        next = next.max(Some(id + 1));
        match serde_json::from_value::<Incoming>(value) {
            Ok(incoming) => {
                if let Some(update) = read(id, incoming) {
                    lanes.entry(update.heard.person.clone()).or_default().push(update);
                }
            }
            // The error names a field, never its value.
            Err(error) => log::warn!("Cannot read update {id}: {:?} at column {}", error.classify(), error.column()),
        }
    }
    let lanes = lanes.into_values().map(|updates| hear_one_person(conversation, sender, updates));
    join_all(lanes).await.into_iter().all(|committed| committed).then_some(next)
}

async fn hear_one_person(conversation: &Arc<Conversation>, sender: &Sender, updates: Vec<Update>) -> bool {
    for Update { heard, callback } in updates {
        let (now, update) = (Timestamp::now(), heard.update);
        let (listener, said) = (conversation.clone(), heard.clone());
        let parcel = match shielded(async move { listener.hear(&said, now).await }).await {
            Some(parcel) => parcel,
            None => {
                log::error!("Handling update {update:?} failed; it is skipped");
                let listener = conversation.clone();
                shielded(async move { listener.stumble(&heard, now).await }).await.unwrap_or(Ok(None))
            }
        };
        if let Some(callback) = callback {
            sender.answer(callback);
        }
        match parcel {
            Ok(Some(parcel)) => sender.send(parcel),
            Ok(None) => {}
            Err(error) => {
                log::error!("Cannot commit update {update:?}: {error:#}");
                return false;
            }
        }
    }
    true
}

/// Runs something in a task of its own: a panic loses this update and nothing else. `None` after a panic.
async fn shielded<T: Send + 'static>(task: impl Future<Output = T> + Send + 'static) -> Option<T> {
    tokio::spawn(task).await.ok()
}

/// Publishes the commands in every language, where they differ from what Telegram has.
async fn publish_commands(bot: &Bot, dialogue: &Dialogue) -> Result<(), RequestError> {
    let wanted = |language: &str| -> Vec<Command> {
        let describe = |name: &&str| Command {
            command: (*name).to_owned(),
            description: dialogue.texts.get(language, &format!("cmd-{name}")).to_owned(),
        };
        COMMANDS.iter().map(describe).collect()
    };
    // Bot API: a two-letter code, or none for everybody else.
    let code = |language: &str| language.split('-').next().unwrap_or(language).to_owned();
    let everybody_else = (None, wanted(&dialogue.graph.fallback));
    let each = dialogue.graph.languages.iter().map(|language| (Some(code(language)), wanted(language)));
    for (language_code, commands) in each.chain([everybody_else]) {
        let there = call(bot, GetMyCommands { language_code: language_code.clone() }).await?;
        if there != commands {
            call(bot, SetMyCommands { commands, language_code }).await?;
        }
    }
    Ok(())
}

/// An error of a call in words for the log or the person who runs the bot: no token, no text of anybody's message.
fn explain(error: &RequestError) -> String {
    match error {
        RequestError::Api(ApiError::InvalidToken) => {
            "Telegram refuses the token. Check TELOXIDE_TOKEN, or ask @BotFather for a new one".into()
        }
        RequestError::Api(ApiError::TerminatedByOtherGetUpdates) => {
            "another program is polling with the same token. Stop one of the two".into()
        }
        RequestError::Api(ApiError::Unknown(text)) if text.starts_with("Conflict") => {
            "a webhook is set for this bot, so it cannot poll. Remove the webhook first (deleteWebhook)".into()
        }
        RequestError::Api(error) => format!("Telegram refuses: {}", send::describe(error)),
        RequestError::MigrateToChatId(_) => "the group has become a supergroup".into(),
        RequestError::RetryAfter(seconds) => format!("Telegram asks to wait {} s", seconds.seconds()),
        RequestError::Network(error) if error.is_timeout() => "the Bot API server does not answer in time".into(),
        RequestError::Network(_) | RequestError::Io(_) => {
            "the Bot API server cannot be reached. Check the network, and TELOXIDE_API_URL".into()
        }
        RequestError::InvalidJson { .. } => "the Bot API server answers with something that is not JSON".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_loses_one_update_and_nothing_else() {
        let handle = |number: u32| async move {
            assert_ne!(number, 2, "the update that nobody foresaw");
            number
        };
        let mut handled = Vec::new();
        for number in 1..=3 {
            handled.push(shielded(handle(number)).await);
        }
        assert_eq!(handled, [Some(1), None, Some(3)]);
    }
}
