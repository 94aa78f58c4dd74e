//! PostgreSQL: any number of processes on one database, and no other moving part.
//!
//! A person is serialised by the lock on their row, for as long as a turn is committed. What waits for a person is said by
//! the process that holds their delivery lease; whoever commits a turn meanwhile leaves the saying to that one. So what a
//! person is told is told in order, whichever process processed them. Leases go by the clock of the database.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use jiff::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{AssertSqlSafe, Postgres, Transaction};

use super::copy;
use super::update_key;
use super::writable::{Outcome, Unwritable};
use super::{
    Backlog, CODE_DAYS, CommitResult, DAY, Heartbeat, IDLE_DAYS, LEASE_SECONDS, LEFT_DAYS, MAX_CLAIM, MAX_RETRIES,
    NEWEST, OpenError, OutboxRow, PAGE, PROCESSED_DAYS, SET_ASIDE_DAYS, SessionChange, StoredData, StoredSession, Turn,
};

/// The version of the tables below, kept in the table `migration`. Versions below it were never released.
const SCHEMA_VERSION: i64 = 10;

/// The tables.
const SCHEMA: &str = include_str!("postgres/migrations/0001_begin.sql");

/// The advisory lock of whoever migrates: any number that no other program on the server is likely to use.
const MIGRATING: i64 = 0x73_69_6d_6f_66_66;

/// Connections of one process. Each does a turn in a millisecond or two; PostgreSQL's default allows a hundred in all.
const CONNECTIONS: u32 = 16;

/// How long a turn waits for a connection, a fail-over included, before its update has to come again.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);

/// How long a lease or an instance counts without another word, in seconds: three beats.
const HOLD_SECONDS: i64 = 9;

/// How many people's delivery leases are taken over at a time.
const LEASES: i64 = 100;

/// How many rows that others committed are taken from a delivery lease at a time.
const ROWS: i64 = 20;

/// The seconds since 1970, by the clock of the database.
const NOW: &str = "extract(epoch FROM clock_timestamp())::BIGINT";

/// A database on a server; cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct Database {
    pool: PgPool,
    /// The name of this process among the others.
    own: String,
    /// What the last write came to.
    outcome: Arc<Outcome>,
    /// Whether everything there came from a copy, so that another copy may take its place.
    unused: Arc<AtomicBool>,
}

