//! What an input means and what follows from it: `step(dialogue, session, input) -> (session, reply)`.
//!
//! Pure and total: no clock, no input or output, no failure. An input that is not understood is a reply.

mod answer;
pub mod interpret;
pub mod press;
pub mod recover;
mod remind;
pub mod reply;
pub mod session;
pub mod when;

use jiff::Timestamp;

use crate::dialogues::graph::{Graph, Situation};
use crate::dialogues::words::{Lexicon, Meaning};

use interpret::{Meant, understand};
pub use press::{Press, Show};
use recover::Chance;
use reply::{Note, Reply, View};
use session::{About, Pending, Session};
use when::{Due, TimeError};

/// Everything that can reach the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Typed words. Channels make it by [`Input::typed`].
    Text(String),
    /// A recovery code that was handed in, spelled as [`recover::spell`] does. The conversation looks it up and makes it
    /// [`Input::Redeemed`].
    Code(String),
    /// A button.
    Pressed(Press),
    /// A button that this program cannot read: forged, or from a version too old.
    Garbled,
    /// Something that is neither words nor a button.
    Other(Other),
    /// The same, with words below it.
    Captioned(Other, String),
    /// A recovery code, and what it led to.
    Redeemed(Redeemed),
    /// The content has changed: does it change this person's plan?
    Edited,
    /// A place that was shared, in degrees north and east. It chooses a time zone and is not kept.
    Located { north: i16, east: i16 },
    /// Something may be due.
    Due,
}

impl Input {
    /// What a typed text is: a recovery code, or words.
    pub fn typed(text: String) -> Self {
        interpret::handed_in_code(&text).map_or(Self::Text(text), Self::Code)
    }
}

/// What a person may send besides words and buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    Picture,
    Voice,
    /// Documents and contacts: likely to hold what must not be sent.
    File,
    Unknown,
}

/// What a recovery code led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redeemed {
    Session(Box<Session>),
    /// No such code, or used, or too old.
    Unknown,
    /// Too many codes were tried.
    TooMany,
}

/// What the engine needs of a dialogue: its structure, and the words of each language.
pub struct StepContext<'a> {
    pub graph: &'a Graph,
    /// The person's language first, then the others: people mix languages.
    pub lexicons: Vec<&'a Lexicon>,
    /// The IANA name of the zone guessed for a person who has not said where they are.
    pub zone_guess: &'a str,
    /// For a recovery code, should this turn make one.
    pub chance: Chance,
}

/// One turn. The new session is empty after "forget me": there is nothing left to store.
pub fn step(known: &StepContext, session: Session, input: &Input, now: Timestamp) -> (Session, Reply) {
    let mut turn = TurnState { known, graph: known.graph, session, notes: Vec::new(), now };
    let view = turn.take(input);
    // What was not shown must still be told of.
    if !matches!(view, View::Forgotten | View::Silence) {
        turn.keep_shown();
    }
    (turn.session, Reply { notes: turn.notes, view })
}

/// What the person would be told of an edit of the content; `None`: their plan is as they were last shown.
pub fn edit(graph: &Graph, session: Session) -> Option<Note> {
    let known = StepContext { graph, lexicons: Vec::new(), zone_guess: "", chance: [0; 10] };
    step(&known, session, &Input::Edited, Timestamp::UNIX_EPOCH).1.notes.into_iter().next()
}

/// What to say when handling an input failed on our side: an apology, and where the person stands.
pub fn apologize(known: &StepContext, session: Session, _now: Timestamp) -> (Session, Reply) {
    let view = session.situation(known.graph).next.map_or(View::Plan, View::Question);
    (session, Reply { notes: vec![Note::OurFault], view })
}

struct TurnState<'a> {
    known: &'a StepContext<'a>,
    graph: &'a Graph,
    session: Session,
    notes: Vec<Note>,
    now: Timestamp,
}

