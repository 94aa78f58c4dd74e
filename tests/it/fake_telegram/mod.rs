//! A Bot API server with a memory, as strict as the real one: what Telegram would refuse, it refuses, and what no bot
//! should ever send is written down as a violation. Limits and wordings are those of the Bot API documentation.

mod deliver;
mod methods;

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
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    TooManyRequests(u64),
    Forbidden,
    /// Hang up without an answer, after doing what was asked.
    HangUpAfter,
    /// Hang up without doing anything.
    HangUp,
    /// The message to edit does not exist any more.
    MessageGone,
    /// Something that is not what the Bot API says.
    Nonsense,
    /// What a proxy says when the server behind it is down.
    BadGateway,
    /// The account was deleted.
    Deactivated,
    /// The group has become a supergroup with this number.
    Migrated(i64),
    /// Any other refusal.
    Refused(u16, &'static str),
}

/// Calls that are refused until further notice: which methods (none: all), with which code and description.
type Standing = (&'static [&'static str], u16, &'static str);

/// A message in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub id: i64,
    /// What a person reads, entities parsed.
    pub text: String,
    /// What it said before anything was edited.
    pub sent: String,
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
    /// Rung when something changes in a chat: with thousands of chats, not everybody is woken for each of them.
    bells: BTreeMap<i64, Arc<Notify>>,
    open_callbacks: BTreeSet<String>,
    /// With the text that was shown.
    answered_callbacks: BTreeMap<String, Option<String>>,
    faults: HashMap<String, VecDeque<Fault>>,
    commands: BTreeMap<String, Value>,
    /// Field and language code to text.
    profile: BTreeMap<(&'static str, String), String>,
    menu: Option<String>,
    /// Address and secret.
    webhook: Option<(String, String)>,
    webhook_connections: u64,
    webhook_updates: Value,
    /// Calls that came back in the response to an update.
    rides: Vec<Value>,
    /// Updates that are being delivered to the webhook right now, and the queues they hold up.
    in_flight: BTreeSet<i64>,
    busy: BTreeSet<String>,
    /// How long every call takes on the way.
    latency: Duration,
    /// Nobody answers.
    down: bool,
    /// The token that is accepted instead of [`TOKEN`].
    token: Option<String>,
    standing: Option<Standing>,
    /// Every poll brings one more update that has no number.
    unnumbered: bool,
    /// No limit is kept.
    generous: bool,
    calls: Vec<String>,
    violations: Vec<String>,
    /// How many batches with updates were handed out.
    delivered: usize,
    /// Files sent: chat, name, text.
    documents: Vec<(i64, String, String)>,
    /// When messages were taken, within the last second.
    taken: VecDeque<std::time::Instant>,
    /// The same per chat within the last minute, with their weight in quarters of a message.
    taken_by_chat: BTreeMap<i64, VecDeque<(std::time::Instant, usize)>>,
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
        tokio::spawn(deliver::run(fake.clone()));
        fake
    }

    /// Makes every call take so long.
    pub fn slow_down(&self, latency: Duration) {
        self.with(|server| server.latency = latency);
    }

    /// Stops answering, or begins again.
    pub fn set_down(&self, down: bool) {
        self.with(|server| server.down = down);
    }

    /// Revokes the token in favour of another one.
    pub fn replace_token(&self, token: &str) {
        self.with(|server| server.token = Some(token.to_owned()));
    }

    /// Refuses calls of these methods (none: of all) until [`Fake::accept`].
    pub fn refuse(&self, methods: &'static [&'static str], code: u16, description: &'static str) {
        self.with(|server| server.standing = Some((methods, code, description)));
    }

    /// Accepts everything again.
    pub fn accept(&self) {
        self.with(|server| server.standing = None);
    }

    /// Brings an update without a number with every poll, or no more.
    pub fn bring_unnumbered(&self, bring: bool) {
        self.with(|server| server.unnumbered = bring);
    }

    /// Calls that came back in the response to an update.
    pub fn rides(&self) -> Vec<Value> {
        self.with(|server| server.rides.clone())
    }

    /// The profile: field and language code to text.
    pub fn profile(&self) -> BTreeMap<(&'static str, String), String> {
        self.with(|server| server.profile.clone())
    }

    /// The webhook that is set, if one is.
    pub fn webhook(&self) -> Option<String> {
        self.with(|server| server.webhook.clone().map(|(url, _)| url))
    }

    fn with<T>(&self, act: impl FnOnce(&mut Server) -> T) -> T {
        let result = act(&mut self.state.lock().unwrap());
        self.changed.notify_waiters();
        result
    }

    /// Waits until something is true of the server.
    async fn until(&self, what: &str, ready: impl FnMut(&Server) -> bool) {
        self.until_within(PATIENCE, what, ready).await;
    }

    async fn until_within(&self, patience: Duration, what: &str, mut ready: impl FnMut(&Server) -> bool) {
        let deadline = tokio::time::Instant::now() + patience;
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

    /// A group, with a person who speaks in it.
    pub fn group(&self, id: i64, language: &'static str) -> Chat {
        assert!(id < 0, "the numbers of groups are negative");
        Chat { fake: self.clone(), id, language }
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

    /// What was shown in answer to a callback query.
    pub fn toast(&self, callback: &str) -> Option<String> {
        self.with(|server| server.answered_callbacks.get(callback).cloned().flatten())
    }

    /// Everything that was shown in answer to callback queries.
    pub fn toasts(&self) -> Vec<String> {
        self.with(|server| server.answered_callbacks.values().flatten().cloned().collect())
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
        self.confirmed_within(PATIENCE).await;
    }

    /// The same, with another patience.
    pub async fn confirmed_within(&self, patience: Duration) {
        self.until_within(patience, "the confirmation of all updates", |server| server.updates.is_empty()).await;
    }

    /// Takes more messages than Telegram would.
    pub fn be_generous(&self) {
        self.with(|server| server.generous = true);
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
    pub fn from(&self) -> Value {
        json!({"id": self.id.abs(), "is_bot": false, "first_name": "P", "language_code": self.language})
    }

    fn kind(&self) -> &'static str {
        if self.id < 0 { "supergroup" } else { "private" }
    }

    /// Changes words that were sent before, without waiting.
    pub fn edit(&self, text: &str) -> i64 {
        let mut message = json!({"message_id": 1, "date": 1_790_000_000, "edit_date": 1_790_000_001, "text": text});
        message["chat"] = json!({"id": self.id, "type": self.kind()});
        message["from"] = self.from();
        self.fake.push(json!({"edited_message": message}))
    }

    /// Blocks the bot, or unblocks it.
    pub fn block(&self, block: bool) -> i64 {
        let member = |kicked: bool| json!({"status": if kicked { "kicked" } else { "member" }, "user": {"id": 1}});
        self.fake.push(json!({"my_chat_member": {
            "chat": {"id": self.id, "type": self.kind()}, "from": self.from(), "date": 1_790_000_000,
            "old_chat_member": member(!block), "new_chat_member": member(block),
        }}))
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
            "chat": {"id": self.id, "type": self.kind()},
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

    /// The id of a new callback query, which wants an answer.
    pub fn new_callback(&self) -> String {
        self.fake.with(|server| {
            server.next_callback += 1;
            let id = format!("cb{}", server.next_callback);
            server.open_callbacks.insert(id.clone());
            id
        })
    }

    /// Waits until no callback query wants an answer any more.
    pub async fn all_answered(&self) {
        self.fake.until("answers to all callback queries", |server| server.open_callbacks.is_empty()).await;
    }

    /// Sends any callback data for any message, without waiting.
    pub fn press_raw(&self, message_id: i64, data: &str) -> i64 {
        let callback = self.new_callback();
        self.fake.push(json!({"callback_query": {
            "id": callback, "from": self.from(), "chat_instance": "1", "data": data,
            "message": {"message_id": message_id, "date": 1_790_000_000, "chat": {"id": self.id, "type": self.kind()}},
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
        self.fake.with_quietly(|server| server.revision.get(&self.id).copied().unwrap_or(0))
    }

    /// Waits until the chat has changed since `before`, and returns what changed last.
    pub async fn answer_after(&self, before: usize) -> Message {
        self.answer_within(PATIENCE, before).await
    }

    /// The same, with another patience.
    pub async fn answer_within(&self, patience: Duration, before: usize) -> Message {
        let id = self.id;
        let bell = self.fake.with_quietly(|server| server.bells.entry(id).or_default().clone());
        let deadline = tokio::time::Instant::now() + patience;
        loop {
            let rung = bell.notified();
            if self.revision() > before {
                return self.last();
            }
            if tokio::time::timeout_at(deadline, rung).await.is_err() {
                panic!("waited in vain for an answer: {:#?}", self.messages());
            }
        }
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

    /// Waits until there are so many messages.
    pub async fn until_there_are(&self, count: usize) {
        let id = self.id;
        let there = |server: &Server| server.chats.get(&id).is_some_and(|messages| messages.len() >= count);
        self.fake.until("messages", there).await;
    }

    /// All messages of the bot.
    pub fn messages(&self) -> Vec<Message> {
        self.fake.with_quietly(|server| server.chats.get(&self.id).cloned().unwrap_or_default())
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
    let (latency, down, accepted) = fake.with_quietly(|server| {
        (server.latency, server.down, format!("bot{}", server.token.as_deref().unwrap_or(TOKEN)))
    });
    // Half of the way there, half of the way back.
    tokio::time::sleep(latency / 2).await;
    if down {
        let cut = futures_util::stream::iter([Ok("{"), Err(std::io::Error::other("cut"))]);
        return axum::body::Body::from_stream(cut).into_response();
    }
    let standing = fake.with_quietly(|server| server.standing);
    let answer = if let Some((_, code, description)) =
        standing.filter(|(methods, ..)| methods.is_empty() || methods.contains(&method.as_str()))
    {
        fake.with(|server| server.calls.push(method.clone()));
        Some(refuse(code, description))
    } else if token == accepted {
        // A file comes as a form, everything else as JSON.
        let form = || json!({"form": String::from_utf8_lossy(&body)});
        let body = serde_json::from_slice(&body).unwrap_or_else(|_| form());
        if let Some(code) = fake.with(|server| server.next_is_nonsense(&method)) {
            return (code, "<html>This is fine.</html>").into_response();
        }
        if method == "getupdates" { get_updates(&fake, &body).await } else { with_faults(&fake, &method, &body) }
    } else {
        Some(refuse(401, "Unauthorized"))
    };
    tokio::time::sleep(latency / 2).await;
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
            Some(Fault::Nonsense | Fault::BadGateway) => unreachable!("answered before"),
            Some(Fault::Deactivated) => Some(refuse(403, "Forbidden: user is deactivated")),
            Some(Fault::Migrated(to)) => Some(Err((
                400,
                "Bad Request: group chat was upgraded to a supergroup chat".into(),
                json!({"migrate_to_chat_id": to}),
            ))),
            Some(Fault::Refused(code, description)) => Some(refuse(code, description)),
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
    if fake.with_quietly(|server| server.webhook.is_some()) {
        fake.with(|server| server.polling = false);
        return Some(refuse(
            409,
            "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        ));
    }
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
    if fake.with_quietly(|server| server.unnumbered) {
        return Some(Ok(json!([{"message": {"message_id": 1}}])));
    }
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