impl Database {
    /// Connects and migrates.
    pub async fn open(url: &str) -> Result<Self, OpenError> {
        let options: PgConnectOptions = url.parse().map_err(|_| OpenError::Url)?;
        let options = options.application_name("simoff");
        let pool = PgPoolOptions::new().max_connections(CONNECTIONS).acquire_timeout(ACQUIRE_TIMEOUT);
        let pool = pool.connect_with(options).await.map_err(explain)?;
        if !migrate(&pool).await.map_err(explain)? {
            return Err(OpenError::OtherServerVersion);
        }
        let (unused,): (bool,) = sqlx::query_as(copy::UNUSED).fetch_one(&pool).await.map_err(explain)?;
        let mut name = [0; 8];
        getrandom::fill(&mut name).map_err(|error| OpenError::Server(error.to_string()))?;
        let own = name.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { pool, own, outcome: Arc::default(), unused: Arc::new(unused.into()) })
    }

    /// A heartbeat, which renews the delivery leases of these people. Others expire: where a connection is cut in the middle of a
    /// commit, a lease may be ours without our knowing.
    pub async fn heartbeat(&self, channel: &str, people: &[String], poll: bool) -> anyhow::Result<Heartbeat> {
        let mut transaction = self.begin().await?;
        let sql = format!(
            "INSERT INTO instance (id, channel, heartbeat_at) VALUES ($1, $2, {NOW}) \
             ON CONFLICT (id, channel) DO UPDATE SET heartbeat_at = excluded.heartbeat_at"
        );
        sqlx::query(AssertSqlSafe(sql)).bind(&self.own).bind(channel).execute(&mut *transaction).await?;
        let sql = format!("UPDATE delivery_lease SET held_until = {NOW} + $2 WHERE held_by = $1 AND person = ANY($3)");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(&self.own).bind(HOLD_SECONDS).bind(people);
        query.execute(&mut *transaction).await?;
        let sql = format!("DELETE FROM instance WHERE heartbeat_at < {NOW} - $1");
        sqlx::query(AssertSqlSafe(sql)).bind(HOLD_SECONDS).execute(&mut *transaction).await?;
        let instances = sqlx::query_as("SELECT count(*) FROM instance WHERE channel = $1").bind(channel);
        let (instances,): (i64,) = instances.fetch_one(&mut *transaction).await?;
        let mut polls = false;
        if poll {
            let sql = format!(
                "INSERT INTO lease (name, held_by, held_until) VALUES ('poll ' || $3, $1, {NOW} + $2) ON CONFLICT (name) DO UPDATE \
                 SET held_by = excluded.held_by, held_until = excluded.held_until \
                 WHERE lease.held_by = $1 OR lease.held_until < {NOW}"
            );
            let query = sqlx::query(AssertSqlSafe(sql)).bind(&self.own).bind(HOLD_SECONDS).bind(channel);
            polls = query.execute(&mut *transaction).await?.rows_affected() > 0;
        }
        transaction.commit().await.context("Heartbeat failed")?;
        Ok(Heartbeat { instances: u32::try_from(instances).unwrap_or(1).max(1), polls })
    }

    /// Leaves everything to the other processes.
    pub async fn leave(&self) -> anyhow::Result<()> {
        let mut transaction = self.begin().await?;
        for sql in [
            "DELETE FROM instance WHERE id = $1",
            "DELETE FROM lease WHERE held_by = $1",
            "UPDATE delivery_lease SET held_until = 0 WHERE held_by = $1",
        ] {
            sqlx::query(sql).bind(&self.own).execute(&mut *transaction).await?;
        }
        transaction.commit().await.context("Cannot leave")
    }

    async fn begin(&self) -> anyhow::Result<Transaction<'static, Postgres>> {
        self.pool.begin().await.context("Cannot begin a transaction")
    }

    /// What is known of a person, and whether an update was heard before.
    pub async fn stored_session(&self, person: &str, update: Option<i64>) -> anyhow::Result<StoredSession> {
        let row: (Option<String>, Option<i64>, bool) = sqlx::query_as(
            "SELECT body, version, EXISTS (SELECT 1 FROM processed_update WHERE update_key = $2) \
             FROM (SELECT 1) one LEFT JOIN session ON person = $1",
        )
        .bind(person)
        .bind(update.map(|update| update_key(person, update)))
        .fetch_one(&self.pool)
        .await
        .context("Cannot read the session")?;
        Ok(StoredSession { session: row.0, version: row.1.unwrap_or(0), processed: row.2 })
    }

    /// Makes a turn durable.
    pub async fn commit(&self, turn: Turn) -> anyhow::Result<CommitResult> {
        let committed = self.try_commit(&turn).await;
        self.note(committed).context("Cannot commit")
    }

    async fn try_commit(&self, turn: &Turn) -> Result<CommitResult, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let committed = self.write_turn(&mut transaction, turn).await?;
        if let CommitResult::Duplicate | CommitResult::Conflict = committed {
            transaction.rollback().await?;
            return Ok(committed);
        }
        let unused = self.unused.load(Ordering::Relaxed);
        if unused {
            sqlx::query(copy::USED).execute(&mut *transaction).await?;
        }
        transaction.commit().await?;
        if unused {
            self.unused.store(false, Ordering::Relaxed);
        }
        Ok(committed)
    }

    /// Notes what a write came to, and says what its error means.
    fn note<T>(&self, written: Result<T, sqlx::Error>) -> Result<T, Unwritable> {
        let written = written.map_err(|error| unwritable(&error));
        self.outcome.note(written.as_ref().map(|_| ()).map_err(Clone::clone));
        written
    }

    /// What the last write came to.
    pub fn last_write(&self) -> Result<(), Unwritable> {
        self.outcome.last()
    }

    /// Writes something that changes nothing.
    pub async fn probe(&self) -> Result<(), Unwritable> {
        let written = sqlx::query("UPDATE migration SET version = version").execute(&self.pool).await;
        self.note(written).map(|_| ())
    }

    async fn write_turn(&self, connection: &mut PgConnection, turn: &Turn) -> Result<CommitResult, sqlx::Error> {
        let (person, now) = (&turn.person, turn.now.as_second());
        let updates = turn.updates.iter().map(|update| update_key(person, *update)).collect();
        if !see(connection, updates, now).await? {
            return Ok(CommitResult::Duplicate);
        }
        if let Some(expected_version) = turn.expected_version {
            let sql = "SELECT version FROM session WHERE person = $1 FOR UPDATE";
            let row: Option<(i64,)> = sqlx::query_as(sql).bind(person).fetch_optional(&mut *connection).await?;
            if row.map_or(0, |row| row.0) != expected_version {
                return Ok(CommitResult::Conflict);
            }
        }
        if let Some(hash) = &turn.redeems {
            let sql = "DELETE FROM recovery WHERE hash = $1 RETURNING person";
            let row: Option<(String,)> = sqlx::query_as(sql).bind(hash).fetch_optional(&mut *connection).await?;
            let Some((from,)) = row else { return Ok(CommitResult::Conflict) };
            sqlx::query("DELETE FROM session WHERE person = $1").bind(&from).execute(&mut *connection).await?;
            // What lies there belongs to the talk that has gone, on a page most of all.
            sqlx::query("DELETE FROM outbox WHERE person = $1").bind(from).execute(&mut *connection).await?;
        }
        match &turn.session {
            SessionChange::Keep => {}
            SessionChange::Write(body) => {
                let written = sqlx::query(
                    "INSERT INTO session (person, body, updated_at, due_at, version) VALUES ($1, $2, $3, $4, $5) \
                     ON CONFLICT (person) DO UPDATE SET body = excluded.body, updated_at = excluded.updated_at, \
                     version = greatest(session.version + 1, excluded.version), claimed_until = \
                     CASE WHEN session.due_at IS NOT DISTINCT FROM excluded.due_at THEN session.claimed_until END, \
                     due_at = excluded.due_at WHERE $6 <> 0",
                )
                .bind(person)
                .bind(body)
                .bind(now)
                .bind(turn.due_at)
                .bind(turn.version())
                .bind(turn.expected_version.unwrap_or(1))
                .execute(&mut *connection)
                .await?;
                // There was none, and now there is: somebody else began the same talk in this moment.
                if written.rows_affected() == 0 {
                    return Ok(CommitResult::Conflict);
                }
            }
            SessionChange::Delete => {
                sqlx::query("DELETE FROM session WHERE person = $1").bind(person).execute(&mut *connection).await?;
            }
        }
        if turn.forget {
            sqlx::query("DELETE FROM outbox WHERE person = $1").bind(person).execute(&mut *connection).await?;
            sqlx::query("DELETE FROM recovery WHERE person = $1").bind(person).execute(&mut *connection).await?;
        }
        if let Some(hash) = &turn.code {
            let sql = "INSERT INTO recovery (hash, person, created_at) VALUES ($1, $2, $3) \
                       ON CONFLICT (person) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at";
            sqlx::query(sql).bind(hash).bind(person).bind(now).execute(&mut *connection).await?;
        }
        if let Some(rows) = turn.page.as_ref().filter(|rows| !rows.is_empty()) {
            let sql = "DELETE FROM outbox WHERE id = ANY($1) AND person = $2";
            sqlx::query(sql).bind(rows).bind(person).execute(&mut *connection).await?;
        }
        if turn.say.is_empty() {
            return Ok(CommitResult::Done { ids: Vec::new(), ours: true });
        }
        // Nobody says what lies on a page, so there is no delivery lease to hold.
        let ours = turn.page.is_some() || self.acquire_lease(connection, person).await?;
        let rows: Vec<(i64,)> = sqlx::query_as(
            "INSERT INTO outbox (person, body, created_at, taken_by) \
             SELECT $1, body, $3, $4 FROM unnest($2::TEXT[]) WITH ORDINALITY AS say (body, place) ORDER BY place RETURNING id",
        )
        .bind(person)
        .bind(&turn.say)
        .bind(now)
        .bind(ours.then_some(&self.own))
        .fetch_all(&mut *connection)
        .await?;
        Ok(CommitResult::Done { ids: rows.into_iter().map(|row| row.0).collect(), ours })
    }

    /// Takes a person's delivery lease, unless somebody else holds it; whether it is ours. Either way it is locked until the end of the
    /// transaction, so whoever holds it sees what is added before giving it up.
    async fn acquire_lease(&self, connection: &mut PgConnection, person: &str) -> Result<bool, sqlx::Error> {
        let sql = format!(
            "INSERT INTO delivery_lease (person, held_by, held_until) VALUES ($1, $2, {NOW} + $3) ON CONFLICT (person) DO UPDATE \
             SET held_by = excluded.held_by, held_until = excluded.held_until WHERE delivery_lease.held_by = $2"
        );
        let query = sqlx::query(AssertSqlSafe(sql)).bind(person).bind(&self.own).bind(HOLD_SECONDS);
        Ok(query.execute(connection).await?.rows_affected() > 0)
    }

    /// Removes what was said, and takes what others have committed for the same person meanwhile.
    pub async fn acknowledge(&self, person: &str, id: i64) -> anyhow::Result<Vec<OutboxRow>> {
        let mut transaction = self.begin().await?;
        let ours = self.lock(&mut transaction, person).await?;
        sqlx::query("DELETE FROM outbox WHERE id = $1").bind(id).execute(&mut *transaction).await?;
        let more = if ours { self.next(&mut transaction, person).await? } else { Vec::new() };
        transaction.commit().await.context("Cannot say that it was said")?;
        Ok(more)
    }

    /// Keeps a message to be tried again later, and takes what others have committed for the same person meanwhile.
    pub async fn set_aside(&self, person: &str, id: i64, retry_at: i64) -> anyhow::Result<Vec<OutboxRow>> {
        let mut transaction = self.begin().await?;
        let ours = self.lock(&mut transaction, person).await?;
        // Where another process has taken it over, that one is about to try it.
        let sql = "UPDATE outbox SET retry_at = $1, taken_by = NULL WHERE id = $2 AND taken_by = $3";
        sqlx::query(sql).bind(retry_at).bind(id).bind(&self.own).execute(&mut *transaction).await?;
        let more = if ours { self.next(&mut transaction, person).await? } else { Vec::new() };
        transaction.commit().await.context("Cannot set a message aside")?;
        Ok(more)
    }

    /// Locks a person's delivery lease until the end of the transaction; whether it is ours. Who was silent for too long has lost it,
    /// and what waits in it.
    async fn lock(&self, connection: &mut PgConnection, person: &str) -> Result<bool, sqlx::Error> {
        let lease = sqlx::query_as("SELECT held_by FROM delivery_lease WHERE person = $1 FOR UPDATE");
        let lease: Option<(String,)> = lease.bind(person).fetch_optional(connection).await?;
        Ok(lease.is_some_and(|(held_by,)| held_by == self.own))
    }

    /// Takes what others have committed for a person whose delivery lease is ours; where nothing waits, gives the delivery lease up.
    async fn next(&self, connection: &mut PgConnection, person: &str) -> Result<Vec<OutboxRow>, sqlx::Error> {
        let sql = "SELECT id, body, taken_by FROM outbox WHERE person = $1 AND retry_at IS NULL ORDER BY id LIMIT $2";
        let rows: Vec<(i64, String, Option<String>)> =
            sqlx::query_as(sql).bind(person).bind(ROWS).fetch_all(&mut *connection).await?;
        if rows.is_empty() {
            sqlx::query("DELETE FROM delivery_lease WHERE person = $1").bind(person).execute(&mut *connection).await?;
        }
        // What we know of already comes first; what is behind it is taken when that is said.
        let unknown = rows.into_iter().take_while(|(_, _, taken_by)| taken_by.as_ref() != Some(&self.own));
        let more: Vec<OutboxRow> =
            unknown.map(|(id, body, _)| OutboxRow { id, person: person.to_owned(), body }).collect();
        if !more.is_empty() {
            let ids: Vec<i64> = more.iter().map(|waiting| waiting.id).collect();
            let sql = "UPDATE outbox SET taken_by = $1 WHERE id = ANY($2)";
            sqlx::query(sql).bind(&self.own).bind(ids).execute(&mut *connection).await?;
        }
        Ok(more)
    }

    /// Takes over the delivery leases that nobody holds any more.
    pub async fn take_over(&self, prefix: &str) -> anyhow::Result<Vec<OutboxRow>> {
        let mut transaction = self.begin().await?;
        let sql = format!(
            "UPDATE delivery_lease SET held_by = $1, held_until = {NOW} + $2 WHERE person IN (SELECT person FROM delivery_lease \
             WHERE held_until < {NOW} AND person >= $3 AND person < $3 || chr(1114111) \
             ORDER BY held_until LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING person"
        );
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(&self.own).bind(HOLD_SECONDS).bind(prefix).bind(LEASES);
        let people: Vec<(String,)> = query.fetch_all(&mut *transaction).await.context("Cannot take over")?;
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let people: Vec<String> = people.into_iter().map(|row| row.0).collect();
        let sql =
            "UPDATE outbox SET taken_by = $1 WHERE person = ANY($2) AND retry_at IS NULL RETURNING id, person, body";
        let rows: Vec<(i64, String, String)> =
            sqlx::query_as(sql).bind(&self.own).bind(&people).fetch_all(&mut *transaction).await?;
        give_up_empty(&mut transaction, &people).await?;
        transaction.commit().await.context("Cannot take over")?;
        Ok(oldest_first(rows))
    }

    /// The set-aside messages that are to be tried again by now. A delivery lease that somebody is changing at this moment is left for
    /// the next time: waiting for it could end in a deadlock with the beat, which locks many delivery leases too.
    pub async fn take_over_retries(&self, prefix: &str, now: i64) -> anyhow::Result<Vec<OutboxRow>> {
        let mut transaction = self.begin().await?;
        let sql = "SELECT DISTINCT person FROM outbox WHERE retry_at <= $1 AND person >= $2 AND person < $2 || chr(1114111) \
                   ORDER BY person LIMIT $3";
        let query = sqlx::query_as(sql).bind(now).bind(prefix).bind(MAX_RETRIES);
        let people: Vec<(String,)> = query.fetch_all(&mut *transaction).await.context("Cannot look for retries")?;
        if people.is_empty() {
            return Ok(Vec::new());
        }
        let people: Vec<String> = people.into_iter().map(|row| row.0).collect();
        let sql = "INSERT INTO delivery_lease (person, held_by, held_until) \
                   SELECT person, '', 0 FROM unnest($1::TEXT[]) AS person ORDER BY person ON CONFLICT DO NOTHING";
        sqlx::query(sql).bind(&people).execute(&mut *transaction).await?;
        let sql = format!(
            "SELECT person, held_by = $2 OR held_until < {NOW} FROM delivery_lease WHERE person = ANY($1) FOR UPDATE SKIP LOCKED"
        );
        let query = sqlx::query_as(AssertSqlSafe(sql)).bind(&people).bind(&self.own);
        let leases: Vec<(String, bool)> = query.fetch_all(&mut *transaction).await?;
        let (ours, others): (Vec<_>, Vec<_>) = leases.into_iter().partition(|(_, ours)| *ours);
        let [ours, others] =
            [ours, others].map(|leases| leases.into_iter().map(|lease| lease.0).collect::<Vec<String>>());
        let sql = format!("UPDATE delivery_lease SET held_by = $1, held_until = {NOW} + $2 WHERE person = ANY($3)");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(&self.own).bind(HOLD_SECONDS).bind(&ours);
        query.execute(&mut *transaction).await?;
        // Together with what the delivery lease's last holder did not come to send. What we know of already is not taken again.
        let sql = "UPDATE outbox SET taken_by = $1, retry_at = NULL WHERE person = ANY($2) \
                   AND (retry_at <= $3 OR retry_at IS NULL AND taken_by <> $1) RETURNING id, person, body";
        let query = sqlx::query_as(sql).bind(&self.own).bind(&ours).bind(now);
        let rows: Vec<(i64, String, String)> = query.fetch_all(&mut *transaction).await?;
        // Whoever holds the delivery lease takes them after the next message.
        let sql = "UPDATE outbox SET taken_by = NULL, retry_at = NULL WHERE person = ANY($1) AND retry_at <= $2";
        sqlx::query(sql).bind(others).bind(now).execute(&mut *transaction).await?;
        give_up_empty(&mut transaction, &ours).await?;
        transaction.commit().await.context("Cannot take over retries")?;
        Ok(oldest_first(rows))
    }

    pub async fn mark_processed(&self, update: String, now: Timestamp) -> anyhow::Result<()> {
        let mut connection = self.pool.acquire().await.context("Cannot note an update")?;
        see(&mut connection, vec![update], now.as_second()).await.context("Cannot note an update")?;
        Ok(())
    }

    pub async fn claim_due(&self, prefix: &str, now: Timestamp) -> anyhow::Result<Vec<String>> {
        let rows: Vec<(String,)> = sqlx::query_as(
            "UPDATE session SET claimed_until = $1 WHERE person IN (SELECT person FROM session \
             WHERE due_at <= $2 AND coalesce(claimed_until, 0) <= $2 AND person >= $3 AND person < $3 || chr(1114111) \
             ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED) RETURNING person",
        )
        .bind(now.as_second() + LEASE_SECONDS)
        .bind(now.as_second())
        .bind(prefix)
        .bind(MAX_CLAIM)
        .fetch_all(&self.pool)
        .await
        .context("Cannot claim what is due")?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }

    pub async fn next_due(&self, prefix: &str) -> anyhow::Result<Option<i64>> {
        let row: Option<(i64,)> = sqlx::query_as(
            "SELECT greatest(due_at, coalesce(claimed_until, 0)) FROM session \
             WHERE due_at IS NOT NULL AND person >= $1 AND person < $1 || chr(1114111) ORDER BY due_at LIMIT 1",
        )
        .bind(prefix)
        .fetch_optional(&self.pool)
        .await
        .context("Cannot read what is due")?;
        Ok(row.map(|row| row.0))
    }

    pub async fn expire(&self, now: Timestamp) -> anyhow::Result<u64> {
        let now = now.as_second();
        let mut transaction = self.begin().await?;
        let idle = sqlx::query("DELETE FROM session WHERE updated_at < $1 AND due_at IS NULL");
        let idle = idle.bind(now - IDLE_DAYS * DAY).execute(&mut *transaction).await?.rows_affected();
        let codes = "DELETE FROM recovery WHERE created_at <= $1 OR person NOT IN (SELECT person FROM session)";
        sqlx::query(codes).bind(now - CODE_DAYS * DAY).execute(&mut *transaction).await?;
        let set_aside = "DELETE FROM outbox WHERE retry_at IS NOT NULL AND created_at < $1";
        sqlx::query(set_aside).bind(now - SET_ASIDE_DAYS * DAY).execute(&mut *transaction).await?;
        let left = "DELETE FROM outbox WHERE created_at < $1 AND person NOT IN (SELECT person FROM session)";
        sqlx::query(left).bind(now - LEFT_DAYS * DAY).execute(&mut *transaction).await?;
        let old = "DELETE FROM processed_update WHERE processed_at < $1";
        sqlx::query(old).bind(now - PROCESSED_DAYS * DAY).execute(&mut *transaction).await?;
        transaction.commit().await.context("Cannot delete what is old")?;
        Ok(idle)
    }

    pub async fn set(&self, name: &str, value: &str) -> anyhow::Result<()> {
        let sql =
            "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        sqlx::query(sql).bind(name).bind(value).execute(&self.pool).await.context("Cannot write a setting")?;
        Ok(())
    }

    pub async fn swap(&self, name: &str, before: Option<&str>, value: &str) -> anyhow::Result<bool> {
        let query = match before {
            None => {
                let sql = "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING";
                sqlx::query(sql).bind(name).bind(value)
            }
            Some(before) => {
                let sql = "UPDATE setting SET value = $2 WHERE name = $1 AND value = $3";
                sqlx::query(sql).bind(name).bind(value).bind(before)
            }
        };
        let swapped = query.execute(&self.pool).await.context("Cannot write a setting")?;
        Ok(swapped.rows_affected() > 0)
    }

    pub async fn newest(&self) -> anyhow::Result<Option<i64>> {
        let row = sqlx::query_as(NEWEST).fetch_one(&self.pool).await;
        let (newest,): (Option<i64>,) = row.context("Cannot look for the newest row")?;
        Ok(newest)
    }

    pub async fn setting(&self, name: &str) -> anyhow::Result<Option<String>> {
        let query = sqlx::query_as("SELECT value FROM setting WHERE name = $1").bind(name);
        let row: Option<(String,)> = query.fetch_optional(&self.pool).await.context("Cannot read a setting")?;
        Ok(row.map(|row| row.0))
    }

    pub async fn redeemable(&self, hash: &str, now: Timestamp) -> anyhow::Result<Option<String>> {
        let sql = "SELECT session.body FROM recovery JOIN session USING (person) WHERE hash = $1 AND created_at > $2";
        let query = sqlx::query_as(sql).bind(hash).bind(now.as_second() - CODE_DAYS * DAY);
        let row: Option<(String,)> =
            query.fetch_optional(&self.pool).await.context("Cannot look for a recovery code")?;
        Ok(row.map(|row| row.0))
    }

    pub async fn stored_data(&self, person: &str) -> anyhow::Result<StoredData> {
        let mut transaction = self.begin().await?;
        let session = sqlx::query_as("SELECT body, updated_at FROM session WHERE person = $1");
        let session = session.bind(person).fetch_optional(&mut *transaction).await?;
        let waiting = sqlx::query_as("SELECT body FROM outbox WHERE person = $1 ORDER BY id");
        let waiting: Vec<(String,)> = waiting.bind(person).fetch_all(&mut *transaction).await?;
        let code = sqlx::query_as("SELECT created_at FROM recovery WHERE person = $1");
        let code: Option<(i64,)> = code.bind(person).fetch_optional(&mut *transaction).await?;
        transaction.commit().await.context("Cannot read what is stored about a person")?;
        let waiting = waiting.into_iter().map(|row| row.0).collect();
        Ok(StoredData { session, waiting, code_made_at: code.map(|row| row.0) })
    }

    pub async fn people(&self, prefix: &str, after: &str) -> anyhow::Result<Vec<(String, String)>> {
        sqlx::query_as(
            "SELECT person, body FROM session WHERE person >= $1 AND person < $1 || chr(1114111) AND person > $2 \
             ORDER BY person LIMIT $3",
        )
        .bind(prefix)
        .bind(after)
        .bind(PAGE)
        .fetch_all(&self.pool)
        .await
        .context("Cannot read the sessions")
    }

    pub async fn waiting(&self, person: &str) -> anyhow::Result<Vec<OutboxRow>> {
        let query = sqlx::query_as("SELECT id, body FROM outbox WHERE person = $1 ORDER BY id").bind(person);
        let rows: Vec<(i64, String)> =
            query.fetch_all(&self.pool).await.context("Cannot read what waits for a person")?;
        Ok(rows.into_iter().map(|(id, body)| OutboxRow { id, person: person.to_owned(), body }).collect())
    }

    pub async fn backlog(&self, prefix: &str) -> anyhow::Result<Backlog> {
        let sql = "SELECT count(*) FILTER (WHERE retry_at IS NULL), min(created_at) FILTER (WHERE retry_at IS NULL), \
                   count(retry_at) FROM outbox WHERE person >= $1 AND person < $1 || chr(1114111)";
        let (rows, oldest, set_aside) =
            sqlx::query_as(sql).bind(prefix).fetch_one(&self.pool).await.context("Cannot read the outbox")?;
        Ok(Backlog { rows, oldest, set_aside })
    }
}

