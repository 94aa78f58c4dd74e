//! The feed of a web user: what waits for them in the outbox.

use jiff::Timestamp;

use super::respond::{language_of, step_context};
use super::{Conversation, OutboxMessage, Payload, Priority};
use crate::engine::session::Session;
use crate::engine::{self, Input, Press};
use crate::render::screen;

/// A person's page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// The language it is in.
    pub language: String,
    /// What came by itself and was not attended to, and the last answer; oldest first. A message with the number zero
    /// lies nowhere: it is made for this look.
    pub messages: Vec<OutboxMessage>,
    /// Something is stored of them: a talk, or what lies on their page.
    pub known: bool,
}

impl Feed {
    /// The number of the newest message; zero when there is none.
    pub fn newest(&self) -> i64 {
        self.messages.iter().map(|message| message.id).max().unwrap_or(0)
    }
}

impl Conversation {
    /// A person's feed, in the language of their client where they chose none; of a newcomer (`None`), the greeting. Looking
    /// changes nothing.
    pub async fn feed(&self, person: Option<&str>, language: Option<&str>, now: Timestamp) -> anyhow::Result<Feed> {
        let dialogue = self.dialogue();
        let stored = match person {
            Some(person) => self.store.stored_session(person, None).await?.session,
            None => None,
        };
        let mut messages = match person {
            Some(person) => self.on_feed(person).await?,
            None => Vec::new(),
        };
        let is_known = stored.is_some() || !messages.is_empty();
        let session = stored.as_deref().map(Session::from_json).unwrap_or_default();
        let own = language_of(&dialogue, &session, language);
        if !messages.iter().any(|message| message.payload.priority == Priority::Reply) {
            let (session, reply) =
                engine::step(&step_context(&dialogue, &own, [0; 10]), session, &Input::Pressed(Press::Start), now);
            let screen = screen(&dialogue, &own, &session, &reply, now);
            let payload = Payload { screen, replaces: None, priority: Priority::Reply, keep: false };
            messages.push(OutboxMessage { id: 0, person: person.unwrap_or_default().to_owned(), payload });
        }
        Ok(Feed { language: own, messages, known: is_known })
    }

    /// Whether something is stored of a person: a talk, or what lies on their page. Who is not known has never been handled,
    /// or has been forgotten since.
    pub async fn knows(&self, person: &str) -> anyhow::Result<bool> {
        Ok(!self.store.waiting(person).await?.is_empty()
            || self.store.stored_session(person, None).await?.session.is_some())
    }

    /// What waits in the outbox for a person with a feed.
    pub async fn on_feed(&self, person: &str) -> anyhow::Result<Vec<OutboxMessage>> {
        let waiting = self.store.waiting(person).await?;
        Ok(self.read_rows(waiting).await)
    }

    /// The session of a person.
    pub async fn session(&self, person: &str) -> anyhow::Result<Session> {
        let stored = self.store.stored_session(person, None).await?;
        Ok(stored.session.as_deref().map(Session::from_json).unwrap_or_default())
    }
}
