//! Several processes on one PostgreSQL behind a balancer: nobody is forked, nothing is lost, nothing comes twice, and what a
//! person is told is told in order, whoever is killed.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use simoff::conversation::Payload;
use simoff::engine::session::{About, Reminder, Session};
use simoff::engine::when::{Due, When};
use simoff::render::plain;
use simoff::store::{SessionChange, Store, Turn};
use sqlx::Row;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};

use crate::fake_telegram::{Chat, Fake};
use crate::load::asked_for;
use crate::postgres::Database;
use crate::telegram::{Bot, Mode, SECRET, expect, free_port};

/// Passes each connection to the next process that takes it.
async fn balance(targets: Arc<Mutex<Vec<u16>>>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let next = Arc::new(AtomicUsize::new(0));
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            let (targets, next) = (targets.clone(), next.clone());
            tokio::spawn(async move {
                let ports = targets.lock().unwrap().clone();
                for _ in 0..ports.len() {
                    let port = ports[next.fetch_add(1, Ordering::SeqCst) % ports.len()];
                    if let Ok(mut process) = TcpStream::connect(("127.0.0.1", port)).await {
                        // Whoever is cut off tries again.
                        let _ = copy_bidirectional(&mut caller, &mut process).await;
                        return;
                    }
                }
            });
        }
    });
    port
}

/// So many processes behind one address.
async fn processes(fake: &Fake, database: &Database, count: usize) -> Vec<Bot> {
    let ports: Vec<u16> = (0..count).map(|_| free_port()).collect();
    let balancer = balance(Arc::new(Mutex::new(ports.clone()))).await;
    let url = format!("http://127.0.0.1:{balancer}/hook");
    let start = |port: &u16| {
        let listen = format!("127.0.0.1:{port}");
        let settings = [
            ("DATABASE_URL", database.url()),
            ("SIMOFF_WEBHOOK_URL", url.clone()),
            ("SIMOFF_WEBHOOK_SECRET", SECRET.to_owned()),
            ("SIMOFF_LISTEN", listen),
            ("SIMOFF_SENDS_PER_SECOND", "1000".to_owned()),
        ];
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Bot::start_with(tempfile::tempdir().unwrap(), fake, Mode::Webhook, &settings)
    };
    ports.iter().map(start).collect()
}

/// What somebody does over and over: a tap, or words, each of which changes the screen.
async fn talk(chat: &Chat, end: Instant) -> usize {
    let (mut turns, screens) = (0, ["Which operator", "In whose name"]);
    while Instant::now() < end {
        let messages = chat.messages();
        let Some(message) =
            messages.iter().rev().find(|message| screens.iter().any(|screen| message.text.contains(screen)))
        else {
            return turns;
        };
        let before = chat.revision();
        let answering = message.text.contains(screens[0]);
        if turns % 4 == 3 {
            // Words and a tap in the same moment.
            chat.post(if answering { "nar" } else { "/start" });
        }
        chat.press_raw(message.id, if answering { "a:operator:nar:0" } else { "r" });
        chat.answer_within(Duration::from_secs(60), before).await;
        turns += 1;
    }
    turns
}

