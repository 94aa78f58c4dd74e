//! The payload of a button, forged or not: what is read is written again as it was.
#![no_main]
use libfuzzer_sys::fuzz_target;
use simoff::engine::session::Session;
use simoff::engine::{Input, Press};

fuzz_target!(|text: &str| {
    let Some(press) = Press::decode(text) else { return };
    assert_eq!(Press::decode(&press.encode()), Some(press.clone()));
    let (session, _) = simoff_fuzz::turn("en", Session::default(), &Input::Pressed(press.clone()), simoff_fuzz::monday());
    simoff_fuzz::turn("zh-Hans", session, &Input::Pressed(press), simoff_fuzz::monday());
});
