//! Sessions, what is to be said, and which updates were heard: tables and transactions, the only SQL.
//!
//! One task owns the one writing connection. It commits everything that arrived while it was busy as one transaction
//! ("group commit"): a turn is durable when its commit returns, and many people share the price of one disk flush.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/migrations");

/// How long another process may hold the database before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How long heard updates are remembered. Telegram keeps an update for 24 hours and redelivers within that time.
const SEEN_DAYS: i64 = 7;

/// How many readers may look at the same time.
const READERS: u32 = 4;

/// The most people whose reminders are claimed at once: small enough to be said within the lease.
pub const MAX_CLAIM: i64 = 100;

/// How long a claim lasts: ample for loading and committing a hundred turns, and the longest that a crash in between
/// delays a reminder. Sending is not part of it; that is what the outbox is for.
pub const LEASE_SECONDS: i64 = 10;

/// The most turns that share one commit; beyond this, waiting costs more than the flush saves.
const MAX_GROUP: usize = 256;

/// Why the database cannot be used, in words for the person who runs the bot.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("DATABASE_URL must look like sqlite:PATH, for example sqlite:simoff.db")]
    Url,
    #[error("the folder of the database {path} does not exist. Create it, or point DATABASE_URL elsewhere")]
    NoFolder { path: PathBuf },
    #[error(
        "the database {path} cannot be written. Give this user the right to write the file and its folder, or point DATABASE_URL elsewhere"
    )]
    ReadOnly { path: PathBuf },
    #[error(
        "the database {path} cannot be opened. Check that it is a file this user may read, or point DATABASE_URL elsewhere"
    )]
    Unreadable { path: PathBuf },
    #[error(
        "{path} is not a database, or it is damaged. Nothing was changed. Restore it from a backup, or move it away and start with a new one"
    )]
    Damaged { path: PathBuf },
    #[error("the database {path} is in use by another process. Stop that one first")]
    Busy { path: PathBuf },
    #[error("the database {path} was written by a newer version of simoff. Use that version, or another database")]
    Newer { path: PathBuf },
    #[error("the disk with the database {path} is full. Make room and start again")]
    Full { path: PathBuf },
    #[error("the database {path} cannot be opened: {source}")]
    Other { path: PathBuf, source: sqlx::Error },
}

/// A handle to the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    readers: SqlitePool,
    writer: mpsc::Sender<Job>,
}

/// One turn to commit: all of it or nothing.
#[derive(Debug, Clone)]
pub struct Turn {
    pub person: String,
    /// The update that caused it, where the channel numbers them.
    pub update: Option<i64>,
    /// The session as JSON; `None`: there is nothing to keep.
    pub session: Option<String>,
    /// The person wants to be forgotten: what still waits to be said to them goes too.
    pub forget: bool,
    /// What is to be said, as the channel will read it.
    pub say: Vec<String>,
    /// When the next reminder is due, in seconds since 1970.
    pub due_at: Option<i64>,
    pub now: Timestamp,
}

/// What became of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Committed {
    /// Durable. The rows of the outbox, one for each thing to say.
    Done(Vec<i64>),
    /// The update was heard before; nothing was changed.
    Heard,
}

/// Something that waits to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: i64,
    pub person: String,
    pub body: String,
}

/// What is stored about a person, as far as a turn needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The session as JSON; `None` for someone who has said nothing yet.
    pub session: Option<String>,
    /// The update was heard before.
    pub heard: bool,
}

#[derive(Debug)]
enum Job {
    Turn(Turn, oneshot::Sender<anyhow::Result<Committed>>),
    /// These rows of the outbox were said.
    Said(Vec<i64>),
    /// Claim people with something due.
    Claim(Claim, oneshot::Sender<anyhow::Result<Vec<String>>>),
    /// Answer when everything before is committed.
    Flush(oneshot::Sender<()>),
}

/// Whose reminders to claim.
#[derive(Debug, Clone)]
struct Claim {
    prefix: String,
    now: i64,
}

