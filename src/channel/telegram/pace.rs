//! How fast messages leave: one bucket of tokens for all, with answers before reminders.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;

/// Messages a second, over all chats (Bot API FAQ: "no more than about 30 messages per second").
const PER_SECOND: f64 = 30.0;

/// How many may leave at once after a pause. With the rate, it stays within thirty in any one second.
const BURST: f64 = 5.0;

/// How many tokens reminders leave for answers, so that an answer finds one at once in the middle of a flood.
const RESERVE: f64 = 3.0;

/// Lets messages through. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Pace {
    answers: mpsc::UnboundedSender<oneshot::Sender<()>>,
    reminders: mpsc::UnboundedSender<oneshot::Sender<()>>,
}

impl Pace {
    /// Starts the bucket.
    pub fn start() -> Self {
        let (answers, waiting_answers) = mpsc::unbounded_channel();
        let (reminders, waiting_reminders) = mpsc::unbounded_channel();
        tokio::spawn(let_through(waiting_answers, waiting_reminders));
        Self { answers, reminders }
    }

    /// Waits for a turn. `unasked`: it makes way for everything that somebody waits for.
    pub async fn turn(&self, unasked: bool) {
        let (go, turn) = oneshot::channel();
        let queue = if unasked { &self.reminders } else { &self.answers };
        // When the bucket is gone the program is stopping, and nothing needs pacing.
        if queue.send(go).is_ok() {
            let _ = turn.await;
        }
    }
}

/// Tokens, as of an instant. Refilled so that burst and refill together stay within the rate in any one second.
struct Bucket {
    tokens: f64,
    at: Instant,
}

impl Bucket {
    const REFILL_PER_SECOND: f64 = PER_SECOND - BURST;

    /// How long until there are so many tokens.
    fn until(&mut self, tokens: f64) -> Duration {
        let now = Instant::now();
        self.tokens = (self.tokens + (now - self.at).as_secs_f64() * Self::REFILL_PER_SECOND).min(BURST);
        self.at = now;
        Duration::from_secs_f64(((tokens - self.tokens) / Self::REFILL_PER_SECOND).max(0.0))
    }
}

async fn let_through(
    mut answers: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
    mut reminders: mpsc::UnboundedReceiver<oneshot::Sender<()>>,
) {
    let mut bucket = Bucket { tokens: BURST, at: Instant::now() };
    let mut waiting: Option<oneshot::Sender<()>> = None;
    loop {
        let for_a_reminder = bucket.until(1.0 + RESERVE);
        let go = tokio::select! {
            biased;
            answer = answers.recv() => {
                let Some(go) = answer else { return };
                tokio::time::sleep(bucket.until(1.0)).await;
                go
            }
            Some(reminder) = reminders.recv(), if waiting.is_none() => {
                waiting = Some(reminder);
                continue;
            }
            // Given up and begun anew whenever an answer comes.
            () = tokio::time::sleep(for_a_reminder), if waiting.is_some() => {
                waiting.take().expect("just seen")
            }
        };
        bucket.until(0.0);
        bucket.tokens -= 1.0;
        // Whoever gave up waiting costs a token: rather too slow than too fast.
        let _ = go.send(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The busiest second of these moments.
    fn busiest(moments: &[Instant]) -> usize {
        let within = |start: &Instant| {
            moments.iter().filter(|at| **at >= *start && **at < *start + Duration::from_secs(1)).count()
        };
        moments.iter().map(within).max().unwrap_or(0)
    }

    #[tokio::test(start_paused = true)]
    async fn a_flood_keeps_the_rate_and_an_answer_does_not_wait_for_it() {
        let pace = Pace::start();
        let flood = (0..300).map(|_| {
            let pace = pace.clone();
            tokio::spawn(async move {
                pace.turn(true).await;
                Instant::now()
            })
        });
        let flood: Vec<_> = flood.collect();
        tokio::time::sleep(Duration::from_secs(3)).await;
        let mut moments = Vec::new();
        for _ in 0..3 {
            let asked = Instant::now();
            pace.turn(false).await;
            assert!(asked.elapsed() < Duration::from_millis(5), "an answer waited {:?}", asked.elapsed());
            moments.push(Instant::now());
        }
        for reminder in flood {
            moments.push(reminder.await.expect("it is let through"));
        }
        assert_eq!(moments.len(), 303);
        assert!(busiest(&moments) <= 30, "{} in one second", busiest(&moments));
    }
}
