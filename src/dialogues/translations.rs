//! Which source line each translation was made from: `translations.toml`, a lock file that `simoff translated` writes.
//!
//! A message of a language is up to date when the fingerprint noted for it is that of the source line of today. Lists of
//! words to understand are no translations of each other, so they do not count.

use std::collections::BTreeMap;
use std::fmt::Write;

use toml::de::DeValue;

use super::texts::{Language, TextEntry};
use super::toml_reader::document;
use super::{Dialogue, Problem, Source};

/// The lock file, as a key of [`Source`].
pub const FILE: &str = "translations.toml";

/// How many stale translations are named one by one; more come as a number.
const NAMED: usize = 10;

/// FNV-1a: small, stable over versions and machines, and a collision gains nothing.
pub fn fnv1a(bytes: impl IntoIterator<Item = u8>) -> u32 {
    bytes.into_iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

/// Per message and language, the fingerprint of the source line that was translated.
pub type Lock = BTreeMap<String, BTreeMap<String, u32>>;

/// Reads the lock file; empty when there is none.
pub fn read_lock(source: &Source, problems: &mut Vec<Problem>) -> Lock {
    let document = document(FILE, source.text(FILE), problems);
    let mut lock = Lock::new();
    for (message, languages) in document.get_ref() {
        let DeValue::Table(table) = languages.get_ref() else {
            problems.push(Problem::error(FILE, languages.span(), "a message has a table of languages"));
            continue;
        };
        for (language, fingerprint) in table {
            let number = match fingerprint.get_ref() {
                DeValue::String(text) => u32::from_str_radix(text, 16).ok(),
                _ => None,
            };
            match number {
                Some(number) => {
                    let languages = lock.entry(message.get_ref().to_string()).or_default();
                    languages.insert(language.get_ref().to_string(), number);
                }
                None => problems.push(
                    Problem::error(FILE, fingerprint.span(), "this is not a fingerprint")
                        .help("the file is written by `simoff translated`, not by hand"),
                ),
            }
        }
    }
    lock
}

/// The messages of a language with the fingerprint of what they say: the value and all attributes but lists of words.
fn fingerprints(language: &Language) -> BTreeMap<&str, u32> {
    let mut said: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
    for (key, entry) in language.entries.iter().filter(|(key, _)| is_said(key)) {
        let message = key.split('.').next().unwrap_or(key);
        let bytes = said.entry(message).or_default();
        bytes.extend(key.bytes().chain([0]).chain(entry.source.bytes()).chain([0]));
    }
    said.into_iter().map(|(message, bytes)| (message, fnv1a(bytes))).collect()
}

/// Whether a key holds something that is said, and not words to understand or settings of a language.
fn is_said(key: &str) -> bool {
    let words = key.ends_with(".words") || key.ends_with("-words") || key.starts_with("words-");
    !words && !key.starts_with("time-") && !key.starts_with("zone-")
}

/// The first language, from which the others are translated, and those others.
fn languages(dialogue: &Dialogue) -> Option<(&Language, &[String])> {
    let (first, others) = dialogue.graph.languages.split_first()?;
    Some((dialogue.texts.languages.get(first)?, others))
}

/// Warns of every translation that is older than its source line.
pub fn check(dialogue: &Dialogue, lock: &Lock, problems: &mut Vec<Problem>) {
    let Some((source, others)) = languages(dialogue) else { return };
    let wanted = fingerprints(source);
    for tag in others {
        let Some(language) = dialogue.texts.languages.get(tag) else { continue };
        let is_stale = |message: &str| {
            let noted = lock.get(message).and_then(|languages| languages.get(tag));
            wanted.get(message).is_some_and(|wanted| noted != Some(wanted))
        };
        let message_of = |key: &str| key.split('.').next().unwrap_or(key).to_owned();
        let mut stale: Vec<(String, &TextEntry)> = Vec::new();
        for (key, entry) in language.entries.iter().filter(|(key, _)| is_said(key)) {
            let message = message_of(key);
            if is_stale(&message) && stale.last().is_none_or(|(last, _)| *last != message) {
                stale.push((message, entry));
            }
        }
        for (message, entry) in stale.iter().take(NAMED) {
            let text = format!("`{message}` in {tag} is older than its source line");
            problems.push(
                Problem::warning(&entry.file, entry.span.clone(), text)
                    .help(format!("translate it anew, then run `simoff translated {tag} --dialogues DIR`")),
            );
        }
        if stale.len() > NAMED {
            let text = format!("{} more messages in {tag} are older than their source lines", stale.len() - NAMED);
            problems.push(Problem::warning(&stale[NAMED].1.file, stale[NAMED].1.span.clone(), text));
        }
    }
}

/// The lock file after someone has read every message of these languages against its source, and how many messages
/// were not up to date before. An empty list means every language.
pub fn renewed(dialogue: &Dialogue, lock: &Lock, only: &[String]) -> (String, usize) {
    let Some((source, others)) = languages(dialogue) else { return (String::new(), 0) };
    let mut out = String::from(
        "# Which source line each translation was made from. Written by `simoff translated`; do not edit by hand.\n",
    );
    let mut renewed = 0;
    for (message, now) in fingerprints(source) {
        let noted = lock.get(message);
        let cells = others.iter().filter_map(|tag| {
            let before = noted.and_then(|languages| languages.get(tag)).copied();
            let marked = only.is_empty() || only.contains(tag);
            renewed += usize::from(marked && before != Some(now));
            let fingerprint = if marked { Some(now) } else { before };
            fingerprint.map(|fingerprint| format!("{tag} = \"{fingerprint:08x}\""))
        });
        let cells = cells.collect::<Vec<_>>().join(", ");
        let _ = writeln!(out, "{message} = {{ {cells} }}");
    }
    (out, renewed)
}
