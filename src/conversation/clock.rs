//! When the clock speaks, and when people have gone.

use std::slice;

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::watch;

use super::{Channel, Conversation, Delivery, IncomingMessage, OutboxMessage};
use crate::engine::reply::{Reply, View};
use crate::engine::session::Session;
use crate::engine::{self, Input};

impl Conversation {
    /// Handles what is due to people of a channel, up to a hundred at a time.
    ///
    /// A reminder is said and struck off in one transaction, so however often somebody claims it, it is in the outbox
    /// once. What comes back is durable and ready to be said; `None`: nobody has anything due.
    pub async fn due(&self, channel: Channel, now: Timestamp) -> anyhow::Result<Option<Vec<OutboxMessage>>> {
        let people = self.store.claim_due(channel.prefix, now).await?;
        if people.is_empty() {
            return Ok(None);
        }
        let turns = people.into_iter().map(|person| async move {
            let incoming = IncomingMessage {
                page: (channel.delivery == Delivery::Feed).then(Vec::new),
                ..IncomingMessage::new(person, Input::Due)
            };
            self.handle(&incoming, now).await
        });
        let mut messages = Vec::new();
        for turn in join_all(turns).await {
            match turn {
                Ok(message) => messages.extend(message),
                // The claim runs out, and it is tried again.
                Err(error) => log::error!("Cannot say what is due: {error:#}"),
            }
        }
        Ok(Some(messages))
    }

    /// Changes whenever something may have become due earlier than it was.
    pub fn rescheduled(&self) -> watch::Receiver<()> {
        self.rescheduled.subscribe()
    }

    /// The person cannot be reached any more: their reminders end. The talk stays, should they come back.
    pub async fn unreachable(&self, person: &str, now: Timestamp) -> anyhow::Result<()> {
        let incoming = IncomingMessage::new(person, Input::Due);
        let end = |_: &engine::StepContext, session: Session, _: &IncomingMessage, _: Timestamp| {
            (Session { reminders: Vec::new(), ..session }, Reply { notes: Vec::new(), view: View::Silence })
        };
        self.turn(slice::from_ref(&incoming), None, now, end).await.map(|_| ())
    }

    /// Deletes what has grown old, once a day; how many talks, or `None` where that was done less than a day ago.
    ///
    /// What is old is decided by the clock of the machine, and a clock can be wrong: one that is ten years ahead would have
    /// every talk without a reminder deleted, for good. So what is deleted is what was old at a time that follows the clock by
    /// at most `MAX_STEP` a sweep. Whoever sets the clock right within days loses nothing; a bot that was stopped for long
    /// catches up. A clock that goes back stops nothing, and moves that time back with it. Of several processes, one sweeps.
    pub async fn sweep(&self, now: Timestamp) -> anyhow::Result<Option<u64>> {
        let (last, stored) = self.last_sweep(now).await?;
        let limit = if now < last.at {
            last.as_of
        } else if now.duration_since(last.at) < DAY {
            return Ok(None);
        } else {
            last.as_of.checked_add(MAX_STEP).unwrap_or(Timestamp::MAX)
        };
        let as_of = now.min(limit);
        if !self.store.swap(SWEPT, Some(&stored), &Swept { as_of, at: now }.write()).await? {
            return Ok(None);
        }
        if now > limit {
            let days = now.duration_since(last.as_of).as_hours() / 24;
            log::warn!(
                "The clock ({now}) is {days} days ahead of what was stored or swept last. Nothing is deleted for that: only what \
                 was old at {as_of}. If the bot was not stopped for so long, set the clock of the machine right"
            );
        }
        self.store.expire(as_of).await.map(Some)
    }

    /// Notes from which time on [`Self::sweep`] follows the clock, where it was never done: the newest that is stored. For
    /// before anybody is handled, since that is stored with the time of a clock that may be wrong.
    pub async fn begin_sweeping(&self, now: Timestamp) -> anyhow::Result<()> {
        self.last_sweep(now).await.map(|_| ())
    }

    /// The last sweep, and how it is stored.
    async fn last_sweep(&self, now: Timestamp) -> anyhow::Result<(Swept, String)> {
        let stored = self.store.setting(SWEPT).await?;
        if let Some(last) = stored.as_deref().and_then(Swept::parse) {
            return Ok((last, stored.unwrap_or_default()));
        }
        let newest = self.store.newest().await?.and_then(|second| Timestamp::from_second(second).ok());
        let as_of = newest.unwrap_or(now).min(now);
        let first = Swept { as_of, at: as_of.checked_sub(DAY).unwrap_or(Timestamp::MIN) };
        // Where another process has done so in this moment, it has found the same.
        self.store.swap(SWEPT, stored.as_deref(), &first.write()).await?;
        let text = first.write();
        Ok((first, text))
    }
}

/// The setting that says when what is old was last deleted.
const SWEPT: &str = "swept";

/// How often what is old is deleted.
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How far the time as of which things are old may move in a sweep: more than a day, so that a bot that was stopped catches
/// up.
const MAX_STEP: SignedDuration = SignedDuration::from_hours(48);

/// When what is old was last deleted.
struct Swept {
    /// What was old at this time.
    as_of: Timestamp,
    /// By the clock of the machine.
    at: Timestamp,
}

impl Swept {
    fn parse(text: &str) -> Option<Self> {
        let (as_of, at) = text.split_once(' ')?;
        let second = |text: &str| Timestamp::from_second(text.parse().ok()?).ok();
        Some(Self { as_of: second(as_of)?, at: second(at)? })
    }

    fn write(&self) -> String {
        format!("{} {}", self.as_of.as_second(), self.at.as_second())
    }
}
