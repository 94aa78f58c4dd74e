//! Reminders: a pushed clock for what typed times mean, the real bot for what arrives, and kills for what is lost.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;
use simoff::conversation::{Conversation, IncomingMessage};
use simoff::dialogues::{Source, load};
use simoff::engine::reply::{Fired, Note, View};
use simoff::engine::session::{About, Item, Reminder, Session};
use simoff::engine::when::{Due, Preset, TimeError, When};
use simoff::engine::{Input, Press, Show};
use simoff::store::{SessionChange, Store, Turn};

use crate::fake_telegram::{Fake, Fault};
use crate::guide::usual;
use crate::talk::{dialogue, turn_at};
use crate::telegram::{Bot, ask, expect, wait_until_said};

/// Somebody in a zone, with a plan.
fn somebody(zone: &str) -> Session {
    Session { zone: Some(zone.into()), ..usual(&[]) }
}

/// What a typed time comes to: the instant in the zone, or the trouble.
fn check(zone: &str, now: &str, language: &str, text: &str, expected: &str) {
    let now: Timestamp = now.parse().unwrap();
    let (asked, _) = press(somebody(zone), Press::Remind { about: About::Hotline, preset: None, replaces: None }, now);
    let (session, reply) = turn_at(language, asked, &Input::Text(text.into()), now);
    let trouble =
        reply.notes.iter().find_map(|note| if let Note::TimeError(trouble) = note { Some(trouble) } else { None });
    let got = match (session.reminders.first(), trouble) {
        (Some(reminder), _) => {
            let zone = session.time_zone(zone);
            reminder.due.instant(&zone).to_zoned(zone).strftime("%Y-%m-%d %H:%M:%S").to_string()
        }
        (None, Some(TimeError::Ambiguous(choices))) => {
            let zone = session.time_zone(zone);
            let choice = |second: &i64| {
                Timestamp::from_second(*second).unwrap().to_zoned(zone.clone()).strftime("%d %H:%M").to_string()
            };
            choices.iter().map(choice).collect::<Vec<_>>().join(" or ")
        }
        (None, Some(trouble)) => format!("{trouble:?}"),
        (None, None) => "not a time".into(),
    };
    assert_eq!(got, expected, "{text:?} at {now} in {zone}");
    if session.reminders.is_empty() && got != "not a time" {
        assert!(matches!(reply.view, View::When { .. }), "after trouble the person is asked again: {reply:?}");
    }
}

fn press(session: Session, press: Press, now: Timestamp) -> (Session, simoff::engine::reply::Reply) {
    turn_at("zh-Hans", session, &Input::Pressed(press), now)
}

