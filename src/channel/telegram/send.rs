//! Sends everything to Telegram, in order per chat. A row leaves the outbox when its message has arrived or was refused for good.

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore};

use super::api::{
    AnswerCallbackQuery, Bot, CallError, EditMessageText, MessageContent, SendMessage, call, send_document,
};
use super::breaker::Breaker;
use super::message::{show, show_plain};
use super::outcome::{Outcome, classify};
use super::parse::chat_of;
use super::throttle::{ChatThrottle, FREE_PER_SECOND, Throttle};
use crate::conversation::{Conversation, MAX_UNSENT_REPLIES, OutboxMessage, Priority};
use crate::render::File;

/// The pauses between attempts when the line or the server fails, in seconds, at most. The last one repeats; as soon as one
/// message gets through, nobody waits any longer.
const BACK_OFF_SECONDS: [u64; 6] = [1, 2, 4, 8, 15, 30];

/// How many refusals for an unknown reason in a row set a message aside.
const UNKNOWN_REFUSALS: usize = 4;

/// For how long a message is set aside, in seconds. Other messages to the same person go on meanwhile.
const SET_ASIDE_SECONDS: i64 = 60 * 60;

/// How many callback queries may be answered at once. In a flood the rest go without: a query is forgotten within seconds.
const MAX_CALLBACK_ANSWERS: usize = 64;

/// Max reminders and announcements that wait for the throttle before no more are made: what leaves in a second.
const MAX_HELD: usize = 30;

/// Sends. Cheap to clone.
#[derive(Clone)]
pub struct Sender {
    inner: Arc<Inner>,
}

struct Inner {
    bot: Bot,
    conversation: Arc<Conversation>,
    breaker: Breaker,
    callback_answers: Arc<Semaphore>,
    /// What waits, per person. A person with an entry has a task that works it off.
    queues: Mutex<HashMap<String, VecDeque<OutboxMessage>>>,
    pace: Throttle,
    chats: ChatThrottle,
    /// Whether reminders and announcements are sent as paid broadcasts, above the free rate.
    paid: bool,
    /// Reminders and announcements that wait for the throttle, outside the queues: outbox row to person.
    held: Mutex<HashMap<i64, String>>,
    /// Rung when one of them has left.
    less: Notify,
    /// Rung when the line is back.
    line: Notify,
    idle: Notify,
}

