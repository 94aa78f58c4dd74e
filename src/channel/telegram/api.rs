//! The calls we make, as teloxide payloads with answers as loose as we need: a field that Telegram adds breaks nothing.
//!
//! The request itself is made here and not by teloxide, which sleeps for ten seconds inside a call when the server fails,
//! and drops the code of an error.

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use reqwest::RequestBuilder;
use reqwest::multipart::{Form, Part};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use teloxide::requests::Payload;

/// The bot's account at a Bot API server. The token can be replaced while the bot runs. Cheap to clone; all clones have
/// the same token.
#[derive(Debug, Clone)]
pub struct Bot {
    client: Arc<RwLock<teloxide::Bot>>,
    /// Where the token was read from, if it was read from a file.
    token_file: Option<PathBuf>,
}

impl Bot {
    pub fn new(client: teloxide::Bot, token_file: Option<PathBuf>) -> Self {
        Self { client: Arc::new(RwLock::new(client)), token_file }
    }

    /// Reads the token's file again, so that a new token counts without a restart. Whether the token is another one now.
    pub fn reload_token(&self) -> bool {
        let Some(file) = &self.token_file else { return false };
        let token = match std::fs::read_to_string(file) {
            Ok(token) => token.trim().to_owned(),
            Err(error) => {
                log::warn!("Cannot read the token's file again: {}", error.kind());
                return false;
            }
        };
        let old = self.client();
        if token.is_empty() || token == old.token() {
            return false;
        }
        let new = teloxide::Bot::with_client(token, old.client().clone()).set_api_url(old.api_url());
        *self.client.write().expect("the lock is not poisoned") = new;
        true
    }

    fn client(&self) -> teloxide::Bot {
        self.client.read().expect("the lock is not poisoned").clone()
    }

    /// A request to a method. The URL holds the token, so errors of the request go no further than [`send`].
    fn request(&self, method: &str) -> RequestBuilder {
        let client = self.client();
        let mut url = client.api_url();
        url.set_path(&format!("/bot{}/{method}", client.token()));
        client.client().post(url)
    }
}

/// Why a call came to nothing. Its words are for the log and the operator: no token, no text of a message.
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
            CallError::Refused { code, description, .. } => match reason(description) {
                Some(reason) => write!(f, "Telegram refuses ({code}): {reason}"),
                None => write!(f, "Telegram refuses ({code}), for a reason that this version does not know"),
            },
        }
    }
}

/// What refusals say, of those we know, in lower case. Only these are logged: a description may quote the message.
const REASONS: [&str; 22] = [
    "can't parse entities",
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message is too long",
    "message text is empty",
    "message identifier is not specified",
    "query is too old",
    "chat not found",
    "bot was blocked by the user",
    "user is deactivated",
    "bot can't initiate conversation",
    "bot can't send messages to bots",
    "bot was kicked",
    "bot is not a member",
    "not enough rights",
    "have no rights to send",
    "request entity too large",
    "file is too big",
    "group chat was upgraded",
    "bad webhook",
    "invalid token",
];

/// The part of a refusal's description that is safe to log: a reason that we know, or one of Telegram's own codes, such as
/// `BUTTON_DATA_INVALID`.
fn reason(description: &str) -> Option<&str> {
    let lower = description.to_lowercase();
    if let Some(known) = REASONS.into_iter().find(|known| lower.contains(known)) {
        return Some(known);
    }
    let last = description.rsplit(' ').next()?;
    let is_code = last.contains('_') && last.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    is_code.then_some(last)
}

/// What the server answers.
#[derive(Deserialize)]
struct ApiResponse<T> {
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
    send(bot.request(P::NAME).json(&payload)).await
}

/// The pauses between attempts at the start, in seconds. The last one repeats.
const START_SECONDS: [u64; 5] = [1, 2, 4, 8, 15];