#[test]
fn typed_times_mean_what_a_person_means() {
    // Sunday, 17:00 in Shanghai, 13:00 in Baku.
    let now = "2026-11-22T09:00:00Z";
    for (text, expected) in [
        ("明天10点", "2026-11-23 10:00:00"),
        ("3天后", "2026-11-25 09:00:00"),
        ("10分钟后", "2026-11-22 17:10:00"),
        ("10秒后", "2026-11-22 17:00:10"),
        ("12-01 09:30", "2026-12-01 09:30:00"),
        ("2026-12-01 09:30", "2026-12-01 09:30:00"),
        ("2026/12/01 09:30", "2026-12-01 09:30:00"),
        ("12月1日上午9点半", "2026-12-01 09:30:00"),
        ("+90m", "2026-11-22 18:30:00"),
        ("两小时后", "2026-11-22 19:00:00"),
        ("半小时后", "2026-11-22 17:30:00"),
        ("1小时30分钟后", "2026-11-22 18:30:00"),
        ("一周后", "2026-11-29 09:00:00"),
        ("后天下午三点", "2026-11-24 15:00:00"),
        ("明天早上", "2026-11-23 09:00:00"),
        ("今晚8点", "2026-11-22 20:00:00"),
        ("晚上", "2026-11-22 19:00:00"),
        ("下周一", "2026-11-23 09:00:00"),
        ("周三 9:30", "2026-11-25 09:30:00"),
        ("周日", "2026-11-29 09:00:00"),
        ("23:59", "2026-11-22 23:59:00"),
        ("明天0点", "2026-11-23 00:00:00"),
        ("8点", "22 20:00 or 23 08:00"),
        ("16:00", "2026-11-23 16:00:00"),
        // What cannot be, each with a sentence of its own.
        ("2026-02-30", "NoSuchDay"),
        ("02-30", "NoSuchDay"),
        ("13-13", "NoSuchDay"),
        ("25:00", "NoSuchTime"),
        ("明天99点", "NoSuchTime"),
        ("-5m", "Past"),
        ("今天8点", "Past"),
        ("2020-01-01", "Past"),
        ("9999-01-01", "TooFar"),
        ("400天后", "TooFar"),
        ("99999999999999999分钟后", "TooFar"),
        ("0分钟后", "Past"),
        ("很快", "not a time"),
        ("1 2 3 4", "not a time"),
    ] {
        check("Asia/Shanghai", now, "zh-Hans", text, expected);
    }
    for (text, expected) in [
        ("in 2 hours", "2026-11-22 15:00:00"),
        ("tomorrow 9am", "2026-11-23 09:00:00"),
        ("tomorrow at nine", "2026-11-23 09:00:00"),
        ("tomorrow at 9:15 pm", "2026-11-23 21:15:00"),
        ("in three days", "2026-11-25 09:00:00"),
        ("next monday", "2026-11-23 09:00:00"),
        ("friday at 5pm", "2026-11-27 17:00:00"),
        ("noon", "2026-11-23 12:00:00"),
        ("12am", "2026-11-23 00:00:00"),
        ("12pm", "2026-11-23 12:00:00"),
        ("this evening", "2026-11-22 19:00:00"),
        ("in an hour", "2026-11-22 14:00:00"),
        ("9", "not a time"),
    ] {
        check("Asia/Baku", now, "en", text, expected);
    }
}

#[test]
fn times_are_understood_in_every_language() {
    let now = "2026-11-22T09:00:00Z";
    for (language, text, expected) in [
        ("ru", "завтра в 10", "2026-11-23 10:00:00"),
        ("ru", "завтра в девять часов", "2026-11-23 09:00:00"),
        ("ru", "через 3 дня", "2026-11-25 09:00:00"),
        ("ru", "через два часа", "2026-11-22 15:00:00"),
        ("ru", "через 10 минут", "2026-11-22 13:10:00"),
        ("ru", "в пятницу 9:30", "2026-11-27 09:30:00"),
        ("az", "sabah saat 10", "2026-11-23 10:00:00"),
        ("az", "3 gün sonra", "2026-11-25 09:00:00"),
        ("az", "iki saat sonra", "2026-11-22 15:00:00"),
        ("az", "10 dəqiqə sonra", "2026-11-22 13:10:00"),
        ("az", "cümə 9:30", "2026-11-27 09:30:00"),
    ] {
        check("Asia/Baku", now, language, text, expected);
    }
}

#[test]
fn the_calendar_has_its_corners() {
    // Berlin skips 02:00–03:00 on 28 March 2027 and repeats it on 31 October 2027.
    check("Europe/Berlin", "2027-03-27T12:00:00Z", "en", "tomorrow 2:30", "2027-03-28 03:30:00");
    check("Europe/Berlin", "2027-03-27T12:00:00Z", "en", "tomorrow 9am", "2027-03-28 09:00:00");
    check("Europe/Berlin", "2027-10-30T12:00:00Z", "en", "tomorrow 2:30", "2027-10-31 02:30:00");
    check("Europe/Berlin", "2027-10-30T12:00:00Z", "en", "in 24 hours", "2027-10-31 13:00:00");
    // Leap days.
    check("Asia/Baku", "2027-12-01T00:00:00Z", "en", "02-29", "2028-02-29 09:00:00");
    check("Asia/Baku", "2026-12-01T00:00:00Z", "en", "02-29", "TooFar");
    check("Asia/Baku", "2027-03-01T00:00:00Z", "en", "2027-02-29", "NoSuchDay");
    // The year's end, and the day's.
    check("Asia/Baku", "2026-12-31T19:59:00Z", "en", "in 2 minutes", "2027-01-01 00:01:00");
    check("Asia/Baku", "2026-12-31T08:00:00Z", "en", "01-01 10:00", "2027-01-01 10:00:00");
    check("Asia/Baku", "2026-12-31T19:58:00Z", "zh-Hans", "23:59", "2026-12-31 23:59:00");
    check("Asia/Baku", "2026-12-31T19:59:30Z", "zh-Hans", "23:59", "2027-01-01 23:59:00");
}

