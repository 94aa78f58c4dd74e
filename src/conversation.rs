//! The corridor: lock the person, load, step, render, commit. Whoever speaks (a person now, the clock later) passes here.
//!
//! What [`Conversation::hear`] returns is already durable: saying it is the channel's business, and if the channel
//! dies first, the outbox still holds it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, RwLock, Weak};

use anyhow::Context;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::dialogues::Dialogue;
use crate::engine::reply::Reply;
use crate::engine::session::Session;
use crate::engine::{self, Input};
use crate::render::{Screen, screen};
use crate::store::{Committed, Store, Turn};

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
}

/// How many locks may lie idle before they are swept.
const SWEEP_ABOVE: usize = 1024;

impl Conversation {
    pub fn new(dialogue: Dialogue, store: Store) -> Self {
        Self { dialogue: RwLock::new(Arc::new(dialogue)), store, people: Mutex::default() }
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
        self.turn(heard, now, |known, session| engine::step(known, session, &heard.input)).await
    }

    /// Says that handling an input failed on our side, and where the person stands. The session stays as it is.
    pub async fn stumble(&self, heard: &Heard, now: Timestamp) -> anyhow::Result<Option<Parcel>> {
        self.turn(heard, now, engine::apologise).await
    }

    async fn turn(
        &self,
        heard: &Heard,
        now: Timestamp,
        step: impl FnOnce(&engine::Known, Session) -> (Session, Reply),
    ) -> anyhow::Result<Option<Parcel>> {
        let lock = self.lock_of(&heard.person);
        let _guard = lock.lock().await;
        let stored = self.store.known(&heard.person, heard.update).await?;
        if stored.heard {
            return Ok(None);
        }
        let dialogue = self.dialogue();
        let session: Session = match &stored.session {
            Some(body) => serde_json::from_str(body).context("Cannot read a stored session")?,
            None => Session::default(),
        };
        let (session, outgoing) = respond(&dialogue, heard, session, step);
        let empty = session == Session::default();
        let turn = Turn {
            person: heard.person.clone(),
            update: heard.update,
            session: (!empty).then(|| serde_json::to_string(&session)).transpose().context("Cannot write a session")?,
            say: vec![serde_json::to_string(&outgoing).context("Cannot write a screen")?],
            now,
        };
        match self.store.commit(turn).await? {
            Committed::Heard => Ok(None),
            Committed::Done(ids) => Ok(Some(Parcel { id: ids[0], person: heard.person.clone(), outgoing })),
        }
    }

    /// What was committed and never said, to people whose key begins with `prefix`; oldest first.
    pub async fn left_over(&self, prefix: &str) -> anyhow::Result<Vec<Parcel>> {
        let mut parcels = Vec::new();
        for waiting in self.store.waiting(prefix).await? {
            let outgoing = serde_json::from_str(&waiting.body).context("Cannot read the outbox")?;
            parcels.push(Parcel { id: waiting.id, person: waiting.person, outgoing });
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

/// Step and render: the part of a turn that neither waits nor fails.
fn respond(
    dialogue: &Dialogue,
    heard: &Heard,
    session: Session,
    step: impl FnOnce(&engine::Known, Session) -> (Session, Reply),
) -> (Session, Outgoing) {
    let language_of = |session: &Session| {
        let chosen =
            session.language.as_deref().filter(|tag| dialogue.graph.languages.iter().any(|known| known == tag));
        dialogue.language(chosen.or(heard.language.as_deref())).to_owned()
    };
    let own = language_of(&session);
    let others = dialogue.graph.languages.iter().filter(|tag| **tag != own);
    let lexicons = std::iter::once(&own).chain(others).map(|tag| dialogue.lexicon(tag)).collect();
    let known = engine::Known { graph: &dialogue.graph, lexicons };
    let (session, reply) = step(&known, session);
    let screen = screen(dialogue, &language_of(&session), &session, &reply);
    (session, Outgoing { screen, replaces: heard.replaces })
}
