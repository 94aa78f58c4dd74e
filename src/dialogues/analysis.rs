//! All situations of a dialogue: walking them, counting them, and asking where two answers lead to different ends.
//!
//! A situation is one complete way to answer. There are millions, but what a question decides depends on few others,
//! so [`Analysis::of`] walks them as a decision diagram: two points that can only lead to the same things are walked once.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow;

use super::graph::{Graph, Guard, OptionSet};

/// What a person is given or not, depending on the answers: the conjunction of its guards.
struct Effect<'a> {
    guards: Vec<&'a Guard>,
    /// The last question it depends on: once that is settled, so is the effect. `None`: it does not depend on any.
    settled_by: Option<usize>,
    is_step: bool,
}

impl<'a> Effect<'a> {
    fn new(guards: Vec<&'a Guard>, is_step: bool) -> Self {
        let settled_by = guards.iter().flat_map(|guard| guard.questions()).max();
        Self { guards, settled_by, is_step }
    }

    fn holds(&self, values: &[OptionSet]) -> bool {
        self.guards.iter().all(|guard| guard.holds(values))
    }
}

/// Everything that answers can change: steps, their papers and notes, contacts, and the end.
fn effects(graph: &Graph) -> Vec<Effect<'_>> {
    let mut effects = vec![Effect::new(vec![&graph.closed], false)];
    for step in &graph.steps {
        effects.push(Effect::new(vec![&step.when], true));
        let parts = step.papers.iter().chain(&step.notes);
        effects.extend(parts.map(|part| Effect::new(vec![&step.when, &part.when], false)));
    }
    effects.extend(graph.lines.iter().map(|line| Effect::new(vec![&line.when], false)));
    effects.extend(graph.contacts.iter().map(|contact| Effect::new(vec![&contact.when], false)));
    effects
}

/// What walking all situations found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Analysis {
    /// How many situations there are.
    pub situations: u128,
    /// The fewest steps that any situation ends with.
    pub fewest_steps: usize,
    /// Per question: the answers given when it was asked although no answer to it changes anything.
    pub pointless: Vec<Option<Vec<OptionSet>>>,
    /// Per question, pairs of options that lead to different ends somewhere.
    pub differing: Vec<Vec<(usize, usize)>>,
}

impl Analysis {
    /// Walks all situations.
    pub fn of(graph: &Graph) -> Self {
        let effects = effects(graph);
        let count = graph.questions.len();
        let mut survey =
            Self { situations: 0, fewest_steps: 0, pointless: vec![None; count], differing: vec![Vec::new(); count] };
        let mut walk = Walk { graph, effects: &effects, survey: &mut survey, seen: HashMap::new() };
        let constant = effects.iter().filter(|effect| effect.settled_by.is_none() && effect.is_step).count();
        let end = walk.from(0, &mut vec![0; count]);
        survey.situations = end.situations;
        survey.fewest_steps = constant + end.fewest_steps;
        for pairs in &mut survey.differing {
            pairs.sort_unstable();
            pairs.dedup();
        }
        survey
    }
}

/// What lies below a point: how many situations, and a fingerprint of where they end.
#[derive(Debug, Clone, Copy, Default)]
struct Below {
    fingerprint: u64,
    situations: u128,
    fewest_steps: usize,
}

struct Walk<'a> {
    graph: &'a Graph,
    effects: &'a [Effect<'a>],
    survey: &'a mut Analysis,
    seen: HashMap<(usize, Vec<OptionSet>), Below>,
}

