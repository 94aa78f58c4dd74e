//! What an input means and what follows from it: `step(dialogue, session, input) -> (session, reply)`.
//!
//! Pure and total: no clock, no input or output, no failure. An input that is not understood is a reply.

pub mod interpret;
pub mod reply;
pub mod session;
pub mod when;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::dialogues::graph::{Graph, Offer, Options, Situation, Zone};
use crate::dialogues::words::{Lexicon, Meaning};

use interpret::{Meant, understand};
use reply::{Fired, Note, Reply, View};
use session::{About, Item, Pending, Session};
use when::{Due, Preset, Subject, Trouble, Typed, When};

/// A reminder that comes later than this after its time is marked late: shorter is how long a restart takes.
const LATE_AFTER_SECONDS: i64 = 5 * 60;

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
    /// A place that was shared, in degrees north and east. It chooses a time zone and is not kept.
    Located { north: i16, east: i16 },
    /// The clock speaks: something may be due.
    Due,
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
    Answer {
        question: String,
        option: String,
        seen: u16,
    },
    /// Pick or drop one option of a question that takes several. Names the state to reach, so a double tap is harmless.
    Pick {
        question: String,
        option: String,
        on: bool,
    },
    /// The picked options are the answer.
    Finish {
        question: String,
    },
    /// Tick or untick. `from`: the step on whose screen a paper was ticked.
    Tick {
        item: Item,
        on: bool,
        from: Option<String>,
    },
    /// Show something.
    Show(Show),
    /// Apply or drop the change that waits for a yes; `seen` ties it to the answers for which it was asked.
    Confirm {
        yes: bool,
        seen: u16,
    },
    /// Speak this language.
    Language(String),
    /// Answer to "delete everything?".
    Forget {
        yes: bool,
    },
    /// Be reminded; without a time, ask for it. `replaces`: the reminder to move.
    Remind {
        about: About,
        preset: Option<Preset>,
        replaces: Option<u32>,
    },
    /// Be reminded at an instant, in seconds since 1970: one of the times that typed words could mean.
    RemindAt {
        about: About,
        second: i64,
        replaces: Option<u32>,
    },
    /// This is where I am.
    Zone(String),
    CancelReminder(u32),
    /// A reminder as a calendar file.
    Calendar(u32),
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
    RemindMenu,
    Reminders,
    Reminder(String),
    Zones,
}

/// What the engine needs of a dialogue: its structure, and the words of each language.
pub struct Known<'a> {
    pub graph: &'a Graph,
    /// The person's language first, then the others: people mix languages.
    pub lexicons: Vec<&'a Lexicon>,
    /// The IANA name of the zone guessed for somebody who has not said where they are.
    pub zone_guess: &'a str,
}

/// One turn. The new session is empty after "forget me": there is nothing left to store.
pub fn step(known: &Known, session: Session, input: &Input, now: Timestamp) -> (Session, Reply) {
    let mut turn = Turn { known, graph: known.graph, session, notes: Vec::new(), now };
    let view = turn.take(input);
    (turn.session, Reply { notes: turn.notes, view })
}

/// What to say when handling an input failed on our side: an apology, and where the person stands.
pub fn apologise(known: &Known, session: Session, _now: Timestamp) -> (Session, Reply) {
    let view = session.situation(known.graph).next.map_or(View::Plan, View::Question);
    (session, Reply { notes: vec![Note::OurFault], view })
}

