//! Personas: answers, and the plan and papers that must follow. Tests written as content, run by `simoff check`.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};

use toml::de::DeValue;

use super::analysis::{describe, visit_cone};
use super::graph::{Graph, Guard, Id, OptionSet};
use super::toml_reader::{At, TomlReader, document, strings};
use super::{Problem, Source};

/// One persona.
#[derive(Debug, Clone)]
pub struct Persona {
    /// The file's name without its ending.
    pub name: String,
    /// Per question, the answer; zero where the persona has none.
    pub answers: Vec<OptionSet>,
    plan: Vec<At<String>>,
    papers: Vec<At<String>>,
    file: String,
}

/// Reads all personas.
pub fn read_personas(graph: &Graph, source: &Source, problems: &mut Vec<Problem>) -> Vec<Persona> {
    source.people().map(|(name, text)| read_one(graph, name, text, problems)).collect()
}

fn read_one(graph: &Graph, name: &str, text: &str, problems: &mut Vec<Problem>) -> Persona {
    let file = Source::of_dialogue(&format!("people/{name}"));
    let document = document(&file, text, problems);
    let mut top = TomlReader::new(&file, "persona", document.get_ref(), 0..0);
    top.string("about", problems);
    let mut answers = vec![0; graph.questions.len()];
    match top.get("answers").map(|value| (value.get_ref(), value.span())) {
        Some((DeValue::Table(table), _)) => {
            for (key, value) in table.iter() {
                let Some(question) = graph.question(key.get_ref()) else {
                    problems.push(Problem::error(
                        &file,
                        key.span(),
                        format!("there is no question `{}`", key.get_ref()),
                    ));
                    continue;
                };
                for option in strings(&file, key.get_ref(), value, problems) {
                    match graph.questions[question].option(&option.value) {
                        Some(option) => answers[question] |= 1 << option,
                        None => {
                            let message = format!("`{}` has no option `{}`", key.get_ref(), option.value);
                            problems.push(Problem::error(&file, option.span, message));
                        }
                    }
                }
            }
        }
        Some((_, span)) => problems.push(Problem::error(&file, span, "`answers` must be a table")),
        None => problems.push(Problem::error(&file, 0..0, "this persona has no `answers`")),
    }
    let plan = top.strings("plan", problems);
    let papers = top.strings("papers", problems);
    top.finish(problems);
    Persona { name: name.trim_end_matches(".toml").to_owned(), answers, plan, papers, file }
}

/// Holds every persona against the dialogue, and the dialogue against all personas: each option, each step and both
/// sides of each guard have one.
pub fn check(graph: &Graph, people: &[Persona], problems: &mut Vec<Problem>) {
    let (mut answered, mut happened) = (vec![0; graph.questions.len()], BTreeSet::<usize>::new());
    for persona in people {
        let situation = graph.fold(|question| persona.answers[question]);
        for (index, question) in graph.questions.iter().enumerate() {
            let (given, counts) = (persona.answers[index], situation.values[index]);
            if given != counts {
                let message = format!("`{}` is not asked in this situation, or not answered so", question.id.name);
                problems.push(Problem::error(&persona.file, 0..0, message));
            }
            answered[index] |= counts;
        }
        if let Some(question) = situation.next {
            let message = format!("this persona does not answer `{}`", graph.questions[question].id.name);
            problems.push(Problem::error(&persona.file, 0..0, message));
            continue;
        }
        let plan = graph.plan(&situation.values);
        happened.extend(&plan);
        let papers = graph.papers_of(&plan, &situation.values);
        let steps: Vec<&str> = plan.iter().map(|step| graph.steps[*step].id.name.as_str()).collect();
        let papers: Vec<&str> = papers.iter().map(|paper| graph.papers[*paper].name.as_str()).collect();
        expect(&persona.file, "plan", &persona.plan, &steps, problems);
        expect(&persona.file, "papers", &persona.papers, &papers, problems);
    }
    for (question, answered) in graph.questions.iter().zip(answered) {
        for (position, option) in question.options.iter().enumerate() {
            if answered & (1 << position) == 0 {
                let message = format!("no persona answers `{}` with `{}`", question.id.name, option.name);
                problems.push(Problem::error(&graph.file, option.span.clone(), message));
            }
        }
    }
    for (index, step) in graph.steps.iter().enumerate().filter(|(index, _)| !happened.contains(index)) {
        let message = format!("no persona has the step `{}`", graph.steps[index].id.name);
        problems.push(Problem::error(&graph.file, step.id.span.clone(), message));
    }
    both_sides(graph, people, problems);
}

/// Each guard needs a persona for whom it holds and, where it can fail, one for whom it does not.
fn both_sides(graph: &Graph, people: &[Persona], problems: &mut Vec<Problem>) {
    let situations: Vec<Vec<OptionSet>> =
        people.iter().map(|one| graph.fold(|question| one.answers[question]).values).collect();
    for (what, id, host, guard) in guards(graph) {
        let hosted = || situations.iter().filter(|values| host.is_none_or(|host| host.holds(values)));
        let holds = hosted().any(|values| guard.holds(values));
        let fails = hosted().any(|values| !guard.holds(values));
        let can_fail = || {
            visit_cone(graph, host.into_iter().chain([guard]), &mut |values| {
                let fails = host.is_none_or(|host| host.holds(values)) && !guard.holds(values);
                if fails { ControlFlow::Break(describe(graph, values)) } else { ControlFlow::Continue(()) }
            })
        };
        let (side, example) = match (holds, fails) {
            (false, _) => ("has", None),
            (true, false) => match can_fail() {
                ControlFlow::Break(example) => ("goes without", Some(example)),
                ControlFlow::Continue(()) => continue,
            },
            (true, true) => continue,
        };
        let mut problem =
            Problem::error(&graph.file, id.span.clone(), format!("no persona {side} the {what} `{}`", id.name));
        if let Some(example) = example {
            problem = problem.help(format!("for example: {example}"));
        }
        problems.push(problem);
    }
}

/// Every guard that an author wrote: what it guards, and the guard of the step it stands in.
fn guards(graph: &Graph) -> impl Iterator<Item = (&'static str, &Id, Option<&Guard>, &Guard)> {
    let questions = graph.questions.iter().map(|question| ("question", &question.id, None, &question.ask_if));
    let steps = graph.steps.iter().flat_map(|step| {
        let papers = step.papers.iter().map(|part| ("paper", &part.id, Some(&step.when), &part.when));
        let notes = step.notes.iter().map(|part| ("note", &part.id, Some(&step.when), &part.when));
        std::iter::once(("step", &step.id, None, &step.when)).chain(papers).chain(notes)
    });
    let contacts = graph.contacts.iter().map(|contact| ("contact", &contact.id, None, &contact.when));
    let lines = graph.lines.iter().map(|line| ("line", &line.id, None, &line.when));
    let offers = graph
        .offers
        .iter()
        .map(|offer| ("offer", &offer.id, Some(&graph.steps[offer.once.unwrap_or(offer.about)].when), &offer.when));
    questions.chain(steps).chain(contacts).chain(lines).chain(offers)
}

fn expect(file: &str, what: &str, expected: &[At<String>], found: &[&str], problems: &mut Vec<Problem>) {
    if expected.iter().map(|name| name.value.as_str()).eq(found.iter().copied()) {
        return;
    }
    let span: Range<usize> = match (expected.first(), expected.last()) {
        (Some(first), Some(last)) => first.span.start..last.span.end,
        _ => 0..0,
    };
    let list = found.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ");
    problems.push(
        Problem::error(file, span, format!("this persona gets another {what}")).help(format!("{what} = [{list}]")),
    );
}
