//! Sessions, what is to be said, and which updates were processed: tables and transactions, the only SQL.
//!
//! One story, two databases: SQLite in a file for one process, PostgreSQL for any number of them. A turn is one transaction;
//! it is made from a state of the session, and where that state is no longer the latest, nothing is changed and the turn
//! is made again (a turn is a pure function, so this costs microseconds, and no lock is held while it is made).

mod copy;
mod postgres;
mod sqlite;
mod writable;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Mutex as Lock;

use crate::engine::recover::CODE_DAYS;
pub use copy::{Copied, copy};
pub use writable::Unwritable;

/// How many people are read at a time when all are read.
const PAGE: i64 = 500;

/// How long processed updates are remembered. Telegram keeps an update for 24 hours and redelivers within that time.
const PROCESSED_DAYS: i64 = 7;

/// The most people whose reminders are claimed at once: small enough to be said within the lease.
pub const MAX_CLAIM: i64 = 100;

/// How long a claim lasts: ample for loading and committing a hundred turns, and the longest that a crash in between
/// delays a reminder. Sending is not part of it; that is what the outbox is for.
pub const LEASE_SECONDS: i64 = 10;

/// After so many days without a word from somebody, and with no reminder to come, their talk is deleted.
pub const IDLE_DAYS: i64 = 400;

/// After so many days, what waits for somebody who has no talk is deleted: the last screen of a page whose owner wanted to be
/// forgotten.
const LEFT_DAYS: i64 = 7;

/// After so many days, a message that was set aside is deleted: one that comes a week late helps nobody.
const SET_ASIDE_DAYS: i64 = 7;

/// The most people whose set-aside messages are taken over at a time.
const MAX_RETRIES: i64 = 100;

const DAY: i64 = 24 * 60 * 60;

/// How long a write on purpose counts as a proof that the database takes writes, in seconds.
const PROVEN_SECONDS: i64 = 10;

/// How long a write on purpose may take: less than the five seconds that those who watch the bot usually wait.
const WRITE_PATIENCE: Duration = Duration::from_secs(4);

/// When something was last written about people.
const NEWEST: &str = "SELECT max(at) FROM (SELECT max(updated_at) AS at FROM session UNION ALL \
     SELECT max(created_at) FROM outbox UNION ALL SELECT max(processed_at) FROM processed_update UNION ALL \
     SELECT max(created_at) FROM recovery) newest";

/// Why the database cannot be used, in words for the person who runs the bot.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("DATABASE_URL must look like sqlite:PATH or postgres://USER@HOST/NAME, for example sqlite:simoff.db")]
    Url,
    #[error("another simoff runs on the database {path}. Stop that one first; for several at once, use PostgreSQL")]
    Running { path: PathBuf },
    #[error("the database server cannot be used: {0}. Check DATABASE_URL, and that the server runs")]
    Server(String),
    #[error("the database was written by another version of simoff. Use that version, or another database")]
    OtherServerVersion,
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
    #[error("the database {path} was written by another version of simoff. Use that version, or another database")]
    OtherVersion { path: PathBuf },
    #[error("the disk with the database {path} is full. Make room and start again")]
    Full { path: PathBuf },
    #[error("this machine gives no more threads. Close other programs, or raise the limit")]
    NoThread,
    #[error("the database {path} cannot be opened: {source}")]
    Other { path: PathBuf, source: rusqlite::Error },
}

/// A handle to the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    database: Database,
    /// When something was last written on purpose, to see whether it can be.
    proven: Arc<Lock<Option<Timestamp>>>,
}

#[derive(Debug, Clone)]
enum Database {
    Sqlite(sqlite::Database),
    Postgres(postgres::Database),
}

