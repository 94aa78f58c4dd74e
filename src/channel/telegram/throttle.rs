//! How fast messages leave: one bucket of tokens for all chats, and one for each chat.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

use crate::conversation::Priority;

/// Messages a second, over all chats, that Telegram gives for nothing (Bot API FAQ: "no more than about 30 messages per
/// second"). A paid broadcast may go up to a thousand.
pub const FREE_PER_SECOND: u32 = 30;

/// The part of the limit that is used. What leaves evenly may arrive in a bunch, and Telegram counts what arrives.
const MARGIN: f64 = 0.93;

/// The part of a second's messages that may leave at once after a pause. With the rate, it stays within the limit in any one
/// second.
const BURST: f64 = 1.0 / 6.0;

/// Burst share reserved for replies, so that a reply finds a token at once in a flood of reminders.
const RESERVE: f64 = 0.6;

/// Max replies before one reminder or announcement, when replies take every token: a reminder that never
/// comes is worse than an answer that comes a thirtieth of a second later.
const ANSWERS_FIRST: usize = 9;

/// Tokens, as of an instant.
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    most: f64,
    per_second: f64,
    at: Instant,
}

impl Bucket {
    /// Lets through so many in a span of any begin: `burst` at once, and the rest spread over it.
    fn within(limit: f64, seconds: f64, burst: f64) -> Self {
        Self { tokens: burst, most: burst, per_second: (limit - burst) / seconds, at: Instant::now() }
    }

    /// How long until there are so many tokens.
    fn until(&mut self, tokens: f64) -> Duration {
        let now = Instant::now();
        self.tokens = (self.tokens + (now - self.at).as_secs_f64() * self.per_second).min(self.most);
        self.at = now;
        Duration::from_secs_f64(((tokens - self.tokens) / self.per_second).max(0.0))
    }

    /// Takes tokens, which may be some that are still to come; how long to wait for them.
    fn take(&mut self, tokens: f64) -> Duration {
        let wait = self.until(tokens);
        self.tokens -= tokens;
        wait
    }
}

/// Lets messages through, over all chats. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Throttle {
    answers: mpsc::UnboundedSender<oneshot::Sender<()>>,
    reminders: mpsc::UnboundedSender<oneshot::Sender<()>>,
    announcements: mpsc::UnboundedSender<oneshot::Sender<()>>,
    /// How many processes share the rate.
    instances: Arc<AtomicU32>,
}

impl Throttle {
    /// Starts the bucket, for so many messages a second.
    pub fn start(per_second: u32) -> Self {
        let (answers, first) = mpsc::unbounded_channel();
        let (reminders, second) = mpsc::unbounded_channel();
        let (announcements, third) = mpsc::unbounded_channel();
        let instances = Arc::new(AtomicU32::new(1));
        tokio::spawn(let_through(f64::from(per_second), instances.clone(), first, second, third));
        Self { answers, reminders, announcements, instances }
    }

    /// Shares the rate with other processes: how many there are, this one included.
    pub fn share(&self, instances: u32) {
        self.instances.store(instances.max(1), Ordering::Relaxed);
    }

    /// Waits for a turn: answers first, then reminders, then announcements.
    pub async fn turn(&self, priority: Priority) {
        let (go, turn) = oneshot::channel();
        let queue = match priority {
            Priority::Reply => &self.answers,
            Priority::Reminder => &self.reminders,
            Priority::Announcement => &self.announcements,
        };
        // When the bucket is gone the program is stopping, and nothing needs pacing.
        if queue.send(go).is_ok() {
            let _ = turn.await;
        }
    }
}

type Queue = mpsc::UnboundedReceiver<oneshot::Sender<()>>;

async fn let_through(
    per_second: f64,
    instances: Arc<AtomicU32>,
    mut answers: Queue,
    mut reminders: Queue,
    mut announcements: Queue,
) {
    let share = || instances.load(Ordering::Relaxed);
    let bucket_of = |instances: u32| {
        let per_second = per_second * MARGIN / f64::from(instances);
        Bucket::within(per_second, 1.0, (per_second * BURST).max(1.0))
    };
    let (mut sharing, mut bucket) = (share(), bucket_of(share()));
    // What a process before this one has sent in the last second is not known, so there is no burst to begin with.
    bucket.tokens = 1.0;
    let (mut reminder, mut announcement): (Option<oneshot::Sender<()>>, Option<oneshot::Sender<()>>) = (None, None);
    let mut overtaken = 0;
    loop {
        if sharing != share() {
            sharing = share();
            let tokens = bucket.tokens;
            bucket = bucket_of(sharing);
            bucket.tokens = tokens.min(bucket.most);
        }
        let burst = bucket.most;
        // A crowd of answers must not keep us from seeing that something else waits.
        reminder = reminder.or_else(|| reminders.try_recv().ok());
        announcement = announcement.or_else(|| announcements.try_recv().ok());
        let waits = reminder.is_some() || announcement.is_some();
        let tokens = if overtaken < ANSWERS_FIRST { (1.0 + burst * RESERVE).min(burst.max(1.0)) } else { 1.0 };
        let for_the_unasked = bucket.until(tokens);
        let go = tokio::select! {
            biased;
            answer = answers.recv(), if !waits || overtaken < ANSWERS_FIRST => {
                let Some(go) = answer else { return };
                let wait = bucket.until(1.0);
                // The shortest sleep takes a millisecond.
                if !wait.is_zero() {
                    tokio::time::sleep(wait).await;
                }
                overtaken += usize::from(waits);
                go
            }
            Some(waits) = reminders.recv(), if reminder.is_none() => {
                reminder = Some(waits);
                continue;
            }
            Some(waits) = announcements.recv(), if announcement.is_none() => {
                announcement = Some(waits);
                continue;
            }
            // Given up and begun anew whenever an answer comes.
            () = tokio::time::sleep(for_the_unasked), if waits => {
                overtaken = 0;
                reminder.take().or_else(|| announcement.take()).expect("one of the two waits")
            }
        };
        bucket.take(1.0);
        // A waiter that gave up costs a token: rather too slow than too fast.
        let _ = go.send(());
    }
}