/// Everybody says one more thing, and sees what is known of them.
async fn last_words(chats: &[Chat]) {
    for chats in chats.chunks(50) {
        for text in ["azercell", "/answers"] {
            chats.iter().for_each(|chat| {
                chat.post(text);
            });
        }
        join_all(chats.iter().map(|chat| chat.until_last_says("Your answers"))).await;
        chats.iter().for_each(|chat| expect(&chat.last(), &["Operator = Azercell"]));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_are_killed_lose_nobody_and_fork_nobody() {
    let Some(database) = Database::create().await else { return };
    let seconds = asked_for("SIMOFF_TEST_CLUSTER_SECONDS", 8);
    let people = i64::try_from(asked_for("SIMOFF_TEST_CLUSTER_PEOPLE", 40)).unwrap();
    let count = usize::try_from(asked_for("SIMOFF_TEST_CLUSTER_INSTANCES", 3)).unwrap();
    let fake = Fake::start().await;
    // The limits are kept by each process for its share; what is counted here is whether anybody is lost.
    fake.be_generous();
    // Reminders come due all the while.
    let store = Store::open(&database.url()).await.unwrap();
    let now = jiff::Timestamp::now().as_second();
    let reminded: Vec<i64> = (0..people).map(|number| 1_000_000 + number).collect();
    for (number, chat) in reminded.iter().enumerate() {
        fake.chat(*chat, "en").open();
        let at = now + 2 + i64::try_from(number).unwrap() % i64::try_from(seconds).unwrap();
        let mut session = Session { zone: Some("Asia/Baku".into()), speaks: Some("en".into()), ..Session::default() };
        let due = Due { when: When::Instant(at), exact: true };
        session.reminders.push(Reminder { number: 1, about: About::Hotline, due });
        let body = serde_json::to_string(&session).unwrap();
        let turn = Turn::of(format!("telegram:{chat}"), jiff::Timestamp::now());
        store.commit(Turn { session: SessionChange::Write(body), due_at: Some(at), ..turn }).await.unwrap();
    }
    drop(store);
    // What was ever put into the outbox, in the order in which it was committed.
    let mut connection = database.connect().await;
    for sql in [
        "CREATE TABLE audit (id BIGINT, person TEXT, body TEXT)",
        "CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS \
         $$ BEGIN INSERT INTO audit VALUES (NEW.id, NEW.person, NEW.body); RETURN NULL; END $$",
        "CREATE TRIGGER audit AFTER INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION audit()",
    ] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    let mut bots = processes(&fake, &database, count).await;
    let chats: Vec<Chat> = (1..=people).map(|id| fake.chat(id, "en")).collect();
    chats.iter().for_each(|chat| {
        chat.post("/start");
    });
    join_all(chats.iter().map(|chat| chat.answer_within(Duration::from_secs(120), 0))).await;
    let end = Instant::now() + Duration::from_secs(seconds);
    let murder = async {
        let mut kills = 0;
        while Instant::now() + Duration::from_secs(2) < end {
            tokio::time::sleep(Duration::from_millis(2500)).await;
            let victim = kills % bots.len();
            bots[victim].kill();
            kills += 1;
            tokio::time::sleep(Duration::from_millis(500)).await;
            bots[victim].restart();
        }
        kills
    };
    let (kills, turns) = tokio::join!(murder, join_all(chats.iter().map(|chat| talk(chat, end))));
    fake.confirmed_within(Duration::from_secs(60)).await;
    // What a killed process had to say is said by another one, once its hold has run out.
    let deadline = Instant::now() + Duration::from_secs(60);
    let mut waiting = 1i64;
    while waiting > 0 && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(200)).await;
        waiting = sqlx::query("SELECT count(*) FROM outbox").fetch_one(&mut connection).await.unwrap().get(0);
    }
    assert_eq!(waiting, 0, "something is never said");
    // Everybody's last words have their answer, from one and the same session.
    last_words(&chats).await;
    let sessions: i64 =
        sqlx::query("SELECT count(*) FROM session WHERE person LIKE 'telegram:%' AND length(person) < 16")
            .fetch_one(&mut connection)
            .await
            .unwrap()
            .get(0);
    assert_eq!(sessions, people);
    let said = |chat: &i64| fake.chat(*chat, "en").messages().len();
    let reminders: usize = reminded.iter().map(said).sum();
    assert!(reminded.iter().all(|chat| said(chat) >= 1), "a reminder was lost");
    // In the outbox each reminder is once.
    let twice = "SELECT count(*) FROM (SELECT person FROM audit WHERE person LIKE 'telegram:1______' \
                 GROUP BY person HAVING count(*) > 1) twice";
    let twice: i64 = sqlx::query(twice).fetch_one(&mut connection).await.unwrap().get(0);
    assert_eq!(twice, 0, "a reminder was committed twice");
    // Everybody was told things in the order in which they were committed; a repeat follows its original.
    for chat in &chats {
        let rows =
            sqlx::query("SELECT body FROM audit WHERE person = $1 ORDER BY id").bind(format!("telegram:{}", chat.id));
        let rows = rows.fetch_all(&mut connection).await.unwrap();
        let payload = rows.iter().map(|row| serde_json::from_str::<Payload>(row.get(0)).unwrap());
        let mut committed: Vec<String> =
            payload.filter(|payload| payload.replaces.is_none()).map(|payload| plain(&payload.screen.text)).collect();
        let mut told: Vec<String> = chat.messages().into_iter().map(|message| message.sent).collect();
        committed.dedup();
        told.dedup_by(|next, this| next == this);
        // A newer reply may have taken the place of one that was not sent yet. A list is written out below the text, so the
        // beginning is what counts.
        let mut rest = committed.iter();
        let in_order = told.iter().all(|told| rest.any(|committed| told.starts_with(committed)));
        let last = committed.last().zip(told.last()).is_some_and(|(committed, told)| told.starts_with(committed));
        let in_order = in_order && last;
        assert!(in_order, "told out of order: {committed:#?} {told:#?}");
    }
    println!(
        "{count} processes, {people} people, {} turns and {} reminders in {seconds} s, {kills} killed: nobody lost, nobody \
         forked, {} reminders repeated on arrival",
        turns.iter().sum::<usize>(),
        reminded.len(),
        reminders - reminded.len()
    );
    assert!(reminders - reminded.len() <= kills * 40, "more repeats than a process can have in flight");
    let violations: Vec<String> =
        fake.violations().into_iter().filter(|what| !what.contains(" messages in ")).collect();
    assert_eq!(violations, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_polls_at_a_time_and_hands_over() {
    let Some(database) = Database::create().await else { return };
    let fake = Fake::start().await;
    let start = || {
        let settings = [("DATABASE_URL", database.url())];
        let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Bot::start_with(tempfile::tempdir().unwrap(), &fake, Mode::Polling, &settings)
    };
    let mut first = start();
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let mut second = start();
    chat.say("nar").await;
    // Stopped: the other one polls within a beat. Killed: when the lease has run out.
    assert_eq!(first.stop().code(), Some(0));
    expect(&chat.say("in my own name").await, &["What state"]);
    first.restart();
    chat.say("kept").await;
    second.kill();
    chat.post("zero balance");
    chat.until_last_says("Is a package").await;
    for bot in [&first, &second] {
        assert!(!bot.log().contains("another program is polling"), "they fought");
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_database_costs_a_moment_and_nothing_else() {
    let Some(database) = Database::create().await else { return };
    let fake = Fake::start().await;
    fake.be_generous();
    let _bots = processes(&fake, &database, 2).await;
    let chats: Vec<Chat> = (1..=20).map(|id| fake.chat(id, "en")).collect();
    join_all(chats.iter().map(|chat| chat.say("/start"))).await;
    let end = Instant::now() + Duration::from_secs(4);
    let cuts = async {
        while Instant::now() < end {
            tokio::time::sleep(Duration::from_millis(300)).await;
            database.cut().await;
        }
    };
    let ((), turns) = tokio::join!(cuts, join_all(chats.iter().map(|chat| talk(chat, end))));
    fake.confirmed_within(Duration::from_secs(60)).await;
    last_words(&chats).await;
    assert!(turns.iter().sum::<usize>() > 20, "{turns:?}");
}