/// One turn to commit: all of it or nothing.
#[derive(Debug, Clone)]
pub struct Turn {
    pub person: String,
    /// The updates that caused it, where the channel numbers them: all of one chat, processed together.
    pub updates: Vec<i64>,
    /// The version of the session that the turn was made from; `None`: whatever it is.
    pub expected_version: Option<i64>,
    pub session: SessionChange,
    /// The person wants to be forgotten: what still waits to be said to them goes too, and their recovery code.
    pub forget: bool,
    /// The hash of a new recovery code, which takes the place of the one before.
    pub code: Option<String>,
    /// The hash of a recovery code that was redeemed: it is used up, and the talk moves here from where it was.
    pub redeems: Option<String>,
    /// What is to be said, as the channel will read it.
    pub say: Vec<String>,
    /// The person's page holds what is said until something takes its place, so nobody is to say it: the rows of the
    /// outbox that make way for it now. `None`: a channel says it.
    pub page: Option<Vec<i64>>,
    /// When the next reminder is due, in seconds since 1970.
    pub due_at: Option<i64>,
    pub now: Timestamp,
}

impl Turn {
    /// A turn of a person that changes nothing and says nothing yet.
    pub fn of(person: impl Into<String>, now: Timestamp) -> Self {
        Self {
            person: person.into(),
            updates: Vec::new(),
            expected_version: None,
            session: SessionChange::Keep,
            forget: false,
            code: None,
            redeems: None,
            say: Vec::new(),
            page: None,
            due_at: None,
            now,
        }
    }
}

impl Turn {
    /// The version of the session that it writes. It begins with the time, so that it is no version of an earlier session
    /// of the same person, and a turn made from that one is noticed.
    pub fn version(&self) -> i64 {
        self.now.as_microsecond().max(self.expected_version.unwrap_or(0) + 1)
    }
}

/// What becomes of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionChange {
    /// It stays as it is.
    Keep,
    /// It is this now, as JSON.
    Write(String),
    /// There is nothing to keep.
    Delete,
}

/// What became of a turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitResult {
    /// Durable.
    Done {
        /// The rows of the outbox, one for each thing to say.
        ids: Vec<i64>,
        /// Whether they are ours to say. If not, another process is about to say something to the same person, and says
        /// these too.
        ours: bool,
    },
    /// At least one of the updates was processed before; nothing was changed.
    Duplicate,
    /// The session is another one by now, or another person has redeemed the code; nothing was changed.
    Conflict,
}

/// Something that waits to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    pub id: i64,
    pub person: String,
    pub body: String,
}

/// What is stored about a person, as far as a turn needs it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The session as JSON; `None` for someone who has said nothing yet.
    pub session: Option<String>,
    /// Its version; zero when there is none.
    pub version: i64,
    /// The update was heard before.
    pub processed: bool,
}

/// Everything that is stored about a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredData {
    /// The session as JSON, and when it was last written, in seconds since 1970.
    pub session: Option<(String, i64)>,
    /// What waits to be said, as JSON.
    pub waiting: Vec<String>,
    /// When the recovery code was made, in seconds since 1970. The code itself is not stored.
    pub code_made_at: Option<i64>,
}

/// What waits in the outbox to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// How many messages, without those that are set aside.
    pub rows: i64,
    /// When the oldest of them was committed, in seconds since 1970.
    pub oldest: Option<i64>,
    /// How many messages are set aside, to be tried again later.
    pub set_aside: i64,
}

/// What a process learns when it says that it is still there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heartbeat {
    /// How many processes share the database, at least one.
    pub instances: u32,
    /// Whether this one may poll.
    pub polls: bool,
}

/// The interval between heartbeats, in seconds.
pub const HEARTBEAT_SECONDS: u64 = 3;

/// Calls the same method of whichever database there is. What waits for a server is large, more than ten kilobytes: it lies
/// on the heap, or every turn would carry room for it about, those that go to a file too.
macro_rules! either {
    ($store:expr, $database:ident => $call:expr) => {
        match &$store.database {
            Database::Sqlite($database) => $call.await,
            Database::Postgres($database) => Box::pin($call).await,
        }
    };
}