/// How many chats may have a bucket before the full ones are swept: they would begin full anyway.
const SWEEP_ABOVE: usize = 4096;

/// What an edit costs, in messages. The limits speak of messages that are sent; none is documented for edits, and somebody
/// who picks three accounts in a second must not wait for the marks. Telegram's own word (429) pauses the chat anyway.
const EDIT: f64 = 0.25;

/// Lets messages through, each chat by itself.
#[derive(Debug, Default)]
pub struct ChatThrottle {
    buckets: Mutex<HashMap<i64, Bucket>>,
}

impl ChatThrottle {
    /// How long the next message to a chat, or the next edit, has to wait. Counts it.
    pub fn take(&self, chat: i64, edits: bool) -> Duration {
        let mut buckets = self.buckets.lock().expect("the lock is not poisoned");
        if buckets.len() > SWEEP_ABOVE {
            buckets.retain(|_, bucket| {
                bucket.until(0.0);
                bucket.tokens < bucket.most
            });
        }
        // Bot API FAQ: "avoid sending more than one message per second" in a chat, where short bursts are fine; in a group
        // no more than 20 a minute. The chats of groups have negative numbers.
        let fresh = || if chat < 0 { Bucket::within(20.0, 60.0, 3.0) } else { Bucket::within(9.0, 5.0, 4.0) };
        buckets.entry(chat).or_insert_with(fresh).take(if edits { EDIT } else { 1.0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most of these moments within a span.
    fn busiest(moments: &[Instant], span: Duration) -> usize {
        let within = |start: &Instant| moments.iter().filter(|at| **at >= *start && **at < *start + span).count();
        moments.iter().map(within).max().unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_keeps_the_rate_and_what_is_urgent_does_not_wait_for_it() {
        let pace = Throttle::start(FREE_PER_SECOND);
        let flood = |priority, count| {
            let queue = |_| {
                let pace = pace.clone();
                tokio::spawn(async move {
                    pace.turn(priority).await;
                    Instant::now()
                })
            };
            (0..count).map(queue).collect::<Vec<_>>()
        };
        let announcements = flood(Priority::Announcement, 200);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let reminders = flood(Priority::Reminder, 100);
        tokio::time::sleep(Duration::from_secs(2)).await;
        let mut moments = Vec::new();
        for _ in 0..3 {
            let asked = Instant::now();
            pace.turn(Priority::Reply).await;
            assert!(asked.elapsed() < Duration::from_millis(5), "an answer waited {:?}", asked.elapsed());
            moments.push(Instant::now());
        }
        let mut last = None;
        for reminder in reminders {
            last = last.max(Some(reminder.await.expect("it is let through")));
            moments.extend(last);
        }
        let mut after = 0;
        for announcement in announcements {
            let at = announcement.await.expect("it is let through");
            after += usize::from(Some(at) > last);
            moments.push(at);
        }
        // A crowd that takes every token leaves one in ten.
        let crowd = flood(Priority::Reply, 100);
        let announcement = flood(Priority::Announcement, 1).remove(0);
        let at = announcement.await.expect("it is let through");
        let mut before = 0;
        for answer in crowd {
            before += usize::from(answer.await.expect("it is let through") < at);
        }
        assert!(before <= 15, "{before} answers went before it");
        assert_eq!(moments.len(), 303);
        assert!(after > 150, "reminders go before announcements: {after}");
        assert!(busiest(&moments, Duration::from_secs(1)) <= 30);
    }

    #[tokio::test(start_paused = true)]
    async fn processes_share_the_rate() {
        let pace = Throttle::start(FREE_PER_SECOND);
        pace.share(3);
        let mut moments = Vec::new();
        for _ in 0..60 {
            pace.turn(Priority::Reply).await;
            moments.push(Instant::now());
        }
        let found = busiest(&moments[5..], Duration::from_secs(1));
        assert!((7..=10).contains(&found), "{found} in a second, of a third of thirty");
    }

    #[tokio::test(start_paused = true)]
    async fn a_chat_keeps_its_own_rate() {
        let chats = ChatThrottle::default();
        for (chat, edits, span, most) in [(7, false, 1, 5), (7, false, 60, 64), (7, true, 1, 20), (-7, false, 60, 20)] {
            let span = Duration::from_secs(span);
            let mut moments = Vec::new();
            for _ in 0..100 {
                tokio::time::sleep(chats.take(chat, edits)).await;
                moments.push(Instant::now());
            }
            let found = busiest(&moments, span);
            assert!((most - 1..=most).contains(&found), "{chat}: {found} in {span:?}");
            tokio::time::sleep(Duration::from_secs(600)).await;
        }
    }
}
