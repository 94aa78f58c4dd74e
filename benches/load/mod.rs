//! People, and a fast fake of the Bot API, for measuring a bot from outside.
//!
//! People go in a closed loop: each says `/start`, taps six times, always as soon as the last answer is there, and is
//! followed by somebody new.

use std::borrow::Cow;
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

const TOKEN: &str = "4242424242:AAFakeTokenForTestsOnly_0123456789ab";

/// What each person does: `/start`, and so many taps.
const TAPS: usize = 6;

/// The number of the first person of a crowd.
pub const FIRST: i64 = 1_000_000;

/// The number of the next update, of all APIs there are: a bot that was met before has handled the earlier ones.
static NEXT_UPDATE: AtomicI64 = AtomicI64::new(1);

/// How many people have begun.
static BEGUN: AtomicI64 = AtomicI64::new(0);

/// The number of the first newcomer.
pub const NEWCOMERS: i64 = 100_000_000;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    Polling,
    Webhook,
}

/// Keeps this process, the people and the API, off the core that is the bot's.
pub fn step_aside() {
    let own = std::process::id().to_string();
    let pinned = Command::new("taskset").args(["-acp", "1", &own]).stdout(Stdio::null()).status();
    if !pinned.is_ok_and(|status| status.success()) {
        eprintln!("not pinned: there is no `taskset`, or one core only. The figures say little");
    }
}

/// Everybody, and what they have seen.
#[derive(Default)]
struct World {
    /// Chat to how many answers it has had, and when it last said something.
    talks: HashMap<i64, (usize, Instant)>,
    /// There are so many in all, who come in turns; zero: always somebody new.
    crowd: i64,
    /// What the bot has not been given yet.
    updates: VecDeque<(i64, String)>,
    hook: Option<Arc<Hook>>,
    /// Connections to it that wait for their next request.
    idle: Vec<TcpStream>,
    /// How many bring something.
    bringing: usize,
    /// While it is watched: how long each turn took, in microseconds, and how many calls were made.
    watched: Option<(Vec<u32>, u64)>,
}

/// Where the bot wants to be called.
struct Hook {
    port: u16,
    /// Everything of a request before the length.
    head: String,
    /// On how many connections at once (Bot API: 40 when the bot does not say).
    connections: usize,
}

#[derive(Clone)]
pub struct Api {
    /// Where it listens.
    pub url: String,
    world: Arc<Mutex<World>>,
    news: Arc<Notify>,
    half: Duration,
}

/// What of a call matters here.
#[derive(Deserialize, Default)]
struct Call<'a> {
    #[serde(borrow, default)]
    chat_id: Option<Chat<'a>>,
    #[serde(borrow, default)]
    reply_markup: Option<Markup<'a>>,
    offset: Option<i64>,
    timeout: Option<u64>,
    url: Option<String>,
    secret_token: Option<String>,
    max_connections: Option<usize>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Chat<'a> {
    Number(i64),
    Text(&'a str),
}

/// Some bots send the keyboard as JSON within JSON.
#[derive(Deserialize)]
#[serde(untagged)]
enum Markup<'a> {
    #[serde(borrow)]
    Keyboard(Keyboard<'a>),
    Text(String),
}

#[derive(Deserialize)]
struct Keyboard<'a> {
    #[serde(borrow)]
    inline_keyboard: Vec<Vec<Button<'a>>>,
}

#[derive(Deserialize)]
struct Button<'a> {
    #[serde(borrow)]
    callback_data: Option<Cow<'a, str>>,
}

impl Keyboard<'_> {
    /// What the first button carries.
    fn first(&self) -> Option<String> {
        self.inline_keyboard.first()?.first()?.callback_data.as_deref().map(str::to_owned)
    }
}

/// Requests or answers of one connection. Only as much of HTTP as the bots speak: a length, and no pieces.
struct Stream {
    tcp: TcpStream,
    read: Vec<u8>,
}

impl Stream {
    fn new(tcp: TcpStream) -> Self {
        tcp.set_nodelay(true).expect("a socket");
        Self { tcp, read: Vec::with_capacity(16 * 1024) }
    }

    /// The first line and the body of what comes next; `None` at the end.
    async fn next(&mut self) -> Option<(String, Vec<u8>)> {
        loop {
            if let Some(end) = self.read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = std::str::from_utf8(&self.read[..end]).expect("a head in ASCII");
                let (first, rest) = head.split_once("\r\n").unwrap_or((head, ""));
                let field = |name: &str| {
                    let fields = rest.split("\r\n").filter_map(|line| line.split_once(':'));
                    fields.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
                };
                assert!(field("transfer-encoding").is_none(), "a body without a length");
                let length = field("content-length").map_or(0, |length| length.parse().expect("a length"));
                if self.read.len() >= end + 4 + length {
                    let first = first.to_owned();
                    let body = self.read[end + 4..end + 4 + length].to_vec();
                    self.read.drain(..end + 4 + length);
                    return Some((first, body));
                }
            }
            if self.tcp.read_buf(&mut self.read).await.ok()? == 0 {
                return None;
            }
        }
    }
}

