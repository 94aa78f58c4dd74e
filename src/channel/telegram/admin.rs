//! What those who run the bot may ask it: how many people stand where, and to tell people of an edit.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::CHANNEL;
use super::handler::UpdateHandler;
use super::update::chat_of;
use crate::conversation::{IncomingMessage, OutboxMessage, Stats};
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
        handler: &Arc<UpdateHandler>,
        incoming: &IncomingMessage,
        data: Option<&str>,
    ) -> Option<anyhow::Result<Option<OutboxMessage>>> {
        if !self.is_admin(&incoming.person) {
            return None;
        }
        let screen = match (&incoming.input, data) {
            (Input::Text(text), _) if text.trim() == "/stats" => self.stats(handler, incoming).await,
            (Input::Text(text), _) if text.trim() == "/announce" => self.preview(handler, incoming).await,
            (_, Some(ANNOUNCE)) => Ok(self.begin(handler, incoming)),
            _ => return None,
        };
        Some(match screen {
            Ok(screen) => handler.conversation.send_notice(incoming, screen, Timestamp::now()).await,
            Err(error) => Err(error),
        })
    }

    async fn stats(&self, handler: &Arc<UpdateHandler>, incoming: &IncomingMessage) -> anyhow::Result<Screen> {
        let stats = handler.conversation.stats(CHANNEL).await?;
        let backlog = handler.conversation.backlog(CHANNEL).await?;
        let dialogue = handler.conversation.dialogue();
        let mut table = String::new();
        let _ = writeln!(table, "people {}", stats.people);
        for (state, count) in &stats.states {
            let _ = writeln!(table, "  at {state} {count}");
        }
        for (question, count) in &stats.answered {
            let _ = writeln!(table, "  answered {question} {count}");
        }
        let _ = writeln!(table, "reminders {}\noutbox {}", stats.reminders, backlog.rows);
        let faults = (self.metrics)();
        for line in faults.lines().filter(|line| line.starts_with("simoff_") && !line.contains("states_entered")) {
            let _ = writeln!(table, "{line}");
        }
        let title = say(&dialogue, incoming, Phrase::AdminStats, &[]);
        Ok(page(format!("<b>{title}</b>\n<code>{}</code>", escape(table.trim_end())), Vec::new()))
    }

    async fn preview(&self, handler: &Arc<UpdateHandler>, incoming: &IncomingMessage) -> anyhow::Result<Screen> {
        let stats = handler.conversation.stats(CHANNEL).await?;
        let dialogue = handler.conversation.dialogue();
        if stats.touched == 0 {
            return Ok(page(say(&dialogue, incoming, Phrase::AdminNobody, &[]), Vec::new()));
        }
        let Stats { people, touched, changes, .. } = stats;
        let list: String =
            changes.iter().map(|(change, count)| format!("\n{} \u{D7} {count}", escape(change))).collect();
        let values = [("number", Value::Number(touched)), ("total", Value::Number(people))];
        let text = say(&dialogue, incoming, Phrase::AdminAnnounce, &values);
        let label = say(&dialogue, incoming, Phrase::BtnAnnounce, &[]);
        let choice = Choice { label, press: ANNOUNCE.into(), place: Place::On };
        Ok(page(format!("{text}\n<code>{}</code>", list.trim_start()), vec![choice]))
    }

    /// Begins to tell everybody, beside everything else.
    fn begin(&self, handler: &Arc<UpdateHandler>, incoming: &IncomingMessage) -> Screen {
        let dialogue = handler.conversation.dialogue();
        if !self.announcing.swap(true, Ordering::SeqCst) {
            let (handler, asked) =
                (handler.clone(), IncomingMessage { update_id: None, replaces: None, ..incoming.clone() });
            tokio::spawn(async move {
                let told = tell_everybody(&handler).await;
                handler.admin.announcing.store(false, Ordering::SeqCst);
                match told {
                    Ok(told) => {
                        log::info!("{told} people were told of the change of their plan");
                        let dialogue = handler.conversation.dialogue();
                        let text = say(&dialogue, &asked, Phrase::AdminDone, &[("number", Value::Number(told))]);
                        let message =
                            handler.conversation.send_notice(&asked, page(text, Vec::new()), Timestamp::now()).await;
                        match message {
                            Ok(message) => message.into_iter().for_each(|message| handler.sender.send(message)),
                            Err(error) => log::error!("Cannot say that it is done: {error:#}"),
                        }
                    }
                    Err(error) => log::error!("The announcement broke off, and can be begun again: {error:#}"),
                }
            });
        }
        page(say(&dialogue, incoming, Phrase::AdminBegun, &[]), Vec::new())
    }
}

/// Tells everybody whose plan was changed by an edit. No faster than it leaves: it makes way for everything else.
async fn tell_everybody(handler: &Arc<UpdateHandler>) -> anyhow::Result<usize> {
    let (mut told, mut after) = (0, String::new());
    loop {
        let (touched, last) = handler.conversation.touched(CHANNEL, &after).await?;
        for person in touched {
            handler.sender.room().await;
            if let Some(message) = handler.conversation.announce(&person, Timestamp::now()).await? {
                handler.sender.send(message);
                told += 1;
            }
        }
        let Some(last) = last else { return Ok(told) };
        after = last;
    }
}

fn say(dialogue: &Dialogue, incoming: &IncomingMessage, phrase: Phrase, values: &[(&str, Value)]) -> String {
    dialogue.texts.say(dialogue.language(incoming.language.as_deref()), phrase, values)
}

fn page(text: String, choices: Vec<Choice>) -> Screen {
    Screen { text, choices, file: None, held_up: None }
}