impl Store {
    /// Opens `sqlite:PATH` or `postgres://…`, creating and migrating it where needed.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let database = if is_server(url) {
            Database::Postgres(postgres::Database::open(url).await?)
        } else {
            Database::Sqlite(sqlite::Database::open(url).await?)
        };
        Ok(Self { database, proven: Arc::default() })
    }

    /// Whether other processes may work on the same database.
    pub fn is_shared(&self) -> bool {
        matches!(self.database, Database::Postgres(_))
    }

    /// Begins to say what waits. Where only one process may, this is where a second one finds out.
    pub async fn join(&self) -> Result<(), OpenError> {
        match &self.database {
            Database::Sqlite(database) => database.join(),
            Database::Postgres(_) => Ok(()),
        }
    }

    /// A heartbeat of this instance in a channel, which renews the delivery leases of these people; others expire. `poll`: it
    /// wants the lease to poll, which one instance of a channel has at a time.
    pub async fn heartbeat(&self, channel: &str, people: &[String], poll: bool) -> anyhow::Result<Heartbeat> {
        match &self.database {
            Database::Sqlite(_) => Ok(Heartbeat { instances: 1, polls: poll }),
            Database::Postgres(database) => Box::pin(database.heartbeat(channel, people, poll)).await,
        }
    }

    /// Leaves what waits to the other processes, at once.
    pub async fn leave(&self) -> anyhow::Result<()> {
        match &self.database {
            Database::Sqlite(_) => Ok(()),
            Database::Postgres(database) => Box::pin(database.leave()).await,
        }
    }

    /// What is known of a person, and whether an update was heard before.
    pub async fn stored_session(&self, person: &str, update: Option<i64>) -> anyhow::Result<StoredSession> {
        either!(self, database => database.stored_session(person, update))
    }

    /// Makes a turn durable.
    pub async fn commit(&self, turn: Turn) -> anyhow::Result<CommitResult> {
        either!(self, database => database.commit(turn))
    }

    /// Removes what was said from the outbox, soon. What else waits for the person, committed by other processes, is ours
    /// to say now.
    pub async fn acknowledge(&self, person: &str, id: i64) -> anyhow::Result<Vec<OutboxRow>> {
        match &self.database {
            Database::Sqlite(database) => {
                database.acknowledge(id);
                Ok(Vec::new())
            }
            Database::Postgres(database) => Box::pin(database.acknowledge(person, id)).await,
        }
    }

    /// Takes a message that cannot be delivered now out of the person's ordered delivery and keeps it, to be tried again
    /// at `retry_at` (seconds since 1970): see [`Store::take_over_retries`]. What is returned is to be sent to the same
    /// person now, as with [`Store::acknowledge`].
    pub async fn set_aside(&self, person: &str, id: i64, retry_at: i64) -> anyhow::Result<Vec<OutboxRow>> {
        either!(self, database => database.set_aside(person, id, retry_at))
    }

    /// The set-aside messages to people whose key begins with `prefix` that are to be tried again by `now` (seconds since
    /// 1970), oldest first, for up to `MAX_RETRIES` people at a time. They are ordinary messages again, and ours to send.
    /// Those to a person whom another process is sending to are left to that process.
    pub async fn take_over_retries(&self, prefix: &str, now: i64) -> anyhow::Result<Vec<OutboxRow>> {
        either!(self, database => database.take_over_retries(prefix, now))
    }

    /// Everything that waits to be said to people whose key begins with `prefix` and that nobody is about to say, oldest
    /// first. It is ours to say now. In a file there is nobody else: ask once, at the start; what was set aside is
    /// returned too, since a restart may well be the remedy. On a server, what is set aside stays so.
    pub async fn take_over(&self, prefix: &str) -> anyhow::Result<Vec<OutboxRow>> {
        either!(self, database => database.take_over(prefix))
    }

    /// What waits for one person, oldest first: what is on their page, where they have one.
    pub async fn waiting(&self, person: &str) -> anyhow::Result<Vec<OutboxRow>> {
        either!(self, database => database.waiting(person))
    }

    /// Remembers an update that cannot be handled, so that it is not handled again.
    pub async fn mark_processed(&self, channel: &str, update: i64, now: Timestamp) -> anyhow::Result<()> {
        either!(self, database => database.mark_processed(update_key(channel, update), now))
    }

    /// Claims up to [`MAX_CLAIM`] people, whose key begins with `prefix`, with something due. A claim is a lease: who
    /// took it and died is overtaken after [`LEASE_SECONDS`].
    pub async fn claim_due(&self, prefix: &str, now: Timestamp) -> anyhow::Result<Vec<String>> {
        either!(self, database => database.claim_due(prefix, now))
    }

    /// When the next unclaimed reminder of people whose key begins with `prefix` is due, in seconds since 1970.
    pub async fn next_due(&self, prefix: &str) -> anyhow::Result<Option<i64>> {
        either!(self, database => database.next_due(prefix))
    }

    /// Whether the database takes writes: what the last commit came to, or, where nobody has asked for
    /// `PROVEN_SECONDS`, what a small write comes to. It answers within `WRITE_PATIENCE`.
    pub async fn check_writable(&self, now: Timestamp) -> Result<(), Unwritable> {
        let check = async {
            // One at a time: a disk that hangs is not helped by more writes.
            let mut proven = self.proven.lock().await;
            if proven.is_some_and(|at| (0..PROVEN_SECONDS).contains(&now.duration_since(at).as_secs())) {
                return match &self.database {
                    Database::Sqlite(database) => database.last_write(),
                    Database::Postgres(database) => database.last_write(),
                };
            }
            either!(self, database => database.probe())?;
            *proven = Some(now);
            Ok(())
        };
        let slow = Err(Unwritable::Slow { seconds: WRITE_PATIENCE.as_secs() });
        tokio::time::timeout(WRITE_PATIENCE, check).await.unwrap_or(slow)
    }

    /// When something was last written about people, in seconds since 1970; `None`: there is nothing.
    pub async fn newest(&self) -> anyhow::Result<Option<i64>> {
        either!(self, database => database.newest())
    }

    /// Deletes what has grown old as of a time: idle talks, unused recovery codes, numbers of updates, messages that
    /// nobody is waiting for. How many talks.
    pub async fn expire(&self, now: Timestamp) -> anyhow::Result<u64> {
        either!(self, database => database.expire(now))
    }

    /// Remembers something about the program itself.
    pub async fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        either!(self, database => database.set(name, value))
    }

    /// Remembers something about the program itself under a name that has had the value `before` until now; `None`: none.
    /// `false`: it has had another one, and keeps it. Of several processes that want to do something, one may.
    pub async fn swap(&self, name: &str, before: Option<&str>, value: &str) -> anyhow::Result<bool> {
        either!(self, database => database.swap(name, before, value))
    }

    /// What was remembered under a name.
    pub async fn setting(&self, name: &str) -> anyhow::Result<Option<String>> {
        either!(self, database => database.setting(name))
    }

    /// The session that a recovery code leads to; `None`: the code is wrong, used or too old.
    pub async fn redeemable(&self, hash: &str, now: Timestamp) -> anyhow::Result<Option<String>> {
        either!(self, database => database.redeemable(hash, now))
    }

    /// Everything that is stored about a person.
    pub async fn stored_data(&self, person: &str) -> anyhow::Result<StoredData> {
        either!(self, database => database.stored_data(person))
    }

    /// The next people, whose key begins with `prefix` and comes after `after`, each with the session as JSON.
    pub async fn people(&self, prefix: &str, after: &str) -> anyhow::Result<Vec<(String, String)>> {
        either!(self, database => database.people(prefix, after))
    }

    /// How much waits to be said to people whose key begins with `prefix`.
    pub async fn backlog(&self, prefix: &str) -> anyhow::Result<Backlog> {
        either!(self, database => database.backlog(prefix))
    }

    /// Waits until everything handed over so far is durable.
    pub async fn flush(&self) {
        // PostgreSQL answers when it is.
        if let Database::Sqlite(database) = &self.database {
            database.flush().await;
        }
    }
}

/// The key of an update: its number within the channel of a person, or of a channel's prefix (`telegram:`).
fn update_key(person: &str, update: i64) -> String {
    let channel = person.split_once(':').map_or(person, |(channel, _)| channel);
    format!("{channel}:{update}")
}

/// Whether an address names a server rather than a file.
fn is_server(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Copies a database in a file to a new file, as of one moment, while a bot may be running on it.
pub async fn backup(url: &str, to: &Path) -> anyhow::Result<()> {
    anyhow::ensure!(url.starts_with("sqlite:"), "this copies SQLite files. For PostgreSQL there is pg_dump");
    sqlite::backup(url, to).await
}
