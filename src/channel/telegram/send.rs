//! The one way out: everything that is said to Telegram passes here, per chat in order, and leaves the outbox when it
//! has arrived or never will.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use teloxide::requests::Requester;
use teloxide::types::{ChatId, InputFile};
use teloxide::{ApiError, Bot, RequestError};
use tokio::sync::Notify;

use super::call::{AnswerCallbackQuery, Content, EditMessageText, SendMessage, call};
use super::explain;
use super::pace::Pace;
use super::read::chat_of;
use super::show::{show, show_plain};
use crate::conversation::{Conversation, Parcel, Urgency};
use crate::render::File;

/// The pauses between attempts when the line or the server fails, in seconds. The last one repeats.
const BACK_OFF_SECONDS: [u64; 7] = [1, 2, 4, 8, 16, 30, 60];

/// How many reminders may wait for their turn before no more are fired: what leaves within a second.
const MAX_HELD: usize = 30;

/// Sends. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    inner: Arc<Inner>,
}

struct Inner {
    bot: Bot,
    conversation: Arc<Conversation>,
    /// What waits, per person. A person with an entry has a task that works it off.
    lanes: Mutex<HashMap<String, VecDeque<Parcel>>>,
    pace: Pace,
    /// How many reminders wait for their turn, outside the lanes.
    held: AtomicUsize,
    /// Rung when one of them has left.
    less: Notify,
    idle: Notify,
}

impl Sender {
    pub fn new(bot: Bot, conversation: Arc<Conversation>) -> Self {
        let (lanes, held) = (Mutex::default(), AtomicUsize::new(0));
        let inner =
            Inner { bot, conversation, lanes, pace: Pace::start(), held, less: Notify::new(), idle: Notify::new() };
        Self { inner: Arc::new(inner) }
    }

    /// Sends a parcel after everything that already waits for the same person. A reminder joins the person's lane only
    /// when it may leave, so that an answer to the same person never stands behind one that waits.
    pub fn send(&self, parcel: Parcel) {
        if parcel.outgoing.urgency == Urgency::Answer {
            self.enqueue(parcel);
            return;
        }
        self.inner.held.fetch_add(1, Ordering::SeqCst);
        let sender = self.clone();
        tokio::spawn(async move {
            sender.inner.pace.turn(true).await;
            sender.enqueue(parcel);
            sender.inner.held.fetch_sub(1, Ordering::SeqCst);
            sender.inner.less.notify_waiters();
            sender.inner.idle.notify_waiters();
        });
    }

    fn enqueue(&self, parcel: Parcel) {
        let person = parcel.person.clone();
        let mut lanes = self.inner.lanes.lock().expect("nobody panics while holding this");
        if let Some(lane) = lanes.get_mut(&person) {
            lane.push_back(parcel);
            return;
        }
        lanes.insert(person.clone(), VecDeque::from([parcel]));
        let inner = self.inner.clone();
        tokio::spawn(async move { inner.work_off(&person).await });
    }

    /// Answers a callback query beside everything else: the person's button stops spinning. Worth one attempt, since
    /// Telegram forgets the query within seconds, and the visible change does not depend on it.
    pub fn answer(&self, callback_query_id: String) {
        let inner = self.inner.clone();
        tokio::spawn(async move {
            if let Err(error) = call(&inner.bot, AnswerCallbackQuery { callback_query_id }).await {
                log::debug!("Cannot answer a callback query: {}", explain(&error));
            }
        });
    }

    /// Completes when there is room for another reminder.
    pub async fn room(&self) {
        loop {
            let less = self.inner.less.notified();
            if self.inner.held.load(Ordering::SeqCst) < MAX_HELD {
                return;
            }
            less.await;
        }
    }

    /// Completes when nothing waits.
    pub async fn drained(&self) {
        loop {
            let idle = self.inner.idle.notified();
            let held = self.inner.held.load(Ordering::SeqCst);
            if held == 0 && self.inner.lanes.lock().expect("nobody panics while holding this").is_empty() {
                return;
            }
            idle.await;
        }
    }
}

impl Inner {
    async fn work_off(&self, person: &str) {
        while let Some(parcel) = self.next(person) {
            self.deliver(&parcel).await;
            self.conversation.said(parcel.id).await;
        }
    }

    fn next(&self, person: &str) -> Option<Parcel> {
        let mut lanes = self.lanes.lock().expect("nobody panics while holding this");
        let parcel = lanes.get_mut(person).and_then(VecDeque::pop_front);
        if parcel.is_none() {
            lanes.remove(person);
            if lanes.is_empty() {
                self.idle.notify_waiters();
            }
        }
        parcel
    }

