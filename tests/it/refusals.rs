//! Telegram refuses, a commit fails, one chat floods: what was promised is kept, and nobody else waits for it.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use rusqlite::Connection;
use serde_json::json;
use simoff::engine::session::{About, Reminder, Session};
use simoff::engine::when::{Due, When};
use simoff::store::{SessionChange, Store, Turn};
use tempfile::TempDir;

use crate::fake_telegram::{Chat, Fake, Fault, TOKEN};
use crate::operations::{get, watched};
use crate::telegram::{Bot, Mode, ask, count, expect, in_both_modes, wait_until_said};

in_both_modes! {
    a_refused_token_keeps_replies_and_reminders,
    a_new_token_in_the_file_is_used_without_a_restart,
    a_conflict_keeps_every_message,
    a_refusal_for_an_unknown_reason_keeps_the_message,
    a_server_that_fails_at_the_start_is_asked_again,
    a_flood_of_one_chat_is_bounded_and_heard,
    an_album_whose_commit_fails_is_answered_once,
    a_tap_that_cannot_be_committed_is_answered,
    a_file_is_sent_when_the_connection_is_back,
}

/// What a bot whose token is refused can still do: with a webhook it hears, and a poller may have handled just before.
const SENDING: &[&str] = &["getme", "sendmessage", "editmessagetext", "senddocument", "answercallbackquery"];

/// A folder with a database in which these people have a reminder that is due in so many seconds.
async fn with_reminders(fake: &Fake, people: impl IntoIterator<Item = i64>, seconds: i64) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap();
    let at = jiff::Timestamp::now().as_second() + seconds;
    for person in people {
        fake.chat(person, "en").open();
        let mut session = Session { zone: Some("Asia/Baku".into()), speaks: Some("en".into()), ..Session::default() };
        let due = Due { when: When::Instant(at), exact: true };
        session.reminders.push(Reminder { number: 1, about: About::Hotline, due });
        let body = serde_json::to_string(&session).unwrap();
        let turn = Turn::of(format!("telegram:{person}"), jiff::Timestamp::now());
        store.commit(Turn { session: SessionChange::Write(body), due_at: Some(at), ..turn }).await.unwrap();
    }
    folder
}

