//! Reminders: handles what is due, and sleeps until the next due time. Also the daily sweep of what has grown old.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;

use crate::conversation::{Channel, Conversation, OutboxMessage};

/// The longest sleep. A clock that jumps, or another process that sets a reminder, is noticed within it.
const MAX_SLEEP: Duration = Duration::from_secs(30);

/// How often it is looked whether what is old is to be deleted again. It is once a day.
const SWEEP_LOOK: Duration = Duration::from_secs(60 * 60);

/// The pause after a failure of the database.
const AFTER_FAILURE: Duration = Duration::from_secs(5);

/// Hands what is due in a channel to `deliver`, for ever. `deliver` completes when it has room for more: in a flood, firing
/// everything at once would only make replies wait.
pub async fn run<D: Future<Output = ()>>(
    conversation: Arc<Conversation>,
    channel: Channel,
    deliver: impl Fn(OutboxMessage) -> D,
) {
    let mut rescheduled = conversation.rescheduled();
    loop {
        match conversation.due(channel, Timestamp::now()).await {
            Ok(Some(messages)) => {
                for message in messages {
                    deliver(message).await;
                }
            }
            Ok(None) => tokio::select! {
                () = tokio::time::sleep(until_next(&conversation, channel.prefix).await) => {}
                _ = rescheduled.changed() => {}
            },
            Err(error) => {
                log::error!("Cannot look for due reminders: {error:#}");
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
    let next = match conversation.store().next_due(prefix).await {
        Ok(Some(second)) => second,
        Ok(None) => return MAX_SLEEP,
        Err(error) => {
            log::error!("Cannot look for due reminders: {error:#}");
            return AFTER_FAILURE;
        }
    };
    let next = Timestamp::from_second(next).unwrap_or(Timestamp::MAX);
    let wait = Duration::try_from(next.duration_since(Timestamp::now())).unwrap_or(Duration::ZERO);
    wait.min(MAX_SLEEP)
}
