//! The checks that prove a dialogue before it may run. A table of small functions; all run, all problems are reported.
//!
//! What a file can get wrong by itself (unknown keys, guards on questions below, `after` upwards) is found while it is
//! read, in `graph` and `facts`. Here is what takes the whole: truth over all situations, and texts in every language.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use jiff::civil::Date;

use super::facts::Fact;
use super::graph::{Guard, Id, UNSURE};
use super::survey::{Survey, describe, visit_cone, witness};
use super::texts::{Entry, PHRASE_ARGUMENTS, Phrase, WORD_LISTS, ZONE_GUESS};
use super::words::{COMMANDS, Meaning, TIME_SERIES, TIME_WORDS};
use super::{Dialogue, Problem, Source};

/// The longest label of a button. Telegram sets no limit but cuts what does not fit a phone.
const MAX_LABEL_CHARS: usize = 64;

/// The longest description of a command (Bot API: BotCommand.description, 1–256 characters).
const MAX_COMMAND_CHARS: usize = 256;

/// The tags that texts may use: what Telegram, the terminal and a page all know (Bot API: HTML style).
const TAGS: [&str; 3] = ["b", "i", "code"];

/// What a check is given.
struct Content<'a> {
    dialogue: &'a Dialogue,
    survey: Survey,
    today: Date,
}

type Check = fn(&Content, &mut Vec<Problem>);

/// Every check, in the order in which an author wants to read the results.
const CHECKS: &[Check] = &[
    emergency_numbers,
    fact_dates,
    unused_facts,
    dead_questions,
    pointless_questions,
    equal_options,
    dead_steps,
    dead_parts,
    empty_plans,
    unsure_ways_out,
    later_questions,
    protectors_first,
    missing_texts,
    unused_texts,
    variables,
    digits_and_addresses,
    markup,
    label_lengths,
    word_clashes,
    zone_guesses,
    dead_offers,
];

/// Runs every check.
pub fn run(dialogue: &Dialogue, today: Date, problems: &mut Vec<Problem>) {
    let content = Content { dialogue, survey: Survey::of(&dialogue.graph), today };
    for check in CHECKS {
        check(&content, problems);
    }
}

impl Content<'_> {
    fn at(&self, id: &Id, message: impl Into<String>) -> Problem {
        Problem::error(&self.dialogue.graph.file, id.span.clone(), message)
    }

    /// Every text of every language, with its key.
    fn entries(&self) -> impl Iterator<Item = (&str, &str, &Entry)> {
        let languages = self.dialogue.graph.languages.iter();
        languages.filter_map(|tag| Some((tag, self.dialogue.texts.languages.get(tag)?))).flat_map(|(tag, language)| {
            language.entries.iter().map(move |(key, entry)| (tag.as_str(), key.as_str(), entry))
        })
    }
}

// ---- facts ----------------------------------------------------------------------------------------------------------

fn emergency_numbers(content: &Content, problems: &mut Vec<Problem>) {
    let facts = &content.dialogue.facts;
    let emergencies: Vec<&Fact> = facts.list.iter().filter(|fact| fact.kind == "emergency").collect();
    if emergencies.is_empty() {
        let message = "no fact of kind `emergency`: without the list, nothing keeps a hotline from being one";
        problems.push(Problem::error(&facts.file, 0..0, message));
    }
    for fact in facts.list.iter().filter(|fact| fact.kind != "emergency") {
        let clash =
            |other: &&&Fact| matches!(fact.kind.as_str(), "hotline" | "ussd") && other.digits() == fact.digits();
        if let Some(other) = emergencies.iter().find(clash) {
            let message = format!("`{}` is an emergency number ({}), not a hotline", fact.value.value, other.id.value);
            problems.push(
                Problem::error(&facts.file, fact.value.span.clone(), message)
                    .help("print the operator's sourced contact, or say that none was found"),
            );
        }
    }
}

fn fact_dates(content: &Content, problems: &mut Vec<Problem>) {
    let facts = &content.dialogue.facts;
    for fact in &facts.list {
        if fact.checked > content.today {
            let message = format!("`{}` was checked in the future", fact.id.value);
            problems.push(Problem::error(&facts.file, fact.id.span.clone(), message));
        }
        if fact.recheck.value <= content.today {
            let message = format!("`{}` is due for a re-check since {}", fact.id.value, fact.recheck.value);
            problems.push(
                Problem::warning(&facts.file, fact.recheck.span.clone(), message)
                    .help(format!("read {} again, then set `checked` and `recheck`", fact.source)),
            );
        }
    }
}

fn unused_facts(content: &Content, problems: &mut Vec<Problem>) {
    let facts = &content.dialogue.facts;
    let quoted: BTreeSet<&str> =
        content.entries().flat_map(|(_, _, entry)| entry.variables.iter().map(String::as_str)).collect();
    for fact in facts.list.iter().filter(|fact| fact.kind != "emergency" && !quoted.contains(fact.id.value.as_str())) {
        let message = format!("no text quotes the fact `{}`", fact.id.value);
        problems.push(Problem::warning(&facts.file, fact.id.span.clone(), message));
    }
}

