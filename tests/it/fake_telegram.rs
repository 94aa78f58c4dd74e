//! A Bot API server with a memory, as strict as the real one: what Telegram would refuse, it refuses, and what no bot
//! should ever send is written down as a violation. Limits and wordings are those of the Bot API documentation.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// A token of the right shape (digits, colon, 35 characters) that belongs to nobody.
pub const TOKEN: &str = "4242424242:AAFakeTokenForTestsOnly_0123456789ab";

/// How long a test waits for the bot before it gives up.
const PATIENCE: Duration = Duration::from_secs(20);

/// A fault to inject into the next call of a method.
#[derive(Debug, Clone)]
pub enum Fault {
    TooManyRequests(u64),
    Forbidden,
    /// Hang up without an answer, after doing what was asked.
    HangUpAfter,
    /// Hang up without doing anything.
    HangUp,
    /// The message to edit does not exist any more.
    MessageGone,
}

/// A message in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    /// What a person reads, entities parsed.
    pub text: String,
    pub buttons: Buttons,
    pub edits: usize,
}

#[derive(Debug, Default)]
struct Server {
    updates: VecDeque<Value>,
    next_update: i64,
    next_message: i64,
    next_callback: i64,
    polling: bool,
    chats: BTreeMap<i64, Vec<Message>>,
    /// Counts everything that changes in a chat.
    revision: BTreeMap<i64, usize>,
    open_callbacks: BTreeSet<String>,
    answered_callbacks: BTreeSet<String>,
    faults: HashMap<String, VecDeque<Fault>>,
    commands: BTreeMap<String, Value>,
    calls: Vec<String>,
    violations: Vec<String>,
    /// How many batches with updates were handed out.
    delivered: usize,
    /// Files sent: chat, name, text.
    documents: Vec<(i64, String, String)>,
    /// When messages were taken, within the last second.
    taken: VecDeque<std::time::Instant>,
    /// Ignore the next confirmation, as if it had been lost on the way.
    lose_confirmation: bool,
}

/// The server; stops with the test.
#[derive(Clone)]
pub struct Fake {
    state: Arc<Mutex<Server>>,
    changed: Arc<Notify>,
    pub url: String,
}

impl Fake {
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Server { next_update: 1000, next_message: 1, next_callback: 1, ..Server::default() };
        let fake = Self { state: Arc::new(Mutex::new(state)), changed: Arc::new(Notify::new()), url };
        let app = Router::new().route("/{token}/{method}", axum::routing::any(handle)).with_state(fake.clone());
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        fake
    }

    fn with<T>(&self, act: impl FnOnce(&mut Server) -> T) -> T {
        let result = act(&mut self.state.lock().unwrap());
        self.changed.notify_waiters();
        result
    }

    /// Waits until something is true of the server.
    async fn until(&self, what: &str, mut ready: impl FnMut(&Server) -> bool) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let changed = self.changed.notified();
            if ready(&self.state.lock().unwrap()) {
                return;
            }
            if tokio::time::timeout_at(deadline, changed).await.is_err() {
                let chats = format!("{:#?}", self.state.lock().unwrap().chats);
                panic!("waited in vain for {what}: {chats}");
            }
        }
    }

    /// The private chat with a person.
    pub fn chat(&self, id: i64, language: &'static str) -> Chat {
        Chat { fake: self.clone(), id, language }
    }

    /// Makes the next calls of a method fail.
    pub fn fail(&self, method: &str, faults: impl IntoIterator<Item = Fault>) {
        self.with(|server| server.faults.entry(method.to_lowercase()).or_default().extend(faults));
    }

    /// The methods called so far.
    pub fn calls(&self) -> Vec<String> {
        self.with(|server| server.calls.clone())
    }

    /// What no bot should ever do.
    pub fn violations(&self) -> Vec<String> {
        self.with(|server| server.violations.clone())
    }

    /// The commands per language code; the empty code is everybody else.
    pub fn commands(&self) -> BTreeMap<String, Value> {
        self.with(|server| server.commands.clone())
    }

    /// Puts a raw update into the queue.
    pub fn push(&self, mut update: Value) -> i64 {
        self.with(|server| {
            let id = server.next_update;
            server.next_update += 1;
            update["update_id"] = json!(id);
            server.updates.push_back(update);
            id
        })
    }

    /// Files sent to a chat: name and text.
    pub fn documents(&self, chat: i64) -> Vec<(String, String)> {
        self.with(|server| {
            let own = server.documents.iter().filter(|(to, _, _)| *to == chat);
            own.map(|(_, name, text)| (name.clone(), text.clone())).collect()
        })
    }

    /// Loses the next confirmation: what it confirmed is delivered once more.
    pub fn lose_confirmation(&self) {
        self.with(|server| server.lose_confirmation = true);
    }

    /// Waits until the bot has confirmed everything that was pushed.
    pub async fn confirmed(&self) {
        self.until("the confirmation of all updates", |server| server.updates.is_empty()).await;
    }

    /// How many batches with updates were handed out.
    pub fn delivered(&self) -> usize {
        self.with(|server| server.delivered)
    }

    /// Waits until more batches were handed out than `before`.
    pub async fn delivery_after(&self, before: usize) {
        self.until("a delivery", |server| server.delivered > before).await;
    }

    /// Waits until a method was called more than `before` times.
    pub async fn call_after(&self, method: &str, before: usize) {
        self.until(method, |server| count(server, method) > before).await;
    }
}

