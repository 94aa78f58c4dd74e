//! The checks that prove a dialogue before it may run. A table of small functions; all run, all problems are reported.
//!
//! What a file can get wrong by itself (unknown keys, guards on questions below, `after` upwards) is found while it is
//! read, in `graph` and `facts`. Here is what takes the whole: truth over all situations, and texts in every language.

mod texts;

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use jiff::civil::Date;

use super::analysis::{Analysis, describe, visit_cone, witness};
use super::facts::Fact;
use super::graph::{Guard, Id, UNSURE};
use super::texts::TextEntry;
use super::{Dialogue, Problem};

/// What a check is given.
struct Checked<'a> {
    dialogue: &'a Dialogue,
    survey: Analysis,
    today: Date,
}

type Check = fn(&Checked, &mut Vec<Problem>);

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
    texts::missing_texts,
    texts::unused_texts,
    texts::variables,
    texts::digits_and_addresses,
    texts::markup,
    texts::label_lengths,
    texts::word_clashes,
    texts::zone_guesses,
    texts::reading,
    dead_offers,
];

/// Runs every check.
pub fn run(dialogue: &Dialogue, today: Date, problems: &mut Vec<Problem>) {
    let content = Checked { dialogue, survey: Analysis::of(&dialogue.graph), today };
    for check in CHECKS {
        check(&content, problems);
    }
}

impl Checked<'_> {
    fn at(&self, id: &Id, message: impl Into<String>) -> Problem {
        Problem::error(&self.dialogue.graph.file, id.span.clone(), message)
    }

    /// Every text of every language, with its key.
    fn entries(&self) -> impl Iterator<Item = (&str, &str, &TextEntry)> {
        let languages = self.dialogue.graph.languages.iter();
        languages.filter_map(|tag| Some((tag, self.dialogue.texts.languages.get(tag)?))).flat_map(|(tag, language)| {
            language.entries.iter().map(move |(key, entry)| (tag.as_str(), key.as_str(), entry))
        })
    }
}

// ---- facts ----------------------------------------------------------------------------------------------------------

fn emergency_numbers(content: &Checked, problems: &mut Vec<Problem>) {
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

fn fact_dates(content: &Checked, problems: &mut Vec<Problem>) {
    let facts = &content.dialogue.facts;
    for fact in &facts.list {
        if fact.checked > content.today {
            let message = format!("`{}` was checked in the future", fact.id.value);
            problems.push(Problem::error(&facts.file, fact.id.span.clone(), message));
        }
        if fact.is_stale(content.today) {
            let message = format!("`{}` is due for a re-check since {}", fact.id.value, fact.recheck.value);
            problems.push(
                Problem::warning(&facts.file, fact.recheck.span.clone(), message)
                    .help(format!("read {} again, then set `checked` and `recheck`", fact.source)),
            );
        }
    }
}

fn unused_facts(content: &Checked, problems: &mut Vec<Problem>) {
    let facts = &content.dialogue.facts;
    let quoted: BTreeSet<&str> =
        content.entries().flat_map(|(_, _, entry)| entry.variables.iter().map(String::as_str)).collect();
    for fact in facts.list.iter().filter(|fact| fact.kind != "emergency" && !quoted.contains(fact.id.value.as_str())) {
        let message = format!("no text quotes the fact `{}`", fact.id.value);
        problems.push(Problem::warning(&facts.file, fact.id.span.clone(), message));
    }
}

// ---- truth, over all situations -------------------------------------------------------------------------------------

fn dead_questions(content: &Checked, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for question in graph.questions.iter().filter(|question| witness(graph, &[&question.ask_if]).is_none()) {
        problems.push(content.at(&question.id, format!("the question `{}` can never be asked", question.id.name)));
    }
}

fn pointless_questions(content: &Checked, problems: &mut Vec<Problem>) {
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

fn equal_options(content: &Checked, problems: &mut Vec<Problem>) {
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

fn dead_steps(content: &Checked, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for step in graph.steps.iter().filter(|step| witness(graph, &[&step.when]).is_none()) {
        problems.push(
            content
                .at(&step.id, format!("the step `{}` can never happen", step.id.name))
                .help("no situation satisfies its `when`; look at the `ask_if` of the questions it names"),
        );
    }
}

fn dead_parts(content: &Checked, problems: &mut Vec<Problem>) {
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
    for line in graph.lines.iter().filter(|line| witness(graph, &[&line.when]).is_none()) {
        problems.push(content.at(&line.id, format!("the line `{}` can never appear on the card", line.id.name)));
    }
    if witness(graph, &[&graph.closed]).is_none() {
        problems.push(Problem::error(&graph.file, 0..0, "no situation satisfies `closed`"));
    }
}

fn empty_plans(content: &Checked, problems: &mut Vec<Problem>) {
    if content.survey.fewest_steps == 0 {
        problems.push(Problem::error(&content.dialogue.graph.file, 0..0, "some situation ends without a single step"));
    }
}

/// The answer "not sure" must lead to a step that asks the question again.
fn unsure_ways_out(content: &Checked, problems: &mut Vec<Problem>) {
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
fn later_questions(content: &Checked, problems: &mut Vec<Problem>) {
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
fn protectors_first(content: &Checked, problems: &mut Vec<Problem>) {
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

/// A reminder is offered only while its step is still to come.
fn dead_offers(content: &Checked, problems: &mut Vec<Problem>) {
    let graph = &content.dialogue.graph;
    for offer in &graph.offers {
        let once = offer.once.map(|once| &graph.steps[once].when);
        let guards: Vec<&Guard> = [&graph.steps[offer.about].when, &offer.when].into_iter().chain(once).collect();
        if witness(graph, &guards).is_none() || offer.once == Some(offer.about) {
            problems.push(content.at(&offer.id, format!("the offer `{}` can never be made", offer.id.name)));
        }
    }
}
