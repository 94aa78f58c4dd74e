//! For the counter and for no network: the two-language card, and the plan as one file that opens anywhere.

use super::{File, ScreenBuilder};
use crate::dialogues::texts::{Phrase, Value, escape};
use crate::engine::Show;
use crate::engine::recover::CODE_DAYS;

/// The look of the file: system fonts, light and dark, a phone and an A4 page. Nothing is loaded from anywhere.
const STYLE: &str = "\
:root{color-scheme:light dark}\
body{font:1rem/1.5 system-ui,sans-serif;max-width:42rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}\
h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 .3rem}\
p{margin:.4rem 0}ul{padding-left:1.2rem}li{margin:.2rem 0}\
.meta,.why{opacity:.75;font-size:.9rem}.note{border-left:3px solid;padding-left:.6rem}\
.card{border:2px solid;border-radius:.5rem;padding:1rem;margin:1rem 0;break-inside:avoid}\
.card .there{font-size:1.35rem;line-height:1.6}\
label{display:flex;gap:.5rem;align-items:baseline}\
@page{size:A4;margin:10mm}\
@media print{body{font-size:8pt;line-height:1.25;max-width:none;padding:0;columns:2;column-gap:7mm}h1{margin:0}\
h2{font-size:9pt;margin:.5rem 0 0;break-after:avoid}p{margin:.1rem 0}.why{display:none}.card{padding:.5rem;margin:.5rem 0}\
.card .there{font-size:11pt;line-height:1.4}.meta{font-size:6.5pt}}";

impl ScreenBuilder<'_> {
    /// The lines of the card in a language: what fits the situation as far as it is known.
    fn card_lines(&self, language: &str) -> Vec<String> {
        let lines = self.graph.lines.iter().filter(|line| line.when.holds(&self.situation.values));
        lines.map(|line| self.dialogue.texts.get(language, &format!("k-{}", line.id.name)).to_owned()).collect()
    }

    /// A recovery code, to be written down.
    pub(super) fn code(&mut self, code: &str) {
        self.heading(Phrase::CodeTitle);
        self.push(format!("<code>{code}</code>"));
        let days = usize::try_from(CODE_DAYS).unwrap_or(0);
        self.push(self.say(Phrase::CodeHint, &[("number", Value::Number(days))]));
        self.navigation();
    }

    pub(super) fn card(&mut self) {
        self.heading(Phrase::CardTitle);
        let counter = &self.graph.counter;
        self.held_up = Some(counter.clone());
        self.push(format!("<code>{}</code>", self.card_lines(counter).join("\n")));
        self.push(self.phrase(Phrase::CardHint));
        if self.language != counter {
            let own = self.card_lines(self.language).join("\n");
            self.push(format!("<i>{}</i>\n{own}", self.phrase(Phrase::CardOwn)));
        }
        self.navigation();
    }

    pub(super) fn pack(&mut self) {
        self.file = Some(File { name: "simoff-plan.html".into(), text: self.pack_html() });
        self.push(self.phrase(Phrase::PackNote));
        self.aside(Phrase::BtnPlan, Show::Plan);
        self.aside(Phrase::BtnCard, Show::Card);
    }

    fn pack_html(&self) -> String {
        let plan = self.graph.plan(&self.situation.values);
        let title = self.phrase(Phrase::PlanTitle);
        let date = self.today().to_string();
        let made = self.say(Phrase::PackMade, &[("date", Value::Text(&date))]);
        let mut html = format!(
            "<!doctype html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <title>simoff</title><style>{STYLE}</style></head><body>\n<h1>{title}</h1>\n<p class=\"meta\">{made}</p>\n",
            self.language
        );
        for (number, step) in plan.iter().enumerate() {
            html += &self.step_html(number + 1, *step);
        }
        html += &self.card_html();
        let by_letter = |step: &usize| {
            self.graph.steps[*step].letter.as_ref().is_some_and(|guard| guard.holds(&self.situation.values))
        };
        if plan.iter().any(by_letter) {
            html += &self.letter_html();
        }
        html += &self.sources_html(&plan);
        html + "</body></html>\n"
    }

    fn step_html(&self, number: usize, step: usize) -> String {
        let known = &self.graph.steps[step];
        let key = format!("s-{}", known.id.name);
        let done = self.session.step_done(self.graph, step, self.situation);
        let mut html =
            format!("<section><h2>{}</h2>\n", tickable(&format!("{number}. {}", self.step_name(step)), done));
        if known.irreversible {
            html += &format!("<p><strong>{}</strong></p>\n", self.phrase(Phrase::StepIrreversible));
        }
        html += &format!("<p>{}</p>\n", breaks(self.get(&format!("{key}.do"))));
        for note in known.notes.iter().filter(|note| note.when.holds(&self.situation.values)) {
            html += &format!("<p class=\"note\">{}</p>\n", breaks(self.get(&format!("{key}.note-{}", note.id.name))));
        }
        for paper in self.graph.papers_of(&[step], &self.situation.values) {
            let name = self.get(&format!("p-{}", self.graph.papers[paper].name));
            html += &tickable(name, self.session.paper_ready(self.graph, paper));
        }
        let why = self.say(Phrase::StepWhy, &[("value", Value::Html(self.get(&format!("{key}.why"))))]);
        html + &format!("<p class=\"why\">{why}</p></section>\n")
    }

    fn card_html(&self) -> String {
        let contacts = breaks(&self.contact_lines());
        let counter = &self.graph.counter;
        let there = self.card_lines(counter).join("<br>");
        let mut html = format!(
            "<h2>{}</h2>\n<p>{contacts}</p>\n\
             <section class=\"card\"><h2>{}</h2>\n<p class=\"there\" lang=\"{counter}\">{there}</p>\n",
            self.phrase(Phrase::ContactsTitle),
            self.phrase(Phrase::CardTitle)
        );
        if self.language != counter {
            html += &format!("<p>{}</p>\n", self.card_lines(self.language).join("<br>"));
        }
        html + "</section>\n"
    }

    fn letter_html(&self) -> String {
        let counter = &self.graph.counter;
        let letter = breaks(self.dialogue.texts.get(counter, "letter"));
        let mut html = format!(
            "<section class=\"card\"><h2>{}</h2>\n<p class=\"meta\">{}</p>\n<p lang=\"{counter}\">{letter}</p>\n",
            self.phrase(Phrase::PackLetter),
            self.phrase(Phrase::PackLetterHint)
        );
        if self.language != counter {
            html += &format!("<p>{}</p>\n", breaks(self.get("letter")));
        }
        html + "</section>\n"
    }

    fn sources_html(&self, plan: &[usize]) -> String {
        let keys: Vec<String> = plan.iter().flat_map(|step| self.step_keys(*step)).collect();
        // Each page once, however many facts were read on it.
        let mut pages: Vec<(String, String)> =
            self.facts_of(&keys).into_iter().map(|fact| (fact.source.clone(), fact.checked.to_string())).collect();
        pages.sort();
        pages.dedup();
        let line = |(page, date): &(String, String)| format!("<li>{} · {date}</li>\n", escape(page));
        let lines: String = pages.iter().map(line).collect();
        format!("<h2>{}</h2>\n<ul class=\"meta\">{lines}</ul>\n", self.phrase(Phrase::PackSources))
    }
}

/// A line with a box to tick.
fn tickable(text: &str, ticked: bool) -> String {
    let checked = if ticked { " checked" } else { "" };
    format!("<label><input type=\"checkbox\"{checked}> <span>{text}</span></label>\n")
}

/// Lines of a text as lines of a page.
fn breaks(text: &str) -> String {
    text.replace('\n', "<br>")
}
