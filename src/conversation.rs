//! One turn: lock the person, load the session, step, render, commit. Every input passes here, due reminders too.
//!
//! What [`Conversation::handle`] returns is already durable: sending it is the channel's task, and if the channel
//! dies first, the outbox still holds it.

mod clock;
mod edit_impact;
mod feed;
mod redeem_limiter;
mod respond;
mod stats;

use std::collections::HashMap;
use std::slice;
use std::sync::{Arc, Mutex, RwLock};

use anyhow::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tokio::sync::{Mutex as Lock, watch};

use crate::dialogues::Dialogue;
use crate::engine::reply::Reply;
use crate::engine::session::Session;
use crate::engine::{self, Input, Redeemed};
use crate::render::{File, Screen};
use crate::store::{CommitResult, OutboxRow, SessionChange, Store, Turn};
pub use crate::store::{HEARTBEAT_SECONDS, IDLE_DAYS};
pub use edit_impact::EditImpact;
pub use feed::Feed;
use redeem_limiter::RedeemLimiter;
use respond::{Response, respond_to_batch};
pub use stats::Stats;

/// A way in and out, as far as the conversation must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Channel {
    /// The keys of its people begin with this: `telegram:`.
    pub prefix: &'static str,
    pub delivery: Delivery,
}

/// How what is said reaches people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// Messages are sent, and leave the outbox when they have arrived.
    Push,
    /// People look at their feed, which is what waits for them in the outbox.
    Feed,
}

/// Something a person said, and what the channel knows about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingMessage {
    /// The person's key, which begins with the channel: `telegram:42`.
    pub person: String,
    pub input: Input,
    /// The number of the update, where the channel numbers them.
    pub update_id: Option<i64>,
    /// The language of the person's client (IETF tag). What the person chose counts more.
    pub language: Option<String>,
    /// The message whose button was pressed; the screen takes its place.
    pub replaces: Option<i64>,
    /// Where people have a page that they look at, instead of being told things: the messages on it that make way for the
    /// answer. What is on a page is what waits in the outbox.
    pub page: Option<Vec<i64>>,
}

impl IncomingMessage {
    /// Something that is known to have been said, and nothing else.
    pub fn new(person: impl Into<String>, input: Input) -> Self {
        Self { person: person.into(), input, update_id: None, language: None, replaces: None, page: None }
    }
}

/// A screen on its way to a person, as it lies in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payload {
    pub screen: Screen,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<i64>,
    #[serde(default)]
    pub priority: Priority,
    /// It must arrive though newer replies wait, because nothing shows it again: a recovery code.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub keep: bool,
}

impl Payload {
    /// Whether a newer reply to the same person says all that this one says, since it shows where the talk stands by then.
    pub fn is_replaceable(&self) -> bool {
        self.priority == Priority::Reply && !self.keep && self.screen.file.is_none()
    }
}

/// The most replies that wait to be sent to one person. Telegram takes one message a second in a chat, so faster writers are
/// answered by the newest ones; what was said has its effect all the same.
pub const MAX_UNSENT_REPLIES: usize = 4;

/// Who waits for it: what comes first makes way for nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// The answer to an input.
    #[default]
    Reply,
    /// A reminder that the person has set for now.
    Reminder,
    /// An announcement, which can wait.
    Announcement,
}

/// A [`Payload`] with its place in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    pub id: i64,
    pub person: String,
    pub payload: Payload,
}

/// The talk with everyone, over one store and one dialogue at a time.
#[derive(Debug)]
pub struct Conversation {
    dialogue: RwLock<Arc<Dialogue>>,
    store: Store,
    /// People who have spoken lately.
    people: Mutex<HashMap<String, Arc<Lock<Option<CachedSession>>>>>,
    /// Rung when something may have become due earlier than it was.
    rescheduled: watch::Sender<()>,
    redeem_limiter: RedeemLimiter,
}

/// The session after a person's last turn, so that the next one reads nothing. A turn takes it out; where
/// the turn does not come to an end, or where the store knows better, the next one reads what is stored.
#[derive(Debug)]
struct CachedSession {
    session: Session,
    /// The version of it that is stored.
    version: i64,
}

/// Max optimistic-concurrency retries of a turn. Each conflict means that another turn got through, so real users do not
/// reach it.
const MAX_TRIES: usize = 32;

