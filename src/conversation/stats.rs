//! A look at everybody at once, without looking at anybody: how many stand where, and whom an edit touches.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::respond::state;
use super::{Conversation, IncomingMessage, OutboxMessage};
use crate::engine::reply::Note;
use crate::engine::session::Session;
use crate::engine::{self, Input};

/// How many people stand where. No names, no numbers, no texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Stats {
    pub people: usize,
    /// Question, plan or closed, in the order of the talk, with how many stand there.
    pub states: Vec<(String, usize)>,
    /// Per question, how many have ever answered it, in the order of the talk: where people drop off.
    pub answered: Vec<(String, usize)>,
    pub reminders: usize,
    /// Whose plan is not the one they were last shown.
    pub touched: usize,
    /// What an edit changes in their plans: `+ step` or `- step`, or `?` for a new question, with how many it concerns.
    pub changes: BTreeMap<String, usize>,
}

impl Conversation {
    /// Counts people whose key begins with `prefix`. Reads every session once, a page at a time.
    pub async fn stats(&self, prefix: &str) -> anyhow::Result<Stats> {
        let dialogue = self.dialogue();
        let graph = &dialogue.graph;
        let mut stats = Stats::default();
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        let mut answered = vec![0; graph.questions.len()];
        let mut after = String::new();
        loop {
            let page = self.store.people(prefix, &after).await?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            for (_, body) in &page {
                let session = Session::from_json(body);
                stats.people += 1;
                stats.reminders += session.reminders.len();
                *states.entry(state(&dialogue, &session)).or_default() += 1;
                for (question, count) in graph.questions.iter().zip(&mut answered) {
                    *count += usize::from(session.answer(question) != 0);
                }
                let Some(note) = engine::edit(graph, session) else { continue };
                stats.touched += 1;
                let (comes, leaves) = match note {
                    Note::ContentChanged { comes, leaves } => (comes, leaves),
                    _ => {
                        *stats.changes.entry("?".into()).or_default() += 1;
                        continue;
                    }
                };
                for (sign, steps) in [('+', comes), ('-', leaves)] {
                    for step in steps {
                        let name = format!("{sign} {}", graph.steps[step].id.name);
                        *stats.changes.entry(name).or_default() += 1;
                    }
                }
            }
        }
        let questions = graph.questions.iter().map(|question| question.id.name.as_str());
        for name in questions.clone().chain(["plan", "closed"]) {
            if let Some(count) = states.remove(name) {
                stats.states.push((name.to_owned(), count));
            }
        }
        stats.answered = questions.map(str::to_owned).zip(answered).collect();
        Ok(stats)
    }

    /// Of the next people whose key begins with `prefix` and comes after `after`, those whose plan is not the one they
    /// were last shown; and the key to go on from, `None` at the end.
    pub async fn touched(&self, prefix: &str, after: &str) -> anyhow::Result<(Vec<String>, Option<String>)> {
        let dialogue = self.dialogue();
        let page = self.store.people(prefix, after).await?;
        let last = page.last().map(|(person, _)| person.clone());
        let is_touched = |body: &str| engine::edit(&dialogue.graph, Session::from_json(body)).is_some();
        let touched = page.into_iter().filter(|(_, body)| is_touched(body)).map(|(person, _)| person).collect();
        Ok((touched, last))
    }

    /// Tells somebody what an edit of the content changes in their plan; nothing, when it changes nothing. Once they were
    /// told, there is nothing to tell: it can be begun again at any time.
    pub async fn announce(&self, person: &str, now: Timestamp) -> anyhow::Result<Option<OutboxMessage>> {
        self.handle(&IncomingMessage::new(person, Input::Edited), now).await
    }
}
