//! From their words to ours: a raw update becomes something heard.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::CHANNEL;
use crate::conversation::Heard;
use crate::engine::{Input, Other, Press};

/// An update, as much of it as we look at. Everything else may be there, be new, or be missing.
#[derive(Debug, Deserialize)]
pub struct Incoming {
    message: Option<Message>,
    callback_query: Option<Callback>,
}

#[derive(Debug, Deserialize)]
struct Message {
    message_id: i64,
    chat: Chat,
    from: Option<User>,
    text: Option<String>,
    photo: Option<IgnoredAny>,
    video: Option<IgnoredAny>,
    animation: Option<IgnoredAny>,
    video_note: Option<IgnoredAny>,
    voice: Option<IgnoredAny>,
    audio: Option<IgnoredAny>,
    document: Option<IgnoredAny>,
    contact: Option<IgnoredAny>,
    location: Option<Location>,
}

#[derive(Debug, Deserialize)]
struct Location {
    latitude: f64,
    longitude: f64,
}

impl Location {
    /// Rounded to whole degrees at once: enough to choose a time zone, too little to find anybody.
    fn input(&self) -> Input {
        #[expect(clippy::cast_possible_truncation, reason = "clamped to what a place on Earth can have")]
        let degrees = |value: f64, limit: f64| value.round().clamp(-limit, limit) as i16;
        Input::Located { north: degrees(self.latitude, 90.0), east: degrees(self.longitude, 180.0) }
    }
}

#[derive(Debug, Deserialize)]
struct Chat {
    id: i64,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Debug, Deserialize)]
struct User {
    #[serde(default)]
    is_bot: bool,
    language_code: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Callback {
    id: String,
    from: User,
    /// Missing, or without most of its fields, when the message is too old for Telegram to show us.
    message: Option<Pressed>,
    data: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Pressed {
    message_id: i64,
    chat: Chat,
}

/// Something to hear, with the callback query to answer beside it.
#[derive(Debug)]
pub struct Update {
    pub heard: Heard,
    pub callback: Option<String>,
}

/// Reads an update. `None`: nothing a person said to us in private.
pub fn read(id: i64, incoming: Incoming) -> Option<Update> {
    if let Some(message) = incoming.message {
        return read_message(id, message);
    }
    let callback = incoming.callback_query?;
    let message = callback.message?;
    if message.chat.kind != "private" {
        return None;
    }
    let press = callback.data.as_deref().and_then(Press::decode);
    let heard = Heard {
        person: person(&message.chat),
        input: press.map_or(Input::Garbled, Input::Pressed),
        update: Some(id),
        language: callback.from.language_code,
        replaces: Some(message.message_id),
    };
    Some(Update { heard, callback: Some(callback.id) })
}

fn read_message(id: i64, message: Message) -> Option<Update> {
    if message.chat.kind != "private" || message.from.as_ref().is_some_and(|from| from.is_bot) {
        return None;
    }
    log::debug!("Update {id}: message {}", message.message_id);
    let is_picture = message.photo.is_some() || message.video.is_some() || message.animation.is_some();
    let is_voice = message.voice.is_some() || message.audio.is_some() || message.video_note.is_some();
    let input = match message.text {
        Some(text) => Input::Text(text),
        None if message.location.is_some() => message.location.map_or(Input::Garbled, |location| location.input()),
        None if is_picture => Input::Other(Other::Picture),
        None if is_voice => Input::Other(Other::Voice),
        None if message.document.is_some() || message.contact.is_some() => Input::Other(Other::File),
        None => Input::Other(Other::Unknown),
    };
    let heard = Heard {
        person: person(&message.chat),
        input,
        update: Some(id),
        language: message.from.and_then(|from| from.language_code),
        replaces: None,
    };
    Some(Update { heard, callback: None })
}

fn person(chat: &Chat) -> String {
    format!("{CHANNEL}{}", chat.id)
}

/// The chat of a person's key; the other half of `person`.
pub fn chat_of(person: &str) -> Option<i64> {
    person.strip_prefix(CHANNEL)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn updates_are_read_whatever_else_they_hold() {
        let chat = json!({"id": 7, "type": "private"});
        let user = json!({"id": 7, "language_code": "zh-TW"});
        let unknown_entity = json!([{"type": "from_the_future", "offset": 0, "length": 2}]);
        for (update, expect) in [
            (
                json!({"message": {"message_id": 1, "chat": chat, "from": user, "text": "hi", "entities": unknown_entity}}),
                Some(Input::Text("hi".into())),
            ),
            (
                json!({"message": {"message_id": 1, "chat": chat, "from": user, "photo": [], "caption": "x"}}),
                Some(Input::Other(Other::Picture)),
            ),
            (
                json!({"message": {"message_id": 1, "chat": chat, "from": user, "voice": {}}}),
                Some(Input::Other(Other::Voice)),
            ),
            (
                json!({"message": {"message_id": 1, "chat": chat, "from": user, "contact": {}}}),
                Some(Input::Other(Other::File)),
            ),
            (
                json!({"message": {"message_id": 1, "chat": chat, "from": user, "sticker": {}}}),
                Some(Input::Other(Other::Unknown)),
            ),
            (
                json!({"message": {"message_id": 1, "chat": {"id": -5, "type": "group"}, "from": user, "text": "hi"}}),
                None,
            ),
            (json!({"message": {"message_id": 1, "chat": chat, "from": {"is_bot": true}, "text": "hi"}}), None),
            (
                json!({"callback_query": {"id": "c", "from": user, "message": {"message_id": 3, "chat": chat, "date": 0}, "data": "r"}}),
                Some(Input::Pressed(Press::StartOver)),
            ),
            (
                json!({"callback_query": {"id": "c", "from": user, "message": {"message_id": 3, "chat": chat}, "data": "?"}}),
                Some(Input::Garbled),
            ),
            (json!({"callback_query": {"id": "c", "from": user, "data": "r"}}), None),
            (json!({"from_the_future": {"x": 1}}), None),
        ] {
            let incoming: Incoming = serde_json::from_value(update.clone()).expect("tolerant");
            let read = read(1, incoming).map(|update| update.heard.input);
            assert_eq!(read, expect, "{update}");
        }
    }
}
