//! The checks of the texts, in every language: what is missing, unused, too long, dangerous, or claimed twice.

use std::collections::BTreeSet;

use super::Checked;
use crate::dialogues::graph::Id;
use crate::dialogues::texts::{PHRASE_ARGUMENTS, Phrase, WORD_LISTS, ZONE_GUESS};
use crate::dialogues::words::{COMMANDS, Meaning, TIME_SERIES, TIME_WORDS};
use crate::dialogues::{Problem, Source};

/// The longest label of a button. Telegram sets no limit but cuts what does not fit a phone.
const MAX_LABEL_CHARS: usize = 64;

/// The longest description of a command (Bot API: BotCommand.description, 1–256 characters).
const MAX_COMMAND_CHARS: usize = 256;

/// How a bot presents itself, and how long that may be in characters (Bot API: setMyName 0–64,
/// setMyShortDescription 0–120, setMyDescription 0–512).
pub(super) const PROFILE: [(&str, usize); 3] =
    [("profile-name", 64), ("profile-short", 120), ("profile-description", 512)];

/// The longest sentence in words, where words are separated by spaces. Longer ones are read twice.
const MAX_SENTENCE_WORDS: usize = 30;

/// The longest Chinese sentence, in characters.
const MAX_SENTENCE_CHARS: usize = 70;

/// The tags that texts may use: what Telegram, the terminal and a page all know (Bot API: HTML style).
const TAGS: [&str; 3] = ["b", "i", "code"];

/// What a text is, which decides what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Shown with markup.
    Html,
    /// Also used as the label of a button: short and without markup.
    Label,
    /// Shown by Telegram itself, without markup, up to so many characters.
    Plain(usize),
    /// Words to understand.
    Words,
}

/// Every key that the content needs, what it is, and where it is called for (`None`: by the program).
fn expected<'a>(content: &'a Checked) -> Vec<(String, Kind, Option<&'a Id>)> {
    let graph = &content.dialogue.graph;
    let mut keys = vec![("welcome".to_owned(), Kind::Html, None), ("letter".to_owned(), Kind::Html, None)];
    keys.extend(PROFILE.map(|(key, limit)| (key.to_owned(), Kind::Plain(limit), None)));
    keys.extend(graph.lines.iter().map(|line| (format!("k-{}", line.id.name), Kind::Html, Some(&line.id))));
    for phrase in Phrase::ALL {
        let key = phrase.key();
        let label = key.starts_with("btn-") || key == "none-of-these" || key == "language-name";
        keys.push((key.to_owned(), if label { Kind::Label } else { Kind::Html }, None));
    }
    let lists = WORD_LISTS.iter().chain(TIME_WORDS.iter().map(|(key, _)| key)).chain(&TIME_SERIES);
    keys.extend(lists.map(|key| ((*key).to_owned(), Kind::Words, None)));
    for name in COMMANDS {
        keys.push((format!("cmd-{name}"), Kind::Plain(MAX_COMMAND_CHARS), None));
        keys.push((format!("cmd-{name}.words"), Kind::Words, None));
    }
    for question in &graph.questions {
        let (id, key) = (&question.id, format!("q-{}", question.id.name));
        keys.push((key.clone(), Kind::Html, Some(id)));
        keys.push((format!("{key}.name"), Kind::Label, Some(id)));
        keys.push((format!("{key}.why"), Kind::Html, Some(id)));
        for option in &question.options {
            keys.push((format!("{key}.{}", option.name), Kind::Label, Some(option)));
            keys.push((format!("{key}.{}-words", option.name), Kind::Words, Some(option)));
        }
    }
    for step in &graph.steps {
        let (id, key) = (&step.id, format!("s-{}", step.id.name));
        keys.push((key.clone(), Kind::Label, Some(id)));
        keys.push((format!("{key}.do"), Kind::Html, Some(id)));
        keys.push((format!("{key}.why"), Kind::Html, Some(id)));
        keys.extend(step.notes.iter().map(|note| (format!("{key}.note-{}", note.id.name), Kind::Html, Some(&note.id))));
    }
    keys.extend(graph.papers.iter().map(|id| (format!("p-{}", id.name), Kind::Html, Some(id))));
    keys.extend(graph.contacts.iter().map(|contact| (format!("c-{}", contact.id.name), Kind::Html, Some(&contact.id))));
    for zone in &graph.zones {
        keys.push((format!("z-{}", zone.id.name), Kind::Label, Some(&zone.id)));
        keys.push((format!("z-{}.words", zone.id.name), Kind::Words, Some(&zone.id)));
    }
    keys.extend(graph.offers.iter().map(|offer| (format!("o-{}", offer.id.name), Kind::Html, Some(&offer.id))));
    for id in &graph.topics {
        keys.push((format!("f-{}", id.name), Kind::Label, Some(id)));
        keys.push((format!("f-{}.words", id.name), Kind::Words, Some(id)));
        keys.push((format!("f-{}.answer", id.name), Kind::Html, Some(id)));
    }
    keys
}