/// A session with one reminder.
fn with_reminder(about: About, when: When, exact: bool, zone: &str) -> Session {
    let mut session = somebody(zone);
    session.remind(about, Due { when, exact }, None);
    session
}

#[test]
fn quiet_hours_move_only_what_was_not_set_to_the_minute() {
    let zone = jiff::tz::TimeZone::get("Asia/Baku").unwrap();
    let at = |civil: &str, exact| {
        let due = Due { when: When::Civil(civil.parse().unwrap()), exact };
        due.instant(&zone).to_zoned(zone.clone()).strftime("%d %H:%M").to_string()
    };
    for (civil, moved) in [
        ("2026-11-22T21:59:00", "22 21:59"),
        ("2026-11-22T22:00:00", "23 08:00"),
        ("2026-11-22T23:30:00", "23 08:00"),
        ("2026-11-23T00:00:00", "23 08:00"),
        ("2026-11-23T07:59:00", "23 08:00"),
        ("2026-11-23T08:00:00", "23 08:00"),
    ] {
        assert_eq!(at(civil, false), moved, "{civil}");
        assert_eq!(at(civil, true), civil.replace('T', " ")[8..16], "{civil} to the minute");
    }
    // "In an hour", tapped at half past nine in the evening.
    let now: Timestamp = "2026-11-22T17:30:00Z".parse().unwrap();
    let tap = Press::Remind { about: About::Hotline, preset: Some(Preset::Hour), replaces: None };
    let (session, _) = press(somebody("Asia/Baku"), tap, now);
    let due = session.reminders[0].due.instant(&zone).to_zoned(zone.clone());
    assert_eq!(due.strftime("%d %H:%M").to_string(), "23 08:00");
}

#[test]
fn a_new_zone_moves_civil_times_and_leaves_spans_alone() {
    let civil = When::Civil("2026-12-01T09:30:00".parse().unwrap());
    let mut session = with_reminder(About::Hotline, civil, true, "Asia/Shanghai");
    session.remind(About::Papers, Due { when: When::Instant(1_796_000_000), exact: true }, None);
    let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let dues = |session: &Session| {
        let zone = session.time_zone("UTC");
        session.reminders.iter().map(|reminder| reminder.due.instant(&zone).to_string()).collect::<Vec<_>>()
    };
    assert_eq!(dues(&session)[0], "2026-12-01T01:30:00Z");
    let span = dues(&session)[1].clone();
    let (session, _) = press(session, Press::Zone("berlin".into()), now);
    assert_eq!(dues(&session), ["2026-12-01T08:30:00Z".to_owned(), span]);
    // A shared place chooses the nearest zone, which the person confirms.
    let (session, reply) = turn_at("zh-Hans", session, &Input::Located { north: 40, east: 49 }, now);
    let baku = dialogue().graph.zones.iter().position(|zone| zone.id.name == "baku");
    assert_eq!(reply.view, View::Zones { guess: baku });
    assert_eq!(session.zone.as_deref(), Some("Europe/Berlin"), "nothing is changed before that");
}