impl Store {
    /// Opens `sqlite:PATH`, creating and migrating it where needed.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
        let path = path.filter(|path| !path.is_empty() && !path.contains(":memory:")).ok_or(OpenError::Url)?;
        let path = PathBuf::from(path);
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(OpenError::NoFolder { path });
        }
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let explain = |error| explain(&path, error);
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(explain)?;
        MIGRATIONS.run_direct(None, &mut connection, false).await.map_err(|error| match error {
            MigrateError::VersionMissing(_) | MigrateError::VersionTooNew(..) => {
                OpenError::Newer { path: path.clone() }
            }
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explain(error),
            other => explain(sqlx::Error::Migrate(Box::new(other))),
        })?;
        // A file that cannot be written still opens; find out now, not at the first turn.
        sqlx::query("DELETE FROM seen WHERE seen_at < 0").execute(&mut connection).await.map_err(explain)?;
        let readers = SqlitePoolOptions::new().max_connections(READERS);
        let readers = readers.connect_with(options.read_only(true).create_if_missing(false)).await.map_err(explain)?;
        let (writer, jobs) = mpsc::channel(MAX_GROUP);
        tokio::spawn(write(connection, jobs));
        Ok(Self { readers, writer })
    }

    /// What is known of a person, and whether an update was heard before.
    pub async fn known(&self, person: &str, update: Option<i64>) -> anyhow::Result<Known> {
        let row: (Option<String>, bool) = sqlx::query_as(
            "SELECT (SELECT body FROM session WHERE person = $1), EXISTS (SELECT 1 FROM seen WHERE update_id = $2)",
        )
        .bind(person)
        .bind(update)
        .fetch_one(&self.readers)
        .await
        .context("Cannot read the session")?;
        Ok(Known { session: row.0, heard: row.1 })
    }

    /// Makes a turn durable.
    pub async fn commit(&self, turn: Turn) -> anyhow::Result<Committed> {
        let (answer, committed) = oneshot::channel();
        self.writer.send(Job::Turn(turn, answer)).await.ok().context("The store is closed")?;
        committed.await.context("The store is closed")?
    }

    /// Removes what was said from the outbox, soon.
    pub async fn said(&self, ids: Vec<i64>) {
        // When the writer is gone the rows stay and are said once more: better twice than never.
        let _ = self.writer.send(Job::Said(ids)).await;
    }

    /// Claims up to [`MAX_CLAIM`] people, whose key begins with `prefix`, with something due. A claim is a lease: who
    /// took it and died is overtaken after [`LEASE_SECONDS`].
    pub async fn claim_due(&self, prefix: &str, now: Timestamp) -> anyhow::Result<Vec<String>> {
        let (answer, claimed) = oneshot::channel();
        let claim = Claim { prefix: prefix.to_owned(), now: now.as_second() };
        self.writer.send(Job::Claim(claim, answer)).await.ok().context("The store is closed")?;
        claimed.await.context("The store is closed")?
    }

    /// When the next unclaimed reminder of people whose key begins with `prefix` is due, in seconds since 1970.
    pub async fn next_due(&self, prefix: &str) -> anyhow::Result<Option<i64>> {
        let sql = "SELECT max(due_at, coalesce(claimed_until, 0)) FROM session INDEXED BY session_due \
                   WHERE due_at IS NOT NULL AND person >= $1 AND person < $1 || char(1114111) ORDER BY due_at LIMIT 1";
        let row: Option<(i64,)> =
            sqlx::query_as(sql).bind(prefix).fetch_optional(&self.readers).await.context("Cannot read what is due")?;
        Ok(row.map(|row| row.0))
    }

    /// Waits until everything handed over so far is on disk.
    pub async fn flush(&self) {
        let (answer, flushed) = oneshot::channel();
        if self.writer.send(Job::Flush(answer)).await.is_ok() {
            let _ = flushed.await;
        }
    }

    /// Everything that waits to be said to people whose key begins with `prefix`, oldest first.
    pub async fn waiting(&self, prefix: &str) -> anyhow::Result<Vec<Waiting>> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT id, person, body FROM outbox WHERE person LIKE $1 || '%' ORDER BY id")
                .bind(prefix)
                .fetch_all(&self.readers)
                .await
                .context("Cannot read the outbox")?;
        Ok(rows.into_iter().map(|(id, person, body)| Waiting { id, person, body }).collect())
    }
}

/// What an error of the database means for the person who runs the bot.
fn explain(path: &Path, error: sqlx::Error) -> OpenError {
    let path = path.to_owned();
    // SQLite's primary result codes (sqlite.org/rescode.html) are the low byte of the extended ones.
    let code = match &error {
        sqlx::Error::Database(error) => error.code().and_then(|code| code.parse::<u32>().ok()).map(|code| code & 0xff),
        _ => None,
    };
    match code {
        Some(8 | 23) => OpenError::ReadOnly { path },
        Some(11 | 26) => OpenError::Damaged { path },
        Some(5 | 6) => OpenError::Busy { path },
        Some(13) => OpenError::Full { path },
        Some(3 | 10 | 14) => OpenError::Unreadable { path },
        _ => OpenError::Other { path, source: error },
    }
}

/// The writer: takes what has arrived, commits it as one, tells everyone.
async fn write(mut connection: SqliteConnection, mut jobs: mpsc::Receiver<Job>) {
    let mut group = Vec::with_capacity(MAX_GROUP);
    let mut flushing = true;
    while jobs.recv_many(&mut group, MAX_GROUP).await > 0 {
        let committed = match flush_as_needed(&mut connection, &group, &mut flushing).await {
            Ok(()) => commit_group(&mut connection, &group).await,
            Err(error) => Err(error),
        };
        if let Err(error) = &committed {
            log::error!("Cannot commit: {error:#}");
        }
        let mut results = committed.map_err(|error| format!("{error:#}")).map(Vec::into_iter);
        for job in group.drain(..) {
            let result = match &mut results {
                Ok(results) => Ok(results.next().expect("one result for each job")),
                Err(error) => Err(anyhow::anyhow!("{error}")),
            };
            // Whoever asked may be gone; what is committed is committed.
            match job {
                Job::Turn(_, answer) => {
                    let committed = result.and_then(|done| match done {
                        Done::Turn(committed) => Ok(committed),
                        _ => Err(anyhow::anyhow!("A turn got another job's result")),
                    });
                    let _ = answer.send(committed);
                }
                Job::Claim(_, answer) => {
                    let people = result.map(|done| if let Done::Claimed(people) = done { people } else { Vec::new() });
                    let _ = answer.send(people);
                }
                Job::Said(_) => {}
                Job::Flush(answer) => {
                    let _ = answer.send(());
                }
            }
        }
    }
    if let Err(error) = connection.close().await {
        log::warn!("Cannot close the database: {error}");
    }
}