/// Makes a call at the start, again and again while the connection or the server fails. `Err`: Telegram refuses.
pub async fn call_until_answered<P>(bot: &Bot, payload: impl Fn() -> P) -> Result<P::Output, CallError>
where
    P: Payload + Serialize,
    P::Output: DeserializeOwned,
{
    let mut attempt = 0;
    loop {
        let error = match call(bot, payload()).await {
            Err(error @ (CallError::Unreachable | CallError::Silent | CallError::Broken)) => error,
            Err(error @ CallError::Refused { retry_after: Some(_), .. }) => error,
            answered => return answered,
        };
        let usual = START_SECONDS[attempt.min(START_SECONDS.len() - 1)];
        let pause = if let CallError::Refused { retry_after: Some(seconds), .. } = error { seconds } else { usual };
        attempt += 1;
        log::warn!("Cannot start yet, trying again in {pause} s: {error}");
        tokio::time::sleep(Duration::from_secs(pause)).await;
    }
}

/// Sends a file to a chat, as a document.
pub async fn send_document(bot: &Bot, chat_id: i64, name: &str, text: &str) -> Result<(), CallError> {
    let document = Part::text(text.to_owned()).file_name(name.to_owned());
    let form = Form::new().text("chat_id", chat_id.to_string()).part("document", document);
    send::<IgnoredAny>(bot.request("SendDocument").multipart(form)).await.map(|_| ())
}

async fn send<T: DeserializeOwned>(request: RequestBuilder) -> Result<T, CallError> {
    // The library's own error holds the URL, and so the token; it goes no further than here.
    let unanswered =
        |error: reqwest::Error| if error.is_timeout() { CallError::Silent } else { CallError::Unreachable };
    let response = request.send().await.map_err(unanswered)?;
    let fails = response.status().is_server_error();
    let body = response.bytes().await.map_err(unanswered)?;
    if fails {
        return Err(CallError::Broken);
    }
    let answer: ApiResponse<T> = serde_json::from_slice(&body).map_err(|_| CallError::Broken)?;
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
    GetMyCommands -> Vec<BotCommand>,
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
    pub content: &'a MessageContent<'a>,
}

#[derive(Debug, Serialize)]
pub struct EditMessageText<'a> {
    pub chat_id: i64,
    pub message_id: i64,
    #[serde(flatten)]
    pub content: &'a MessageContent<'a>,
}

/// What a message shows, most of it borrowed from the screen.
#[derive(Debug, Serialize)]
pub struct MessageContent<'a> {
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

impl AnswerCallbackQuery {
    /// The button stops spinning, and nothing is shown.
    pub fn silent(callback_query_id: String) -> Self {
        Self { callback_query_id, text: None }
    }
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
    pub commands: Vec<BotCommand>,
    pub scope: Scope,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language_code: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotCommand {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_logged_by_its_reason_and_never_quotes() {
        let told = |code, description: &str| {
            let (retry_after, migrate_to) = (None, None);
            CallError::Refused { code, description: description.into(), retry_after, migrate_to }.to_string()
        };
        for (description, expect) in [
            ("Bad Request: can't parse entities: \"the card of Zaphod\"", "can't parse entities"),
            ("Bad Request: not enough rights to send text messages to the chat", "not enough rights"),
            ("Bad Request: BUTTON_DATA_INVALID", "BUTTON_DATA_INVALID"),
            ("Bad Request: Zaphod's card is BEEBLEBROX", "a reason that this version does not know"),
            ("", "a reason that this version does not know"),
        ] {
            let told = told(400, description);
            assert!(told.contains(expect) && told.contains("400"), "{told}");
            assert!(!told.contains("Zaphod") && !told.contains("BEEBLEBROX"), "{told}");
        }
        assert!(told(401, "Unauthorized").contains("refuses the token"));
    }

    #[test]
    fn a_token_file_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("token");
        std::fs::write(&file, "1:old\n").unwrap();
        let bot = Bot::new(teloxide::Bot::new("1:old"), Some(file.clone()));
        assert!(!bot.reload_token(), "it is the same");
        for broken in ["", "\n"] {
            std::fs::write(&file, broken).unwrap();
            assert!(!bot.reload_token());
        }
        std::fs::write(&file, "1:new\n").unwrap();
        assert!(bot.clone().reload_token());
        assert_eq!(bot.client().token(), "1:new", "every clone has it");
        std::fs::remove_file(&file).unwrap();
        assert!(!bot.reload_token());
        assert!(!Bot::new(teloxide::Bot::new("1:old"), None).reload_token());
    }
}
