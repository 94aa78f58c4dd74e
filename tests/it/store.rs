//! One story of the store, told to both databases.

use jiff::Timestamp;
use rusqlite::Connection;
use simoff::store::{Backlog, CommitResult, Heartbeat, OpenError, OutboxRow, SessionChange, Store, Turn, copy};

use crate::postgres::Database;

fn turn(person: &str, update: i64, session: Option<&str>, say: &[&str]) -> Turn {
    Turn {
        updates: vec![update],
        session: session.map_or(SessionChange::Delete, |body| SessionChange::Write(body.to_owned())),
        say: say.iter().map(|text| (*text).to_owned()).collect(),
        ..Turn::of(person, at(0))
    }
}

/// So many seconds into the story.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

const DAY: i64 = 24 * 60 * 60;

/// What waits for somebody.
async fn waiting(store: &Store, person: &str) -> Vec<String> {
    store.flush().await;
    store.stored_data(person).await.unwrap().waiting
}

/// The rows of a turn that is ours to say.
fn ours(committed: CommitResult) -> Vec<i64> {
    let CommitResult::Done { ids, ours: true } = committed else { panic!("{committed:?}") };
    ids
}

#[tokio::test]
async fn the_story_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    the_story(&format!("sqlite:{}", folder.path().join("story.db").display())).await;
}

#[tokio::test]
async fn the_story_on_a_server() {
    let Some(database) = Database::create().await else { return };
    the_story(&database.url()).await;
}

