//! Typed words, one input after the other; a line each.
#![no_main]
use libfuzzer_sys::fuzz_target;
use simoff::engine::Input;
use simoff::engine::session::Session;

fuzz_target!(|input: (u8, &str)| {
    let language = simoff_fuzz::language(input.0);
    let mut session = Session::default();
    for line in input.1.lines().take(12) {
        session = simoff_fuzz::turn(language, session, &Input::typed(line.to_owned()), simoff_fuzz::monday()).0;
    }
});