/// Has the disk flushed at a commit that must not be lost, and only then.
///
/// A turn must survive a power cut. That something was said, or is about to be, need not: the process can be killed at
/// any point without losing it, and after a power cut a message is at worst said twice. So a flood of reminders does
/// not make the answers wait for the disk.
async fn flush_as_needed(connection: &mut SqliteConnection, group: &[Job], flushing: &mut bool) -> anyhow::Result<()> {
    let needed = group.iter().any(|job| matches!(job, Job::Turn(..) | Job::Flush(_)));
    if needed != *flushing {
        let sql = if needed { "PRAGMA synchronous = FULL" } else { "PRAGMA synchronous = NORMAL" };
        sqlx::query(sql).execute(connection).await.context("Cannot set when to flush")?;
        *flushing = needed;
    }
    Ok(())
}

/// What a job came to.
#[derive(Debug)]
enum Done {
    Turn(Committed),
    Claimed(Vec<String>),
    Nothing,
}

/// One transaction for all jobs; a result for each.
async fn commit_group(connection: &mut SqliteConnection, group: &[Job]) -> anyhow::Result<Vec<Done>> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.context("Cannot begin a transaction")?;
    let mut results = Vec::with_capacity(group.len());
    for job in group {
        let done = match job {
            Job::Turn(turn, _) => {
                if results.is_empty() {
                    let too_old = turn.now.as_second() - SEEN_DAYS * 24 * 60 * 60;
                    sqlx::query("DELETE FROM seen WHERE seen_at < $1").bind(too_old).execute(&mut *transaction).await?;
                }
                Done::Turn(write_turn(&mut transaction, turn).await?)
            }
            Job::Claim(claim, _) => Done::Claimed(write_claim(&mut transaction, claim).await?),
            Job::Said(ids) => {
                for id in ids {
                    sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id).execute(&mut *transaction).await?;
                }
                Done::Nothing
            }
            Job::Flush(_) => Done::Nothing,
        };
        results.push(done);
    }
    transaction.commit().await.context("Cannot commit")?;
    Ok(results)
}

async fn write_claim(connection: &mut SqliteConnection, claim: &Claim) -> anyhow::Result<Vec<String>> {
    let sql = "UPDATE session SET claimed_until = $1 WHERE person IN ( \
                 SELECT person FROM session INDEXED BY session_due \
                 WHERE due_at <= $2 AND coalesce(claimed_until, 0) <= $2 AND person >= $3 AND person < $3 || char(1114111) \
                 ORDER BY due_at LIMIT $4) RETURNING person";
    let rows: Vec<(String,)> = sqlx::query_as(sql)
        .bind(claim.now + LEASE_SECONDS)
        .bind(claim.now)
        .bind(&claim.prefix)
        .bind(MAX_CLAIM)
        .fetch_all(connection)
        .await?;
    Ok(rows.into_iter().map(|row| row.0).collect())
}

async fn write_turn(connection: &mut SqliteConnection, turn: &Turn) -> anyhow::Result<Committed> {
    let now = turn.now.as_second();
    if let Some(update) = turn.update {
        let fresh = sqlx::query("INSERT INTO seen (update_id, seen_at) VALUES ($1, $2) ON CONFLICT DO NOTHING")
            .bind(update)
            .bind(now)
            .execute(&mut *connection)
            .await?;
        if fresh.rows_affected() == 0 {
            return Ok(Committed::Heard);
        }
    }
    match &turn.session {
        Some(body) => {
            sqlx::query(
                "INSERT INTO session (person, body, updated_at, due_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (person) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, \
                 claimed_until = CASE WHEN due_at IS excluded.due_at THEN claimed_until END, due_at = excluded.due_at",
            )
            .bind(&turn.person)
            .bind(body)
            .bind(now)
            .bind(turn.due_at)
            .execute(&mut *connection)
            .await?;
        }
        None => {
            sqlx::query("DELETE FROM session WHERE person = $1").bind(&turn.person).execute(&mut *connection).await?;
        }
    }
    if turn.forget {
        sqlx::query("DELETE FROM outbox WHERE person = $1").bind(&turn.person).execute(&mut *connection).await?;
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
    Ok(Committed::Done(ids))
}
