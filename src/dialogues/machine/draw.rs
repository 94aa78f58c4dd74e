//! The machine as a picture. Every way leads down, so it is drawn in rows: one for each question, in the order of the talk.

use std::fmt::Write;

use super::{Machine, State};
use crate::dialogues::graph::OptionSet;
use crate::dialogues::texts::escape;

/// Sizes of the picture, in its own units; a unit is a pixel where it is not scaled.
const ROW: usize = 84;
const COLUMN: usize = 220;
const MARGIN: usize = 180;
const BOX_WIDTH: usize = 112;
const BOX_HEIGHT: usize = 34;
const TEXT_LINE: usize = 20;

/// How it looks where no page says otherwise: it stands alone, in light and in dark.
const STYLE: &str = "\
svg{color:#17211d}.ground{fill:#fff}\
.box{fill:#fff;stroke:#44524c;stroke-width:1.5}.way{fill:none;stroke:#7d8c85;stroke-width:1.2}\
.here .box{fill:#0b5a44;stroke:#0b5a44}.here text{fill:#fff}.been .box{fill:#dcebe4;stroke:#0b5a44}.been.way{stroke:#0b5a44;stroke-width:2.5}\
text{font:13px system-ui,sans-serif;fill:currentColor;text-anchor:middle}.label{font-size:11px;fill:#44524c;paint-order:stroke;stroke:#fff;stroke-width:4px}\
.aside{text-anchor:start;font-size:12px}";

/// Where a state stands.
struct Spot {
    x: usize,
    y: usize,
}