#[test]
fn the_zone_is_asked_once_and_the_wish_is_not_lost() {
    let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let nowhere = || Session { zone: None, ..somebody("UTC") };
    let typed = turn_at("zh-Hans", nowhere(), &Input::Text("明天10点提醒我打电话".into()), now);
    let tapped =
        press(nowhere(), Press::Remind { about: About::Hotline, preset: Some(Preset::Tomorrow), replaces: None }, now);
    for (asked, reply) in [typed, tapped] {
        assert!(matches!(reply.view, View::Zones { guess: Some(_) }), "{reply:?}");
        for answer in
            [Input::Text("对".into()), Input::Pressed(Press::Zone("beijing".into())), Input::Text("上海".into())]
        {
            let (session, reply) = turn_at("zh-Hans", asked.clone(), &answer, now);
            assert_eq!(session.zone.as_deref(), Some("Asia/Shanghai"));
            assert_eq!(session.reminders.len(), 1, "{answer:?} {reply:?}");
            assert_eq!(session.reminders[0].about, About::Hotline);
        }
    }
    // A span of minutes needs no zone, so nobody is asked.
    let (session, _) = turn_at("zh-Hans", nowhere(), &Input::Text("10分钟后提醒我".into()), now);
    assert_eq!(session.reminders.len(), 1);
    // Without a subject it is about the next step.
    assert_eq!(session.reminders[0].about, About::Step("back_up".into()));
}

#[test]
fn when_the_time_comes_the_plan_is_derived_again() {
    let due = When::Instant(1_790_000_000);
    let now = Timestamp::from_second(1_790_000_000).unwrap();
    let fire = |session: Session, now| turn_at("zh-Hans", session, &Input::Due, now);
    let fired = |about, late| View::Reminded(vec![Fired { about, late }]);
    let step = About::Step("visit_store".into());

    // Not yet; now; and then never again.
    let session = with_reminder(step.clone(), due, true, "Asia/Baku");
    let early = Timestamp::from_second(1_789_999_999).unwrap();
    assert_eq!(
        fire(session.clone(), early),
        (session.clone(), simoff::engine::reply::Reply { notes: vec![], view: View::Silence })
    );
    let (after, reply) = fire(session.clone(), now);
    assert_eq!(reply.view, fired(step.clone(), false));
    assert_eq!(fire(after, now).1.view, View::Silence);

    // Done, or gone from the plan: silent.
    let mut done = session.clone();
    done.set_tick(Item::Step("visit_store".into()), true);
    assert_eq!(fire(done, now).1.view, View::Silence);
    let mut gone = session.clone();
    gone.answers.insert("way".into(), ["online".to_owned()].into());
    assert_eq!(fire(gone, now).1.view, View::Silence);

    // The papers that are missing now.
    let mut papers = with_reminder(About::Papers, due, true, "Asia/Baku");
    assert_eq!(fire(papers.clone(), now).1.view, fired(About::Papers, false));
    for paper in ["identity", "residence", "sim", "receipt"] {
        papers.set_tick(Item::Paper(paper.into()), true);
    }
    assert_eq!(fire(papers, now).1.view, View::Silence);

    // Late after a downtime: marked, and several become one.
    let mut many = session;
    many.remind(About::Hotline, Due { when: When::Instant(1_790_000_100), exact: true }, None);
    many.remind(About::Hotline, Due { when: When::Instant(1_790_000_200), exact: true }, None);
    let tomorrow = Timestamp::from_second(1_790_086_400).unwrap();
    let (after, reply) = fire(many, tomorrow);
    assert_eq!(
        reply.view,
        View::Reminded(vec![Fired { about: step, late: true }, Fired { about: About::Hotline, late: true },])
    );
    assert!(after.reminders.is_empty());
}

