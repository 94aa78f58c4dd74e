//! Running the bot: the webhook's door, health, metrics, the shop window, admins, what is logged, codes and exports.

use std::net::SocketAddr;
use std::time::Duration;

use serde_json::{Value, json};
use simoff::engine::session::Session;
use simoff::store::{SessionChange, Store, Turn};

use crate::fake_telegram::{Chat, Fake, TOKEN};
use crate::telegram::{Bot, Mode, SECRET, count, expect, free_port, in_both_modes};

in_both_modes! {
    a_recovery_code_takes_the_list_to_another_account,
    everything_stored_is_shown_and_everything_is_deleted,
    a_deep_link_fills_in_an_answer,
    nothing_personal_is_logged_at_any_level,
}

/// Answers the questions with the first option each, up to the plan.
async fn to_the_plan(chat: &Chat) {
    for words in [
        "/start azercell",
        "in my own name",
        "kept",
        "zero balance",
        "no package",
        "physical card",
        "here",
        "later",
        "store",
    ] {
        chat.say(words).await;
    }
    expect(&chat.say("nothing linked").await, &["Your plan"]);
}

/// Sets a reminder to call.
async fn remind(chat: &Chat) {
    chat.say("/remind").await;
    chat.tap("1").await;
    for words in ["tomorrow at 10", "Baku"] {
        chat.say(words).await;
    }
}

