//! What the fuzz targets share: the shipped dialogue, and one turn as production makes it.

use std::sync::OnceLock;

use jiff::Timestamp;
use simoff::dialogues::texts::ZONE_GUESS;
use simoff::dialogues::{Dialogue, Source, load};
use simoff::engine::reply::Reply;
use simoff::engine::session::Session;
use simoff::engine::{Input, StepContext, step};
use simoff::render::{MAX_SCREEN_UNITS, screen, units};

/// The dialogue in the binary, read once.
pub fn dialogue() -> &'static Dialogue {
    static DIALOGUE: OnceLock<Dialogue> = OnceLock::new();
    DIALOGUE.get_or_init(|| {
        let today = "2026-11-23".parse().expect("a date");
        load(&Source::embedded(), today).dialogue.expect("the shipped dialogue is sound")
    })
}

/// Monday noon in Baku.
pub fn monday() -> Timestamp {
    "2026-11-23T08:00:00Z".parse().expect("a time")
}

/// One turn: the session survives the store, and the screen fits every channel.
pub fn turn(language: &str, session: Session, input: &Input, now: Timestamp) -> (Session, Reply) {
    let dialogue = dialogue();
    let others = dialogue.graph.languages.iter().filter(|tag| *tag != language);
    let lexicons = std::iter::once(dialogue.lexicon(language)).chain(others.map(|tag| dialogue.lexicon(tag)));
    let zone_guess = dialogue.texts.get(language, ZONE_GUESS);
    let known = StepContext { graph: &dialogue.graph, lexicons: lexicons.collect(), zone_guess, chance: [7; 10] };
    let (session, reply) = step(&known, session, input, now);
    let stored = serde_json::to_string(&session).expect("a session is written");
    assert_eq!(Session::from_json(&stored), session, "a session survives the store");
    let screen = screen(dialogue, language, &session, &reply, now);
    assert!(units(&screen) <= MAX_SCREEN_UNITS, "{} units", units(&screen));
    assert!(screen.choices.iter().all(|choice| (1..=64).contains(&choice.press.len()) || choice.address().is_some()));
    (session, reply)
}

/// A language, chosen by a byte.
pub fn language(byte: u8) -> &'static str {
    let languages = &dialogue().graph.languages;
    &languages[usize::from(byte) % languages.len()]
}
