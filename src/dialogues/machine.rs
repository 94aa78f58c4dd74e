//! The explicit state machine that the guards amount to: computed for people to look at, never used to run.
//!
//! A state is a question together with what still matters of the answers before it; states that ask the same from here
//! on are one. So the picture is the smallest deterministic machine that asks what the guards ask.

mod draw;

use std::collections::HashMap;
use std::fmt::Write;

use super::graph::{Graph, OptionSet};

/// A state: where each option leads. The plan is the state with no question.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct State {
    question: Option<usize>,
    /// Options (as a set) to the state they lead to, in order of their first option.
    edges: Vec<(OptionSet, usize)>,
}

/// The machine; the first state is the start.
#[derive(Debug)]
pub struct Machine<'a> {
    graph: &'a Graph,
    states: Vec<State>,
    start: usize,
}

impl<'a> Machine<'a> {
    /// Computes it.
    pub fn of(graph: &'a Graph) -> Self {
        let mut machine = Self { graph, states: Vec::new(), start: 0 };
        let mut ids = HashMap::new();
        let mut seen = HashMap::new();
        machine.start = machine.build(0, &mut vec![0; graph.questions.len()], &mut ids, &mut seen);
        machine
    }

    fn build(
        &mut self,
        index: usize,
        values: &mut Vec<OptionSet>,
        ids: &mut HashMap<State, usize>,
        seen: &mut HashMap<(usize, Vec<OptionSet>), usize>,
    ) -> usize {
        let key = (index, self.matters(index, values));
        if let Some(state) = seen.get(&key) {
            return *state;
        }
        let built = match self.graph.questions.get(index) {
            None => self.intern(State { question: None, edges: Vec::new() }, ids),
            Some(question) if question.later || !question.ask_if.holds(values) => {
                self.build(index + 1, values, ids, seen)
            }
            Some(question) => {
                let mut edges: Vec<(OptionSet, usize)> = Vec::new();
                for option in 0..question.options.len() {
                    values[index] = 1 << option;
                    let target = self.build(index + 1, values, ids, seen);
                    match edges.iter_mut().find(|(_, state)| *state == target) {
                        Some((options, _)) => *options |= 1 << option,
                        None => edges.push((1 << option, target)),
                    }
                }
                values[index] = 0;
                self.intern(State { question: Some(index), edges }, ids)
            }
        };
        seen.insert(key, built);
        built
    }

    fn intern(&mut self, state: State, ids: &mut HashMap<State, usize>) -> usize {
        *ids.entry(state.clone()).or_insert_with(|| {
            self.states.push(state);
            self.states.len() - 1
        })
    }

    /// The answers above that the guards of later questions still ask for.
    fn matters(&self, index: usize, values: &[OptionSet]) -> Vec<OptionSet> {
        let mut matters = vec![0; values.len()];
        let below = self.graph.questions.iter().skip(index).flat_map(|question| question.ask_if.questions());
        for question in below.filter(|question| *question < index) {
            matters[question] = values[question];
        }
        matters
    }

    fn label(&self, state: &State, options: OptionSet) -> String {
        let Some(question) = state.question.map(|index| &self.graph.questions[index]) else { return String::new() };
        if state.edges.len() == 1 {
            return "any".into();
        }
        let names = question.positions(options).map(|option| question.options[option].name.as_str());
        names.collect::<Vec<_>>().join(" | ")
    }

    fn name(&self, state: &State) -> &str {
        state.question.map_or("plan", |index| &self.graph.questions[index].id.name)
    }

    /// Steps that ask a later question, as loops from the plan: (step, question, options that close the case).
    fn loops(&self) -> Vec<(&str, &str, String)> {
        let mut loops = Vec::new();
        for step in &self.graph.steps {
            for question in step.asks.iter().map(|index| &self.graph.questions[*index]) {
                let closes = self
                    .graph
                    .closed
                    .any
                    .iter()
                    .flatten()
                    .filter(|atom| self.graph.questions[atom.question].id.name == question.id.name);
                let closes = closes.flat_map(|atom| question.positions(atom.options));
                let closes =
                    closes.map(|option| question.options[option].name.as_str()).collect::<Vec<_>>().join(" | ");
                loops.push((step.id.name.as_str(), question.id.name.as_str(), closes));
            }
        }
        loops
    }

    /// A Mermaid flow chart.
    pub fn mermaid(&self) -> String {
        let mut out = String::from("flowchart TD\n");
        let _ = writeln!(out, "  start([start]) --> s{}", self.start);
        for (index, state) in self.states.iter().enumerate() {
            let _ = match state.question {
                None => writeln!(out, "  s{index}[[plan]]"),
                Some(_) => writeln!(out, "  s{index}[{}]", self.name(state)),
            };
            for (options, target) in &state.edges {
                let _ = writeln!(out, "  s{index} -->|{}| s{target}", self.label(state, *options).replace('|', "/"));
            }
        }
        let plan = self.plan();
        for (number, (step, question, closes)) in self.loops().into_iter().enumerate() {
            let _ = writeln!(out, "  s{plan} -.->|{step}| again{number}[{question}]\n  again{number} -.-> s{plan}");
            if !closes.is_empty() {
                let _ = writeln!(out, "  again{number} ==>|{}| closed([closed])", closes.replace('|', "/"));
            }
        }
        out
    }

    /// A Graphviz digraph.
    pub fn dot(&self) -> String {
        let mut out =
            String::from("digraph simoff {\n  node [shape=box, fontname=\"sans-serif\"];\n  start [shape=circle];\n");
        let _ = writeln!(out, "  start -> s{};", self.start);
        for (index, state) in self.states.iter().enumerate() {
            let shape = if state.question.is_none() { ", shape=doubleoctagon" } else { "" };
            let _ = writeln!(out, "  s{index} [label=\"{}\"{shape}];", self.name(state));
            for (options, target) in &state.edges {
                let _ = writeln!(out, "  s{index} -> s{target} [label=\"{}\"];", self.label(state, *options));
            }
        }
        let plan = self.plan();
        for (number, (step, question, closes)) in self.loops().into_iter().enumerate() {
            let _ = writeln!(out, "  again{number} [label=\"{question}\", style=dashed];");
            let _ = writeln!(out, "  s{plan} -> again{number} [label=\"{step}\", style=dashed];");
            let _ = writeln!(out, "  again{number} -> s{plan} [style=dashed];");
            if !closes.is_empty() {
                let _ =
                    writeln!(out, "  closed [shape=doublecircle];\n  again{number} -> closed [label=\"{closes}\"];");
            }
        }
        out.push_str("}\n");
        out
    }

    fn plan(&self) -> usize {
        self.states.iter().position(|state| state.question.is_none()).unwrap_or(0)
    }
}
