//! A look at everybody at once, without looking at anybody: how many stand where, and whom an edit touches.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Conversation, Heard, Parcel, state};
use crate::engine::session::Session;
use crate::engine::{self, Input};

/// How many people stand where. No names, no numbers, no texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Census {
    pub people: usize,
    /// Question, plan or closed, in the order of the talk, with how many stand there.
    pub states: Vec<(String, usize)>,
    pub reminders: usize,
    /// Whose plan is not the one they were last shown.
    pub touched: usize,
}

impl Conversation {
    /// Counts people whose key begins with `prefix`. Reads every session once, a page at a time.
    pub async fn census(&self, prefix: &str) -> anyhow::Result<Census> {
        let dialogue = self.dialogue();
        let mut census = Census::default();
        let mut states: BTreeMap<String, usize> = BTreeMap::new();
        let mut after = String::new();
        loop {
            let page = self.store.people(prefix, &after).await?;
            let Some((last, _)) = page.last() else { break };
            after.clone_from(last);
            for (_, body) in &page {
                let session = Session::read(body);
                census.people += 1;
                census.reminders += session.reminders.len();
                *states.entry(state(&dialogue, &session)).or_default() += 1;
                census.touched += usize::from(engine::is_touched(&dialogue.graph, session));
            }
        }
        let questions = dialogue.graph.questions.iter().map(|question| question.id.name.as_str());
        for name in questions.chain(["plan", "closed"]) {
            if let Some(count) = states.remove(name) {
                census.states.push((name.to_owned(), count));
            }
        }
        Ok(census)
    }

    /// The people whose key begins with `prefix` and comes after `after`, a page of them.
    pub async fn people(&self, prefix: &str, after: &str) -> anyhow::Result<Vec<String>> {
        Ok(self.store.people(prefix, after).await?.into_iter().map(|(person, _)| person).collect())
    }

    /// Tells somebody what an edit of the content changes in their plan; nothing, when it changes nothing. Once they were
    /// told, there is nothing to tell: it can be begun again at any time.
    pub async fn announce(&self, person: &str, now: Timestamp) -> anyhow::Result<Option<Parcel>> {
        let heard = Heard { person: person.into(), input: Input::Edited, update: None, language: None, replaces: None };
        self.hear(&heard, now).await
    }
}