impl Sender {
    /// `per_second`: how many messages may leave in a second. More than the free thirty are paid for.
    pub fn new(bot: Bot, breaker: Breaker, conversation: Arc<Conversation>, per_second: u32) -> Self {
        let inner = Inner {
            bot,
            conversation,
            breaker,
            callback_answers: Arc::new(Semaphore::new(MAX_CALLBACK_ANSWERS)),
            queues: Mutex::default(),
            pace: Throttle::start(per_second),
            chats: ChatThrottle::default(),
            paid: per_second > FREE_PER_SECOND,
            held: Mutex::default(),
            less: Notify::new(),
            line: Notify::new(),
            idle: Notify::new(),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Sends a message after everything that already waits for the same person. A reminder joins the person's queue only
    /// when it may leave, so that an answer to the same person never stands behind one that waits.
    pub fn send(&self, message: OutboxMessage) {
        if message.payload.priority == Priority::Reply {
            self.inner.enqueue(message);
            return;
        }
        self.inner.held().insert(message.id, message.person.clone());
        let sender = self.clone();
        tokio::spawn(async move {
            let id = message.id;
            // While the bot is refused, nothing more becomes due: there is no capacity.
            sender.inner.breaker.closed().await;
            sender.inner.pace.turn(message.payload.priority).await;
            sender.inner.enqueue(message);
            sender.inner.held().remove(&id);
            sender.inner.less.notify_waiters();
            sender.inner.idle.notify_waiters();
        });
    }

    /// Answers a callback query beside everything else: the person's button stops spinning. Worth one attempt, since
    /// Telegram forgets the query within seconds, and the visible change does not depend on it.
    pub fn answer(&self, answer: AnswerCallbackQuery) {
        let inner = self.inner.clone();
        let Ok(permit) = inner.callback_answers.clone().try_acquire_owned() else { return };
        tokio::spawn(async move {
            let _permit = permit;
            if let Err(error) = call(&inner.bot, answer).await {
                log::debug!("Cannot answer a callback query: {error}");
            }
        });
    }

    /// Everybody to whom something is about to be said.
    pub fn people(&self) -> Vec<String> {
        let mut people: Vec<String> = self.inner.held().values().cloned().collect();
        people.extend(self.inner.queues.lock().expect("the lock is not poisoned").keys().cloned());
        people
    }

    /// Shares the overall rate with so many other processes.
    pub fn share(&self, instances: u32) {
        self.inner.pace.share(instances);
    }

    /// Completes when there is capacity for another reminder or announcement.
    pub async fn capacity(&self) {
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
        self.held.lock().expect("the lock is not poisoned")
    }

    /// Puts a message into its person's queue, and starts a task that works the queue off where there is none.
    fn enqueue(self: &Arc<Self>, message: OutboxMessage) {
        let (person, inner) = (message.person.clone(), self.clone());
        let mut queues = self.queues.lock().expect("the lock is not poisoned");
        match queues.get_mut(&person) {
            Some(queue) => {
                let superseded = put(queue, message);
                if !superseded.is_empty() {
                    tokio::spawn(async move { inner.drop_superseded(&person, superseded).await });
                }
            }
            None => {
                queues.insert(person.clone(), VecDeque::from([message]));
                tokio::spawn(async move { inner.work_off(&person).await });
            }
        }
    }

    async fn work_off(self: &Arc<Self>, person: &str) {
        let chat = chat_of(person).unwrap_or_default();
        while let Some(edits) = self.waits(person) {
            // With the message still in the queue, a later edit can overtake it meanwhile.
            pause(self.chats.take(chat, edits)).await;
            let (message, overtaken) = self.next(person);
            self.drop_superseded(person, overtaken).await;
            let Some(message) = message else { continue };
            let id = message.id;
            match self.deliver(chat, &message).await {
                Fate::Delivered | Fate::Ended => self.settle(|| self.conversation.acknowledge(person, id)).await,
                Fate::SetAside => {
                    let retry_at = Timestamp::now().as_second() + SET_ASIDE_SECONDS;
                    self.settle(|| self.conversation.set_aside(person, id, retry_at)).await;
                }
            }
        }
    }

    /// Removes messages from the outbox whose place newer ones take.
    async fn drop_superseded(self: &Arc<Self>, person: &str, superseded: Vec<OutboxMessage>) {
        for message in superseded {
            metrics::counter!("simoff_sends_total", "result" => "superseded").increment(1);
            self.settle(|| self.conversation.acknowledge(person, message.id)).await;
        }
    }

    /// Stores what became of a message, however long that takes. What other processes have committed for the same person
    /// meanwhile is ours to send.
    async fn settle<F: Future<Output = anyhow::Result<Vec<OutboxMessage>>>>(self: &Arc<Self>, store: impl Fn() -> F) {
        let mut failures = 0;
        let more = loop {
            match store().await {
                Ok(more) => break more,
                Err(error) => {
                    log::error!("Cannot store that a message was sent: {error:#}");
                    pause(at_random(backoff(failures))).await;
                    failures += 1;
                }
            }
        };
        more.into_iter().for_each(|message| self.enqueue(message));
    }

    /// The next message for a person, and those that need no sending any more because it takes their place: a user taps
    /// faster than a chat may change.
    fn next(&self, person: &str) -> (Option<OutboxMessage>, Vec<OutboxMessage>) {
        let mut queues = self.queues.lock().expect("the lock is not poisoned");
        let mut overtaken = Vec::new();
        let Some(queue) = queues.get_mut(person) else { return (None, overtaken) };
        let mut message = queue.pop_front();
        while let (Some(this), Some(next)) = (&message, queue.front()) {
            let edit = this.payload.replaces.is_some() && this.payload.is_replaceable();
            if !edit || this.payload.replaces != next.payload.replaces {
                break;
            }
            overtaken.extend(message);
            message = queue.pop_front();
        }
        (message, overtaken)
    }

    /// Whether what waits for a person is an edit. When nothing waits, the queue is closed.
    fn waits(&self, person: &str) -> Option<bool> {
        let mut queues = self.queues.lock().expect("the lock is not poisoned");
        if let Some(message) = queues.get(person).and_then(VecDeque::front) {
            return Some(message.payload.replaces.is_some());
        }
        queues.remove(person);
        if queues.is_empty() {
            self.idle.notify_waiters();
        }
        None
    }

    /// Delivers a message and the file that belongs to it, however long the connection is down.
    async fn deliver(&self, chat_id: i64, message: &OutboxMessage) -> Fate {
        let screen = &message.payload.screen;
        let mut delivery = Delivery::new(chat_id, message.payload.priority);
        let mut content = show(screen);
        content.allow_paid_broadcast = self.paid && message.payload.priority != Priority::Reply;
        let text = Part::Message { content, replaces: message.payload.replaces };
        let fate = self.deliver_part(&mut delivery, text, message).await;
        match &screen.file {
            Some(file) if fate == Fate::Delivered => {
                Box::pin(self.deliver_part(&mut delivery, Part::File(file), message)).await
            }
            _ => fate,
        }
    }

    /// Delivers one part, with as many attempts as it takes. Only a refusal of this chat or this message ends it.
    async fn deliver_part<'a>(&self, delivery: &mut Delivery, mut part: Part<'a>, message: &'a OutboxMessage) -> Fate {
        let (mut failures, mut unknown) = (0, 0);
        loop {
            self.breaker.closed().await;
            // The first attempt has its place in the chat's own pace already.
            if !std::mem::take(&mut delivery.first) {
                pause(self.chats.take(delivery.chat_id, part.is_edit())).await;
            }
            if !std::mem::take(&mut delivery.has_turn) {
                self.pace.turn(Priority::Reply).await;
            }
            let line = self.line.notified();
            let attempted = self.attempt(delivery.chat_id, &part).await;
            let outcome = attempted.as_ref().map_or_else(classify, |()| Outcome::Delivered);
            metrics::counter!("simoff_sends_total", "result" => outcome.name()).increment(1);
            if outcome != Outcome::Retry {
                self.line.notify_waiters();
            }
            let why = attempted.err().map_or_else(String::new, |error| {
                let why = error.to_string();
                if outcome == Outcome::BotRefused {
                    self.breaker.open(error);
                }
                why
            });
            match outcome {
                Outcome::Delivered => {
                    self.breaker.succeeded();
                    return Fate::Delivered;
                }
                Outcome::BotRefused => {}
                Outcome::ChatUnreachable => {
                    self.end_reminders(&message.person).await;
                    return Fate::Ended;
                }
                Outcome::Migrated(to) if to != delivery.chat_id => delivery.chat_id = to,
                Outcome::SendNew if part.is_edit() => part.send_new(),
                Outcome::SendPlain if part.has_markup() => {
                    log::error!("Telegram cannot read our markup; sending plain text");
                    part = Part::Message { content: show_plain(&message.payload.screen), replaces: part.replaces() };
                }
                Outcome::MessageRefused | Outcome::SendNew | Outcome::SendPlain | Outcome::Migrated(_) => {
                    log::error!("A message is dropped, because Telegram refuses it in every form: {why}");
                    return Fate::Ended;
                }
                Outcome::Wait(seconds) => pause(Duration::from_secs(seconds)).await,
                Outcome::Unknown if unknown + 1 == UNKNOWN_REFUSALS => {
                    log::error!("A message is set aside for {SET_ASIDE_SECONDS} s. {why}");
                    return Fate::SetAside;
                }
                Outcome::Unknown => {
                    unknown += 1;
                    pause(backoff(unknown - 1)).await;
                }
                Outcome::Retry => {
                    let longest = backoff(failures);
                    failures += 1;
                    log::warn!("Cannot send, trying again within {} s: {why}", longest.as_secs());
                    tokio::select! {
                        () = pause(at_random(longest)) => {}
                        () = line => {}
                    }
                }
            }
        }
    }

    async fn end_reminders(&self, person: &str) {
        log::info!("A chat is unreachable; its reminders end");
        if let Err(error) = self.conversation.unreachable(person, Timestamp::now()).await {
            log::error!("Cannot end the reminders: {error:#}");
        }
    }

    async fn attempt(&self, chat_id: i64, part: &Part<'_>) -> Result<(), CallError> {
        match part {
            Part::Message { content, replaces: Some(message_id) } => {
                let edit = EditMessageText { chat_id, message_id: *message_id, content };
                call(&self.bot, edit).await.map(|_| ())
            }
            Part::Message { content, replaces: None } => {
                call(&self.bot, SendMessage { chat_id, content }).await.map(|_| ())
            }
            Part::File(file) => send_document(&self.bot, chat_id, &file.name, &file.text).await,
        }
    }
}

/// What is known of the chat between the attempts to deliver a message and its file.
struct Delivery {
    chat_id: i64,
    /// The first attempt of all is still to come.
    first: bool,
    /// The message has been given its share of the overall rate already.
    has_turn: bool,
}

impl Delivery {
    fn new(chat_id: i64, priority: Priority) -> Self {
        Self { chat_id, first: true, has_turn: priority != Priority::Reply }
    }
}

/// What one call sends.
enum Part<'a> {
    Message {
        content: MessageContent<'a>,
        /// The message that it takes the place of.
        replaces: Option<i64>,
    },
    File(&'a File),
}

impl Part<'_> {
    fn replaces(&self) -> Option<i64> {
        if let Part::Message { replaces, .. } = self { *replaces } else { None }
    }