struct Turn<'a> {
    known: &'a Known<'a>,
    graph: &'a Graph,
    session: Session,
    notes: Vec<Note>,
    now: Timestamp,
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
        if *input == Input::Due {
            // The clock is not an answer: whatever waits for the person goes on waiting.
            return self.due();
        }
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
            Input::Located { north, east } => {
                self.session.pending = pending;
                View::Zones { guess: Some(self.nearest_zone(*north, *east)) }
            }
            Input::Due => self.due(),
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
                    self.note(Note::Trouble(Trouble::Past));
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
        if before.next.is_some() && after.next.is_none() {
            self.offer(None, after);
        }
        self.here()
    }

    /// A yes or no to what is waiting.
    fn confirm(&mut self, pending: Option<Pending>, yes: bool) -> View {
        match pending {
            Some(Pending::Meant { .. } | Pending::Change { .. } | Pending::When { .. }) if !yes => {
                self.note(Note::Kept);
                self.here()
            }
            // "Is this where you are?" Yes; any other answer names a place or a time.
            Some(pending @ Pending::Zone { .. }) => {
                let guess = self.graph.zones.iter().position(|zone| zone.name == self.known.zone_guess);
                self.session.pending = Some(pending);
                match guess {
                    Some(zone) if yes => self.set_zone(zone),
                    _ => View::Zones { guess: None },
                }
            }
            Some(Pending::When { about, replaces }) => self.ask_when(about, replaces, Vec::new()),
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
        if on {
            self.offer(Some(step), situation);
        }
    }

    /// Offers the reminders that fit what was just ticked (`None`: the plan has just become ready).
    fn offer(&mut self, once: Option<usize>, situation: &Situation) {
        let fits = |offer: &Offer| {
            offer.once == once
                && offer.when.holds(&situation.values)
                && self.graph.steps[offer.about].when.holds(&situation.values)
                && !self.session.step_done(self.graph, offer.about, situation)
        };
        let offers = self.graph.offers.iter().enumerate().filter(|(_, offer)| fits(offer));
        let offers: Vec<usize> = offers.map(|(index, _)| index).collect();
        self.notes.extend(offers.into_iter().map(Note::Offer));
    }

    // ---- reminders --------------------------------------------------------------------------------------------------

    fn zone(&self) -> TimeZone {
        self.session.time_zone(self.known.zone_guess)
    }

    /// An instant as a civil time of the person's zone, so that it moves with the zone.
    fn civil(&self, second: i64) -> When {
        let instant = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        When::Civil(instant.to_zoned(self.zone()).datetime())
    }

    /// What a time without a subject is about: what was named with it, the next open step, or the hotline.
    fn likely_subject(&self, typed: &Typed) -> About {
        match typed.about {
            Some(Subject::Hotline) => return About::Hotline,
            Some(Subject::Papers) => return About::Papers,
            None => {}
        }
        let situation = self.situation();
        let open = |step: &usize| !self.session.step_done(self.graph, *step, &situation);
        let next = if situation.next.is_none() { self.graph.plan(&situation.values) } else { Vec::new() };
        let next = next.into_iter().find(open);
        next.map_or(About::Hotline, |step| About::Step(self.graph.steps[step].id.name.clone()))
    }

    fn ask_when(&mut self, about: About, replaces: Option<u32>, choices: Vec<i64>) -> View {
        self.session.pending = Some(Pending::When { about: about.clone(), replaces });
        View::When { about, replaces, choices }
    }

    fn ask_zone(&mut self, about: About, replaces: Option<u32>, wish: Option<String>) -> View {
        self.session.pending = Some(Pending::Zone { about, replaces, wish });
        View::Zones { guess: self.graph.zones.iter().position(|zone| zone.name == self.known.zone_guess) }
    }

    /// Sets the zone, and goes on with what was wished before it had to be known.
    fn set_zone(&mut self, zone: usize) -> View {
        self.session.zone = Some(self.graph.zones[zone].name.clone());
        self.note(Note::ZoneSet);
        let Some(Pending::Zone { about, replaces, wish: Some(wish) }) = self.session.pending.take() else {
            return self.here();
        };
        if let Some(press) = Press::decode(&wish) {
            return self.press(&press, None);
        }
        let text = crate::dialogues::words::normal(&wish);
        match self.known.lexicons.iter().find_map(|lexicon| when::read(lexicon, &text)) {
            Some(typed) => self.remind_typed(about, replaces, &typed, &wish),
            None => self.ask_when(about, replaces, Vec::new()),
        }
    }

    fn nearest_zone(&self, north: i16, east: i16) -> usize {
        let (north, east) = (f64::from(north).to_radians(), f64::from(east).to_radians());
        // The cosine of the angle between two places grows as they come nearer.
        let nearness = |zone: &Zone| {
            let (other, along) = (zone.at.0.to_radians(), zone.at.1.to_radians());
            north.sin() * other.sin() + north.cos() * other.cos() * (east - along).cos()
        };
        let zones = self.graph.zones.iter().enumerate();
        zones.max_by(|a, b| nearness(a.1).total_cmp(&nearness(b.1))).map_or(0, |(index, _)| index)
    }

    fn remind_typed(&mut self, about: About, replaces: Option<u32>, typed: &Typed, text: &str) -> View {
        let resolved = when::resolve(typed, self.now, &self.zone());
        // A day that is in no calendar is in none anywhere; for the rest it matters where the person is.
        let nowhere = matches!(resolved, Err(Trouble::NoSuchDay | Trouble::NoSuchTime | Trouble::TooFar));
        if typed.needs_zone() && self.session.zone.is_none() && !nowhere {
            return self.ask_zone(about, replaces, Some(text.to_owned()));
        }
        match resolved {
            Ok(due) => self.remind(about, due, replaces),
            Err(Trouble::Ambiguous(choices)) => {
                self.note(Note::Trouble(Trouble::Ambiguous(choices.clone())));
                self.ask_when(about, replaces, choices)
            }
            Err(trouble) => {
                self.note(Note::Trouble(trouble));
                self.ask_when(about, replaces, Vec::new())
            }
        }
    }

    fn remind(&mut self, about: About, due: Due, replaces: Option<u32>) -> View {
        if let About::Step(name) = &about
            && self.graph.step(name).is_none()
        {
            return self.outdated();
        }
        match self.session.remind(about, due, replaces) {
            None => {
                self.note(Note::TooManyReminders);
                View::Reminders
            }
            Some(number) => {
                let set = self.session.reminders.iter().find(|reminder| reminder.number == number).cloned();
                self.notes.extend(set.map(Note::ReminderSet));
                self.here()
            }
        }
    }

    /// What has come due is derived again: silent if it is done, gone or no longer needed.
    fn due(&mut self) -> View {
        let (zone, now) = (self.zone(), self.now);
        let (due, later) = std::mem::take(&mut self.session.reminders)
            .into_iter()
            .partition(|reminder: &session::Reminder| reminder.due.instant(&zone) <= now);
        self.session.reminders = later;
        let mut due: Vec<session::Reminder> = due;
        due.sort_by_key(|reminder| reminder.due.instant(&zone));
        let mut fired: Vec<Fired> = Vec::new();
        for reminder in due {
            let late = now.as_second() - reminder.due.instant(&zone).as_second() > LATE_AFTER_SECONDS;
            let same = fired.iter_mut().find(|other| other.about == reminder.about);
            match same {
                Some(other) => other.late &= late,
                None if self.matters(&reminder.about) => fired.push(Fired { about: reminder.about, late }),
                None => {}
            }
        }
        if fired.is_empty() { View::Silence } else { View::Reminded(fired) }
    }

    /// Whether there is still a reason to remind of this.
    fn matters(&self, about: &About) -> bool {
        let situation = self.situation();
        match about {
            About::Hotline => !self.graph.closed.holds(&situation.values),
            About::Papers => {
                let papers = self.graph.papers_of(&self.graph.plan(&situation.values), &situation.values);
                let closed = self.graph.closed.holds(&situation.values);
                let missing = papers.iter().any(|paper| !self.session.paper_ready(self.graph, *paper));
                !closed && (missing || situation.next.is_some())
            }
            About::Step(name) => self.graph.step(name).is_some_and(|step| {
                self.graph.steps[step].when.holds(&situation.values)
                    && !self.session.step_done(self.graph, step, &situation)
            }),
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