/// How many people are remembered: about a kilobyte each. When there are more, all who say nothing at that moment are
/// forgotten, at the price of one look into the store when they go on.
const MAX_CACHED_SESSIONS: usize = 4096;

impl Conversation {
    pub fn new(dialogue: Dialogue, store: Store) -> Self {
        Self {
            dialogue: RwLock::new(Arc::new(dialogue)),
            store,
            people: Mutex::default(),
            rescheduled: watch::Sender::new(()),
            redeem_limiter: RedeemLimiter::default(),
        }
    }

    /// Where the talks are stored.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The dialogue of this moment.
    pub fn dialogue(&self) -> Arc<Dialogue> {
        self.dialogue.read().expect("the lock is not poisoned").clone()
    }

    /// Goes on with an edited dialogue. Sessions need no migration: the next turn is a new fold.
    pub fn replace_dialogue(&self, dialogue: Dialogue) {
        *self.dialogue.write().expect("the lock is not poisoned") = Arc::new(dialogue);
    }

    /// Handles one input. What comes back is durable and ready to be said; nothing comes back for an update handled before.
    pub async fn handle(&self, incoming: &IncomingMessage, now: Timestamp) -> anyhow::Result<Option<OutboxMessage>> {
        let Input::Code(code) = &incoming.input else {
            let batch = slice::from_ref(incoming);
            let turned = self.turn(batch, None, now, |known, session, incoming, now| {
                engine::step(known, session, &incoming.input, now)
            });
            return Ok(turned.await?.and_then(Turned::into_message));
        };
        let hash = hash(code);
        let redeemed = if self.redeem_limiter.allow(&incoming.person, now) {
            let body = self.store.redeemable(&hash, now).await?;
            body.map_or(Redeemed::Unknown, |body| Redeemed::Session(Box::new(Session::from_json(&body))))
        } else {
            Redeemed::TooMany
        };
        let redeems = matches!(redeemed, Redeemed::Session(_)).then_some(hash);
        let input = Input::Redeemed(redeemed);
        let batch = slice::from_ref(incoming);
        // Rare and large: on the heap, so that no other turn carries room for it about.
        let turned = Box::pin(
            self.turn(batch, redeems, now, |known, session, _, now| engine::step(known, session, &input, now)),
        );
        Ok(turned.await?.and_then(Turned::into_message))
    }

    /// Hears what one person said in quick succession, in order, with as few commits as it takes. Every input has its
    /// effect; of more replies than [`MAX_UNSENT_REPLIES`], only the newest are kept. `say` is told of each as soon as it is
    /// durable: what was committed before a failure must be said all the same.
    pub async fn handle_batch(
        &self,
        batch: &[IncomingMessage],
        now: Timestamp,
        say: impl Fn(OutboxMessage),
    ) -> anyhow::Result<()> {
        let (mut rest, mut together) = (batch, batch.len());
        while let Some(first) = rest.first() {
            let plain =
                rest.iter().take(together).take_while(|incoming| !matches!(incoming.input, Input::Code(_))).count();
            if plain < 2 {
                self.handle(first, now).await?.into_iter().for_each(&say);
                rest = &rest[1..];
                continue;
            }
            let step = |known: &engine::StepContext, session, incoming: &IncomingMessage, now| {
                engine::step(known, session, &incoming.input, now)
            };
            match self.turn(&rest[..plain], None, now, step).await? {
                Some(turned) => {
                    rest = &rest[turned.count..];
                    turned.messages.into_iter().for_each(&say);
                }
                // One of them was handled before; which one is found out one by one.
                None => together = 1,
            }
        }
        Ok(())
    }

    /// Says that handling an input failed on our side, and where the person stands. The session stays as it is.
    pub async fn apologize(&self, incoming: &IncomingMessage, now: Timestamp) -> anyhow::Result<Option<OutboxMessage>> {
        let apologize =
            |known: &engine::StepContext, session, _: &IncomingMessage, now| engine::apologize(known, session, now);
        Ok(self.turn(slice::from_ref(incoming), None, now, apologize).await?.and_then(Turned::into_message))
    }

