//! What the engine knows of the talk: answers, the state of the machine, and which guards hold and why.

use maud::{Markup, PreEscaped, html};

use crate::dialogues::Dialogue;
use crate::dialogues::graph::{Graph, Guard, OptionSet};
use crate::dialogues::machine::Machine;
use crate::engine::session::{Item, Session};

/// All of it, as one column.
pub fn knowledge(dialogue: &Dialogue, session: &Session) -> Markup {
    let graph = &dialogue.graph;
    let situation = session.situation(graph);
    let values = &situation.values;
    let plan = graph.plan(values);
    let here = match situation.next {
        Some(question) => format!("the question {}", graph.questions[question].id.name),
        None if graph.closed.holds(values) => "closed".into(),
        None => format!("the plan, {} steps", plan.len()),
    };
    html! {
        section {
            h2 { "State" }
            p { "At " strong { (here) } ". " (session.reminders.len()) " reminders. Language " (session.language.as_deref().unwrap_or("of the browser")) ", zone " (session.zone.as_deref().unwrap_or("not asked")) "." }
            div.graph tabindex="0" { (PreEscaped(Machine::of(graph).svg(Some(values), true))) }
        }
        section {
            h2 { "Answers" }
            @if session.answers.is_empty() { p { "None yet." } }
            table {
                @for (name, options) in &session.answers {
                    @let counts = graph.question(name).is_some_and(|question| values[question] != 0);
                    tr { th scope="row" { (name) } td { (options.iter().cloned().collect::<Vec<_>>().join(" + ")) } td { @if !counts { "dormant" } } }
                }
            }
            @if !session.ticks.is_empty() {
                p { "Ticked: " (session.ticks.iter().map(item).collect::<Vec<_>>().join(", ")) }
            }
        }
        section {
            h2 { "Questions, and why they are asked" }
            table {
                @for (index, question) in graph.questions.iter().enumerate() {
                    @let asked = question.ask_if.holds(values);
                    tr.holds[asked].next[situation.next == Some(index)] {
                        td { (mark(asked)) }
                        th scope="row" { (question.id.name) @if question.later { " (later)" } }
                        td { (reasons(graph, &question.ask_if, values)) }
                    }
                }
            }
        }
        section {
            h2 { "Steps, and why they are in the plan" }
            table {
                @for (index, step) in graph.steps.iter().enumerate() {
                    @let holds = step.when.holds(values);
                    tr.holds[holds] {
                        td { (mark(holds)) }
                        th scope="row" {
                            (step.id.name)
                            @if step.irreversible { " \u{2757}" }
                            @if session.step_done(graph, index, &situation) { " \u{2705}" }
                        }
                        td { (reasons(graph, &step.when, values)) }
                    }
                }
            }
        }
    }
}

fn mark(holds: bool) -> &'static str {
    if holds { "\u{25CF}" } else { "\u{25CB}" }
}

fn item(item: &Item) -> String {
    match item {
        Item::Step(name) => name.clone(),
        Item::Paper(name) => format!("{name} (paper)"),
    }
}

/// A guard in words of the file, each line of it marked by whether it holds.
fn reasons(graph: &Graph, guard: &Guard, values: &[OptionSet]) -> Markup {
    html! {
        @if guard.any.is_empty() { "always" }
        @for (index, table) in guard.any.iter().enumerate() {
            @if index > 0 { br; "or " }
            @for atom in table {
                @let question = &graph.questions[atom.question];
                @let options = question.positions(atom.options).map(|option| question.options[option].name.as_str()).collect::<Vec<_>>();
                @let class = match values[atom.question] {
                    0 => "open",
                    value if value & atom.options != 0 => "yes",
                    _ => "no",
                };
                span class={ "atom " (class) } { (question.id.name) " = " (options.join(" | ")) } " "
            }
        }
    }
}
