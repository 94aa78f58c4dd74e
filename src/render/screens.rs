//! The screens of the talk itself: questions, the plan and its steps, papers, contacts, answers.

use super::{Choice, Place, ScreenBuilder, plain};
use crate::dialogues::graph::{OptionSet, Situation, UNSURE};
use crate::dialogues::texts::{Phrase, Value};
use crate::dialogues::words::Meaning;
use crate::engine::session::{About, Item, done_by_answer};
use crate::engine::{Press, Show};

impl ScreenBuilder<'_> {
    pub(super) fn question(&mut self, question: usize, offer_why: bool) {
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

    pub(super) fn plan(&mut self) {
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
        self.aside(Phrase::BtnPack, Show::Pack);
        self.aside(Phrase::BtnAnswers, Show::Answers);
    }

    pub(super) fn step(&mut self, step: usize) {
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
                self.push(self.phrase(Phrase::StepCode));
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
        self.warn_if_step_stale(step);

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
        self.aside(Phrase::BtnSources, Show::StepSources(known.id.name.clone()));
        if known.irreversible && !done {
            self.aside(Phrase::BtnCode, Show::Code);
            self.aside(Phrase::BtnCard, Show::Card);
        }
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

    pub(super) fn why(&mut self, step: usize) {
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

    pub(super) fn paper_line(&self, paper: usize) -> String {
        let mark = if self.session.paper_ready(self.graph, paper) { "\u{2705}" } else { "\u{2B1C}" };
        format!("{mark} {}", self.get(&format!("p-{}", self.graph.papers[paper].name)))
    }

    fn paper_choice(&mut self, paper: usize, from: Option<String>) {
        let on = self.session.paper_ready(self.graph, paper);
        let name = self.graph.papers[paper].name.clone();
        let label = plain(&self.paper_line(paper));
        self.listed(label, &Press::Tick { item: Item::Paper(name), on: !on, from });
    }

    pub(super) fn papers(&mut self) {
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

    pub(super) fn contact_lines(&self) -> String {
        let (values, open) = (&self.situation.values, &self.situation.open);
        let fits = self.graph.contacts.iter().filter(|contact| contact.when.possible(values, open));
        let lines = fits.map(|contact| format!("• {}", self.get(&format!("c-{}", contact.id.name))));
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(super) fn contacts(&mut self) {
        self.heading(Phrase::ContactsTitle);
        self.push(self.contact_lines());
        self.warn_if_contacts_stale();
        self.aside(Phrase::BtnSources, Show::ContactSources);
        self.remind_aside(About::Hotline);
        self.navigation();
    }

    pub(super) fn topic(&mut self, topic: usize) {
        let key = format!("f-{}", self.graph.topics[topic].name);
        self.push(format!("<b>{}</b>", self.get(&key)));
        self.push(self.get(&format!("{key}.answer")));
        self.warn_if_topic_stale(topic);
        match self.situation.next {
            // A question of interest is answered, and the talk goes on where it was.
            Some(question) => {
                self.push("\u{2014}\u{2014}\u{2014}");
                self.question(question, true);
                self.aside(Phrase::BtnSources, Show::TopicSources(self.graph.topics[topic].name.clone()));
            }
            None => {
                self.aside(Phrase::BtnSources, Show::TopicSources(self.graph.topics[topic].name.clone()));
                self.navigation();
            }
        }
    }

    pub(super) fn answers(&mut self) {
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
    pub(super) fn confirm(&mut self, answers: &[(usize, OptionSet)]) {
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

    pub(super) fn did_you_mean(&mut self, meanings: &[Meaning]) {
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
