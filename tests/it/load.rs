//! Many people at once, a slow line, an outage, the platform's limits. Figures are printed; what is proven is what holds
//! whatever the machine: nobody is lost, nothing comes twice, no limit is broken.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use simoff::store::{SessionChange, Store, Turn};

use crate::fake_telegram::{Chat, Fake};
use crate::telegram::{Bot, Mode, in_both_modes};

in_both_modes! {
    a_tap_is_answered_in_about_one_round_trip,
    after_an_outage_everybody_has_the_right_screen_once,
}

/// A number from the environment, for a longer run than CI can afford.
#[expect(clippy::disallowed_methods, reason = "a longer run is asked for by the environment")]
pub fn asked_for(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|number| number.parse().ok()).unwrap_or(usual)
}

/// The two screens between which a tap goes back and forth.
const SCREENS: [(&str, &str); 2] = [("Which operator", "a:operator:nar:0"), ("In whose name", "r")];

/// Taps the message that shows one of the two screens; what it must show then.
fn tap(chat: &Chat) -> &'static str {
    let message = chat.messages().remove(0);
    let now = SCREENS.iter().position(|(screen, _)| message.text.contains(screen)).expect("one of the two screens");
    chat.press_raw(message.id, SCREENS[now].1);
    SCREENS[1 - now].0
}

async fn a_tap_is_answered_in_about_one_round_trip(mode: Mode) {
    const LINE: Duration = Duration::from_millis(80);
    let fake = Fake::start().await;
    let _bot = Bot::start_as(&fake, mode);
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    fake.call_after("setchatmenubutton", 0).await;
    fake.slow_down(LINE);
    let calls = fake.calls().len();
    let mut times = Vec::new();
    const TAPS: usize = 24;
    for _ in 0..TAPS {
        // Not faster than a chat may change.
        tokio::time::sleep(Duration::from_millis(250)).await;
        let before = chat.revision();
        let asked = Instant::now();
        tap(&chat);
        chat.answer_after(before).await;
        times.push(asked.elapsed());
        chat.all_answered().await;
    }
    times.sort();
    let trips = |time: Duration| time.as_secs_f64() / LINE.as_secs_f64();
    println!(
        "{mode:?}: a tap shows after {:.2} round trips of {LINE:?} (median), {:.2} (worst of {TAPS})",
        trips(times[TAPS / 2]),
        trips(times[TAPS - 1])
    );
    let mut out = fake.calls()[calls..].to_vec();
    out.retain(|call| call != "getupdates");
    let per_tap = if mode == Mode::Webhook { 1 } else { 2 };
    assert_eq!(out.len(), TAPS * per_tap, "calls for {TAPS} taps: {out:?}");
    assert_eq!(fake.violations(), Vec::<String>::new());
}

async fn after_an_outage_everybody_has_the_right_screen_once(mode: Mode) {
    const PEOPLE: i64 = 20;
    let seconds = asked_for("SIMOFF_TEST_OUTAGE_SECONDS", 3);
    let fake = Fake::start().await;
    let bot = Bot::start_as(&fake, mode);
    let people: Vec<Chat> = (1..=PEOPLE).map(|id| fake.chat(id, "en")).collect();
    join_all(people.iter().map(|chat| chat.say("/start"))).await;
    fake.confirmed().await;
    crate::telegram::wait_until_said(&bot).await;
    // Everybody answers three questions in words and asks for all answers; the line goes down in the middle of it.
    let words = ["nar", "in my own name", "kept", "/answers"];
    for (place, text) in words.into_iter().enumerate() {
        if place == 1 {
            fake.set_down(true);
        }
        for chat in &people {
            chat.post(text);
        }
    }
    tokio::time::sleep(Duration::from_secs(seconds)).await;
    fake.set_down(false);
    let back = Instant::now();
    fake.confirmed().await;
    join_all(people.iter().map(|chat| chat.until_last_says("SIM state = Kept"))).await;
    println!("{mode:?}: {PEOPLE} people have their screens {:?} after an outage of {seconds} s", back.elapsed());
    crate::telegram::wait_until_said(&bot).await;
    let order = ["Which operator", "In whose name", "What state", "What about the balance", "Your answers"];
    for chat in &people {
        let messages = chat.messages();
        assert_eq!(messages.len(), order.len(), "once: {messages:#?}");
        for (message, part) in messages.iter().zip(order) {
            assert!(message.text.contains(part), "in order: {part:?} is not in {message:#?}");
        }
    }
    assert_eq!(fake.violations(), Vec::<String>::new());
}

/// People who tap in a closed loop, while announcements wait for everybody else.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_limit_is_broken_by_a_crowd_and_announcements_together() {
    let seconds = asked_for("SIMOFF_TEST_CROWD_SECONDS", 10);
    let (crowd, told) = (asked_for("SIMOFF_TEST_CROWD", 50), asked_for("SIMOFF_TEST_ANNOUNCEMENTS", 500));
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("bot.db").display())).await.unwrap();
    let waiting = (0..told).map(|number| {
        let mut session = crate::guide::usual(&[]);
        session.shown = vec!["a_step_of_last_year".into()];
        let chat = i64::try_from(10_000 + number).unwrap();
        fake.chat(chat, "en").open();
        let turn = Turn::of(format!("telegram:{chat}"), jiff::Timestamp::now());
        let body = serde_json::to_string(&session).unwrap();
        store.commit(Turn { session: SessionChange::Write(body), ..turn })
    });
    join_all(waiting).await;
    drop(store);
    let bot = Bot::start_with(folder, &fake, Mode::Webhook, &[("SIMOFF_ADMINS", "1")]);
    let people: Vec<Chat> = (1..=i64::try_from(crowd).unwrap()).map(|id| fake.chat(id, "en")).collect();
    people[0].say("/start").await;
    people[0].say("/announce").await;
    people[0].press("Tell them");
    let end = Instant::now() + Duration::from_secs(seconds);
    let talks = people[1..].iter().map(|chat| async move {
        chat.say("/start").await;
        let mut taps = 0;
        while Instant::now() < end {
            let before = chat.revision();
            tap(chat);
            chat.answer_after(before).await;
            taps += 1;
        }
        taps
    });
    let taps: usize = join_all(talks).await.into_iter().sum();
    let announced =
        (0..told).filter(|number| !fake.chat(i64::try_from(10_000 + number).unwrap(), "en").messages().is_empty());
    println!(
        "{crowd} people tapped {taps} times in {seconds} s, {} of {told} announcements left meanwhile",
        announced.count()
    );
    assert!(taps > 0 && !fake.calls().is_empty());
    assert_eq!(fake.violations(), Vec::<String>::new(), "never 429");
    drop(bot);
}
