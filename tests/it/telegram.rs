//! The whole bot: the real binary against the fake Bot API. A test reads like a chat.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::types::FromSql;
use tempfile::TempDir;

use crate::fake_telegram::{Chat, Fake, Fault, TOKEN};

/// How updates reach the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Polling,
    Webhook,
}

/// A running bot with its own folder. Killed with the test.
pub struct Bot {
    child: Child,
    pub folder: TempDir,
    settings: Vec<(String, String)>,
    /// A line of shell that starts it (`$0` is the program), for what a process can be denied.
    pub limit: Option<String>,
}

impl Bot {
    pub fn start(fake: &Fake) -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), fake)
    }

    /// Starts in a folder that may hold a database already.
    pub fn start_in(folder: TempDir, fake: &Fake) -> Self {
        Self::start_with(folder, fake, Mode::Polling, &[])
    }

    pub fn start_as(fake: &Fake, mode: Mode) -> Self {
        Self::start_with(tempfile::tempdir().unwrap(), fake, mode, &[])
    }

    /// Starts with further settings.
    pub fn start_with(folder: TempDir, fake: &Fake, mode: Mode, more: &[(&str, &str)]) -> Self {
        let database = format!("sqlite:{}", folder.path().join("bot.db").display());
        let mut settings = vec![
            ("TELOXIDE_TOKEN".to_owned(), TOKEN.to_owned()),
            ("TELOXIDE_API_URL".into(), fake.url.clone()),
            ("DATABASE_URL".into(), database),
            ("RUST_LOG".into(), "trace".into()),
            // Many bots run at once; those who want to be asked say where.
            ("SIMOFF_ADMIN_LISTEN".into(), "off".into()),
        ];
        if mode == Mode::Webhook {
            let port = free_port();
            settings.push(("SIMOFF_WEBHOOK_URL".into(), format!("http://127.0.0.1:{port}/hook")));
            settings.push(("SIMOFF_WEBHOOK_SECRET".into(), SECRET.into()));
            settings.push(("SIMOFF_LISTEN".into(), format!("127.0.0.1:{port}")));
        }
        settings.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let child = spawn(folder.path(), &settings, None);
        Self { child, folder, settings, limit: None }
    }

    /// Starts by a line of shell.
    pub fn start_limited(folder: TempDir, fake: &Fake, limit: &str) -> Self {
        Self::start_limited_as(folder, fake, Mode::Polling, limit)
    }

    pub fn start_limited_as(folder: TempDir, fake: &Fake, mode: Mode, limit: &str) -> Self {
        let mut bot = Self::start_with(folder, fake, mode, &[]);
        bot.kill();
        for file in ["bot.db", "bot.db-wal", "bot.db-shm"] {
            let _ = std::fs::remove_file(bot.folder.path().join(file));
        }
        bot.limit = Some(limit.to_owned());
        bot.restart();
        bot
    }

    /// A setting.
    pub fn setting(&self, name: &str) -> &str {
        self.settings.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The number of the process.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// kill -9.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    pub fn restart(&mut self) {
        self.child = spawn(self.folder.path(), &self.settings, self.limit.as_deref());
    }

    /// SIGTERM, and what the process ends with.
    pub fn stop(&mut self) -> ExitStatus {
        assert!(Command::new("kill").arg(self.child.id().to_string()).status().unwrap().success());
        self.child.wait().unwrap()
    }

    /// Waits until it ends by itself.
    pub fn wait(&mut self) -> ExitStatus {
        for _ in 0..1000 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            #[expect(clippy::disallowed_methods, reason = "nothing else runs on this thread")]
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it does not end by itself");
    }

    /// Runs another subcommand with the same settings, and returns what it prints.
    pub fn run(&self, subcommand: &str) -> String {
        self.run_with(&[subcommand])
    }

    pub fn run_with(&self, arguments: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_simoff"))
            .args(arguments)
            .env_clear()
            .envs(self.settings.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(log_file(self.folder.path())).unwrap()
    }

    pub fn database(&self) -> PathBuf {
        self.folder.path().join("bot.db")
    }
}

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            let log = self.log();
            let from = log.len().saturating_sub(2000);
            eprintln!("The bot's last words:\n{}", &log[log.ceil_char_boundary(from)..]);
        }
    }
}

/// The secret of the webhook in the tests.
pub const SECRET: &str = "a-secret_that-nobody-may-read";

/// A port that nobody listens on.
pub fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

fn log_file(folder: &Path) -> PathBuf {
    folder.join("log")
}

/// The program under test: the one that was built with the tests, or another one to measure.
#[expect(clippy::disallowed_methods, reason = "a release build is named by the environment")]
pub fn program() -> std::ffi::OsString {
    std::env::var_os("SIMOFF_TEST_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_simoff").into())
}

fn spawn(folder: &Path, settings: &[(String, String)], limit: Option<&str>) -> Child {
    let log = std::fs::OpenOptions::new().create(true).append(true).open(log_file(folder)).unwrap();
    let mut command = match limit {
        None => Command::new(program()),
        Some(line) => {
            let mut shell = Command::new("bash");
            shell.args(["-c", line]).arg(program());
            shell
        }
    };
    if limit.is_none() {
        command.arg("telegram");
    }
    command
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .envs(settings.iter().map(|(name, value)| (name, value)))
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .spawn()
        .unwrap()
}

