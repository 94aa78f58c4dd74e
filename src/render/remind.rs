//! The screens of reminders: what, when, where, and what is said when the time comes.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Choice, File, Place, ScreenBuilder, calendar, plain};
use crate::dialogues::texts::{Phrase, Value, WEEKDAY_NAMES, ZONE_GUESS};
use crate::engine::reply::Fired;
use crate::engine::session::{About, Item, Reminder, done_by_answer};
use crate::engine::when::Preset;
use crate::engine::{Press, Show};

impl ScreenBuilder<'_> {
    pub(super) fn zone(&self) -> TimeZone {
        self.session.time_zone(self.get(ZONE_GUESS))
    }

    /// The name of a zone in the person's language.
    pub(super) fn zone_name(&self, zone: &TimeZone) -> String {
        let name = zone.iana_name().unwrap_or("UTC");
        match self.graph.zones.iter().find(|known| known.name == name) {
            Some(known) => self.get(&format!("z-{}", known.id.name)).to_owned(),
            None => name.to_owned(),
        }
    }

    /// What the clock shows there now.
    pub(super) fn clock(&self, zone: &TimeZone) -> String {
        self.now.to_zoned(zone.clone()).strftime("%H:%M").to_string()
    }

    /// An instant where the person is, and where the operators are.
    fn instant_text(&self, instant: Timestamp) -> String {
        let zone = self.zone();
        let home = TimeZone::get(&self.graph.zones[0].name).unwrap_or(TimeZone::UTC);
        let (here, there) = (instant.to_zoned(zone.clone()), instant.to_zoned(home.clone()));
        let weekdays: Vec<&str> = self.get(WEEKDAY_NAMES).split('|').collect();
        let weekday = usize::from(here.weekday().to_monday_zero_offset().unsigned_abs());
        let weekday = weekdays.get(weekday).copied().unwrap_or("");
        // Seconds are shown only where they matter.
        let soon = instant.as_second() - self.now.as_second() < 120;
        let format = if soon { "%H:%M:%S" } else { "%H:%M" };
        let (date, time) = (here.strftime("%Y-%m-%d").to_string(), here.strftime(format).to_string());
        let same_day = here.date() == there.date();
        let other = there.strftime(if same_day { "%H:%M" } else { "%m-%d %H:%M" }).to_string();
        let (zone_name, home_name) = (self.zone_name(&zone), self.zone_name(&home));
        let mut values = vec![
            ("date", Value::Text(&date)),
            ("weekday", Value::Text(weekday)),
            ("time", Value::Text(&time)),
            ("zone", Value::Html(&zone_name)),
        ];
        if zone == home {
            return self.say(Phrase::WhenEcho, &values);
        }
        values.extend([("home", Value::Html(&home_name)), ("other", Value::Text(&other))]);
        self.say(Phrase::WhenEchoBoth, &values)
    }

    pub(super) fn due_text(&self, reminder: &Reminder) -> String {
        self.instant_text(reminder.due.instant(&self.zone()))
    }

    pub(super) fn about_name(&self, about: &About) -> String {
        match about {
            About::Hotline => self.phrase(Phrase::RemindAboutHotline).to_owned(),
            About::Papers => self.phrase(Phrase::RemindAboutPapers).to_owned(),
            About::Step(name) => {
                self.graph.step(name).map_or_else(|| name.clone(), |step| self.step_name(step).to_owned())
            }
        }
    }

    pub(super) fn remind_aside(&mut self, about: About) {
        let press = Press::Remind { about, preset: None, replaces: None }.encode();
        self.choices.push(Choice { label: self.phrase(Phrase::BtnRemind).to_owned(), press, place: Place::Aside });
    }

    pub(super) fn remind_menu(&mut self) {
        self.heading(Phrase::RemindTitle);
        let mut subjects = vec![About::Hotline, About::Papers];
        if self.situation.next.is_none() {
            let open = |step: &usize| !self.session.step_done(self.graph, *step, self.situation);
            let plan = self.graph.plan(&self.situation.values).into_iter().filter(open);
            subjects.extend(plan.map(|step| About::Step(self.graph.steps[step].id.name.clone())));
        }
        for about in subjects {
            let label = self.about_name(&about);
            self.listed(label, &Press::Remind { about, preset: None, replaces: None });
        }
        self.aside(Phrase::BtnReminders, Show::Reminders);
        self.aside(Phrase::BtnBack, Show::Here);
    }

    pub(super) fn when(&mut self, about: &About, replaces: Option<u32>, choices: &[i64]) {
        let name = self.about_name(about);
        self.push(format!("<b>{}</b>", self.say(Phrase::WhenAsk, &[("name", Value::Html(&name))])));
        if choices.is_empty() {
            self.push(self.phrase(Phrase::WhenHint));
            for (phrase, preset) in [
                (Phrase::BtnHour, Preset::Hour),
                (Phrase::BtnEvening, Preset::Evening),
                (Phrase::BtnTomorrow, Preset::Tomorrow),
                (Phrase::BtnThreeDays, Preset::ThreeDays),
                (Phrase::BtnMonday, Preset::Monday),
            ] {
                self.choice(
                    self.phrase(phrase),
                    &Press::Remind { about: about.clone(), preset: Some(preset), replaces },
                );
            }
        }
        for second in choices {
            let instant = Timestamp::from_second(*second).unwrap_or(self.now);
            self.choice(
                self.instant_text(instant),
                &Press::RemindAt { about: about.clone(), second: *second, replaces },
            );
        }
        self.aside(Phrase::BtnTimezone, Show::Zones);
        self.aside(Phrase::BtnBack, Show::Here);
    }

    pub(super) fn zones(&mut self, guess: Option<usize>) {
        self.heading(Phrase::ZonesTitle);
        if let Some(zone) = guess.map(|guess| &self.graph.zones[guess]) {
            let known = TimeZone::get(&zone.name).unwrap_or(TimeZone::UTC);
            let (name, time) = (self.zone_name(&known), self.clock(&known));
            self.push(self.say(Phrase::ZonesConfirm, &[("zone", Value::Html(&name)), ("time", Value::Text(&time))]));
            self.choice(self.phrase(Phrase::BtnZoneYes), &Press::Zone(zone.id.name.clone()));
        }
        for zone in &self.graph.zones {
            let known = TimeZone::get(&zone.name).unwrap_or(TimeZone::UTC);
            let label = format!("{} {}", self.zone_name(&known), self.clock(&known));
            self.listed(label, &Press::Zone(zone.id.name.clone()));
        }
        self.aside(Phrase::BtnBack, Show::Here);
    }

    pub(super) fn reminders(&mut self) {
        self.heading(Phrase::RemindersTitle);
        let zone = self.zone();
        let mut reminders: Vec<&Reminder> = self.session.reminders.iter().collect();
        reminders.sort_by_key(|reminder| reminder.due.instant(&zone));
        self.push(self.phrase(if reminders.is_empty() { Phrase::RemindersNone } else { Phrase::RemindersHint }));
        for reminder in reminders {
            let label = format!("{} \u{B7} {}", self.due_text(reminder), self.about_name(&reminder.about));
            self.listed(plain(&label), &Press::Show(Show::Reminder(reminder.number.to_string())));
        }
        self.aside(Phrase::BtnRemind, Show::RemindMenu);
        self.aside(Phrase::BtnTimezone, Show::Zones);
        self.aside(Phrase::BtnBack, Show::Here);
    }

    pub(super) fn reminder(&mut self, number: u32) {
        let Some(reminder) = self.session.reminders.iter().find(|reminder| reminder.number == number) else { return };
        self.push(format!("<b>\u{23F0} {}</b>\n{}", self.about_name(&reminder.about), self.due_text(reminder)));
        let change = Press::Remind { about: reminder.about.clone(), preset: None, replaces: Some(number) };
        self.choice(self.phrase(Phrase::BtnChangeTime), &change);
        self.choice(self.phrase(Phrase::BtnCancelReminder), &Press::CancelReminder(number));
        self.choice(self.phrase(Phrase::BtnCalendar), &Press::Calendar(number));
        self.aside(Phrase::BtnReminders, Show::Reminders);
        self.aside(Phrase::BtnBack, Show::Here);
    }

    pub(super) fn calendar(&mut self, number: u32) {
        let Some(reminder) = self.session.reminders.iter().find(|reminder| reminder.number == number) else { return };
        let zone = self.zone();
        let name = self.about_name(&reminder.about);
        let details = match &reminder.about {
            About::Hotline => self.contact_lines(),
            About::Papers => self.missing_papers(),
            About::Step(name) => self.get(&format!("s-{name}.do")).to_owned(),
        };
        let event = calendar::CalendarEvent {
            number,
            title: &plain(&name),
            details: &plain(&details),
            instant: reminder.due.instant(&zone),
            now: self.now,
        };
        self.file = Some(File { name: format!("simoff-{number}.ics"), text: calendar::write(&event) });
        self.push(self.phrase(Phrase::CalendarNote));
        self.aside(Phrase::BtnReminders, Show::Reminders);
        self.aside(Phrase::BtnBack, Show::Here);
    }

    /// The papers of the plan that are not ticked, as lines.
    fn missing_papers(&self) -> String {
        let papers = self.graph.papers_of(&self.graph.plan(&self.situation.values), &self.situation.values);
        let missing = papers.into_iter().filter(|paper| !self.session.paper_ready(self.graph, *paper));
        missing.map(|paper| self.paper_line(paper)).collect::<Vec<_>>().join("\n")
    }

    /// What has come due: one reminder with its buttons, several as a digest that leads to each.
    pub(super) fn reminded(&mut self, fired: &[Fired]) {
        let late = fired.iter().all(|fired| fired.late);
        self.heading(if late { Phrase::DueLate } else { Phrase::DueTitle });
        for Fired { about, late: this_late } in fired {
            let mut text = match about {
                About::Hotline => format!("{}\n{}", self.phrase(Phrase::DueHotline), self.contact_lines()),
                About::Papers => format!("{}\n{}", self.phrase(Phrase::DuePapers), self.missing_papers()),
                About::Step(_) => {
                    let name = self.about_name(about);
                    self.say(Phrase::DueStep, &[("name", Value::Html(&name))])
                }
            };
            if *this_late && !late {
                text = format!("{}\n{text}", self.phrase(Phrase::DueLate));
            }
            self.push(text);
            let needs_contacts =
                |name: &String| self.graph.step(name).is_some_and(|step| self.graph.steps[step].hotline);
            if matches!(about, About::Step(name) if fired.len() == 1 && needs_contacts(name)) {
                self.push(self.contact_lines());
            }
        }
        for Fired { about, .. } in fired {
            if fired.len() > 1 {
                let show = match about {
                    About::Hotline => Show::Contacts,
                    About::Papers => Show::Papers,
                    About::Step(name) => Show::Step(name.clone()),
                };
                self.listed(self.about_name(about), &Press::Show(show));
                continue;
            }
            match about {
                About::Step(name) => {
                    let by_answer = self.graph.step(name).is_some_and(|step| done_by_answer(self.graph, step));
                    let tick = Press::Tick { item: Item::Step(name.clone()), on: true, from: None };
                    let show = Press::Show(Show::Step(name.clone()));
                    if !by_answer {
                        self.choice(self.phrase(Phrase::BtnDone), &tick);
                    }
                    let name = self.about_name(about);
                    self.choice(self.say(Phrase::BtnNext, &[("name", Value::Html(&name))]), &show);
                }
                About::Papers => self.choice(self.phrase(Phrase::BtnPapers), &Press::Show(Show::Papers)),
                About::Hotline => self.choice(self.phrase(Phrase::BtnDone), &Press::Show(Show::Here)),
            }
            for (phrase, preset) in [(Phrase::BtnHour, Preset::Hour), (Phrase::BtnTomorrow, Preset::Tomorrow)] {
                let press = Press::Remind { about: about.clone(), preset: Some(preset), replaces: None };
                self.choice(self.phrase(phrase), &press);
            }
        }
        self.aside(Phrase::BtnNotNeeded, Show::Here);
        self.aside(Phrase::BtnReminders, Show::Reminders);
    }
}