fn count(server: &Server, method: &str) -> usize {
    server.calls.iter().filter(|call| *call == method).count()
}

/// A person in a private chat.
pub struct Chat {
    fake: Fake,
    pub id: i64,
    language: &'static str,
}

impl Chat {
    fn from(&self) -> Value {
        json!({"id": self.id, "is_bot": false, "first_name": "P", "language_code": self.language})
    }

    /// Sends words without waiting.
    pub fn post(&self, text: &str) -> i64 {
        self.post_message(json!({"text": text}))
    }

    /// Sends any kind of message without waiting.
    pub fn post_message(&self, content: Value) -> i64 {
        let id = self.fake.with(|server| {
            server.chats.entry(self.id).or_default();
            server.next_message += 1;
            server.next_message
        });
        let mut message = json!({
            "message_id": id, "date": 1_790_000_000, "from": self.from(),
            "chat": {"id": self.id, "type": "private", "first_name": "P"},
        });
        message.as_object_mut().unwrap().extend(content.as_object().unwrap().clone());
        self.fake.push(json!({"message": message}))
    }

    /// Sends words and waits for the answer.
    pub async fn say(&self, text: &str) -> Message {
        let before = self.revision();
        self.post(text);
        self.answer_after(before).await
    }

    /// Taps a button of the last message, by its label, without waiting.
    pub fn press(&self, label: &str) -> i64 {
        let message = self.last();
        let found = message.buttons.iter().find(|(text, _)| text.contains(label));
        let (_, data) = found.unwrap_or_else(|| panic!("no button {label:?} in {message:#?}"));
        self.press_raw(message.id, data)
    }

    /// Sends any callback data for any message, without waiting.
    pub fn press_raw(&self, message_id: i64, data: &str) -> i64 {
        let callback = self.fake.with(|server| {
            server.next_callback += 1;
            let id = format!("cb{}", server.next_callback);
            server.open_callbacks.insert(id.clone());
            id
        });
        self.fake.push(json!({"callback_query": {
            "id": callback, "from": self.from(), "chat_instance": "1", "data": data,
            "message": {"message_id": message_id, "date": 1_790_000_000, "chat": {"id": self.id, "type": "private"}},
        }}))
    }

    /// Taps a button and waits for what changes.
    pub async fn tap(&self, label: &str) -> Message {
        let before = self.revision();
        self.press(label);
        self.answer_after(before).await
    }

