//! Reads a raw update into an incoming message.

use serde::Deserialize;
use serde::de::IgnoredAny;

use super::CHANNEL;
use crate::conversation::IncomingMessage;
use crate::engine::{Input, Other, Press};

/// An update, as much of it as we look at. Everything else may be there, be new, or be missing.
#[derive(Debug, Deserialize)]
pub struct Update {
    pub update_id: i64,
    message: Option<Message>,
    edited_message: Option<Message>,
    callback_query: Option<Callback>,
    my_chat_member: Option<Membership>,
}

#[derive(Debug, Deserialize)]
struct Message {
    chat: Chat,
    from: Option<User>,
    text: Option<String>,
    caption: Option<String>,
    /// Shared by the pictures of an album.
    media_group_id: Option<String>,
    photo: Option<IgnoredAny>,
    video: Option<IgnoredAny>,
    animation: Option<IgnoredAny>,
    video_note: Option<IgnoredAny>,
    voice: Option<IgnoredAny>,
    audio: Option<IgnoredAny>,
    document: Option<IgnoredAny>,
    contact: Option<IgnoredAny>,
    location: Option<Location>,
    // Service messages of private chats.
    pinned_message: Option<IgnoredAny>,
    message_auto_delete_timer_changed: Option<IgnoredAny>,
    write_access_allowed: Option<IgnoredAny>,
    chat_background_set: Option<IgnoredAny>,
    users_shared: Option<IgnoredAny>,
    chat_shared: Option<IgnoredAny>,
    connected_website: Option<IgnoredAny>,
    successful_payment: Option<IgnoredAny>,
    gift: Option<IgnoredAny>,
    forum_topic_created: Option<IgnoredAny>,
    forum_topic_edited: Option<IgnoredAny>,
}

impl Message {
    fn is_service(&self) -> bool {
        [
            &self.pinned_message,
            &self.message_auto_delete_timer_changed,
            &self.write_access_allowed,
            &self.chat_background_set,
            &self.users_shared,
            &self.chat_shared,
            &self.connected_website,
            &self.successful_payment,
            &self.gift,
            &self.forum_topic_created,
            &self.forum_topic_edited,
        ]
        .iter()
        .any(|field| field.is_some())
    }
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
    /// Missing for a message of somebody else's; without most of its fields when it is too old for Telegram to show us.
    message: Option<Pressed>,
    data: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Pressed {
    message_id: i64,
    chat: Chat,
}

#[derive(Debug, Deserialize)]
struct Membership {
    chat: Chat,
    new_chat_member: Member,
}

#[derive(Debug, Deserialize)]
struct Member {
    status: String,
}

/// What an update is to us.
#[derive(Debug, PartialEq, Eq)]
pub enum UpdateKind {
    /// A message or a tap in a private chat.
    Message {
        incoming: IncomingMessage,
        /// The callback query to answer beside it.
        callback: Option<String>,
        /// What the button carried, should it not be one of the talk's.
        data: Option<String>,
        /// The album that a picture belongs to.
        album: Option<String>,
    },
    /// `/start` in a group.
    GroupStart(IncomingMessage),
    /// A button that leads nowhere from here: of another chat, or of no message. The query still wants an answer.
    StrayCallback { callback: String, language: Option<String> },
    /// A user has blocked the bot, or deleted the account.
    Blocked(String),
    /// Nothing that wants an answer: other people's talk, service messages, kinds of updates that we know nothing of.
    Ignored,
}

impl UpdateKind {
    /// Its name in the metrics.
    pub fn name(&self) -> &'static str {
        match self {
            UpdateKind::Message { callback: Some(_), .. } => "tap",
            UpdateKind::Message { .. } => "message",
            UpdateKind::GroupStart(_) => "group",
            UpdateKind::StrayCallback { .. } => "astray",
            UpdateKind::Blocked(_) => "left",
            UpdateKind::Ignored => "nothing",
        }
    }
}

impl Update {
    /// The chat it belongs to: what comes from one chat is handled in order. Zero for what belongs to none.
    pub fn queue(&self) -> i64 {
        let message = self.message.as_ref().or(self.edited_message.as_ref()).map(|message| &message.chat);
        let pressed = self.callback_query.as_ref().and_then(|callback| callback.message.as_ref());
        let changed = self.my_chat_member.as_ref().map(|change| &change.chat);
        message.or(pressed.map(|message| &message.chat)).or(changed).map_or(0, |chat| chat.id)
    }
}