    /// Says something that no talk has led to. The session stays as it is.
    pub async fn send_notice(
        &self,
        incoming: &IncomingMessage,
        screen: Screen,
        now: Timestamp,
    ) -> anyhow::Result<Option<OutboxMessage>> {
        let payload = Payload { screen, replaces: incoming.replaces, priority: Priority::Reply, keep: false };
        let change = Response { payload: vec![payload], ..Response::default() };
        match self.commit(slice::from_ref(incoming), change, None, now).await? {
            CommitOutcome::Done { messages, .. } => Ok(messages.into_iter().next()),
            CommitOutcome::Duplicate | CommitOutcome::Conflict => Ok(None),
        }
    }

    /// Makes turns of one person, in order, and commits them as one. Where one of them must be committed by itself, those before
    /// it are committed and the rest is left. `None`: one of the updates was handled before; nothing was changed.
    async fn turn(
        &self,
        batch: &[IncomingMessage],
        redeems: Option<String>,
        now: Timestamp,
        step: impl Fn(&engine::StepContext, Session, &IncomingMessage, Timestamp) -> (Session, Reply),
    ) -> anyhow::Result<Option<Turned>> {
        let first = &batch[0];
        // Within this process, turns of one person take their turn.
        let recent = self.recent(&first.person);
        let mut recent = recent.lock().await;
        for _ in 0..MAX_TRIES {
            let CachedSession { session, version } = match recent.take() {
                Some(recent) => recent,
                None => {
                    let stored = self.store.stored_session(&first.person, first.update_id).await?;
                    if stored.processed {
                        return Ok(None);
                    }
                    let session = stored.session.as_deref().map(Session::from_json).unwrap_or_default();
                    CachedSession { session, version: stored.version }
                }
            };
            let dialogue = self.dialogue();
            let before = session.reminders.clone();
            let (count, session, mut response) = respond_to_batch(&dialogue, batch, session, &step, now).await?;
            response.expected_version = Some(version);
            if response.exports
                && let Some(payload) = response.payload.first_mut()
            {
                payload.screen.file = Some(Box::pin(self.export(&first.person)).await?);
            }
            match self.commit(&batch[..count], response, redeems.clone(), now).await? {
                CommitOutcome::Done { version, messages } => {
                    if session.reminders != before {
                        self.rescheduled.send_replace(());
                    }
                    *recent = version.map(|version| CachedSession { session, version });
                    return Ok(Some(Turned { count, messages }));
                }
                CommitOutcome::Duplicate => return Ok(None),
                // Another process has handled the same person in this moment: the same turn, from where they stand now.
                CommitOutcome::Conflict if redeems.is_none() => {}
                // When the update comes again, the code is known to be used.
                CommitOutcome::Conflict => anyhow::bail!("A recovery code was redeemed twice in the same moment"),
            }
        }
        anyhow::bail!("A turn was overtaken {MAX_TRIES} times")
    }

    async fn commit(
        &self,
        batch: &[IncomingMessage],
        response: Response,
        redeems: Option<String>,
        now: Timestamp,
    ) -> anyhow::Result<CommitOutcome> {
        let Response { expected_version, change, payload, due, forget, code, .. } = response;
        let say =
            payload.iter().map(serde_json::to_string).collect::<Result<_, _>>().context("Cannot write a screen")?;
        let due_at = due.map(Timestamp::as_second);
        let person = &batch[0].person;
        let (updates, turn) = (batch.iter().filter_map(|incoming| incoming.update_id).collect(), Turn::of(person, now));
        let page = batch[0].page.clone();
        let turn =
            Turn { updates, expected_version, session: change, forget, code, redeems, say, page, due_at, ..turn };
        let version = match &turn.session {
            SessionChange::Write(_) => Some(turn.version()),
            SessionChange::Delete => Some(0),
            SessionChange::Keep => None,
        };
        Ok(match self.store.commit(turn).await? {
            CommitResult::Done { ids, ours } => {
                let sent_here = payload.into_iter().zip(ids).filter(|_| ours);
                let message = |(payload, id)| OutboxMessage { id, person: person.clone(), payload };
                CommitOutcome::Done { version, messages: sent_here.map(message).collect() }
            }
            CommitResult::Duplicate => CommitOutcome::Duplicate,
            CommitResult::Conflict => CommitOutcome::Conflict,
        })
    }