    /// Opens the chat, as somebody does who wrote to the bot long ago.
    pub fn open(&self) {
        self.fake.with(|server| {
            server.chats.entry(self.id).or_default();
        });
    }

    /// The revision of the chat: grows with everything that changes in it.
    pub fn revision(&self) -> usize {
        self.fake.with(|server| server.revision.get(&self.id).copied().unwrap_or(0))
    }

    /// Waits until the chat has changed since `before`, and returns what changed last.
    pub async fn answer_after(&self, before: usize) -> Message {
        let id = self.id;
        self.fake.until("an answer", |server| server.revision.get(&id).copied().unwrap_or(0) > before).await;
        self.last()
    }

    /// Waits until the last message says something.
    pub async fn until_last_says(&self, part: &str) {
        let id = self.id;
        let says = |server: &Server| {
            server
                .chats
                .get(&id)
                .and_then(|messages| messages.last())
                .is_some_and(|message| message.text.contains(part))
        };
        self.fake.until(part, says).await;
    }

    /// All messages of the bot.
    pub fn messages(&self) -> Vec<Message> {
        self.fake.with(|server| server.chats.get(&self.id).cloned().unwrap_or_default())
    }

    /// The bot's last message.
    pub fn last(&self) -> Message {
        self.messages().last().cloned().expect("the bot has said something")
    }
}

/// Code, description, parameters.
type Refusal = (u16, String, Value);
type Answer = Result<Value, Refusal>;
/// Label and callback data.
type Buttons = Vec<(String, String)>;

fn refuse(code: u16, description: impl Into<String>) -> Answer {
    Err((code, description.into(), Value::Null))
}

async fn handle(State(fake): State<Fake>, Path((token, method)): Path<(String, String)>, body: Bytes) -> Response {
    let method = method.to_lowercase();
    let answer = if token == format!("bot{TOKEN}") {
        // A file comes as a form, everything else as JSON.
        let form = || json!({"form": String::from_utf8_lossy(&body)});
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| form());
        if method == "getupdates" { get_updates(&fake, &body).await } else { with_faults(&fake, &method, &body) }
    } else {
        Some(refuse(401, "Unauthorized"))
    };
    let Some(answer) = answer else {
        // A body that breaks off is as near to a cut line as HTTP lets us come.
        let cut = futures_util::stream::iter([Ok("{"), Err(std::io::Error::other("cut"))]);
        return axum::body::Body::from_stream(cut).into_response();
    };
    let (code, body) = match answer {
        Ok(result) => (200, json!({"ok": true, "result": result})),
        Err((code, description, parameters)) => {
            let mut body = json!({"ok": false, "error_code": code, "description": description});
            if !parameters.is_null() {
                body["parameters"] = parameters;
            }
            (code, body)
        }
    };
    (StatusCode::from_u16(code).unwrap(), body.to_string()).into_response()
}

fn with_faults(fake: &Fake, method: &str, body: &Value) -> Option<Answer> {
    fake.with(|server| {
        server.calls.push(method.to_owned());
        match server.faults.get_mut(method).and_then(VecDeque::pop_front) {
            None => Some(server.answer(method, body)),
            Some(Fault::HangUp) => None,
            Some(Fault::HangUpAfter) => {
                let _ = server.answer(method, body);
                None
            }
            Some(Fault::TooManyRequests(seconds)) => {
                Some(Err((429, format!("Too Many Requests: retry after {seconds}"), json!({"retry_after": seconds}))))
            }
            Some(Fault::Forbidden) => Some(refuse(403, "Forbidden: bot was blocked by the user")),
            Some(Fault::MessageGone) => Some(refuse(400, "Bad Request: message to edit not found")),
        }
    })
}

