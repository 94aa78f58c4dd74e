//! Whatever Telegram, or somebody who has the secret, may bring.
#![no_main]
use libfuzzer_sys::fuzz_target;
use simoff::channel::telegram::read::{Incoming, Read, read};
use simoff::engine::session::Session;

fuzz_target!(|bytes: &[u8]| {
    let Ok(incoming) = serde_json::from_slice::<Incoming>(bytes) else { return };
    incoming.lane();
    if let Read::Said { heard, .. } | Read::Called(heard) = read(incoming, "simoff_bot") {
        simoff_fuzz::turn("en", Session::default(), &heard.input, simoff_fuzz::monday());
    }
});
