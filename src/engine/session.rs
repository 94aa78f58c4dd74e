//! What is remembered of a person: answers and ticks, never a position. Everything else is derived from these.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::when::Due;

use crate::dialogues::graph::{Graph, OptionSet, Question, Situation};
use crate::dialogues::translations::fnv1a;

/// One person's talk. Ids are kept as text, so that a renamed or removed question costs nothing but itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Session {
    /// Question to options. Answers to questions that are not asked now lie dormant.
    pub answers: BTreeMap<String, BTreeSet<String>>,
    /// Options picked so far of a question that takes several, before it is answered.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub picks: BTreeMap<String, BTreeSet<String>>,
    /// Steps and papers that are done.
    pub ticks: BTreeSet<Item>,
    /// The language the person chose. `None`: what their client says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The language their client said when they last set a reminder, for when the bot speaks first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaks: Option<String>,
    /// What waits for the next input.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// The person's time zone, by its IANA name. `None`: not asked yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reminders: Vec<Reminder>,
    /// The steps of the plan that the person was last shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<String>,
    /// The number of the last reminder, so that no number is used twice.
    #[serde(skip_serializing_if = "is_zero")]
    pub last_reminder: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// Something to be reminded of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// To call.
    Hotline,
    /// The papers that are missing when the time comes.
    Papers,
    Step(String),
}

/// A reminder that a person set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reminder {
    pub number: u32,
    pub about: About,
    pub due: Due,
}

/// The most reminders a person can have: more is a mistake or an attack.
pub const MAX_REMINDERS: usize = 30;

/// Something that can be ticked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Item {
    Step(String),
    Paper(String),
}

/// What the next input may settle. It waits for one input only.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pending {
    /// Did you mean this option?
    Meant { question: String, option: String },
    /// Apply these answers, although ticked steps would go?
    Change { answers: Vec<(String, BTreeSet<String>)> },
    /// When shall I remind you? `replaces`: the number of the reminder to move.
    When { about: About, replaces: Option<u32> },
    /// Where are you? And what was wished before that had to be known: a payload of a button, or typed words.
    Zone { about: About, replaces: Option<u32>, wish: Option<String> },
}

impl Session {
    /// The session of someone who gave exactly these answers.
    pub fn with_values(graph: &Graph, values: &[OptionSet]) -> Self {
        let mut session = Self::default();
        for (question, value) in graph.questions.iter().zip(values).filter(|(_, value)| **value != 0) {
            session.answers.insert(question.id.name.clone(), spelled(question, *value));
        }
        session
    }

    /// Reads a stored session. What a newer or older version wrote differently is left out; the rest is kept: one
    /// unreadable row must strand no person.
    pub fn from_json(body: &str) -> Self {
        serde_json::from_str(body).unwrap_or_else(|_| {
            let stored: serde_json::Value = serde_json::from_str(body).unwrap_or_default();
            fn part<T: serde::de::DeserializeOwned + Default>(stored: &serde_json::Value, key: &str) -> T {
                stored.get(key).and_then(|part| serde_json::from_value(part.clone()).ok()).unwrap_or_default()
            }
            Self {
                answers: part(&stored, "answers"),
                ticks: part(&stored, "ticks"),
                language: part(&stored, "language"),
                speaks: part(&stored, "speaks"),
                zone: part(&stored, "zone"),
                reminders: part(&stored, "reminders"),
                last_reminder: part(&stored, "last_reminder"),
                shown: part(&stored, "shown"),
                ..Self::default()
            }
        })
    }

    /// The person's zone, or the one guessed for them.
    pub fn time_zone(&self, guess: &str) -> TimeZone {
        let known = self.zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        known.or_else(|| TimeZone::get(guess).ok()).unwrap_or(TimeZone::UTC)
    }

    /// When the next reminder is due.
    pub fn next_due(&self, guess: &str) -> Option<Timestamp> {
        let zone = self.time_zone(guess);
        self.reminders.iter().map(|reminder| reminder.due.instant(&zone)).min()
    }

    /// Sets a reminder, or moves the one that `replaces` names. `None`: there are too many.
    pub fn remind(&mut self, about: About, due: Due, replaces: Option<u32>) -> Option<u32> {
        let moved = self.reminders.iter_mut().find(|reminder| Some(reminder.number) == replaces);
        if let Some(reminder) = moved {
            reminder.due = due;
            return replaces;
        }
        if self.reminders.len() >= MAX_REMINDERS {
            return None;
        }
        self.last_reminder += 1;
        self.reminders.push(Reminder { number: self.last_reminder, about, due });
        Some(self.last_reminder)
    }

    /// Where the person stands.
    pub fn situation(&self, graph: &Graph) -> Situation {
        graph.fold(|question| self.answer(&graph.questions[question]))
    }

    /// The stored answer to a question, dormant or not; zero when there is none.
    pub fn answer(&self, question: &Question) -> OptionSet {
        bits(&self.answers, question)
    }

