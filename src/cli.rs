//! Commands that print something and end.

use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, bail};
use simoff::channel::telegram;
use simoff::dialogues::analysis::Analysis;
use simoff::dialogues::machine::Machine;
use simoff::dialogues::{Dialogue, Severity, facts, plans, translations};
use simoff::store;

use crate::config::{self, GraphFormat};
use crate::reload::{examine, load_source, sound_dialogue};

/// Reports every problem of the content. With `release`, warnings fail too.
pub fn check(folder: Option<&Path>, release: bool) -> anyhow::Result<ExitCode> {
    let source = load_source(folder)?;
    let (dialogue, problems) = examine(&source);
    print(&source.report(&problems, std::io::stdout().is_terminal()))?;
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match dialogue {
        Some(_) if release && warnings > 0 => {
            print(&format!("{warnings} warnings: not for release\n"))?;
            Ok(ExitCode::FAILURE)
        }
        Some(dialogue) => {
            let analysis = Analysis::of(&dialogue.graph);
            let (graph, facts) = (&dialogue.graph, dialogue.facts.list.len());
            print(&format!(
                "{}: {} questions, {} steps, {facts} facts, {} languages, {} situations. 0 errors, {warnings} warnings\n",
                graph.id,
                graph.questions.len(),
                graph.steps.len(),
                graph.languages.len(),
                analysis.situations,
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            print(&format!("{errors} errors, {warnings} warnings\n"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Renews the lock file of the translations in the folder of dialogues.
pub fn note_translated(folder: Option<&Path>, only: &[String]) -> anyhow::Result<()> {
    let Some(path) = folder else {
        bail!("name the folder of the dialogues, for example --dialogues dialogues");
    };
    let source = load_source(Some(path))?;
    let dialogue = sound_dialogue(&source)?;
    let others = &dialogue.graph.languages[1..];
    if let Some(tag) = only.iter().find(|tag| !others.contains(tag)) {
        bail!("`{tag}` is not a language that is translated into. There are: {}", others.join(", "));
    }
    let lock = translations::read_lock(&source, &mut Vec::new());
    let (text, renewed) = translations::renewed(&dialogue, &lock, only);
    let path = path.join(translations::FILE);
    std::fs::write(&path, text).with_context(|| format!("Cannot write {}", path.display()))?;
    print(&format!("{renewed} translations noted as up to date in {}\n", path.display()))
}

/// Prints all facts by age, the ones to read again first.
pub fn print_facts(folder: Option<&Path>) -> anyhow::Result<()> {
    let dialogue = dialogue_in(folder)?;
    print(&facts::table(&dialogue.facts, jiff::Zoned::now().date()))
}

/// Prints which situations lead to which plans.
pub fn print_plans(folder: Option<&Path>, options: &config::PlansArgs) -> anyhow::Result<()> {
    let dialogue = &dialogue_in(folder)?;
    let only = options.only.iter().map(|text| plans::only(&dialogue.graph, text)).collect::<Result<Vec<_>, _>>();
    let only = only.map_err(anyhow::Error::msg)?;
    print(&plans::table(dialogue, dialogue.language(options.language.as_deref()), &only))
}

/// Prints the state machine that the guards amount to.
pub fn print_graph(folder: Option<&Path>, format: GraphFormat) -> anyhow::Result<()> {
    let dialogue = dialogue_in(folder)?;
    let machine = Machine::of(&dialogue.graph);
    match format {
        GraphFormat::Mermaid => print(&machine.mermaid()),
        GraphFormat::Dot => print(&machine.dot()),
        GraphFormat::Svg => print(&machine.svg(None, false)),
    }
}

fn dialogue_in(folder: Option<&Path>) -> anyhow::Result<Dialogue> {
    sound_dialogue(&load_source(folder)?)
}

/// Asks a running bot whether it is alive.
pub async fn health(options: config::HealthArgs) -> anyhow::Result<()> {
    match options.admin_listen.0 {
        Some(address) => telegram::health::probe(address).await,
        None => bail!("SIMOFF_ADMIN_LISTEN is off, so there is nothing to ask"),
    }
}

/// Copies the database to a new file.
pub async fn backup(database: &config::DatabaseArgs, to: &Path) -> anyhow::Result<()> {
    store::backup(database.url()?.reveal(), to).await?;
    print(&format!("Copied to {}\n", to.display()))
}

/// Copies one database to another, with a progress bar in a terminal and one line per table elsewhere.
pub async fn copy_store(from: &str, to: &str) -> anyhow::Result<()> {
    let terminal = std::io::stderr().is_terminal();
    let bar = |table: &str, done: u64, total: u64| {
        const CELLS: u64 = 24;
        let full = (done * CELLS).checked_div(total).unwrap_or(CELLS);
        let cells: String = (0..CELLS).map(|cell| if cell < full { '\u{2588}' } else { '\u{2591}' }).collect();
        if terminal {
            let end = if done == total { "\n" } else { "" };
            eprint!("\r{table:<16} {cells} {done} / {total}{end}");
        }
    };
    for copied in store::copy(from, to, bar).await? {
        print(&format!(
            "{:<16} {:>9} rows, checksum {:08x} on both sides\n",
            copied.table, copied.rows, copied.checksum
        ))?;
    }
    Ok(())
}

/// Prints to standard output. A reader that closes the pipe (`simoff plans | head`) is no error.
pub fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("Cannot print"),
    }
}