/// Each story is told twice: to a bot that polls, and to one that is called.
macro_rules! in_both_modes {
    ($($story:ident),+ $(,)?) => {
        mod polling {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::telegram::Mode::Polling).await;
            })+
        }
        mod webhook {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $story() {
                super::$story($crate::telegram::Mode::Webhook).await;
            })+
        }
    };
}
pub(crate) use in_both_modes;

in_both_modes! {
    a_talk_from_the_first_question_to_the_plan,
    the_language_is_the_clients_until_the_person_chooses,
    faults_of_the_line_and_the_server_lose_nothing,
    an_update_delivered_twice_is_heard_once,
    kill_at_any_instant_loses_nothing,
    a_tap_costs_one_round_trip,
}

/// What a query finds in a file, which a bot may be working on.
pub fn ask<T: FromSql>(path: &Path, sql: &str) -> T {
    let connection = Connection::open(path).unwrap();
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

pub fn count(path: &Path, table: &str) -> i64 {
    ask(path, &format!("SELECT count(*) FROM {table}"))
}

pub fn expect(message: &crate::fake_telegram::Message, parts: &[&str]) {
    for part in parts {
        assert!(message.text.contains(part), "{part:?} is not in {message:#?}");
    }
}

async fn a_talk_from_the_first_question_to_the_plan(mode: Mode) {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "zh-hans");

    expect(&chat.say("/start").await, &["你好,我是 simoff", "这张卡是哪家运营商的?"]);
    expect(&chat.tap("Azercell").await, &["这张卡登记在谁的名下?"]);
    assert_eq!(chat.messages().len(), 1, "a tap edits in place");
    expect(&chat.say("是我本人的,欠费了").await, &["记下了:登记人 = 我自己; 卡的状态 = 欠费", "卡上绑了套餐"]);
    assert_eq!(chat.messages().len(), 2, "typed words get a new message");
    expect(&chat.tap("没有,只保号").await, &["你手上是哪种 SIM?"]);
    expect(&chat.say("余额能退吗").await, &["没有查到", "你手上是哪种 SIM?"]);
    expect(&chat.tap("实体卡").await, &["登记人现在在阿塞拜疆吗?"]);
    expect(&chat.tap("在阿塞拜疆").await, &["一周之内要离开"]);
    expect(&chat.tap("不急").await, &["去营业厅"]);
    expect(&chat.tap("去营业厅").await, &["还挂着哪些账号"]);
    expect(&chat.tap("Telegram").await, &["已选:Telegram"]);
    expect(&chat.tap("银行").await, &["已选:Telegram + 银行"]);
    expect(&chat.tap("选好了").await, &["还收得到短信吗"]);
    let plan = chat.tap("收得到").await;
    expect(&plan, &["你的注销计划", "1. ⬜ 先把 Telegram 换到新号码", "结清欠费", "去营业厅注销", "妥善处理 SIM 卡"]);
    let step = chat.tap("先把 Telegram").await;
    expect(&step, &["两步验证", "为什么有这一步"]);
    expect(&chat.tap("这步做完了").await, &["✅ 完成:先把 Telegram 换到新号码", "已完成 1 / 9"]);

    // An edit that would lose the tick is shown first.
    expect(&chat.say("/answers").await, &["挂着的账号"]);
    let accounts = chat.tap("9").await;
    expect(&accounts, &["还挂着哪些账号"]);
    chat.tap("都没有").await;
    expect(&chat.tap("选好了").await, &["计划会变", "不再需要:先把 Telegram 换到新号码(你已经完成)"]);
    expect(&chat.tap("不改").await, &["保持原样", "已完成 1 / 9"]);

    assert_eq!(bot.stop().code(), Some(0), "SIGTERM stops it cleanly");
    bot.restart();
    expect(&chat.say("/plan").await, &["已完成 1 / 9"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
    assert_eq!(count(&bot.database(), "session"), 1);
    let log = bot.log();
    for secret in [TOKEN, &TOKEN[11..], "欠费", "本人"] {
        assert!(!log.contains(secret), "the log holds {secret:?}");
    }
}

async fn the_language_is_the_clients_until_the_person_chooses(mode: Mode) {
    let fake = Fake::start().await;
    let _bot = Bot::start_as(&fake, mode);
    for (id, language, expected) in [
        (1, "en", "Which operator"),
        (2, "zh-hans", "哪家运营商"),
        (3, "zh-TW", "哪家运营商"),
        (4, "de", "Which operator"),
        (5, "ru", "Какого оператора"),
        (6, "az", "hansı operatorundur"),
    ] {
        expect(&fake.chat(id, language).say("/start").await, &[expected]);
    }
    let chat = fake.chat(4, "de");
    expect(&chat.say("/language").await, &["Choose a language"]);
    expect(&chat.tap("简体中文").await, &["接下来用简体中文", "哪家运营商"]);
    expect(&chat.say("/start").await, &["哪家运营商"]);
    fake.call_after("setchatmenubutton", 0).await;
    let commands = fake.commands();
    let private: Vec<_> = commands.keys().filter(|code| !code.contains(' ')).collect();
    assert_eq!(private, ["", "az", "en", "ru", "zh"]);
    assert!(commands["all_group_chats zh"].to_string().matches("command").count() == 1, "groups know /start only");
    for (code, word) in [
        ("zh", "我的步骤清单"),
        ("en", "My list of steps"),
        ("ru", "Мой список шагов"),
        ("az", "Addımlarımın siyahısı"),
        ("", "My list of steps"),
    ] {
        assert!(commands[code].to_string().contains(word), "{code}");
    }
    for name in ["start", "plan", "papers", "hotline", "topics", "language", "forget", "help"] {
        assert!(commands["zh"].to_string().contains(&format!("\"{name}\"")), "/{name}");
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_tap_costs_one_round_trip(mode: Mode) {
    let fake = Fake::start().await;
    let _bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(3, "en");
    chat.say("/start").await;
    fake.call_after("setchatmenubutton", 0).await;
    let before = fake.calls().len();
    chat.tap("Nar").await;
    chat.all_answered().await;
    let mut calls = fake.calls()[before..].to_vec();
    calls.retain(|call| call != "getupdates");
    calls.sort();
    match mode {
        // The answer to the query goes beside the edit, which does not wait for it.
        Mode::Polling => assert_eq!(calls, ["answercallbackquery", "editmessagetext"]),
        // It rides back in the response: one call.
        Mode::Webhook => {
            assert_eq!(calls, ["editmessagetext"]);
            assert_eq!(fake.rides().len(), 1);
        }
    }
}

async fn faults_of_the_line_and_the_server_lose_nothing(mode: Mode) {
    let fake = Fake::start().await;
    let _bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(3, "en");
    fake.fail("sendmessage", [Fault::HangUp, Fault::TooManyRequests(1)]);
    expect(&chat.say("/start").await, &["Which operator"]);
    fake.fail("editmessagetext", [Fault::MessageGone]);
    expect(&chat.tap("Nar").await, &["In whose name"]);
    assert_eq!(chat.messages().len(), 2, "the message to edit was gone, so a new one came");
    fake.fail("editmessagetext", [Fault::HangUpAfter]);
    chat.press("In my own name");
    chat.until_last_says("What state").await;
    fake.confirmed().await;
    // Blocked: the message is given up, the next one arrives.
    fake.fail("sendmessage", [Fault::Forbidden]);
    let sent = fake.calls().iter().filter(|call| *call == "sendmessage").count();
    chat.post("kept");
    fake.call_after("sendmessage", sent).await;
    chat.post("zero balance");
    chat.until_last_says("Is a package").await;
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn an_update_delivered_twice_is_heard_once(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(5, "en");
    chat.say("/start").await;
    fake.confirmed().await;
    let (delivered, messages) = (fake.delivered(), chat.messages().len());
    fake.lose_confirmation();
    chat.post("Nar");
    fake.delivery_after(delivered + 1).await;
    fake.confirmed().await;
    wait_until_said(&bot).await;
    assert_eq!(chat.messages().len(), messages + 1, "{:#?}", chat.messages());
    expect(&chat.last(), &["In whose name"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// Kills the bot at many instants around a tap, from before the update is delivered until after everything is said.
async fn kill_at_any_instant_loses_nothing(mode: Mode) {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(11, "en");
    chat.say("/start").await;
    let questions = ["In whose name", "Which operator"];
    let mut kills = 0;
    for instant in 0..40u64 {
        // The tap alternates between answering and going back, so that every tap changes the screen.
        let answer = instant % 2 == 0;
        let expected = questions[usize::from(!answer)];
        let delivered = fake.delivered();
        let screen =
            chat.messages().into_iter().rev().find(|message| message.text.contains(questions[usize::from(answer)]));
        let screen = screen.expect("the screen before");
        let data = if answer { "a:operator:nar:0" } else { "r" };
        chat.press_raw(screen.id, data);
        fake.delivery_after(delivered).await;
        tokio::time::sleep(Duration::from_micros(instant * 250)).await;
        bot.kill();
        kills += 1;
        bot.restart();
        fake.confirmed().await;
        wait_for_screen(&chat, screen.id, expected).await;
        assert_eq!(count(&bot.database(), "session"), i64::from(answer), "instant {instant}");
        // Each process has a pace of its own, and one after the other would be faster than a chat may be.
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    wait_until_said(&bot).await;
    assert!(chat.messages().len() <= 1 + kills, "at most one visible duplicate for each kill");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn wait_for_screen(chat: &Chat, id: i64, expected: &str) {
    for _ in 0..2000 {
        if chat.messages().iter().any(|message| message.id == id && message.text.contains(expected)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("message {id} never showed {expected:?}: {:#?}", chat.messages());
}

pub async fn wait_until_said(bot: &Bot) {
    for _ in 0..4000 {
        if count(&bot.database(), "outbox") == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the outbox is not empty");
}
