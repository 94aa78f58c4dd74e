//! The clock as a speaker: claims what is due, hands it to the corridor, and sleeps until the next time.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use crate::conversation::{Conversation, OutboxMessage};

/// The longest sleep. A clock that jumps, or another process that sets a reminder, is noticed within it.
const MAX_SLEEP: Duration = Duration::from_secs(30);

/// How often it is looked whether what is old is to be deleted again. It is once a day.
const SWEEP_LOOK: Duration = Duration::from_secs(60 * 60);

/// The pause after a failure of the database.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Says what is due to people whose key begins with `prefix`, until nobody listens any more. `pages`: they have pages.
///
/// No more is claimed than `say` takes: in a flood, firing everything at once would only make the answers wait.
pub async fn run(conversation: Arc<Conversation>, prefix: &str, pages: bool, say: mpsc::Sender<OutboxMessage>) {
    let mut rescheduled = conversation.rescheduled();
    loop {
        match conversation.due(prefix, pages, Timestamp::now()).await {
            Ok(Some(messages)) => {
                for message in messages {
                    if say.send(message).await.is_err() {
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

/// Deletes what has grown old, once a day, for all channels.
pub async fn sweep(conversation: Arc<Conversation>) {
    loop {
        match conversation.sweep(Timestamp::now()).await {
            Ok(None | Some(0)) => {}
            Ok(Some(talks)) => log::info!("Deleted {talks} talks that were idle for long"),
            Err(error) => log::error!("Cannot delete what is old: {error:#}"),
        }
        tokio::time::sleep(SWEEP_LOOK).await;
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