#[test]
fn reminders_are_listed_moved_and_cancelled() {
    let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let civil = When::Civil("2026-12-01T09:30:00".parse().unwrap());
    let session = with_reminder(About::Hotline, civil, true, "Asia/Baku");
    let (session, reply) = press(
        session,
        Press::Remind { about: About::Hotline, preset: Some(Preset::ThreeDays), replaces: Some(1) },
        now,
    );
    assert_eq!(session.reminders.len(), 1, "moved, not doubled: {reply:?}");
    let (session, reply) = press(session, Press::Show(Show::Reminder("1".into())), now);
    assert_eq!(reply.view, View::Reminder(1));
    let (session, reply) = press(session, Press::CancelReminder(1), now);
    assert_eq!((session.reminders.len(), reply.notes), (0, vec![Note::ReminderCancelled]));
    let (_, reply) = press(session, Press::Calendar(1), now);
    assert_eq!(reply.notes, vec![Note::ReminderGone]);
    // There is a limit, and it is said.
    let mut full = somebody("Asia/Baku");
    while full.remind(About::Hotline, Due { when: civil, exact: true }, None).is_some() {}
    let (_, reply) =
        press(full, Press::Remind { about: About::Papers, preset: Some(Preset::Tomorrow), replaces: None }, now);
    assert_eq!(reply.notes, vec![Note::TooManyReminders]);
}

#[test]
fn the_bot_offers_a_reminder_where_there_is_something_to_wait_for() {
    let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    let mut session = somebody("Asia/Baku");
    session.answers.insert("way".into(), ["online".to_owned()].into());
    let tick = Press::Tick { item: Item::Step("cancel_online".into()), on: true, from: None };
    let (_, reply) = press(session, tick, now);
    assert!(reply.notes.iter().any(|note| matches!(note, Note::Offer(_))), "{reply:?}");
}

#[test]
fn the_calendar_file_is_one() {
    use ical::parser::Component;
    let now: Timestamp = "2026-11-22T09:00:00Z".parse().unwrap();
    for (language, zone, title, start) in [
        ("zh-Hans", "Asia/Shanghai", "去营业厅注销", "20261201T013000Z"),
        ("en", "Europe/Berlin", "Cancel in the store", "20261201T083000Z"),
    ] {
        let civil = When::Civil("2026-12-01T09:30:00".parse().unwrap());
        let session = with_reminder(About::Step("visit_store".into()), civil, true, zone);
        let (session, reply) = turn_at(language, session, &Input::Pressed(Press::Calendar(1)), now);
        let file = simoff::render::screen(dialogue(), language, &session, &reply, now).file.expect("a file");
        check_ics(&file.text, title, start);
        assert_eq!(file.name, "simoff-1.ics");
        let parsed = ical::IcalParser::new(file.text.as_bytes()).next().unwrap().unwrap();
        assert!(parsed.events[0].get_property("DTSTAMP").is_some());
    }
}

/// Reads a calendar file with a parser that is not ours.
fn check_ics(text: &str, title: &str, start: &str) {
    use ical::parser::Component;
    assert!(text.split("\r\n").all(|line| line.len() <= 75), "folded lines");
    let calendars: Vec<_> = ical::IcalParser::new(text.as_bytes()).collect::<Result<_, _>>().unwrap();
    assert_eq!(calendars.len(), 1);
    let event = &calendars[0].events[0];
    let value = |name: &str| event.get_property(name).and_then(|property| property.value.clone()).unwrap_or_default();
    assert_eq!(value("DTSTART"), start);
    assert!(start.ends_with('Z') && calendars[0].timezones.is_empty(), "in UTC");
    assert_eq!(value("SUMMARY"), title);
    assert!(value("UID").ends_with("@simoff") && !value("DESCRIPTION").is_empty());
    assert_eq!(event.alarms[0].get_property("ACTION").unwrap().value.as_deref(), Some("DISPLAY"));
}

