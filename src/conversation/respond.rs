//! Step and render: the part of a turn that neither reads nor writes the store.

use anyhow::Context;
use jiff::Timestamp;

use super::{IncomingMessage, MAX_UNSENT_REPLIES, Payload, Priority, hash};
use crate::dialogues::Dialogue;
use crate::dialogues::texts::ZONE_GUESS;
use crate::engine::recover::Chance;
use crate::engine::reply::{Reply, View};
use crate::engine::session::Session;
use crate::engine::{self, Input};
use crate::render::screen;
use crate::store::SessionChange;

/// What a turn comes to.
pub(super) struct Response {
    /// The version of the session that it was made from; `None`: whatever it is.
    pub(super) expected_version: Option<i64>,
    pub(super) change: SessionChange,
    /// What is to be said, in order.
    pub(super) payload: Vec<Payload>,
    /// When the next reminder is due.
    pub(super) due: Option<Timestamp>,
    /// The person asked to be forgotten.
    pub(super) forget: bool,
    /// The hash of the recovery code that is about to be shown.
    pub(super) code: Option<String>,
    /// The person asked for what is stored.
    pub(super) exports: bool,
}

impl Response {
    /// Whether it must be committed by itself, since it does more than to write the session and say something.
    fn stands_alone(&self) -> bool {
        self.forget || self.code.is_some() || self.exports
    }

    /// Goes on with the next turn of the same person.
    fn followed_by(mut self, mut next: Self) -> Self {
        self.payload.append(&mut next.payload);
        let mut replaceable = self.payload.iter().filter(|payload| payload.is_replaceable()).count();
        self.payload.retain(|payload| {
            let drop = payload.is_replaceable() && replaceable > MAX_UNSENT_REPLIES;
            replaceable -= usize::from(drop);
            !drop
        });
        Self { payload: self.payload, ..next }
    }
}

impl Default for Response {
    fn default() -> Self {
        Self {
            expected_version: None,
            change: SessionChange::Keep,
            payload: Vec::new(),
            due: None,
            forget: false,
            code: None,
            exports: false,
        }
    }
}

/// How many turns of one person are made before others get a chance on the same thread.
const TURNS_IN_A_ROW: usize = 8;

/// Steps and renders a batch as far as it can be committed as one: how many turns, and what they come to.
pub(super) async fn respond_to_batch(
    dialogue: &Dialogue,
    batch: &[IncomingMessage],
    session: Session,
    step: impl Fn(&engine::StepContext, Session, &IncomingMessage, Timestamp) -> (Session, Reply),
    now: Timestamp,
) -> anyhow::Result<(usize, Session, Response)> {
    let (mut session, mut response) = respond(dialogue, &batch[0], session, &step, now)?;
    let mut count = 1;
    while count < batch.len() && !response.stands_alone() {
        if count.is_multiple_of(TURNS_IN_A_ROW) {
            tokio::task::yield_now().await;
        }
        let (next_session, next) = respond(dialogue, &batch[count], session.clone(), &step, now)?;
        if next.stands_alone() {
            break;
        }
        session = next_session;
        response = response.followed_by(next);
        count += 1;
    }
    Ok((count, session, response))
}

/// Step and render: the part of a turn that does not wait.
fn respond(
    dialogue: &Dialogue,
    incoming: &IncomingMessage,
    session: Session,
    step: impl Fn(&engine::StepContext, Session, &IncomingMessage, Timestamp) -> (Session, Reply),
    now: Timestamp,
) -> anyhow::Result<(Session, Response)> {
    let language_of = |session: &Session| language_of(dialogue, session, incoming.language.as_deref());
    let own = language_of(&session);
    let mut chance = [0; 10];
    getrandom::fill(&mut chance).map_err(|error| anyhow::anyhow!("There is no randomness: {error}"))?;
    let context = step_context(dialogue, &own, chance);
    let before = state(dialogue, &session);
    let (mut session, reply) = step(&context, session, incoming, now);
    let after = state(dialogue, &session);
    metrics::counter!("simoff_turns_total").increment(1);
    if let View::Reminded(fired) = &reply.view {
        metrics::counter!("simoff_reminders_total").increment(fired.len() as u64);
        let late = fired.iter().filter(|fired| fired.late).count();
        metrics::counter!("simoff_reminders_late_total").increment(late as u64);
    }
    if before != after {
        metrics::counter!("simoff_states_entered_total", "state" => after).increment(1);
    }
    let language = language_of(&session);
    // Reminders and announcements come without a client that says a language, so it is stored.
    let spoken_to = !session.reminders.is_empty() || !session.shown.is_empty();
    session.speaks = spoken_to.then(|| language.clone());
    let payload = (reply.view != View::Silence).then(|| Payload {
        screen: screen(dialogue, &language, &session, &reply, now),
        replaces: incoming.replaces,
        priority: match incoming.input {
            Input::Due => Priority::Reminder,
            Input::Edited => Priority::Announcement,
            _ => Priority::Reply,
        },
        keep: matches!(reply.view, View::Code(_)),
    });
    let change = if session == Session::default() {
        SessionChange::Delete
    } else {
        SessionChange::Write(serde_json::to_string(&session).context("Cannot write a session")?)
    };
    let response = Response {
        expected_version: None,
        change,
        payload: payload.into_iter().collect(),
        due: session.next_due(dialogue.texts.get(&language, ZONE_GUESS)),
        forget: reply.view == View::Forgotten,
        code: if let View::Code(code) = &reply.view { Some(hash(code)) } else { None },
        exports: reply.view == View::Export,
    };
    Ok((session, response))
}

/// The language of a person: what they chose, else that of their client, else what they were spoken to in.
pub(super) fn language_of(dialogue: &Dialogue, session: &Session, client: Option<&str>) -> String {
    let chosen = session.language.as_deref().filter(|tag| dialogue.graph.languages.iter().any(|known| known == tag));
    dialogue.language(chosen.or(client).or(session.speaks.as_deref())).to_owned()
}

/// The context of a turn with a person who reads `own`.
pub(super) fn step_context<'a>(dialogue: &'a Dialogue, own: &str, chance: Chance) -> engine::StepContext<'a> {
    let others = dialogue.graph.languages.iter().map(String::as_str).filter(|tag| *tag != own);
    let lexicons = std::iter::once(own).chain(others).map(|tag| dialogue.lexicon(tag)).collect();
    engine::StepContext { graph: &dialogue.graph, lexicons, zone_guess: dialogue.texts.get(own, ZONE_GUESS), chance }
}

/// The state of a session, as a label for the metrics: the question, the plan, or closed.
pub(super) fn state(dialogue: &Dialogue, session: &Session) -> String {
    let situation = session.situation(&dialogue.graph);
    match situation.next {
        Some(question) => dialogue.graph.questions[question].id.name.clone(),
        None if dialogue.graph.closed.holds(&situation.values) => "closed".into(),
        None => "plan".into(),
    }
}
