//! When the clock speaks, and when people have gone.

use std::slice;

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::sync::watch;

use super::{Conversation, Heard, Parcel};
use crate::engine::reply::{Reply, View};
use crate::engine::session::Session;
use crate::engine::{self, Input};

impl Conversation {
    /// Lets the clock speak to people, whose key begins with `prefix`, with something due: up to a hundred at a time. `pages`:
    /// they have pages.
    ///
    /// A reminder is said and struck off in one transaction, so however often somebody claims it, it is in the outbox
    /// once. What comes back is durable and ready to be said; `None`: nobody has anything due.
    pub async fn due(&self, prefix: &str, pages: bool, now: Timestamp) -> anyhow::Result<Option<Vec<Parcel>>> {
        let people = self.store.claim_due(prefix, now).await?;
        if people.is_empty() {
            return Ok(None);
        }
        let turns = people.into_iter().map(|person| async move {
            let heard = Heard { page: pages.then(Vec::new), ..Heard::new(person, Input::Due) };
            self.hear(&heard, now).await
        });
        let mut parcels = Vec::new();
        for turn in join_all(turns).await {
            match turn {
                Ok(parcel) => parcels.extend(parcel),
                // The claim runs out, and it is tried again.
                Err(error) => log::error!("Cannot say what is due: {error:#}"),
            }
        }
        Ok(Some(parcels))
    }

    /// When to look again for people whose key begins with `prefix`, in seconds since 1970; `None`: nothing is set.
    pub async fn next_due(&self, prefix: &str) -> anyhow::Result<Option<i64>> {
        self.store.next_due(prefix).await
    }

    /// Changes whenever something may have become due earlier than it was.
    pub fn rescheduled(&self) -> watch::Receiver<()> {
        self.rescheduled.subscribe()
    }

    /// The person cannot be reached any more: their reminders end. The talk stays, should they come back.
    pub async fn unreachable(&self, person: &str, now: Timestamp) -> anyhow::Result<()> {
        let heard = Heard::new(person, Input::Due);
        let end = |_: &engine::Known, session: Session, _: &Heard, _: Timestamp| {
            (Session { reminders: Vec::new(), ..session }, Reply { notes: Vec::new(), view: View::Silence })
        };
        self.turn(slice::from_ref(&heard), None, now, end).await.map(|_| ())
    }

    /// Deletes what has grown old. How many talks.
    pub async fn expire(&self, now: Timestamp) -> anyhow::Result<u64> {
        self.store.expire(now).await
    }
}
