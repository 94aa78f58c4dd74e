//! What an input means and what follows from it: `step(dialogue, session, input) -> (session, reply)`.
//!
//! Pure and total: no clock, no input or output, no failure. An input that is not understood is a reply.

pub mod interpret;
pub mod reply;
pub mod session;

use crate::dialogues::graph::{Graph, Options, Situation};
use crate::dialogues::words::{Lexicon, Meaning};

use interpret::{Meant, understand};
use reply::{Note, Reply, View};
use session::{Item, Pending, Session};

/// Everything that can reach the engine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Typed words.
    Text(String),
    /// A button.
    Pressed(Press),
    /// A button that this program cannot read: forged, or from a version too old.
    Garbled,
    /// Something that is neither.
    Other(Other),
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

/// What a button does. Ids are kept as text, because a button may be older than the dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Answer a question; `seen` is the fingerprint of the answers it was shown with.
    Answer { question: String, option: String, seen: u16 },
    /// Pick or drop one option of a question that takes several. Names the state to reach, so a double tap is harmless.
    Pick { question: String, option: String, on: bool },
    /// The picked options are the answer.
    Finish { question: String },
    /// Tick or untick. `from`: the step on whose screen a paper was ticked.
    Tick { item: Item, on: bool, from: Option<String> },
    /// Show something.
    Show(Show),
    /// Apply or drop the change that waits for a yes; `seen` ties it to the answers for which it was asked.
    Confirm { yes: bool, seen: u16 },
    /// Speak this language.
    Language(String),
    /// Answer to "delete everything?".
    Forget { yes: bool },
    /// Drop all answers and ticks.
    StartOver,
    /// Begin, or go on.
    Start,
}

/// Screens that a button or a command can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Show {
    /// The question to answer now, or the plan.
    Here,
    Plan,
    Step(String),
    Why(String),
    Papers,
    Contacts,
    Topics,
    Topic(String),
    Answers,
    Question(String),
    WhyAsked(String),
    Languages,
    Forget,
    Help,
}

/// What the engine needs of a dialogue: its structure, and the words of each language.
pub struct Known<'a> {
    pub graph: &'a Graph,
    /// The person's language first, then the others: people mix languages.
    pub lexicons: Vec<&'a Lexicon>,
}

/// One turn. The new session is empty after "forget me": there is nothing left to store.
pub fn step(known: &Known, session: Session, input: &Input) -> (Session, Reply) {
    let mut turn = Turn { known, graph: known.graph, session, notes: Vec::new() };
    let view = turn.take(input);
    (turn.session, Reply { notes: turn.notes, view })
}

/// What to say when handling an input failed on our side: an apology, and where the person stands.
pub fn apologise(known: &Known, session: Session) -> (Session, Reply) {
    let view = session.situation(known.graph).next.map_or(View::Plan, View::Question);
    (session, Reply { notes: vec![Note::OurFault], view })
}

struct Turn<'a> {
    known: &'a Known<'a>,
    graph: &'a Graph,
    session: Session,
    notes: Vec<Note>,
}

