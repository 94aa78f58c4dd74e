//! The writer: one thread, one connection, one transaction for everything that arrived meanwhile.

use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Row, TransactionBehavior, params};
use tokio::sync::oneshot;

use super::files::Files;
use super::{MAX_GROUP, SCHEMA_VERSION};
use crate::store::writable::{Outcome, Unwritable};
use crate::store::{
    CODE_DAYS, CommitResult, DAY, HEARTBEAT_SECONDS, IDLE_DAYS, LEASE_SECONDS, LEFT_DAYS, MAX_CLAIM, OutboxRow,
    PROCESSED_DAYS, SET_ASIDE_DAYS, SessionChange, Turn, copy, update_key,
};

type Answer<T> = oneshot::Sender<anyhow::Result<T>>;

/// Something to write. Times are in seconds since 1970.
#[derive(Debug)]
pub enum Job {
    Turn(Turn, Answer<CommitResult>),
    /// This row of the outbox was said.
    Said(i64),
    /// This row of the outbox is to be tried again at this time.
    SetAside(i64, i64, Answer<()>),
    /// Take over what was set aside and is to be tried again by `now`, for so many people whose key begins with `prefix`.
    Retry {
        prefix: String,
        now: i64,
        people: i64,
        answer: Answer<Vec<OutboxRow>>,
    },
    /// Claim people, whose key begins so, with something due by now.
    Claim(String, i64, Answer<Vec<String>>),
    /// An update that cannot be handled.
    Skip(String, i64, Answer<()>),
    /// Delete what has grown old, among the next [`LOOK`] people: those after this row.
    Expire(i64, i64, Answer<Swept>),
    /// Remember a value under a name.
    Set(String, String, Answer<()>),
    /// Remember a value under a name, where this one is there now; whether it was.
    Swap {
        name: String,
        before: Option<String>,
        value: String,
        answer: Answer<bool>,
    },
    /// Write something that changes nothing.
    Probe(Answer<()>),
    /// Answer when everything before is committed.
    Flush(Answer<()>),
}

impl Job {
    /// Whether a power cut must not undo it. That something was said, or is about to be, is no loss: the process can be
    /// killed at any point without losing it, and after a power cut a message is at worst said twice. So a flood of
    /// reminders does not make the answers wait for the disk.
    fn must_last(&self) -> bool {
        !matches!(self, Job::Said(_) | Job::SetAside(..) | Job::Retry { .. } | Job::Claim(..))
    }

    /// Reports the failure to the caller.
    fn fail(self, error: &Unwritable) {
        fn tell<T>(answer: Answer<T>, error: &Unwritable) {
            // The caller may be gone.
            let _ = answer.send(Err(error.clone().into()));
        }
        match self {
            Job::Turn(_, answer) => tell(answer, error),
            Job::Claim(_, _, answer) => tell(answer, error),
            Job::Retry { answer, .. } => tell(answer, error),
            Job::Swap { answer, .. } => tell(answer, error),
            Job::Skip(_, _, answer)
            | Job::SetAside(_, _, answer)
            | Job::Set(_, _, answer)
            | Job::Probe(answer)
            | Job::Flush(answer) => tell(answer, error),
            Job::Expire(_, _, answer) => tell(answer, error),
            Job::Said(_) => {}
        }
    }
}

/// A crowd is about to say more: after a group of so many, the next one is awaited for [`GATHER`].
const CROWD: usize = 4;

/// How long. A flush takes about as long, so nobody notices, and most of the disk's work is shared by many. Somebody alone
/// waits for nobody.
const GATHER: Duration = Duration::from_millis(1);

/// How many people, and numbers of updates, are looked at, at a time, for what has grown old: a fraction of a millisecond.
const LOOK: i64 = 2000;

/// How soon what was said is struck off after a failure, when nothing else is to be written.
const AGAIN: Duration = Duration::from_secs(1);

/// How often the files are looked at when nothing is to be written.
const LOOK_AT_FILES: Duration = Duration::from_secs(HEARTBEAT_SECONDS);

/// Lets a crowd finish what it was about to say.
#[expect(clippy::disallowed_methods, reason = "this thread is the writer's own, and no talk runs on it")]
fn gather() {
    thread::sleep(GATHER);
}

