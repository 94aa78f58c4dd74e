//! SQLite: one process, one file. Readers look at any time; one thread writes everything ("group commit"): a turn is durable
//! when its commit returns, and many people share the price of one disk flush.

mod files;
mod write;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, TransactionBehavior};
use tokio::sync::{Semaphore, oneshot};

use super::copy;
use super::update_key;
use super::writable::{Outcome, Unwritable};
use super::{
    Backlog, CODE_DAYS, CommitResult, DAY, MAX_RETRIES, OpenError, OutboxRow, PAGE, StoredData, StoredSession, Turn,
};
use files::Files;
use write::{Job, Writer};

/// The version of the tables below, as `user_version` of the file. Versions below it were never released.
const SCHEMA_VERSION: u32 = 10;

/// The tables.
const SCHEMA: &str = include_str!("sqlite/migrations/0001_begin.sql");

/// How long another process may hold the database before we give up.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// How many readers may look at the same time.
const READERS: usize = 4;

/// The most jobs that share one commit; beyond this, waiting costs more than the flush saves.
const MAX_GROUP: usize = 256;

/// A database in a file; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Database {
    files: Arc<Files>,
    readers: Arc<Readers>,
    writer: mpsc::Sender<Job>,
    /// What the last write came to that had to last.
    outcome: Arc<Outcome>,
}

/// Connections that only read.
#[derive(Debug)]
struct Readers {
    /// Those that nobody uses at this moment.
    idle: Mutex<Vec<Connection>>,
    /// How many more may look.
    room: Arc<Semaphore>,
}

