//! "Where from?": the facts behind a step, a topic or the contacts, with their source and their age.

use super::ScreenBuilder;
use crate::dialogues::facts::Fact;
use crate::dialogues::texts::{Phrase, Value};
use crate::engine::{Press, Show};

impl ScreenBuilder<'_> {
    /// The texts that a step shows in this situation.
    pub(super) fn step_keys(&self, step: usize) -> Vec<String> {
        let known = &self.graph.steps[step];
        let key = format!("s-{}", known.id.name);
        let notes = known.notes.iter().filter(|note| note.when.holds(&self.situation.values));
        let mut keys: Vec<String> = notes.map(|note| format!("{key}.note-{}", note.id.name)).collect();
        keys.extend([format!("{key}.do"), format!("{key}.why")]);
        if known.hotline {
            keys.extend(self.contact_keys());
        }
        keys
    }

    fn contact_keys(&self) -> Vec<String> {
        let (values, open) = (&self.situation.values, &self.situation.open);
        let fits = self.graph.contacts.iter().filter(|contact| contact.when.possible(values, open));
        fits.map(|contact| format!("c-{}", contact.id.name)).collect()
    }

    fn topic_keys(&self, topic: usize) -> Vec<String> {
        vec![format!("f-{}.answer", self.graph.topics[topic].name)]
    }

    /// The facts that texts quote, each once, in the order of the facts file.
    pub(super) fn facts_of(&self, keys: &[String]) -> Vec<&Fact> {
        let texts = &self.dialogue.texts;
        let quoted: Vec<&str> = keys.iter().flat_map(|key| texts.quoted(self.language, key)).collect();
        self.dialogue.facts.list.iter().filter(|fact| quoted.contains(&fact.id.value.as_str())).collect()
    }

    /// A warning where something quoted is past its date.
    fn warn_if_stale(&mut self, keys: &[String]) {
        let today = self.today();
        if self.facts_of(keys).iter().any(|fact| fact.is_stale(today)) {
            self.push(format!("\u{26A0}\u{FE0F} {}", self.phrase(Phrase::StaleNote)));
        }
    }

    pub(super) fn warn_if_step_stale(&mut self, step: usize) {
        self.warn_if_stale(&self.step_keys(step));
    }

    pub(super) fn warn_if_topic_stale(&mut self, topic: usize) {
        self.warn_if_stale(&self.topic_keys(topic));
    }

    pub(super) fn warn_if_contacts_stale(&mut self) {
        self.warn_if_stale(&self.contact_keys());
    }

    pub(super) fn step_sources(&mut self, step: usize) {
        let name = self.step_name(step).to_owned();
        self.sources(&name, &self.step_keys(step));
        let show = Show::Step(self.graph.steps[step].id.name.clone());
        self.choice(format!("\u{21A9}\u{FE0F} {name}"), &Press::Show(show));
    }

    pub(super) fn topic_sources(&mut self, topic: usize) {
        let name = self.topic_name(topic).to_owned();
        self.sources(&name, &self.topic_keys(topic));
        let show = Show::Topic(self.graph.topics[topic].name.clone());
        self.choice(format!("\u{21A9}\u{FE0F} {name}"), &Press::Show(show));
    }

    pub(super) fn contact_sources(&mut self) {
        let name = self.phrase(Phrase::ContactsTitle).to_owned();
        self.sources(&name, &self.contact_keys());
        self.choice(format!("\u{21A9}\u{FE0F} {name}"), &Press::Show(Show::Contacts));
    }

    fn sources(&mut self, name: &str, keys: &[String]) {
        self.push(format!("<b>{}</b>", self.say(Phrase::SourcesTitle, &[("name", Value::Html(name))])));
        let today = self.today();
        let lines: Vec<String> = self.facts_of(keys).into_iter().map(|fact| self.source_line(fact, today)).collect();
        if lines.is_empty() {
            self.push(self.phrase(Phrase::SourcesNone));
        }
        for line in lines {
            self.push(line);
        }
    }

    fn source_line(&self, fact: &Fact, today: jiff::civil::Date) -> String {
        let phrase = match fact.confidence.as_str() {
            "official" => Phrase::SourceOfficial,
            "news" => Phrase::SourceNews,
            _ => Phrase::SourceThirdParty,
        };
        let checked = fact.checked.to_string();
        let said = self.say(phrase, &[("value", Value::Text(&fact.source)), ("date", Value::Text(&checked))]);
        let value = crate::dialogues::texts::escape(&fact.value.value);
        // A page that is itself the fact need not be printed twice.
        let value = if fact.value.value == fact.source { String::new() } else { format!("<b>{value}</b>\n") };
        let stale = if fact.is_stale(today) {
            format!("\n\u{26A0}\u{FE0F} {}", self.phrase(Phrase::SourceStale))
        } else {
            String::new()
        };
        format!("{value}{said}{stale}")
    }

    pub(super) fn today(&self) -> jiff::civil::Date {
        self.now.to_zoned(jiff::tz::TimeZone::UTC).date()
    }
}