/// What the thread that writes has at hand.
pub struct Writer {
    connection: Connection,
    files: Arc<Files>,
    /// What the files were like when they were last looked at.
    standing: Result<(), Unwritable>,
    outcome: Arc<Outcome>,
    /// Whether each commit is flushed to the disk.
    flushing: bool,
    /// Whether everything there came from a copy, so that another copy may take its place.
    unused: bool,
}

impl Writer {
    /// `unused`: whether everything in the database came from a copy.
    pub fn new(connection: Connection, files: Arc<Files>, outcome: Arc<Outcome>, unused: bool) -> Self {
        Self { connection, files, standing: Ok(()), outcome, flushing: true, unused }
    }

    /// Starts the thread that writes. It ends, with everything written, when there are no senders of jobs any more.
    pub fn start(self) -> std::io::Result<mpsc::Sender<Job>> {
        let (sender, jobs) = mpsc::channel();
        thread::Builder::new().name("writer".into()).spawn(move || self.run(&jobs))?;
        Ok(sender)
    }

    /// The loop: takes what has arrived, commits it as one, tells everyone.
    fn run(mut self, jobs: &Receiver<Job>) {
        let mut group = Vec::with_capacity(MAX_GROUP);
        // What was said and is still to be struck off. Nobody waits for it, so it is on us to try until it is.
        let mut said: Vec<i64> = Vec::new();
        let mut crowd = false;
        loop {
            let first = jobs.recv_timeout(if said.is_empty() { LOOK_AT_FILES } else { AGAIN });
            let closed = first.as_ref().is_err_and(|error| *error == RecvTimeoutError::Disconnected);
            if closed && said.is_empty() {
                break;
            }
            if crowd {
                gather();
            }
            for job in first.into_iter().chain(jobs.try_iter()).take(MAX_GROUP) {
                match job {
                    Job::Said(id) => said.push(id),
                    job => group.push(job),
                }
            }
            crowd = group.len() >= CROWD;
            self.look_at_files();
            if group.is_empty() && said.is_empty() {
                continue;
            }
            match self.write(&group, &said) {
                Ok(results) => {
                    said.clear();
                    for (job, done) in group.drain(..).zip(results) {
                        tell(job, done);
                    }
                }
                Err(error) => {
                    group.drain(..).for_each(|job| job.fail(&error));
                    if closed {
                        break;
                    }
                }
            }
        }
        if let Err((_, error)) = self.connection.close() {
            log::warn!("Cannot close the database: {error}");
        }
    }

    /// Finds out whether what is written now will be found at the next start, and says when that has changed.
    fn look_at_files(&mut self) {
        let standing = self.files.check();
        if standing == self.standing {
            return;
        }
        match &standing {
            Ok(()) => log::info!("The files of the database are as they were; going on"),
            Err(error) => log::error!("Nothing is acknowledged any more: {error}"),
        }
        if matches!(standing, Err(Unwritable::PartDeleted { .. })) && self.files.log_is_gone() {
            self.rescue();
        }
        self.outcome.note(standing.clone());
        self.standing = standing;
    }

    /// Writes what was acknowledged from the log, whose name is gone, into the database, which is there: the log goes with
    /// this process.
    fn rescue(&self) {
        let rescued = self.connection.query_row("PRAGMA wal_checkpoint(FULL)", [], |row| row.get::<_, i64>(0));
        match rescued {
            Ok(0) => log::info!("Everything that was acknowledged is in the database itself"),
            // Somebody is reading from it, or it cannot be written.
            _ => log::error!("What was acknowledged last is only kept if simoff is stopped, and lost if it is killed"),
        }
    }

    /// Commits, where that makes sense, and notes what came of it.
    fn write(&mut self, group: &[Job], said: &[i64]) -> Result<Vec<Done>, Unwritable> {
        self.standing.clone()?;
        let lasts = group.iter().any(Job::must_last);
        match self.commit(group, said, lasts) {
            Ok(results) => {
                // That something went to the cache of the operating system does not prove that the disk takes it.
                if lasts {
                    self.outcome.note(Ok(()));
                }
                Ok(results)
            }
            Err(error) => {
                let error = self.files.explain(&error);
                log::error!("Cannot commit: {error}");
                self.outcome.note(Err(error.clone()));
                Err(error)
            }
        }
    }