/// The number of an update that cannot be read, where it has one.
pub fn number_of(update_id: &[u8]) -> Option<i64> {
    let value: serde_json::Value = serde_json::from_slice(update_id).ok()?;
    value.get("update_id")?.as_i64()
}

/// Reads an update. `username`: our own, without the `@`.
pub fn read_update(incoming: Update, username: &str) -> UpdateKind {
    let update_id = incoming.update_id;
    if let Some(callback) = incoming.callback_query {
        return read_callback(update_id, callback);
    }
    if let Some(change) = incoming.my_chat_member {
        let gone = change.chat.kind == "private" && change.new_chat_member.status == "kicked";
        return if gone { UpdateKind::Blocked(person(&change.chat)) } else { UpdateKind::Ignored };
    }
    let edited = incoming.edited_message.is_some();
    let Some(message) = incoming.message.or(incoming.edited_message) else { return UpdateKind::Ignored };
    // A live place is edited by itself, all the time.
    if edited && message.location.is_some() {
        return UpdateKind::Ignored;
    }
    read_message(update_id, message, username)
}

fn read_callback(update_id: i64, callback: Callback) -> UpdateKind {
    let message = callback.message.filter(|message| message.chat.kind == "private");
    let Some(message) = message else {
        return UpdateKind::StrayCallback { callback: callback.id, language: callback.from.language_code };
    };
    let press = callback.data.as_deref().and_then(Press::decode);
    let incoming = IncomingMessage {
        person: person(&message.chat),
        input: press.map_or(Input::Garbled, Input::Pressed),
        update_id: Some(update_id),
        language: callback.from.language_code,
        replaces: Some(message.message_id),
        page: None,
    };
    UpdateKind::Message { incoming, callback: Some(callback.id), data: callback.data, album: None }
}

fn read_message(update_id: i64, message: Message, username: &str) -> UpdateKind {
    if message.from.as_ref().is_some_and(|from| from.is_bot) {
        return UpdateKind::Ignored;
    }
    let private = message.chat.kind == "private";
    if !private && !message.text.as_deref().is_some_and(|text| calls(text, username)) {
        return UpdateKind::Ignored;
    }
    if message.is_service() {
        return UpdateKind::Ignored;
    }
    let person = person(&message.chat);
    let other = if message.photo.is_some() || message.video.is_some() || message.animation.is_some() {
        Other::Picture
    } else if message.voice.is_some() || message.audio.is_some() || message.video_note.is_some() {
        Other::Voice
    } else if message.document.is_some() || message.contact.is_some() {
        Other::File
    } else {
        Other::Unknown
    };
    let input = match (message.text, message.location, message.caption) {
        (Some(text), _, _) => Input::typed(text),
        (None, Some(location), _) => location.input(),
        (None, None, Some(caption)) => Input::Captioned(other, caption),
        (None, None, None) => Input::Other(other),
    };
    let language = message.from.and_then(|from| from.language_code);
    let incoming = IncomingMessage { update_id: Some(update_id), language, ..IncomingMessage::new(person, input) };
    if private {
        UpdateKind::Message { incoming, callback: None, data: None, album: message.media_group_id }
    } else {
        UpdateKind::GroupStart(incoming)
    }
}

/// Whether a message in a group is the command `/start`, for us or for every bot there.
fn calls(text: &str, username: &str) -> bool {
    let command = text.split_whitespace().next().unwrap_or("");
    let (name, bot) = command.split_once('@').unwrap_or((command, username));
    name.eq_ignore_ascii_case("/start") && bot.eq_ignore_ascii_case(username)
}

fn person(chat: &Chat) -> String {
    format!("{}{}", CHANNEL.prefix, chat.id)
}

