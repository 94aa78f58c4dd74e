//! What breaks, one thing at a time: afterwards everybody has their answer, and nothing is lost.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::json;
use simoff::conversation::{Channel, Conversation, Delivery};
use simoff::dialogues::{Source, load};
use simoff::engine::session::{About, Reminder, Session};
use simoff::engine::when::{Due, When};
use simoff::store::{SessionChange, Store, Turn};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::fake_telegram::{Chat, Fake, Fault};
use crate::load::asked_for;
use crate::telegram::{Bot, Mode, SECRET, expect, in_both_modes};

/// The channel of the people here.
const CHANNEL: Channel = Channel { prefix: "p:", delivery: Delivery::Push };

in_both_modes! {
    kills_under_load_lose_nothing_and_repeat_little,
    a_database_that_somebody_else_holds_is_waited_for,
    an_api_that_talks_nonsense_is_asked_again,
}

/// Numbers that look random and are the same in every run.
fn random(state: &mut u64, below: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % below
}

async fn kills_under_load_lose_nothing_and_repeat_little(mode: Mode) {
    const PEOPLE: i64 = 8;
    let kills = asked_for("SIMOFF_TEST_LOAD_KILLS", 8);
    let fake = Fake::start().await;
    // What a bot has sent before it was killed it does not know, so a hundred kills a minute break the limits.
    fake.be_generous();
    let mut bot = Bot::start_as(&fake, mode);
    let people: Vec<Chat> = (1..=PEOPLE).map(|id| fake.chat(id, "en")).collect();
    join_all(people.iter().map(|chat| chat.say("/start"))).await;
    let over = AtomicBool::new(false);
    let killing = async {
        let (mut state, mut calls) = (0x5EED, 0);
        for _ in 0..kills {
            fake.call_after("getme", calls).await;
            calls = fake.calls().iter().filter(|call| *call == "getme").count();
            tokio::time::sleep(Duration::from_micros(random(&mut state, 400_000))).await;
            bot.kill();
            bot.restart();
        }
        over.store(true, Ordering::SeqCst);
    };
    let talking = people.iter().map(|chat| async {
        let mut said = 1;
        while !over.load(Ordering::SeqCst) {
            let before = chat.messages().len();
            chat.post("/answers");
            said += 1;
            chat.until_there_are(before + 1).await;
        }
        said
    });
    let ((), said) = tokio::join!(killing, join_all(talking));
    fake.confirmed().await;
    crate::telegram::wait_until_said(&bot).await;
    let said: usize = said.into_iter().sum();
    let arrived: usize = people.iter().map(|chat| chat.messages().len()).sum();
    let kills = usize::try_from(kills).unwrap();
    println!("{mode:?}: {kills} kills under load: {said} messages answered, {} answers twice", arrived - said);
    assert!(arrived >= said, "an answer was lost");
    assert!(arrived - said <= kills, "more repeats than kills");
    for chat in &people {
        expect(&chat.say("nar").await, &["In whose name"]);
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_database_that_somebody_else_holds_is_waited_for(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    // For a moment: nobody notices. For longer than the bot waits: the update comes again.
    for seconds in [1, 6] {
        let other = Connection::open(bot.database()).unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        chat.post("/answers");
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let before = chat.messages().len();
        other.execute_batch("ROLLBACK").unwrap();
        chat.until_there_are(before + 1).await;
    }
    fake.confirmed().await;
    crate::telegram::wait_until_said(&bot).await;
    assert_eq!(chat.messages().len(), 3, "each is answered once");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn an_api_that_talks_nonsense_is_asked_again(mode: Mode) {
    let fake = Fake::start().await;
    let _bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    fake.fail("getupdates", [Fault::Nonsense, Fault::BadGateway]);
    fake.fail("sendmessage", [Fault::Nonsense, Fault::BadGateway, Fault::HangUp]);
    expect(&chat.say("/start").await, &["Which operator"]);
    fake.fail("editmessagetext", [Fault::Nonsense]);
    expect(&chat.tap("Nar").await, &["In whose name"]);
    assert_eq!(chat.messages().len(), 1);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// Telegram, or a proxy, loses patience while a turn is being committed: what was committed is said all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_whose_bringer_hangs_up_is_answered() {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, Mode::Webhook);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let url = fake.webhook().unwrap();
    let (address, path) = url.trim_start_matches("http://").split_once('/').unwrap();
    let message = json!({"message_id": 900, "date": 1_790_000_000, "from": chat.from(), "text": "/answers",
        "chat": {"id": 7, "type": "private"}});
    let update = json!({"update_id": 900_000, "message": message}).to_string();
    let request = format!(
        "POST /{path} HTTP/1.1\r\nHost: {address}\r\nX-Telegram-Bot-Api-Secret-Token: {SECRET}\r\nContent-Length: {}\r\n\r\n{update}",
        update.len()
    );
    // The commit takes as long as this other program holds the file.
    let other = Connection::open(bot.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = chat.messages().len();
    let mut line = TcpStream::connect(address).await.unwrap();
    line.write_all(request.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    drop(line);
    tokio::time::sleep(Duration::from_millis(300)).await;
    other.execute_batch("ROLLBACK").unwrap();
    chat.until_there_are(before + 1).await;
}

/// A file that cannot grow: what does not fit is not acknowledged, and is handled as soon as there is room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_loses_nothing() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    // The limit is the process's own; the signal that would end it is ignored, as a full disk sends none.
    let mut bot = Bot::start_limited(folder, &fake, "trap '' XFSZ; ulimit -f 160; exec \"$0\" telegram");
    let people: Vec<Chat> = (1..=60).map(|id| fake.chat(id, "en")).collect();
    for chat in &people {
        chat.post("/start nar");
    }
    for _ in 0..1000 {
        if bot.log().contains("Cannot commit") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(bot.log().contains("Cannot commit"), "the disk was not full: {}", bot.log());
    bot.kill();
    bot.limit = None;
    bot.restart();
    join_all(people.iter().map(|chat| chat.until_last_says("In whose name"))).await;
    fake.confirmed().await;
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_bot_on_one_file_says_so_and_leaves() {
    let fake = Fake::start().await;
    let bot = Bot::start(&fake);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let database = format!("sqlite:{}", bot.database().display());
    let folder = tempfile::tempdir().unwrap();
    let mut second = Bot::start_with(folder, &fake, Mode::Polling, &[("DATABASE_URL", &database)]);
    assert_eq!(second.wait().code(), Some(1));
    assert!(second.log().contains("another simoff runs on the database"), "{}", second.log());
    expect(&chat.say("nar").await, &["In whose name"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_is_kept_and_said() {
    let fake = Fake::start().await;
    let mut bot = Bot::start(&fake);
    let chat = fake.chat(7, "en");
    chat.say("/start nar").await;
    assert_eq!(bot.stop().code(), Some(0));
    // Everything into the one file, so that it is all there is.
    let connection = Connection::open(bot.database()).unwrap();
    connection.pragma_update(None, "journal_mode", "DELETE").unwrap();
    connection.close().unwrap();
    let mut bytes = std::fs::read(bot.database()).unwrap();
    let middle = bytes.len().min(2048);
    bytes[..middle].fill(0x5A);
    std::fs::write(bot.database(), &bytes).unwrap();
    bot.restart();
    assert_eq!(bot.wait().code(), Some(1));
    assert!(bot.log().contains("is not a database, or it is damaged"), "{}", bot.log());
    assert!(bot.log().contains("Restore it from a backup"));
    assert_eq!(std::fs::read(bot.database()).unwrap(), bytes, "it is left as it is, for whoever can mend it");
}

/// The clock of the machine jumps a day ahead, and back: every reminder is said once, and none before its time by the clock.
#[tokio::test]
async fn a_clock_that_jumps_says_every_reminder_once() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("t.db").display())).await.unwrap();
    let start = 1_790_000_000;
    let at = |second: i64| Timestamp::from_second(start + second).unwrap();
    for person in 0..30 {
        let due = start + 100 * person;
        let mut session = Session { zone: Some("Asia/Baku".into()), ..Session::default() };
        let about = About::Hotline;
        session.reminders.push(Reminder { number: 1, about, due: Due { when: When::Instant(due), exact: true } });
        let body = serde_json::to_string(&session).unwrap();
        let turn = Turn::of(format!("p:{person}"), at(-10));
        store.commit(Turn { session: SessionChange::Write(body), due_at: Some(due), ..turn }).await.unwrap();
    }
    let dialogue = load(&Source::embedded(), "2026-11-23".parse().unwrap()).dialogue.unwrap();
    let conversation = Conversation::new(dialogue, store);
    let mut said = Vec::new();
    let mut late = 0;
    for now in [0, 250, 86_400, 300, 0, 1_000, -86_400, 2_000, 90_000, 3_000, 100_000] {
        while let Some(messages) = conversation.due(CHANNEL, at(now)).await.unwrap() {
            for message in messages {
                late += usize::from(message.payload.screen.text.contains("迟到"));
                said.push(message.person);
            }
        }
    }
    let before = said.len();
    said.sort();
    said.dedup();
    assert_eq!((said.len(), before), (30, 30), "each once");
    assert!(late < 30, "those said in time are not called late");
}

/// What must survive a power cut is on disk before it is acknowledged: the system calls of the real program, read.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_is_acknowledged_only_after_the_disk_has_it() {
    if Command::new("strace").arg("-V").stdout(Stdio::null()).stderr(Stdio::null()).status().is_err() {
        use std::io::Write;
        let _ = std::io::stderr().write_all(b"\n!!! NO STRACE: WHAT IS FLUSHED BEFORE AN ANSWER IS NOT CHECKED !!!\n");
        return;
    }
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("calls");
    let strace = format!(
        "exec strace -D -f -qq -s 32 -e trace=fsync,fdatasync,write,writev,sendto,sendmsg -e signal=none -o {} \"$0\" telegram",
        trace.display()
    );
    let mut bot = Bot::start_limited_as(folder, &fake, Mode::Webhook, &strace);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    for answer in ["nar", "in my own name", "kept", "zero balance"] {
        chat.say(answer).await;
    }
    fake.confirmed().await;
    bot.stop();
    let calls = std::fs::read_to_string(&trace).unwrap();
    let (mut flushed, mut acknowledged) = (false, 0);
    for line in calls.lines() {
        if line.contains("fdatasync(") || line.contains("fsync(") || line.contains("fdatasync resumed") {
            flushed = true;
        }
        if line.contains("HTTP/1.1 200 OK") {
            assert!(flushed, "acknowledged without a flush: {line}");
            acknowledged += 1;
            flushed = false;
        }
    }
    assert!(acknowledged >= 5, "{acknowledged} updates were acknowledged: {}", Path::new(&trace).display());
}
