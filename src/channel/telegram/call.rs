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
    GetMe -> Me,
    GetUpdates -> Vec<Value>,
    SendMessage -> IgnoredAny,
    EditMessageText -> IgnoredAny,
    AnswerCallbackQuery -> IgnoredAny,
    GetMyCommands -> Vec<Command>,
    SetMyCommands -> IgnoredAny,
    GetMyName -> Name,
    SetMyName -> IgnoredAny,
    GetMyDescription -> Description,
    SetMyDescription -> IgnoredAny,
    GetMyShortDescription -> ShortDescription,
    SetMyShortDescription -> IgnoredAny,
    GetChatMenuButton -> MenuButton,
    SetChatMenuButton -> IgnoredAny,
    GetWebhookInfo -> WebhookInfo,
    SetWebhook -> IgnoredAny,
    DeleteWebhook -> IgnoredAny,
}

#[derive(Serialize)]
pub struct GetMe {}

#[derive(Debug, Deserialize)]
pub struct Me {
    /// Without the `@`.
    pub username: String,
}

#[derive(Serialize)]
pub struct GetWebhookInfo {}

/// Which webhook is set.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
pub struct WebhookInfo {
    /// Empty when none is set.
    pub url: String,
    #[serde(default)]
    pub pending_update_count: u64,
    #[serde(default)]
    pub allowed_updates: Vec<String>,
    #[serde(default)]
    pub max_connections: u8,
}

#[derive(Serialize)]
pub struct SetWebhook {
    pub url: String,
    /// 1–256 of A-Z, a-z, 0-9, _ and -.
    pub secret_token: String,
    /// 1–100.
    pub max_connections: u8,
    pub allowed_updates: &'static [&'static str],
}

#[derive(Serialize)]
pub struct DeleteWebhook {
    pub drop_pending_updates: bool,
}

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
    /// Pay for more than thirty messages a second.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_paid_broadcast: bool,
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
    #[serde(flatten)]
    pub act: Act,
}

/// What a button does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 1–64 bytes.
    CallbackData(String),
    Url(String),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AnswerCallbackQuery {
    pub callback_query_id: String,
    /// Shown at the top of the screen, 0–200 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// For whom commands are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum Scope {
    AllPrivateChats,
    AllGroupChats,
}

#[derive(Serialize)]
pub struct GetMyCommands {
    pub scope: Scope,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

#[derive(Serialize)]
pub struct SetMyCommands {
    pub commands: Vec<Command>,
    pub scope: Scope,
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

/// A text of the bot's profile, per language: the pair of calls that get and set it, and what comes back.
macro_rules! profile {
    ($($get:ident, $set:ident, $answer:ident, $field:ident);+ $(;)?) => {
        $(#[derive(Serialize)]
        pub struct $get {
            #[serde(skip_serializing_if = "Option::is_none")]
            pub language_code: Option<String>,
        }

        #[derive(Serialize)]
        pub struct $set {
            pub $field: String,
            #[serde(skip_serializing_if = "Option::is_none")]
            pub language_code: Option<String>,
        }

        #[derive(Debug, Deserialize)]
        pub struct $answer {
            #[serde(default)]
            pub $field: String,
        })+
    };
}

profile! {
    GetMyName, SetMyName, Name, name;
    GetMyDescription, SetMyDescription, Description, description;
    GetMyShortDescription, SetMyShortDescription, ShortDescription, short_description;
}

#[derive(Serialize)]
pub struct GetChatMenuButton {}

#[derive(Serialize)]
pub struct SetChatMenuButton {
    pub menu_button: MenuButton,
}

/// The button beside the input field. `commands`, `default`, or something else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MenuButton {
    #[serde(rename = "type")]
    pub kind: String,
}
