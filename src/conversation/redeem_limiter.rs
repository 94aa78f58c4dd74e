//! How often recovery codes may be tried.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::Timestamp;

/// Tries of one person within an hour: enough for slips of the pen.
const PER_PERSON: u32 = 5;

/// The most people whose tries are counted, some two megabytes. Beyond it all are forgotten and have their tries again.
const MAX_PEOPLE: usize = 20_000;

/// Counts tries within the hour, of each person. There is no limit over all of them: whoever uses it up locks everybody
/// else out, and a code has eighty bits. Kept in memory: after a restart there are a few more tries.
#[derive(Debug, Default)]
pub(super) struct RedeemLimiter {
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    hour: i64,
    people: HashMap<String, u32>,
}

impl RedeemLimiter {
    /// Counts a try; whether it may be made.
    pub(super) fn allow(&self, person: &str, now: Timestamp) -> bool {
        let hour = now.as_second() / 3600;
        let mut window = self.window.lock().expect("the lock is not poisoned");
        if window.hour != hour {
            *window = Window { hour, ..Window::default() };
        }
        if window.people.len() >= MAX_PEOPLE && !window.people.contains_key(person) {
            window.people.clear();
        }
        let own = window.people.entry(person.to_owned()).or_default();
        if *own >= PER_PERSON {
            return false;
        }
        *own += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_limited_per_person_within_the_hour() {
        let redeem_limiter = RedeemLimiter::default();
        let now: Timestamp = "2026-11-23T09:10:00Z".parse().unwrap();
        let later: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let allowed = |person: &str, now| (0..10).filter(|_| redeem_limiter.allow(person, now)).count();
        assert_eq!(allowed("a", now), 5);
        assert_eq!(allowed("a", now), 0);
        assert_eq!(allowed("b", now), 5);
        assert_eq!(allowed("a", later), 5);
    }

    #[test]
    fn a_crowd_that_tries_codes_locks_nobody_out_and_fills_no_memory() {
        let redeem_limiter = RedeemLimiter::default();
        let now: Timestamp = "2026-11-23T09:10:00Z".parse().unwrap();
        let tries = |person: usize| redeem_limiter.allow(&person.to_string(), now);
        assert_eq!((0..3 * MAX_PEOPLE).filter(|person| tries(*person)).count(), 3 * MAX_PEOPLE);
        assert!(redeem_limiter.window.lock().unwrap().people.len() <= MAX_PEOPLE);
        assert_eq!((0..10).filter(|_| redeem_limiter.allow("somebody else", now)).count(), 5);
    }
}
