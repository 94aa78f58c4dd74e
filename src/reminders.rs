//! The clock as a speaker: claims what is due, hands it to the corridor, and sleeps until the next time.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::conversation::{Conversation, Parcel};

/// The longest sleep. A clock that jumps, or another process that sets a reminder, is noticed within it.
const MAX_SLEEP: Duration = Duration::from_secs(30);

/// How often what is old is deleted, in seconds: once a day.
const SWEEP_SECONDS: i64 = 24 * 60 * 60;

/// The pause after a failure of the database.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Says what is due to people whose key begins with `prefix`, until nobody listens any more. `pages`: they have pages.
///
/// No more is claimed than `say` takes: in a flood, firing everything at once would only make the answers wait.
pub async fn run(conversation: Arc<Conversation>, prefix: &str, pages: bool, say: mpsc::Sender<Parcel>) {
    let mut rescheduled = conversation.rescheduled();
    let mut swept = None;
    loop {
        let now = Timestamp::now();
        if swept.is_none_or(|at: Timestamp| now.duration_since(at).as_secs() >= SWEEP_SECONDS) {
            swept = Some(now);
            match conversation.expire(now).await {
                Ok(0) => {}
                Ok(talks) => log::info!("Deleted {talks} talks that were idle for long"),
                Err(error) => log::error!("Cannot delete what is old: {error:#}"),
            }
        }
        match conversation.due(prefix, pages, Timestamp::now()).await {
            Ok(Some(parcels)) => {
                for parcel in parcels {
                    if say.send(parcel).await.is_err() {
                        // What nobody takes stays in the outbox.
                        return;
                    }
                }
            }
            Ok(None) => tokio::select! {
                () = tokio::time::sleep(until_next(&conversation, prefix).await) => {}
                _ = rescheduled.changed() => {}
            },
            Err(error) => {
                log::error!("Cannot look for what is due: {error:#}");
                tokio::time::sleep(AFTER_FAILURE).await;
            }
        }
    }
}

/// How long until something is due.
async fn until_next(conversation: &Conversation, prefix: &str) -> Duration {
    let next = match conversation.next_due(prefix).await {
        Ok(Some(second)) => second,
        Ok(None) => return MAX_SLEEP,
        Err(error) => {
            log::error!("Cannot look for what is due: {error:#}");
            return AFTER_FAILURE;
        }
    };
    let next = Timestamp::from_second(next).unwrap_or(Timestamp::MAX);
    let wait = Duration::try_from(next.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO);
    wait.min(MAX_SLEEP)
}
