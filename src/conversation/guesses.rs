//! How often recovery codes may be tried.

use std::collections::HashMap;
use std::sync::Mutex;

use jiff::Timestamp;

/// Tries of one person within an hour: enough for slips of the pen.
const PER_PERSON: u32 = 5;

/// Tries of everybody within an hour. With eighty bits to guess it could be a million; this keeps a flood of tries away
/// from the database.
const OVERALL: u32 = 1000;

/// Counts tries within the hour. Kept in memory: after a restart there are a few more, of eighty bits.
#[derive(Debug, Default)]
pub(super) struct Guesses {
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    hour: i64,
    overall: u32,
    people: HashMap<String, u32>,
}

impl Guesses {
    /// Counts a try; whether it may be made.
    pub(super) fn allow(&self, person: &str, now: Timestamp) -> bool {
        let hour = now.as_second() / 3600;
        let mut window = self.window.lock().expect("nobody panics while holding this");
        if window.hour != hour {
            *window = Window { hour, ..Window::default() };
        }
        if window.overall >= OVERALL {
            return false;
        }
        let own = window.people.entry(person.to_owned()).or_default();
        if *own >= PER_PERSON {
            return false;
        }
        *own += 1;
        window.overall += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_are_limited_per_person_and_overall_within_the_hour() {
        let guesses = Guesses::default();
        let now: Timestamp = "2026-11-23T09:10:00Z".parse().unwrap();
        let later: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let allowed = |person: &str, now| (0..10).filter(|_| guesses.allow(person, now)).count();
        assert_eq!(allowed("a", now), 5);
        assert_eq!(allowed("a", now), 0);
        assert_eq!((0..1000).map(|person| allowed(&person.to_string(), now)).sum::<usize>(), 995);
        assert_eq!(allowed("b", now), 0);
        assert_eq!(allowed("a", later), 5);
    }
}
