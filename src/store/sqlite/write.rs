//! The writer: one thread, one connection, one transaction for everything that arrived meanwhile.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use tokio::sync::oneshot;

use super::MAX_GROUP;
use crate::store::{
    CODE_DAYS, Change, Committed, DAY, IDLE_DAYS, LEASE_SECONDS, LEFT_DAYS, MAX_CLAIM, SEEN_DAYS, Turn,
};

type Answer<T> = oneshot::Sender<anyhow::Result<T>>;

/// Something to write. Times are in seconds since 1970.
#[derive(Debug)]
pub enum Job {
    Turn(Turn, Answer<Committed>),
    /// This row of the outbox was said.
    Said(i64),
    /// Claim people, whose key begins so, with something due by now.
    Claim(String, i64, Answer<Vec<String>>),
    /// An update that cannot be handled.
    Skip(i64, i64, Answer<()>),
    /// Delete what has grown old.
    Expire(i64, Answer<u64>),
    /// Remember a value under a name.
    Set(String, String, Answer<()>),
    /// Answer when everything before is committed.
    Flush(Answer<()>),
}

impl Job {
    /// Whether a power cut must not undo it. That something was said, or is about to be, is no loss: the process can be
    /// killed at any point without losing it, and after a power cut a message is at worst said twice. So a flood of
    /// reminders does not make the answers wait for the disk.
    fn must_last(&self) -> bool {
        !matches!(self, Job::Said(_) | Job::Claim(..))
    }

    /// Tells whoever asked that it failed.
    fn fail(self, error: &str) {
        fn tell<T>(answer: Answer<T>, error: &str) {
            // Whoever asked may be gone.
            let _ = answer.send(Err(anyhow::anyhow!("{error}")));
        }
        match self {
            Job::Turn(_, answer) => tell(answer, error),
            Job::Claim(_, _, answer) => tell(answer, error),
            Job::Skip(_, _, answer) | Job::Set(_, _, answer) | Job::Flush(answer) => tell(answer, error),
            Job::Expire(_, answer) => tell(answer, error),
            Job::Said(_) => {}
        }
    }
}

/// A crowd is about to say more: after a group of so many, the next one is awaited for [`GATHER`].
const CROWD: usize = 4;

/// How long. A flush takes about as long, so nobody notices, and most of the disk's work is shared by many. Somebody alone
/// waits for nobody.
const GATHER: Duration = Duration::from_millis(1);

/// How soon what was said is struck off after a failure, when nothing else is to be written.
const AGAIN: Duration = Duration::from_secs(1);

/// Starts the thread that writes. It ends, with everything written, when nobody can give it jobs any more.
pub fn start(connection: Connection) -> std::io::Result<mpsc::Sender<Job>> {
    let (sender, jobs) = mpsc::channel();
    thread::Builder::new().name("writer".into()).spawn(move || write(connection, &jobs))?;
    Ok(sender)
}

/// Lets a crowd finish what it was about to say.
#[expect(clippy::disallowed_methods, reason = "this thread is the writer's own, and no talk runs on it")]
fn gather() {
    thread::sleep(GATHER);
}

/// The loop: takes what has arrived, commits it as one, tells everyone.
fn write(mut connection: Connection, jobs: &Receiver<Job>) {
    let mut group = Vec::with_capacity(MAX_GROUP);
    // What was said and is still to be struck off. Nobody waits for it, so it is on us to try until it is.
    let mut said: Vec<i64> = Vec::new();
    let (mut flushing, mut crowd) = (true, false);
    loop {
        let first = if said.is_empty() {
            jobs.recv().map_err(|_| RecvTimeoutError::Disconnected)
        } else {
            jobs.recv_timeout(AGAIN)
        };
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
        match commit(&mut connection, &group, &said, &mut flushing) {
            Ok(results) => {
                said.clear();
                for (job, done) in group.drain(..).zip(results) {
                    tell(job, done);
                }
            }
            Err(error) => {
                log::error!("Cannot commit: {error:#}");
                let error = format!("{error:#}");
                group.drain(..).for_each(|job| job.fail(&error));
                if closed {
                    break;
                }
            }
        }
    }
    if let Err((_, error)) = connection.close() {
        log::warn!("Cannot close the database: {error}");
    }
}

/// What a job came to.
#[derive(Debug)]
enum Done {
    Turn(Committed),
    Claimed(Vec<String>),
    Expired(u64),
    Nothing,
}

/// Whoever asked may be gone; what is committed is committed.
fn tell(job: Job, done: Done) {
    match (job, done) {
        (Job::Turn(_, answer), Done::Turn(committed)) => drop(answer.send(Ok(committed))),
        (Job::Claim(_, _, answer), Done::Claimed(people)) => drop(answer.send(Ok(people))),
        (Job::Expire(_, answer), Done::Expired(count)) => drop(answer.send(Ok(count))),
        (Job::Skip(_, _, answer) | Job::Set(_, _, answer) | Job::Flush(answer), _) => drop(answer.send(Ok(()))),
        (Job::Said(_), _) => {}
        (job, _) => job.fail("A job got another job's result"),
    }
}

