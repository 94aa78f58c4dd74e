//! Every screen of a dialogue once, for those who write it: each question, step and topic in a situation that shows all
//! of it, each page, and each remark by itself.

use std::ops::ControlFlow;

use jiff::Timestamp;

use super::{Screen, screen};
use crate::dialogues::Dialogue;
use crate::dialogues::analysis::{visit_cone, witness};
use crate::dialogues::graph::{Graph, Guard, OptionSet};
use crate::dialogues::words::Meaning;
use crate::engine::Other;
use crate::engine::recover::spell;
use crate::engine::reply::{Fired, Note, Reply, View};
use crate::engine::session::{About, Reminder, Session};
use crate::engine::when::{Due, TimeError, When};

/// One screen, in whatever language.
pub struct Sample {
    /// What it is, in words of the file: `step settle_arrears`.
    pub name: String,
    /// The key of the text it is about, where it is about one: a problem with that text, or with a part of it, is a
    /// problem of this screen.
    pub key: Option<String>,
    session: Session,
    reply: Reply,
}

impl Sample {
    /// The screen in a language.
    pub fn screen(&self, dialogue: &Dialogue, language: &str, now: Timestamp) -> Screen {
        screen(dialogue, language, &self.session, &self.reply, now)
    }
}

/// Every screen, in the order of the files.
pub fn samples(dialogue: &Dialogue) -> Vec<Sample> {
    let graph = &dialogue.graph;
    let mut samples = Vec::new();
    let mut add = |name: String, key: Option<String>, session: &Session, view: View, notes: Vec<Note>| {
        samples.push(Sample { name, key, session: session.clone(), reply: Reply { notes, view } });
    };
    add("greeting".into(), Some("welcome".into()), &Session::default(), View::Question(0), vec![Note::Welcome]);
    for (index, question) in graph.questions.iter().enumerate() {
        let before = witness(graph, &[&question.ask_if]).unwrap_or_default();
        let session = Session::with_values(graph, &before);
        let (name, key) = (&question.id.name, format!("q-{}", question.id.name));
        add(format!("question {name}"), Some(key.clone()), &session, View::Question(index), Vec::new());
        add(format!("why {name} is asked"), Some(key), &session, View::WhyAsked(index), Vec::new());
    }
    for (index, step) in graph.steps.iter().enumerate() {
        let session = Session::with_values(graph, &fullest(graph, index));
        let (name, key) = (&step.id.name, format!("s-{}", step.id.name));
        add(format!("step {name}"), Some(key.clone()), &session, View::Step(index), Vec::new());
        add(format!("why step {name}"), Some(key.clone()), &session, View::Why(index), Vec::new());
        add(format!("sources of step {name}"), Some(key), &session, View::StepSources(index), Vec::new());
    }
    let mut session = to_the_plan(graph);
    for (index, topic) in graph.topics.iter().enumerate() {
        let key = format!("f-{}", topic.name);
        add(format!("topic {}", topic.name), Some(key), &session, View::Topic(index), Vec::new());
    }
    let due = Due { when: When::Instant(0), exact: true };
    let abouts = [About::Hotline, About::Papers, About::Step(graph.steps[0].id.name.clone())];
    let numbered = (1..).zip(abouts.clone());
    session.reminders = numbered.map(|(number, about)| Reminder { number, about, due }).collect();
    let fired = |about: &About| Fired { about: about.clone(), late: true };
    for (name, view) in [
        ("plan", View::Plan),
        ("papers", View::Papers),
        ("contacts", View::Contacts),
        ("sources of the contacts", View::ContactSources),
        ("topics", View::Topics),
        ("answers", View::Answers),
        ("languages", View::Languages),
        ("help", View::Help),
        ("forget", View::Forget),
        ("forgotten", View::Forgotten),
        ("card", View::Card),
        ("pack", View::Pack),
        ("recovery code", View::Code(spell([7; 10]))),
        ("export", View::Export),
        (
            "edit that changes the plan",
            View::Confirm { answers: vec![(0, 1 << (graph.questions[0].options.len() - 1))] },
        ),
        ("did you mean", View::DidYouMean(vec![Meaning::Option { question: 0, option: 0 }, Meaning::Topic(0)])),
        ("what to be reminded of", View::RemindMenu),
        ("when", View::When { about: About::Hotline, replaces: None, choices: vec![0, 3600] }),
        ("time zones", View::Zones { guess: None }),
        ("time zone, guessed", View::Zones { guess: Some(0) }),
        ("reminders", View::Reminders),
        ("reminder", View::Reminder(1)),
        ("calendar file", View::Calendar(1)),
        ("reminded", View::Reminded(abouts.iter().map(fired).collect())),
    ] {
        add(name.into(), None, &session, view, Vec::new());
    }
    for note in remarks(graph, &session) {
        let name = format!("{note:?}");
        let name = name.split(['(', '{']).next().unwrap_or("").trim().to_owned();
        add(format!("remark {name}"), None, &session, View::Silence, vec![note]);
    }
    samples
}

/// A situation in which a step happens with as many of its papers and notes as can be.
fn fullest(graph: &Graph, step: usize) -> Vec<OptionSet> {
    let step = &graph.steps[step];
    let parts: Vec<&Guard> = step.papers.iter().chain(&step.notes).map(|part| &part.when).collect();
    let mut best: (usize, Vec<OptionSet>) = (0, Vec::new());
    let _ = visit_cone::<()>(graph, parts.iter().copied().chain([&step.when]), &mut |values| {
        if step.when.holds(values) {
            let count = parts.iter().filter(|guard| guard.holds(values)).count();
            if best.1.is_empty() || count > best.0 {
                best = (count, values.to_vec());
            }
        }
        ControlFlow::Continue(())
    });
    best.1
}

/// A session in which every question has its first option.
fn to_the_plan(graph: &Graph) -> Session {
    let mut session = Session::default();
    while let Some(question) = session.situation(graph).next {
        session.set_answer(&graph.questions[question], 1);
    }
    session
}

/// Every remark there is.
fn remarks(graph: &Graph, session: &Session) -> Vec<Note> {
    let mut remarks = vec![
        Note::WelcomeBack,
        Note::Noted(vec![(0, 1)]),
        Note::Changed(vec![(0, 1)]),
        Note::Dormant,
        Note::Kept,
        Note::Ticked(0),
        Note::Unticked(0),
        Note::TooEarly(vec![0]),
        Note::NotUnderstood,
        Note::UnknownCommand,
        Note::Outdated,
        Note::Sensitive,
        Note::PlanNotReady,
        Note::StartedOver,
        Note::StepGone,
        Note::LanguageSet,
        Note::NothingOpen,
        Note::OurFault,
        Note::ReminderCancelled,
        Note::ReminderGone,
        Note::TooManyReminders,
        Note::ZoneSet,
        Note::Restored,
        Note::CodeUnknown,
        Note::CodeMisread,
        Note::TooManyCodes,
        Note::NothingToKeep,
        Note::ContentChanged { comes: vec![0], leaves: vec![0] },
        Note::ContentAsks,
    ];
    remarks.extend([Other::Picture, Other::Voice, Other::File, Other::Unknown].map(Note::Unsupported));
    let troubles = [
        TimeError::Past,
        TimeError::NoSuchDay,
        TimeError::NoSuchTime,
        TimeError::TooFar,
        TimeError::Ambiguous(Vec::new()),
    ];
    remarks.extend(troubles.map(Note::TimeError));
    remarks.extend(session.reminders.first().cloned().map(Note::ReminderSet));
    remarks.extend((0..graph.offers.len()).map(Note::Offer));
    remarks
}
