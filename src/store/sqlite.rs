//! SQLite: one process, one file. Readers look at any time; one task writes everything ("group commit"): a turn is durable
//! when its commit returns, and many people share the price of one disk flush.

mod write;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use super::{Backlog, CODE_DAYS, Committed, DAY, Everything, Known, OpenError, PAGE, Turn, Waiting};
use write::{Job, write};

static MIGRATIONS: Migrator = sqlx::migrate!("src/store/sqlite/migrations");

/// How long another process may hold the database before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many readers may look at the same time.
const READERS: u32 = 4;

/// The most turns that share one commit; beyond this, waiting costs more than the flush saves.
const MAX_GROUP: usize = 256;

/// A database in a file; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Database {
    path: PathBuf,
    readers: SqlitePool,
    writer: mpsc::Sender<Job>,
    /// Locked as long as this process says what waits in the outbox.
    alone: Arc<Mutex<Option<File>>>,
}

impl Database {
    /// Opens `sqlite:PATH`, creating and migrating it where needed.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let path = file_of(url)?;
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
        Ok(Self { path, readers, writer, alone: Arc::default() })
    }

    /// Makes sure that no other process says what waits. The lock goes with the process, however it ends.
    pub fn join(&self) -> Result<(), OpenError> {
        let path = self.path.clone();
        let file =
            File::create(path.with_added_extension("lock")).map_err(|_| OpenError::ReadOnly { path: path.clone() })?;
        file.try_lock().map_err(|_| OpenError::Running { path })?;
        *self.alone.lock().expect("nobody panics while holding this") = Some(file);
        Ok(())
    }

    /// What is known of a person, and whether an update was heard before.
    pub async fn known(&self, person: &str, update: Option<i64>) -> anyhow::Result<Known> {
        let row: (Option<String>, Option<i64>, bool) = sqlx::query_as(
            "SELECT body, version, EXISTS (SELECT 1 FROM seen WHERE update_id = $2) \
             FROM (SELECT 1) LEFT JOIN session ON person = $1",
        )
        .bind(person)
        .bind(update)
        .fetch_one(&self.readers)
        .await
        .context("Cannot read the session")?;
        Ok(Known { session: row.0, version: row.1.unwrap_or(0), heard: row.2 })
    }

    /// Makes a turn durable.
    pub async fn commit(&self, turn: Turn) -> anyhow::Result<Committed> {
        self.ask(|answer| Job::Turn(turn, answer)).await
    }

    /// Hands a job to the writer and waits for what it came to.
    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<anyhow::Result<T>>) -> Job) -> anyhow::Result<T> {
        let (answer, result) = oneshot::channel();
        self.writer.send(job(answer)).await.ok().context("The store is closed")?;
        result.await.context("The store is closed")?
    }

    /// Remembers an update that cannot be handled, so that it is not handled again.
    pub async fn skip(&self, update: i64, now: Timestamp) -> anyhow::Result<()> {
        self.ask(|answer| Job::Skip(update, now.as_second(), answer)).await
    }

    /// Deletes what has grown old: idle talks, unused recovery codes, the numbers of updates. How many talks.
    pub async fn expire(&self, now: Timestamp) -> anyhow::Result<u64> {
        self.ask(|answer| Job::Expire(now.as_second(), answer)).await
    }

    /// Remembers something about the program itself.
    pub async fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.ask(|answer| Job::Set(name.to_owned(), value.to_owned(), answer)).await
    }

    /// What was remembered under a name.
    pub async fn setting(&self, name: &str) -> anyhow::Result<Option<String>> {
        let row: Option<(String,)> = sqlx::query_as("SELECT value FROM setting WHERE name = $1")
            .bind(name)
            .fetch_optional(&self.readers)
            .await
            .context("Cannot read a setting")?;
        Ok(row.map(|row| row.0))
    }

    /// The session that a recovery code leads to; `None`: the code is wrong, used or too old.
    pub async fn redeemable(&self, hash: &str, now: Timestamp) -> anyhow::Result<Option<String>> {
        let sql = "SELECT session.body FROM recovery JOIN session USING (person) WHERE hash = $1 AND created_at > $2";
        let row: Option<(String,)> = sqlx::query_as(sql)
            .bind(hash)
            .bind(now.as_second() - CODE_DAYS * DAY)
            .fetch_optional(&self.readers)
            .await
            .context("Cannot look for a recovery code")?;
        Ok(row.map(|row| row.0))
    }

    /// Everything that is stored about a person.
    pub async fn everything(&self, person: &str) -> anyhow::Result<Everything> {
        let failed = "Cannot read what is stored about a person";
        let mut connection = self.readers.acquire().await.context(failed)?;
        let session = sqlx::query_as("SELECT body, updated_at FROM session WHERE person = $1");
        let session = session.bind(person).fetch_optional(&mut *connection).await.context(failed)?;
        let waiting = sqlx::query_as("SELECT body FROM outbox WHERE person = $1 ORDER BY id");
        let waiting: Vec<(String,)> = waiting.bind(person).fetch_all(&mut *connection).await.context(failed)?;
        let code = sqlx::query_as("SELECT created_at FROM recovery WHERE person = $1");
        let code: Option<(i64,)> = code.bind(person).fetch_optional(&mut *connection).await.context(failed)?;
        let waiting = waiting.into_iter().map(|row| row.0).collect();
        Ok(Everything { session, waiting, code_made_at: code.map(|row| row.0) })
    }

    /// The next people, whose key begins with `prefix` and comes after `after`, each with the session as JSON.
    pub async fn people(&self, prefix: &str, after: &str) -> anyhow::Result<Vec<(String, String)>> {
        sqlx::query_as(
            "SELECT person, body FROM session WHERE person >= $1 AND person < $1 || char(1114111) AND person > $2 \
             ORDER BY person LIMIT $3",
        )
        .bind(prefix)
        .bind(after)
        .bind(PAGE)
        .fetch_all(&self.readers)
        .await
        .context("Cannot read the sessions")
    }

    /// How much waits to be said to people whose key begins with `prefix`.
    pub async fn backlog(&self, prefix: &str) -> anyhow::Result<Backlog> {
        let sql = "SELECT count(*), min(created_at) FROM outbox WHERE person >= $1 AND person < $1 || char(1114111)";
        let (rows, oldest) =
            sqlx::query_as(sql).bind(prefix).fetch_one(&self.readers).await.context("Cannot read the outbox")?;
        Ok(Backlog { rows, oldest })
    }

    /// Removes what was said from the outbox, soon.
    pub async fn said(&self, id: i64) {
        // When the writer is gone the row stays and is said once more: better twice than never.
        let _ = self.writer.send(Job::Said(id)).await;
    }

    /// Claims up to [`MAX_CLAIM`] people, whose key begins with `prefix`, with something due. A claim is a lease: who
    /// took it and died is overtaken after [`LEASE_SECONDS`].
    pub async fn claim_due(&self, prefix: &str, now: Timestamp) -> anyhow::Result<Vec<String>> {
        self.ask(|answer| Job::Claim(prefix.to_owned(), now.as_second(), answer)).await
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
        // When the writer is gone, there is nothing left to wait for.
        let _ = self.ask(Job::Flush).await;
    }

    /// What waits for one person, oldest first.
    pub async fn waiting(&self, person: &str) -> anyhow::Result<Vec<Waiting>> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT id, person, body FROM outbox WHERE person = $1 ORDER BY id")
                .bind(person)
                .fetch_all(&self.readers)
                .await
                .context("Cannot read what waits for a person")?;
        Ok(rows.into_iter().map(|(id, person, body)| Waiting { id, person, body }).collect())
    }

    /// Everything that waits to be said to people whose key begins with `prefix`, oldest first.
    pub async fn take_over(&self, prefix: &str) -> anyhow::Result<Vec<Waiting>> {
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as("SELECT id, person, body FROM outbox WHERE person LIKE $1 || '%' ORDER BY id")
                .bind(prefix)
                .fetch_all(&self.readers)
                .await
                .context("Cannot read the outbox")?;
        Ok(rows.into_iter().map(|(id, person, body)| Waiting { id, person, body }).collect())
    }
}

/// Copies a database to a new file, as of one moment, while a bot may be running on it.
pub(super) async fn backup(url: &str, to: &Path) -> anyhow::Result<()> {
    let path = file_of(url)?;
    anyhow::ensure!(path.is_file(), "there is no database {}", path.display());
    anyhow::ensure!(!to.exists(), "{} exists. Name a new file", to.display());
    let options = SqliteConnectOptions::new().filename(&path).read_only(true).busy_timeout(BUSY_TIMEOUT);
    let failed = || format!("Cannot copy {} to {}", path.display(), to.display());
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(|error| explain(&path, error))?;
    let to = to.to_str().context("The name of the file is not UTF-8")?;
    sqlx::query("VACUUM INTO $1").bind(to).execute(&mut connection).await.with_context(failed)?;
    connection.close().await.with_context(failed)
}

/// The file that `sqlite:PATH` names.
fn file_of(url: &str) -> Result<PathBuf, OpenError> {
    let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    let path = path.filter(|path| !path.is_empty() && !path.contains(":memory:")).ok_or(OpenError::Url)?;
    Ok(PathBuf::from(path))
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