async fn the_story(url: &str) {
    let store = Store::open(url).await.unwrap();

    // Nobody is known, nothing waits.
    assert_eq!(store.stored_session("p:1", Some(1)).await.unwrap().session, None);
    assert_eq!(store.stored_session("p:1", Some(1)).await.unwrap().version, 0);
    assert_eq!(waiting(&store, "p:1").await, Vec::<String>::new());

    // A turn is all or nothing, and known at once.
    let ids = ours(store.commit(turn("p:1", 1, Some("{}"), &["a", "b"])).await.unwrap());
    assert_eq!(ids.len(), 2);
    let known = store.stored_session("p:1", Some(1)).await.unwrap();
    assert_eq!((known.session.as_deref(), known.processed), (Some("{}"), true));

    // The same update again changes nothing, though it says otherwise.
    assert_eq!(store.commit(turn("p:1", 1, Some("other"), &["c"])).await.unwrap(), CommitResult::Duplicate);
    assert_eq!(store.stored_session("p:1", None).await.unwrap().session.as_deref(), Some("{}"));

    // Several updates in one turn: where one of them was processed before, nothing is changed, and the others may come again.
    let several = |updates: &[i64], say: &[&str]| Turn { updates: updates.to_vec(), ..turn("p:0", 0, None, say) };
    assert_eq!(store.commit(several(&[12, 1, 11], &["no"])).await.unwrap(), CommitResult::Duplicate);
    for update in [11, 12] {
        assert!(!store.stored_session("p:0", Some(update)).await.unwrap().processed);
    }
    assert_eq!(ours(store.commit(several(&[12, 11, 12], &[])).await.unwrap()).len(), 0);
    for update in [11, 12] {
        assert_eq!(store.commit(several(&[update], &["no"])).await.unwrap(), CommitResult::Duplicate);
    }
    assert_eq!(waiting(&store, "p:0").await, Vec::<String>::new());

    // Two people at once; each keeps their order.
    let (left, right) = tokio::join!(
        store.commit(turn("p:2", 2, Some("two"), &["x"])),
        store.commit(turn("p:1", 3, Some("one"), &["d"])),
    );
    assert_eq!((ours(left.unwrap()).len(), ours(right.unwrap()).len()), (1, 1));
    assert_eq!(waiting(&store, "p:1").await, ["a", "b", "d"]);

    // A turn is made from a state of the session. Where that is no longer the latest, nothing is changed.
    let version = store.stored_session("p:1", None).await.unwrap().version;
    let late = |expected_version, update| Turn {
        expected_version: Some(expected_version),
        ..turn("p:1", update, Some("late"), &["late"])
    };
    assert_eq!(store.commit(late(version - 1, 60)).await.unwrap(), CommitResult::Conflict);
    assert_eq!(store.commit(late(0, 60)).await.unwrap(), CommitResult::Conflict);
    assert_eq!(store.stored_session("p:1", Some(60)).await.unwrap().session.as_deref(), Some("one"));
    assert!(!store.stored_session("p:1", Some(60)).await.unwrap().processed, "it may come again");
    let known = |update| Turn { expected_version: Some(version), ..turn("p:1", update, Some("one"), &[]) };
    ours(store.commit(known(61)).await.unwrap());
    assert_eq!(store.commit(known(62)).await.unwrap(), CommitResult::Conflict, "the first has overtaken the second");
    let first = |update| Turn { expected_version: Some(0), ..turn("p:8", update, Some("{}"), &[]) };
    ours(store.commit(first(63)).await.unwrap());
    assert_eq!(store.commit(first(64)).await.unwrap(), CommitResult::Conflict);
    ours(store.commit(turn("p:8", 65, None, &[])).await.unwrap());

    // What was said leaves the outbox; the rest survives a restart.
    for id in ids {
        assert_eq!(store.acknowledge("p:1", id).await.unwrap(), []);
    }
    store.flush().await;
    drop(store);
    let store = Store::open(url).await.unwrap();
    assert_eq!(waiting(&store, "p:1").await, ["d"]);
    assert_eq!(waiting(&store, "p:2").await, ["x"]);

    // Somebody about whom there is nothing to keep still gets every answer.
    store.commit(turn("p:5", 20, None, &["first"])).await.unwrap();
    store.commit(turn("p:5", 21, None, &["second"])).await.unwrap();
    assert_eq!(waiting(&store, "p:5").await, ["first", "second"]);

    // Forgetting takes the session and what still waits, and says goodbye.
    store.commit(Turn { forget: true, ..turn("p:1", 4, None, &["bye"]) }).await.unwrap();
    assert_eq!(store.stored_session("p:1", None).await.unwrap().session, None);
    assert_eq!(waiting(&store, "p:1").await, ["bye"]);

    // What is due is claimed once, by whoever comes first, for ten seconds; a new turn ends the claim.
    let mut reminded = turn("p:4", 5, Some("{}"), &[]);
    reminded.due_at = Some(1_790_000_000 + 10);
    store.commit(reminded.clone()).await.unwrap();
    assert_eq!(store.next_due("p:").await.unwrap(), Some(1_790_000_010));
    assert_eq!(store.next_due("q:").await.unwrap(), None);
    assert_eq!(store.claim_due("p:", at(9)).await.unwrap(), Vec::<String>::new());
    assert_eq!(store.claim_due("q:", at(10)).await.unwrap(), Vec::<String>::new());
    assert_eq!(store.claim_due("p:", at(10)).await.unwrap(), ["p:4"]);
    assert_eq!(store.claim_due("p:", at(11)).await.unwrap(), Vec::<String>::new());
    assert_eq!(store.next_due("p:").await.unwrap(), Some(1_790_000_020));
    assert_eq!(store.claim_due("p:", at(20)).await.unwrap(), ["p:4"]);
    reminded.updates = vec![6];
    reminded.due_at = None;
    store.commit(reminded).await.unwrap();
    assert_eq!(store.claim_due("p:", at(500)).await.unwrap(), Vec::<String>::new());

    // A turn may leave the session alone, and still say something.
    ours(store.commit(Turn { session: SessionChange::Keep, ..turn("p:4", 7, None, &["aside"]) }).await.unwrap());
    assert_eq!(store.stored_session("p:4", None).await.unwrap().session.as_deref(), Some("{}"));

    // A recovery code leads to the session of today, from anywhere, once; a newer one ends it.
    let with_code =
        |update, code: &str| Turn { code: Some(code.into()), ..turn("p:4", update, Some("{\"4\":1}"), &[]) };
    store.commit(with_code(30, "old")).await.unwrap();
    store.commit(with_code(31, "new")).await.unwrap();
    assert_eq!(store.redeemable("old", at(0)).await.unwrap(), None);
    assert_eq!(store.redeemable("new", at(179 * DAY)).await.unwrap().as_deref(), Some("{\"4\":1}"));
    assert_eq!(store.redeemable("new", at(180 * DAY)).await.unwrap(), None);
    assert_eq!(store.stored_data("p:4").await.unwrap().code_made_at, Some(1_790_000_000));
    let redeem = |update| Turn { redeems: Some("new".into()), ..turn("p:6", update, Some("{\"4\":1}"), &["back"]) };
    ours(store.commit(redeem(32)).await.unwrap());
    assert_eq!(store.commit(redeem(33)).await.unwrap(), CommitResult::Conflict);
    assert!(
        !store.stored_session("p:6", Some(33)).await.unwrap().processed,
        "it was not processed, so it may come again"
    );
    assert_eq!(store.stored_session("p:4", None).await.unwrap().session, None, "the talk has moved");
    let everything = store.stored_data("p:6").await.unwrap();
    assert_eq!(everything.session, Some(("{\"4\":1}".into(), 1_790_000_000)));
    assert_eq!((everything.waiting, everything.code_made_at), (vec!["back".into()], None));
    assert!(store.stored_data("p:4").await.unwrap().waiting.is_empty(), "what waited there has gone with the talk");

    // Forgetting takes the code too.
    store.commit(Turn { code: Some("third".into()), ..turn("p:6", 34, Some("{}"), &[]) }).await.unwrap();
    store.commit(Turn { forget: true, ..turn("p:6", 35, None, &[]) }).await.unwrap();
    assert_eq!(store.redeemable("third", at(0)).await.unwrap(), None);
    assert_eq!(store.stored_data("p:6").await.unwrap().code_made_at, None);

    // What the program remembers about itself, and an update that nobody can handle.
    assert_eq!(store.setting("webhook").await.unwrap(), None);
    store.set("webhook", "a").await.unwrap();
    store.set("webhook", "b").await.unwrap();
    assert_eq!(store.setting("webhook").await.unwrap().as_deref(), Some("b"));
    store.mark_processed("p:", 40, at(0)).await.unwrap();
    assert!(store.stored_session("p:9", Some(40)).await.unwrap().processed);
    assert!(!store.stored_session("q:9", Some(40)).await.unwrap().processed, "another channel numbers its own updates");

    // Everybody, a page at a time, and what waits.
    let people: Vec<String> = store.people("p:", "").await.unwrap().into_iter().map(|row| row.0).collect();
    assert_eq!(people, ["p:2"]);
    assert_eq!(store.people("p:", "p:2").await.unwrap(), []);
    let waiting = store.backlog("p:").await.unwrap();
    assert_eq!(waiting, Backlog { rows: 4, oldest: Some(1_790_000_000), set_aside: 0 });

    // A page: what is said lies there until something takes its place. Nobody else's rows can be cleared from it.
    let elsewhere = store.waiting("p:2").await.unwrap().into_iter().chain(store.waiting("p:6").await.unwrap());
    let elsewhere: Vec<i64> = elsewhere.map(|waiting| waiting.id).collect();
    let on_page =
        |update, rows: &[i64], say: &[&str]| Turn { page: Some(rows.to_vec()), ..turn("q:1", update, Some("{}"), say) };
    let first = ours(store.commit(on_page(170, &[], &["a"])).await.unwrap());
    let cleared: Vec<i64> = first.iter().chain(&elsewhere).copied().collect();
    let second = ours(store.commit(on_page(171, &cleared, &["b"])).await.unwrap());
    let there = store.waiting("q:1").await.unwrap();
    assert_eq!(there.iter().map(|waiting| (waiting.id, waiting.body.as_str())).collect::<Vec<_>>(), [(second[0], "b")]);
    assert_eq!(store.backlog("p:").await.unwrap(), waiting);
    // The last screen of somebody who is forgotten stays for a week.
    store
        .commit(Turn { forget: true, session: SessionChange::Delete, ..on_page(172, &second, &["gone"]) })
        .await
        .unwrap();
    assert_eq!(store.backlog("q:").await.unwrap().rows, 1);

    // What is old goes: updates after a week, talks after four hundred days without a word or a reminder to come.
    let mut waits = turn("p:7", 50, Some("{}"), &[]);
    waits.due_at = Some(1_790_000_000 + 401 * DAY);
    store.commit(waits).await.unwrap();
    assert_eq!(store.expire(at(6 * DAY)).await.unwrap(), 0);
    assert!(store.stored_session("p:9", Some(40)).await.unwrap().processed);
    assert_eq!(store.backlog("q:").await.unwrap().rows, 1);
    assert_eq!(store.expire(at(8 * DAY)).await.unwrap(), 0);
    assert!(!store.stored_session("p:9", Some(40)).await.unwrap().processed);
    assert_eq!(store.backlog("q:").await.unwrap().rows, 0);
    assert_eq!(store.expire(at(401 * DAY)).await.unwrap(), 1);
    let people: Vec<String> = store.people("p:", "").await.unwrap().into_iter().map(|row| row.0).collect();
    assert_eq!(people, ["p:7"], "the one with a reminder stays");
}

