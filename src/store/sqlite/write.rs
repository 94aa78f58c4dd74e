//! The writer: one task, one connection, one transaction for everything that arrived meanwhile.

use std::time::Duration;

use anyhow::Context;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

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

/// How soon a failed deletion is tried again, when nothing else is to be written.
const AGAIN: Duration = Duration::from_secs(1);

/// The loop: takes what has arrived, commits it as one, tells everyone.
pub async fn write(mut connection: SqliteConnection, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(MAX_GROUP);
    // Nobody waits for what was said to be struck off, so it is on us to try until it is.
    let mut unsaid: Vec<i64> = Vec::new();
    let mut flushing = true;
    loop {
        if unsaid.is_empty() {
            if jobs.recv_many(&mut group, MAX_GROUP).await == 0 {
                break;
            }
        } else if let Ok(0) = tokio::time::timeout(AGAIN, jobs.recv_many(&mut group, MAX_GROUP)).await {
            break;
        }
        group.extend(unsaid.drain(..).map(Job::Said));
        match commit(&mut connection, &group, &mut flushing).await {
            Ok(results) => {
                for (job, done) in group.drain(..).zip(results) {
                    tell(job, done);
                }
            }
            Err(error) => {
                log::error!("Cannot commit: {error:#}");
                let error = format!("{error:#}");
                for job in group.drain(..) {
                    match job {
                        Job::Said(id) => unsaid.push(id),
                        job => job.fail(&error),
                    }
                }
            }
        }
    }
    if let Err(error) = connection.close().await {
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

/// One transaction for all jobs; a result for each.
async fn commit(connection: &mut SqliteConnection, group: &[Job], flushing: &mut bool) -> anyhow::Result<Vec<Done>> {
    let needed = group.iter().any(Job::must_last);
    if needed != *flushing {
        let sql = if needed { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" };
        sqlx::query(sql).execute(&mut *connection).await.context("Cannot set when to flush")?;
        *flushing = needed;
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.context("Cannot begin a transaction")?;
    let mut results = Vec::with_capacity(group.len());
    for job in group {
        let connection = &mut *transaction;
        results.push(match job {
            Job::Turn(turn, _) => Done::Turn(write_turn(connection, turn).await?),
            Job::Claim(prefix, now, _) => Done::Claimed(claim(connection, prefix, *now).await?),
            Job::Said(id) => {
                sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id).execute(connection).await?;
                Done::Nothing
            }
            Job::Skip(update, now, _) => {
                see(connection, *update, *now).await?;
                Done::Nothing
            }
            Job::Expire(now, _) => Done::Expired(expire(connection, *now).await?),
            Job::Set(name, value, _) => {
                let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) \
                           ON CONFLICT (name) DO UPDATE SET value = excluded.value";
                sqlx::query(sql).bind(name).bind(value).execute(connection).await?;
                Done::Nothing
            }
            Job::Flush(_) => Done::Nothing,
        });
    }
    transaction.commit().await.context("Cannot commit")?;
    Ok(results)
}

async fn claim(connection: &mut SqliteConnection, prefix: &str, now: i64) -> anyhow::Result<Vec<String>> {
    let sql = "UPDATE session SET claimed_until = $1 WHERE person IN ( \
                 SELECT person FROM session INDEXED BY session_due \
                 WHERE due_at <= $2 AND coalesce(claimed_until, 0) <= $2 AND person >= $3 AND person < $3 || char(1114111) \
                 ORDER BY due_at LIMIT $4) RETURNING person";
    let rows: Vec<(String,)> = sqlx::query_as(sql)
        .bind(now + LEASE_SECONDS)
        .bind(now)
        .bind(prefix)
        .bind(MAX_CLAIM)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

async fn expire(connection: &mut SqliteConnection, now: i64) -> anyhow::Result<u64> {
    let idle = "DELETE FROM session WHERE updated_at < $1 AND due_at IS NULL";
    let idle = sqlx::query(idle).bind(now - IDLE_DAYS * DAY).execute(&mut *connection).await?;
    let codes = "DELETE FROM recovery WHERE created_at <= $1 OR person NOT IN (SELECT person FROM session)";
    sqlx::query(codes).bind(now - CODE_DAYS * DAY).execute(&mut *connection).await?;
    let left = "DELETE FROM outbox WHERE created_at < $1 AND person NOT IN (SELECT person FROM session)";
    sqlx::query(left).bind(now - LEFT_DAYS * DAY).execute(&mut *connection).await?;
    let seen = "DELETE FROM seen WHERE seen_at < $1";
    sqlx::query(seen).bind(now - SEEN_DAYS * DAY).execute(&mut *connection).await?;
    Ok(idle.rows_affected())
}

/// Remembers an update; whether it is new.
async fn see(connection: &mut SqliteConnection, update: i64, now: i64) -> anyhow::Result<bool> {
    let sql = "INSERT INTO seen (update_id, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    Ok(sqlx::query(sql).bind(update).bind(now).execute(connection).await?.rows_affected() > 0)
}

async fn write_turn(connection: &mut SqliteConnection, turn: &Turn) -> anyhow::Result<Committed> {
    let now = turn.now.as_second();
    if let Some(made_from) = turn.made_from {
        let sql = "SELECT version FROM session WHERE person = $1";
        let row: Option<(i64,)> = sqlx::query_as(sql).bind(&turn.person).fetch_optional(&mut *connection).await?;
        if row.map_or(0, |row| row.0) != made_from {
            return Ok(Committed::Overtaken);
        }
    }
    // Everything that can stop a turn is looked at before anything is written: the transaction is shared with others.
    let mut moves_from = None;
    if let Some(hash) = &turn.redeems {
        let sql = "SELECT person FROM recovery WHERE hash = $1";
        let row: Option<(String,)> = sqlx::query_as(sql).bind(hash).fetch_optional(&mut *connection).await?;
        let Some((from,)) = row else { return Ok(Committed::Overtaken) };
        moves_from = Some(from);
    }
    if let Some(update) = turn.update
        && !see(connection, update, now).await?
    {
        return Ok(Committed::Heard);
    }
    if let Some(from) = moves_from {
        sqlx::query("DELETE FROM recovery WHERE person = $1").bind(&from).execute(&mut *connection).await?;
        sqlx::query("DELETE FROM session WHERE person = $1").bind(&from).execute(&mut *connection).await?;
        // What lies there belongs to the talk that has gone, on a page most of all.
        sqlx::query("DELETE FROM outbox WHERE person = $1").bind(&from).execute(&mut *connection).await?;
    }
    match &turn.session {
        Change::Keep => {}
        Change::Write(body) => {
            sqlx::query(
                "INSERT INTO session (person, body, updated_at, due_at, version) VALUES ($1, $2, $3, $4, $5) \
                 ON CONFLICT (person) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, \
                 version = max(version + 1, excluded.version), claimed_until = CASE WHEN due_at IS excluded.due_at THEN claimed_until END, due_at = excluded.due_at",
            )
            .bind(&turn.person)
            .bind(body)
            .bind(now)
            .bind(turn.due_at)
            .bind(turn.first_version())
            .execute(&mut *connection)
            .await?;
        }
        Change::Delete => {
            sqlx::query("DELETE FROM session WHERE person = $1").bind(&turn.person).execute(&mut *connection).await?;
        }
    }
    if turn.forget {
        sqlx::query("DELETE FROM outbox WHERE person = $1").bind(&turn.person).execute(&mut *connection).await?;
        sqlx::query("DELETE FROM recovery WHERE person = $1").bind(&turn.person).execute(&mut *connection).await?;
    }
    if let Some(hash) = &turn.code {
        let sql = "INSERT INTO recovery (hash, person, created_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at";
        sqlx::query(sql).bind(hash).bind(&turn.person).bind(now).execute(&mut *connection).await?;
    }
    for id in turn.page.iter().flatten() {
        let sql = "DELETE FROM outbox WHERE id = $1 AND person = $2";
        sqlx::query(sql).bind(id).bind(&turn.person).execute(&mut *connection).await?;
    }
    let mut ids = Vec::with_capacity(turn.say.len());
    for body in &turn.say {
        let row: (i64,) =
            sqlx::query_as("INSERT INTO outbox (person, body, created_at) VALUES ($1, $2, $3) RETURNING id")
                .bind(&turn.person)
                .bind(body)
                .bind(now)
                .fetch_one(&mut *connection)
                .await?;
        ids.push(row.0);
    }
    Ok(Committed::Done { ids, ours: true })
}