/// Waits until a condition of the database holds.
async fn until(bot: &Bot, what: &str, sql: &str, expected: i64) {
    for _ in 0..1000 {
        if ask::<i64>(&bot.database(), sql) == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("waited in vain for {what}: {}", ask::<i64>(&bot.database(), sql));
}

async fn a_refused_token_keeps_replies_and_reminders(mode: Mode) {
    let fake = Fake::start().await;
    let folder = with_reminders(&fake, 101..=103, 3).await;
    let admin = watched();
    let mut bot = Bot::start_with(folder, &fake, mode, &[("SIMOFF_ADMIN_LISTEN", &admin)]);
    let chats: Vec<Chat> = (1..=3).map(|id| fake.chat(id, "en")).collect();
    join_all(chats.iter().map(|chat| chat.say("/start"))).await;
    fake.refuse(SENDING, 401, "Unauthorized");
    for chat in &chats {
        chat.post("nar");
    }
    fake.confirmed().await;
    // The reminders come due while the token is refused, by then as a server refuses a token that it does not know.
    tokio::time::sleep(Duration::from_secs(2)).await;
    fake.refuse(SENDING, 404, "Not Found");
    tokio::time::sleep(Duration::from_secs(2)).await;
    let waiting = "SELECT (SELECT count(*) FROM outbox) + (SELECT count(*) FROM session WHERE due_at IS NOT NULL)";
    assert_eq!(ask::<i64>(&bot.database(), waiting), 6, "three replies and three reminders");
    let (code, told) = get(&admin, "/readyz").await;
    assert!(code == 503 && told.contains("refuses the token"), "{told}");
    assert!(get(&admin, "/metrics").await.1.contains("simoff_bot_refused 1"));
    assert_eq!(bot.log().matches("Nothing is lost").count(), 1, "said once: {}", bot.log());
    fake.accept();
    join_all(chats.iter().map(|chat| chat.until_last_says("In whose name"))).await;
    for person in 101..=103 {
        fake.chat(person, "en").until_there_are(1).await;
    }
    wait_until_said(&bot).await;
    assert_eq!(get(&admin, "/metrics").await.1.matches("simoff_bot_refused 0").count(), 1);
    let arrived: usize = (1..=3).chain(101..=103).map(|id| fake.chat(id, "en").messages().len()).sum();
    println!("{mode:?}: a refused token: {} of 6 messages arrived after it was accepted again", arrived - 3);
    assert_eq!(arrived, 9, "each once");
    assert_eq!(bot.stop().code(), Some(0));
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_new_token_in_the_file_is_used_without_a_restart(mode: Mode) {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("token");
    std::fs::write(&file, format!("{TOKEN}\n")).unwrap();
    let settings = [("TELOXIDE_TOKEN", ""), ("TELOXIDE_TOKEN_FILE", file.to_str().unwrap())];
    let bot = Bot::start_with(folder, &fake, mode, &settings);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let new = TOKEN.replace("Fake", "Next");
    fake.replace_token(&new);
    chat.post("nar");
    if mode == Mode::Webhook {
        fake.confirmed().await;
    }
    for _ in 0..500 {
        if bot.log().contains("Nothing is lost") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    std::fs::write(&file, &new).unwrap();
    chat.until_last_says("In whose name").await;
    assert!(!bot.log().contains(&new) && !bot.log().contains(TOKEN));
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_conflict_keeps_every_message(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chats: Vec<Chat> = (1..=36).map(|id| fake.chat(id, "en")).collect();
    for chat in &chats {
        chat.open();
    }
    fake.refuse(&["sendmessage"], 409, "Conflict: terminated by other getUpdates request");
    for chat in &chats {
        chat.post("/start nar");
    }
    fake.confirmed().await;
    until(&bot, "36 replies", "SELECT count(*) FROM outbox", 36).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(count(&bot.database(), "outbox"), 36, "none is dropped");
    // Each probe succeeds meanwhile, since `getMe` is no send.
    assert_eq!(bot.log().matches("Nothing is lost").count(), 1, "said once: {}", bot.log());
    fake.accept();
    join_all(chats.iter().map(|chat| chat.until_last_says("In whose name"))).await;
    println!("{mode:?}: a conflict: 36 of 36 messages arrived after it");
    assert!(chats.iter().all(|chat| chat.messages().len() == 1));
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_refusal_for_an_unknown_reason_keeps_the_message(mode: Mode) {
    let fake = Fake::start().await;
    let admin = watched();
    let folder = tempfile::tempdir().unwrap();
    let mut bot = Bot::start_with(folder, &fake, mode, &[("SIMOFF_ADMIN_LISTEN", &admin)]);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let refused =
        [Fault::Refused(400, "Bad Request: Zaphod has not enough rights to send text messages to the chat"); 4];
    fake.fail("sendmessage", refused);
    chat.post("nar");
    fake.confirmed().await;
    until(&bot, "a message that is set aside", "SELECT count(*) FROM outbox WHERE retry_at IS NOT NULL", 1).await;
    // Others to the same person go on, and an operator sees that something is kept.
    expect(&chat.say("/answers").await, &["Operator = Nar"]);
    assert!(get(&admin, "/metrics").await.1.contains("simoff_outbox_set_aside 1"));
    assert!(bot.log().contains("not enough rights") && !bot.log().contains("Zaphod"), "{}", bot.log());
    // A restart tries it again, as an hour does.
    bot.kill();
    bot.restart();
    chat.until_last_says("In whose name").await;
    wait_until_said(&bot).await;
    println!("{mode:?}: an unknown refusal: the message arrived at the next start");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_server_that_fails_at_the_start_is_asked_again(mode: Mode) {
    let fake = Fake::start().await;
    fake.fail("getme", [Fault::BadGateway, Fault::HangUp]);
    fake.fail("getwebhookinfo", [Fault::BadGateway]);
    fake.fail("setwebhook", [Fault::TooManyRequests(1)]);
    let bot = Bot::start_as(&fake, mode);
    expect(&fake.chat(7, "en").say("/start").await, &["Which operator"]);
    assert!(bot.log().contains("Cannot start yet"), "{}", bot.log());
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_flood_of_one_chat_is_bounded_and_heard(mode: Mode) {
    const FLOOD: i64 = 3000;
    const OWN: i64 = 4;
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let (flooding, others) = (fake.chat(7, "en"), (1..=5).map(|id| fake.chat(id, "en")).collect::<Vec<_>>());
    flooding.say("/start").await;
    join_all(others.iter().map(|chat| chat.say("/start"))).await;
    fake.call_after("setchatmenubutton", 0).await;
    // A start has no burst of messages to spend; nobody is to wait for that here.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let flood = async {
        for word in 0..FLOOD {
            flooding.post(if word % 2 == 0 { "nar" } else { "bakcell" });
            if word % 10 == 9 {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
        flooding.post("/answers");
    };
    let talking = others.iter().map(|chat| async {
        let mut waits = Vec::new();
        // One after the other: all at once, they would wait for the overall rate.
        tokio::time::sleep(Duration::from_millis(130 * chat.id.unsigned_abs())).await;
        // No faster than a chat may be written to, so that nobody waits for their own limit.
        for _ in 0..OWN {
            let asked = Instant::now();
            chat.say("/answers").await;
            waits.push(asked.elapsed());
            tokio::time::sleep(Duration::from_millis(800)).await;
        }
        waits
    });
    let ((), waits) = tokio::join!(flood, join_all(talking));
    fake.confirmed_within(Duration::from_secs(60)).await;
    let rows = "SELECT count(*) FROM outbox WHERE person = 'telegram:7'";
    flooding.until_last_says("Operator = Bakcell").await;
    let left = ask::<i64>(&bot.database(), rows);
    let mut waits: Vec<Duration> = waits.into_iter().flatten().collect();
    waits.sort();
    println!(
        "{mode:?}: a flood of {FLOOD}: others waited {:?} (median), {:?} (longest); {} replies sent, {left} rows left",
        waits[waits.len() / 2],
        waits[waits.len() - 1],
        flooding.messages().len() - 1,
    );
    wait_until_said(&bot).await;
    let processed = ask::<i64>(&bot.database(), "SELECT count(*) FROM processed_update");
    assert_eq!(processed, 1 + 5 + FLOOD + 1 + 5 * OWN, "every word is handled");
    assert!(flooding.messages().len() < 100, "{} replies", flooding.messages().len());
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn an_album_whose_commit_fails_is_answered_once(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let other = Connection::open(bot.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for caption in ["nar", "", ""] {
        chat.post_message(json!({"photo": [], "caption": caption, "media_group_id": "a"}));
    }
    for _ in 0..1000 {
        if bot.log().contains("Cannot commit") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    other.execute_batch("ROLLBACK").unwrap();
    chat.until_there_are(2).await;
    fake.confirmed().await;
    wait_until_said(&bot).await;
    assert_eq!(chat.messages().len(), 2, "one answer: {:#?}", chat.messages());
    expect(&chat.say("/answers").await, &["Operator = Nar"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_tap_that_cannot_be_committed_is_answered(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    let screen = chat.say("/start").await;
    let other = Connection::open(bot.database()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let before = chat.revision();
    chat.press("Nar");
    // The button stops spinning, with a word of what happens, while the database is still locked.
    chat.all_answered().await;
    assert_eq!(chat.revision(), before);
    assert!(fake.toasts().iter().any(|toast| toast.contains("trying again")), "{:?}", fake.toasts());
    other.execute_batch("ROLLBACK").unwrap();
    let answer = chat.answer_after(before).await;
    assert_eq!(answer.id, screen.id);
    expect(&answer, &["In whose name"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn a_file_is_sent_when_the_connection_is_back(mode: Mode) {
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    chat.say("/start nar").await;
    fake.fail("senddocument", [Fault::HangUp, Fault::BadGateway, Fault::TooManyRequests(1)]);
    chat.say("/export").await;
    wait_until_said(&bot).await;
    assert_eq!(fake.documents(7).len(), 1, "the file, once");
    assert_eq!(chat.messages().len(), 2, "its message, once");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// An update that cannot be confirmed, because it has no number, is asked for ever more slowly.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_update_without_a_number_does_not_make_polling_spin() {
    let fake = Fake::start().await;
    let _bot = Bot::start(&fake);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    fake.bring_unnumbered(true);
    chat.post("nar");
    let polls = || fake.calls().iter().filter(|call| *call == "getupdates").count();
    let before = polls();
    tokio::time::sleep(Duration::from_secs(4)).await;
    let made = polls() - before;
    fake.bring_unnumbered(false);
    println!("{made} polls in 4 s, of updates without a number");
    assert!(made < 10, "{made} polls in 4 s");
    chat.until_last_says("In whose name").await;
}
