//! What happens to one update, however it came: handled, committed, and on its way to be answered.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use jiff::Timestamp;

use super::CHANNEL;
use super::admin::Admin;
use super::api::AnswerCallbackQuery;
use super::parse::{Update, UpdateKind, read_update};
use super::send::Sender;
use crate::conversation::{Conversation, IncomingMessage, OutboxMessage};
use crate::dialogues::texts::Phrase;
use crate::render::invitation;

/// How many albums are remembered: the pictures of one come within seconds.
const ALBUMS: usize = 256;

/// Handles updates.
pub struct UpdateHandler {
    pub conversation: Arc<Conversation>,
    pub sender: Sender,
    /// Our own name, without the `@`.
    pub username: String,
    pub admin: Admin,
    /// The albums of which one picture was answered; one answer is enough.
    albums: Mutex<(HashSet<String>, VecDeque<String>)>,
}

impl UpdateHandler {
    pub fn new(conversation: Arc<Conversation>, sender: Sender, username: String, admin: Admin) -> Self {
        Self { conversation, sender, username, admin, albums: Mutex::default() }
    }

    /// Handles updates of one chat, in order. When this returns, everything they caused is committed; what remains is to
    /// answer the callback queries. `Err`: something could not be committed, and all of them must come again.
    ///
    /// What one person said in quick succession is committed together. Otherwise a hundred messages of one person would cost a
    /// hundred flushes of the disk in a row, and everybody behind them would wait for that.
    pub async fn handle_in_order(self: &Arc<Self>, updates: Vec<Update>) -> Result<Vec<AnswerCallbackQuery>, ()> {
        let (mut answers, mut batch) = (Vec::new(), Vec::new());
        for incoming in updates {
            let update_id = incoming.update_id;
            match self.parse(incoming) {
                UpdateKind::Message { incoming, callback, album: None, .. }
                    if !self.admin.is_admin(&incoming.person) =>
                {
                    batch.push((incoming, callback));
                }
                kind => {
                    answers.extend(self.handle_batch(std::mem::take(&mut batch)).await?);
                    answers.extend(self.handle_kind(update_id, kind).await?);
                }
            }
        }
        answers.extend(self.handle_batch(batch).await?);
        Ok(answers)
    }

    /// Handles an update. When this returns, everything it caused is committed; what remains is to answer the callback
    /// query, if there is one. `Err`: it could not be committed and must come again.
    pub async fn handle(self: &Arc<Self>, incoming: Update) -> Result<Option<AnswerCallbackQuery>, ()> {
        let update_id = incoming.update_id;
        let kind = self.parse(incoming);
        self.handle_kind(update_id, kind).await
    }

    fn parse(&self, incoming: Update) -> UpdateKind {
        let kind = read_update(incoming, &self.username);
        metrics::counter!("simoff_updates_total", "kind" => kind.name()).increment(1);
        kind
    }

    /// Handles what one person said in quick succession.
    async fn handle_batch(
        self: &Arc<Self>,
        batch: Vec<(IncomingMessage, Option<String>)>,
    ) -> Result<Vec<AnswerCallbackQuery>, ()> {
        let (incoming, callbacks): (Vec<IncomingMessage>, Vec<Option<String>>) = batch.into_iter().unzip();
        if incoming.len() > 1 {
            let send = |message| self.sender.send(message);
            match shielded(self.conversation.handle_batch(&incoming, Timestamp::now(), send)).await {
                Some(Ok(())) => {
                    return Ok(callbacks.into_iter().flatten().map(AnswerCallbackQuery::silent).collect());
                }
                Some(Err(error)) => {
                    log::error!("Cannot commit {} updates: {error:#}", incoming.len());
                    let language = incoming[0].language.as_deref();
                    callbacks.into_iter().flatten().for_each(|callback| self.say_retrying(callback, language));
                    return Err(());
                }
                None => {}
            }
        }
        // One by one, so that a panic loses one update. What is committed already is recognised by its number.
        let mut answers = Vec::new();
        for (incoming, callback) in incoming.into_iter().zip(callbacks) {
            let update_id = incoming.update_id.unwrap_or_default();
            let kind = UpdateKind::Message { incoming, callback, data: None, album: None };
            answers.extend(self.handle_kind(update_id, kind).await?);
        }
        Ok(answers)
    }