    /// One transaction for all jobs, and for striking off what was said; a result for each job.
    fn commit(&mut self, group: &[Job], said: &[i64], lasts: bool) -> rusqlite::Result<Vec<Done>> {
        if lasts != self.flushing {
            let level = if lasts { "FULL" } else { "NORMAL" };
            self.connection.pragma_update(None, "synchronous", level)?;
            self.flushing = lasts;
        }
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let results = group.iter().map(|job| perform(&transaction, job)).collect::<rusqlite::Result<Vec<_>>>()?;
        for id in said {
            transaction.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id])?;
        }
        let used = results.iter().any(|done| matches!(done, Done::Turn(CommitResult::Done { .. })));
        if self.unused && used {
            transaction.execute(copy::USED, [])?;
        }
        transaction.commit()?;
        self.unused &= !used;
        Ok(results)
    }
}

/// Does one job within a transaction.
fn perform(connection: &Connection, job: &Job) -> rusqlite::Result<Done> {
    Ok(match job {
        Job::Turn(turn, _) => Done::Turn(write_turn(connection, turn)?),
        Job::Claim(prefix, now, _) => Done::Claimed(claim(connection, prefix, *now)?),
        Job::SetAside(id, retry_at, _) => {
            let sql = "UPDATE outbox SET retry_at = ?2 WHERE id = ?1";
            connection.prepare_cached(sql)?.execute([id, retry_at])?;
            Done::Nothing
        }
        Job::Retry { prefix, now, people, .. } => Done::Retried(retry(connection, prefix, *now, *people)?),
        Job::Skip(update, now, _) => {
            see(connection, update, *now)?;
            Done::Nothing
        }
        Job::Expire(now, after, _) => Done::Expired(expire(connection, *now, *after)?),
        Job::Set(name, value, _) => {
            let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) \
                       ON CONFLICT (name) DO UPDATE SET value = excluded.value";
            connection.execute(sql, [name, value])?;
            Done::Nothing
        }
        Job::Swap { name, before, value, .. } => {
            let swapped = match before {
                None => {
                    let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
                    connection.execute(sql, [name, value])?
                }
                Some(before) => {
                    let sql = "UPDATE setting SET value = ?2 WHERE name = ?1 AND value = ?3";
                    connection.execute(sql, [name, value, before])?
                }
            };
            Done::Swapped(swapped > 0)
        }
        Job::Probe(_) => {
            // It is what it was, and is written all the same.
            connection.pragma_update(None, "user_version", SCHEMA_VERSION)?;
            Done::Nothing
        }
        Job::Said(_) | Job::Flush(_) => Done::Nothing,
    })
}

/// What one look for what has grown old came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Swept {
    /// How many talks were deleted.
    pub talks: u64,
    /// The row after which to go on; `None`: that was all.
    pub next: Option<i64>,
}

/// What a job came to.
#[derive(Debug)]
enum Done {
    Turn(CommitResult),
    Claimed(Vec<String>),
    Retried(Vec<OutboxRow>),
    Swapped(bool),
    Expired(Swept),
    Nothing,
}

/// The caller may be gone; what is committed is committed.
fn tell(job: Job, done: Done) {
    match (job, done) {
        (Job::Turn(_, answer), Done::Turn(committed)) => drop(answer.send(Ok(committed))),
        (Job::Claim(_, _, answer), Done::Claimed(people)) => drop(answer.send(Ok(people))),
        (Job::Expire(_, _, answer), Done::Expired(swept)) => drop(answer.send(Ok(swept))),
        (Job::Retry { answer, .. }, Done::Retried(rows)) => drop(answer.send(Ok(rows))),
        (Job::Swap { answer, .. }, Done::Swapped(swapped)) => drop(answer.send(Ok(swapped))),
        (
            Job::Skip(_, _, answer)
            | Job::SetAside(_, _, answer)
            | Job::Set(_, _, answer)
            | Job::Probe(answer)
            | Job::Flush(answer),
            Done::Nothing,
        ) => drop(answer.send(Ok(()))),
        // Each job has its own result, since they are made in order.
        (job, _) => job.fail(&Unwritable::Closed),
    }
}

