//! Times as people type them: whatever it means, it means a time to come, or a reason why not.
#![no_main]
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use simoff::dialogues::words::normal;
use simoff::engine::when::{parse_typed, resolve};

fuzz_target!(|input: (u8, i32, &str)| {
    let (zone, now, text) = input;
    let zones = &simoff_fuzz::dialogue().graph.zones;
    let zone = TimeZone::get(&zones[usize::from(zone) % zones.len()].name).expect("a zone of the dialogue");
    let Ok(now) = jiff::Timestamp::from_second(1_700_000_000 + i64::from(now) / 8) else { return };
    for language in &simoff_fuzz::dialogue().graph.languages {
        let Some(typed) = parse_typed(simoff_fuzz::dialogue().lexicon(language), &normal(text)) else { continue };
        if let Ok(due) = resolve(&typed, now, &zone) {
            assert!(due.instant(&zone) > now, "{text:?} is over at {now}");
        }
    }
});