// ---- truth, over all situations -------------------------------------------------------------------------------------

fn dead_questions(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for question in graph.questions.iter().filter(|question| witness(graph, &[&question.ask_if]).is_none()) {
        problems.push(content.at(&question.id, format!("the question `{}` can never be asked", question.id.name)));
    }
}

fn pointless_questions(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for (question, pointless) in graph.questions.iter().zip(&content.survey.pointless) {
        let Some(values) = pointless else { continue };
        let message =
            format!("the question `{}` changes nothing in some situation in which it is asked", question.id.name);
        let situation = match describe(graph, values) {
            empty if empty.is_empty() => "whatever was answered before".to_owned(),
            situation => situation,
        };
        problems
            .push(content.at(&question.id, message).help(format!("narrow its `ask_if`. Asked in vain: {situation}")));
    }
}

fn equal_options(content: &Content, problems: &mut Vec<Problem>) {
    for (question, differing) in content.dialogue.graph.questions.iter().zip(&content.survey.differing) {
        for right in 1..question.options.len() {
            if let Some(left) = (0..right).find(|left| !differing.contains(&(*left, right))) {
                let option = &question.options[right];
                let message = format!(
                    "the options `{}` and `{}` of `{}` never make a difference to each other",
                    question.options[left].name, option.name, question.id.name
                );
                problems.push(content.at(option, message));
            }
        }
    }
}

fn dead_steps(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for step in graph.steps.iter().filter(|step| witness(graph, &[&step.when]).is_none()) {
        problems.push(
            content
                .at(&step.id, format!("the step `{}` can never happen", step.id.name))
                .help("no situation satisfies its `when`; look at the `ask_if` of the questions it names"),
        );
    }
}

fn dead_parts(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for step in graph.steps.iter().filter(|step| witness(graph, &[&step.when]).is_some()) {
        for part in step.papers.iter().chain(&step.notes) {
            if witness(graph, &[&step.when, &part.when]).is_none() {
                let message = format!("`{}` can never appear in the step `{}`", part.id.name, step.id.name);
                problems.push(content.at(&part.id, message));
            }
        }
    }
    for contact in graph.contacts.iter().filter(|contact| witness(graph, &[&contact.when]).is_none()) {
        problems.push(content.at(&contact.id, format!("the contact `{}` can never appear", contact.id.name)));
    }
    if witness(graph, &[&graph.closed]).is_none() {
        problems.push(Problem::error(&graph.file, 0..0, "no situation satisfies `closed`"));
    }
}

fn empty_plans(content: &Content, problems: &mut Vec<Problem>) {
    if content.survey.fewest_steps == 0 {
        problems.push(Problem::error(&content.dialogue.graph.file, 0..0, "some situation ends without a single step"));
    }
}

/// Whoever answers "not sure" must be led to a step that asks the question again.
fn unsure_ways_out(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for (index, question) in graph.questions.iter().enumerate() {
        let Some(option) = question.option(UNSURE) else { continue };
        let asking: Vec<&Guard> =
            graph.steps.iter().filter(|step| step.asks.contains(&index)).map(|step| &step.when).collect();
        let unsure = Guard { any: vec![vec![super::graph::Atom { question: index, options: 1 << option }]] };
        let stranded = visit_cone(graph, asking.iter().copied().chain([&unsure]), &mut |values| {
            let stranded = values[index] == 1 << option && !asking.iter().any(|guard| guard.holds(values));
            if stranded { ControlFlow::Break(values.to_vec()) } else { ControlFlow::Continue(()) }
        });
        if let ControlFlow::Break(values) = stranded {
            let message = format!("who is unsure about `{}` is not shown a way to find out", question.id.name);
            problems.push(content.at(&question.options[option], message).help(format!(
                "a step with `asks = [\"{}\"]` is missing here: {}",
                question.id.name,
                describe(graph, &values)
            )));
        }
    }
}

/// A question that is asked later must be asked by some step whenever it applies.
fn later_questions(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for (index, question) in graph.questions.iter().enumerate().filter(|(_, question)| question.later) {
        let asking: Vec<&Guard> =
            graph.steps.iter().filter(|step| step.asks.contains(&index)).map(|step| &step.when).collect();
        let unasked = visit_cone(graph, asking.iter().copied().chain([&question.ask_if]), &mut |values| {
            let unasked = question.ask_if.holds(values) && !asking.iter().any(|guard| guard.holds(values));
            if unasked { ControlFlow::Break(values.to_vec()) } else { ControlFlow::Continue(()) }
        });
        if let ControlFlow::Break(values) = unasked {
            let message = format!("no step asks the later question `{}` in some situation", question.id.name);
            problems.push(content.at(&question.id, message).help(describe(graph, &values)));
        }
    }
}

