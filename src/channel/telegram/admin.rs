//! What the operators of the bot may ask it: statistics, and to announce an edit of the content.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::Timestamp;

use super::CHANNEL;
use super::parse::chat_of;
use super::send::Sender;
use crate::conversation::{Conversation, IncomingMessage, OutboxMessage, Stats};
use crate::dialogues::Dialogue;
use crate::dialogues::texts::{Phrase, Value, escape};
use crate::engine::Input;
use crate::render::{Choice, Place, Screen};

/// The payload of the button that begins an announcement. No button of the talk reads so.
const ANNOUNCE: &str = "admin:announce";

/// What the metrics say, as Prometheus reads it.
pub type Metrics = Arc<dyn Fn() -> String + Send + Sync>;

/// Answers the operators of the bot.
pub struct Admin {
    /// Their user ids.
    ids: BTreeSet<i64>,
    metrics: Metrics,
    conversation: Arc<Conversation>,
    announcer: Arc<Announcer>,
}

/// Announces an edit to everybody whose plan it changes.
struct Announcer {
    conversation: Arc<Conversation>,
    sender: Sender,
    /// An announcement is under way.
    busy: AtomicBool,
}

impl Admin {
    pub fn new(
        ids: impl IntoIterator<Item = i64>,
        metrics: Metrics,
        conversation: Arc<Conversation>,
        sender: Sender,
    ) -> Self {
        let announcer = Announcer { conversation: conversation.clone(), sender, busy: AtomicBool::new(false) };
        Self { ids: ids.into_iter().collect(), metrics, conversation, announcer: Arc::new(announcer) }
    }

    /// Whether a person is an operator.
    pub fn is_admin(&self, person: &str) -> bool {
        chat_of(person).is_some_and(|chat| self.ids.contains(&chat))
    }

    /// Handles an operator's command, committed like every reply; `None`: the message belongs to the talk.
    pub async fn take(
        &self,
        incoming: &IncomingMessage,
        data: Option<&str>,
    ) -> Option<anyhow::Result<Option<OutboxMessage>>> {
        if !self.is_admin(&incoming.person) {
            return None;
        }
        let screen = match (&incoming.input, data) {
            (Input::Text(text), _) if text.trim() == "/stats" => self.stats(incoming).await,
            (Input::Text(text), _) if text.trim() == "/announce" => self.preview(incoming).await,
            (_, Some(ANNOUNCE)) => Ok(self.begin(incoming)),
            _ => return None,
        };
        Some(match screen {
            Ok(screen) => self.conversation.send_notice(incoming, screen, Timestamp::now()).await,
            Err(error) => Err(error),
        })
    }

    async fn stats(&self, incoming: &IncomingMessage) -> anyhow::Result<Screen> {
        let stats = self.conversation.stats(CHANNEL.prefix).await?;
        let backlog = self.conversation.store().backlog(CHANNEL.prefix).await?;
        let dialogue = self.conversation.dialogue();
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

    async fn preview(&self, incoming: &IncomingMessage) -> anyhow::Result<Screen> {
        let stats = self.conversation.stats(CHANNEL.prefix).await?;
        let dialogue = self.conversation.dialogue();
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

    /// Begins an announcement in the background, unless one is under way.
    fn begin(&self, incoming: &IncomingMessage) -> Screen {
        if !self.announcer.busy.swap(true, Ordering::SeqCst) {
            let announcer = self.announcer.clone();
            let asked = IncomingMessage { update_id: None, replaces: None, ..incoming.clone() };
            tokio::spawn(async move { announcer.run(&asked).await });
        }
        page(say(&self.conversation.dialogue(), incoming, Phrase::AdminBegun, &[]), Vec::new())
    }
}

impl Announcer {
    /// Announces, and reports to the operator who asked for it.
    async fn run(&self, asked: &IncomingMessage) {
        let announced = self.announce_to_all().await;
        self.busy.store(false, Ordering::SeqCst);
        let reported = match announced {
            Ok(people) => {
                log::info!("Announced the edit to {people} people");
                let dialogue = self.conversation.dialogue();
                let text = say(&dialogue, asked, Phrase::AdminDone, &[("number", Value::Number(people))]);
                self.conversation.send_notice(asked, page(text, Vec::new()), Timestamp::now()).await
            }
            Err(error) => {
                log::error!("The announcement broke off, and can be begun again: {error:#}");
                return;
            }
        };
        match reported {
            Ok(message) => message.into_iter().for_each(|message| self.sender.send(message)),
            Err(error) => log::error!("Cannot report the end of the announcement: {error:#}"),
        }
    }

    /// Sends no faster than messages leave, since announcements have the lowest priority. The number of people.
    async fn announce_to_all(&self) -> anyhow::Result<usize> {
        let (mut people, mut after) = (0, String::new());
        loop {
            let (touched, last) = self.conversation.touched(CHANNEL.prefix, &after).await?;
            for person in touched {
                self.sender.capacity().await;
                if let Some(message) = self.conversation.announce(&person, Timestamp::now()).await? {
                    self.sender.send(message);
                    people += 1;
                }
            }
            let Some(last) = last else { return Ok(people) };
            after = last;
        }
    }
}

fn say(dialogue: &Dialogue, incoming: &IncomingMessage, phrase: Phrase, values: &[(&str, Value)]) -> String {
    dialogue.texts.say(dialogue.language(incoming.language.as_deref()), phrase, values)
}

fn page(text: String, choices: Vec<Choice>) -> Screen {
    Screen { text, choices, file: None, held_up: None }
}
