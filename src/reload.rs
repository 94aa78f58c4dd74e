//! The content that runs: loaded and checked at start, and replaced when its folder changes.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use simoff::conversation::Conversation;
use simoff::dialogues::{Dialogue, Problem, Source, load};
use simoff::render;
use simoff::studio::ContentStatus;
use tokio::sync::watch;

/// How often the folder of dialogues is checked for edits. An author saves and looks up; a second feels immediate.
const RELOAD_INTERVAL: Duration = Duration::from_secs(1);

/// The content of a folder laid over the built-in one; without a folder, the built-in one.
pub fn load_source(folder: Option<&Path>) -> anyhow::Result<Source> {
    match folder {
        None => Ok(Source::embedded()),
        Some(folder) => {
            Source::overlaid(folder).with_context(|| format!("Cannot read the dialogues in {}", folder.display()))
        }
    }
}

/// Everything that is wrong with the content, and the dialogue when nothing is.
pub fn examine(source: &Source) -> (Option<Dialogue>, Vec<Problem>) {
    let loaded = load(source, jiff::Zoned::now().date());
    let mut problems = loaded.problems;
    let dialogue = loaded.dialogue.filter(|dialogue| {
        let before = problems.len();
        render::check_lengths(dialogue, &mut problems);
        problems.len() == before
    });
    (dialogue, problems)
}

/// The dialogue of sound content, or the report of its errors.
pub fn sound_dialogue(source: &Source) -> anyhow::Result<Dialogue> {
    // CI runs `check` on the embedded content. Laying out every screen again would take longer than the rest of a start.
    let (dialogue, problems) = if *source == Source::embedded() {
        let loaded = load(source, jiff::Zoned::now().date());
        (loaded.dialogue, loaded.problems)
    } else {
        examine(source)
    };
    dialogue.with_context(|| {
        let report = source.report(&problems, std::io::stderr().is_terminal());
        format!("the dialogues have errors.\n{report}")
    })
}

/// Reloads a folder of dialogues: a sound edit goes live, a broken one is reported and changes nothing.
pub struct Reloader {
    folder: Option<PathBuf>,
    source: Source,
    conversation: Arc<Conversation>,
}

impl Reloader {
    pub fn new(folder: Option<PathBuf>, source: Source, conversation: Arc<Conversation>) -> Self {
        Self { folder, source, conversation }
    }

    /// Checks for edits for ever, and tells the studio, where there is one.
    pub async fn run(mut self, studio: Option<watch::Sender<ContentStatus>>) {
        loop {
            tokio::time::sleep(RELOAD_INTERVAL).await;
            let Some(edit) = self.check() else { continue };
            let Some(studio) = &studio else { continue };
            let edition = studio.borrow().edition + 1;
            studio.send_replace(self.status(edit, edition).await);
        }
    }

    /// Checks once. What was edited since the last check.
    pub fn check(&mut self) -> Option<Edit> {
        self.folder.as_ref()?;
        let source = match load_source(self.folder.as_deref()) {
            Ok(source) if source == self.source => return None,
            Ok(source) => source,
            // An editor replaces files; for a moment there may be none.
            Err(error) => {
                log::debug!("{error:#}");
                return None;
            }
        };
        let (dialogue, problems) = examine(&source);
        let mut before = None;
        match dialogue {
            Some(dialogue) => {
                before = Some(self.conversation.dialogue());
                self.conversation.replace_dialogue(dialogue);
                log::info!("The dialogue was replaced");
            }
            None => {
                let report = source.report(&problems, std::io::stderr().is_terminal());
                eprintln!("The edited dialogues have errors; the last good version goes on.\n{report}");
            }
        }
        self.source = source;
        Some(Edit { before, problems })
    }

    /// The content as it is at the start, for the studio.
    pub async fn first_status(&self) -> ContentStatus {
        let (_, problems) = examine(&self.source);
        self.status(Edit { before: None, problems }, 0).await
    }

    /// An edit as the studio shows it.
    async fn status(&self, edit: Edit, edition: u64) -> ContentStatus {
        let after = self.conversation.dialogue();
        let touched = match &edit.before {
            None => None,
            Some(before) => match self.conversation.touched_by(&before.graph, &after.graph).await {
                Ok(touched) => Some(touched),
                Err(error) => {
                    log::error!("Cannot count whom the edit affects: {error:#}");
                    None
                }
            },
        };
        let report = self.source.report(&edit.problems, false);
        let placed = |problem: Problem| {
            let place = self.source.place(&problem);
            (problem, place)
        };
        let problems = edit.problems.into_iter().map(placed).collect();
        let folder = self.folder.as_ref().map(|folder| folder.display().to_string());
        ContentStatus { edition, folder, problems, report, touched }
    }
}

/// An edit of the content.
pub struct Edit {
    /// The dialogue that it replaced; `None`: the edit is broken and replaced nothing.
    pub before: Option<Arc<Dialogue>>,
    problems: Vec<Problem>,
}