impl Walk<'_> {
    fn from(&mut self, index: usize, values: &mut Vec<OptionSet>) -> Below {
        let Some(question) = self.graph.questions.get(index) else {
            return Below { fingerprint: 0, situations: 1, fewest_steps: 0 };
        };
        let key = (index, self.relevant(index, values));
        if let Some(below) = self.seen.get(&key) {
            return *below;
        }
        let asked = question.ask_if.holds(values);
        let mut answers = if asked { question.answers() } else { vec![0] };
        if asked && question.later {
            answers.insert(0, 0);
        }
        let mut ends = Vec::with_capacity(answers.len());
        let mut total = Below { fewest_steps: usize::MAX, ..Below::default() };
        for answer in answers {
            values[index] = answer;
            let mut hasher = DefaultHasher::new();
            let mut steps = 0;
            for effect in self.effects.iter().filter(|effect| effect.settled_by == Some(index)) {
                let holds = effect.holds(values);
                holds.hash(&mut hasher);
                steps += usize::from(holds && effect.is_step);
            }
            let below = self.from(index + 1, values);
            below.fingerprint.hash(&mut hasher);
            ends.push((answer, hasher.finish()));
            total.situations += below.situations;
            total.fewest_steps = total.fewest_steps.min(steps + below.fewest_steps);
        }
        values[index] = 0;
        if asked {
            self.compare(index, &ends, values);
        }
        let mut hasher = DefaultHasher::new();
        ends.hash(&mut hasher);
        // A question that was not asked must look the same as one whose answers all end alike, seen from above.
        total.fingerprint =
            if ends.windows(2).all(|pair| pair[0].1 == pair[1].1) { ends[0].1 } else { hasher.finish() };
        self.seen.insert(key, total);
        total
    }

    /// The answers above that anything below still depends on.
    fn relevant(&self, index: usize, values: &[OptionSet]) -> Vec<OptionSet> {
        let mut relevant = vec![0; index];
        let below = self.graph.questions[index..].iter().map(|question| &question.ask_if);
        let unsettled = self.effects.iter().filter(|effect| effect.settled_by >= Some(index));
        let guards = below.chain(unsettled.flat_map(|effect| effect.guards.iter().copied()));
        for question in guards.flat_map(|guard| guard.questions()).filter(|question| *question < index) {
            relevant[question] = values[question];
        }
        relevant
    }

    fn compare(&mut self, index: usize, ends: &[(OptionSet, u64)], values: &[OptionSet]) {
        if ends.iter().all(|end| end.1 == ends[0].1) && self.survey.pointless[index].is_none() {
            self.survey.pointless[index] = Some(values.to_vec());
        }
        let single: Vec<_> = ends.iter().filter(|(answer, _)| answer.count_ones() == 1).collect();
        for (position, (left, end)) in single.iter().enumerate() {
            for (right, other) in &single[position + 1..] {
                if end != other {
                    let pair = (left.trailing_zeros() as usize, right.trailing_zeros() as usize);
                    self.survey.differing[index].push(pair);
                }
            }
        }
    }
}

/// Visits every way to answer the questions that these guards depend on, directly or through other questions.
///
/// Exact for anything decided by these guards, and small, because it leaves out what they do not depend on.
pub fn visit_cone<'a, B>(
    graph: &Graph,
    guards: impl IntoIterator<Item = &'a Guard>,
    visit: &mut dyn FnMut(&[OptionSet]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut cone = vec![false; graph.questions.len()];
    for question in guards.into_iter().flat_map(|guard| guard.questions()) {
        cone[question] = true;
    }
    for index in (0..cone.len()).rev() {
        if cone[index] {
            for question in graph.questions[index].ask_if.questions() {
                cone[question] = true;
            }
        }
    }
    descend(graph, &cone, 0, &mut vec![0; graph.questions.len()], visit)
}

/// Visits every situation there is.
pub fn visit_all<B>(graph: &Graph, visit: &mut dyn FnMut(&[OptionSet]) -> ControlFlow<B>) -> ControlFlow<B> {
    let cone = vec![true; graph.questions.len()];
    descend(graph, &cone, 0, &mut vec![0; graph.questions.len()], visit)
}

fn descend<B>(
    graph: &Graph,
    cone: &[bool],
    index: usize,
    values: &mut Vec<OptionSet>,
    visit: &mut dyn FnMut(&[OptionSet]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let Some(question) = graph.questions.get(index) else { return visit(values) };
    if !cone[index] || !question.ask_if.holds(values) {
        return descend(graph, cone, index + 1, values, visit);
    }
    if question.later {
        descend(graph, cone, index + 1, values, visit)?;
    }
    for answer in question.answers() {
        values[index] = answer;
        descend(graph, cone, index + 1, values, visit)?;
    }
    values[index] = 0;
    ControlFlow::Continue(())
}

/// A situation in which all these guards hold.
pub fn witness(graph: &Graph, guards: &[&Guard]) -> Option<Vec<OptionSet>> {
    let visit = &mut |values: &[OptionSet]| match guards.iter().all(|guard| guard.holds(values)) {
        true => ControlFlow::Break(values.to_vec()),
        false => ControlFlow::Continue(()),
    };
    visit_cone(graph, guards.iter().copied(), visit).break_value()
}

/// A situation in words of the file: `operator = azercell, place = abroad`.
pub fn describe(graph: &Graph, values: &[OptionSet]) -> String {
    let answered = graph.questions.iter().zip(values).filter(|(_, value)| **value != 0);
    let line = answered.map(|(question, value)| {
        let options = question.positions(*value).map(|option| question.options[option].name.as_str());
        format!("{} = {}", question.id.name, options.collect::<Vec<_>>().join("+"))
    });
    line.collect::<Vec<_>>().join(", ")
}
