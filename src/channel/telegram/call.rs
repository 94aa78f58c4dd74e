//! The calls we make, as teloxide payloads with answers as loose as we need: a field that Telegram adds breaks nothing.

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use teloxide::requests::{JsonRequest, Payload, Request};
use teloxide::{Bot, RequestError};

/// Makes a call.
pub async fn call<P>(bot: &Bot, payload: P) -> Result<P::Output, RequestError>
where
    P: Payload + Serialize + 'static,
    P::Output: DeserializeOwned + 'static,
{
    JsonRequest::new(bot.clone(), payload).send().await
}

macro_rules! payloads {
    ($($payload:ident -> $output:ty),+ $(,)?) => {
        $(impl Payload for $payload {
            type Output = $output;
            const NAME: &'static str = stringify!($payload);
        })+
    };
}

payloads! {
    GetMe -> IgnoredAny,
    GetUpdates -> Vec<Value>,
    SendMessage -> IgnoredAny,
    EditMessageText -> IgnoredAny,
    AnswerCallbackQuery -> IgnoredAny,
    GetMyCommands -> Vec<Command>,
    SetMyCommands -> IgnoredAny,
}

#[derive(Serialize)]
pub struct GetMe {}

#[derive(Serialize)]
pub struct GetUpdates {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
    /// 1–100.
    pub limit: u8,
    /// Seconds; the server allows up to 50.
    pub timeout: u32,
    pub allowed_updates: &'static [&'static str],
}

#[derive(Debug, Clone, Serialize)]
pub struct SendMessage {
    pub chat_id: i64,
    #[serde(flatten)]
    pub content: Content,
}

#[derive(Debug, Clone, Serialize)]
pub struct EditMessageText {
    pub chat_id: i64,
    pub message_id: i64,
    #[serde(flatten)]
    pub content: Content,
}

/// What a message shows.
#[derive(Debug, Clone, Serialize)]
pub struct Content {
    pub text: String,
    /// `HTML`; none for plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parse_mode: Option<&'static str>,
    pub link_preview_options: LinkPreview,
    /// Must be sent with each edit, or the buttons go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_markup: Option<Keyboard>,
}

#[derive(Debug, Clone, Serialize)]
pub struct LinkPreview {
    pub is_disabled: bool,
}

#[derive(Debug, Clone, Serialize)]
pub struct Keyboard {
    pub inline_keyboard: Vec<Vec<Button>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Button {
    pub text: String,
    /// 1–64 bytes.
    pub callback_data: String,
}

#[derive(Serialize)]
pub struct AnswerCallbackQuery {
    pub callback_query_id: String,
}

#[derive(Serialize)]
pub struct GetMyCommands {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

#[derive(Serialize)]
pub struct SetMyCommands {
    pub commands: Vec<Command>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Command {
    /// 1–32 of a-z, 0-9 and _.
    pub command: String,
    /// 1–256 characters.
    pub description: String,
}
