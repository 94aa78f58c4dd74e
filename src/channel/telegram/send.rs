//! The one way out: everything that is said to Telegram passes here, per chat in order, and leaves the outbox when it
//! has arrived or never will.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use teloxide::Bot;
use teloxide::requests::Requester;
use teloxide::types::{ChatId, InputFile};
use tokio::sync::Notify;

use super::call::{AnswerCallbackQuery, CallError, Content, EditMessageText, SendMessage, call};
use super::pace::{Chats, FREE_PER_SECOND, Pace};
use super::read::chat_of;
use super::show::{show, show_plain};
use crate::conversation::{Conversation, Parcel, Urgency};
use crate::render::File;

/// The pauses between attempts when the line or the server fails, in seconds, at most. The last one repeats; as soon as one
/// message gets through, nobody waits any longer.
const BACK_OFF_SECONDS: [u64; 6] = [1, 2, 4, 8, 15, 30];

/// How many messages that nobody asked for may wait for their turn before no more are made: what leaves in a second.
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
    chats: Chats,
    /// Whether what nobody asked for is paid for, to leave faster than the free rate.
    paid: bool,
    /// Messages that nobody asked for and that wait for their turn, outside the lanes: row of the outbox to person.
    held: Mutex<HashMap<i64, String>>,
    /// Rung when one of them has left.
    less: Notify,
    /// Rung when the line is back.
    line: Notify,
    idle: Notify,
}