fn claim(connection: &Connection, prefix: &str, now: i64) -> rusqlite::Result<Vec<String>> {
    let sql = "UPDATE session SET claimed_until = ?1 WHERE person IN ( \
                 SELECT person FROM session INDEXED BY session_due \
                 WHERE due_at <= ?2 AND coalesce(claimed_until, 0) <= ?2 AND person >= ?3 AND person < ?3 || char(1114111) \
                 ORDER BY due_at LIMIT ?4) RETURNING person";
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map(params![now + LEASE_SECONDS, now, prefix, MAX_CLAIM], |row| row.get(0))?;
    rows.collect()
}

/// Makes messages that were set aside ordinary ones again.
fn retry(connection: &Connection, prefix: &str, now: i64, people: i64) -> rusqlite::Result<Vec<OutboxRow>> {
    let sql = "UPDATE outbox SET retry_at = NULL WHERE retry_at <= ?1 AND person IN ( \
                 SELECT DISTINCT person FROM outbox \
                 WHERE retry_at <= ?1 AND person >= ?2 AND person < ?2 || char(1114111) LIMIT ?3) \
               RETURNING id, person, body";
    let mut statement = connection.prepare_cached(sql)?;
    let row = |row: &Row| Ok(OutboxRow { id: row.get(0)?, person: row.get(1)?, body: row.get(2)? });
    let mut rows = statement.query_map(params![now, prefix, people], row)?.collect::<rusqlite::Result<Vec<_>>>()?;
    rows.sort_by_key(|waiting| waiting.id);
    Ok(rows)
}

/// Looks at some people at a time, in the order in which they lie: to look at everybody at once would keep all talks waiting.
fn expire(connection: &Connection, now: i64, after: i64) -> rusqlite::Result<Swept> {
    let last = "SELECT max(rowid) FROM (SELECT rowid FROM session WHERE rowid > ?1 ORDER BY rowid LIMIT ?2)";
    let last: Option<i64> = connection.prepare_cached(last)?.query_row([after, LOOK], |row| row.get(0))?;
    let idle = "DELETE FROM session WHERE rowid > ?1 AND rowid <= ?2 AND updated_at < ?3 AND due_at IS NULL";
    let talks = connection.prepare_cached(idle)?.execute(params![after, last, now - IDLE_DAYS * DAY])? as u64;
    let old = "DELETE FROM processed_update WHERE update_key IN (SELECT update_key FROM processed_update WHERE processed_at < ?1 LIMIT ?2)";
    let old = connection.prepare_cached(old)?.execute([now - PROCESSED_DAYS * DAY, LOOK])? as i64;
    if last.is_some() || old == LOOK {
        return Ok(Swept { talks, next: Some(last.unwrap_or(after)) });
    }
    // What belongs to no talk any more.
    let codes = "DELETE FROM recovery WHERE created_at <= ?1 OR person NOT IN (SELECT person FROM session)";
    connection.execute(codes, [now - CODE_DAYS * DAY])?;
    let left = "DELETE FROM outbox WHERE created_at < ?1 AND person NOT IN (SELECT person FROM session)";
    connection.execute(left, [now - LEFT_DAYS * DAY])?;
    let set_aside = "DELETE FROM outbox WHERE retry_at IS NOT NULL AND created_at < ?1";
    connection.execute(set_aside, [now - SET_ASIDE_DAYS * DAY])?;
    Ok(Swept { talks, next: None })
}

/// Remembers an update.
fn see(connection: &Connection, update: &str, now: i64) -> rusqlite::Result<()> {
    let sql = "INSERT INTO processed_update (update_key, processed_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    connection.prepare_cached(sql)?.execute(params![update, now])?;
    Ok(())
}

