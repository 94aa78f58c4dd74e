//! Replies and texts become screens: a text and choices, the same for every channel.

mod calendar;

use std::ops::ControlFlow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::dialogues::graph::{Graph, Options, Situation, UNSURE};
use crate::dialogues::survey::{describe, visit_cone};
use crate::dialogues::texts::{Phrase, Value, WEEKDAY_NAMES, ZONE_GUESS};
use crate::dialogues::words::Meaning;
use crate::dialogues::{Dialogue, Problem};
use crate::engine::reply::{Fired, Note, Reply, View};
use crate::engine::session::{About, Item, Reminder, Session, done_by_answer};
use crate::engine::when::{Preset, Trouble};
use crate::engine::{Other, Press, Show};

/// The longest text of a screen, in UTF-16 units (Bot API: sendMessage.text, 1–4096 after entities are parsed).
pub const MAX_SCREEN_UNITS: usize = 4096;

/// The most choices of a screen. Telegram documents no limit; a hundred buttons are known to work.
pub const MAX_CHOICES: usize = 100;

/// What a person sees: a text in Telegram HTML (`<b>`, `<i>`, `<code>` and entities only) and choices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screen {
    pub text: String,
    pub choices: Vec<Choice>,
    /// A file that goes with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<File>,
}

/// A file to keep: a calendar entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// With its ending.
    pub name: String,
    pub text: String,
}

/// A choice: a button, or a number in the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    pub label: String,
    /// What it does, as [`Press::encode`] writes it.
    pub press: String,
    pub place: Place,
}

/// Where a choice stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// It leads on: the answers, the next action.
    On,
    /// One of a list that is to be read as well as pressed, numbered from one: steps, papers, topics. The list belongs
    /// at the end of the text; a channel with short buttons writes the labels there and the numbers on the buttons.
    Listed,
    /// It leads aside (to the plan, to the papers); a channel may show it smaller.
    Aside,
}