// ---- the real bot ---------------------------------------------------------------------------------------------------

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reminder_arrives_with_its_buttons() {
    let fake = Fake::start().await;
    let bot = Bot::start(&fake);
    let chat = fake.chat(21, "zh-hans");
    chat.say("/start").await;
    expect(&chat.say("/remind").await, &["提醒你什么", "1. 联系运营商"]);
    expect(&chat.tap("1").await, &["什么时候提醒「联系运营商」"]);
    let asked = std::time::Instant::now();
    expect(&chat.say("3秒后").await, &["到时提醒你「联系运营商」", "巴库是"]);
    chat.until_last_says("该联系运营商了").await;
    println!("asked for 3 s, arrived after {:.2} s", asked.elapsed().as_secs_f64());
    assert!(asked.elapsed() >= Duration::from_secs(3), "never early");
    let reminder = chat.last();
    expect(&reminder, &["*1111", "不要拨"]);
    let labels: Vec<&str> = reminder.buttons.iter().map(|(label, _)| label.as_str()).collect();
    for label in ["这步做完了", "一小时后", "明天早上", "不用了"] {
        assert!(labels.iter().any(|known| known.contains(label)), "{label} is not in {labels:?}");
    }
    // Snooze: the zone is asked once, then it is set.
    expect(&chat.tap("明天早上").await, &["你现在在哪里", "北京"]);
    expect(&chat.tap("对").await, &["到时提醒你「联系运营商」", "09:00(北京),巴库是 05:00"]);
    expect(&chat.say("/reminders").await, &["你的提醒", "09:00(北京)"]);
    chat.tap("1").await;
    let revision = chat.revision();
    chat.press("存成日历文件");
    chat.answer_after(revision + 1).await;
    let (name, text) = fake.documents(21)[0].clone();
    assert_eq!(name, "simoff-1.ics".replace('1', &name[7..name.len() - 4]));
    let start = text.lines().find_map(|line| line.strip_prefix("DTSTART:")).unwrap().trim().to_owned();
    assert!(start.ends_with("T010000Z"), "09:00 in Beijing is {start}");
    check_ics(&text, "联系运营商", &start);
    // A shared place: only a guess, to be confirmed.
    let revision = chat.revision();
    chat.post_message(serde_json::json!({"location": {"latitude": 52.5, "longitude": 13.4}}));
    expect(&chat.answer_after(revision).await, &["柏林"]);
    expect(&chat.tap("对").await, &["按柏林时间"]);
    expect(&chat.say("/reminders").await, &["09:00(柏林)"]);
    assert_eq!(fake.violations(), Vec::<String>::new());
    drop(bot);
}

