//! One story of the store, told to a real database.

use jiff::Timestamp;
use simoff::store::{Backlog, Change, Committed, OpenError, Store, Turn};

fn turn(person: &str, update: i64, session: Option<&str>, say: &[&str]) -> Turn {
    Turn {
        update: Some(update),
        session: session.map_or(Change::Delete, |body| Change::Write(body.to_owned())),
        say: say.iter().map(|text| (*text).to_owned()).collect(),
        ..Turn::of(person, at(0))
    }
}

/// So many seconds into the story.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_790_000_000 + second).unwrap()
}

const DAY: i64 = 24 * 60 * 60;

async fn waiting(store: &Store) -> Vec<(String, String)> {
    store.flush().await;
    store.waiting("p:").await.unwrap().into_iter().map(|row| (row.person, row.body)).collect()
}

#[tokio::test]
async fn the_story() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("story.db").display());
    let store = Store::open(&url).await.unwrap();

    // Nobody is known, nothing waits.
    assert_eq!(store.known("p:1", Some(1)).await.unwrap().session, None);
    assert_eq!(waiting(&store).await, []);

    // A turn is all or nothing, and known at once.
    let Committed::Done(ids) = store.commit(turn("p:1", 1, Some("{}"), &["a", "b"])).await.unwrap() else { panic!() };
    assert_eq!(ids.len(), 2);
    let known = store.known("p:1", Some(1)).await.unwrap();
    assert_eq!((known.session.as_deref(), known.heard), (Some("{}"), true));

    // The same update again changes nothing, though it says otherwise.
    assert_eq!(store.commit(turn("p:1", 1, Some("other"), &["c"])).await.unwrap(), Committed::Heard);
    assert_eq!(store.known("p:1", None).await.unwrap().session.as_deref(), Some("{}"));

    // Two people at once; each keeps their order.
    let (left, right) = tokio::join!(
        store.commit(turn("p:2", 2, Some("two"), &["x"])),
        store.commit(turn("p:1", 3, Some("one"), &["d"])),
    );
    assert!(matches!((left.unwrap(), right.unwrap()), (Committed::Done(_), Committed::Done(_))));
    let own: Vec<String> = waiting(&store).await.into_iter().filter(|row| row.0 == "p:1").map(|row| row.1).collect();
    assert_eq!(own, ["a", "b", "d"]);

    // What was said leaves the outbox; the rest survives a restart.
    store.said(ids).await;
    store.flush().await;
    drop(store);
    let store = Store::open(&url).await.unwrap();
    let mut rest = waiting(&store).await;
    rest.sort();
    assert_eq!(rest, [("p:1".into(), "d".into()), ("p:2".into(), "x".into())]);

    // Somebody about whom there is nothing to keep still gets every answer.
    store.commit(turn("p:5", 20, None, &["first"])).await.unwrap();
    store.commit(turn("p:5", 21, None, &["second"])).await.unwrap();
    let own: Vec<String> = waiting(&store).await.into_iter().filter(|row| row.0 == "p:5").map(|row| row.1).collect();
    assert_eq!(own, ["first", "second"]);

    // Forgetting takes the session and what still waits, and says goodbye.
    store.commit(Turn { forget: true, ..turn("p:1", 4, None, &["bye"]) }).await.unwrap();
    assert_eq!(store.known("p:1", None).await.unwrap().session, None);
    let own: Vec<String> = waiting(&store).await.into_iter().filter(|row| row.0 == "p:1").map(|row| row.1).collect();
    assert_eq!(own, ["bye"]);

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
    reminded.update = Some(6);
    reminded.due_at = None;
    store.commit(reminded).await.unwrap();
    assert_eq!(store.claim_due("p:", at(500)).await.unwrap(), Vec::<String>::new());

    // A turn may leave the session alone, and still say something.
    let Committed::Done(_) =
        store.commit(Turn { session: Change::Keep, ..turn("p:4", 7, None, &["aside"]) }).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(store.known("p:4", None).await.unwrap().session.as_deref(), Some("{}"));

    // A recovery code leads to the session of today, from anywhere, once; a newer one ends it.
    let with_code =
        |update, code: &str| Turn { code: Some(code.into()), ..turn("p:4", update, Some("{\"4\":1}"), &[]) };
    store.commit(with_code(30, "old")).await.unwrap();
    store.commit(with_code(31, "new")).await.unwrap();
    assert_eq!(store.redeemable("old", at(0)).await.unwrap(), None);
    assert_eq!(store.redeemable("new", at(179 * DAY)).await.unwrap().as_deref(), Some("{\"4\":1}"));
    assert_eq!(store.redeemable("new", at(180 * DAY)).await.unwrap(), None);
    assert_eq!(store.everything("p:4").await.unwrap().code_made_at, Some(1_790_000_000));
    let redeem = |update| Turn { redeems: Some("new".into()), ..turn("p:6", update, Some("{\"4\":1}"), &["back"]) };
    assert!(matches!(store.commit(redeem(32)).await.unwrap(), Committed::Done(_)));
    assert_eq!(store.commit(redeem(33)).await.unwrap(), Committed::Redeemed);
    assert!(!store.known("p:6", Some(33)).await.unwrap().heard, "it was not heard, so it may come again");
    assert_eq!(store.known("p:4", None).await.unwrap().session, None, "the talk has moved");
    let everything = store.everything("p:6").await.unwrap();
    assert_eq!(everything.session, Some(("{\"4\":1}".into(), 1_790_000_000)));
    assert_eq!((everything.waiting, everything.code_made_at), (vec!["back".into()], None));

    // Forgetting takes the code too.
    store.commit(Turn { code: Some("third".into()), ..turn("p:6", 34, Some("{}"), &[]) }).await.unwrap();
    store.commit(Turn { forget: true, ..turn("p:6", 35, None, &[]) }).await.unwrap();
    assert_eq!(store.redeemable("third", at(0)).await.unwrap(), None);
    assert_eq!(store.everything("p:6").await.unwrap().code_made_at, None);

    // What the program remembers about itself, and an update that nobody can handle.
    assert_eq!(store.setting("webhook").await.unwrap(), None);
    store.set("webhook", "a").await.unwrap();
    store.set("webhook", "b").await.unwrap();
    assert_eq!(store.setting("webhook").await.unwrap().as_deref(), Some("b"));
    store.skip(40, at(0)).await.unwrap();
    assert!(store.known("p:9", Some(40)).await.unwrap().heard);

    // Everybody, a page at a time, and what waits.
    let people: Vec<String> = store.people("p:", "").await.unwrap().into_iter().map(|row| row.0).collect();
    assert_eq!(people, ["p:2"]);
    assert_eq!(store.people("p:", "p:2").await.unwrap(), []);
    let waiting = store.backlog().await.unwrap();
    assert_eq!(waiting, Backlog { rows: 5, oldest: Some(1_790_000_000) });

    // What is old goes: updates after a week, talks after four hundred days without a word or a reminder to come.
    let mut waits = turn("p:7", 50, Some("{}"), &[]);
    waits.due_at = Some(1_790_000_000 + 401 * DAY);
    store.commit(waits).await.unwrap();
    assert_eq!(store.expire(at(6 * DAY)).await.unwrap(), 0);
    assert!(store.known("p:9", Some(40)).await.unwrap().heard);
    assert_eq!(store.expire(at(8 * DAY)).await.unwrap(), 0);
    assert!(!store.known("p:9", Some(40)).await.unwrap().heard);
    assert_eq!(store.expire(at(401 * DAY)).await.unwrap(), 1);
    let people: Vec<String> = store.people("p:", "").await.unwrap().into_iter().map(|row| row.0).collect();
    assert_eq!(people, ["p:7"], "the one with a reminder stays");
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
    assert!(matches!(Store::open("sqlite::memory:").await, Err(OpenError::Url)));
    assert!(matches!(Store::open(&at("none/x.db")).await, Err(OpenError::NoFolder { .. })));
    assert!(matches!(Store::open(&at("text.db")).await, Err(OpenError::Damaged { .. })));
    assert!(matches!(Store::open(&at("folder.db")).await, Err(OpenError::Unreadable { .. })));
    let text = std::fs::read_to_string(folder.path().join("text.db")).unwrap();
    assert!(text.starts_with("this is not"), "a damaged file is left alone");
}
