//! What those who run the bot may ask it: how many people stand where, and to tell people of an edit.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::CHANNEL;
use super::ears::Ears;
use super::read::chat_of;
use crate::conversation::{Census, Heard, Parcel};
use crate::dialogues::Dialogue;
use crate::dialogues::texts::{Phrase, Value, escape};
use crate::engine::Input;
use crate::render::{Choice, Place, Screen};

/// The payload of the button that begins an announcement. No button of the talk reads so.
const ANNOUNCE: &str = "admin:announce";

/// What the metrics say, as Prometheus reads it.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// The people who run the bot, by their numbers on Telegram.
pub struct Admin {
    ids: BTreeSet<i64>,
    metrics: Metrics,
    announcing: AtomicBool,
}

impl Admin {
    pub fn new(ids: impl IntoIterator<Item = i64>, metrics: Metrics) -> Self {
        Self { ids: ids.into_iter().collect(), metrics, announcing: AtomicBool::new(false) }
    }

    /// Whether somebody runs the bot.
    pub fn is_admin(&self, person: &str) -> bool {
        chat_of(person).is_some_and(|chat| self.ids.contains(&chat))
    }

    /// What an admin asks for, committed like every answer; `None`: this is for the talk.
    pub async fn take(
        &self,
        ears: &Arc<Ears>,
        heard: &Heard,
        payload: Option<&str>,
    ) -> Option<anyhow::Result<Option<Parcel>>> {
        if !self.is_admin(&heard.person) {
            return None;
        }
        let screen = match (&heard.input, payload) {
            (Input::Text(text), _) if text.trim() == "/stats" => self.stats(ears, heard).await,
            (Input::Text(text), _) if text.trim() == "/announce" => self.preview(ears, heard).await,
            (_, Some(ANNOUNCE)) => Ok(self.begin(ears, heard)),
            _ => return None,
        };
        Some(match screen {
            Ok(screen) => ears.conversation.tell(heard, screen, Timestamp::now()).await,
            Err(error) => Err(error),
        })
    }

    async fn stats(&self, ears: &Arc<Ears>, heard: &Heard) -> anyhow::Result<Screen> {
        let census = ears.conversation.census(CHANNEL).await?;
        let backlog = ears.conversation.backlog(CHANNEL).await?;
        let dialogue = ears.conversation.dialogue();
        let mut table = String::new();
        let _ = writeln!(table, "people {}", census.people);
        for (state, count) in &census.states {
            let _ = writeln!(table, "  at {state} {count}");
        }
        for (question, count) in &census.answered {
            let _ = writeln!(table, "  answered {question} {count}");
        }
        let _ = writeln!(table, "reminders {}\noutbox {}", census.reminders, backlog.rows);
        let faults = (self.metrics)();
        for line in faults.lines().filter(|line| line.starts_with("simoff_") && !line.contains("states_entered")) {
            let _ = writeln!(table, "{line}");
        }
        let title = say(&dialogue, heard, Phrase::AdminStats, &[]);
        Ok(page(format!("<b>{title}</b>\n<code>{}</code>", escape(table.trim_end())), Vec::new()))
    }

    async fn preview(&self, ears: &Arc<Ears>, heard: &Heard) -> anyhow::Result<Screen> {
        let census = ears.conversation.census(CHANNEL).await?;
        let dialogue = ears.conversation.dialogue();
        if census.touched == 0 {
            return Ok(page(say(&dialogue, heard, Phrase::AdminNobody, &[]), Vec::new()));
        }
        let Census { people, touched, changes, .. } = census;
        let list: String =
            changes.iter().map(|(change, count)| format!("\n{} \u{D7} {count}", escape(change))).collect();
        let values = [("number", Value::Number(touched)), ("total", Value::Number(people))];
        let text = say(&dialogue, heard, Phrase::AdminAnnounce, &values);
        let label = say(&dialogue, heard, Phrase::BtnAnnounce, &[]);
        let choice = Choice { label, press: ANNOUNCE.into(), place: Place::On };
        Ok(page(format!("{text}\n<code>{}</code>", list.trim_start()), vec![choice]))
    }

    /// Begins to tell everybody, beside everything else.
    fn begin(&self, ears: &Arc<Ears>, heard: &Heard) -> Screen {
        let dialogue = ears.conversation.dialogue();
        if !self.announcing.swap(true, Ordering::SeqCst) {
            let (ears, asked) = (ears.clone(), Heard { update: None, replaces: None, ..heard.clone() });
            tokio::spawn(async move {
                let told = tell_everybody(&ears).await;
                ears.admin.announcing.store(false, Ordering::SeqCst);
                match told {
                    Ok(told) => {
                        log::info!("{told} people were told of the change of their plan");
                        let dialogue = ears.conversation.dialogue();
                        let text = say(&dialogue, &asked, Phrase::AdminDone, &[("number", Value::Number(told))]);
                        let parcel = ears.conversation.tell(&asked, page(text, Vec::new()), Timestamp::now()).await;
                        match parcel {
                            Ok(parcel) => parcel.into_iter().for_each(|parcel| ears.sender.send(parcel)),
                            Err(error) => log::error!("Cannot say that it is done: {error:#}"),
                        }
                    }
                    Err(error) => log::error!("The announcement broke off, and can be begun again: {error:#}"),
                }
            });
        }
        page(say(&dialogue, heard, Phrase::AdminBegun, &[]), Vec::new())
    }
}

/// Tells everybody whose plan was changed by an edit. No faster than it leaves: it makes way for everything else.
async fn tell_everybody(ears: &Arc<Ears>) -> anyhow::Result<usize> {
    let (mut told, mut after) = (0, String::new());
    loop {
        let (touched, last) = ears.conversation.touched(CHANNEL, &after).await?;
        for person in touched {
            ears.sender.room().await;
            if let Some(parcel) = ears.conversation.announce(&person, Timestamp::now()).await? {
                ears.sender.send(parcel);
                told += 1;
            }
        }
        let Some(last) = last else { return Ok(told) };
        after = last;
    }
}

fn say(dialogue: &Dialogue, heard: &Heard, phrase: Phrase, values: &[(&str, Value)]) -> String {
    dialogue.texts.say(dialogue.language(heard.language.as_deref()), phrase, values)
}

fn page(text: String, choices: Vec<Choice>) -> Screen {
    Screen { text, choices, file: None, held_up: None }
}