    /// Delivers a parcel, however long the line is down; gives up only when Telegram says that it never can.
    async fn deliver(&self, parcel: &Parcel) {
        let Some(chat_id) = chat_of(&parcel.person) else {
            log::error!("A parcel for nobody on Telegram");
            return;
        };
        let mut replaces = parcel.outgoing.replaces;
        let mut content = show(&parcel.outgoing.screen);
        let mut failures = 0;
        let mut has_turn = parcel.outgoing.urgency != Urgency::Answer;
        loop {
            if !std::mem::take(&mut has_turn) {
                self.pace.turn(false).await;
            }
            let pause = match self.attempt(chat_id, replaces, content.clone()).await {
                Outcome::Arrived => {
                    if let Some(file) = &parcel.outgoing.screen.file {
                        self.deliver_file(chat_id, file).await;
                    }
                    return;
                }
                Outcome::Unreachable => {
                    log::info!("Somebody cannot be reached any more; their reminders end");
                    if let Err(error) = self.conversation.unreachable(&parcel.person, Timestamp::now()).await {
                        log::error!("Cannot end the reminders: {error:#}");
                    }
                    return;
                }
                Outcome::Never(why) => {
                    log::warn!("A message cannot be delivered: {why}");
                    return;
                }
                Outcome::SendAnew if replaces.is_some() => {
                    replaces = None;
                    continue;
                }
                Outcome::SendPlain if content.parse_mode.is_some() => {
                    log::error!("Telegram cannot read our markup; sending plain text");
                    content = show_plain(&parcel.outgoing.screen);
                    continue;
                }
                Outcome::SendAnew | Outcome::SendPlain => {
                    log::warn!("A message cannot be delivered: Telegram refuses every form of it");
                    return;
                }
                Outcome::Wait(seconds) => seconds,
                Outcome::Retry(why) => {
                    let pause = BACK_OFF_SECONDS[failures.min(BACK_OFF_SECONDS.len() - 1)];
                    failures += 1;
                    log::warn!("Cannot send, trying again in {pause} s: {why}");
                    pause
                }
            };
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }

    /// Sends a file. It can be asked for again, so one failure is told to the log and to nobody else.
    async fn deliver_file(&self, chat_id: i64, file: &File) {
        self.pace.turn(false).await;
        let document = InputFile::memory(file.text.clone()).file_name(file.name.clone());
        if let Err(error) = self.bot.send_document(ChatId(chat_id), document).await {
            log::warn!("Cannot send a file: {}", explain(&error));
        }
    }

    async fn attempt(&self, chat_id: i64, replaces: Option<i64>, content: Content) -> Outcome {
        let result = match replaces {
            Some(message_id) => call(&self.bot, EditMessageText { chat_id, message_id, content }).await,
            None => call(&self.bot, SendMessage { chat_id, content }).await,
        };
        result.map_or_else(classify, |_| Outcome::Arrived)
    }
}

/// What became of an attempt.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Arrived,
    /// The message to edit is gone.
    SendAnew,
    /// Our markup is not theirs.
    SendPlain,
    /// Flood control: seconds to wait.
    Wait(u64),
    /// The line, or the server.
    Retry(String),
    /// The person blocked the bot, or is no more.
    Unreachable,
    Never(String),
}

/// Telegram changes the case and the wording of its descriptions, and the library knows only some of them exactly; so
/// beside the typed errors the beginning of the description decides.
fn classify(error: RequestError) -> Outcome {
    match &error {
        RequestError::RetryAfter(seconds) => Outcome::Wait(u64::from(seconds.seconds()).max(1)),
        RequestError::Network(_) | RequestError::Io(_) | RequestError::InvalidJson { .. } => {
            Outcome::Retry(explain(&error))
        }
        RequestError::MigrateToChatId(_) => Outcome::Never(explain(&error)),
        RequestError::Api(api) => {
            let text = describe(api).to_lowercase();
            let says = |part: &str| text.contains(part);
            match () {
                () if says("message is not modified") => Outcome::Arrived,
                () if says("message to edit not found")
                    || says("message can't be edited")
                    || says("message_id_invalid")
                    || says("message identifier is not specified") =>
                {
                    Outcome::SendAnew
                }
                () if says("can't parse entities") => Outcome::SendPlain,
                () if says("blocked by the user")
                    || says("user is deactivated")
                    || says("can't initiate conversation")
                    || says("chat not found") =>
                {
                    Outcome::Unreachable
                }
                () if says("internal server error") || says("bad gateway") || says("restart") => {
                    Outcome::Retry(explain(&error))
                }
                () => Outcome::Never(explain(&error)),
            }
        }
    }
}

/// The description of an error of the Bot API, which quotes no message.
pub fn describe(error: &ApiError) -> String {
    match error {
        ApiError::Unknown(text) => text.clone(),
        // Telegram quotes the offending markup after this.
        ApiError::CantParseEntities(_) => "Bad Request: can't parse entities".into(),
        known => known.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart() {
        let unknown = |text: &str| RequestError::Api(ApiError::Unknown(text.into()));
        for (error, expect) in [
            (RequestError::Api(ApiError::MessageNotModified), Outcome::Arrived),
            (
                unknown("Bad Request: message is not modified: specified new message content is the same"),
                Outcome::Arrived,
            ),
            (RequestError::Api(ApiError::MessageToEditNotFound), Outcome::SendAnew),
            (unknown("Bad Request: MESSAGE_ID_INVALID"), Outcome::SendAnew),
            (unknown("Bad Request: can't parse entities: unsupported start tag"), Outcome::SendPlain),
            (RequestError::RetryAfter(teloxide::types::Seconds::from_seconds(7)), Outcome::Wait(7)),
            (RequestError::RetryAfter(teloxide::types::Seconds::from_seconds(0)), Outcome::Wait(1)),
        ] {
            let text = error.to_string();
            assert_eq!(classify(error), expect, "{text}");
        }
        assert!(matches!(classify(unknown("Bad Gateway")), Outcome::Retry(_)));
        assert!(matches!(classify(unknown("Bad Request: BUTTON_DATA_INVALID")), Outcome::Never(_)));
        assert_eq!(classify(RequestError::Api(ApiError::BotBlocked)), Outcome::Unreachable);
        assert_eq!(classify(unknown("Forbidden: bot was blocked by the user")), Outcome::Unreachable);
        assert_eq!(classify(unknown("Forbidden: user is deactivated")), Outcome::Unreachable);
    }
}
