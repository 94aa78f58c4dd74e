//! What happens to one update, however it came: heard, committed, and on its way to be answered.

use std::collections::{HashSet, VecDeque};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex};

use futures_util::FutureExt;
use jiff::Timestamp;

use super::admin::Admin;
use super::call::AnswerCallbackQuery;
use super::read::{Incoming, Read, read};
use super::send::Sender;
use crate::conversation::{Conversation, Heard, Parcel};
use crate::dialogues::texts::Phrase;
use crate::render::invitation;

/// How many albums are remembered: the pictures of one come within seconds.
const ALBUMS: usize = 256;

/// Hears updates.
pub struct Ears {
    pub conversation: Arc<Conversation>,
    pub sender: Sender,
    /// Our own name, without the `@`.
    pub username: String,
    pub admin: Admin,
    /// The albums of which one picture was answered; one answer is enough.
    albums: Mutex<(HashSet<String>, VecDeque<String>)>,
}

impl Ears {
    pub fn new(conversation: Arc<Conversation>, sender: Sender, username: String, admin: Admin) -> Self {
        Self { conversation, sender, username, admin, albums: Mutex::default() }
    }

    /// Hears updates of one chat, in order. When this returns, everything they caused is committed; what remains is to
    /// answer the callback queries. `Err`: something could not be committed, and all of them must come again.
    ///
    /// What somebody said in quick succession is committed together. Otherwise a hundred messages of one person would cost a
    /// hundred flushes of the disk in a row, and everybody behind them would wait for that.
    pub async fn hear_in_order(self: &Arc<Self>, updates: Vec<Incoming>) -> Result<Vec<AnswerCallbackQuery>, ()> {
        let (mut answers, mut batch) = (Vec::new(), Vec::new());
        for incoming in updates {
            let update = incoming.update_id;
            let read = self.read(incoming);
            match read {
                Read::Said { heard, callback, album: None, .. } if !self.admin.is_admin(&heard.person) => {
                    batch.push((heard, callback));
                }
                read => {
                    answers.extend(self.hear_batch(std::mem::take(&mut batch)).await?);
                    answers.extend(self.hear_one(update, read).await?);
                }
            }
        }
        answers.extend(self.hear_batch(batch).await?);
        Ok(answers)
    }

    /// Hears an update. When this returns, everything it caused is committed; what remains is to answer the callback
    /// query, if there is one. `Err`: it could not be committed and must come again.
    pub async fn hear(self: &Arc<Self>, incoming: Incoming) -> Result<Option<AnswerCallbackQuery>, ()> {
        let update = incoming.update_id;
        let read = self.read(incoming);
        self.hear_one(update, read).await
    }

    fn read(&self, incoming: Incoming) -> Read {
        let read = read(incoming, &self.username);
        metrics::counter!("simoff_updates_total", "kind" => read.name()).increment(1);
        read
    }

    /// Hears what one person said in quick succession.
    async fn hear_batch(self: &Arc<Self>, batch: Vec<(Heard, Option<String>)>) -> Result<Vec<AnswerCallbackQuery>, ()> {
        let (heard, callbacks): (Vec<Heard>, Vec<Option<String>>) = batch.into_iter().unzip();
        if heard.len() > 1 {
            let send = |parcel| self.sender.send(parcel);
            match shielded(self.conversation.hear_batch(&heard, Timestamp::now(), send)).await {
                Some(Ok(())) => {
                    return Ok(callbacks.into_iter().flatten().map(AnswerCallbackQuery::silent).collect());
                }
                Some(Err(error)) => {
                    log::error!("Cannot commit {} updates: {error:#}", heard.len());
                    let language = heard[0].language.as_deref();
                    callbacks.into_iter().flatten().for_each(|callback| self.say_retrying(callback, language));
                    return Err(());
                }
                None => {}
            }
        }
        // One by one, so that a panic loses one update. What is committed already is recognised by its number.
        let mut answers = Vec::new();
        for (heard, callback) in heard.into_iter().zip(callbacks) {
            let update = heard.update.unwrap_or_default();
            let said = Read::Said { heard, callback, payload: None, album: None };
            answers.extend(self.hear_one(update, said).await?);
        }
        Ok(answers)
    }