impl Turn<'_> {
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
        // Whatever waits for a yes is settled or dropped by the next input, whatever that is.
        let pending = self.session.pending.take();
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
        }
    }

    fn text(&mut self, text: &str, pending: Option<Pending>) -> View {
        let situation = self.situation();
        match understand(self.known, &situation, pending.as_ref(), text) {
            Meant::Command(press) => self.press(&press, None),
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
            Meant::Sensitive => {
                self.note(Note::Sensitive);
                self.here()
            }
            Meant::Nothing => {
                self.note(Note::NotUnderstood);
                self.here()
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
            Press::StartOver => {
                self.session = Session { language: self.session.language.take(), ..Session::default() };
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
            Show::Answers => Some(View::Answers),
            Show::Question(name) => self.graph.question(name).map(View::Question),
            Show::WhyAsked(name) => self.graph.question(name).map(View::WhyAsked),
            Show::Languages => Some(View::Languages),
            Show::Forget => Some(View::Forget),
            Show::Help => Some(View::Help),
        };
        view.unwrap_or_else(|| self.outdated())
    }

    /// Picks or drops one option of a question that takes several. What excludes the others replaces them.
    fn pick(&mut self, question: usize, option: usize, on: bool) -> View {
        let asked = &self.graph.questions[question];
        if !asked.many {
            return self.answer(vec![(question, 1 << option)]);
        }
        let bit: Options = 1 << option;
        let picked = self.session.picked(asked);
        let picked = match (on, bit & asked.alone != 0) {
            (true, true) => bit,
            (true, false) => (picked & !asked.alone) | bit,
            (false, _) => picked & !bit,
        };
        self.session.set_picked(asked, picked);
        View::Question(question)
    }

    /// Stores answers; where that would drop a ticked step, asks first.
    fn answer(&mut self, answers: Vec<(usize, Options)>) -> View {
        let before = self.situation();
        let mut changed = self.session.clone();
        for (question, options) in &answers {
            changed.set_answer(&self.graph.questions[*question], *options);
        }
        let after = changed.situation(self.graph);
        let lost = self.session.lost_ticks(self.graph, &before, &after);
        if !lost.is_empty() && before.next.is_none() {
            // Several answers at once wait as one change: the first names it, and all are kept with it.
            let named = |question: usize, options: Options| {
                let asked = &self.graph.questions[question];
                let names = asked.positions(options).map(|option| asked.options[option].name.clone()).collect();
                (asked.id.name.clone(), names)
            };
            let change = answers.iter().map(|(question, options)| named(*question, *options)).collect();
            self.session.pending = Some(Pending::Change { answers: change });
            return View::Confirm { answers };
        }
        self.apply(changed, answers, &before, &after)
    }

    fn apply(
        &mut self,
        changed: Session,
        answers: Vec<(usize, Options)>,
        before: &Situation,
        after: &Situation,
    ) -> View {
        let stored = |session: &Session, question: usize| session.answer(&self.graph.questions[question]);
        let (mut noted, mut edited, mut dormant) = (Vec::new(), Vec::new(), Vec::new());
        for (question, _) in answers {
            let now = stored(&changed, question);
            match stored(&self.session, question) {
                0 => noted.push((question, now)),
                old if old != now => edited.push((question, now)),
                _ => {}
            }
            if after.values[question] == 0 && !after.open[question] && after.next.is_none() {
                dormant.push(question);
            }
        }
        self.session = changed;
        let again = noted.is_empty() && edited.is_empty();
        if !edited.is_empty() {
            self.note(Note::Changed(edited));
        }
        if !noted.is_empty() || (again && before.next.is_some()) {
            self.note(Note::Noted(noted));
        }
        if !dormant.is_empty() {
            self.note(Note::Dormant);
        }
        self.here()
    }

    /// A yes or no to what is waiting.
    fn confirm(&mut self, pending: Option<Pending>, yes: bool) -> View {
        match pending {
            Some(_) if !yes => {
                self.note(Note::Kept);
                self.here()
            }
            Some(Pending::Meant { question, option }) => match self.find(&question, &option) {
                Some((question, option)) => self.answer(vec![(question, 1 << option)]),
                None => self.outdated(),
            },
            Some(Pending::Change { answers }) => {
                let before = self.situation();
                let mut changed = self.session.clone();
                let mut known = Vec::new();
                for (question, options) in answers {
                    let Some(question) = self.graph.question(&question) else { continue };
                    let asked = &self.graph.questions[question];
                    let options =
                        options.iter().filter_map(|name| asked.option(name)).fold(0, |set, bit| set | 1 << bit);
                    changed.set_answer(asked, options);
                    known.push((question, options));
                }
                let after = changed.situation(self.graph);
                self.apply(changed, known, &before, &after)
            }
            None => {
                self.note(Note::NothingOpen);
                self.here()
            }
        }
    }

    fn tick(&mut self, item: &Item, on: bool, from: Option<&str>) -> View {
        let situation = self.situation();
        match item {
            Item::Step(name) => {
                let Some(step) = self.graph.step(name) else { return self.outdated() };
                if !self.graph.steps[step].when.holds(&situation.values) {
                    self.note(Note::StepGone);
                    return self.here();
                }
                self.set_step(step, on, &situation);
                if on { View::Plan } else { View::Step(step) }
            }
            Item::Paper(name) => {
                let Some(paper) = self.graph.paper(name) else { return self.outdated() };
                self.session.set_tick(Item::Paper(self.graph.papers[paper].name.clone()), on);
                from.and_then(|step| self.graph.step(step))
                    .filter(|step| self.graph.steps[*step].when.holds(&situation.values))
                    .map_or(View::Papers, View::Step)
            }
        }
    }

    fn set_step(&mut self, step: usize, on: bool, situation: &Situation) {
        let id = &self.graph.steps[step].id.name;
        if self.session.step_done(self.graph, step, situation) == on {
            return;
        }
        self.session.set_tick(Item::Step(id.clone()), on);
        self.note(if on { Note::Ticked(step) } else { Note::Unticked(step) });
        let open = self.session.open_before(self.graph, step, situation);
        if on && self.graph.steps[step].irreversible && !open.is_empty() {
            self.note(Note::TooEarly(open));
        }
    }

    /// "Done": ticks the next open step. A step that asks something is done by its answer, so it is shown instead.
    fn tick_next(&mut self, situation: &Situation) -> View {
        if situation.next.is_some() {
            self.note(Note::NotUnderstood);
            return self.here();
        }
        let plan = self.graph.plan(&situation.values);
        let next = plan.into_iter().find(|step| !self.session.step_done(self.graph, *step, situation));
        match next {
            None => View::Plan,
            Some(step) if session::done_by_answer(self.graph, step) => View::Step(step),
            Some(step) => {
                self.set_step(step, true, situation);
                View::Plan
            }
        }
    }
}
