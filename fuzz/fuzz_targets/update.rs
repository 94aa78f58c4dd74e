//! Whatever Telegram, or somebody who has the secret, may bring.
#![no_main]
use libfuzzer_sys::fuzz_target;
use simoff::channel::telegram::parse::{Update, UpdateKind, read_update};
use simoff::engine::session::Session;

fuzz_target!(|bytes: &[u8]| {
    let Ok(incoming) = serde_json::from_slice::<Update>(bytes) else { return };
    incoming.queue();
    if let UpdateKind::Message { incoming, .. } | UpdateKind::GroupStart(incoming) = read_update(incoming, "simoff_bot") {
        simoff_fuzz::turn("en", Session::default(), &incoming.input, simoff_fuzz::monday());
    }
});
