//! Replies and texts become screens: a text and choices, the same for every channel.

mod calendar;
mod pack;
mod remind;
pub mod samples;
mod screens;
mod sources;

use std::ops::ControlFlow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::dialogues::analysis::{describe, visit_cone};
use crate::dialogues::graph::{Graph, OptionSet, Situation};
use crate::dialogues::texts::{Phrase, Value};
use crate::dialogues::{Dialogue, Problem};
use crate::engine::reply::{Note, Reply, View};
use crate::engine::session::{About, Session};
use crate::engine::when::{Preset, TimeError};
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
    /// It is to be held up to a reader of this language (IETF tag): what is in `<code>`, in large print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held_up: Option<String>,
}

/// A file to keep: a calendar entry, a plan, what is stored.
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
    /// What it does, as [`Press::encode`] writes it, or an address to open.
    pub press: String,
    pub place: Place,
}

impl Choice {
    /// The address that it opens, for a choice that leads out of the talk.
    pub fn address(&self) -> Option<&str> {
        self.press.starts_with("https://").then_some(&self.press)
    }
}

/// What a group is told: the way to the private talk.
pub fn invitation(dialogue: &Dialogue, language: &str, address: &str) -> Screen {
    let phrase = |phrase| dialogue.texts.phrase(language, phrase).to_owned();
    let way = Choice { label: phrase(Phrase::BtnGroup), press: address.to_owned(), place: Place::On };
    Screen { text: phrase(Phrase::GroupPrivate), choices: vec![way], file: None, held_up: None }
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
    const MARKUP: [(&str, &str); 9] = [
        ("<b>", ""),
        ("</b>", ""),
        ("<i>", ""),
        ("</i>", ""),
        ("<code>", ""),
        ("</code>", ""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    let (mut text, mut rest) = (String::with_capacity(html.len()), html);
    while let Some(start) = rest.find(['<', '&']) {
        text.push_str(&rest[..start]);
        rest = &rest[start..];
        // What is no markup of ours stands for itself.
        let known = MARKUP.iter().find(|(markup, _)| rest.starts_with(markup));
        let (markup, meaning) = known.copied().unwrap_or((&rest[..1], &rest[..1]));
        text.push_str(meaning);
        rest = &rest[markup.len()..];
    }
    text.push_str(rest);
    text
}

/// Renders one reply for one person.
pub fn screen(dialogue: &Dialogue, language: &str, session: &Session, reply: &Reply, now: Timestamp) -> Screen {
    let situation = session.situation(&dialogue.graph);
    let (graph, situation) = (&dialogue.graph, &situation);
    let mut page = ScreenBuilder {
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
        held_up: None,
    };
    for note in &reply.notes {
        page.note(note);
    }
    page.view(&reply.view);
    page.choices.append(&mut page.last);
    Screen { text: page.text.join("\n\n"), choices: page.choices, file: page.file, held_up: page.held_up }
}

/// One screen being composed: paragraphs and choices.
struct ScreenBuilder<'a> {
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
    held_up: Option<String>,
}

impl<'a> ScreenBuilder<'a> {
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
    fn answer_name(&self, question: usize, options: OptionSet) -> String {
        let positions = self.graph.questions[question].positions(options);
        positions.map(|option| self.option_name(question, option)).collect::<Vec<_>>().join(" + ")
    }

    fn named_answer(&self, question: usize, options: OptionSet) -> String {
        format!("{} = {}", self.question_name(question), self.answer_name(question, options))
    }

    fn answer_list(&self, answers: &[(usize, OptionSet)]) -> String {
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
            Note::TimeError(TimeError::Past) => self.phrase(Phrase::TroublePast).to_owned(),
            Note::TimeError(TimeError::NoSuchDay) => self.phrase(Phrase::TroubleNoSuchDay).to_owned(),
            Note::TimeError(TimeError::NoSuchTime) => self.phrase(Phrase::TroubleNoSuchTime).to_owned(),
            Note::TimeError(TimeError::TooFar) => self.phrase(Phrase::TroubleTooFar).to_owned(),
            Note::TimeError(TimeError::Ambiguous(_)) => self.phrase(Phrase::TroubleAmbiguous).to_owned(),
            Note::ZoneSet => {
                let zone = self.zone();
                let (name, time) = (self.zone_name(&zone), self.clock(&zone));
                self.say(Phrase::NoteZoneSet, &[("zone", Value::Html(&name)), ("time", Value::Text(&time))])
            }
            Note::Restored => self.phrase(Phrase::NoteRestored).to_owned(),
            Note::CodeUnknown => self.phrase(Phrase::NoteCodeUnknown).to_owned(),
            Note::CodeMisread => self.phrase(Phrase::NoteCodeMisread).to_owned(),
            Note::TooManyCodes => self.phrase(Phrase::NoteTooManyCodes).to_owned(),
            Note::NothingToKeep => self.phrase(Phrase::NoteNothingToKeep).to_owned(),
            Note::ContentAsks => self.phrase(Phrase::NoteContentAsks).to_owned(),
            Note::ContentChanged { comes, leaves } => {
                let line = |phrase, step: &usize| with_name(self, phrase, self.step_name(*step));
                let comes = comes.iter().map(|step| line(Phrase::ConfirmComes, step));
                let leaves = leaves.iter().map(|step| line(Phrase::ConfirmLeaves, step));
                let title = std::iter::once(self.phrase(Phrase::NoteContentChanged).to_owned());
                title.chain(comes).chain(leaves).collect::<Vec<_>>().join("\n")
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
            View::StepSources(step) => self.step_sources(*step),
            View::TopicSources(topic) => self.topic_sources(*topic),
            View::ContactSources => self.contact_sources(),
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
            View::Card => self.card(),
            View::Pack => self.pack(),
            View::Code(code) => self.code(code),
            View::Export => {
                self.push(self.phrase(Phrase::ExportNote));
                self.navigation();
            }
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