#[tokio::test]
async fn what_is_set_aside_in_a_file_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    what_is_set_aside_is_tried_again(&format!("sqlite:{}", folder.path().join("story.db").display())).await;
}

#[tokio::test]
async fn what_is_set_aside_on_a_server_is_tried_again() {
    let Some(database) = Database::create().await else { return };
    what_is_set_aside_is_tried_again(&database.url()).await;
}

async fn what_is_set_aside_is_tried_again(url: &str) {
    const START: i64 = 1_790_000_000;
    let store = Store::open(url).await.unwrap();
    store.heartbeat("p:", &[], false).await.unwrap();
    let ids = ours(store.commit(turn("p:1", 1, Some("{}"), &["a", "b"])).await.unwrap());
    let other = ours(store.commit(turn("q:1", 2, Some("{}"), &["c"])).await.unwrap());
    // It is kept, out of the way of what is behind it, and not counted as waiting to be sent.
    assert_eq!(store.set_aside("p:1", ids[0], START + 100).await.unwrap(), []);
    assert_eq!(store.set_aside("q:1", other[0], START + 100).await.unwrap(), []);
    let backlog = store.backlog("p:").await.unwrap();
    assert_eq!(backlog, Backlog { rows: 1, oldest: Some(START), set_aside: 1 });
    assert_eq!(store.acknowledge("p:1", ids[1]).await.unwrap(), []);
    assert_eq!(waiting(&store, "p:1").await, ["a"]);
    // When its time has come it is an ordinary message again, once.
    assert_eq!(store.take_over_retries("p:", START + 99).await.unwrap(), []);
    let again = OutboxRow { id: ids[0], person: "p:1".into(), body: "a".into() };
    assert_eq!(store.take_over_retries("p:", START + 100).await.unwrap(), [again]);
    assert_eq!(store.take_over_retries("p:", START + 100).await.unwrap(), []);
    assert_eq!(store.backlog("p:").await.unwrap(), Backlog { rows: 1, oldest: Some(START), set_aside: 0 });
    assert_eq!(store.acknowledge("p:1", ids[0]).await.unwrap(), []);
    assert_eq!(waiting(&store, "p:1").await, Vec::<String>::new());
    // A restart tries everything again in a file; on a server, where others may have set it aside, its time counts.
    let later = ours(store.commit(turn("p:1", 3, Some("{}"), &["d"])).await.unwrap());
    assert_eq!(store.set_aside("p:1", later[0], START + 200).await.unwrap(), []);
    store.leave().await.unwrap();
    store.flush().await;
    drop(store);
    let store = Store::open(url).await.unwrap();
    let taken: Vec<String> = store.take_over("p:").await.unwrap().into_iter().map(|row| row.body).collect();
    let retried = store.take_over_retries("p:", START + 200).await.unwrap().into_iter().map(|row| row.body);
    assert_eq!(taken.into_iter().chain(retried).collect::<Vec<_>>(), ["d"], "once, either way");
    // After a week it goes, whether or not the person has a talk; an ordinary message to somebody with a talk stays.
    assert_eq!(store.set_aside("p:1", later[0], START + 8 * DAY).await.unwrap(), []);
    ours(store.commit(turn("p:1", 4, Some("{}"), &["e"])).await.unwrap());
    store.expire(at(7 * DAY)).await.unwrap();
    assert_eq!(waiting(&store, "p:1").await, ["d", "e"]);
    store.expire(at(7 * DAY + 1)).await.unwrap();
    assert_eq!(waiting(&store, "p:1").await, ["e"]);
    assert_eq!(waiting(&store, "q:1").await, Vec::<String>::new());
}