impl TurnState<'_> {
    fn situation(&self) -> Situation {
        self.session.situation(self.graph)
    }

    /// The question to answer now, or the plan.
    fn here(&self) -> View {
        self.situation().next.map_or(View::Plan, View::Question)
    }

    fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    fn take(&mut self, input: &Input) -> View {
        // What waits for the next input is settled or dropped by it, whatever it is. The clock is no such input.
        let pending = if *input == Input::Due { None } else { self.session.pending.take() };
        match input {
            Input::Text(text) => self.text(text, pending),
            Input::Pressed(press) => self.press(press, pending),
            Input::Garbled => {
                self.note(Note::Outdated);
                self.here()
            }
            Input::Other(other) => {
                self.note(Note::Unsupported(*other));
                self.here()
            }
            Input::Located { north, east } => {
                self.session.pending = pending;
                View::Zones { guess: Some(self.nearest_zone(*north, *east)) }
            }
            Input::Due => self.due(),
            Input::Captioned(other, text) => {
                self.note(Note::Unsupported(*other));
                self.text(text, pending)
            }
            Input::Redeemed(Redeemed::Session(session)) => {
                self.session = Session { pending: None, ..(**session).clone() };
                self.note(Note::Restored);
                self.here()
            }
            // A code that was not looked up leads nowhere.
            Input::Code(_) | Input::Redeemed(Redeemed::Unknown) => {
                self.note(Note::CodeUnknown);
                self.here()
            }
            Input::Redeemed(Redeemed::TooMany) => {
                self.note(Note::TooManyCodes);
                self.here()
            }
            Input::Edited => self.edited(),
        }
    }

    /// What an edit of the content means for this person; silence when their plan is as it was.
    fn edited(&mut self) -> View {
        if self.session.shown.is_empty() {
            return View::Silence;
        }
        let situation = self.situation();
        if situation.next.is_some() {
            self.note(Note::ContentAsks);
            return self.here();
        }
        let plan = self.graph.plan(&situation.values);
        let shown = |step: &usize| self.session.shown.iter().any(|name| self.graph.steps[*step].id.answers_to(name));
        let comes: Vec<usize> = plan.iter().copied().filter(|step| !shown(step)).collect();
        let known = self.session.shown.iter().filter_map(|name| self.graph.step(name));
        let leaves: Vec<usize> = known.filter(|step| !plan.contains(step)).collect();
        // A step that the content has forgotten altogether has no name any more.
        let forgotten = self.session.shown.iter().any(|name| self.graph.step(name).is_none());
        if comes.is_empty() && leaves.is_empty() && !forgotten {
            return View::Silence;
        }
        self.note(Note::ContentChanged { comes, leaves });
        self.here()
    }

    /// Remembers which plan the person has seen, so that an edit of the content can be told from it.
    fn keep_shown(&mut self) {
        let situation = self.situation();
        if situation.next.is_none() {
            let plan = self.graph.plan(&situation.values);
            self.session.shown = plan.iter().map(|step| self.graph.steps[*step].id.name.clone()).collect();
        }
    }

    fn text(&mut self, text: &str, pending: Option<Pending>) -> View {
        let situation = self.situation();
        match understand(self.known, &situation, pending.as_ref(), text) {
            Meant::Command(press) => self.press(&press, None),
            Meant::Link(link) => self.enter(link),
            Meant::CodeMisread => {
                self.note(Note::CodeMisread);
                self.here()
            }
            Meant::UnknownCommand => {
                self.note(Note::UnknownCommand);
                self.here()
            }
            Meant::Yes => self.confirm(pending, true),
            Meant::No => self.confirm(pending, false),
            Meant::Done => self.tick_next(&situation),
            Meant::Answers { answers, topic } => {
                let view = self.answer(answers);
                match topic {
                    Some(topic) if !matches!(view, View::Confirm { .. }) => View::Topic(topic),
                    _ => view,
                }
            }
            Meant::Topic(topic) => View::Topic(topic),
            Meant::Maybe(meanings) => {
                if let [Meaning::Option { question, option }] = meanings[..] {
                    self.session.pending = Some(Pending::Meant {
                        question: self.graph.questions[question].id.name.clone(),
                        option: self.graph.questions[question].options[option].name.clone(),
                    });
                }
                View::DidYouMean(meanings)
            }
            Meant::Time(typed) => {
                let (about, replaces) = match pending {
                    Some(Pending::When { about, replaces } | Pending::Zone { about, replaces, .. }) => {
                        (about, replaces)
                    }
                    _ => (self.likely_subject(&typed), None),
                };
                self.remind_typed(about, replaces, &typed, text)
            }
            Meant::Zone(zone) => {
                self.session.pending = pending;
                self.set_zone(zone)
            }
            Meant::Sensitive => {
                self.note(Note::Sensitive);
                self.here()
            }
            Meant::Nothing => {
                self.note(Note::NotUnderstood);
                match pending {
                    Some(Pending::When { about, replaces }) => self.ask_when(about, replaces, Vec::new()),
                    _ => self.here(),
                }
            }
        }
    }

    fn press(&mut self, press: &Press, pending: Option<Pending>) -> View {
        match press {
            Press::Answer { question, option, seen } => {
                let Some((question, option)) = self.find(question, option) else { return self.outdated() };
                let fresh = *seen == self.session.fingerprint() && self.situation().next == Some(question);
                let view = self.answer(vec![(question, 1 << option)]);
                if fresh {
                    // The person sees the next question; saying what they just tapped would be noise.
                    self.notes.retain(|note| !matches!(note, Note::Noted(_)));
                }
                view
            }
            Press::Pick { question, option, on } => {
                let Some((question, option)) = self.find(question, option) else { return self.outdated() };
                self.pick(question, option, *on)
            }
            Press::Finish { question } => {
                let Some(question) = self.graph.question(question) else { return self.outdated() };
                let asked = &self.graph.questions[question];
                let picked = self.session.picked(asked);
                if picked == 0 {
                    return View::Question(question);
                }
                let view = self.answer(vec![(question, picked)]);
                self.notes.retain(|note| !matches!(note, Note::Noted(_)));
                view
            }
            Press::Tick { item, on, from } => self.tick(item, *on, from.as_deref()),
            Press::Show(show) => self.show(show),
            Press::Confirm { yes, seen } => {
                let valid = *seen == self.session.fingerprint() && matches!(pending, Some(Pending::Change { .. }));
                if !valid {
                    self.note(Note::NothingOpen);
                    return self.here();
                }
                self.confirm(pending, *yes)
            }
            Press::Language(language) => {
                if self.graph.languages.contains(language) {
                    self.session.language = Some(language.clone());
                    self.note(Note::LanguageSet);
                    return self.here();
                }
                self.outdated()
            }
            Press::Forget { yes: true } => {
                self.session = Session::default();
                View::Forgotten
            }
            Press::Forget { yes: false } => {
                self.note(Note::Kept);
                self.here()
            }
            Press::Remind { .. }
            | Press::RemindAt { .. }
            | Press::Zone(_)
            | Press::CancelReminder(_)
            | Press::Calendar(_) => self.press_reminder(press, pending),
            Press::StartOver => {
                let Session { language, speaks, zone, .. } = std::mem::take(&mut self.session);
                self.session = Session { language, speaks, zone, ..Session::default() };
                self.note(Note::StartedOver);
                self.here()
            }
            Press::Start => {
                let fresh = self.session.answers.is_empty() && self.session.ticks.is_empty();
                self.note(if fresh { Note::Welcome } else { Note::WelcomeBack });
                self.here()
            }
        }
    }

    /// The buttons of reminders.
    fn press_reminder(&mut self, press: &Press, pending: Option<Pending>) -> View {
        match press {
            Press::Remind { about, preset, replaces } => {
                let Some(preset) = *preset else { return self.ask_when(about.clone(), *replaces, Vec::new()) };
                if self.session.zone.is_none() {
                    return self.ask_zone(about.clone(), *replaces, Some(press.encode()));
                }
                let due = when::preset(preset, self.now, &self.zone());
                self.remind(about.clone(), due, *replaces)
            }
            Press::RemindAt { about, second, replaces } => {
                let due = Due { when: self.civil(*second), exact: true };
                if due.instant(&self.zone()) <= self.now {
                    self.note(Note::TimeError(TimeError::Past));
                    return self.ask_when(about.clone(), *replaces, Vec::new());
                }
                self.remind(about.clone(), due, *replaces)
            }
            Press::Zone(name) => {
                let Some(zone) = self.graph.zones.iter().position(|zone| zone.id.answers_to(name)) else {
                    return self.outdated();
                };
                self.session.pending = pending;
                self.set_zone(zone)
            }
            Press::CancelReminder(number) => {
                let before = self.session.reminders.len();
                self.session.reminders.retain(|reminder| reminder.number != *number);
                let gone = self.session.reminders.len() == before;
                self.note(if gone { Note::ReminderGone } else { Note::ReminderCancelled });
                View::Reminders
            }
            Press::Calendar(number) => {
                if self.session.reminders.iter().any(|reminder| reminder.number == *number) {
                    return View::Calendar(*number);
                }
                self.note(Note::ReminderGone);
                View::Reminders
            }
            _ => self.outdated(),
        }
    }

    /// Begins, or goes on, with the answers of a deep link.
    fn enter(&mut self, link: usize) -> View {
        if self.session.answers.is_empty() && self.session.ticks.is_empty() {
            self.note(Note::Welcome);
        }
        self.answer(self.graph.links[link].answers.clone())
    }

    fn outdated(&mut self) -> View {
        self.note(Note::Outdated);
        self.here()
    }

    fn find(&self, question: &str, option: &str) -> Option<(usize, usize)> {
        let question = self.graph.question(question)?;
        Some((question, self.graph.questions[question].option(option)?))
    }

    fn show(&mut self, show: &Show) -> View {
        let situation = self.situation();
        let view = match show {
            Show::Here => Some(self.here()),
            Show::Plan => {
                if situation.next.is_some() {
                    self.note(Note::PlanNotReady);
                }
                Some(self.here())
            }
            Show::Step(name) | Show::Why(name) => {
                let in_plan = |step: &usize| self.graph.steps[*step].when.holds(&situation.values);
                match self.graph.step(name).filter(in_plan) {
                    Some(step) if matches!(show, Show::Why(_)) => Some(View::Why(step)),
                    Some(step) => Some(View::Step(step)),
                    None => {
                        self.note(Note::StepGone);
                        Some(self.here())
                    }
                }
            }
            Show::Papers => Some(View::Papers),
            Show::Contacts => Some(View::Contacts),
            Show::Topics => Some(View::Topics),
            Show::Topic(name) => self.graph.topic(name).map(View::Topic),
            Show::StepSources(name) => self.graph.step(name).map(View::StepSources),
            Show::ContactSources => Some(View::ContactSources),
            Show::TopicSources(name) => self.graph.topic(name).map(View::TopicSources),
            Show::Answers => Some(View::Answers),
            Show::Question(name) => self.graph.question(name).map(View::Question),
            Show::WhyAsked(name) => self.graph.question(name).map(View::WhyAsked),
            Show::Languages => Some(View::Languages),
            Show::Forget => Some(View::Forget),
            Show::Help => Some(View::Help),
            Show::Card => Some(View::Card),
            Show::Export => Some(View::Export),
            Show::Code if self.session.answers.is_empty() && self.session.ticks.is_empty() => {
                self.note(Note::NothingToKeep);
                Some(self.here())
            }
            Show::Code => Some(View::Code(recover::spell(self.known.chance))),
            Show::Pack if situation.next.is_none() => Some(View::Pack),
            Show::Pack => {
                self.note(Note::PlanNotReady);
                Some(self.here())
            }
            Show::RemindMenu => Some(View::RemindMenu),
            Show::Reminders => Some(View::Reminders),
            Show::Reminder(number) => {
                let number = number.parse().ok();
                match self.session.reminders.iter().find(|reminder| Some(reminder.number) == number) {
                    Some(reminder) => Some(View::Reminder(reminder.number)),
                    None => {
                        self.note(Note::ReminderGone);
                        Some(View::Reminders)
                    }
                }
            }
            Show::Zones => {
                let own = self.session.zone.as_deref().unwrap_or(self.known.zone_guess);
                let own = self.graph.zones.iter().position(|zone| zone.name == own);
                // The next typed words may name a place.
                self.session.pending = Some(Pending::Zone { about: About::Hotline, replaces: None, wish: None });
                Some(View::Zones { guess: own })
            }
        };
        view.unwrap_or_else(|| self.outdated())
    }
}