    /// The options picked so far; before the first pick, the answer there is.
    pub fn picked(&self, question: &Question) -> OptionSet {
        let picked = names(&self.picks, question);
        if picked.is_some() { bits(&self.picks, question) } else { self.answer(question) }
    }

    /// Stores an answer under the question's present name.
    pub fn set_answer(&mut self, question: &Question, options: OptionSet) {
        forget(&mut self.answers, question);
        forget(&mut self.picks, question);
        let options = question.complete(options);
        self.answers.insert(question.id.name.clone(), spelled(question, options));
    }

    /// Stores what is picked so far.
    pub fn set_picked(&mut self, question: &Question, options: OptionSet) {
        forget(&mut self.picks, question);
        self.picks.insert(question.id.name.clone(), spelled(question, options));
    }

    /// Ticks or unticks.
    pub fn set_tick(&mut self, item: Item, on: bool) {
        if on {
            self.ticks.insert(item);
        } else {
            self.ticks.remove(&item);
        }
    }

    /// Whether a paper is ticked.
    pub fn paper_ready(&self, graph: &Graph, paper: usize) -> bool {
        let id = &graph.papers[paper];
        self.ticks.iter().any(|item| matches!(item, Item::Paper(name) if id.answers_to(name)))
    }

    /// Whether a step is done: ticked; or, where an answer closes it, answered so; or overtaken by that answer.
    ///
    /// Once the case is closed, what led there is done, ticked or not. Only what protects something is still open:
    /// accounts left on a number that is gone are as much a worry as before.
    pub fn step_done(&self, graph: &Graph, step: usize, situation: &Situation) -> bool {
        let closed = graph.closed.holds(&situation.values);
        if done_by_answer(graph, step) {
            return closed;
        }
        let closing = (0..graph.steps.len()).filter(|closing| done_by_answer(graph, *closing));
        if closed
            && graph.steps[step].protects.is_empty()
            && closing.clone().any(|closing| graph.before(closing).contains(&step))
        {
            return true;
        }
        let id = &graph.steps[step].id;
        self.ticks.iter().any(|item| matches!(item, Item::Step(name) if id.answers_to(name)))
    }

    /// The steps of the plan that must come before this one and are not done.
    pub fn open_before(&self, graph: &Graph, step: usize, situation: &Situation) -> Vec<usize> {
        let open = |before: &usize| {
            graph.steps[*before].when.holds(&situation.values) && !self.step_done(graph, *before, situation)
        };
        graph.before(step).into_iter().filter(open).collect()
    }

    /// The ticked steps of the plan that are in no plan any more after a change.
    pub fn lost_ticks(&self, graph: &Graph, before: &Situation, after: &Situation) -> Vec<usize> {
        let lost = |step: &usize| {
            let ticked = !done_by_answer(graph, *step) && self.step_done(graph, *step, before);
            ticked && !graph.steps[*step].when.possible(&after.values, &after.open)
        };
        graph.plan(&before.values).into_iter().filter(lost).collect()
    }

    /// A fingerprint of the answers, by which a button tells whether it is from an older screen. FNV-1a, folded to 16 bits.
    pub fn fingerprint(&self) -> u16 {
        let names = self.answers.iter().flat_map(|(question, options)| std::iter::once(question).chain(options));
        let hash = fnv1a(names.flat_map(|name| name.bytes().chain([0])));
        u16::try_from((hash >> 16) ^ (hash & 0xffff)).expect("both halves have sixteen bits")
    }
}

/// Whether a step is done by an answer rather than a tick: it asks a later question that closes the case.
pub fn done_by_answer(graph: &Graph, step: usize) -> bool {
    let closes = |question: &usize| graph.closed.questions().any(|closing| closing == *question);
    graph.steps[step].asks.iter().any(closes)
}

fn names<'a>(map: &'a BTreeMap<String, BTreeSet<String>>, question: &Question) -> Option<&'a BTreeSet<String>> {
    map.get(&question.id.name).or_else(|| question.id.was.iter().find_map(|was| map.get(was)))
}

fn bits(map: &BTreeMap<String, BTreeSet<String>>, question: &Question) -> OptionSet {
    let options = names(map, question).into_iter().flatten();
    options.filter_map(|name| question.option(name)).fold(0, |set, option| set | 1 << option)
}

fn spelled(question: &Question, options: OptionSet) -> BTreeSet<String> {
    question.positions(options).map(|option| question.options[option].name.clone()).collect()
}

fn forget(map: &mut BTreeMap<String, BTreeSet<String>>, question: &Question) {
    map.retain(|name, _| !question.id.answers_to(name));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreadable_part_costs_only_itself() {
        let body = r#"{"answers":{"operator":["nar"]},"ticks":[{"step":"back_up"}],"pending":{"from_the_future":1},"picks":7}"#;
        let session = Session::from_json(body);
        assert!(session.answers["operator"].contains("nar"));
        assert!(session.ticks.contains(&Item::Step("back_up".into())));
        assert_eq!(session.pending, None);
        for broken in ["", "null", "[]", "{\"answers\": 3", "\u{0}"] {
            assert_eq!(Session::from_json(broken), Session::default(), "{broken:?}");
        }
    }
}
