//! A circuit breaker for the case that Telegram refuses the bot itself: the token is revoked, or another program has it.
//! That is no refusal of any message, so every message is kept until the bot is accepted again.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::api::{Bot, CallError, GetMe, call};

/// The pauses before probes since the last message that arrived, in seconds. The last one repeats: soon enough for an operator
/// who waits beside it.
const PROBE_SECONDS: [u64; 5] = [1, 2, 5, 10, 20];

/// Holds all sending while it is open. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Breaker {
    bot: Bot,
    /// Why the bot is refused; `None`: it is accepted.
    refusal: Arc<watch::Sender<Option<CallError>>>,
    /// Probes since the last message that arrived. A probe may succeed while sending is still refused (409), so it proves
    /// nothing by itself, and neither the pauses nor the log begin anew.
    probes: Arc<AtomicUsize>,
}

impl Breaker {
    pub fn new(bot: Bot) -> Self {
        Self { bot, refusal: Arc::new(watch::Sender::new(None)), probes: Arc::default() }
    }

    /// Whether an error refuses the bot itself, and not a chat or a message: 401 and 404 for a token that is wrong or
    /// revoked, 409 for another program or a webhook that has the bot.
    pub fn concerns(error: &CallError) -> bool {
        matches!(error, CallError::Refused { code: 401 | 404 | 409, .. })
    }

    /// Why the bot is refused, in words for the operator; `None`: it is accepted.
    pub fn refusal(&self) -> Option<String> {
        self.refusal.borrow().as_ref().map(ToString::to_string)
    }

    /// Completes when sending is not held.
    pub async fn closed(&self) {
        let mut refusal = self.refusal.subscribe();
        // The sender lives as long as this does.
        let _ = refusal.wait_for(Option::is_none).await;
    }

    /// Holds all sending, and probes until the bot is accepted again. While it is open already, this does nothing.
    pub fn open(&self, error: CallError) {
        let opened = self.refusal.send_if_modified(|refusal| {
            let opens = refusal.is_none();
            if opens {
                *refusal = Some(error);
            }
            opens
        });
        if opened {
            metrics::gauge!("simoff_bot_refused").set(1.0);
            if self.probes.load(Ordering::Relaxed) == 0 {
                let refusal = self.refusal().unwrap_or_default();
                log::error!(
                    "{refusal}. Nothing is lost: all messages are kept, and sent when the bot is accepted again"
                );
            }
            self.probe();
        }
    }

    /// A message has arrived: the bot is accepted.
    pub fn succeeded(&self) {
        if self.probes.load(Ordering::Relaxed) > 0 && self.probes.swap(0, Ordering::Relaxed) > 0 {
            log::info!("Telegram accepts the bot again");
        }
    }

    /// Calls `getMe` until it succeeds, with the token of today.
    fn probe(&self) -> JoinHandle<()> {
        let breaker = self.clone();
        tokio::spawn(async move {
            loop {
                let probes = breaker.probes.fetch_add(1, Ordering::Relaxed);
                let pause = PROBE_SECONDS[probes.min(PROBE_SECONDS.len() - 1)];
                tokio::time::sleep(Duration::from_secs(pause)).await;
                if breaker.bot.reload_token() {
                    log::info!("The token's file holds another token now");
                }
                if call(&breaker.bot, GetMe {}).await.is_ok() {
                    break;
                }
            }
            log::debug!("A probe succeeded; sending is tried again");
            metrics::gauge!("simoff_bot_refused").set(0.0);
            breaker.refusal.send_replace(None);
        })
    }
}
