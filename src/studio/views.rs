//! The whole dialogue on paper: every screen in every language, the plans by situation, the facts by age.

use jiff::Timestamp;
use jiff::civil::Date;
use maud::{Markup, PreEscaped, html};
use unicode_width::UnicodeWidthStr;

use crate::dialogues::facts::Fact;
use crate::dialogues::{Dialogue, Problem, plans};
use crate::render::samples::{Sample, samples};
use crate::render::{MAX_CHOICES, MAX_SCREEN_UNITS, Place, Screen, units};

/// From how much of the room on a screen an author is warned, in percent.
const CROWDED: usize = 80;

/// How wide a button may be before a narrow phone cuts it, in columns of Latin letters.
const WIDE: usize = 42;

/// The most lines of the table of plans that are shown. All of it is several thousand.
const MAX_LINES: usize = 400;

/// Which screens are shown.
pub struct ScreenFilter {
    pub language: Option<String>,
    pub name: String,
    pub wrong: bool,
}

/// A screen in a language, and what is wrong with it.
struct Cell<'a> {
    language: &'a str,
    screen: Screen,
    wrong: Vec<String>,
}

/// Every screen, with its length and what is wrong with it.
pub fn screens(dialogue: &Dialogue, problems: &[(Problem, String)], only: &ScreenFilter, now: Timestamp) -> Markup {
    let graph = &dialogue.graph;
    let languages: Vec<&String> =
        graph.languages.iter().filter(|tag| only.language.as_ref().is_none_or(|wanted| wanted == *tag)).collect();
    let rows: Vec<(Sample, Vec<Cell>)> = samples(dialogue)
        .into_iter()
        .filter(|sample| sample.name.contains(&only.name))
        .map(|sample| {
            let cells = languages.iter().copied().map(|language| {
                let screen = sample.screen(dialogue, language, now);
                let wrong = flaws(dialogue, &sample, language, &screen, problems);
                Cell { language, screen, wrong }
            });
            let cells = cells.collect();
            (sample, cells)
        })
        .filter(|(_, cells): &(_, Vec<_>)| !only.wrong || cells.iter().any(|cell| !cell.wrong.is_empty()))
        .collect();
    let marked = rows.iter().flat_map(|(_, cells)| cells).filter(|cell| !cell.wrong.is_empty()).count();
    html! {
        form method="get" {
            label { "Language " select name="language" {
                option value="" { "all" }
                @for tag in &graph.languages { option value=(tag) selected[only.language.as_ref() == Some(tag)] { (tag) } }
            } }
            label { "Name holds " input name="name" value=(only.name); }
            label { input type="checkbox" name="wrong" checked[only.wrong]; " only with something wrong" }
            button { "Show" }
        }
        p { (rows.len()) " screens in " (languages.len()) " languages, " (marked) " with something wrong. A screen holds " (MAX_SCREEN_UNITS) " UTF-16 units." }
        @for (sample, cells) in &rows {
            section.screen {
                h2 { (sample.name) }
                div.cells {
                    @for Cell { language, screen, wrong } in cells {
                        article lang=(language) class=[(!wrong.is_empty()).then_some("doubt")] {
                            p.length lang="en" { (language) ": " (units(screen)) " units, " (screen.choices.len()) " buttons" }
                            @for flaw in wrong { p.wrong lang="en" { (flaw) } }
                            div.text { (PreEscaped(&screen.text)) }
                            ul { @for choice in &screen.choices { li class=(place(choice.place)) { (choice.label) } } }
                            @if let Some(file) = &screen.file { p lang="en" { "with the file " (file.name) ", " (file.text.len()) " bytes" } }
                        }
                    }
                }
            }
        }
    }
}

fn place(place: Place) -> &'static str {
    match place {
        Place::On => "on",
        Place::Listed => "listed",
        Place::Aside => "aside",
    }
}

