//! Long polling: an update is acknowledged only when everything it caused is committed.

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use anyhow::bail;
use futures_util::future::join_all;
use serde_json::value::RawValue;
use teloxide::Bot;
use tokio::sync::watch;

use super::call::{CallError, GetUpdates, call};
use super::ears::Ears;
use super::read::{Incoming, number_of};
use super::{ALLOWED_UPDATES, POLL_SECONDS};

/// The pauses after failed polls, in seconds: short at first, for a hiccup, then sparing, for an outage.
const BACK_OFF_SECONDS: [u64; 6] = [1, 1, 2, 4, 8, 15];

/// The loop: poll, hear, commit, and only then move the offset. `may_poll`: whether it is our turn, where several processes
/// share a database.
pub async fn run(
    bot: &Bot,
    ears: &Arc<Ears>,
    mut may_poll: watch::Receiver<bool>,
    mut stop: impl Future<Output = ()> + Unpin,
) -> anyhow::Result<()> {
    let mut offset = None;
    let mut failures = 0;
    loop {
        if !*may_poll.borrow_and_update() {
            // What the other one has fetched is no business of ours.
            offset = None;
            tokio::select! {
                _ = may_poll.changed() => {}
                () = &mut stop => return Ok(()),
            }
            continue;
        }
        let request = GetUpdates { offset, limit: 100, timeout: POLL_SECONDS, allowed_updates: &ALLOWED_UPDATES };
        let batch = tokio::select! {
            batch = call(bot, request) => batch,
            _ = may_poll.changed() => continue,
            () = &mut stop => return Ok(()),
        };
        let heard = match batch {
            Ok(updates) => hear(ears, updates).await,
            Err(error @ CallError::Refused { code: 401 | 404, .. }) => bail!("{error}"),
            Err(error) => {
                log::warn!("Cannot fetch updates: {error}");
                None
            }
        };
        match heard {
            Some(next) => {
                offset = next.or(offset);
                failures = 0;
            }
            None => {
                let pause = BACK_OFF_SECONDS[failures.min(BACK_OFF_SECONDS.len() - 1)];
                failures += 1;
                tokio::select! {
                    () = tokio::time::sleep(Duration::from_secs(pause)) => {}
                    () = &mut stop => return Ok(()),
                }
            }
        }
    }
}

/// Hears a batch: everybody at once, each chat in order. The offset to go on from; `None` when something could not be
/// committed, so that Telegram must deliver the batch again (what was committed is recognised by its number).
async fn hear(ears: &Arc<Ears>, updates: Vec<Box<RawValue>>) -> Option<Option<i64>> {
    let mut next = None;
    let mut lanes: HashMap<i64, Vec<Incoming>> = HashMap::new();
    for update in updates {
        match serde_json::from_str::<Incoming>(update.get()) {
            Ok(incoming) => {
                next = next.max(Some(incoming.update_id + 1));
                lanes.entry(incoming.lane()).or_default().push(incoming);
            }
            Err(error) => {
                let id = number_of(update.get().as_bytes());
                next = next.max(id.map(|id| id + 1));
                if !ears.spoil(id, &error).await {
                    return None;
                }
            }
        }
    }
    let lanes = lanes.into_values().map(|updates| async move {
        for incoming in updates {
            match ears.hear(incoming).await {
                Ok(Some(answer)) => ears.sender.answer(answer),
                Ok(None) => {}
                Err(()) => return false,
            }
        }
        true
    });
    join_all(lanes).await.into_iter().all(|committed| committed).then_some(next)
}