fn write_turn(connection: &Connection, turn: &Turn) -> rusqlite::Result<CommitResult> {
    let (person, now) = (&turn.person, turn.now.as_second());
    if let Some(expected_version) = turn.expected_version {
        let mut version = connection.prepare_cached("SELECT version FROM session WHERE person = ?1")?;
        let version: Option<i64> = version.query_row([person], |row| row.get(0)).optional()?;
        if version.unwrap_or(0) != expected_version {
            return Ok(CommitResult::Conflict);
        }
    }
    // Everything that can stop a turn is looked at before anything is written: the transaction is shared with others.
    let mut moves_from: Option<String> = None;
    if let Some(hash) = &turn.redeems {
        let sql = "SELECT person FROM recovery WHERE hash = ?1";
        moves_from = connection.query_row(sql, [hash], |row| row.get(0)).optional()?;
        if moves_from.is_none() {
            return Ok(CommitResult::Conflict);
        }
    }
    let updates: Vec<String> = turn.updates.iter().map(|update| update_key(person, *update)).collect();
    for update in &updates {
        if connection.prepare_cached("SELECT 1 FROM processed_update WHERE update_key = ?1")?.exists([update])? {
            return Ok(CommitResult::Duplicate);
        }
    }
    for update in &updates {
        see(connection, update, now)?;
    }
    if let Some(from) = moves_from {
        connection.execute("DELETE FROM recovery WHERE person = ?1", [&from])?;
        connection.execute("DELETE FROM session WHERE person = ?1", [&from])?;
        // What lies there belongs to the talk that has gone, on a page most of all.
        connection.execute("DELETE FROM outbox WHERE person = ?1", [&from])?;
    }
    match &turn.session {
        SessionChange::Keep => {}
        SessionChange::Write(body) => {
            let sql = "INSERT INTO session (person, body, updated_at, due_at, version) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (person) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, \
                 version = max(version + 1, excluded.version), claimed_until = CASE WHEN due_at IS excluded.due_at THEN claimed_until END, due_at = excluded.due_at";
            connection.prepare_cached(sql)?.execute(params![person, body, now, turn.due_at, turn.version()])?;
        }
        SessionChange::Delete => {
            connection.prepare_cached("DELETE FROM session WHERE person = ?1")?.execute([person])?;
        }
    }
    if turn.forget {
        connection.execute("DELETE FROM outbox WHERE person = ?1", [person])?;
        connection.execute("DELETE FROM recovery WHERE person = ?1", [person])?;
    }
    if let Some(hash) = &turn.code {
        let sql = "INSERT INTO recovery (hash, person, created_at) VALUES (?1, ?2, ?3) \
                   ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at";
        connection.execute(sql, params![hash, person, now])?;
    }
    for id in turn.page.iter().flatten() {
        let sql = "DELETE FROM outbox WHERE id = ?1 AND person = ?2";
        connection.prepare_cached(sql)?.execute(params![id, person])?;
    }
    let mut ids = Vec::with_capacity(turn.say.len());
    for body in &turn.say {
        let sql = "INSERT INTO outbox (person, body, created_at) VALUES (?1, ?2, ?3)";
        ids.push(connection.prepare_cached(sql)?.insert(params![person, body, now])?);
    }
    Ok(CommitResult::Done { ids, ours: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_is_looked_at_a_few_at_a_time() {
        let connection = Connection::open_in_memory().expect("a database");
        connection.execute_batch(super::super::SCHEMA).expect("the tables");
        // Of three people one is idle, one has a reminder and one has just spoken.
        let people = 3 * LOOK;
        let now = 2 * IDLE_DAYS * DAY;
        let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
                    INSERT INTO session (person, body, updated_at, due_at, version) \
                    SELECT 'x:' || i, '{}', iif(i % 3 = 0, ?2, 0), iif(i % 3 = 1, ?2, NULL), 1 FROM n";
        connection.execute(fill, [people, now]).expect("people");
        let fill = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1) \
                    INSERT INTO processed_update (update_key, processed_at) SELECT 'x:' || i, iif(i % 2 = 0, ?2, 0) FROM n";
        connection.execute(fill, [10 * LOOK, now]).expect("updates");
        connection.execute("INSERT INTO recovery VALUES ('hash', 'x:2', ?1)", [now]).expect("a code");
        let (mut looks, mut talks, mut after) = (0, 0, Some(0));
        while let Some(row) = after {
            let swept = expire(&connection, now, row).expect("it is swept");
            looks += 1;
            talks += swept.talks;
            after = swept.next;
        }
        let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).expect("a number");
        assert_eq!(i64::try_from(talks), Ok(people / 3));
        assert_eq!(count("SELECT count(*) FROM session WHERE updated_at = 0 AND due_at IS NULL"), 0);
        assert_eq!(count("SELECT count(*) FROM session"), people / 3 * 2);
        assert_eq!(count("SELECT min(processed_at) FROM processed_update"), now);
        assert_eq!(count("SELECT count(*) FROM recovery"), 0, "its talk has gone");
        assert!(looks > 5, "{looks}");
    }
}
