//! Dated, sourced values. Texts quote them by id; nothing else in the program knows a number or an address.

use jiff::civil::Date;

use super::Problem;
use super::toml_reader::{At, TomlReader, document};

/// What kinds of facts there are. `emergency` numbers are listed so that they can never become a hotline.
const KINDS: [&str; 11] =
    ["hotline", "emergency", "ussd", "email", "site", "app", "address", "price", "period", "date", "name"];

/// Who says so: the operator, regulator or ministry itself; a news site; anyone else.
const CONFIDENCES: [&str; 3] = ["official", "news", "third_party"];

/// One fact.
#[derive(Debug, Clone)]
pub struct Fact {
    pub id: At<String>,
    pub value: At<String>,
    pub kind: String,
    /// The page it was read on.
    pub source: String,
    pub confidence: String,
    /// When a person last read that page.
    pub checked: Date,
    /// When it must be read again.
    pub recheck: At<Date>,
}

impl Fact {
    /// Whether it must be read again before it is relied on.
    pub fn is_stale(&self, today: Date) -> bool {
        self.recheck.value <= today
    }

    /// The digits of the value: `*1111` and `1111` reach the same desk.
    pub fn digits(&self) -> String {
        self.value.value.chars().filter(char::is_ascii_digit).collect()
    }
}

/// All facts of a dialogue.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    pub file: String,
    pub list: Vec<Fact>,
}

impl Facts {
    /// The fact called `id`.
    pub fn get(&self, id: &str) -> Option<&Fact> {
        self.list.iter().find(|fact| fact.id.value == id)
    }
}

/// All facts by age, the ones to read again first; for the maintainer.
pub fn table(facts: &Facts, today: Date) -> String {
    use std::fmt::Write;
    let mut list: Vec<&Fact> = facts.list.iter().collect();
    list.sort_by_key(|fact| (fact.recheck.value, fact.checked, fact.id.value.clone()));
    let mut out =
        format!("{:<28} {:<34} {:<11} {:>10} {:>10}  source\n", "fact", "value", "says", "checked", "recheck");
    for fact in list {
        let mark = if fact.is_stale(today) { "  <- read again" } else { "" };
        let value: String = fact.value.value.chars().take(34).collect();
        let _ = writeln!(
            out,
            "{:<28} {value:<34} {:<11} {:>10} {:>10}  {}{mark}",
            fact.id.value, fact.confidence, fact.checked, fact.recheck.value, fact.source
        );
    }
    let stale = facts.list.iter().filter(|fact| fact.is_stale(today)).count();
    let _ = writeln!(out, "\n{} facts, {stale} to read again", facts.list.len());
    out
}

/// Reads `facts.toml`. What is wrong becomes a problem; the rest is read.
pub fn parse(file: &str, text: &str, problems: &mut Vec<Problem>) -> Facts {
    let document = document(file, text, problems);
    let mut top = TomlReader::new(file, "facts file", document.get_ref(), 0..0);
    let mut facts = Facts { file: file.to_owned(), list: Vec::new() };
    for mut fields in top.tables("fact", problems) {
        let fact = read_fact(file, &mut fields, problems);
        fields.finish(problems);
        let Some(fact) = fact else { continue };
        if facts.get(&fact.id.value).is_some() {
            let message = format!("`{}` is already taken by another fact", fact.id.value);
            problems.push(Problem::error(file, fact.id.span.clone(), message));
            continue;
        }
        facts.list.push(fact);
    }
    top.finish(problems);
    facts
}

fn read_fact(file: &str, fields: &mut TomlReader, problems: &mut Vec<Problem>) -> Option<Fact> {
    // Every field is read before any is judged, so that one run reports all that is missing.
    let id = fields.string("id", problems);
    let value = fields.string("value", problems);
    let kind = one_of(file, fields, "kind", &KINDS, problems);
    let source = fields.string("source", problems);
    let confidence = one_of(file, fields, "confidence", &CONFIDENCES, problems);
    let checked = fields.date("checked", problems);
    let recheck = fields.date("recheck", problems);
    if let Some(source) = &source
        && !source.value.starts_with("https://")
        && !source.value.starts_with("http://")
    {
        problems.push(Problem::error(file, source.span.clone(), "a source is the address of a page"));
    }
    Some(Fact {
        id: id?,
        value: value?,
        kind: kind?,
        source: source?.value,
        confidence: confidence?,
        checked: checked?.value,
        recheck: recheck?,
    })
}

fn one_of(
    file: &str,
    fields: &mut TomlReader,
    key: &'static str,
    known: &[&str],
    problems: &mut Vec<Problem>,
) -> Option<String> {
    let found = fields.string(key, problems)?;
    if known.contains(&found.value.as_str()) {
        return Some(found.value);
    }
    problems.push(
        Problem::error(file, found.span, format!("`{}` is not a {key}", found.value))
            .help(format!("known are: {}", known.join(", "))),
    );
    None
}
