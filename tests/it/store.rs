//! One story of the store, told to a real database.

use jiff::Timestamp;
use simoff::store::{Committed, OpenError, Store, Turn};

fn turn(person: &str, update: i64, session: Option<&str>, say: &[&str]) -> Turn {
    Turn {
        person: person.into(),
        update: Some(update),
        session: session.map(str::to_owned),
        forget: false,
        say: say.iter().map(|text| (*text).to_owned()).collect(),
        due_at: None,
        now: Timestamp::from_second(1_790_000_000).unwrap(),
    }
}

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
    let at = |second: i64| Timestamp::from_second(1_790_000_000 + second).unwrap();
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

    // Old updates are forgotten after a week, when somebody else is heard.
    let mut late = turn("p:3", 9, Some("{}"), &[]);
    late.now = Timestamp::from_second(1_790_000_000 + 8 * 24 * 60 * 60).unwrap();
    store.commit(late).await.unwrap();
    assert!(!store.known("p:1", Some(1)).await.unwrap().heard);
    assert!(store.known("p:3", Some(9)).await.unwrap().heard);
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