pub(super) fn missing_texts(content: &Checked, problems: &mut Vec<Problem>) {
    for tag in &content.dialogue.graph.languages {
        let Some(language) = content.dialogue.texts.languages.get(tag) else { continue };
        for (key, _, wanted_by) in expected(content) {
            if language.entries.contains_key(&key) {
                continue;
            }
            match wanted_by {
                Some(id) => {
                    let file = Source::of_dialogue(&format!("{tag}.ftl"));
                    problems.push(content.at(id, format!("the text `{key}` is missing in {file}")));
                }
                None => {
                    let own = key == "welcome" || key == "letter" || key.starts_with("profile-");
                    let file =
                        if own { Source::of_dialogue(&format!("{tag}.ftl")) } else { format!("common.{tag}.ftl") };
                    problems.push(Problem::error(&file, 0..0, format!("the text `{key}` is missing")));
                }
            }
        }
    }
}

pub(super) fn unused_texts(content: &Checked, problems: &mut Vec<Problem>) {
    let expected: BTreeSet<String> = expected(content).into_iter().map(|(key, _, _)| key).collect();
    for (_, key, entry) in content.entries().filter(|(_, key, _)| !expected.contains(*key)) {
        problems.push(
            Problem::error(&entry.file, entry.span.clone(), format!("nothing uses the text `{key}`"))
                .help("remove it, or mend its name: keys follow from the ids in dialogue.toml"),
        );
    }
}

pub(super) fn variables(content: &Checked, problems: &mut Vec<Problem>) {
    let dialogue = content.dialogue;
    let Some(first) = dialogue.texts.languages.get(&dialogue.graph.languages[0]) else { return };
    let phrases: BTreeSet<&str> = Phrase::ALL.iter().map(|phrase| phrase.key()).collect();
    for (tag, key, entry) in content.entries() {
        for name in &entry.variables {
            let known = dialogue.facts.get(name).is_some()
                || (phrases.contains(key) && PHRASE_ARGUMENTS.contains(&name.as_str()));
            if !known {
                let message = format!("`{key}` quotes `{name}`, which is neither a fact nor an argument");
                problems.push(Problem::error(&entry.file, entry.span.clone(), message));
            }
        }
        let Some(original) = first.entries.get(key).filter(|original| original.variables != entry.variables) else {
            continue;
        };
        let list = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
        let message = format!("`{key}` in {tag} does not quote the same as in {}", dialogue.graph.languages[0]);
        problems.push(Problem::error(&entry.file, entry.span.clone(), message).help(format!(
            "here: {}; there: {}",
            list(&entry.variables),
            list(&original.variables)
        )));
    }
}

pub(super) fn digits_and_addresses(content: &Checked, problems: &mut Vec<Problem>) {
    const ADDRESS: [&str; 6] = ["://", "www.", ".com", ".az", ".org", "@"];
    for (_, key, entry) in content.entries() {
        let digit = entry.literal.chars().find(|letter| letter.is_numeric());
        let address = ADDRESS.iter().find(|mark| entry.literal.contains(*mark));
        if let Some(found) = digit.map(String::from).or(address.map(|mark| (*mark).to_owned())) {
            problems.push(
                Problem::error(&entry.file, entry.span.clone(), format!("`{key}` holds `{found}`"))
                    .help("numbers, dates and addresses are facts: put it into facts.toml and quote it as { $id }"),
            );
        }
    }
}

pub(super) fn markup(content: &Checked, problems: &mut Vec<Problem>) {
    let kinds = expected(content);
    for (_, key, entry) in content.entries() {
        let Some((_, kind, _)) = kinds.iter().find(|(expected, _, _)| expected == key) else { continue };
        let wrong = match kind {
            Kind::Words => None,
            Kind::Html => unbalanced(&entry.literal),
            Kind::Label | Kind::Plain(_) => entry
                .literal
                .contains(['<', '>', '&'])
                .then(|| "has markup, but is used where none is shown".to_owned()),
        };
        if let Some(wrong) = wrong {
            problems.push(Problem::error(&entry.file, entry.span.clone(), format!("`{key}` {wrong}")));
        }
    }
}

/// What is wrong with the tags of a text, if anything.
fn unbalanced(text: &str) -> Option<String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(['<', '>', '&']) {
        let mark = rest.as_bytes()[at];
        rest = &rest[at..];
        match mark {
            b'<' => {
                let Some(end) = rest.find('>') else { return Some("has a `<` without a `>`".into()) };
                let tag = &rest[1..end];
                let name = tag.strip_prefix('/').unwrap_or(tag);
                if !TAGS.contains(&name) {
                    return Some(format!("uses the tag `<{tag}>`; allowed are {}", TAGS.join(", ")));
                }
                if tag.starts_with('/') {
                    if open.pop() != Some(name) {
                        return Some(format!("closes `<{name}>`, which is not open"));
                    }
                } else {
                    open.push(name);
                }
                rest = &rest[end + 1..];
            }
            b'&' if ["&amp;", "&lt;", "&gt;"].iter().any(|entity| rest.starts_with(entity)) => rest = &rest[1..],
            mark => return Some(format!("has a bare `{}`; write it as an entity", mark as char)),
        }
    }
    open.pop().map(|tag| format!("does not close `<{tag}>`"))
}

