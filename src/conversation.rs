//! The corridor: lock the person, load, step, render, commit. Whoever speaks (a person now, the clock later) passes here.
//!
//! What [`Conversation::hear`] returns is already durable: saying it is the channel's business, and if the channel
//! dies first, the outbox still holds it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock, Weak};

use anyhow::Context;
use futures_util::future::join_all;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::dialogues::Dialogue;
use crate::dialogues::texts::ZONE_GUESS;
use crate::engine::reply::{Reply, View};
use crate::engine::session::Session;
use crate::engine::{self, Input};
use crate::render::{Screen, screen};
use crate::store::{Committed, Store, Turn};
use tokio::sync::Notify;

/// Something a person said, and what the channel knows about it.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The person's key, which begins with the channel: `telegram:42`.
    pub person: String,
    pub input: Input,
    /// The number of the update, where the channel numbers them.
    pub update: Option<i64>,
    /// The language of the person's client (IETF tag). What the person chose counts more.
    pub language: Option<String>,
    /// The message whose button was pressed; the screen takes its place.
    pub replaces: Option<i64>,
}

/// A screen on its way to a person, as it lies in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    pub screen: Screen,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<i64>,
    /// Nobody waits for it: a reminder. It makes way for answers.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unasked: bool,
}

/// An [`Outgoing`] with its place in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    pub id: i64,
    pub person: String,
    pub outgoing: Outgoing,
}

/// The talk with everyone, over one store and one dialogue at a time.
#[derive(Debug)]
pub struct Conversation {
    dialogue: RwLock<Arc<Dialogue>>,
    store: Store,
    /// One lock per person who is being heard right now.
    people: Mutex<HashMap<String, Weak<tokio::sync::Mutex<()>>>>,
    /// Rung when something may have become due earlier than it was.
    rescheduled: Notify,
}

/// How many locks may lie idle before they are swept.
const SWEEP_ABOVE: usize = 1024;

impl Conversation {
    pub fn new(dialogue: Dialogue, store: Store) -> Self {
        Self { dialogue: RwLock::new(Arc::new(dialogue)), store, people: Mutex::default(), rescheduled: Notify::new() }
    }

    /// The dialogue of this moment.
    pub fn dialogue(&self) -> Arc<Dialogue> {
        self.dialogue.read().expect("nobody panics while holding this").clone()
    }

    /// Goes on with an edited dialogue. Sessions need no migration: the next turn is a new fold.
    pub fn replace_dialogue(&self, dialogue: Dialogue) {
        *self.dialogue.write().expect("nobody panics while holding this") = Arc::new(dialogue);
    }

    /// Hears one input. What comes back is durable and ready to be said; nothing comes back for an update heard before.
    pub async fn hear(&self, heard: &Heard, now: Timestamp) -> anyhow::Result<Option<Parcel>> {
        self.turn(heard, now, |known, session, now| engine::step(known, session, &heard.input, now)).await
    }

    /// Says that handling an input failed on our side, and where the person stands. The session stays as it is.
    pub async fn stumble(&self, heard: &Heard, now: Timestamp) -> anyhow::Result<Option<Parcel>> {
        self.turn(heard, now, engine::apologise).await
    }

    async fn turn(
        &self,
        heard: &Heard,
        now: Timestamp,
        step: impl FnOnce(&engine::Known, Session, Timestamp) -> (Session, Reply),
    ) -> anyhow::Result<Option<Parcel>> {
        let lock = self.lock_of(&heard.person);
        let _guard = lock.lock().await;
        let stored = self.store.known(&heard.person, heard.update).await?;
        if stored.heard {
            return Ok(None);
        }
        let dialogue = self.dialogue();
        let session = stored.session.as_deref().map(Session::read).unwrap_or_default();
        let before = session.reminders.clone();
        let Response { session, outgoing, due, forget } = respond(&dialogue, heard, session, step, now);
        let empty = session == Session::default();
        let earlier = session.reminders != before;
        let turn = Turn {
            person: heard.person.clone(),
            update: heard.update,
            session: (!empty).then(|| serde_json::to_string(&session)).transpose().context("Cannot write a session")?,
            forget,
            say: outgoing
                .iter()
                .map(serde_json::to_string)
                .collect::<Result<_, _>>()
                .context("Cannot write a screen")?,
            due_at: due.map(Timestamp::as_second),
            now,
        };
        let committed = self.store.commit(turn).await?;
        if earlier {
            self.rescheduled.notify_one();
        }
        match (committed, outgoing) {
            (Committed::Done(ids), Some(outgoing)) => {
                Ok(Some(Parcel { id: ids[0], person: heard.person.clone(), outgoing }))
            }
            _ => Ok(None),
        }
    }