/// A database with people who have one reminder each.
async fn prepare(url: &str, people: impl Iterator<Item = (i64, i64)>) {
    let store = Store::open(url).await.unwrap();
    for (chat, due) in people {
        let mut session = Session { zone: Some("Asia/Baku".into()), speaks: Some("en".into()), ..Session::default() };
        let due_at = Due { when: When::Instant(due), exact: true };
        session.reminders.push(Reminder { number: 1, about: About::Hotline, due: due_at });
        let turn = Turn {
            session: SessionChange::Write(serde_json::to_string(&session).unwrap()),
            due_at: Some(due),
            ..Turn::of(format!("telegram:{chat}"), Timestamp::from_second(due - 10).unwrap())
        };
        store.commit(turn).await.unwrap();
    }
    store.flush().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_keeps_the_platforms_rate_and_a_tap_does_not_wait_for_it() {
    const PEOPLE: i64 = 120;
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let due = Timestamp::now().as_second() - 1;
    for chat in 0..PEOPLE {
        fake.chat(1000 + chat, "en").open();
    }
    prepare(&format!("sqlite:{}", folder.path().join("bot.db").display()), (0..PEOPLE).map(|chat| (1000 + chat, due)))
        .await;
    let _bot = Bot::start_in(folder, &fake);
    fake.chat(1000, "en").until_last_says("Time to contact the operator").await;
    // In the middle of the burst somebody taps: answered before the burst has drained.
    let chat = fake.chat(7, "en");
    let started = std::time::Instant::now();
    chat.say("/start").await;
    chat.tap("Nar").await;
    let waited = started.elapsed();
    let sent = fake.calls().iter().filter(|call| *call == "sendmessage").count();
    println!("a message and a tap answered in {waited:?}, after {sent} of {PEOPLE} reminders");
    assert!(sent < usize::try_from(PEOPLE).unwrap(), "the answers overtook the reminders");
    for chat in 0..PEOPLE {
        fake.chat(1000 + chat, "en").until_last_says("Time to contact the operator").await;
    }
    assert_eq!(fake.violations(), Vec::<String>::new(), "no 429");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reminders_end_for_somebody_who_blocked_the_bot() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("bot.db").display());
    let now = Timestamp::now().as_second();
    fake.chat(5, "en").open();
    prepare(&url, [(5, now - 1)].into_iter()).await;
    {
        // A second reminder, tomorrow.
        let store = Store::open(&url).await.unwrap();
        let loaded = load(&Source::embedded(), "2026-11-23".parse().unwrap()).dialogue.unwrap();
        let conversation = Conversation::new(loaded, store);
        let input =
            Input::Pressed(Press::Remind { about: About::Papers, preset: Some(Preset::Tomorrow), replaces: None });
        let incoming = IncomingMessage::new("telegram:5", input);
        let message = conversation.handle(&incoming, Timestamp::from_second(now - 5).unwrap()).await.unwrap().unwrap();
        conversation.acknowledge(&message.person, message.id).await.unwrap();
        conversation.store().flush().await;
    }
    fake.fail("sendmessage", [Fault::Forbidden]);
    let bot = Bot::start_in(folder, &fake);
    for _ in 0..500 {
        let due: Option<i64> = ask(&bot.database(), "SELECT due_at FROM session WHERE person = 'telegram:5'");
        let left: i64 = ask(&bot.database(), "SELECT count(*) FROM outbox");
        if due.is_none() && left == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("the reminders of somebody unreachable go on: {}", bot.log());
}

/// How often the bot is killed; `SIMOFF_TEST_KILLS=200` for a long run.
#[expect(clippy::disallowed_methods, reason = "the length of a test run is asked for by the environment")]
fn kills() -> i64 {
    std::env::var("SIMOFF_TEST_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(15)
}

/// Kills the bot at random moments while reminders come due: none is lost, and each is in the outbox exactly once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_kills_lose_no_reminder() {
    let kills = kills();
    let people = kills * 2;
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("bot.db").display());
    let now = Timestamp::now().as_second();
    for chat in 0..people {
        fake.chat(2000 + chat, "en").open();
    }
    // Two a kill, spread over the time that the kills take.
    prepare(&url, (0..people).map(|chat| (2000 + chat, now + 1 + chat / 3))).await;
    let mut bot = Bot::start_in(folder, &fake);
    let mut random: u64 = 0x5EED;
    let mut calls = 0;
    for _ in 0..kills {
        fake.call_after("getme", calls).await;
        calls = fake.calls().iter().filter(|call| *call == "getme").count();
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        tokio::time::sleep(Duration::from_micros((random >> 33) % 400_000)).await;
        bot.kill();
        bot.restart();
    }
    for chat in 0..people {
        fake.chat(2000 + chat, "en").until_last_says("contact the operator").await;
    }
    wait_until_said(&bot).await;
    let written: i64 = ask(&bot.database(), "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'");
    let seen: usize = (0..people).map(|chat| fake.chat(2000 + chat, "en").messages().len()).sum();
    println!("{kills} kills, {people} reminders: {written} in the outbox, {seen} arrived");
    assert_eq!(written, people, "each exactly once in the outbox");
    // At least once: what was sent in the moment of a kill, and not yet struck off, is sent again.
    assert!(seen >= usize::try_from(people).unwrap());
    let left: Value = ask::<i64>(&bot.database(), "SELECT count(*) FROM session WHERE due_at IS NOT NULL").into();
    assert_eq!(left, 0);
    assert_eq!(fake.violations(), Vec::<String>::new());
}
