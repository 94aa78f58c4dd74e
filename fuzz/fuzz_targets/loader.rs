//! A broken content file: every problem is reported, and the report can be printed.
#![no_main]
use libfuzzer_sys::fuzz_target;
use simoff::dialogues::{Source, load};

/// The files that may be broken.
const FILES: [&str; 5] =
    ["deregister/dialogue.toml", "deregister/facts.toml", "deregister/en.ftl", "common.en.ftl", "translations.toml"];

fuzz_target!(|input: (u8, u16, u16, &str)| {
    let (file, from, length, piece) = input;
    let file = FILES[usize::from(file) % FILES.len()];
    let source = Source::embedded();
    let text = source.text(file);
    // A piece of the real file is replaced: nearly right is where the bugs are.
    let from = text.floor_char_boundary(usize::from(from) % (text.len() + 1));
    let to = text.ceil_char_boundary((from + usize::from(length) % 256).min(text.len()));
    let broken = format!("{}{piece}{}", &text[..from], &text[to..]);
    let source = source.with(file, broken);
    let loaded = load(&source, "2026-11-23".parse().expect("a date"));
    source.report(&loaded.problems, false);
    assert!(loaded.dialogue.is_some() || !loaded.problems.is_empty(), "refused without a reason");
});