    /// Lets the clock speak to people, whose key begins with `prefix`, with something due: up to a hundred at a time.
    ///
    /// A reminder is said and struck off in one transaction, so however often somebody claims it, it is in the outbox
    /// once. What comes back is durable and ready to be said; `None`: nobody has anything due.
    pub async fn due(&self, prefix: &str, now: Timestamp) -> anyhow::Result<Option<Vec<Parcel>>> {
        let people = self.store.claim_due(prefix, now).await?;
        if people.is_empty() {
            return Ok(None);
        }
        let turns = people.into_iter().map(|person| async move {
            let heard = Heard { person, input: Input::Due, update: None, language: None, replaces: None };
            self.hear(&heard, now).await
        });
        let mut parcels = Vec::new();
        for turn in join_all(turns).await {
            match turn {
                Ok(parcel) => parcels.extend(parcel),
                // The claim runs out, and it is tried again.
                Err(error) => log::error!("Cannot say what is due: {error:#}"),
            }
        }
        Ok(Some(parcels))
    }

    /// When to look again for people whose key begins with `prefix`, in seconds since 1970; `None`: nothing is set.
    pub async fn next_due(&self, prefix: &str) -> anyhow::Result<Option<i64>> {
        self.store.next_due(prefix).await
    }

    /// Completes when something may have become due earlier than it was.
    pub async fn rescheduled(&self) {
        self.rescheduled.notified().await;
    }

    /// The person cannot be reached any more: their reminders end. The talk stays, should they come back.
    pub async fn unreachable(&self, person: &str, now: Timestamp) -> anyhow::Result<()> {
        let heard = Heard { person: person.into(), input: Input::Due, update: None, language: None, replaces: None };
        let end = |_: &engine::Known, session: Session, _: Timestamp| {
            (Session { reminders: Vec::new(), ..session }, Reply { notes: Vec::new(), view: View::Silence })
        };
        self.turn(&heard, now, end).await.map(|_| ())
    }

    /// What was committed and never said, to people whose key begins with `prefix`; oldest first.
    pub async fn left_over(&self, prefix: &str) -> anyhow::Result<Vec<Parcel>> {
        let mut parcels = Vec::new();
        for waiting in self.store.waiting(prefix).await? {
            match serde_json::from_str(&waiting.body) {
                Ok(outgoing) => parcels.push(Parcel { id: waiting.id, person: waiting.person, outgoing }),
                // One unreadable row must not keep the others from being said.
                Err(_) => {
                    log::error!("A row of the outbox cannot be read and is dropped");
                    self.said(waiting.id).await;
                }
            }
        }
        Ok(parcels)
    }

    /// A parcel has arrived, or never will.
    pub async fn said(&self, id: i64) {
        self.store.said(vec![id]).await;
    }

    /// Waits until everything so far is on disk.
    pub async fn flush(&self) {
        self.store.flush().await;
    }

    fn lock_of(&self, person: &str) -> Arc<tokio::sync::Mutex<()>> {
        let mut people = self.people.lock().expect("nobody panics while holding this");
        if let Some(lock) = people.get(person).and_then(Weak::upgrade) {
            return lock;
        }
        if people.len() > SWEEP_ABOVE {
            people.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        people.insert(person.to_owned(), Arc::downgrade(&lock));
        lock
    }
}

/// What a turn comes to.
struct Response {
    session: Session,
    /// `None`: nothing is to be said.
    outgoing: Option<Outgoing>,
    /// When the next reminder is due.
    due: Option<Timestamp>,
    /// The person asked to be forgotten.
    forget: bool,
}

/// Step and render: the part of a turn that neither waits nor fails.
fn respond(
    dialogue: &Dialogue,
    heard: &Heard,
    session: Session,
    step: impl FnOnce(&engine::Known, Session, Timestamp) -> (Session, Reply),
    now: Timestamp,
) -> Response {
    let language_of = |session: &Session| {
        let chosen =
            session.language.as_deref().filter(|tag| dialogue.graph.languages.iter().any(|known| known == tag));
        let code = chosen.or(heard.language.as_deref()).or(session.speaks.as_deref());
        dialogue.language(code).to_owned()
    };
    let own = language_of(&session);
    let others = dialogue.graph.languages.iter().filter(|tag| **tag != own);
    let lexicons = std::iter::once(&own).chain(others).map(|tag| dialogue.lexicon(tag)).collect();
    let zone_guess = dialogue.texts.get(&own, ZONE_GUESS);
    let known = engine::Known { graph: &dialogue.graph, lexicons, zone_guess };
    let (mut session, reply) = step(&known, session, now);
    let language = language_of(&session);
    // Whoever set a reminder is spoken to later, when no client says a language.
    session.speaks = if session.reminders.is_empty() { None } else { Some(language.clone()) };
    let due = session.next_due(dialogue.texts.get(&language, ZONE_GUESS));
    let outgoing = (reply.view != View::Silence).then(|| Outgoing {
        screen: screen(dialogue, &language, &session, &reply, now),
        replaces: heard.replaces,
        unasked: heard.input == Input::Due,
    });
    Response { session, outgoing, due, forget: reply.view == View::Forgotten }
}