/// Long polling: a higher offset confirms, nothing is lost before that, two pollers are a conflict.
async fn get_updates(fake: &Fake, body: &Value) -> Option<Answer> {
    let second = fake.with(|server| {
        server.calls.push("getupdates".into());
        std::mem::replace(&mut server.polling, true)
    });
    if second {
        return Some(refuse(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        ));
    }
    /// Frees the place also when the poller is killed and its request dropped.
    struct Polling(Fake);
    impl Drop for Polling {
        fn drop(&mut self) {
            self.0.with(|server| server.polling = false);
        }
    }
    let _polling = Polling(fake.clone());
    let offset = body["offset"].as_i64().unwrap_or(0);
    let limit = body["limit"].as_u64().unwrap_or(100).clamp(1, 100) as usize;
    let timeout = Duration::from_secs(body["timeout"].as_u64().unwrap_or(0).min(50));
    fake.with(|server| {
        let confirms = server.updates.iter().any(|update| update["update_id"].as_i64().unwrap() < offset);
        if !(confirms && std::mem::take(&mut server.lose_confirmation)) {
            server.updates.retain(|update| update["update_id"].as_i64().unwrap() >= offset);
        }
    });
    let deadline = tokio::time::Instant::now() + timeout;
    loop {
        let changed = fake.changed.notified();
        let batch = fake.with_quietly(|server| server.updates.iter().take(limit).cloned().collect::<Vec<_>>());
        if !batch.is_empty() {
            fake.with(|server| server.delivered += 1);
            return Some(Ok(json!(batch)));
        }
        if tokio::time::timeout_at(deadline, changed).await.is_err() {
            return Some(Ok(json!([])));
        }
    }
}

impl Fake {
    fn with_quietly<T>(&self, act: impl FnOnce(&mut Server) -> T) -> T {
        act(&mut self.state.lock().unwrap())
    }
}

impl Server {
    fn violate(&mut self, method: &str, what: impl std::fmt::Display) {
        self.violations.push(format!("{method}: {what}"));
    }

    fn only(&mut self, method: &str, body: &Value, known: &[&str]) {
        for key in body.as_object().into_iter().flat_map(|body| body.keys()) {
            if !known.contains(&key.as_str()) {
                self.violate(method, format!("unknown parameter {key}"));
            }
        }
    }

    fn answer(&mut self, method: &str, body: &Value) -> Answer {
        match method {
            "getme" => {
                Ok(json!({"id": 4_242_424_242i64, "is_bot": true, "first_name": "simoff", "username": "simoff_bot"}))
            }
            "getmycommands" => {
                let code = body["language_code"].as_str().unwrap_or("");
                Ok(self.commands.get(code).cloned().unwrap_or(json!([])))
            }
            "setmycommands" => self.set_commands(body),
            "sendmessage" => self.send(body),
            "editmessagetext" => self.edit(body),
            "answercallbackquery" => self.answer_callback(body),
            "senddocument" => self.document(body),
            other => {
                self.violate(other, "no such method here");
                refuse(404, "Not Found")
            }
        }
    }

    fn set_commands(&mut self, body: &Value) -> Answer {
        self.only("setmycommands", body, &["commands", "scope", "language_code"]);
        let code = body["language_code"].as_str().unwrap_or("").to_owned();
        if !code.is_empty() && (code.len() != 2 || !code.bytes().all(|letter| letter.is_ascii_lowercase())) {
            self.violate("setmycommands", format!("language code {code}"));
            return refuse(400, "Bad Request: invalid language code specified");
        }
        let commands = body["commands"].as_array().cloned().unwrap_or_default();
        for command in &commands {
            let (name, description) =
                (command["command"].as_str().unwrap_or(""), command["description"].as_str().unwrap_or(""));
            let letters = name.bytes().all(|letter| matches!(letter, b'a'..=b'z' | b'0'..=b'9' | b'_'));
            if !letters || !(1..=32).contains(&name.len()) || !(1..=256).contains(&description.chars().count()) {
                self.violate("setmycommands", format!("command {command}"));
                return refuse(400, "Bad Request: BOT_COMMAND_INVALID");
            }
        }
        if commands.len() > 100 {
            self.violate("setmycommands", "more than 100 commands");
        }
        self.commands.insert(code, json!(commands));
        Ok(json!(true))
    }