/// The chat of a person's key; the other half of `person`.
pub fn chat_of(person: &str) -> Option<i64> {
    person.strip_prefix(CHANNEL.prefix)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn said(input: Input) -> UpdateKind {
        let incoming = IncomingMessage {
            update_id: Some(1),
            language: Some("zh-TW".into()),
            ..IncomingMessage::new("telegram:7", input)
        };
        UpdateKind::Message { incoming, callback: None, data: None, album: None }
    }

    #[test]
    fn updates_are_read_whatever_else_they_hold() {
        let chat = json!({"id": 7, "type": "private"});
        let group = json!({"id": -5, "type": "supergroup"});
        let user = json!({"id": 7, "language_code": "zh-TW"});
        let unknown_entity = json!([{"type": "from_the_future", "offset": 0, "length": 2}]);
        let message = |content: serde_json::Value| {
            let mut message = json!({"message_id": 1, "chat": chat, "from": user});
            message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
            message
        };
        let in_group = |text: &str| json!({"message": {"message_id": 1, "chat": group, "from": user, "text": text}});
        let stray = || UpdateKind::StrayCallback { callback: "c".into(), language: Some("zh-TW".into()) };
        for (update, expect) in [
            (
                json!({"message": message(json!({"text": "hi", "entities": unknown_entity}))}),
                said(Input::Text("hi".into())),
            ),
            (json!({"edited_message": message(json!({"text": "hi"}))}), said(Input::Text("hi".into()))),
            (json!({"message": message(json!({"text": "hi", "forward_origin": {}}))}), said(Input::Text("hi".into()))),
            (json!({"message": message(json!({"photo": []}))}), said(Input::Other(Other::Picture))),
            (
                json!({"message": message(json!({"document": {}, "caption": "x"}))}),
                said(Input::Captioned(Other::File, "x".into())),
            ),
            (json!({"message": message(json!({"voice": {}}))}), said(Input::Other(Other::Voice))),
            (json!({"message": message(json!({"contact": {}}))}), said(Input::Other(Other::File))),
            (json!({"message": message(json!({"sticker": {}}))}), said(Input::Other(Other::Unknown))),
            (json!({"message": message(json!({"poll": {}}))}), said(Input::Other(Other::Unknown))),
            (
                json!({"message": message(json!({"location": {"latitude": 40.4, "longitude": 1e9}}))}),
                said(Input::Located { north: 40, east: 180 }),
            ),
            (
                json!({"edited_message": message(json!({"location": {"latitude": 1, "longitude": 1}}))}),
                UpdateKind::Ignored,
            ),
            (json!({"message": message(json!({"pinned_message": {}}))}), UpdateKind::Ignored),
            (
                json!({"message": {"message_id": 1, "chat": chat, "from": {"is_bot": true}, "text": "x"}}),
                UpdateKind::Ignored,
            ),
            (in_group("hi"), UpdateKind::Ignored),
            (in_group("/start@other_bot"), UpdateKind::Ignored),
            (in_group("/plan"), UpdateKind::Ignored),
            (
                json!({"channel_post": {"message_id": 1, "chat": {"id": -9, "type": "channel"}, "text": "x"}}),
                UpdateKind::Ignored,
            ),
            (
                json!({"my_chat_member": {"chat": chat, "new_chat_member": {"status": "kicked"}}}),
                UpdateKind::Blocked("telegram:7".into()),
            ),
            (json!({"my_chat_member": {"chat": chat, "new_chat_member": {"status": "member"}}}), UpdateKind::Ignored),
            (json!({"my_chat_member": {"chat": group, "new_chat_member": {"status": "kicked"}}}), UpdateKind::Ignored),
            (json!({"callback_query": {"id": "c", "from": user, "data": "r"}}), stray()),
            (
                json!({"callback_query": {"id": "c", "from": user, "message": {"message_id": 3, "chat": group}, "data": "r"}}),
                stray(),
            ),
            (json!({"from_the_future": {"x": 1}}), UpdateKind::Ignored),
        ] {
            let mut with_id = update.clone();
            with_id["update_id"] = json!(1);
            let incoming: Update = serde_json::from_value(with_id).expect("tolerant");
            assert_eq!(read_update(incoming, "simoff_bot"), expect, "{update}");
        }
    }

    #[test]
    fn buttons_and_calls_are_read() {
        let read_one = |update: serde_json::Value| read_update(serde_json::from_value(update).unwrap(), "simoff_bot");
        let user = json!({"id": 7, "language_code": "en"});
        for (pressed, expect) in [("r", Input::Pressed(Press::StartOver)), ("?", Input::Garbled)] {
            let message = json!({"message_id": 3, "chat": {"id": 7, "type": "private"}, "date": 0});
            let update = json!({"update_id": 1, "callback_query": {"id": "c", "from": user, "message": message, "data": pressed}});
            let UpdateKind::Message { incoming, callback, data, .. } = read_one(update) else { panic!("{pressed}") };
            assert_eq!((incoming.input, incoming.replaces), (expect, Some(3)));
            assert_eq!((callback.as_deref(), data.as_deref()), (Some("c"), Some(pressed)));
        }
        for text in ["/start", "/START@Simoff_Bot", "/start azercell"] {
            let message = json!({"message_id": 3, "chat": {"id": -5, "type": "group"}, "from": user, "text": text});
            let UpdateKind::GroupStart(incoming) = read_one(json!({"update_id": 1, "message": message})) else {
                panic!("{text}")
            };
            assert_eq!(incoming.person, "telegram:-5");
        }
    }
}