/// A set-aside message whose person another process is sending to is sent by that one, behind what it knows of.
#[tokio::test]
async fn a_retry_is_left_to_whoever_holds_the_lane() {
    let Some(database) = Database::create().await else { return };
    let (one, other) = (Store::open(&database.url()).await.unwrap(), Store::open(&database.url()).await.unwrap());
    let bodies = |waiting: &[OutboxRow]| waiting.iter().map(|row| row.body.clone()).collect::<Vec<_>>();
    let first = ours(one.commit(turn("p:1", 1, Some("{}"), &["a"])).await.unwrap())[0];
    assert_eq!(one.set_aside("p:1", first, 100).await.unwrap(), []);
    // Nobody holds a queue in which everything is set aside, so whoever commits next has it.
    let second = ours(other.commit(turn("p:1", 2, Some("{}"), &["b"])).await.unwrap())[0];
    let CommitResult::Done { ours: false, .. } = one.commit(turn("p:1", 3, Some("{}"), &["c"])).await.unwrap() else {
        panic!()
    };
    assert_eq!(one.take_over_retries("p:", 100).await.unwrap(), [], "the other one sends it");
    let more = other.acknowledge("p:1", second).await.unwrap();
    assert_eq!(bodies(&more), ["a", "c"]);
    // To set something aside also looks for what others have committed.
    let CommitResult::Done { ours: false, .. } = one.commit(turn("p:1", 4, Some("{}"), &["d"])).await.unwrap() else {
        panic!()
    };
    assert_eq!(other.acknowledge("p:1", more[1].id).await.unwrap(), [], "the first of the two is still to be sent");
    let last = other.set_aside("p:1", more[0].id, 200).await.unwrap();
    assert_eq!(bodies(&last), ["d"]);
    assert_eq!(other.acknowledge("p:1", last[0].id).await.unwrap(), []);
    // A queue whose holder has gone is taken with everything in it.
    ours(other.commit(turn("p:1", 5, Some("{}"), &["e", "f"])).await.unwrap());
    other.leave().await.unwrap();
    assert_eq!(bodies(&one.take_over_retries("p:", 200).await.unwrap()), ["a", "e", "f"]);
    // Of two that look at once, one has each.
    for person in 10..60 {
        let id = ours(one.commit(turn(&format!("p:{person}"), 100 + person, Some("{}"), &["g"])).await.unwrap())[0];
        one.set_aside(&format!("p:{person}"), id, 300).await.unwrap();
    }
    let mut taken = Vec::new();
    for _ in 0..2 {
        let (left, right) = tokio::join!(one.take_over_retries("p:", 300), other.take_over_retries("p:", 300));
        taken.extend([left.unwrap(), right.unwrap()].concat().into_iter().map(|row| row.person));
    }
    let before = taken.len();
    taken.sort();
    taken.dedup();
    assert_eq!((taken.len(), before), (50, 50), "each once");
}