/// Serves one connection of the bot.
async fn serve(api: Api, tcp: TcpStream) {
    let mut stream = Stream::new(tcp);
    while let Some((first, body)) = stream.next().await {
        let path = first.split(' ').nth(1).unwrap_or("");
        let result = api.call(&path.rsplit('/').next().unwrap_or("").to_lowercase(), &body).await;
        let body = format!("{{\"ok\":true,\"result\":{result}}}");
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n", body.len());
        if stream.tcp.write_all((head + &body).as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A field of a multipart form.
fn field(body: &[u8], name: &str) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let (_, rest) = text.split_once(&format!("name=\"{name}\""))?;
    Some(rest.split_once("\r\n\r\n")?.1.split("\r\n").next()?.to_owned())
}

fn message(chat: i64, more: &str) -> String {
    format!(
        "{{\"message_id\":1,\"date\":1790000000,\"chat\":{{\"id\":{chat},\"type\":\"private\",\"first_name\":\"p\"}}{more}}}"
    )
}

/// What was seen in a span of time.
pub struct Watched {
    /// How long each turn took, in microseconds, from the shortest to the longest.
    pub turns: Vec<u32>,
    /// Calls of the Bot API.
    pub calls: u64,
    pub elapsed: Duration,
    /// What the kernel has charged the bot's process.
    pub cpu: Duration,
}

impl Watched {
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    pub fn count(&self) -> f64 {
        self.turns.len().max(1) as f64
    }

    /// CPU a turn, in microseconds.
    #[expect(clippy::cast_precision_loss, reason = "figures for people")]
    pub fn cpu_a_turn(&self) -> f64 {
        self.cpu.as_micros() as f64 / self.count()
    }

    /// What so many of a hundred turns were done within, in milliseconds.
    pub fn within(&self, percent: usize) -> f64 {
        let place = (self.turns.len() * percent / 100).min(self.turns.len().saturating_sub(1));
        self.turns.get(place).map_or(0.0, |turn| f64::from(*turn) / 1000.0)
    }
}

impl Api {
    /// Starts it. `round_trip`: from the bot to the API and back. `crowd`: how many people there are in all; zero: always
    /// somebody new.
    pub async fn start(round_trip: Duration, crowd: i64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let api = Self { url, world: Arc::default(), news: Arc::default(), half: round_trip / 2 };
        api.world.lock().unwrap().crowd = crowd;
        let serving = api.clone();
        tokio::spawn(async move {
            while let Ok((tcp, _)) = listener.accept().await {
                tokio::spawn(serve(serving.clone(), tcp));
            }
        });
        api
    }

    /// Waits until the bot can be called.
    pub async fn hooked(&self) {
        let begun = Instant::now();
        while self.world.lock().unwrap().hook.is_none() && begun.elapsed() < Duration::from_secs(10) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        // A webhook is set a moment before the bot listens, or after.
        tokio::time::sleep(Duration::from_millis(500)).await;
    }

    /// So many people begin to talk.
    pub fn people(&self, count: usize) {
        for _ in 0..count {
            self.begin(&mut self.world.lock().unwrap());
        }
    }

    /// Watches a bot.
    pub async fn watch(&self, bot: u32, span: Duration) -> Watched {
        let (before, start) = (cpu_of(bot), Instant::now());
        self.world.lock().unwrap().watched = Some((Vec::new(), 0));
        tokio::time::sleep(span).await;
        let (mut turns, calls) = self.world.lock().unwrap().watched.take().expect("it was watched");
        turns.sort_unstable();
        Watched { turns, calls, elapsed: start.elapsed(), cpu: cpu_of(bot).saturating_sub(before) }
    }

    /// Nobody says anything any more.
    pub fn end(&self) {
        let mut world = self.world.lock().unwrap();
        world.hook = None;
        world.updates.clear();
        world.talks.clear();
    }

    /// Whether everybody who talks still waits for their first answer.
    pub fn silent(&self) -> bool {
        self.world.lock().unwrap().talks.values().all(|(answers, _)| *answers == 0)
    }

    async fn call(&self, method: &str, body: &[u8]) -> String {
        let call: Call = serde_json::from_slice(body).unwrap_or_default();
        match method {
            "getupdates" => self.updates(&call).await,
            "sendmessage" | "editmessagetext" => {
                self.cross().await;
                let chat = match call.chat_id {
                    Some(Chat::Number(chat)) => chat,
                    Some(Chat::Text(text)) => text.parse().unwrap_or(0),
                    None => 0,
                };
                let button = match call.reply_markup {
                    Some(Markup::Keyboard(keyboard)) => keyboard.first(),
                    Some(Markup::Text(text)) => serde_json::from_str::<Keyboard>(&text).ok().and_then(|keyboard| keyboard.first()),
                    None => None,
                };
                self.seen(chat, button);
                self.cross().await;
                message(chat, ",\"text\":\"x\"")
            }
            "answercallbackquery" => {
                self.count();
                self.cross().await;
                self.cross().await;
                "true".into()
            }
            "setwebhook" => {
                // Some bots send it as a form, since a certificate could come along.
                let url = call.url.or_else(|| field(body, "url")).unwrap_or_default();
                let secret = call.secret_token.or_else(|| field(body, "secret_token")).unwrap_or_default();
                let (port, path) = url.rsplit(':').next().and_then(|rest| rest.split_once('/')).expect("http://host:port/path");
                let head = format!(
                    "POST /{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
                     X-Telegram-Bot-Api-Secret-Token: {secret}\r\nContent-Length: "
                );
                let connections = call.max_connections.or_else(|| field(body, "max_connections")?.parse().ok()).unwrap_or(40);
                let hook = Hook { port: port.parse().expect("a port"), head, connections };
                self.world.lock().unwrap().hook = Some(Arc::new(hook));
                "true".into()
            }
            "getwebhookinfo" => json!({"url": "", "has_custom_certificate": false, "pending_update_count": 0}).to_string(),
            "getme" => json!({"id": 1, "is_bot": true, "first_name": "b", "username": "b_bot", "can_join_groups": true,
                "can_read_all_group_messages": false, "supports_inline_queries": false, "can_connect_to_business": false,
                "has_main_web_app": false})
            .to_string(),
            "getmycommands" => "[]".into(),
            "getmyname" => json!({"name": ""}).to_string(),
            "getmydescription" => json!({"description": ""}).to_string(),
            "getmyshortdescription" => json!({"short_description": ""}).to_string(),
            "getchatmenubutton" => json!({"type": "commands"}).to_string(),
            _ => "true".into(),
        }
    }

    /// One way of the line.
    async fn cross(&self) {
        if !self.half.is_zero() {
            tokio::time::sleep(self.half).await;
        }
    }

    fn count(&self) {
        if let Some((_, calls)) = &mut self.world.lock().unwrap().watched {
            *calls += 1;
        }
    }

    async fn updates(&self, call: &Call<'_>) -> String {
        let until = Instant::now() + Duration::from_secs(call.timeout.unwrap_or(0));
        loop {
            let news = self.news.notified();
            {
                let mut world = self.world.lock().unwrap();
                while call.offset.is_some_and(|offset| world.updates.front().is_some_and(|(id, _)| *id < offset)) {
                    world.updates.pop_front();
                }
                if !world.updates.is_empty() || Instant::now() >= until {
                    if let Some((_, calls)) = &mut world.watched {
                        *calls += 1;
                    }
                    let updates: Vec<&str> =
                        world.updates.iter().take(100).map(|(_, update)| update.as_str()).collect();
                    return format!("[{}]", updates.join(","));
                }
            }
            let _ = tokio::time::timeout(until.saturating_duration_since(Instant::now()), news).await;
        }
    }

    /// Somebody has an answer, and goes on; or somebody new begins.
    fn seen(&self, chat: i64, button: Option<String>) {
        let mut world = self.world.lock().unwrap();
        let Some((answers, since)) = world.talks.remove(&chat) else { return };
        let took = u32::try_from(since.elapsed().as_micros()).unwrap_or(u32::MAX);
        if let Some((turns, calls)) = &mut world.watched {
            turns.push(took);
            *calls += 1;
        }
        match button {
            Some(button) if answers < TAPS => self.say(&mut world, chat, answers + 1, Some(&button)),
            _ => self.begin(&mut world),
        }
    }

    fn begin(&self, world: &mut World) {
        // Neighbours in the table are not neighbours in time.
        let begun = BEGUN.fetch_add(1, Ordering::Relaxed);
        let person = if world.crowd == 0 { begun } else { begun * 7919 % world.crowd };
        let chat = if world.crowd == 0 { NEWCOMERS } else { FIRST } + person;
        self.say(world, chat, 0, None);
    }

    fn say(&self, world: &mut World, chat: i64, answers: usize, button: Option<&str>) {
        world.talks.insert(chat, (answers, Instant::now()));
        let id = NEXT_UPDATE.fetch_add(1, Ordering::Relaxed);
        let from = format!("{{\"id\":{chat},\"is_bot\":false,\"first_name\":\"p\",\"language_code\":\"en\"}}");
        let update = match button {
            None => {
                let more = format!(
                    ",\"text\":\"/start\",\"from\":{from},\"entities\":[{{\"type\":\"bot_command\",\"offset\":0,\"length\":6}}]"
                );
                format!("{{\"update_id\":{id},\"message\":{}}}", message(chat, &more))
            }
            Some(data) => {
                let (message, data) = (message(chat, ",\"text\":\"x\""), json!(data));
                format!(
                    "{{\"update_id\":{id},\"callback_query\":{{\"id\":\"{id}\",\"from\":{from},\"message\":{message},\
                     \"chat_instance\":\"1\",\"data\":{data}}}}}"
                )
            }
        };
        let api = self.clone();
        tokio::spawn(async move {
            api.cross().await;
            let free = {
                let mut world = api.world.lock().unwrap();
                world.updates.push_back((id, update));
                let hook = world.hook.clone();
                let free = hook.filter(|hook| world.bringing < hook.connections);
                world.bringing += usize::from(free.is_some());
                free
            };
            match free {
                Some(hook) => api.bring_all(&hook).await,
                None => api.news.notify_waiters(),
            }
        });
    }

    /// Brings what waits on one connection, oldest first, until nothing does.
    async fn bring_all(&self, hook: &Hook) {
        loop {
            let (update, idle) = {
                let mut world = self.world.lock().unwrap();
                let Some((_, update)) = world.updates.pop_front() else {
                    world.bringing -= 1;
                    return;
                };
                (update, world.idle.pop())
            };
            // A bot that was stopped is not expected to answer.
            if !self.bring(hook, &update, idle).await && self.world.lock().unwrap().hook.is_some() {
                eprintln!("the bot does not answer");
            }
        }
    }

    /// Brings an update; whether it was acknowledged.
    async fn bring(&self, hook: &Hook, update: &str, idle: Option<TcpStream>) -> bool {
        let tcp = match idle {
            Some(tcp) => tcp,
            None => {
                let address = SocketAddr::from(([127, 0, 0, 1], hook.port));
                let Ok(tcp) = TcpStream::connect(address).await else { return false };
                tcp
            }
        };
        let mut stream = Stream::new(tcp);
        let request = format!("{}{}\r\n\r\n{update}", hook.head, update.len());
        if stream.tcp.write_all(request.as_bytes()).await.is_err() {
            return false;
        }
        let Some((first, _)) = stream.next().await else { return false };
        self.world.lock().unwrap().idle.push(stream.tcp);
        first.contains(" 200 ")
    }
}

/// Starts simoff on a core of its own, with the settings it has: WAL, `synchronous=FULL`, group commit.
pub fn start(api: &Api, mode: Mode, database: &str, folder: &Path) -> Child {
    let mut command = on_its_core(env!("CARGO_BIN_EXE_simoff"), api, folder);
    // Telegram would allow 30 messages a second, and a bot that keeps to it cannot be measured beyond it.
    command.arg("telegram").env("DATABASE_URL", database).env("SIMOFF_SENDS_PER_SECOND", "100000");
    command.env("SIMOFF_ADMIN_LISTEN", "off");
    if mode == Mode::Webhook {
        let (listen, hook) = free_address();
        command.env("SIMOFF_WEBHOOK_URL", hook).env("SIMOFF_WEBHOOK_SECRET", "secret").env("SIMOFF_LISTEN", listen);
    }
    command.spawn().expect("it starts")
}

/// A program on the bot's core, with the API and a token.
pub fn on_its_core(program: &str, api: &Api, folder: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", "0", program]).current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null());
    command.env("TELOXIDE_TOKEN", TOKEN).env("TELOXIDE_API_URL", &api.url).env("RUST_LOG", "warn");
    command
}

/// Where a bot can listen, and how it is called there.
pub fn free_address() -> (String, String) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    (address.to_string(), format!("http://{address}/hook"))
}

/// What the kernel has charged a process, user and system, all threads.
pub fn cpu_of(process: u32) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name may hold anything, so count from its end (proc(5): utime is field 14, stime 15, in ticks of 10 ms).
    let fields: Vec<u64> =
        text.rsplit(')').next().unwrap_or("").split_whitespace().map(|field| field.parse().unwrap_or(0)).collect();
    Duration::from_millis(10 * (fields.get(11).unwrap_or(&0) + fields.get(12).unwrap_or(&0)))
}

/// The most memory that a process has had, in MiB.
pub fn peak_of(process: u32) -> u64 {
    status_of(process, "VmHWM:")
}

/// The memory that a process has, in MiB.
pub fn memory_of(process: u32) -> u64 {
    status_of(process, "VmRSS:")
}

fn status_of(process: u32, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0");
    line.split_whitespace().next().and_then(|number| number.parse::<u64>().ok()).unwrap_or(0) / 1024
}