    fn is_edit(&self) -> bool {
        self.replaces().is_some()
    }

    fn has_markup(&self) -> bool {
        matches!(self, Part::Message { content, .. } if content.parse_mode.is_some())
    }

    /// Sends a new message instead of changing one.
    fn send_new(&mut self) {
        if let Part::Message { replaces, .. } = self {
            *replaces = None;
        }
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Delivered,
    /// The chat or the message was refused for good.
    Ended,
    /// Refused for a reason that this version does not know: kept, and tried again later.
    SetAside,
}

/// Puts a message into its queue, in the order in which it was committed. What newer replies supersede is taken out of the queue:
/// rows of the outbox that need no sending any more.
fn put(queue: &mut VecDeque<OutboxMessage>, message: OutboxMessage) -> Vec<OutboxMessage> {
    let place = queue.iter().rposition(|other| other.id < message.id).map_or(0, |place| place + 1);
    queue.insert(place, message);
    let mut superseded = Vec::new();
    while queue.iter().filter(|message| message.payload.is_replaceable()).count() > MAX_UNSENT_REPLIES {
        let oldest = queue.iter().position(|message| message.payload.is_replaceable());
        superseded.extend(oldest.and_then(|place| queue.remove(place)));
    }
    superseded
}

/// The longest pause before another attempt after so many failures.
fn backoff(failures: usize) -> Duration {
    Duration::from_secs(BACK_OFF_SECONDS[failures.min(BACK_OFF_SECONDS.len() - 1)])
}

/// At least half of a span, at random: not everybody at once.
fn at_random(span: Duration) -> Duration {
    let chance = f64::from(getrandom::u32().unwrap_or(0)) / f64::from(u32::MAX);
    span.mul_f64(0.5 + chance / 2.0)
}

/// Sleeps, unless there is nothing to wait for: the shortest sleep takes a millisecond.
async fn pause(time: Duration) {
    if !time.is_zero() {
        tokio::time::sleep(time).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conversation::Payload;
    use crate::render::Screen;

    #[test]
    fn a_queue_keeps_the_newest_replies_and_what_nothing_repeats() {
        let message = |id: i64, priority, keep| {
            let screen = Screen { text: id.to_string(), choices: Vec::new(), file: None, held_up: None };
            OutboxMessage {
                id,
                person: "telegram:1".into(),
                payload: Payload { screen, replaces: None, priority, keep },
            }
        };
        let (mut queue, mut superseded) = (VecDeque::new(), Vec::new());
        // Some come in another order than they were committed in.
        for id in [2, 1, 3, 5, 4].into_iter().chain(6..=100) {
            let priority = if id == 7 { Priority::Reminder } else { Priority::Reply };
            superseded.extend(put(&mut queue, message(id, priority, id == 9)).into_iter().map(|message| message.id));
        }
        let left: Vec<i64> = queue.iter().map(|message| message.id).collect();
        assert_eq!(left, [7, 9, 97, 98, 99, 100], "a reminder, a recovery code, and the newest replies");
        assert_eq!(superseded.len(), 100 - left.len());
    }
}