/// A screen's text as a person reads it, without tags and entities.
pub fn plain(html: &str) -> String {
    let mut text = html.to_owned();
    for tag in ["<b>", "</b>", "<i>", "</i>", "<code>", "</code>"] {
        text = text.replace(tag, "");
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// Renders one reply for one person.
pub fn screen(dialogue: &Dialogue, language: &str, session: &Session, reply: &Reply, now: Timestamp) -> Screen {
    let situation = session.situation(&dialogue.graph);
    let (graph, situation) = (&dialogue.graph, &situation);
    let mut page = Page {
        dialogue,
        graph,
        language,
        session,
        situation,
        now,
        text: Vec::new(),
        choices: Vec::new(),
        last: Vec::new(),
        file: None,
    };
    for note in &reply.notes {
        page.note(note);
    }
    page.view(&reply.view);
    page.choices.append(&mut page.last);
    Screen { text: page.text.join("\n\n"), choices: page.choices, file: page.file }
}

/// One screen being composed: paragraphs and choices.
struct Page<'a> {
    dialogue: &'a Dialogue,
    graph: &'a Graph,
    language: &'a str,
    session: &'a Session,
    situation: &'a Situation,
    now: Timestamp,
    text: Vec<String>,
    choices: Vec<Choice>,
    /// Choices that belong to remarks, and come after those of the screen.
    last: Vec<Choice>,
    file: Option<File>,
}

impl<'a> Page<'a> {
    // ---- words ------------------------------------------------------------------------------------------------------

    fn get(&self, key: &str) -> &'a str {
        self.dialogue.texts.get(self.language, key)
    }

    fn phrase(&self, phrase: Phrase) -> &'a str {
        self.dialogue.texts.phrase(self.language, phrase)
    }

    fn say(&self, phrase: Phrase, values: &[(&str, Value)]) -> String {
        self.dialogue.texts.say(self.language, phrase, values)
    }

    fn question_name(&self, question: usize) -> &'a str {
        self.get(&format!("q-{}.name", self.graph.questions[question].id.name))
    }

    fn option_name(&self, question: usize, option: usize) -> &'a str {
        let asked = &self.graph.questions[question];
        self.get(&format!("q-{}.{}", asked.id.name, asked.options[option].name))
    }

    fn step_name(&self, step: usize) -> &'a str {
        self.get(&format!("s-{}", self.graph.steps[step].id.name))
    }

    fn topic_name(&self, topic: usize) -> &'a str {
        self.get(&format!("f-{}", self.graph.topics[topic].name))
    }

    /// The options of an answer, as one line.
    fn answer_name(&self, question: usize, options: Options) -> String {
        let positions = self.graph.questions[question].positions(options);
        positions.map(|option| self.option_name(question, option)).collect::<Vec<_>>().join(" + ")
    }

    fn named_answer(&self, question: usize, options: Options) -> String {
        format!("{} = {}", self.question_name(question), self.answer_name(question, options))
    }

    fn answer_list(&self, answers: &[(usize, Options)]) -> String {
        answers.iter().map(|(question, options)| self.named_answer(*question, *options)).collect::<Vec<_>>().join("; ")
    }

    fn step_list(&self, steps: &[usize]) -> String {
        steps.iter().map(|step| self.step_name(*step)).collect::<Vec<_>>().join(" / ")
    }

    // ---- paragraphs and choices -------------------------------------------------------------------------------------

    fn push(&mut self, paragraph: impl Into<String>) {
        let paragraph = paragraph.into();
        if !paragraph.is_empty() {
            self.text.push(paragraph);
        }
    }

    fn choice(&mut self, label: impl Into<String>, press: &Press) {
        self.choices.push(Choice { label: label.into(), press: press.encode(), place: Place::On });
    }

    fn listed(&mut self, label: impl Into<String>, press: &Press) {
        self.choices.push(Choice { label: label.into(), press: press.encode(), place: Place::Listed });
    }

    fn aside(&mut self, phrase: Phrase, show: Show) {
        let label = self.phrase(phrase).to_owned();
        self.choices.push(Choice { label, press: Press::Show(show).encode(), place: Place::Aside });
    }

    fn answer_press(&self, question: usize, option: usize) -> Press {
        let asked = &self.graph.questions[question];
        Press::Answer {
            question: asked.id.name.clone(),
            option: asked.options[option].name.clone(),
            seen: self.session.fingerprint(),
        }
    }

    // ---- remarks ----------------------------------------------------------------------------------------------------

    fn note(&mut self, note: &Note) {
        let with_list = |page: &Self, phrase, list: String| page.say(phrase, &[("list", Value::Html(&list))]);
        let with_name = |page: &Self, phrase, name: &str| page.say(phrase, &[("name", Value::Html(name))]);
        let text = match note {
            Note::Welcome => self.get("welcome").to_owned(),
            Note::WelcomeBack => self.phrase(Phrase::NoteWelcomeBack).to_owned(),
            Note::Noted(answers) if answers.is_empty() => self.phrase(Phrase::NoteKept).to_owned(),
            Note::Noted(answers) => with_list(self, Phrase::NoteNoted, self.answer_list(answers)),
            Note::Changed(answers) => with_list(self, Phrase::NoteChanged, self.answer_list(answers)),
            Note::Dormant => self.phrase(Phrase::AskUnasked).to_owned(),
            Note::Kept => self.phrase(Phrase::NoteKept).to_owned(),
            Note::Ticked(step) => with_name(self, Phrase::NoteTicked, self.step_name(*step)),
            Note::Unticked(step) => with_name(self, Phrase::NoteUnticked, self.step_name(*step)),
            Note::TooEarly(steps) => with_list(self, Phrase::NoteTooEarly, self.step_list(steps)),
            Note::NotUnderstood => self.phrase(Phrase::NoteNotUnderstood).to_owned(),
            Note::UnknownCommand => self.phrase(Phrase::NoteUnknownCommand).to_owned(),
            Note::Outdated => self.phrase(Phrase::NoteOutdated).to_owned(),
            Note::Sensitive => self.phrase(Phrase::NoteSensitive).to_owned(),
            Note::Unsupported(Other::Picture) => self.phrase(Phrase::NoteUnsupportedPicture).to_owned(),
            Note::Unsupported(Other::Voice) => self.phrase(Phrase::NoteUnsupportedVoice).to_owned(),
            Note::Unsupported(Other::File) => self.phrase(Phrase::NoteSensitiveFile).to_owned(),
            Note::Unsupported(Other::Unknown) => self.phrase(Phrase::NoteUnsupportedOther).to_owned(),
            Note::PlanNotReady => self.phrase(Phrase::NotePlanNotReady).to_owned(),
            Note::StartedOver => self.phrase(Phrase::NoteStartedOver).to_owned(),
            Note::StepGone => self.phrase(Phrase::NoteStepGone).to_owned(),
            Note::LanguageSet => self.phrase(Phrase::NoteLanguageSet).to_owned(),
            Note::NothingOpen => self.phrase(Phrase::NoteNothingOpen).to_owned(),
            Note::OurFault => self.phrase(Phrase::NoteOurFault).to_owned(),
            Note::ReminderSet(reminder) => {
                let (name, value) = (self.about_name(&reminder.about), self.due_text(reminder));
                let values = [("name", Value::Html(&name)), ("value", Value::Html(&value))];
                self.say(Phrase::NoteReminderSet, &values)
            }
            Note::ReminderCancelled => self.phrase(Phrase::NoteReminderCancelled).to_owned(),
            Note::ReminderGone => self.phrase(Phrase::NoteReminderGone).to_owned(),
            Note::TooManyReminders => self.phrase(Phrase::NoteTooManyReminders).to_owned(),
            Note::Trouble(Trouble::Past) => self.phrase(Phrase::TroublePast).to_owned(),
            Note::Trouble(Trouble::NoSuchDay) => self.phrase(Phrase::TroubleNoSuchDay).to_owned(),
            Note::Trouble(Trouble::NoSuchTime) => self.phrase(Phrase::TroubleNoSuchTime).to_owned(),
            Note::Trouble(Trouble::TooFar) => self.phrase(Phrase::TroubleTooFar).to_owned(),
            Note::Trouble(Trouble::Ambiguous(_)) => self.phrase(Phrase::TroubleAmbiguous).to_owned(),
            Note::ZoneSet => {
                let zone = self.zone();
                let (name, time) = (self.zone_name(&zone), self.clock(&zone));
                self.say(Phrase::NoteZoneSet, &[("zone", Value::Html(&name)), ("time", Value::Text(&time))])
            }
            Note::Offer(offer) => {
                let offer = &self.graph.offers[*offer];
                let about = About::Step(self.graph.steps[offer.about].id.name.clone());
                let press = Press::Remind { about, preset: Some(Preset::Days(offer.days)), replaces: None };
                let label = self.phrase(Phrase::BtnRemind).to_owned();
                self.last.push(Choice { label, press: press.encode(), place: Place::On });
                self.get(&format!("o-{}", offer.id.name)).to_owned()
            }
        };
        self.push(text);
    }

    // ---- screens ----------------------------------------------------------------------------------------------------

    fn view(&mut self, view: &View) {
        match view {
            View::Question(question) => self.question(*question, true),
            View::WhyAsked(question) => {
                let why = self.get(&format!("q-{}.why", self.graph.questions[*question].id.name));
                self.push(format!("\u{1F4AC} {why}"));
                self.question(*question, false);
            }
            View::Plan => self.plan(),
            View::Step(step) => self.step(*step),
            View::Why(step) => self.why(*step),
            View::Papers => self.papers(),
            View::Contacts => self.contacts(),
            View::Topics => {
                self.heading(Phrase::TopicsTitle);
                for topic in &self.graph.topics {
                    let label = self.get(&format!("f-{}", topic.name));
                    self.listed(label, &Press::Show(Show::Topic(topic.name.clone())));
                }
                self.aside(Phrase::BtnBack, Show::Here);
            }
            View::Topic(topic) => self.topic(*topic),
            View::Answers => self.answers(),
            View::Languages => {
                self.heading(Phrase::LanguagesTitle);
                for language in &self.graph.languages {
                    let label = self.dialogue.texts.phrase(language, Phrase::LanguageName);
                    self.choice(label, &Press::Language(language.clone()));
                }
                self.aside(Phrase::BtnBack, Show::Here);
            }
            View::Help => {
                self.push(self.phrase(Phrase::Help));
                self.navigation();
            }
            View::Forget => {
                self.push(self.phrase(Phrase::ForgetAsk));
                self.choice(self.phrase(Phrase::BtnForgetYes), &Press::Forget { yes: true });
                self.choice(self.phrase(Phrase::BtnForgetNo), &Press::Forget { yes: false });
            }
            View::Forgotten => self.push(self.phrase(Phrase::NoteForgotten)),
            View::Confirm { answers } => self.confirm(answers),
            View::DidYouMean(meanings) => self.did_you_mean(meanings),
            View::RemindMenu => self.remind_menu(),
            View::When { about, replaces, choices } => self.when(about, *replaces, choices),
            View::Zones { guess } => self.zones(*guess),
            View::Reminders => self.reminders(),
            View::Reminder(number) => self.reminder(*number),
            View::Calendar(number) => self.calendar(*number),
            View::Reminded(fired) => self.reminded(fired),
            View::Silence => {}
        }
    }

    fn heading(&mut self, phrase: Phrase) {
        self.push(format!("<b>{}</b>", self.phrase(phrase)));
    }

    /// The ways aside from anywhere but a question.
    fn navigation(&mut self) {
        if self.situation.next.is_some() {
            self.aside(Phrase::BtnBack, Show::Here);
            return;
        }
        self.aside(Phrase::BtnPlan, Show::Plan);
        self.aside(Phrase::BtnPapers, Show::Papers);
        self.aside(Phrase::BtnHotline, Show::Contacts);
        self.aside(Phrase::BtnTopics, Show::Topics);
    }

    fn question(&mut self, question: usize, offer_why: bool) {
        let asked = &self.graph.questions[question];
        let values = &self.situation.values;
        if self.situation.next == Some(question) {
            let known = |index: &usize| values[*index] != 0 && !self.graph.questions[*index].later;
            let number = (0..question).filter(known).count() + 1;
            let total = number - 1 + self.situation.open.iter().filter(|open| **open).count();
            let total = total + (question..values.len()).filter(known).count();
            let progress =
                self.say(Phrase::AskProgress, &[("number", Value::Number(number)), ("total", Value::Number(total))]);
            self.push(format!("<i>{progress}</i>"));
        }
        self.push(format!("<b>{}</b>", self.get(&format!("q-{}", asked.id.name))));
        let stored = self.session.answer(asked);
        let picked = if asked.many { self.session.picked(asked) } else { 0 };
        if picked != 0 {
            let list = self.answer_name(question, picked);
            self.push(self.say(Phrase::AskManyHint, &[("list", Value::Html(&list))]));
        } else if stored != 0 {
            let value = self.answer_name(question, stored);
            self.push(self.say(Phrase::AskCurrent, &[("value", Value::Html(&value))]));
        }
        for option in 0..asked.options.len() {
            let name = self.option_name(question, option);
            if asked.many {
                let on = picked & (1 << option) != 0;
                let mark = if on { "\u{2705} " } else { "\u{2B1C} " };
                let press = Press::Pick {
                    question: asked.id.name.clone(),
                    option: asked.options[option].name.clone(),
                    on: !on,
                };
                self.choice(format!("{mark}{name}"), &press);
            } else {
                self.choice(name, &self.answer_press(question, option));
            }
        }
        if asked.many && picked != 0 {
            self.choice(self.phrase(Phrase::BtnFinish), &Press::Finish { question: asked.id.name.clone() });
        }
        if offer_why {
            self.aside(Phrase::BtnWhyAsked, Show::WhyAsked(asked.id.name.clone()));
        }
        if self.situation.next != Some(question) {
            self.aside(Phrase::BtnBack, Show::Here);
        } else if !self.session.answers.is_empty() {
            self.aside(Phrase::BtnAnswers, Show::Answers);
        }
    }

    fn plan(&mut self) {
        let (graph, session, situation) = (self.graph, self.session, self.situation);
        let plan = graph.plan(&situation.values);
        let done = |step: &usize| session.step_done(graph, *step, situation);
        let next = plan.iter().find(|step| !done(step)).copied();
        let finished = plan.iter().filter(|step| done(step)).count();
        let closed = self.graph.closed.holds(&self.situation.values);
        let mut lines = vec![format!("<b>{}</b>", self.phrase(Phrase::PlanTitle))];
        let (count, total) = (Value::Number(finished), Value::Number(plan.len()));
        lines.push(self.say(Phrase::PlanProgress, &[("done", count), ("total", total)]));
        let papers = self.graph.papers_of(&plan, &self.situation.values);
        if !papers.is_empty() && !closed {
            let ready = papers.iter().filter(|paper| self.session.paper_ready(self.graph, **paper)).count();
            let (ready, total) = (Value::Number(ready), Value::Number(papers.len()));
            lines.push(self.say(Phrase::PlanPapers, &[("done", ready), ("total", total)]));
        }
        self.push(lines.join("\n"));
        let show = |step: usize| Press::Show(Show::Step(graph.steps[step].id.name.clone()));
        for step in &plan {
            let mark = if done(step) { "\u{2705}" } else { "\u{2B1C}" };
            self.listed(format!("{mark} {}", self.step_name(*step)), &show(*step));
        }
        match next {
            Some(step) => {
                if closed {
                    self.push(self.phrase(Phrase::PlanClosed));
                }
                let name = self.step_name(step);
                self.push(self.say(Phrase::PlanNext, &[("name", Value::Html(name))]));
                self.choice(self.say(Phrase::BtnNext, &[("name", Value::Html(name))]), &show(step));
            }
            None => self.push(self.phrase(if closed { Phrase::PlanAllClosed } else { Phrase::PlanAllTicked })),
        }
        self.aside(Phrase::BtnPapers, Show::Papers);
        self.aside(Phrase::BtnHotline, Show::Contacts);
        self.aside(Phrase::BtnTopics, Show::Topics);
        self.aside(Phrase::BtnRemind, Show::RemindMenu);
        self.aside(Phrase::BtnAnswers, Show::Answers);
    }

    fn step(&mut self, step: usize) {
        let known = &self.graph.steps[step];
        let values = &self.situation.values;
        let key = format!("s-{}", known.id.name);
        let plan = self.graph.plan(values);
        let done = self.session.step_done(self.graph, step, self.situation);
        let number = plan.iter().position(|other| *other == step).map_or(0, |index| index + 1);
        let mark = if done { "\u{2705} " } else { "" };
        let counted =
            self.say(Phrase::StepNumber, &[("number", Value::Number(number)), ("total", Value::Number(plan.len()))]);
        self.push(format!("{mark}<b>{}</b>\n<i>{counted}</i>", self.step_name(step)));
        if known.irreversible && !done {
            let open = self.session.open_before(self.graph, step, self.situation);
            if open.is_empty() {
                self.push(self.phrase(Phrase::StepIrreversible));
            } else {
                let list = self.step_list(&open);
                self.push(self.say(Phrase::StepNotYet, &[("list", Value::Html(&list))]));
            }
        }
        self.push(self.get(&format!("{key}.do")));
        for note in known.notes.iter().filter(|note| note.when.holds(values)) {
            self.push(format!("\u{1F4A1} {}", self.get(&format!("{key}.note-{}", note.id.name))));
        }
        if known.hotline {
            let contacts = self.contact_lines();
            self.push(format!("{}\n{contacts}", self.phrase(Phrase::StepContacts)));
        }
        let why = self.get(&format!("{key}.why"));
        self.push(format!("<i>{}</i>", self.say(Phrase::StepWhy, &[("value", Value::Html(why))])));

        let papers: Vec<usize> = self.graph.papers_of(&[step], values);
        if !papers.is_empty() {
            self.push(self.phrase(Phrase::StepPapers));
        }
        for paper in papers {
            self.paper_choice(paper, Some(known.id.name.clone()));
        }
        self.asked_choices(step);
        if !done_by_answer(self.graph, step) {
            let phrase = if done { Phrase::BtnUndo } else { Phrase::BtnDone };
            let press = Press::Tick { item: Item::Step(known.id.name.clone()), on: !done, from: None };
            self.choice(self.phrase(phrase), &press);
        }
        self.aside(Phrase::BtnWhy, Show::Why(known.id.name.clone()));
        if !done {
            self.remind_aside(About::Step(known.id.name.clone()));
        }
        self.aside(Phrase::BtnPlan, Show::Plan);
    }

    /// The answers that a step asks for: the options themselves when it asks one thing, else one button a question.
    fn asked_choices(&mut self, step: usize) {
        let unsettled = |question: &usize| {
            let asked = &self.graph.questions[*question];
            let value = self.situation.values[*question];
            let unsure = asked.option(UNSURE).is_some_and(|option| value == 1 << option);
            unsure || asked.later || self.graph.steps[step].asks.len() == 1
        };
        let asks: Vec<usize> = self.graph.steps[step].asks.iter().copied().filter(unsettled).collect();
        if let [question] = asks[..]
            && !self.graph.questions[question].many
        {
            for option in 0..self.graph.questions[question].options.len() {
                let current = self.situation.values[question] == 1 << option;
                if !current && self.graph.questions[question].options[option].name != UNSURE {
                    self.choice(self.option_name(question, option), &self.answer_press(question, option));
                }
            }
            return;
        }
        for question in asks {
            let label = self.say(Phrase::BtnKnow, &[("name", Value::Html(self.question_name(question)))]);
            self.choice(label, &Press::Show(Show::Question(self.graph.questions[question].id.name.clone())));
        }
    }

    fn why(&mut self, step: usize) {
        let known = &self.graph.steps[step];
        self.push(format!("<b>{}</b>", self.step_name(step)));
        self.push(self.get(&format!("s-{}.why", known.id.name)));
        let causes: Vec<usize> =
            known.when.table(&self.situation.values).into_iter().flatten().map(|atom| atom.question).collect();
        if causes.is_empty() {
            self.push(self.phrase(Phrase::WhyAlways));
        } else {
            self.push(self.phrase(Phrase::WhyChange));
            self.push(self.phrase(Phrase::WhyBecause));
        }
        for question in causes {
            self.change_choice(question);
        }
        let label = format!("\u{21A9}\u{FE0F} {}", self.step_name(step));
        let press = Press::Show(Show::Step(known.id.name.clone())).encode();
        self.choices.push(Choice { label, press, place: Place::Aside });
    }

    fn change_choice(&mut self, question: usize) {
        let stored = self.session.answer(&self.graph.questions[question]);
        let label = self.named_answer(question, stored);
        self.listed(label, &Press::Show(Show::Question(self.graph.questions[question].id.name.clone())));
    }

    fn paper_line(&self, paper: usize) -> String {
        let mark = if self.session.paper_ready(self.graph, paper) { "\u{2705}" } else { "\u{2B1C}" };
        format!("{mark} {}", self.get(&format!("p-{}", self.graph.papers[paper].name)))
    }

    fn paper_choice(&mut self, paper: usize, from: Option<String>) {
        let on = self.session.paper_ready(self.graph, paper);
        let name = self.graph.papers[paper].name.clone();
        let label = plain(&self.paper_line(paper));
        self.listed(label, &Press::Tick { item: Item::Paper(name), on: !on, from });
    }

    fn papers(&mut self) {
        self.heading(Phrase::PapersTitle);
        let Situation { values, open, .. } = self.situation;
        let papers: Vec<usize> = if self.situation.next.is_none() {
            self.graph.papers_of(&self.graph.plan(values), values)
        } else {
            self.push(self.phrase(Phrase::PapersMaybe));
            let possible = |paper: &usize| {
                let name = &self.graph.papers[*paper].name;
                self.graph.steps.iter().filter(|step| step.when.possible(values, open)).any(|step| {
                    step.papers.iter().any(|part| part.id.name == *name && part.when.possible(values, open))
                })
            };
            (0..self.graph.papers.len()).filter(possible).collect()
        };
        if papers.is_empty() {
            self.push(self.phrase(Phrase::PapersNone));
        } else {
            self.push(self.phrase(Phrase::PapersHint));
        }
        for paper in papers {
            self.paper_choice(paper, None);
        }
        self.remind_aside(About::Papers);
        self.navigation();
    }

    fn contact_lines(&self) -> String {
        let (values, open) = (&self.situation.values, &self.situation.open);
        let fits = self.graph.contacts.iter().filter(|contact| contact.when.possible(values, open));
        let lines = fits.map(|contact| format!("• {}", self.get(&format!("c-{}", contact.id.name))));
        lines.collect::<Vec<_>>().join("\n")
    }

    fn contacts(&mut self) {
        self.heading(Phrase::ContactsTitle);
        self.push(self.contact_lines());
        self.remind_aside(About::Hotline);
        self.navigation();
    }

    fn topic(&mut self, topic: usize) {
        let key = format!("f-{}", self.graph.topics[topic].name);
        self.push(format!("<b>{}</b>", self.get(&key)));
        self.push(self.get(&format!("{key}.answer")));
        match self.situation.next {
            // A question of interest is answered, and the talk goes on where it was.
            Some(question) => {
                self.push("\u{2014}\u{2014}\u{2014}");
                self.question(question, true);
            }
            None => self.navigation(),
        }
    }

    fn answers(&mut self) {
        self.heading(Phrase::AnswersTitle);
        // What was told ahead of its question counts as soon as the questions before it are answered.
        let told = |question: usize| self.session.answer(&self.graph.questions[question]) != 0;
        let known = |question: &usize| {
            self.situation.values[*question] != 0 || (self.situation.open[*question] && told(*question))
        };
        let answered: Vec<usize> = (0..self.graph.questions.len()).filter(known).collect();
        if answered.is_empty() {
            self.push(self.phrase(Phrase::AnswersNone));
        } else {
            self.push(self.phrase(Phrase::AnswersHint));
        }
        for question in answered {
            self.change_choice(question);
        }
        let start_over = Choice {
            label: self.phrase(Phrase::BtnStartOver).to_owned(),
            press: Press::StartOver.encode(),
            place: Place::Aside,
        };
        self.choices.push(start_over);
        self.aside(Phrase::BtnBack, Show::Here);
    }

    /// What an edit would take and bring, before it is made.
    fn confirm(&mut self, answers: &[(usize, Options)]) {
        let mut changed = self.session.clone();
        for (question, options) in answers {
            changed.set_answer(&self.graph.questions[*question], *options);
        }
        let after = changed.situation(self.graph);
        let value = self.answer_list(answers);
        self.push(self.say(Phrase::ConfirmAsk, &[("value", Value::Html(&value))]));
        let mut lines = Vec::new();
        for step in self.graph.plan(&self.situation.values) {
            if self.graph.steps[step].when.possible(&after.values, &after.open) {
                continue;
            }
            let done = self.session.step_done(self.graph, step, self.situation);
            let phrase = if done { Phrase::ConfirmLeavesDone } else { Phrase::ConfirmLeaves };
            lines.push(self.say(phrase, &[("name", Value::Html(self.step_name(step)))]));
        }
        for step in self.graph.plan(&after.values) {
            if !self.graph.steps[step].when.holds(&self.situation.values) {
                lines.push(self.say(Phrase::ConfirmComes, &[("name", Value::Html(self.step_name(step)))]));
            }
        }
        self.push(lines.join("\n"));
        let seen = self.session.fingerprint();
        self.choice(self.phrase(Phrase::BtnApply), &Press::Confirm { yes: true, seen });
        self.choice(self.phrase(Phrase::BtnKeep), &Press::Confirm { yes: false, seen });
    }

    fn did_you_mean(&mut self, meanings: &[Meaning]) {
        self.push(self.phrase(Phrase::DidYouMean));
        for meaning in meanings {
            match *meaning {
                Meaning::Option { question, option } => {
                    let label = self.named_answer(question, 1 << option);
                    self.choice(label, &self.answer_press(question, option));
                }
                Meaning::Topic(topic) => {
                    let press = Press::Show(Show::Topic(self.graph.topics[topic].name.clone()));
                    self.choice(self.topic_name(topic), &press);
                }
            }
        }
        let none = self.phrase(Phrase::NoneOfThese).to_owned();
        self.choices.push(Choice { label: none, press: Press::Show(Show::Here).encode(), place: Place::Aside });
    }
}