/// Two processes on one server: who says what, in which order, and what becomes of it when one of them is no more.
#[tokio::test]
async fn two_processes_say_everything_once_and_in_order() {
    let Some(database) = Database::create().await else { return };
    let (one, other) = (Store::open(&database.url()).await.unwrap(), Store::open(&database.url()).await.unwrap());
    assert!(one.is_shared());
    for store in [&one, &other] {
        store.join().await.unwrap();
    }
    assert_eq!(one.heartbeat("p:", &[], true).await.unwrap(), Heartbeat { instances: 1, polls: true });
    assert_eq!(other.heartbeat("p:", &[], true).await.unwrap(), Heartbeat { instances: 2, polls: false });
    assert_eq!(one.heartbeat("p:", &[], true).await.unwrap(), Heartbeat { instances: 2, polls: true });
    // Another channel is another rate and another lease to poll.
    assert_eq!(other.heartbeat("q:", &[], true).await.unwrap(), Heartbeat { instances: 1, polls: true });

    // Whoever speaks first to somebody says what the other one commits meanwhile.
    let first = ours(one.commit(turn("p:1", 1, Some("{}"), &["a"])).await.unwrap())[0];
    let CommitResult::Done { ids, ours: false } = other.commit(turn("p:1", 2, Some("{}"), &["b"])).await.unwrap()
    else {
        panic!()
    };
    let third = ours(one.commit(turn("p:1", 3, Some("{}"), &["c"])).await.unwrap())[0];
    let CommitResult::Done { ours: false, .. } = other.commit(turn("p:1", 4, Some("{}"), &["d"])).await.unwrap() else {
        panic!()
    };
    let bodies = |waiting: Vec<OutboxRow>| waiting.into_iter().map(|row| row.body).collect::<Vec<_>>();
    assert_eq!(bodies(one.acknowledge("p:1", first).await.unwrap()), ["b"]);
    assert_eq!(one.acknowledge("p:1", ids[0]).await.unwrap(), [], "the next one is known already");
    let last = one.acknowledge("p:1", third).await.unwrap();
    assert_eq!(last.iter().map(|row| row.body.as_str()).collect::<Vec<_>>(), ["d"]);
    assert_eq!(one.acknowledge("p:1", last[0].id).await.unwrap(), []);
    ours(other.commit(turn("p:1", 5, Some("{}"), &["e"])).await.unwrap());

    // Nobody takes over from somebody who is there; of what somebody leaves, each row goes to one.
    ours(one.commit(turn("p:2", 6, Some("{}"), &["f", "g"])).await.unwrap());
    assert_eq!(other.take_over("p:").await.unwrap(), []);
    one.leave().await.unwrap();
    assert_eq!(other.heartbeat("p:", &[], true).await.unwrap(), Heartbeat { instances: 1, polls: true });
    let third = Store::open(&database.url()).await.unwrap();
    let (left, right) = tokio::join!(other.take_over("p:"), third.take_over("p:"));
    let taken = [bodies(left.unwrap()), bodies(right.unwrap())].concat();
    assert_eq!(taken, ["f", "g"]);
    assert_eq!(other.take_over("q:").await.unwrap(), []);

    // An update that reaches both at once is handled once; one person is one after the other.
    let known = other.stored_session("p:3", None).await.unwrap().version;
    let same = |store: Store| async move {
        store.commit(Turn { expected_version: Some(known), ..turn("p:3", 7, Some("{}"), &["h"]) }).await.unwrap()
    };
    let (left, right) = tokio::join!(same(other.clone()), same(third.clone()));
    let done = [&left, &right].into_iter().filter(|done| matches!(done, CommitResult::Done { .. })).count();
    assert_eq!(done, 1, "{left:?} {right:?}");

    // What is due is claimed by one.
    let due = |person: String, update| Turn { due_at: Some(1_790_000_000), ..turn(&person, update, Some("{}"), &[]) };
    for number in 0..50 {
        ours(other.commit(due(format!("p:{}", 100 + number), 200 + number)).await.unwrap());
    }
    let (left, right) = tokio::join!(other.claim_due("p:1", at(1)), third.claim_due("p:1", at(1)));
    let mut claimed = [left.unwrap(), right.unwrap()].concat();
    claimed.sort();
    let before = claimed.len();
    claimed.dedup();
    assert_eq!((claimed.len(), before), (50, 50), "each once");
}