    /// Everything that is stored about a person, as a file for them.
    async fn export(&self, person: &str) -> anyhow::Result<File> {
        let stored = self.store.stored_data(person).await?;
        let date = |second: i64| Timestamp::from_second(second).map_or_else(|_| String::new(), |time| time.to_string());
        let read = |body: &str| serde_json::from_str(body).unwrap_or(serde_json::Value::Null);
        let content = serde_json::json!({
            "person": person,
            "session": stored.session.as_ref().map(|(body, _)| read(body)),
            "last_heard": stored.session.as_ref().map(|(_, second)| date(*second)),
            "waiting_to_be_said": stored.waiting.iter().map(|body| read(body)).collect::<Vec<_>>(),
            "recovery_code_made": stored.code_made_at.map(date),
        });
        let text = serde_json::to_string_pretty(&content).context("Cannot write what is stored")?;
        Ok(File { name: "simoff-export.json".into(), text })
    }

    /// Committed messages that no instance is about to send, to people whose key begins with `prefix`; oldest first.
    pub async fn take_over(&self, prefix: &str) -> anyhow::Result<Vec<OutboxMessage>> {
        let waiting = self.store.take_over(prefix).await?;
        Ok(self.read_rows(waiting).await)
    }

    /// A message has arrived, or never will. What comes back is to be said to the same person now.
    pub async fn acknowledge(&self, person: &str, id: i64) -> anyhow::Result<Vec<OutboxMessage>> {
        let waiting = self.store.acknowledge(person, id).await?;
        Ok(self.read_rows(waiting).await)
    }

    /// A message was refused for an unknown reason: it is kept, and tried again at `retry_at` (seconds since 1970).
    /// What comes back is to be said to the same person now.
    pub async fn set_aside(&self, person: &str, id: i64, retry_at: i64) -> anyhow::Result<Vec<OutboxMessage>> {
        let waiting = self.store.set_aside(person, id, retry_at).await?;
        Ok(self.read_rows(waiting).await)
    }

    /// What was set aside, for people whose key begins with `prefix`, and is to be tried again by `now`.
    pub async fn take_over_retries(&self, prefix: &str, now: Timestamp) -> anyhow::Result<Vec<OutboxMessage>> {
        let waiting = self.store.take_over_retries(prefix, now.as_second()).await?;
        Ok(self.read_rows(waiting).await)
    }

    async fn read_rows(&self, waiting: Vec<OutboxRow>) -> Vec<OutboxMessage> {
        let mut messages = Vec::with_capacity(waiting.len());
        let mut waiting = std::collections::VecDeque::from(waiting);
        while let Some(row) = waiting.pop_front() {
            match serde_json::from_str(&row.body) {
                Ok(payload) => messages.push(OutboxMessage { id: row.id, person: row.person, payload }),
                // One unreadable row must not keep the others from being said.
                Err(_) => {
                    log::error!("A row of the outbox cannot be read and is dropped");
                    waiting.extend(self.store.acknowledge(&row.person, row.id).await.unwrap_or_default());
                }
            }
        }
        messages
    }

    fn recent(&self, person: &str) -> Arc<Lock<Option<CachedSession>>> {
        let mut people = self.people.lock().expect("the lock is not poisoned");
        if let Some(recent) = people.get(person) {
            return recent.clone();
        }
        if people.len() >= MAX_CACHED_SESSIONS {
            people.retain(|_, recent| Arc::strong_count(recent) > 1);
        }
        people.entry(person.to_owned()).or_default().clone()
    }
}

/// What became of a commit.
enum CommitOutcome {
    /// It is durable.
    Done {
        /// Of the session that is stored now, zero when there is none; `None`: it was left alone.
        version: Option<i64>,
        /// What there is for us to say.
        messages: Vec<OutboxMessage>,
    },
    /// The update was handled before; nothing was changed.
    Duplicate,
    /// The session was another one by then; nothing was changed.
    Conflict,
}

/// Turns that are durable.
struct Turned {
    /// How many of the batch.
    count: usize,
    /// What there is for us to say.
    messages: Vec<OutboxMessage>,
}

impl Turned {
    /// What there is to say after a single turn.
    fn into_message(self) -> Option<OutboxMessage> {
        self.messages.into_iter().next()
    }
}

/// Codes are stored only as hashes, so the database does not reveal usable codes.
fn hash(code: &str) -> String {
    Sha256::digest(code).iter().map(|byte| format!("{byte:02x}")).collect()
}