pub(super) fn label_lengths(content: &Checked, problems: &mut Vec<Problem>) {
    let kinds = expected(content);
    for (tag, key, entry) in content.entries() {
        let Some((_, kind, _)) = kinds.iter().find(|(expected, _, _)| expected == key) else { continue };
        let limit = match kind {
            Kind::Label => MAX_LABEL_CHARS,
            Kind::Plain(limit) => *limit,
            Kind::Html | Kind::Words => continue,
        };
        let resolved = content.dialogue.texts.get(tag, key).chars().count();
        let length = resolved.max(entry.literal.chars().count());
        if length > limit || length == 0 {
            let message = format!("`{key}` has {length} characters; one to {limit} fit");
            problems.push(Problem::error(&entry.file, entry.span.clone(), message));
        }
    }
}

pub(super) fn word_clashes(content: &Checked, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for tag in &graph.languages {
        let (Some(lexicon), Some(language)) =
            (content.dialogue.lexicons.get(tag), content.dialogue.texts.languages.get(tag))
        else {
            continue;
        };
        for (phrase, meanings) in lexicon.phrases() {
            for (position, meaning) in meanings.iter().enumerate() {
                let Meaning::Option { question, option } = *meaning else { continue };
                let asked = &graph.questions[question];
                let key = format!("q-{}.{}-words", asked.id.name, asked.options[option].name);
                let Some(entry) = language.entries.get(&key) else { continue };
                let rival = meanings[..position].iter().find_map(|other| match other {
                    Meaning::Option { question: same, option: rival } if *same == question => Some(*rival),
                    _ => None,
                });
                if let Some(rival) = rival {
                    let message = format!(
                        "the options `{}` and `{}` of `{}` both claim the word \u{201c}{phrase}\u{201d}",
                        asked.options[rival].name, asked.options[option].name, asked.id.name
                    );
                    problems.push(Problem::error(&entry.file, entry.span.clone(), message));
                }
                if let Some(command) = lexicon.command(phrase) {
                    let message = format!(
                        "the option `{}` claims \u{201c}{phrase}\u{201d}, which is the command /{command}",
                        asked.options[option].name
                    );
                    problems.push(Problem::error(&entry.file, entry.span.clone(), message));
                }
            }
        }
    }
}

/// A question asks one thing, and no sentence has to be read twice.
pub(super) fn reading(content: &Checked, problems: &mut Vec<Problem>) {
    let kinds = expected(content);
    for (tag, key, entry) in content.entries() {
        let Some((_, kind, _)) = kinds.iter().find(|(expected, _, _)| expected == key) else { continue };
        if *kind == Kind::Words {
            continue;
        }
        let text = content.dialogue.texts.get(tag, key);
        let text = if text.is_empty() { &entry.literal } else { text };
        if key.starts_with("q-") && !key.contains('.') && text.matches(['?', '?']).count() > 1 {
            let message = format!("`{key}` asks more than one thing at once");
            problems.push(Problem::warning(&entry.file, entry.span.clone(), message));
        }
        let is_too_long = |sentence: &&str| {
            let words = sentence.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
            let characters = sentence.chars().filter(|letter| !letter.is_ascii()).count();
            words > MAX_SENTENCE_WORDS || (words <= 2 + characters / 10 && characters > MAX_SENTENCE_CHARS)
        };
        if let Some(sentence) = text.split(['.', '?', '!', '。', '?', '!', ';', ';', '→', '\n']).find(is_too_long) {
            let begin: String = sentence.trim().chars().take(24).collect();
            problems.push(
                Problem::warning(&entry.file, entry.span.clone(), format!("`{key}` has a long sentence: “{begin}…”"))
                    .help("make two of it: the reader is on a phone, and worried"),
            );
        }
    }
}

/// The guess must be one of the zones on offer, or it could not be confirmed.
pub(super) fn zone_guesses(content: &Checked, problems: &mut Vec<Problem>) {
    for (tag, _, entry) in content.entries().filter(|(_, key, _)| *key == ZONE_GUESS) {
        let guess = content.dialogue.texts.get(tag, ZONE_GUESS);
        if !content.dialogue.graph.zones.iter().any(|zone| zone.name == guess) {
            let message = format!("`{guess}` is not the name of one of the zones in dialogue.toml");
            problems.push(Problem::error(&entry.file, entry.span.clone(), message));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_balanced_or_named() {
        for (text, wrong) in [
            ("plain", None),
            ("<b>bold</b> and <code>x</code>", None),
            ("a &amp; b", None),
            ("a & b", Some("bare `&`")),
            ("<b>open", Some("does not close")),
            ("<b><i>x</b></i>", Some("not open")),
            ("<a href>x</a>", Some("allowed are")),
            ("1 > 0", Some("bare `>`")),
            ("x <", Some("without a `>`")),
        ] {
            let found = unbalanced(text);
            assert_eq!(found.is_some(), wrong.is_some(), "{text}: {found:?}");
            assert!(found.unwrap_or_default().contains(wrong.unwrap_or("")), "{text}");
        }
    }
}