impl Machine<'_> {
    /// A picture. `values`: the answers whose state is lit, with the way there. What a page is to style itself
    /// (`styled`) comes without a style of its own.
    pub fn svg(&self, values: Option<&[OptionSet]>, styled: bool) -> String {
        let mut labels = String::new();
        let path = values.map(|values| self.path(values)).unwrap_or_default();
        let spots = self.spots();
        let last = spots.iter().map(|spot| spot.y).max().unwrap_or(0);
        let asides = self.asides();
        let (width, height) = (
            spots.iter().map(|spot| spot.x).max().unwrap_or(0) + BOX_WIDTH / 2 + MARGIN,
            last + BOX_HEIGHT + TEXT_LINE * (asides.len() + 3),
        );
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\">\n",
            escape(&self.graph.id)
        );
        if !styled {
            let _ = writeln!(out, "<style>{STYLE}</style><rect class=\"ground\" width=\"100%\" height=\"100%\"/>");
        }
        for (index, state) in self.states.iter().enumerate() {
            for (options, target) in &state.edges {
                let walked = path.windows(2).any(|pair| pair == [index, *target]);
                let label = self.shortened(state, *options);
                let [way, label] = way([&spots[index], &spots[*target]], width / 2, &label, walked);
                out += &way;
                labels += &label;
            }
        }
        for (index, (state, spot)) in self.states.iter().zip(&spots).enumerate() {
            let class = match path.iter().position(|passed| *passed == index) {
                Some(position) if position + 1 == path.len() => "here",
                Some(_) => "been",
                None => "",
            };
            let (left, top) = (spot.x - BOX_WIDTH / 2, spot.y - BOX_HEIGHT / 2);
            let round = if state.question.is_none() { BOX_HEIGHT / 2 } else { 6 };
            let _ = writeln!(
                out,
                "<g class=\"{class}\"><rect class=\"box\" x=\"{left}\" y=\"{top}\" width=\"{BOX_WIDTH}\" height=\"{BOX_HEIGHT}\" \
                 rx=\"{round}\"/><text x=\"{}\" y=\"{}\">{}</text></g>",
                spot.x,
                spot.y + 5,
                escape(self.name(state))
            );
        }
        out += &labels;
        for (line, aside) in asides.iter().enumerate() {
            let y = last + BOX_HEIGHT + TEXT_LINE * (line + 2);
            let _ = writeln!(out, "<text class=\"aside\" x=\"{}\" y=\"{y}\">{}</text>", MARGIN / 2, escape(aside));
        }
        out + "</svg>\n"
    }

    /// The states from the start to the state of these answers.
    fn path(&self, values: &[OptionSet]) -> Vec<usize> {
        let mut path = vec![self.start];
        let mut state = &self.states[self.start];
        while let Some(question) = state.question {
            let Some((_, target)) = state.edges.iter().find(|(options, _)| options & values[question] != 0) else {
                break;
            };
            path.push(*target);
            state = &self.states[*target];
        }
        path
    }

    /// A row for each question that is asked, those that ask the same side by side, the plan below all.
    fn spots(&self) -> Vec<Spot> {
        let mut asked: Vec<usize> = self.states.iter().filter_map(|state| state.question).collect();
        asked.sort_unstable();
        asked.dedup();
        let row = |state: &State| match state.question {
            Some(question) => asked.iter().position(|other| *other == question).unwrap_or(0),
            None => asked.len(),
        };
        let mut taken = vec![0; asked.len() + 1];
        let mut spots: Vec<Spot> = Vec::with_capacity(self.states.len());
        for state in &self.states {
            let row = row(state);
            spots.push(Spot { x: taken[row], y: BOX_HEIGHT + row * ROW });
            taken[row] += 1;
        }
        let widest = taken.iter().max().copied().unwrap_or(1);
        for (state, spot) in self.states.iter().zip(&mut spots) {
            let shift = (widest - taken[row(state)]) * COLUMN / 2;
            spot.x = MARGIN + BOX_WIDTH / 2 + shift + spot.x * COLUMN;
        }
        spots
    }

    /// A label that is short: what leads elsewhere is named instead, where that is less.
    fn shortened(&self, state: &State, options: OptionSet) -> String {
        let Some(question) = state.question.map(|index| &self.graph.questions[index]) else { return String::new() };
        let all = question.options.len();
        let named = question.positions(options).count();
        if state.edges.len() > 1 && named * 2 > all {
            let rest = question.positions(!options).map(|option| question.options[option].name.as_str());
            return format!("not {}", rest.collect::<Vec<_>>().join(", "));
        }
        self.label(state, options)
    }

    /// What the plan asks again.
    fn asides(&self) -> Vec<String> {
        let line = |(step, question, closes): (&str, &str, String)| {
            let closes = if closes.is_empty() { String::new() } else { format!(", and {closes} closes the case") };
            format!("plan: {step} asks {question} again{closes}")
        };
        self.loops().into_iter().map(line).collect()
    }
}

/// One way, and its label near its beginning. What skips rows swings out, so as not to cross what it skips.
fn way([from, to]: [&Spot; 2], middle: usize, label: &str, walked: bool) -> [String; 2] {
    let (start, end) = (from.y + BOX_HEIGHT / 2, to.y - BOX_HEIGHT / 2);
    let rows = (to.y - from.y) / ROW;
    let swing = BOX_WIDTH * 2 / 3 + 20 * rows;
    let outwards = |x: usize| match (rows, from.x < middle) {
        (..=1, _) => x,
        (_, true) => from.x.min(to.x).saturating_sub(swing),
        (_, false) => from.x.max(to.x) + swing,
    };
    let bend = (end - start) / 2;
    let (first, second) = (outwards(from.x), outwards(to.x));
    let class = if walked { "way been" } else { "way" };
    let way = format!(
        "<path class=\"{class}\" d=\"M{} {start} C{first} {} {second} {} {} {end}\"/>\n",
        from.x,
        start + bend,
        end - bend,
        to.x
    );
    // A third of the way along the curve.
    let at = |p: [usize; 4]| (8 * p[0] + 12 * p[1] + 6 * p[2] + p[3]) / 27;
    let (x, y) = (at([from.x, first, second, to.x]), at([start, start + bend, end - bend, end]));
    [way, format!("<text class=\"label\" x=\"{x}\" y=\"{}\">{}</text>\n", y + 4, escape(label))]
}