/// An irreversible step comes after every step of the same plan that protects something.
fn protectors_first(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for (index, step) in graph.steps.iter().enumerate().filter(|(_, step)| step.irreversible) {
        let before = graph.before(index);
        for (other, protector) in graph.steps.iter().enumerate().filter(|(_, step)| !step.protects.is_empty()) {
            if other == index || before.contains(&other) || witness(graph, &[&step.when, &protector.when]).is_none() {
                continue;
            }
            let message = format!(
                "the irreversible step `{}` may come before `{}`, which protects {}",
                step.id.name,
                protector.id.name,
                protector.protects.join(", ")
            );
            let help = format!("name `{}` in its `after`, and place it below", protector.id.name);
            problems.push(content.at(&step.id, message).help(help));
        }
    }
}

// ---- texts ----------------------------------------------------------------------------------------------------------

/// What a text is, which decides what it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Shown with markup.
    Html,
    /// Also used as the label of a button: short and without markup.
    Label,
    /// The description of a command.
    Command,
    /// Words to understand.
    Words,
}

/// Every key that the content needs, what it is, and where it is called for (`None`: by the program).
fn expected<'a>(content: &'a Content) -> Vec<(String, Kind, Option<&'a Id>)> {
    let graph = &content.dialogue.graph;
    let mut keys = vec![("welcome".to_owned(), Kind::Html, None)];
    for phrase in Phrase::ALL {
        let key = phrase.key();
        let label = key.starts_with("btn-") || key == "none-of-these" || key == "language-name";
        keys.push((key.to_owned(), if label { Kind::Label } else { Kind::Html }, None));
    }
    let lists = WORD_LISTS.iter().chain(TIME_WORDS.iter().map(|(key, _)| key)).chain(&TIME_SERIES);
    keys.extend(lists.map(|key| ((*key).to_owned(), Kind::Words, None)));
    for name in COMMANDS {
        keys.push((format!("cmd-{name}"), Kind::Command, None));
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

fn missing_texts(content: &Content, problems: &mut Vec<Problem>) {
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
                    let own = key == "welcome";
                    let file =
                        if own { Source::of_dialogue(&format!("{tag}.ftl")) } else { format!("common.{tag}.ftl") };
                    problems.push(Problem::error(&file, 0..0, format!("the text `{key}` is missing")));
                }
            }
        }
    }
}

fn unused_texts(content: &Content, problems: &mut Vec<Problem>) {
    let expected: BTreeSet<String> = expected(content).into_iter().map(|(key, _, _)| key).collect();
    for (_, key, entry) in content.entries().filter(|(_, key, _)| !expected.contains(*key)) {
        problems.push(
            Problem::error(&entry.file, entry.span.clone(), format!("nothing uses the text `{key}`"))
                .help("remove it, or mend its name: keys follow from the ids in dialogue.toml"),
        );
    }
}

fn variables(content: &Content, problems: &mut Vec<Problem>) {
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

fn digits_and_addresses(content: &Content, problems: &mut Vec<Problem>) {
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

fn markup(content: &Content, problems: &mut Vec<Problem>) {
    let kinds = expected(content);
    for (_, key, entry) in content.entries() {
        let Some((_, kind, _)) = kinds.iter().find(|(expected, _, _)| expected == key) else { continue };
        let wrong = match kind {
            Kind::Words => None,
            Kind::Html => unbalanced(&entry.literal),
            Kind::Label | Kind::Command => entry
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

fn label_lengths(content: &Content, problems: &mut Vec<Problem>) {
    let kinds = expected(content);
    for (tag, key, entry) in content.entries() {
        let Some((_, kind, _)) = kinds.iter().find(|(expected, _, _)| expected == key) else { continue };
        let limit = match kind {
            Kind::Label => MAX_LABEL_CHARS,
            Kind::Command => MAX_COMMAND_CHARS,
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

fn word_clashes(content: &Content, problems: &mut Vec<Problem>) {
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

/// The guess must be one of the zones on offer, or nobody could confirm it.
fn zone_guesses(content: &Content, problems: &mut Vec<Problem>) {
    for (tag, _, entry) in content.entries().filter(|(_, key, _)| *key == ZONE_GUESS) {
        let guess = content.dialogue.texts.get(tag, ZONE_GUESS);
        if !content.dialogue.graph.zones.iter().any(|zone| zone.name == guess) {
            let message = format!("`{guess}` is not the name of one of the zones in dialogue.toml");
            problems.push(Problem::error(&entry.file, entry.span.clone(), message));
        }
    }
}

/// A reminder is offered only while its step is still to come.
fn dead_offers(content: &Content, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for offer in &graph.offers {
        let once = offer.once.map(|once| &graph.steps[once].when);
        let guards: Vec<&Guard> = [&graph.steps[offer.about].when, &offer.when].into_iter().chain(once).collect();
        if witness(graph, &guards).is_none() || offer.once == Some(offer.about) {
            problems.push(content.at(&offer.id, format!("the offer `{}` can never be made", offer.id.name)));
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