    async fn hear_one(self: &Arc<Self>, update: i64, read: Read) -> Result<Option<AnswerCallbackQuery>, ()> {
        match read {
            Read::Said { album: Some(album), heard, .. } if self.has_answered(&heard.person, &album) => Ok(None),
            Read::Said { heard, callback, payload, album } => {
                let (person, language) = (heard.person.clone(), heard.language.clone());
                let parcel = match self.admin.take(self, &heard, payload.as_deref()).await {
                    Some(parcel) => parcel,
                    None => self.hear_somebody(heard).await,
                };
                let committed = self.pass_on(update, parcel);
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
            Read::Called(heard) => {
                let dialogue = self.conversation.dialogue();
                let language = dialogue.language(heard.language.as_deref()).to_owned();
                let screen = invitation(&dialogue, &language, &format!("https://t.me/{}?start=group", self.username));
                let parcel = self.conversation.tell(&heard, screen, Timestamp::now()).await;
                self.pass_on(update, parcel)?;
                Ok(None)
            }
            Read::Astray { callback, language } => {
                Ok(Some(self.toast(callback, language.as_deref(), Phrase::GroupPrivate)))
            }
            Read::Left(person) => {
                log::info!("Somebody has blocked the bot; their reminders end");
                let ended = self.conversation.unreachable(&person, Timestamp::now()).await;
                self.pass_on(update, ended.map(|()| None))?;
                Ok(None)
            }
            Read::Nothing => Ok(None),
        }
    }

    /// An update that cannot be read: noted, and never looked at again. `false`: not even that could be committed.
    pub async fn spoil(&self, update: Option<i64>, error: &serde_json::Error) -> bool {
        metrics::counter!("simoff_updates_total", "kind" => "unreadable").increment(1);
        // The error names a field and a place, never a value.
        log::warn!("Cannot read update {update:?}: {:?} at column {}", error.classify(), error.column());
        let Some(update) = update else { return true };
        match self.conversation.skip(update, Timestamp::now()).await {
            Ok(()) => true,
            Err(error) => {
                log::error!("Cannot commit: {error:#}");
                false
            }
        }
    }

    /// Hears somebody. A panic loses this update and nothing else, and the person is told.
    async fn hear_somebody(&self, heard: Heard) -> anyhow::Result<Option<Parcel>> {
        let now = Timestamp::now();
        if let Some(parcel) = shielded(self.conversation.hear(&heard, now)).await {
            return parcel;
        }
        metrics::counter!("simoff_panics_total").increment(1);
        log::error!("Handling update {:?} failed; it is skipped", heard.update);
        match shielded(Box::pin(self.conversation.stumble(&heard, now))).await {
            Some(parcel) => parcel,
            // Not even an apology: whatever it is, it must not come back for ever.
            None => match heard.update {
                Some(update) => self.conversation.skip(update, now).await.map(|()| None),
                None => Ok(None),
            },
        }
    }

    fn pass_on(&self, update: i64, parcel: anyhow::Result<Option<Parcel>>) -> Result<(), ()> {
        match parcel {
            Ok(parcel) => {
                parcel.into_iter().for_each(|parcel| self.sender.send(parcel));
                Ok(())
            }
            Err(error) => {
                log::error!("Cannot commit update {update}: {error:#}");
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
        let albums = self.albums.lock().expect("nobody panics while holding this");
        albums.0.contains(&format!("{person} {album}"))
    }

    /// The answer to a picture of this album is committed; the others need none.
    fn remember_album(&self, person: &str, album: &str) {
        let album = format!("{person} {album}");
        let mut albums = self.albums.lock().expect("nobody panics while holding this");
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
            assert_ne!(number, 2, "the update that nobody foresaw");
            number
        };
        let mut handled = Vec::new();
        for number in 1..=3 {
            handled.push(shielded(handle(number)).await);
        }
        assert_eq!(handled, [Some(1), None, Some(3)]);
    }
}
