//! Long polling: an update is acknowledged only when everything it caused is committed.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::value::RawValue;
use tokio::sync::watch;

use super::api::{Bot, CallError, GetUpdates, call};
use super::breaker::Breaker;
use super::handler::UpdateHandler;
use super::parse::{Update, number_of};
use super::{ALLOWED_UPDATES, POLL_SECONDS};

/// The pauses after failed polls, in seconds: short at first, for a hiccup, then sparing, for an outage.
const BACK_OFF_SECONDS: [u64; 6] = [1, 1, 2, 4, 8, 15];

/// The loop: poll, handle, commit, and only then move the offset. `may_poll`: whether it is our turn, where several processes
/// share a database. While the bot is refused, nothing is fetched.
pub async fn run(
    bot: &Bot,
    breaker: &Breaker,
    handler: &Arc<UpdateHandler>,
    mut may_poll: watch::Receiver<bool>,
    mut stop: impl Future<Output = ()> + Unpin,
) {
    let mut offset = None;
    let mut failures = 0;
    loop {
        if !*may_poll.borrow_and_update() {
            // What the other one has fetched is no business of ours.
            offset = None;
            tokio::select! {
                _ = may_poll.changed() => {}
                () = &mut stop => return,
            }
            continue;
        }
        tokio::select! {
            () = breaker.closed() => {}
            () = &mut stop => return,
        }
        let request = GetUpdates { offset, limit: 100, timeout: POLL_SECONDS, allowed_updates: &ALLOWED_UPDATES };
        let batch = tokio::select! {
            batch = call(bot, request) => batch,
            _ = may_poll.changed() => continue,
            () = &mut stop => return,
        };
        let incoming = match batch {
            Ok(updates) => handle(handler, updates).await,
            Err(error @ CallError::Refused { code: 401 | 404, .. }) => {
                breaker.open(error);
                continue;
            }
            Err(error) => {
                log::warn!("Cannot fetch updates: {error}");
                None
            }
        };
        match incoming {
            Some(next) => {
                offset = next.or(offset);
                failures = 0;
            }
            None => {
                let pause = BACK_OFF_SECONDS[failures.min(BACK_OFF_SECONDS.len() - 1)];
                failures += 1;
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(pause)) => {}
                    () = &mut stop => return,
                }
            }
        }
    }
}

/// Handles a batch: all chats at once, each chat in order. The offset to go on from; `None` when something could not be
/// committed, so that Telegram must deliver the batch again (what was committed is recognised by its number), and when nothing
/// in it has a number, so that it cannot be confirmed.
async fn handle(handler: &Arc<UpdateHandler>, updates: Vec<Box<RawValue>>) -> Option<Option<i64>> {
    let (mut next, is_empty) = (None, updates.is_empty());
    let mut queues: HashMap<i64, Vec<Update>> = HashMap::new();
    for update in updates {
        match serde_json::from_str::<Update>(update.get()) {
            Ok(incoming) => {
                next = next.max(Some(incoming.update_id + 1));
                queues.entry(incoming.queue()).or_default().push(incoming);
            }
            Err(error) => {
                let id = number_of(update.get().as_bytes());
                next = next.max(id.map(|id| id + 1));
                if !handler.skip_unreadable(id, &error).await {
                    return None;
                }
            }
        }
    }
    let queues = queues.into_values().map(|updates| async move {
        match handler.handle_in_order(updates).await {
            Ok(answers) => {
                answers.into_iter().for_each(|answer| handler.sender.answer(answer));
                true
            }
            Err(()) => false,
        }
    });
    let committed = join_all(queues).await.into_iter().all(|committed| committed);
    (committed && (is_empty || next.is_some())).then_some(next)
}
