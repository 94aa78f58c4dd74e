//! The situation x plan table: which ways to answer lead to which steps, for a person to read and doubt.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::ControlFlow;

use super::Dialogue;
use super::analysis::visit_all;
use super::graph::{Graph, OptionSet};

/// Up to so many plans are also written out, step by step.
const WRITTEN_OUT: usize = 8;

/// The bit that no option has: the question is not asked.
const NOT_ASKED: OptionSet = OptionSet::MAX ^ (OptionSet::MAX >> 1);

/// One answer that a situation must have: `operator=azercell`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanFilter {
    question: usize,
    options: OptionSet,
}

/// Reads `question=option`, or `question=option,option` for "one of these"; `-` stands for a question that is not asked.
pub fn only(graph: &Graph, text: &str) -> Result<PlanFilter, String> {
    let names = |ids: &mut dyn Iterator<Item = &str>| ids.collect::<Vec<_>>().join(", ");
    let Some((name, options)) = text.split_once('=') else {
        return Err(format!("`{text}` is not of the form question=option, for example place=abroad"));
    };
    let Some(question) = graph.question(name) else {
        let known = names(&mut graph.questions.iter().map(|question| question.id.name.as_str()));
        return Err(format!("there is no question `{name}`. The questions are: {known}"));
    };
    let asked = &graph.questions[question];
    let mut set = 0;
    for option in options.split(',') {
        if option == "-" {
            set |= NOT_ASKED;
            continue;
        }
        let Some(position) = asked.option(option) else {
            let known = names(&mut asked.options.iter().map(|option| option.name.as_str()));
            return Err(format!("`{name}` has no option `{option}`. Its options are: {known}"));
        };
        set |= 1 << position;
    }
    Ok(PlanFilter { question, options: set })
}

/// One row: a plan, how many situations have it, and the answers seen in them.
struct Row {
    situations: usize,
    seen: Vec<OptionSet>,
}

/// The table, with the names of the steps in `language`. Later questions are left open unless `only` names them.
pub fn table(dialogue: &Dialogue, language: &str, only: &[PlanFilter]) -> String {
    let graph = &dialogue.graph;
    let mut rows: BTreeMap<Vec<usize>, Row> = BTreeMap::new();
    let mut possible: Vec<OptionSet> = vec![0; graph.questions.len()];
    let mut total = 0usize;
    let _ = visit_all::<()>(graph, &mut |values| {
        let named = |question: usize| only.iter().any(|only| only.question == question);
        let early = graph
            .questions
            .iter()
            .enumerate()
            .any(|(index, question)| question.later && values[index] != 0 && !named(index));
        let told = |question: usize| if values[question] == 0 { NOT_ASKED } else { values[question] };
        if early || only.iter().any(|only| told(only.question) & only.options == 0) {
            return ControlFlow::Continue(());
        }
        total += 1;
        let row = rows.entry(graph.plan(values)).or_insert_with(|| Row { situations: 0, seen: vec![0; values.len()] });
        row.situations += 1;
        for (index, possible) in possible.iter_mut().enumerate() {
            row.seen[index] |= told(index);
            *possible |= told(index);
        }
        ControlFlow::Continue(())
    });
    write_table(dialogue, language, &rows, &possible, total)
}

fn write_table(
    dialogue: &Dialogue,
    language: &str,
    rows: &BTreeMap<Vec<usize>, Row>,
    possible: &[OptionSet],
    total: usize,
) -> String {
    let graph = &dialogue.graph;
    let name = |step: usize| dialogue.texts.get(language, &format!("s-{}", graph.steps[step].id.name));
    let mut out = String::new();
    let in_use: Vec<usize> =
        (0..graph.steps.len()).filter(|step| rows.keys().any(|plan| plan.contains(step))).collect();
    for (column, step) in in_use.iter().enumerate() {
        let _ = writeln!(out, "{:>3}  {:<20} {}", column + 1, graph.steps[*step].id.name, name(*step));
    }
    let columns: String = (1..=in_use.len()).map(|column| format!("{column:>3}")).collect();
    let _ = writeln!(out, "\nplan  situations {columns}  when");
    for (number, (plan, row)) in rows.iter().enumerate() {
        let cells: String =
            in_use.iter().map(|step| if plan.contains(step) { "  \u{25CF}" } else { "  \u{B7}" }).collect();
        let when = summary(graph, &row.seen, possible);
        let _ = writeln!(out, "{:>4}  {:>10} {cells}  {when}", number + 1, row.situations);
    }
    if rows.len() <= WRITTEN_OUT {
        for (number, plan) in rows.keys().enumerate() {
            let _ = writeln!(out, "\nPlan {}", number + 1);
            for (position, step) in plan.iter().enumerate() {
                let _ = writeln!(out, "{:>3}. {}", position + 1, name(*step));
            }
        }
    }
    let _ = writeln!(out, "\n{total} situations, {} plans", rows.len());
    out
}

/// The answers that set these situations apart; what all rows share is left out.
fn summary(graph: &Graph, seen: &[OptionSet], possible: &[OptionSet]) -> String {
    let told = graph.questions.iter().enumerate().filter(|(index, _)| seen[*index] != possible[*index]);
    let told = told.map(|(index, question)| {
        let mut names: Vec<&str> =
            question.positions(seen[index]).map(|option| question.options[option].name.as_str()).collect();
        if seen[index] & NOT_ASKED != 0 {
            names.push("(not asked)");
        }
        format!("{}={}", question.id.name, names.join("|"))
    });
    told.collect::<Vec<_>>().join(" ")
}