/// What is wrong with a screen: too long or nearly, buttons that are cut, and the problems of the texts on it.
fn flaws(
    dialogue: &Dialogue,
    sample: &Sample,
    language: &str,
    screen: &Screen,
    problems: &[(Problem, String)],
) -> Vec<String> {
    let mut flaws = Vec::new();
    let length = units(screen);
    if length > MAX_SCREEN_UNITS || screen.choices.len() > MAX_CHOICES {
        flaws.push(format!(
            "too long: {length} of {MAX_SCREEN_UNITS} units, {} of {MAX_CHOICES} buttons",
            screen.choices.len()
        ));
    } else if length * 100 > MAX_SCREEN_UNITS * CROWDED {
        flaws.push(format!("nearly full: {length} of {MAX_SCREEN_UNITS} units"));
    }
    // A list is written out; only its numbers are on buttons.
    for choice in screen.choices.iter().filter(|choice| choice.place != Place::Listed) {
        let width = choice.label.width();
        if width > WIDE {
            flaws.push(format!("a narrow phone cuts this button, {width} columns: {}", choice.label));
        }
    }
    let Some(key) = &sample.key else { return flaws };
    let Some(texts) = dialogue.texts.languages.get(language) else { return flaws };
    let parts = texts
        .entries
        .iter()
        .filter(|(name, _)| *name == key || name.strip_prefix(key.as_str()).is_some_and(|rest| rest.starts_with('.')));
    for (_, entry) in parts {
        let here = |problem: &Problem| {
            problem.file == entry.file
                && problem.span.start < entry.span.end
                && entry.span.start < problem.span.end.max(problem.span.start + 1)
        };
        flaws.extend(
            problems
                .iter()
                .filter(|(problem, _)| here(problem))
                .map(|(problem, place)| format!("{place} {}", problem.message)),
        );
    }
    flaws.dedup();
    flaws
}

/// The table of plans, with a filter for each question.
pub fn plans(dialogue: &Dialogue, only: &[(String, String)]) -> Markup {
    let graph = &dialogue.graph;
    let chosen = |question: &str| {
        only.iter().find(|(name, value)| name == question && !value.is_empty()).map(|(_, value)| value.as_str())
    };
    let filters = graph
        .questions
        .iter()
        .filter_map(|question| Some(format!("{}={}", question.id.name, chosen(&question.id.name)?)));
    let filters: Result<Vec<plans::PlanFilter>, String> = filters.map(|text| plans::only(graph, &text)).collect();
    let language = dialogue.language(chosen("language"));
    let table = filters.map(|filters| (filters.is_empty(), filters));
    html! {
        form method="get" {
            @for question in &graph.questions {
                @let value = chosen(&question.id.name);
                label { (question.id.name) " " select name=(question.id.name) {
                    option value="" { "any" }
                    @for option in &question.options { option value=(option.name) selected[value == Some(option.name.as_str())] { (option.name) } }
                    option value="-" selected[value == Some("-")] { "not asked" }
                } }
            }
            label { "names in " select name="language" {
                @for tag in &graph.languages { option value=(tag) selected[tag == language] { (tag) } }
            } }
            button { "Show" }
        }
        @match table {
            Err(error) => p.wrong { (error) },
            Ok((true, _)) => p { "Choose an answer or two: all situations at once are thousands of plans." },
            Ok((false, filters)) => {
                @let table = plans::table(dialogue, language, &filters);
                @let more = table.lines().count().saturating_sub(MAX_LINES);
                pre tabindex="0" { (table.lines().take(MAX_LINES).collect::<Vec<_>>().join("\n")) }
                @if more > 0 { p { (more) " more lines. Choose another answer to see less at once." } }
            }
        }
    }
}

/// The facts, those to be read again first.
pub fn facts(dialogue: &Dialogue, today: Date) -> Markup {
    let mut list: Vec<&Fact> = dialogue.facts.list.iter().collect();
    list.sort_by_key(|fact| (fact.recheck.value, fact.checked, fact.id.value.clone()));
    let stale = list.iter().filter(|fact| fact.is_stale(today)).count();
    let age = |fact: &Fact| fact.checked.until(today).map_or(0, |span| span.get_days());
    html! {
        p { (list.len()) " facts, " (stale) " to be read again." }
        div.wide tabindex="0" {
            table {
                thead { tr { th { "fact" } th { "value" } th { "says" } th { "read" } th { "days ago" } th { "again by" } th { "page" } } }
                @for fact in list {
                    tr.doubt[fact.is_stale(today)] {
                        th scope="row" { (fact.id.value) }
                        td { (fact.value.value) }
                        td { (fact.confidence) }
                        td { (fact.checked) }
                        td { (age(fact)) }
                        td { (fact.recheck.value) @if fact.is_stale(today) { strong { " read again" } } }
                        td { a href=(fact.source) target="_blank" rel="noopener noreferrer" { (fact.source) } }
                    }
                }
            }
        }
    }
}
