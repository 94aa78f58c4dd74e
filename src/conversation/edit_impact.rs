//! Whom an edit of the content touches, before anybody is told.

use std::collections::BTreeMap;

use super::Conversation;
use crate::dialogues::graph::Graph;
use crate::engine::session::{Item, Session};

/// What an edit does to the people there are. No names, no numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EditImpact {
    pub people: usize,
    /// Their plan, or the question they are asked, is the same.
    pub same: usize,
    /// They get so many steps more.
    pub more: BTreeMap<usize, usize>,
    /// They get so many steps less; who gets some and loses others counts in both.
    pub fewer: BTreeMap<usize, usize>,
    /// They are asked something else now.
    pub asked: usize,
    /// An answer or a tick of theirs means nothing any more.
    pub lost: usize,
}

impl EditImpact {
    /// Adds somebody, who was folded by one dialogue and is now folded by another.
    pub fn add(&mut self, before: &Graph, after: &Graph, session: &Session) {
        self.people += 1;
        let (was, is) = (session.situation(before), session.situation(after));
        let answer_is_lost = |(name, options): (&String, &std::collections::BTreeSet<String>)| {
            let Some(old) = before.question(name) else { return false };
            let Some(new) = after.question(name) else { return true };
            let known = |option: &&String| before.questions[old].option(option).is_some();
            options.iter().filter(known).any(|option| after.questions[new].option(option).is_none())
        };
        let tick_is_lost = |item: &Item| match item {
            Item::Step(name) => before.step(name).is_some() && after.step(name).is_none(),
            Item::Paper(name) => before.paper(name).is_some() && after.paper(name).is_none(),
        };
        if session.answers.iter().any(answer_is_lost) || session.ticks.iter().any(tick_is_lost) {
            self.lost += 1;
        }
        match (was.next, is.next) {
            (None, None) => {
                let old: Vec<&str> =
                    before.plan(&was.values).iter().map(|step| before.steps[*step].id.name.as_str()).collect();
                let new = after.plan(&is.values);
                let kept =
                    new.iter().filter(|step| old.iter().any(|name| after.steps[**step].id.answers_to(name))).count();
                let (more, fewer) = (new.len() - kept, old.len().saturating_sub(kept));
                for (count, by) in [(more, &mut self.more), (fewer, &mut self.fewer)] {
                    if count > 0 {
                        *by.entry(count).or_default() += 1;
                    }
                }
                self.same += usize::from(more == 0 && fewer == 0);
            }
            (Some(old), Some(new)) if after.questions[new].id.answers_to(&before.questions[old].id.name) => {
                self.same += 1;
            }
            _ => self.asked += 1,
        }
    }
}

impl Conversation {
    /// What it does to everybody that `after` comes in the place of `before`. Reads every session once, a page at a time.
    pub async fn touched_by(&self, before: &Graph, after: &Graph) -> anyhow::Result<EditImpact> {
        let (mut touched, mut last) = (EditImpact::default(), String::new());
        loop {
            let page = self.store.people("", &last).await?;
            let Some((person, _)) = page.last() else { return Ok(touched) };
            last.clone_from(person);
            for (_, body) in &page {
                touched.add(before, after, &Session::from_json(body));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogues::{Dialogue, Source, load};

    fn edited(edit: impl Fn(&str) -> String) -> Dialogue {
        let name = Source::of_dialogue("dialogue.toml");
        let source = Source::embedded();
        let text = edit(source.text(&name));
        let mut problems = Vec::new();
        let graph = crate::dialogues::graph::parse(&name, &text, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        let whole = load(&source, jiff::civil::date(2026, 11, 23)).dialogue.unwrap();
        Dialogue { graph, ..whole }
    }

    #[test]
    fn people_are_counted_by_what_an_edit_does_to_them() {
        let before = edited(str::to_owned);
        let graph = &before.graph;
        let mut done = Session::default();
        while let Some(question) = done.situation(graph).next {
            done.set_answer(&graph.questions[question], 1);
        }
        let plan = graph.plan(&done.situation(graph).values);
        done.set_tick(Item::Step(graph.steps[plan[0]].id.name.clone()), true);
        let mut begun = Session::default();
        begun.set_answer(&graph.questions[0], 1);
        let count = |after: &Dialogue| {
            let mut touched = EditImpact::default();
            for session in [&done, &begun, &Session::default()] {
                touched.add(graph, &after.graph, session);
            }
            touched
        };
        assert_eq!(count(&before), EditImpact { people: 3, same: 3, ..EditImpact::default() });
        // A renamed step that says so is the same step; one that does not is another, and its tick is lost.
        let first = graph.steps[plan[0]].id.name.clone();
        let line = format!("id = \"{first}\"\n");
        let renamed = |was: &str| {
            edited(|text| {
                text.replace(&line, &format!("id = \"another\"\n{was}"))
                    .replace(&format!("\"{first}\""), "\"another\"")
                    .replace("was = [\"another\"]", &format!("was = [\"{first}\"]"))
            })
        };
        assert_eq!(
            count(&renamed(&format!("was = [\"{first}\"]\n"))),
            EditImpact { people: 3, same: 3, ..EditImpact::default() }
        );
        let one = BTreeMap::from([(1, 1)]);
        assert_eq!(
            count(&renamed("")),
            EditImpact { people: 3, same: 2, more: one.clone(), fewer: one, lost: 1, ..EditImpact::default() }
        );
    }
}