impl Database {
    /// Opens `sqlite:PATH`, creating and migrating it where needed.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let path = file_of(url)?;
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(OpenError::NoFolder { path });
        }
        let opened = tokio::task::spawn_blocking(move || Self::open_now(path)).await;
        opened.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
    }

    fn open_now(path: PathBuf) -> Result<Self, OpenError> {
        let explain = |error| explain(&path, error);
        files::make_private(&path);
        let mut connection = open(&path, true).map_err(explain)?;
        if !migrate(&mut connection).map_err(explain)? {
            return Err(OpenError::OtherVersion { path });
        }
        let idle = Mutex::new(vec![open(&path, false).map_err(explain)?]);
        let readers = Arc::new(Readers { idle, room: Arc::new(Semaphore::new(READERS)) });
        let unused = copy::is_unused(&connection).map_err(explain)?;
        let (files, outcome) = (Arc::new(Files::of(path)?), Arc::new(Outcome::default()));
        let writer = Writer::new(connection, files.clone(), outcome.clone(), unused);
        let writer = writer.start().map_err(|_| OpenError::NoThread)?;
        Ok(Self { files, readers, writer, outcome })
    }

    /// Looks, beside everything that is written meanwhile.
    async fn read<T: Send + 'static>(
        &self,
        failed: &'static str,
        look: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> anyhow::Result<T> {
        let room = self.readers.room.clone().acquire_owned().await.context(failed)?;
        let (readers, files) = (self.readers.clone(), self.files.clone());
        let looked = tokio::task::spawn_blocking(move || {
            let _room = room;
            let idle = readers.idle.lock().expect("the lock is not poisoned").pop();
            let connection = idle.map_or_else(|| open(files.path(), false), Ok)?;
            let found = look(&connection);
            readers.idle.lock().expect("the lock is not poisoned").push(connection);
            found
        });
        match looked.await {
            Ok(found) => found.context(failed),
            Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
            // The runtime is stopping, and whoever asked stops with it.
            Err(_) => std::future::pending().await,
        }
    }

    /// Makes sure that no other process says what waits. The lock goes with the process, however it ends.
    pub fn join(&self) -> Result<(), OpenError> {
        self.files.lock()
    }

    /// What the last write came to that had to last.
    pub fn last_write(&self) -> Result<(), Unwritable> {
        self.outcome.last()
    }

    /// Writes something that changes nothing and has to last.
    pub async fn probe(&self) -> Result<(), Unwritable> {
        self.ask(Job::Probe).await.map_err(|error| error.downcast().unwrap_or(Unwritable::Closed))
    }

    /// What is known of a person, and whether an update was heard before.
    pub async fn stored_session(&self, person: &str, update: Option<i64>) -> anyhow::Result<StoredSession> {
        let (person, update) = (person.to_owned(), update.map(|update| update_key(person, update)));
        self.read("Cannot read the session", move |connection| {
            let mut session = connection.prepare_cached("SELECT body, version FROM session WHERE person = ?1")?;
            let session = session.query_row([person], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let processed =
                connection.prepare_cached("SELECT 1 FROM processed_update WHERE update_key = ?1")?.exists([update])?;
            let (session, version) = session.unwrap_or_default();
            Ok(StoredSession { session, version, processed })
        })
        .await
    }

    /// Makes a turn durable.
    pub async fn commit(&self, turn: Turn) -> anyhow::Result<CommitResult> {
        self.ask(|answer| Job::Turn(turn, answer)).await
    }

    /// Hands a job to the writer and waits for what it came to.
    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<anyhow::Result<T>>) -> Job) -> anyhow::Result<T> {
        let (answer, result) = oneshot::channel();
        self.writer.send(job(answer)).map_err(|_| Unwritable::Closed)?;
        result.await.map_err(|_| Unwritable::Closed)?
    }

    /// Remembers an update that cannot be handled, so that it is not handled again.
    pub async fn mark_processed(&self, update: String, now: Timestamp) -> anyhow::Result<()> {
        self.ask(|answer| Job::Skip(update, now.as_second(), answer)).await
    }

    /// Deletes what has grown old: idle talks, unused recovery codes, the numbers of updates. How many talks.
    pub async fn expire(&self, now: Timestamp) -> anyhow::Result<u64> {
        let (mut talks, mut after) = (0, Some(0));
        while let Some(row) = after {
            let swept = self.ask(|answer| Job::Expire(now.as_second(), row, answer)).await?;
            talks += swept.talks;
            after = swept.next;
        }
        Ok(talks)
    }

    /// Remembers something about the program itself.
    pub async fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        self.ask(|answer| Job::Set(name.to_owned(), value.to_owned(), answer)).await
    }

    /// Remembers something about the program itself, unless somebody else has done so since; whether it did.
    pub async fn swap(&self, name: &str, before: Option<&str>, value: &str) -> anyhow::Result<bool> {
        let (name, before, value) = (name.to_owned(), before.map(str::to_owned), value.to_owned());
        self.ask(|answer| Job::Swap { name, before, value, answer }).await
    }

    /// When something was last written about people, in seconds since 1970; `None`: there is nothing.
    pub async fn newest(&self) -> anyhow::Result<Option<i64>> {
        self.read("Cannot look for the newest row", |connection| {
            connection.query_row(super::NEWEST, [], |row| row.get(0))
        })
        .await
    }

    /// What was remembered under a name.
    pub async fn setting(&self, name: &str) -> anyhow::Result<Option<String>> {
        let name = name.to_owned();
        self.read("Cannot read a setting", move |connection| {
            connection.query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0)).optional()
        })
        .await
    }

    /// The session that a recovery code leads to; `None`: the code is wrong, used or too old.
    pub async fn redeemable(&self, hash: &str, now: Timestamp) -> anyhow::Result<Option<String>> {
        let (hash, since) = (hash.to_owned(), now.as_second() - CODE_DAYS * DAY);
        self.read("Cannot look for a recovery code", move |connection| {
            let sql =
                "SELECT session.body FROM recovery JOIN session USING (person) WHERE hash = ?1 AND created_at > ?2";
            connection.query_row(sql, (hash, since), |row| row.get(0)).optional()
        })
        .await
    }

    /// Everything that is stored about a person.
    pub async fn stored_data(&self, person: &str) -> anyhow::Result<StoredData> {
        let person = person.to_owned();
        self.read("Cannot read what is stored about a person", move |connection| {
            let session = "SELECT body, updated_at FROM session WHERE person = ?1";
            let session = connection.query_row(session, [&person], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
            let waiting = "SELECT id, person, body FROM outbox WHERE person = ?1 ORDER BY id";
            let waiting = rows(connection, waiting, &person)?.into_iter().map(|waiting| waiting.body).collect();
            let code = "SELECT created_at FROM recovery WHERE person = ?1";
            let code_made_at = connection.query_row(code, [&person], |row| row.get(0)).optional()?;
            Ok(StoredData { session, waiting, code_made_at })
        })
        .await
    }

    /// The next people, whose key begins with `prefix` and comes after `after`, each with the session as JSON.
    pub async fn people(&self, prefix: &str, after: &str) -> anyhow::Result<Vec<(String, String)>> {
        let (prefix, after) = (prefix.to_owned(), after.to_owned());
        self.read("Cannot read the sessions", move |connection| {
            let sql = "SELECT person, body FROM session WHERE person >= ?1 AND person < ?1 || char(1114111) \
                       AND person > ?2 ORDER BY person LIMIT ?3";
            let mut statement = connection.prepare_cached(sql)?;
            statement.query_map((prefix, after, PAGE), |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
        })
        .await
    }

    /// How much waits to be said to people whose key begins with `prefix`.
    pub async fn backlog(&self, prefix: &str) -> anyhow::Result<Backlog> {
        let prefix = prefix.to_owned();
        self.read("Cannot read the outbox", move |connection| {
            let sql = "SELECT count(*) FILTER (WHERE retry_at IS NULL), min(created_at) FILTER (WHERE retry_at IS NULL), \
                       count(retry_at) FROM outbox WHERE person >= ?1 AND person < ?1 || char(1114111)";
            let backlog =
                |row: &Row| Ok(Backlog { rows: row.get(0)?, oldest: row.get(1)?, set_aside: row.get(2)? });
            connection.query_row(sql, [prefix], backlog)
        })
        .await
    }

    /// Removes what was said from the outbox, soon.
    pub fn acknowledge(&self, id: i64) {
        // When the writer is gone the row stays and is said once more: better twice than never.
        let _ = self.writer.send(Job::Said(id));
    }

    /// Claims up to [`MAX_CLAIM`] people, whose key begins with `prefix`, with something due. A claim is a lease: who
    /// took it and died is overtaken after [`LEASE_SECONDS`].
    pub async fn claim_due(&self, prefix: &str, now: Timestamp) -> anyhow::Result<Vec<String>> {
        self.ask(|answer| Job::Claim(prefix.to_owned(), now.as_second(), answer)).await
    }

    /// When the next unclaimed reminder of people whose key begins with `prefix` is due, in seconds since 1970.
    pub async fn next_due(&self, prefix: &str) -> anyhow::Result<Option<i64>> {
        let prefix = prefix.to_owned();
        self.read("Cannot read what is due", move |connection| {
            let sql = "SELECT max(due_at, coalesce(claimed_until, 0)) FROM session INDEXED BY session_due \
                       WHERE due_at IS NOT NULL AND person >= ?1 AND person < ?1 || char(1114111) ORDER BY due_at LIMIT 1";
            connection.prepare_cached(sql)?.query_row([prefix], |row| row.get(0)).optional()
        })
        .await
    }

    /// Waits until everything handed over so far is on disk.
    pub async fn flush(&self) {
        // When the writer is gone, there is nothing left to wait for.
        let _ = self.ask(Job::Flush).await;
    }

    /// What waits for one person, oldest first.
    pub async fn waiting(&self, person: &str) -> anyhow::Result<Vec<OutboxRow>> {
        let person = person.to_owned();
        self.read("Cannot read what waits for a person", move |connection| {
            rows(connection, "SELECT id, person, body FROM outbox WHERE person = ?1 ORDER BY id", &person)
        })
        .await
    }

    /// Keeps a message to be tried again later.
    pub async fn set_aside(&self, _person: &str, id: i64, retry_at: i64) -> anyhow::Result<Vec<OutboxRow>> {
        self.ask(|answer| Job::SetAside(id, retry_at, answer)).await?;
        // Only this process sends, so nobody else has committed anything that it does not know of.
        Ok(Vec::new())
    }

    /// The set-aside messages that are to be tried again by now, oldest first.
    pub async fn take_over_retries(&self, prefix: &str, now: i64) -> anyhow::Result<Vec<OutboxRow>> {
        self.ask(|answer| Job::Retry { prefix: prefix.to_owned(), now, people: MAX_RETRIES, answer }).await
    }

    /// Everything that waits to be said to people whose key begins with `prefix`, oldest first.
    pub async fn take_over(&self, prefix: &str) -> anyhow::Result<Vec<OutboxRow>> {
        // Nothing stays set aside, or it would be taken over a second time when its hour comes.
        self.ask(|answer| Job::Retry { prefix: prefix.to_owned(), now: i64::MAX, people: i64::MAX, answer }).await?;
        let prefix = prefix.to_owned();
        self.read("Cannot read the outbox", move |connection| {
            rows(connection, "SELECT id, person, body FROM outbox WHERE person LIKE ?1 || '%' ORDER BY id", &prefix)
        })
        .await
    }
}

/// Rows of the outbox.
fn rows(connection: &Connection, sql: &str, parameter: &str) -> rusqlite::Result<Vec<OutboxRow>> {
    let waiting = |row: &Row| Ok(OutboxRow { id: row.get(0)?, person: row.get(1)?, body: row.get(2)? });
    connection.prepare_cached(sql)?.query_map([parameter], waiting)?.collect()
}

/// A connection, as everybody wants it: durable, and patient with other processes.
pub(super) fn open(path: &Path, writes: bool) -> rusqlite::Result<Connection> {
    let access = if writes {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    } else {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    };
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    // More than a turn has statements, so that each is prepared once.
    connection.set_prepared_statement_cache_capacity(64);
    if writes {
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
    }
    Ok(connection)
}

/// Creates the tables in an empty file. Whether the tables are those of this version; if not, nothing was changed.
fn migrate(connection: &mut Connection) -> rusqlite::Result<bool> {
    // A file that cannot be written still opens; this is where that is found out, and not at the first turn.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let had: u32 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if had == 0 {
        transaction.execute_batch(SCHEMA)?;
        transaction.pragma_update(None, "user_version", SCHEMA_VERSION)?;
    }
    transaction.commit()?;
    Ok(had == 0 || had == SCHEMA_VERSION)
}