/// Creates the tables in an empty database. Whether the tables are those of this version; if not, nothing was changed. Processes that start at once migrate once, one after the other.
async fn migrate(pool: &PgPool) -> Result<bool, sqlx::Error> {
    let mut transaction = pool.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(MIGRATING).execute(&mut *transaction).await?;
    let mut had: i64 = 0;
    let exists = sqlx::query_as("SELECT to_regclass('migration') IS NOT NULL");
    let (exists,): (bool,) = exists.fetch_one(&mut *transaction).await?;
    if exists {
        let sql = "SELECT coalesce(max(version), 0) FROM migration";
        (had,) = sqlx::query_as(sql).fetch_one(&mut *transaction).await?;
    }
    if had == 0 {
        sqlx::raw_sql(SCHEMA).execute(&mut *transaction).await?;
        sqlx::query("CREATE TABLE migration (version BIGINT NOT NULL PRIMARY KEY)").execute(&mut *transaction).await?;
        let sql = "INSERT INTO migration (version) VALUES ($1)";
        sqlx::query(sql).bind(SCHEMA_VERSION).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(had == 0 || had == SCHEMA_VERSION)
}

/// Remembers updates; whether all are new. Where two processes are told of the same one at once, the second waits for the
/// first. They go in by key, so that two processes with some in common do not wait for each other.
async fn see(connection: &mut PgConnection, mut updates: Vec<String>, now: i64) -> Result<bool, sqlx::Error> {
    updates.sort_unstable();
    updates.dedup();
    if updates.is_empty() {
        return Ok(true);
    }
    let sql = "INSERT INTO processed_update (update_key, processed_at) SELECT key, $2 FROM unnest($1) WITH ORDINALITY AS update (key, place) \
               ORDER BY place ON CONFLICT DO NOTHING";
    let new = sqlx::query(sql).bind(&updates).bind(now).execute(connection).await?.rows_affected();
    Ok(new == updates.len() as u64)
}

/// Deletes those of these people's delivery leases in which nothing waits now.
async fn give_up_empty(connection: &mut PgConnection, people: &[String]) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM delivery_lease WHERE person = ANY($1) AND NOT EXISTS \
               (SELECT 1 FROM outbox WHERE outbox.person = delivery_lease.person AND retry_at IS NULL)";
    sqlx::query(sql).bind(people).execute(connection).await?;
    Ok(())
}