async fn a_recovery_code_takes_the_list_to_another_account(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let old = fake.chat(7, "en");
    expect(&old.say("/code").await, &["nothing a code could bring back"]);
    to_the_plan(&old).await;
    // The step that cannot be undone offers it.
    old.tap("Back up").await;
    old.tap("I have done this").await;
    let step = old.tap("4").await;
    expect(&step, &["Cancel in the store"]);
    let first = code_in(&old.tap("Recovery code").await.text);
    let code = code_in(&old.say("/code").await.text);
    assert_ne!(first, code);
    remind(&old).await;
    // At rest it is hashed.
    let database = std::fs::read(bot.database()).unwrap();
    let log = std::fs::read(bot.folder.path().join("bot.db-wal")).unwrap_or_default();
    for bytes in [database, log] {
        let plain = code.replace('-', "");
        let rows = String::from_utf8_lossy(&bytes).to_string();
        assert!(!rows.contains(&plain), "the bare code is stored");
    }
    // Another account: a slip of the pen, the code that was replaced, then the right one in a careless hand.
    let new = fake.chat(8, "en");
    expect(&new.say("/restore").await, &["four groups"]);
    expect(&new.say("/restore 1234").await, &["four groups"]);
    expect(&new.say(&format!("/restore {first}")).await, &["wrong, used or too old"]);
    let restored = new.say(&format!("/restore {}", code.to_lowercase().replace('-', " "))).await;
    expect(&restored, &["Everything is back", "Your plan", "Done 1 of"]);
    expect(&new.say("/reminders").await, &["Contact the operator"]);
    // Once only; and where it was, it is no more.
    expect(&fake.chat(9, "en").say(&code).await, &["wrong, used or too old"]);
    expect(&old.say("/plan").await, &["Which operator"]);
    // Guessing has an end.
    let guesser = fake.chat(10, "en");
    for guess in 0..5 {
        expect(&guesser.say(&format!("/restore AAAA-BBBB-CCCC-DDD{guess}")).await, &["wrong, used or too old"]);
    }
    expect(&guesser.say("/restore AAAA-BBBB-CCCC-DDDD").await, &["too many tries"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// The code in a text: the line with four groups.
fn code_in(text: &str) -> String {
    let is_code = |line: &&str| line.len() == 19 && line.matches('-').count() == 3;
    text.lines().find(is_code).unwrap_or_else(|| panic!("no code in {text}")).to_owned()
}

async fn everything_stored_is_shown_and_everything_is_deleted(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    to_the_plan(&chat).await;
    chat.say("/code").await;
    remind(&chat).await;
    chat.post("/export");
    chat.until_last_says("all I keep about you").await;
    for _ in 0..500 {
        if !fake.documents(7).is_empty() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let (name, text) = fake.documents(7).pop().expect("a file");
    assert_eq!(name, "simoff-export.json");
    let export: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(export["person"], "telegram:7");
    assert_eq!(export["session"]["answers"]["operator"], json!(["azercell"]));
    assert_eq!(export["session"]["reminders"][0]["about"], "hotline");
    assert!(export["recovery_code_made"].is_string() && export["last_heard"].is_string(), "{export:#}");
    chat.say("/forget").await;
    expect(&chat.tap("Delete everything").await, &["Nothing is left"]);
    crate::telegram::wait_until_said(&bot).await;
    for table in ["session", "outbox", "recovery"] {
        assert_eq!(count(&bot.database(), table), 0, "{table}");
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_deep_link_fills_in_an_answer(mode: Mode) {
    let fake = Fake::start().await;
    let _bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    expect(&chat.say("/start nar").await, &["Hello, I am simoff", "Noted: Operator = Nar", "In whose name"]);
    expect(&chat.say("/start bakcell").await, &["Changed: Operator = Bakcell"]);
    for unknown in ["/start nonsense", "/start", "/start operator", "/start a:b:c"] {
        expect(&chat.say(unknown).await, &["Welcome back", "In whose name"]);
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn nothing_personal_is_logged_at_any_level(mode: Mode) {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(733_110_733, "en");
    let secrets = ["Zaphod", "050 733 42 42", "P<AZEZAPHOD<<BEEBLEBROX", "zaphod@example.org", "Nar-zaphod-card"];
    for secret in secrets {
        chat.say(secret).await;
    }
    chat.post_message(json!({"contact": {"phone_number": "+994507334242", "first_name": "Zaphod"}}));
    chat.post_message(json!({"photo": [{"file_id": "zaphod_file"}], "caption": "Zaphod"}));
    fake.push(json!({"message": {"message_id": 1, "chat": {"id": "Zaphod"}, "text": "Zaphod"}}));
    chat.post("/start azercell");
    chat.post("/code");
    chat.until_last_says("Your recovery code").await;
    let code = code_in(&chat.last().text);
    fake.fail("sendmessage", [crate::fake_telegram::Fault::HangUp, crate::fake_telegram::Fault::TooManyRequests(1)]);
    chat.say("/plan").await;
    assert_eq!(bot.stop().code(), Some(0));
    let log = bot.log().to_lowercase();
    assert!(log.contains("connected to telegram"), "it is logged at all: {log}");
    for secret in secrets.iter().copied().chain([&TOKEN[11..], SECRET, "zaphod_file", "733110733", "azercell", &code]) {
        let found = log.lines().find(|line| line.contains(&secret.to_lowercase()));
        assert_eq!(found, None, "{secret:?} is in the log");
    }
}

/// An address on which a bot answers those who watch it.
pub fn watched() -> String {
    format!("127.0.0.1:{}", free_port())
}

pub async fn get(address: &str, path: &str) -> (u16, String) {
    for _ in 0..500 {
        if let Ok(response) = reqwest::get(format!("http://{address}{path}")).await {
            return (response.status().as_u16(), response.text().await.unwrap());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("nobody answers at {address}{path}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_watch_the_bot_see_how_it_is() {
    let fake = Fake::start().await;
    let admin = watched();
    let folder = tempfile::tempdir().unwrap();
    let _bot = Bot::start_with(folder, &fake, Mode::Webhook, &[("SIMOFF_ADMIN_LISTEN", &admin)]);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    chat.tap("Nar").await;
    fake.push(json!({"message": "unreadable"}));
    fake.confirmed().await;
    assert_eq!(get(&admin, "/healthz").await, (200, "alive\n".into()));
    assert_eq!(get(&admin, "/readyz").await, (200, "database ok\nbot api ok\n".into()));
    let (code, metrics) = get(&admin, "/metrics").await;
    assert_eq!(code, 200);
    for line in [
        "simoff_turns_total 2",
        "simoff_updates_total{kind=\"message\"} 1",
        "simoff_updates_total{kind=\"tap\"} 1",
        "simoff_updates_total{kind=\"unreadable\"} 1",
        "simoff_states_entered_total{state=\"holder\"} 1",
        "simoff_sends_total{result=\"arrived\"} 2",
        "simoff_outbox_rows 0",
    ] {
        assert!(metrics.contains(line), "{line:?} is not in\n{metrics}");
    }
    assert!(!metrics.contains("7\"}"), "nobody's number is a label");
    assert_eq!(get(&admin, "/").await.0, 404);
    fake.set_down(true);
    // What was asked lately is not asked again; another bot has to find out.
    let other = watched();
    fake.set_down(false);
    let second =
        Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Webhook, &[("SIMOFF_ADMIN_LISTEN", &other)]);
    get(&other, "/healthz").await;
    fake.set_down(true);
    assert_eq!(get(&other, "/readyz").await, (503, "database ok\nbot api unreachable\n".into()));
    drop(second);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_telegram_comes_through_the_door() {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, Mode::Webhook);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let address = bot.setting("SIMOFF_WEBHOOK_URL").to_owned();
    // A connection on which too much was sent is closed by the server; the next request takes a new one.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let update = |id: i64| {
        json!({"update_id": id, "message": {
            "message_id": 1, "chat": {"id": 7, "type": "private"}, "from": chat.from(), "text": "s3cr3t",
        }})
        .to_string()
    };
    let header = "X-Telegram-Bot-Api-Secret-Token";
    let before = chat.messages().len();
    for (secret, expected) in [(None, 401), (Some(""), 401), (Some("wrong"), 401), (Some(&SECRET[1..]), 401)] {
        let mut request = client.post(&address).body(update(1));
        if let Some(secret) = secret {
            request = request.header(header, secret);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status().as_u16(), expected, "{secret:?}");
        assert_eq!(response.text().await.unwrap(), "");
    }
    // The right secret, and all that can be wrong with what it brings. Acknowledged, so that it does not come for ever.
    let send = async |body: String| client.post(&address).header(header, SECRET).body(body).send().await.unwrap();
    for body in ["", "{", "null", "[]", "{}", "{\"update_id\": \"x\"}", "{\"update_id\": 5, \"message\": 7}"] {
        assert_eq!(send(body.to_owned()).await.status().as_u16(), 200, "{body}");
    }
    assert_eq!(send(format!("\"{}\"", "x".repeat(2 * 1024 * 1024))).await.status().as_u16(), 413);
    assert_eq!(client.get(&address).header(header, SECRET).send().await.unwrap().status().as_u16(), 405);
    let elsewhere = address.replace("/hook", "/other");
    assert_eq!(
        client.post(elsewhere).header(header, SECRET).body(update(2)).send().await.unwrap().status().as_u16(),
        404
    );
    assert_eq!(chat.messages().len(), before, "nothing was handled");
    // A poison update is remembered: a sound one with its number is not handled either.
    assert_eq!(send(update(5)).await.status().as_u16(), 200);
    assert_eq!(chat.messages().len(), before);
    let answered = chat.revision();
    assert_eq!(send(update(6)).await.status().as_u16(), 200);
    expect(&chat.answer_after(answered).await, &["I did not understand"]);
    assert!(!bot.log().contains("s3cr3t") && !bot.log().contains(SECRET));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_webhook_is_set_when_it_differs_and_never_taken_down_by_stopping() {
    let fake = Fake::start().await;
    let mut bot = Bot::start_as(&fake, Mode::Webhook);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let times = |method: &str| fake.calls().iter().filter(|call| *call == method).count();
    fake.call_after("setchatmenubutton", 0).await;
    let set: usize = fake.calls().iter().filter(|call| call.starts_with("set")).count();
    assert_eq!(times("setwebhook"), 1);
    assert_eq!(bot.stop().code(), Some(0));
    assert_eq!((times("deletewebhook"), fake.webhook().as_deref()), (0, Some(bot.setting("SIMOFF_WEBHOOK_URL"))));
    // What is said meanwhile waits with Telegram; the next start changes nothing that is as it should be.
    chat.post("Nar");
    bot.restart();
    chat.until_last_says("In whose name").await;
    fake.call_after("getchatmenubutton", 1).await;
    assert_eq!(fake.calls().iter().filter(|call| call.starts_with("set")).count(), set, "{:?}", fake.calls());
    // Another secret is another webhook.
    let folder = std::mem::replace(&mut bot.folder, tempfile::tempdir().unwrap());
    let url = bot.setting("SIMOFF_WEBHOOK_URL").to_owned();
    let listen: SocketAddr = bot.setting("SIMOFF_LISTEN").parse().unwrap();
    drop(bot);
    let settings = [
        ("SIMOFF_WEBHOOK_URL", url.as_str()),
        ("SIMOFF_LISTEN", &listen.to_string()),
        ("SIMOFF_WEBHOOK_SECRET", "another"),
    ];
    let bot = Bot::start_with(folder, &fake, Mode::Webhook, &settings);
    chat.say("in my own name").await;
    assert_eq!(times("setwebhook"), 2);
    drop(bot);
    // A poller does not take it away; a person does, by a command that says what it does.
    let mut poller = Bot::start(&fake);
    poller.wait();
    assert!(poller.log().contains("remove it with: simoff unhook"), "{}", poller.log());
    chat.post("kept");
    let said = poller.run("unhook");
    assert!(said.contains(&url) && said.contains("1 updates wait"), "{said}");
    assert!(poller.run("unhook").contains("No webhook is set"));
    poller.restart();
    // Another database: nothing is known of the talk, but the words are handled.
    chat.until_last_says("Which operator").await;
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shop_window_shows_what_dialogues_says() {
    let fake = Fake::start().await;
    let _bot = Bot::start(&fake);
    fake.call_after("setchatmenubutton", 0).await;
    let profile = fake.profile();
    for (code, part) in [
        ("zh", "阿塞拜疆保号卡"),
        ("en", "Azerbaijani"),
        ("ru", "азербайджанской"),
        ("az", "Azərbaycan"),
        ("", "Azerbaijani"),
    ] {
        assert!(profile[&("short_description", code.to_owned())].contains(part), "{profile:#?}");
        assert!(
            !profile[&("name", code.to_owned())].is_empty() && !profile[&("description", code.to_owned())].is_empty()
        );
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// Somebody whose plan was shown when the content was another.
async fn shown_something_else(store: &Store, chat: i64, language: &str) {
    let mut session = crate::guide::usual(&[]);
    session.shown = vec!["back_up".into(), "a_step_of_last_year".into(), "let_lapse".into(), "visit_store".into()];
    session.language = Some(language.into());
    let body = serde_json::to_string::<Session>(&session).unwrap();
    let turn = Turn::of(format!("telegram:{chat}"), jiff::Timestamp::now());
    store.commit(Turn { session: SessionChange::Write(body), ..turn }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn admins_see_numbers_and_tell_people_of_an_edit() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap();
    for (chat, language) in [(101, "zh-Hans"), (102, "en"), (103, "ru")] {
        fake.chat(chat, "en").open();
        shown_something_else(&store, chat, language).await;
    }
    drop(store);
    let _bot = Bot::start_with(folder, &fake, Mode::Polling, &[("SIMOFF_ADMINS", "1,2")]);
    let somebody = fake.chat(7, "en");
    expect(&somebody.say("/stats").await, &["no such command"]);
    expect(&somebody.say("/announce").await, &["no such command"]);
    to_the_plan(&somebody).await;
    let admin = fake.chat(1, "en");
    let numbers = admin.say("/stats").await;
    expect(
        &numbers,
        &["people 4", "at plan 4", "answered operator 4", "reminders 0", "outbox 0", "simoff_turns_total"],
    );
    let preview = admin.say("/announce").await;
    expect(&preview, &["3 of 4 people", "+ confirm_result \u{D7} 3", "- let_lapse \u{D7} 3"]);
    let seen = somebody.revision();
    admin.press("Tell them");
    admin.until_last_says("People told: 3").await;
    for (chat, parts) in [
        (101, ["资料更新了", "➕ 新增:备齐证件", "➖ 不再需要:不再充值"]),
        (102, ["The guide was updated", "➕ New: Get the papers ready", "➖ No longer needed: Stop topping up"]),
        (103, ["Справка обновилась", "➕", "➖"]),
    ] {
        fake.chat(chat, "en").until_there_are(1).await;
        expect(&fake.chat(chat, "en").last(), &parts);
    }
    assert_eq!(somebody.revision(), seen, "whose plan is the same hears nothing");
    expect(&admin.say("/announce").await, &["nobody to tell"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_a_running_bot_brings_every_talk_back() {
    let fake = Fake::start().await;
    let mut bot = Bot::start(&fake);
    let chat = fake.chat(7, "en");
    to_the_plan(&chat).await;
    let copy = bot.folder.path().join("copy.db");
    assert!(bot.run_with(&["backup", copy.to_str().unwrap()]).contains("Copied to"));
    chat.say("/forget").await;
    chat.tap("Delete everything").await;
    assert_eq!(bot.stop().code(), Some(0));
    for leftover in ["bot.db-wal", "bot.db-shm"] {
        let _ = std::fs::remove_file(bot.folder.path().join(leftover));
    }
    std::fs::rename(copy, bot.database()).unwrap();
    bot.restart();
    expect(&chat.say("/plan").await, &["Your plan"]);
}

/// The files that run the bot elsewhere: nothing here can build an image or start a unit, so what matters is read.
#[test]
fn what_runs_the_bot_elsewhere_is_careful() {
    let read =
        |name: &str| std::fs::read_to_string(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let docker = read("Dockerfile");
    let lines: Vec<&str> = docker.lines().map(str::trim).filter(|line| !line.starts_with('#')).collect();
    let from: Vec<&&str> = lines.iter().filter(|line| line.starts_with("FROM ")).collect();
    assert!(from.len() == 2 && from.iter().all(|line| line.contains(':') && !line.contains("latest")), "{from:?}");
    let user = lines.iter().rposition(|line| line.starts_with("USER ")).expect("a user");
    assert!(!["USER root", "USER 0"].contains(&lines[user]));
    assert!(
        user > lines.iter().rposition(|line| line.starts_with("RUN ")).unwrap(),
        "nothing is installed as the user"
    );
    for part in ["HEALTHCHECK ", "STOPSIGNAL SIGTERM", "--locked", "ENTRYPOINT [", "VOLUME /data"] {
        assert!(docker.contains(part), "{part}");
    }
    assert!(!lines.iter().any(|line| line.starts_with("ENV ") && (line.contains("TOKEN") || line.contains("SECRET"))));
    assert!(!lines.iter().any(|line| line.starts_with("ADD ") || line.contains("curl") || line.contains("sudo")));
    let version = format!("rust:{}-", env!("CARGO_PKG_RUST_VERSION"));
    assert!(docker.contains(&version), "the toolchain of the image is the one of Cargo.toml");
    let ignored = read(".dockerignore");
    for name in [".env", ".git", "target", "*.db"] {
        assert!(ignored.lines().any(|line| line == name), "{name} must not be in an image");
    }
    let unit = read("deploy/simoff.service");
    let mut keys = std::collections::HashMap::new();
    for line in unit.lines().filter(|line| !line.starts_with('#') && !line.starts_with('[')) {
        let Some((key, value)) = line.split_once('=') else { continue };
        keys.insert(key, value);
    }
    for (key, value) in [
        ("DynamicUser", "yes"),
        ("NoNewPrivileges", "yes"),
        ("ProtectSystem", "strict"),
        ("ProtectHome", "yes"),
        ("PrivateDevices", "yes"),
        ("MemoryDenyWriteExecute", "yes"),
        ("CapabilityBoundingSet", ""),
        ("SystemCallFilter", "~@privileged @resources"),
        ("Restart", "always"),
        ("StateDirectory", "simoff"),
    ] {
        assert_eq!(keys.get(key), Some(&value), "{key}");
    }
    assert!(!unit.contains("TELOXIDE_TOKEN="), "the token is a credential, never in the unit");
}
