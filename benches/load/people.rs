//! Many people at once, as they lie in a file.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, params};
use simoff::engine::session::{About, Reminder, Session};
use simoff::engine::when::{Due, When};
use simoff::store::Store;

/// Writes people with one reminder each: `due` of them now, `later` of them next year.
pub async fn fill(path: &Path, due: i64, later: i64) {
    let url = format!("sqlite:{}", path.display());
    drop(Store::open(&url).await.expect("a database"));
    let mut connection = Connection::open(path).expect("a database");
    let now = Timestamp::now().as_second();
    let transaction = connection.transaction().expect("a transaction");
    for person in 0..due + later {
        let at = if person < due { now - 1 } else { now + 86_400 + person };
        let mut session = Session { zone: Some("Asia/Baku".into()), speaks: Some("en".into()), ..Session::default() };
        let due = Due { when: When::Instant(at), exact: true };
        session.reminders.push(Reminder { number: 1, about: About::Hotline, due });
        let sql = "INSERT INTO session (person, body, updated_at, due_at, version) VALUES (?1, ?2, ?3, ?4, 1)";
        let body = serde_json::to_string(&session).expect("JSON");
        let row = params![format!("telegram:{}", 1_000_000 + person), body, now, at];
        transaction.prepare_cached(sql).expect("SQL").execute(row).expect("a row");
    }
    transaction.commit().expect("a commit");
}
