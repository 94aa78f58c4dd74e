//! Reminders: setting them, and what happens when the clock speaks.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::reply::{Fired, Note, View};
use super::session::{About, Pending, Reminder};
use super::when::{self, Due, Subject, TimeError, Typed, When};
use super::{Press, TurnState};
use crate::dialogues::graph::Zone;
use crate::dialogues::words::normal;

/// A reminder that comes later than this after its time is marked late: shorter is how long a restart takes.
const LATE_AFTER_SECONDS: i64 = 5 * 60;

impl TurnState<'_> {
    pub(super) fn zone(&self) -> TimeZone {
        self.session.time_zone(self.known.zone_guess)
    }

    /// An instant as a civil time of the person's zone, so that it moves with the zone.
    pub(super) fn civil(&self, second: i64) -> When {
        let instant = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
        When::Civil(instant.to_zoned(self.zone()).datetime())
    }

    /// What a time without a subject is about: what was named with it, the next open step, or the hotline.
    pub(super) fn likely_subject(&self, typed: &Typed) -> About {
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

    pub(super) fn ask_when(&mut self, about: About, replaces: Option<u32>, choices: Vec<i64>) -> View {
        self.session.pending = Some(Pending::When { about: about.clone(), replaces });
        View::When { about, replaces, choices }
    }

    pub(super) fn ask_zone(&mut self, about: About, replaces: Option<u32>, wish: Option<String>) -> View {
        self.session.pending = Some(Pending::Zone { about, replaces, wish });
        View::Zones { guess: self.graph.zones.iter().position(|zone| zone.name == self.known.zone_guess) }
    }

    /// Sets the zone, and goes on with what was wished before it had to be known.
    pub(super) fn set_zone(&mut self, zone: usize) -> View {
        self.session.zone = Some(self.graph.zones[zone].name.clone());
        self.note(Note::ZoneSet);
        let Some(Pending::Zone { about, replaces, wish: Some(wish) }) = self.session.pending.take() else {
            return self.here();
        };
        if let Some(press) = Press::decode(&wish) {
            return self.press(&press, None);
        }
        let text = normal(&wish);
        match self.known.lexicons.iter().find_map(|lexicon| when::parse_typed(lexicon, &text)) {
            Some(typed) => self.remind_typed(about, replaces, &typed, &wish),
            None => self.ask_when(about, replaces, Vec::new()),
        }
    }

    pub(super) fn nearest_zone(&self, north: i16, east: i16) -> usize {
        let (north, east) = (f64::from(north).to_radians(), f64::from(east).to_radians());
        // The cosine of the angle between two places grows as they come nearer.
        let nearness = |zone: &Zone| {
            let (other, along) = (zone.at.0.to_radians(), zone.at.1.to_radians());
            north.sin() * other.sin() + north.cos() * other.cos() * (east - along).cos()
        };
        let zones = self.graph.zones.iter().enumerate();
        zones.max_by(|a, b| nearness(a.1).total_cmp(&nearness(b.1))).map_or(0, |(index, _)| index)
    }

    pub(super) fn remind_typed(&mut self, about: About, replaces: Option<u32>, typed: &Typed, text: &str) -> View {
        let resolved = when::resolve(typed, self.now, &self.zone());
        // A day that is in no calendar is in none anywhere; for the rest it matters where the person is.
        let nowhere = matches!(resolved, Err(TimeError::NoSuchDay | TimeError::NoSuchTime | TimeError::TooFar));
        if typed.needs_zone() && self.session.zone.is_none() && !nowhere {
            return self.ask_zone(about, replaces, Some(text.to_owned()));
        }
        match resolved {
            Ok(due) => self.remind(about, due, replaces),
            Err(TimeError::Ambiguous(choices)) => {
                self.note(Note::TimeError(TimeError::Ambiguous(choices.clone())));
                self.ask_when(about, replaces, choices)
            }
            Err(trouble) => {
                self.note(Note::TimeError(trouble));
                self.ask_when(about, replaces, Vec::new())
            }
        }
    }

    pub(super) fn remind(&mut self, about: About, due: Due, replaces: Option<u32>) -> View {
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
    pub(super) fn due(&mut self) -> View {
        let (zone, now) = (self.zone(), self.now);
        let (due, later) = std::mem::take(&mut self.session.reminders)
            .into_iter()
            .partition(|reminder: &Reminder| reminder.due.instant(&zone) <= now);
        self.session.reminders = later;
        let mut due: Vec<Reminder> = due;
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
}