#[tokio::test]
async fn a_file_of_another_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("newer.db");
    let url = format!("sqlite:{}", path.display());
    ours(Store::open(&url).await.unwrap().commit(turn("p:1", 1, Some("{}"), &[])).await.unwrap());
    assert_eq!(
        Store::open(&url).await.unwrap().stored_session("p:1", None).await.unwrap().session.as_deref(),
        Some("{}")
    );
    for other in [1, 99] {
        Connection::open(&path).unwrap().pragma_update(None, "user_version", other).unwrap();
        assert!(matches!(Store::open(&url).await, Err(OpenError::OtherVersion { .. })), "version {other}");
    }
}

#[tokio::test]
async fn a_server_of_another_version_is_left_alone() {
    let Some(database) = Database::create().await else { return };
    ours(Store::open(&database.url()).await.unwrap().commit(turn("p:1", 1, Some("{}"), &[])).await.unwrap());
    let store = Store::open(&database.url()).await.unwrap();
    assert_eq!(store.stored_session("p:1", None).await.unwrap().session.as_deref(), Some("{}"));
    let mut server = database.connect().await;
    sqlx::query("INSERT INTO migration VALUES (99)").execute(&mut server).await.unwrap();
    assert!(matches!(Store::open(&database.url()).await, Err(OpenError::OtherServerVersion)));
}