    async fn handle_kind(
        self: &Arc<Self>,
        update_id: i64,
        kind: UpdateKind,
    ) -> Result<Option<AnswerCallbackQuery>, ()> {
        match kind {
            UpdateKind::Message { album: Some(album), incoming, .. } if self.has_answered(&incoming.person, &album) => {
                Ok(None)
            }
            UpdateKind::Message { incoming, callback, data, album } => {
                let (person, language) = (incoming.person.clone(), incoming.language.clone());
                let message = match self.admin.take(&incoming, data.as_deref()).await {
                    Some(message) => message,
                    None => self.handle_message(incoming).await,
                };
                let committed = self.send_committed(update_id, message);
                match (committed, callback) {
                    (Ok(()), callback) => {
                        if let Some(album) = album {
                            self.remember_album(&person, &album);
                        }
                        Ok(callback.map(AnswerCallbackQuery::silent))
                    }
                    (Err(()), callback) => {
                        callback.into_iter().for_each(|callback| self.say_retrying(callback, language.as_deref()));
                        Err(())
                    }
                }
            }
            UpdateKind::GroupStart(incoming) => {
                let dialogue = self.conversation.dialogue();
                let language = dialogue.language(incoming.language.as_deref()).to_owned();
                let screen = invitation(&dialogue, &language, &format!("https://t.me/{}?start=group", self.username));
                let message = self.conversation.send_notice(&incoming, screen, Timestamp::now()).await;
                self.send_committed(update_id, message)?;
                Ok(None)
            }
            UpdateKind::StrayCallback { callback, language } => {
                Ok(Some(self.toast(callback, language.as_deref(), Phrase::GroupPrivate)))
            }
            UpdateKind::Blocked(person) => {
                log::info!("A user has blocked the bot; their reminders end");
                let ended = self.conversation.unreachable(&person, Timestamp::now()).await;
                self.send_committed(update_id, ended.map(|()| None))?;
                Ok(None)
            }
            UpdateKind::Ignored => Ok(None),
        }
    }

    /// An update that cannot be read: noted, and never looked at again. `false`: not even that could be committed.
    pub async fn skip_unreadable(&self, update_id: Option<i64>, error: &serde_json::Error) -> bool {
        metrics::counter!("simoff_updates_total", "kind" => "unreadable").increment(1);
        // The error names a field and a place, never a value.
        log::warn!("Cannot read update {update_id:?}: {:?} at column {}", error.classify(), error.column());
        let Some(update_id) = update_id else { return true };
        match self.conversation.store().mark_processed(CHANNEL.prefix, update_id, Timestamp::now()).await {
            Ok(()) => true,
            Err(error) => {
                log::error!("Cannot commit: {error:#}");
                false
            }
        }
    }

    /// Handles one message. A panic loses this update and nothing else, and the person gets an apology.
    async fn handle_message(&self, incoming: IncomingMessage) -> anyhow::Result<Option<OutboxMessage>> {
        let now = Timestamp::now();
        if let Some(message) = shielded(self.conversation.handle(&incoming, now)).await {
            return message;
        }
        metrics::counter!("simoff_panics_total").increment(1);
        log::error!("Handling update {:?} failed; it is skipped", incoming.update_id);
        match shielded(Box::pin(self.conversation.apologize(&incoming, now))).await {
            Some(message) => message,
            // Not even an apology: mark it processed, to avoid a poison-message loop.
            None => match incoming.update_id {
                Some(update_id) => {
                    self.conversation.store().mark_processed(CHANNEL.prefix, update_id, now).await.map(|()| None)
                }
                None => Ok(None),
            },
        }
    }

    fn send_committed(&self, update_id: i64, message: anyhow::Result<Option<OutboxMessage>>) -> Result<(), ()> {
        match message {
            Ok(message) => {
                message.into_iter().for_each(|message| self.sender.send(message));
                Ok(())
            }
            Err(error) => {
                log::error!("Cannot commit update {update_id}: {error:#}");
                Err(())
            }
        }
    }

    /// Answers the button of an update that could not be committed. The update comes again, but perhaps only after the button
    /// has given up spinning.
    fn say_retrying(&self, callback: String, language: Option<&str>) {
        self.sender.answer(self.toast(callback, language, Phrase::ToastRetrying));
    }

    /// An answer to a callback query with words.
    fn toast(&self, callback: String, language: Option<&str>, phrase: Phrase) -> AnswerCallbackQuery {
        let dialogue = self.conversation.dialogue();
        let text = dialogue.texts.phrase(dialogue.language(language), phrase).to_owned();
        AnswerCallbackQuery { callback_query_id: callback, text: Some(text) }
    }

    /// Whether a picture of this album was answered.
    fn has_answered(&self, person: &str, album: &str) -> bool {
        let albums = self.albums.lock().expect("the lock is not poisoned");
        albums.0.contains(&format!("{person} {album}"))
    }

    /// The answer to a picture of this album is committed; the others need none.
    fn remember_album(&self, person: &str, album: &str) {
        let album = format!("{person} {album}");
        let mut albums = self.albums.lock().expect("the lock is not poisoned");
        if !albums.0.insert(album.clone()) {
            return;
        }
        albums.1.push_back(album);
        if albums.1.len() > ALBUMS
            && let Some(oldest) = albums.1.pop_front()
        {
            albums.0.remove(&oldest);
        }
    }
}

/// Runs something that may panic; `None`: it did. What it had locked is free again, and what it had taken out of the
/// conversation's memory is read anew.
fn shielded<T>(task: impl Future<Output = T>) -> impl Future<Output = Option<T>> {
    AssertUnwindSafe(task).catch_unwind().map(Result::ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_loses_one_update_and_nothing_else() {
        let handle = |number: u32| async move {
            assert_ne!(number, 2, "an unforeseen update");
            number
        };
        let mut handled = Vec::new();
        for number in 1..=3 {
            handled.push(shielded(handle(number)).await);
        }
        assert_eq!(handled, [Some(1), None, Some(3)]);
    }
}