    /// The text with entities parsed and the buttons, or why Telegram refuses them.
    fn content(&mut self, method: &str, body: &Value) -> Result<(String, Buttons), Refusal> {
        let raw = body["text"].as_str().unwrap_or("");
        let text = match body["parse_mode"].as_str() {
            None => raw.to_owned(),
            Some("HTML") => match parse_html(raw) {
                Ok(text) => text,
                Err(why) => {
                    self.violate(method, format!("{why} in {raw:?}"));
                    return Err((400, format!("Bad Request: can't parse entities: {why}"), Value::Null));
                }
            },
            Some(other) => {
                self.violate(method, format!("parse mode {other}"));
                return Err((400, "Bad Request: unsupported parse_mode".into(), Value::Null));
            }
        };
        let units = text.encode_utf16().count();
        if text.trim().is_empty() || units > 4096 {
            self.violate(method, format!("{units} units of text"));
            return Err((400, "Bad Request: message is too long".into(), Value::Null));
        }
        let mut buttons = Vec::new();
        for button in body["reply_markup"]["inline_keyboard"]
            .as_array()
            .into_iter()
            .flatten()
            .flat_map(|row| row.as_array().cloned().unwrap_or_default())
        {
            let (label, data) = (button["text"].as_str().unwrap_or(""), button["callback_data"].as_str().unwrap_or(""));
            if label.is_empty() || !(1..=64).contains(&data.len()) {
                self.violate(method, format!("button {button}"));
                return Err((400, "Bad Request: BUTTON_DATA_INVALID".into(), Value::Null));
            }
            buttons.push((label.to_owned(), data.to_owned()));
        }
        if buttons.len() > 100 {
            self.violate(method, "more than 100 buttons");
        }
        Ok((text, buttons))
    }

    /// More than thirty messages in a second, over all chats, are too many.
    fn paced(&mut self, method: &str) -> Result<(), Refusal> {
        const PER_SECOND: usize = 30;
        let now = std::time::Instant::now();
        self.taken.retain(|at| now.duration_since(*at) < Duration::from_secs(1));
        if self.taken.len() >= PER_SECOND {
            self.violate(method, "more than thirty messages in a second");
            return Err((429, "Too Many Requests: retry after 1".into(), json!({"retry_after": 1})));
        }
        self.taken.push_back(now);
        Ok(())
    }

    fn document(&mut self, body: &Value) -> Answer {
        self.paced("senddocument")?;
        let form = body["form"].as_str().unwrap_or("");
        let field = |name: &str| {
            let part = form.split("--").find_map(|_| form.split_once(&format!("name=\"{name}\"")))?.1;
            let (head, content) = part.split_once("\r\n\r\n")?;
            let end = content.find("\r\n--").unwrap_or(content.len());
            Some((head.to_owned(), content[..end].to_owned()))
        };
        let chat = field("chat_id").and_then(|(_, id)| id.trim().parse().ok()).unwrap_or(0);
        let Some(at) = form.find("filename=\"") else {
            self.violate("senddocument", "no file");
            return refuse(400, "Bad Request: there is no document in the request");
        };
        let rest = &form[at + "filename=\"".len()..];
        let (name, rest) = rest.split_once('"').unwrap_or((rest, ""));
        let content = rest.split_once("\r\n\r\n").map_or("", |(_, content)| content);
        let content = content.split("\r\n--").next().unwrap_or("");
        self.documents.push((chat, name.to_owned(), content.to_owned()));
        self.next_message += 1;
        *self.revision.entry(chat).or_default() += 1;
        Ok(
            json!({"message_id": self.next_message, "date": 1_790_000_000, "chat": {"id": chat, "type": "private", "first_name": "P"}}),
        )
    }