fn oldest_first(rows: Vec<(i64, String, String)>) -> Vec<OutboxRow> {
    let mut rows: Vec<OutboxRow> = rows.into_iter().map(|(id, person, body)| OutboxRow { id, person, body }).collect();
    rows.sort_by_key(|waiting| waiting.id);
    rows
}

/// What an error of the server means for the person who runs the bot: no password, no address.
fn explain(error: sqlx::Error) -> OpenError {
    match &error {
        sqlx::Error::Io(error) => OpenError::Server(format!("it cannot be reached ({})", error.kind())),
        sqlx::Error::PoolTimedOut => OpenError::Server("it does not answer".into()),
        sqlx::Error::Database(error) => OpenError::Server(error.message().to_owned()),
        _ => OpenError::Server("it answers with something unknown".into()),
    }
}

/// What an error of a write means for the person who runs the bot.
fn unwritable(error: &sqlx::Error) -> Unwritable {
    match error {
        sqlx::Error::Database(error) => match error.code().as_deref() {
            Some("25006") => Unwritable::Standby,
            Some("53100") => Unwritable::ServerFull,
            // It is shutting down or starting.
            Some("57P01" | "57P02" | "57P03") => Unwritable::Unreachable,
            code => Unwritable::Refused { code: code.unwrap_or("unknown").to_owned() },
        },
        _ => Unwritable::Unreachable,
    }
}