impl Sender {
    /// `per_second`: how many messages may leave in a second. More than the free thirty are paid for.
    pub fn new(bot: Bot, conversation: Arc<Conversation>, per_second: u32) -> Self {
        let inner = Inner {
            bot,
            conversation,
            lanes: Mutex::default(),
            pace: Pace::start(per_second),
            chats: Chats::default(),
            paid: per_second > FREE_PER_SECOND,
            held: Mutex::default(),
            less: Notify::new(),
            line: Notify::new(),
            idle: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Sends a parcel after everything that already waits for the same person. A reminder joins the person's lane only
    /// when it may leave, so that an answer to the same person never stands behind one that waits.
    pub fn send(&self, parcel: Parcel) {
        if parcel.outgoing.urgency == Urgency::Answer {
            self.enqueue(parcel);
            return;
        }
        self.inner.held().insert(parcel.id, parcel.person.clone());
        let sender = self.clone();
        tokio::spawn(async move {
            let id = parcel.id;
            sender.inner.pace.turn(parcel.outgoing.urgency).await;
            sender.enqueue(parcel);
            sender.inner.held().remove(&id);
            sender.inner.less.notify_waiters();
            sender.inner.idle.notify_waiters();
        });
    }

    fn enqueue(&self, parcel: Parcel) {
        let person = parcel.person.clone();
        let mut lanes = self.inner.lanes.lock().expect("nobody panics while holding this");
        if let Some(lane) = lanes.get_mut(&person) {
            put(lane, parcel);
            return;
        }
        lanes.insert(person.clone(), VecDeque::from([parcel]));
        let inner = self.inner.clone();
        tokio::spawn(async move { inner.work_off(&person).await });
    }

    /// Answers a callback query beside everything else: the person's button stops spinning. Worth one attempt, since
    /// Telegram forgets the query within seconds, and the visible change does not depend on it.
    pub fn answer(&self, answer: AnswerCallbackQuery) {
        let inner = self.inner.clone();
        tokio::spawn(async move {
            if let Err(error) = call(&inner.bot, answer).await {
                log::debug!("Cannot answer a callback query: {error}");
            }
        });
    }

    /// Everybody to whom something is about to be said.
    pub fn people(&self) -> Vec<String> {
        let mut people: Vec<String> = self.inner.held().values().cloned().collect();
        people.extend(self.inner.lanes.lock().expect("nobody panics while holding this").keys().cloned());
        people
    }

    /// Shares the overall rate with so many other processes.
    pub fn share(&self, instances: u32) {
        self.inner.pace.share(instances);
    }

    /// Completes when there is room for another message that nobody asked for.
    pub async fn room(&self) {
        loop {
            let less = self.inner.less.notified();
            if self.inner.held().len() < MAX_HELD {
                return;
            }
            less.await;
        }
    }

    /// Completes when nothing waits.
    pub async fn drained(&self) {
        loop {
            let idle = self.inner.idle.notified();
            if self.people().is_empty() {
                return;
            }
            idle.await;
        }
    }
}

impl Inner {
    fn held(&self) -> MutexGuard<'_, HashMap<i64, String>> {
        self.held.lock().expect("nobody panics while holding this")
    }

    async fn work_off(&self, person: &str) {
        let chat = chat_of(person).unwrap_or_default();
        while let Some(edits) = self.waits(person) {
            // With the parcel still in the lane, a later edit can overtake it meanwhile.
            pause(self.chats.take(chat, edits)).await;
            let (parcel, overtaken) = self.next(person);
            for parcel in overtaken {
                metrics::counter!("simoff_sends_total", "result" => "overtaken").increment(1);
                self.is_said(person, parcel.id).await;
            }
            if let Some(parcel) = parcel {
                self.deliver(chat, &parcel).await;
                self.is_said(person, parcel.id).await;
            }
        }
    }

    /// Notes that something was said. What other processes have committed for the same person meanwhile is ours to say.
    async fn is_said(&self, person: &str, id: i64) {
        let mut failures = 0;
        let more = loop {
            match self.conversation.said(person, id).await {
                Ok(more) => break more,
                Err(error) => {
                    log::error!("Cannot note that something was said: {error:#}");
                    let longest = BACK_OFF_SECONDS[failures.min(BACK_OFF_SECONDS.len() - 1)];
                    failures += 1;
                    pause(some_of(longest)).await;
                }
            }
        };
        for parcel in more {
            let mut lanes = self.lanes.lock().expect("nobody panics while holding this");
            put(lanes.entry(person.to_owned()).or_default(), parcel);
        }
    }

    /// The next parcel for a person, and those that need no sending any more because it takes their place: somebody taps
    /// faster than a chat may change.
    fn next(&self, person: &str) -> (Option<Parcel>, Vec<Parcel>) {
        let mut lanes = self.lanes.lock().expect("nobody panics while holding this");
        let mut overtaken = Vec::new();
        let Some(lane) = lanes.get_mut(person) else { return (None, overtaken) };
        let mut parcel = lane.pop_front();
        while let (Some(this), Some(next)) = (&parcel, lane.front()) {
            let edit = this.outgoing.replaces.is_some() && this.outgoing.screen.file.is_none();
            if !edit || this.outgoing.replaces != next.outgoing.replaces {
                break;
            }
            overtaken.extend(parcel);
            parcel = lane.pop_front();
        }
        (parcel, overtaken)
    }

    /// Whether what waits for a person is an edit. When nothing waits, the lane is closed.
    fn waits(&self, person: &str) -> Option<bool> {
        let mut lanes = self.lanes.lock().expect("nobody panics while holding this");
        if let Some(parcel) = lanes.get(person).and_then(VecDeque::front) {
            return Some(parcel.outgoing.replaces.is_some());
        }
        lanes.remove(person);
        if lanes.is_empty() {
            self.idle.notify_waiters();
        }
        None
    }

    /// Delivers a parcel, however long the line is down; gives up only when Telegram says that it never can.
    async fn deliver(&self, mut chat_id: i64, parcel: &Parcel) {
        let mut replaces = parcel.outgoing.replaces;
        let mut content = show(&parcel.outgoing.screen);
        let urgency = parcel.outgoing.urgency;
        content.allow_paid_broadcast = self.paid && urgency != Urgency::Answer;
        let mut failures = 0;
        let mut has_turn = urgency != Urgency::Answer;
        let mut first = true;
        loop {
            // The first attempt has its place in the chat's own pace already.
            if !std::mem::take(&mut first) {
                pause(self.chats.take(chat_id, replaces.is_some())).await;
            }
            if !std::mem::take(&mut has_turn) {
                self.pace.turn(Urgency::Answer).await;
            }
            let line = self.line.notified();
            let outcome = self.attempt(chat_id, replaces, &content).await;
            metrics::counter!("simoff_sends_total", "result" => outcome.name()).increment(1);
            if !matches!(outcome, Outcome::Retry(_)) {
                self.line.notify_waiters();
            }
            let seconds = match outcome {
                Outcome::Arrived => {
                    if let Some(file) = &parcel.outgoing.screen.file {
                        Box::pin(self.deliver_file(chat_id, file)).await;
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
                Outcome::Migrated(to) if to != chat_id => {
                    chat_id = to;
                    continue;
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
                Outcome::SendAnew | Outcome::SendPlain | Outcome::Migrated(_) => {
                    log::warn!("A message cannot be delivered: Telegram refuses every form of it");
                    return;
                }
                Outcome::Wait(seconds) => seconds,
                Outcome::Retry(why) => {
                    let longest = BACK_OFF_SECONDS[failures.min(BACK_OFF_SECONDS.len() - 1)];
                    failures += 1;
                    log::warn!("Cannot send, trying again within {longest} s: {why}");
                    tokio::select! {
                        () = pause(some_of(longest)) => {}
                        () = line => {}
                    }
                    continue;
                }
            };
            pause(Duration::from_secs(seconds)).await;
        }
    }

    /// Sends a file. It can be asked for again, so one failure is told to the log and to nobody else.
    async fn deliver_file(&self, chat_id: i64, file: &File) {
        pause(self.chats.take(chat_id, false)).await;
        self.pace.turn(Urgency::Answer).await;
        let document = InputFile::memory(file.text.clone()).file_name(file.name.clone());
        if self.bot.send_document(ChatId(chat_id), document).await.is_err() {
            log::warn!("Cannot send a file");
        }
    }

    async fn attempt(&self, chat_id: i64, replaces: Option<i64>, content: &Content<'_>) -> Outcome {
        let result = match replaces {
            Some(message_id) => call(&self.bot, EditMessageText { chat_id, message_id, content }).await,
            None => call(&self.bot, SendMessage { chat_id, content }).await,
        };
        result.map_or_else(classify, |_| Outcome::Arrived)
    }
}

/// Puts a parcel into its lane, in the order in which it was committed.
fn put(lane: &mut VecDeque<Parcel>, parcel: Parcel) {
    let place = lane.iter().rposition(|other| other.id < parcel.id).map_or(0, |place| place + 1);
    lane.insert(place, parcel);
}

/// At least half of a span, by chance: not everybody at once.
fn some_of(seconds: u64) -> Duration {
    let chance = f64::from(getrandom::u32().unwrap_or(0)) / f64::from(u32::MAX);
    Duration::from_secs(seconds).mul_f64(0.5 + chance / 2.0)
}

/// Sleeps, unless there is nothing to wait for: the shortest sleep takes a millisecond.
async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
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
    /// The group is a supergroup now, under this number.
    Migrated(i64),
    /// Flood control: seconds to wait.
    Wait(u64),
    /// The line, or the server.
    Retry(String),
    /// The person blocked the bot, or is no more.
    Unreachable,
    Never(String),
}

impl Outcome {
    /// Its name in the metrics.
    fn name(&self) -> &'static str {
        match self {
            Outcome::Arrived => "arrived",
            Outcome::SendAnew => "gone",
            Outcome::SendPlain => "markup",
            Outcome::Migrated(_) => "migrated",
            Outcome::Wait(_) => "too_many_requests",
            Outcome::Retry(_) => "failed",
            Outcome::Unreachable => "unreachable",
            Outcome::Never(_) => "refused",
        }
    }
}

/// Telegram changes the case and the wording of its descriptions, and one code stands for much; so a part of the description
/// decides.
fn classify(error: CallError) -> Outcome {
    let CallError::Refused { code, description, retry_after, migrate_to } = &error else {
        return Outcome::Retry(error.to_string());
    };
    let text = description.to_lowercase();
    let says = |part: &str| text.contains(part);
    match code {
        429 => Outcome::Wait(retry_after.unwrap_or(1).max(1)),
        _ if migrate_to.is_some() => Outcome::Migrated(migrate_to.unwrap_or_default()),
        _ if says("message is not modified") => Outcome::Arrived,
        _ if says("message to edit not found")
            || says("message can't be edited")
            || says("message_id_invalid")
            || says("message identifier is not specified") =>
        {
            Outcome::SendAnew
        }
        _ if says("can't parse entities") => Outcome::SendPlain,
        403 => Outcome::Unreachable,
        _ if says("chat not found") => Outcome::Unreachable,
        _ => Outcome::Never(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart() {
        let refused = |code, description: &str| CallError::Refused {
            code,
            description: description.into(),
            retry_after: None,
            migrate_to: None,
        };
        let wait = |seconds| CallError::Refused {
            code: 429,
            description: "Too Many Requests".into(),
            retry_after: Some(seconds),
            migrate_to: None,
        };
        for (error, expect) in [
            (
                refused(400, "Bad Request: message is not modified: specified new message content is the same"),
                Outcome::Arrived,
            ),
            (refused(400, "Bad Request: message to edit not found"), Outcome::SendAnew),
            (refused(400, "Bad Request: MESSAGE_ID_INVALID"), Outcome::SendAnew),
            (refused(400, "Bad Request: can't parse entities: unsupported start tag"), Outcome::SendPlain),
            (refused(403, "Forbidden: bot was blocked by the user"), Outcome::Unreachable),
            (refused(403, "Forbidden: user is deactivated"), Outcome::Unreachable),
            (refused(400, "Bad Request: chat not found"), Outcome::Unreachable),
            (wait(7), Outcome::Wait(7)),
            (wait(0), Outcome::Wait(1)),
        ] {
            let text = error.to_string();
            assert_eq!(classify(error), expect, "{text}");
        }
        let migrated = CallError::Refused {
            code: 400,
            description: "Bad Request: group chat was upgraded to a supergroup chat".into(),
            retry_after: None,
            migrate_to: Some(-100),
        };
        assert_eq!(classify(migrated), Outcome::Migrated(-100));
        for error in [CallError::Broken, CallError::Silent, CallError::Unreachable] {
            assert!(matches!(classify(error), Outcome::Retry(_)));
        }
        assert!(matches!(classify(refused(400, "Bad Request: BUTTON_DATA_INVALID")), Outcome::Never(_)));
        // What Telegram quotes of our markup is nobody's business.
        let quoted = refused(400, "Bad Request: can't parse entities: \"the card of Zaphod\"");
        assert!(!quoted.to_string().contains("Zaphod"));
    }
}
