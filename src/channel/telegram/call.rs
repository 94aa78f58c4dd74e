//! The calls we make, as teloxide payloads with answers as loose as we need: a field that Telegram adds breaks nothing.
//!
//! The request itself is made here and not by teloxide, which sleeps for ten seconds inside a call when the server fails,
//! and drops the code of an error.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use teloxide::Bot;
use teloxide::requests::Payload;

/// Why a call came to nothing. Its words are for the log and for whoever runs the bot: no token, no text of anybody's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// The server cannot be reached.
    Unreachable,
    /// The server does not answer in time.
    Silent,
    /// The server fails, or says something that is no answer.
    Broken,
    /// Telegram says no.
    Refused {
        /// As of HTTP: 400, 401, 403, 409, 429…
        code: u16,
        description: String,
        /// Seconds to wait.
        retry_after: Option<u64>,
        /// The group is a supergroup now, under this number.
        migrate_to: Option<i64>,
    },
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallError::Unreachable => {
                f.write_str("the Bot API server cannot be reached. Check the network, and TELOXIDE_API_URL")
            }
            CallError::Silent => f.write_str("the Bot API server does not answer in time"),
            CallError::Broken => f.write_str("the Bot API server fails, or is none: it answers with something else"),
            CallError::Refused { code: 401 | 404, .. } => {
                f.write_str("Telegram refuses the token. Check TELOXIDE_TOKEN, or ask @BotFather for a new one")
            }
            CallError::Refused { code: 409, description, .. } if description.contains("webhook") => {
                f.write_str("a webhook is set for this bot, so it cannot poll. Remove it with: simoff unhook")
            }
            CallError::Refused { code: 409, .. } => {
                f.write_str("another program is polling with the same token. Stop one of the two")
            }
            CallError::Refused { retry_after: Some(seconds), .. } => write!(f, "Telegram asks to wait {seconds} s"),
            // Telegram quotes the offending markup after this.
            CallError::Refused { description, .. } if description.contains("can't parse entities") => {
                f.write_str("Telegram refuses: Bad Request: can't parse entities")
            }
            CallError::Refused { description, .. } => write!(f, "Telegram refuses: {description}"),
        }
    }
}

/// What the server answers.
#[derive(Deserialize)]
struct Answer<T> {
    result: Option<T>,
    error_code: Option<u16>,
    description: Option<String>,
    parameters: Option<Parameters>,
}

#[derive(Default, Deserialize)]
struct Parameters {
    retry_after: Option<u64>,
    migrate_to_chat_id: Option<i64>,
}

/// Makes a call.
pub async fn call<P>(bot: &Bot, payload: P) -> Result<P::Output, CallError>
where
    P: Payload + Serialize,
    P::Output: DeserializeOwned,
{
    let mut url = bot.api_url();
    url.set_path(&format!("/bot{}/{}", bot.token(), P::NAME));
    // The library's own error holds the address, and so the token; it goes no further than here.
    let response = bot.client().post(url).json(&payload).send().await;
    let response =
        response.map_err(|error| if error.is_timeout() { CallError::Silent } else { CallError::Unreachable })?;
    let fails = response.status().is_server_error();
    let body = response.bytes().await;
    let body = body.map_err(|error| if error.is_timeout() { CallError::Silent } else { CallError::Unreachable })?;
    if fails {
        return Err(CallError::Broken);
    }
    let answer: Answer<P::Output> = serde_json::from_slice(&body).map_err(|_| CallError::Broken)?;
    match (answer.result, answer.error_code) {
        (Some(result), None) => Ok(result),
        (None, Some(code)) => {
            let Parameters { retry_after, migrate_to_chat_id: migrate_to } = answer.parameters.unwrap_or_default();
            Err(CallError::Refused {
                code,
                description: answer.description.unwrap_or_default(),
                retry_after,
                migrate_to,
            })
        }
        _ => Err(CallError::Broken),
    }
}

macro_rules! payloads {
    ($($payload:ident $(<$borrowed:lifetime>)? -> $output:ty),+ $(,)?) => {
        $(impl $(<$borrowed>)? Payload for $payload $(<$borrowed>)? {
            type Output = $output;
            const NAME: &'static str = stringify!($payload);
        })+
    };
}

payloads! {
    GetMe -> Me,
    GetUpdates -> Vec<Box<RawValue>>,
    SendMessage<'a> -> IgnoredAny,
    EditMessageText<'a> -> IgnoredAny,
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

#[derive(Debug, Serialize)]
pub struct SendMessage<'a> {
    pub chat_id: i64,
    #[serde(flatten)]
    pub content: &'a Content<'a>,
}

#[derive(Debug, Serialize)]
pub struct EditMessageText<'a> {
    pub chat_id: i64,
    pub message_id: i64,
    #[serde(flatten)]
    pub content: &'a Content<'a>,
}

/// What a message shows, most of it borrowed from the screen.
#[derive(Debug, Serialize)]
pub struct Content<'a> {
    pub text: Cow<'a, str>,
    /// `HTML`; none for plain text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parse_mode: Option<&'static str>,
    pub link_preview_options: LinkPreview,
    /// Must be sent with each edit, or the buttons go.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reply_markup: Option<Keyboard<'a>>,
    /// Pay for more than thirty messages a second.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_paid_broadcast: bool,
}

#[derive(Debug, Serialize)]
pub struct LinkPreview {
    pub is_disabled: bool,
}

#[derive(Debug, Serialize)]
pub struct Keyboard<'a> {
    pub inline_keyboard: Vec<Vec<Button<'a>>>,
}

#[derive(Debug, Serialize)]
pub struct Button<'a> {
    pub text: Cow<'a, str>,
    #[serde(flatten)]
    pub act: Act<'a>,
}

/// What a button does.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act<'a> {
    /// 1–64 bytes.
    CallbackData(&'a str),
    Url(&'a str),
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