#[tokio::test]
async fn what_cannot_be_opened_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    std::fs::write(folder.path().join("text.db"), "this is not a database, and long enough to look at".repeat(20))
        .unwrap();
    std::fs::create_dir(folder.path().join("folder.db")).unwrap();
    assert!(matches!(Store::open("mysql://x").await, Err(OpenError::Url)));
    assert!(matches!(Store::open("sqlite:").await, Err(OpenError::Url)));
    assert!(matches!(Store::open("postgres://127.0.0.1:9/x").await, Err(OpenError::Server(_))));
    // One process at a time says what waits.
    let store = Store::open(&at("alone.db")).await.unwrap();
    let second = Store::open(&at("alone.db")).await.unwrap();
    store.join().await.unwrap();
    assert!(matches!(second.join().await, Err(OpenError::Running { .. })));
    drop(store);
    // The lock goes when everything is written.
    while second.join().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert!(matches!(Store::open("sqlite::memory:").await, Err(OpenError::Url)));
    assert!(matches!(Store::open(&at("none/x.db")).await, Err(OpenError::NoFolder { .. })));
    assert!(matches!(Store::open(&at("text.db")).await, Err(OpenError::Damaged { .. })));
    assert!(matches!(Store::open(&at("folder.db")).await, Err(OpenError::Unreadable { .. })));
    let text = std::fs::read_to_string(folder.path().join("text.db")).unwrap();
    assert!(text.starts_with("this is not"), "a damaged file is left alone");
}