/// Copies a database to a new file, as of one moment, while a bot may be running on it.
pub(super) async fn backup(url: &str, to: &Path) -> anyhow::Result<()> {
    let path = file_of(url)?;
    anyhow::ensure!(path.is_file(), "there is no database {}", path.display());
    let failed = format!("Cannot copy {} to {}", path.display(), to.display());
    let name = to.to_str().context("The name of the file is not UTF-8")?.to_owned();
    // An empty file is taken for none, and keeps its rights.
    match files::create_private(to) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            anyhow::bail!("{} exists. Name a new file", to.display())
        }
        created => created.context(failed.clone())?,
    }
    let copied = tokio::task::spawn_blocking(move || {
        let connection = open(&path, false).map_err(|error| explain(&path, error))?;
        connection.execute("VACUUM INTO ?1", [name])?;
        anyhow::Ok(())
    });
    let copied = copied.await.context("The copy stopped")?.context(failed);
    if copied.is_err() {
        // Half a copy must not be taken for one.
        let _ = std::fs::remove_file(to);
    }
    copied
}

/// The file that `sqlite:PATH` names.
pub(super) fn file_of(url: &str) -> Result<PathBuf, OpenError> {
    let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    let path = path.filter(|path| !path.is_empty() && !path.contains(":memory:")).ok_or(OpenError::Url)?;
    Ok(PathBuf::from(path))
}

/// What an error of the database means for the person who runs the bot.
fn explain(path: &Path, error: rusqlite::Error) -> OpenError {
    let path = path.to_owned();
    // SQLite's primary result codes (sqlite.org/rescode.html) are the low byte of the extended ones.
    match error.sqlite_error().map(|error| error.extended_code & 0xff) {
        Some(8 | 23) => OpenError::ReadOnly { path },
        Some(11 | 26) => OpenError::Damaged { path },
        Some(5 | 6) => OpenError::Busy { path },
        Some(13) => OpenError::Full { path },
        Some(3 | 10 | 14) => OpenError::Unreadable { path },
        _ => OpenError::Other { path, source: error },
    }
}