    fn send(&mut self, body: &Value) -> Answer {
        self.only("sendmessage", body, &["chat_id", "text", "parse_mode", "link_preview_options", "reply_markup"]);
        let chat = body["chat_id"].as_i64().unwrap_or(0);
        if !self.chats.contains_key(&chat) {
            self.violate("sendmessage", "to somebody who never wrote");
            return refuse(403, "Forbidden: bot can't initiate conversation with a user");
        }
        let (text, buttons) = self.content("sendmessage", body)?;
        self.paced("sendmessage")?;
        self.next_message += 1;
        let message = Message { id: self.next_message, text, buttons, edits: 0 };
        self.chats.get_mut(&chat).unwrap().push(message);
        *self.revision.entry(chat).or_default() += 1;
        Ok(json!({"message_id": self.next_message, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}}))
    }

    fn edit(&mut self, body: &Value) -> Answer {
        self.only(
            "editmessagetext",
            body,
            &["chat_id", "message_id", "text", "parse_mode", "link_preview_options", "reply_markup"],
        );
        let (chat, id) = (body["chat_id"].as_i64().unwrap_or(0), body["message_id"].as_i64().unwrap_or(0));
        let (text, buttons) = self.content("editmessagetext", body)?;
        self.paced("editmessagetext")?;
        let Some(message) =
            self.chats.get_mut(&chat).and_then(|messages| messages.iter_mut().find(|message| message.id == id))
        else {
            return refuse(400, "Bad Request: message to edit not found");
        };
        if (&message.text, &message.buttons) == (&text, &buttons) {
            // The person's button still stops spinning; for a test this counts as an answer.
            *self.revision.entry(chat).or_default() += 1;
            return refuse(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message",
            );
        }
        *message = Message { id, text, buttons, edits: message.edits + 1 };
        *self.revision.entry(chat).or_default() += 1;
        Ok(json!({"message_id": id, "date": 1_790_000_000, "chat": {"id": chat, "type": "private"}}))
    }

    fn answer_callback(&mut self, body: &Value) -> Answer {
        self.only("answercallbackquery", body, &["callback_query_id", "text", "show_alert", "url", "cache_time"]);
        let id = body["callback_query_id"].as_str().unwrap_or("").to_owned();
        if !self.open_callbacks.remove(&id) {
            if !self.answered_callbacks.contains(&id) {
                self.violate("answercallbackquery", format!("unknown query {id}"));
            }
            return refuse(400, "Bad Request: query is too old and response timeout expired or query ID is invalid");
        }
        self.answered_callbacks.insert(id);
        Ok(json!(true))
    }
}

/// Telegram's HTML: a few tags, balanced, and four entities.
fn parse_html(html: &str) -> Result<String, String> {
    let (mut text, mut open, mut rest) = (String::new(), Vec::new(), html);
    while let Some(at) = rest.find(['<', '&', '>']) {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(entity) = [("&lt;", '<'), ("&gt;", '>'), ("&amp;", '&'), ("&quot;", '"')]
            .iter()
            .find(|(entity, _)| rest.starts_with(entity))
        {
            text.push(entity.1);
            rest = &rest[entity.0.len()..];
            continue;
        }
        if !rest.starts_with('<') {
            return Err(format!("bare {:?}", &rest[..1]));
        }
        let end = rest.find('>').ok_or("unclosed start tag")?;
        let tag = &rest[1..end];
        match tag.strip_prefix('/') {
            Some(name) if open.last() == Some(&name) => {
                open.pop();
            }
            Some(name) => return Err(format!("unexpected end tag {name}")),
            None if ["b", "i", "u", "s", "code", "pre", "strong", "em"].contains(&tag) => open.push(tag),
            None => return Err(format!("unsupported start tag {tag:?}")),
        }
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    if open.is_empty() { Ok(text) } else { Err(format!("unclosed {open:?}")) }
}