/// One transaction for all jobs, and for striking off what was said; a result for each job.
fn commit(connection: &mut Connection, group: &[Job], said: &[i64], flushing: &mut bool) -> anyhow::Result<Vec<Done>> {
    let needed = group.iter().any(Job::must_last);
    if needed != *flushing {
        let level = if needed { "FULL" } else { "NORMAL" };
        connection.pragma_update(None, "synchronous", level).context("Cannot set when to flush")?;
        *flushing = needed;
    }
    let transaction =
        connection.transaction_with_behavior(TransactionBehavior::Immediate).context("Cannot begin a transaction")?;
    let mut results = Vec::with_capacity(group.len());
    for job in group {
        results.push(match job {
            Job::Turn(turn, _) => Done::Turn(write_turn(&transaction, turn)?),
            Job::Claim(prefix, now, _) => Done::Claimed(claim(&transaction, prefix, *now)?),
            Job::Skip(update, now, _) => {
                see(&transaction, *update, *now)?;
                Done::Nothing
            }
            Job::Expire(now, _) => Done::Expired(expire(&transaction, *now)?),
            Job::Set(name, value, _) => {
                let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2) \
                           ON CONFLICT (name) DO UPDATE SET value = excluded.value";
                transaction.execute(sql, [name, value])?;
                Done::Nothing
            }
            Job::Said(_) | Job::Flush(_) => Done::Nothing,
        });
    }
    for id in said {
        transaction.prepare_cached("DELETE FROM outbox WHERE id = ?1")?.execute([id])?;
    }
    transaction.commit().context("Cannot commit")?;
    Ok(results)
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

fn expire(connection: &Connection, now: i64) -> rusqlite::Result<u64> {
    let idle = "DELETE FROM session WHERE updated_at < ?1 AND due_at IS NULL";
    let idle = connection.execute(idle, [now - IDLE_DAYS * DAY])?;
    let codes = "DELETE FROM recovery WHERE created_at <= ?1 OR person NOT IN (SELECT person FROM session)";
    connection.execute(codes, [now - CODE_DAYS * DAY])?;
    let left = "DELETE FROM outbox WHERE created_at < ?1 AND person NOT IN (SELECT person FROM session)";
    connection.execute(left, [now - LEFT_DAYS * DAY])?;
    connection.execute("DELETE FROM seen WHERE seen_at < ?1", [now - SEEN_DAYS * DAY])?;
    Ok(idle as u64)
}

/// Remembers an update; whether it is new.
fn see(connection: &Connection, update: i64, now: i64) -> rusqlite::Result<bool> {
    let sql = "INSERT INTO seen (update_id, seen_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(connection.prepare_cached(sql)?.execute([update, now])? > 0)
}

fn write_turn(connection: &Connection, turn: &Turn) -> rusqlite::Result<Committed> {
    let (person, now) = (&turn.person, turn.now.as_second());
    if let Some(made_from) = turn.made_from {
        let mut version = connection.prepare_cached("SELECT version FROM session WHERE person = ?1")?;
        let version: Option<i64> = version.query_row([person], |row| row.get(0)).optional()?;
        if version.unwrap_or(0) != made_from {
            return Ok(Committed::Overtaken);
        }
    }
    // Everything that can stop a turn is looked at before anything is written: the transaction is shared with others.
    let mut moves_from: Option<String> = None;
    if let Some(hash) = &turn.redeems {
        let sql = "SELECT person FROM recovery WHERE hash = ?1";
        moves_from = connection.query_row(sql, [hash], |row| row.get(0)).optional()?;
        if moves_from.is_none() {
            return Ok(Committed::Overtaken);
        }
    }
    if let Some(update) = turn.update
        && !see(connection, update, now)?
    {
        return Ok(Committed::Heard);
    }
    if let Some(from) = moves_from {
        connection.execute("DELETE FROM recovery WHERE person = ?1", [&from])?;
        connection.execute("DELETE FROM session WHERE person = ?1", [&from])?;
        // What lies there belongs to the talk that has gone, on a page most of all.
        connection.execute("DELETE FROM outbox WHERE person = ?1", [&from])?;
    }
    match &turn.session {
        Change::Keep => {}
        Change::Write(body) => {
            let sql = "INSERT INTO session (person, body, updated_at, due_at, version) VALUES (?1, ?2, ?3, ?4, ?5) \
                 ON CONFLICT (person) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, \
                 version = max(version + 1, excluded.version), claimed_until = CASE WHEN due_at IS excluded.due_at THEN claimed_until END, due_at = excluded.due_at";
            connection.prepare_cached(sql)?.execute(params![person, body, now, turn.due_at, turn.version()])?;
        }
        Change::Delete => {
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
    Ok(Committed::Done { ids, ours: true })
}