/// Reminders: what, when, where, and what is said when the time comes.
impl Page<'_> {
    fn zone(&self) -> TimeZone {
        self.session.time_zone(self.get(ZONE_GUESS))
    }

    /// The name of a zone in the person's language.
    fn zone_name(&self, zone: &TimeZone) -> String {
        let name = zone.iana_name().unwrap_or("UTC");
        match self.graph.zones.iter().find(|known| known.name == name) {
            Some(known) => self.get(&format!("z-{}", known.id.name)).to_owned(),
            None => name.to_owned(),
        }
    }

    /// What the clock shows there now.
    fn clock(&self, zone: &TimeZone) -> String {
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

    fn due_text(&self, reminder: &Reminder) -> String {
        self.instant_text(reminder.due.instant(&self.zone()))
    }

    fn about_name(&self, about: &About) -> String {
        match about {
            About::Hotline => self.phrase(Phrase::RemindAboutHotline).to_owned(),
            About::Papers => self.phrase(Phrase::RemindAboutPapers).to_owned(),
            About::Step(name) => {
                self.graph.step(name).map_or_else(|| name.clone(), |step| self.step_name(step).to_owned())
            }
        }
    }

    fn remind_aside(&mut self, about: About) {
        let press = Press::Remind { about, preset: None, replaces: None }.encode();
        self.choices.push(Choice { label: self.phrase(Phrase::BtnRemind).to_owned(), press, place: Place::Aside });
    }

    fn remind_menu(&mut self) {
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

    fn when(&mut self, about: &About, replaces: Option<u32>, choices: &[i64]) {
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

    fn zones(&mut self, guess: Option<usize>) {
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

    fn reminders(&mut self) {
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

    fn reminder(&mut self, number: u32) {
        let Some(reminder) = self.session.reminders.iter().find(|reminder| reminder.number == number) else { return };
        self.push(format!("<b>\u{23F0} {}</b>\n{}", self.about_name(&reminder.about), self.due_text(reminder)));
        let change = Press::Remind { about: reminder.about.clone(), preset: None, replaces: Some(number) };
        self.choice(self.phrase(Phrase::BtnChangeTime), &change);
        self.choice(self.phrase(Phrase::BtnCancelReminder), &Press::CancelReminder(number));
        self.choice(self.phrase(Phrase::BtnCalendar), &Press::Calendar(number));
        self.aside(Phrase::BtnReminders, Show::Reminders);
        self.aside(Phrase::BtnBack, Show::Here);
    }

    fn calendar(&mut self, number: u32) {
        let Some(reminder) = self.session.reminders.iter().find(|reminder| reminder.number == number) else { return };
        let zone = self.zone();
        let name = self.about_name(&reminder.about);
        let details = match &reminder.about {
            About::Hotline => self.contact_lines(),
            About::Papers => self.missing_papers(),
            About::Step(name) => self.get(&format!("s-{name}.do")).to_owned(),
        };
        let entry = calendar::Entry {
            number,
            title: &plain(&name),
            details: &plain(&details),
            instant: reminder.due.instant(&zone),
            zone: &zone,
            now: self.now,
        };
        self.file = Some(File { name: format!("simoff-{number}.ics"), text: calendar::write(&entry) });
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
    fn reminded(&mut self, fired: &[Fired]) {
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

/// How long a screen is for Telegram, which counts UTF-16 units after parsing entities: its text and its list.
pub fn units(screen: &Screen) -> usize {
    /// A number, its full stop, a space and a line break.
    const PER_LINE: usize = 5;
    let listed = screen.choices.iter().filter(|choice| choice.place == Place::Listed);
    let listed: usize = listed.map(|choice| choice.label.encode_utf16().count() + PER_LINE).sum();
    plain(&screen.text).encode_utf16().count() + listed
}

/// Every step in every situation that changes how it looks, in every language: the screens that do not fit.
pub fn check_lengths(dialogue: &Dialogue, problems: &mut Vec<Problem>) {
    let graph = &dialogue.graph;
    for (index, step) in graph.steps.iter().enumerate() {
        let parts = step.papers.iter().chain(&step.notes).map(|part| &part.when);
        let contacts = graph.contacts.iter().filter(|_| step.hotline).map(|contact| &contact.when);
        let guards = parts.chain(contacts).chain([&step.when]);
        let too_long = visit_cone(graph, guards, &mut |values| {
            if !step.when.holds(values) {
                return ControlFlow::Continue(());
            }
            let session = Session::with_values(graph, values);
            let reply = Reply { notes: Vec::new(), view: View::Step(index) };
            for language in &graph.languages {
                let screen = screen(dialogue, language, &session, &reply, Timestamp::UNIX_EPOCH);
                if units(&screen) > MAX_SCREEN_UNITS || screen.choices.len() > MAX_CHOICES {
                    return ControlFlow::Break((language.clone(), units(&screen), describe(graph, values)));
                }
            }
            ControlFlow::Continue(())
        });
        if let ControlFlow::Break((language, units, situation)) = too_long {
            let message =
                format!("the step `{}` takes {units} units in {language}; {MAX_SCREEN_UNITS} fit", step.id.name);
            problems.push(Problem::error(&graph.file, step.id.span.clone(), message).help(situation));
        }
    }
}