#[tokio::test]
async fn everything_moves_to_a_server_and_back() {
    let Some(database) = Database::create().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str| format!("sqlite:{}", folder.path().join(name).display());
    let store = Store::open(&file("a.db")).await.unwrap();
    for number in 0..1200 {
        let body = format!("{{\"answers\": {{\"n\": [\"{number} 保号卡\"]}}}}");
        let due_at = (number % 3 == 0).then_some(1_790_000_000 + number);
        let code = (number % 5 == 0).then(|| format!("hash {number}"));
        let turn = turn(&format!("telegram:{number}"), number, Some(&body), &[]);
        store.commit(Turn { due_at, code, ..turn }).await.unwrap();
    }
    ours(store.commit(turn("telegram:1", 5000, Some("{}"), &["first", "第二"])).await.unwrap());
    store.set("webhook", "x").await.unwrap();
    store.flush().await;
    let mut seen = Vec::new();
    let copied = copy(&file("a.db"), &database.url(), |table, done, total| seen.push((table.to_owned(), done, total)))
        .await
        .unwrap();
    let rows: Vec<(&str, u64)> = copied.iter().map(|copied| (copied.table, copied.rows)).collect();
    assert_eq!(rows, [("session", 1200), ("outbox", 2), ("processed_update", 1201), ("recovery", 240), ("setting", 1)]);
    assert!(
        seen.contains(&("session".into(), 500, 1200)) && seen.contains(&("session".into(), 1200, 1200)),
        "{seen:?}"
    );
    // The talk goes on there: what waits is said, numbers go on, what is due is due.
    let server = Store::open(&database.url()).await.unwrap();
    let bodies: Vec<String> = server.take_over("telegram:").await.unwrap().into_iter().map(|row| row.body).collect();
    assert_eq!(bodies, ["first", "第二"]);
    assert_eq!(
        server.stored_session("telegram:7", Some(7)).await.unwrap(),
        store.stored_session("telegram:7", Some(7)).await.unwrap()
    );
    assert_eq!(server.claim_due("telegram:", at(5000)).await.unwrap().len(), 100);
    assert_eq!(server.redeemable("hash 10", at(0)).await.unwrap(), store.redeemable("hash 10", at(0)).await.unwrap());
    let next = ours(server.commit(turn("telegram:2", 6000, Some("{}"), &["next"])).await.unwrap())[0];
    assert!(next > 2, "{next}");
    drop(server);
    // Once more, after more was said, to an empty one: what was said there since is not undone. And back into a file.
    let refused = async |from: &str, to: &str| copy(from, to, |_, _, _| {}).await.unwrap_err().to_string();
    assert!(refused(&file("a.db"), &database.url()).await.contains("a bot has worked on the database"));
    let Some(database) = Database::create().await else { return };
    ours(store.commit(turn("telegram:1", 5001, Some("{\"newer\": 1}"), &[])).await.unwrap());
    store.flush().await;
    drop(store);
    assert_eq!(copy(&file("a.db"), &database.url(), |_, _, _| {}).await.unwrap()[2].rows, 1202);
    let back = copy(&database.url(), &file("b.db"), |_, _, _| {}).await.unwrap();
    assert_eq!(back[0].rows, 1200);
    let again = Store::open(&file("b.db")).await.unwrap();
    assert_eq!(again.stored_session("telegram:1", None).await.unwrap().session.as_deref(), Some("{\"newer\": 1}"));
    // Not over somebody's own talks, not under a bot that runs, not onto itself.
    let own = Store::open(&file("c.db")).await.unwrap();
    own.commit(turn("telegram:1", 1, Some("{}"), &[])).await.unwrap();
    own.flush().await;
    assert!(refused(&file("a.db"), &file("c.db")).await.contains("holds 1 talks of its own"));
    assert!(refused(&file("a.db"), &file("a.db")).await.contains("one database"));
    again.join().await.unwrap();
    assert!(refused(&file("a.db"), &file("b.db")).await.contains("another simoff runs"));
    let server = Store::open(&database.url()).await.unwrap();
    server.heartbeat("p:", &[], false).await.unwrap();
    assert!(refused(&file("a.db"), &database.url()).await.contains("Stop it first"));
}
