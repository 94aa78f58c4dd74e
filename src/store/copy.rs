//! Moves everything from one database to another, and proves that it arrived.

use anyhow::{Context, bail, ensure};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{Arguments, AssertSqlSafe, Connection, PgConnection, Row};

use super::{Store, is_server, sqlite};
use crate::dialogues::translations::fnv1a;

/// How many rows are read at a time.
const PAGE: i64 = 500;

/// The setting that a copy leaves behind: what is there came from a copy, so another copy may take its place. Its value is
/// the newest version of a session that was copied; [`USED`] puts a word before it.
const MARK: &str = "copied";

/// Notes, with the first turn that is committed there, that what is there is not just a copy any more.
pub(super) const USED: &str =
    "UPDATE setting SET value = 'used ' || value WHERE name = 'copied' AND value NOT LIKE 'used %'";

/// Whether everything there came from a copy, and no turn was committed since.
pub(super) const UNUSED: &str =
    "SELECT EXISTS (SELECT 1 FROM setting WHERE name = 'copied' AND value NOT LIKE 'used %')";

/// A column: its name, and whether it holds a number.
type Column = (&'static str, bool);

/// What is copied. The first column is the key.
const TABLES: [(&str, &[Column]); 5] = [
    ("session", &[("person", false), ("body", false), ("version", true), ("updated_at", true), ("due_at", true)]),
    // What is set aside there is tried at once here.
    ("outbox", &[("id", true), ("person", false), ("body", false), ("created_at", true)]),
    ("processed_update", &[("update_key", false), ("processed_at", true)]),
    ("recovery", &[("hash", false), ("person", false), ("created_at", true)]),
    ("setting", &[("name", false), ("value", false)]),
];

/// What was copied of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copied {
    pub table: &'static str,
    pub rows: u64,
    /// The same on both sides.
    pub checksum: u32,
}

/// A value of a row.
#[derive(Debug, Clone)]
enum Cell {
    Number(Option<i64>),
    Text(String),
}

impl Cell {
    fn number(&self) -> i64 {
        if let Cell::Number(Some(number)) = self { *number } else { 0 }
    }
}

/// One of the two databases.
enum Side {
    File(rusqlite::Connection),
    Server(PgConnection),
}

impl Side {
    async fn open(url: &str) -> anyhow::Result<Self> {
        if is_server(url) {
            return Ok(Self::Server(PgConnection::connect(url).await.ok().context("Cannot connect")?));
        }
        Ok(Self::File(sqlite::open(&sqlite::file_of(url)?, true)?))
    }

    /// Runs one statement, whose parameters are `$1`, `$2` and so on, with this in their places.
    async fn run(&mut self, sql: &str, parameters: &[Cell]) -> anyhow::Result<()> {
        match self {
            Side::File(connection) => {
                connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(parameters))?;
            }
            Side::Server(connection) => {
                sqlx::query_with(AssertSqlSafe(sql), arguments(parameters)?).execute(connection).await?;
            }
        }
        Ok(())
    }

    /// What a statement finds. `columns`: of the rows.
    async fn rows(&mut self, sql: &str, parameters: &[Cell], columns: &[Column]) -> anyhow::Result<Vec<Vec<Cell>>> {
        match self {
            Side::File(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let row = |row: &rusqlite::Row| -> rusqlite::Result<Vec<Cell>> {
                    let cell = |(place, (_, number)): (usize, &Column)| {
                        if *number { row.get(place).map(Cell::Number) } else { row.get(place).map(Cell::Text) }
                    };
                    columns.iter().enumerate().map(cell).collect()
                };
                let rows = statement.query_map(rusqlite::params_from_iter(parameters), row)?;
                Ok(rows.collect::<rusqlite::Result<_>>()?)
            }
            Side::Server(connection) => {
                let query = sqlx::query_with(AssertSqlSafe(sql), arguments(parameters)?);
                let row = |row: &PgRow| -> Result<Vec<Cell>, sqlx::Error> {
                    let cell = |(place, (_, number)): (usize, &Column)| {
                        if *number { row.try_get(place).map(Cell::Number) } else { row.try_get(place).map(Cell::Text) }
                    };
                    columns.iter().enumerate().map(cell).collect()
                };
                let rows = query.fetch_all(connection).await?;
                Ok(rows.iter().map(row).collect::<Result<_, _>>()?)
            }
        }
    }

    /// How many rows there are in a table, or of those of it that `which` names.
    async fn count(&mut self, table: &str, which: &str) -> anyhow::Result<i64> {
        let sql = format!("SELECT count(*) FROM {table} WHERE {which}");
        let rows = self.rows(&sql, &[], &[("count", true)]).await.with_context(|| format!("Cannot count {table}"))?;
        Ok(rows[0][0].number())
    }
}

/// As [`UNUSED`] says, of a database in a file.
pub(super) fn is_unused(connection: &rusqlite::Connection) -> rusqlite::Result<bool> {
    connection.query_row(UNUSED, [], |row| row.get(0))
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
        match self {
            Cell::Number(number) => number.to_sql(),
            Cell::Text(text) => text.to_sql(),
        }
    }
}

fn arguments(parameters: &[Cell]) -> anyhow::Result<PgArguments> {
    let mut arguments = PgArguments::default();
    for parameter in parameters {
        let added = match parameter {
            Cell::Number(number) => arguments.add(number),
            Cell::Text(text) => arguments.add(text),
        };
        added.map_err(|error| anyhow::anyhow!("A parameter cannot be written: {error}"))?;
    }
    Ok(arguments)
}

/// Copies `from` to `to` and compares both. What an earlier copy left in `to` is replaced, unless a bot has worked there
/// since; what a bot has written there itself is not touched, and neither is a database on which one runs. `progress` hears the table, how many rows are there by now, and
/// of how many.
pub async fn copy(from: &str, to: &str, mut progress: impl FnMut(&str, u64, u64)) -> anyhow::Result<Vec<Copied>> {
    ensure!(from != to, "that is one database, not two");
    // Both are brought to the tables of today. Who runs on a file holds its lock.
    drop(Store::open(from).await?);
    let target = Store::open(to).await?;
    target.join().await?;
    let (mut source, mut sink) = (Side::open(from).await?, Side::open(to).await?);
    if is_server(to) {
        let running = "heartbeat_at > extract(epoch FROM clock_timestamp()) - 10";
        let running = sink.count("instance", running).await.context("Cannot see who runs there")?;
        ensure!(running == 0, "a bot runs on the database that is copied to. Stop it first");
    }
    // Whoever starts meanwhile waits until it is copied.
    let begin: &[&str] =
        if is_server(to) { &["BEGIN", "LOCK TABLE session IN EXCLUSIVE MODE"] } else { &["BEGIN IMMEDIATE"] };
    for sql in begin {
        sink.run(sql, &[]).await.context("Cannot begin")?;
    }
    may_be_replaced(&mut sink).await?;
    let mut copied = Vec::new();
    for (table, columns) in TABLES {
        sink.run(&format!("DELETE FROM {table}"), &[]).await.context("Cannot make room")?;
        let total = source.count(table, "true").await?.unsigned_abs();
        let (mut rows, mut checksum, mut after) = (0u64, 0, None);
        progress(table, 0, total);
        let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let places = (1..=columns.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
        let insert = format!("INSERT INTO {table} ({names}) VALUES ({places})");
        loop {
            let page = page(&mut source, table, columns, after.as_ref()).await?;
            let Some(last) = page.last() else { break };
            after = last.first().cloned();
            for row in &page {
                sink.run(&insert, row).await.with_context(|| format!("Cannot write to {table}"))?;
                checksum = add(checksum, row);
                rows += 1;
            }
            progress(table, rows, total.max(rows));
        }
        copied.push(Copied { table, rows, checksum });
    }
    let sql = "INSERT INTO setting (name, value) SELECT $1, CAST(coalesce(max(version), 0) AS TEXT) FROM session";
    sink.run(sql, &[Cell::Text(MARK.into())]).await.context("Cannot write the mark")?;
    if is_server(to) {
        // Numbers go on where they were, and whoever starts takes over what waits.
        for sql in [
            "SELECT setval(pg_get_serial_sequence('outbox', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM outbox), false)",
            "DELETE FROM delivery_lease",
            "INSERT INTO delivery_lease (person, held_by, held_until) SELECT DISTINCT person, '', 0::BIGINT FROM outbox",
        ] {
            sink.run(sql, &[]).await.context("Cannot prepare the outbox")?;
        }
    }
    sink.run("COMMIT", &[]).await.context("Cannot commit")?;
    for expected in &copied {
        let columns = TABLES.iter().find(|(table, _)| *table == expected.table).map_or(&[][..], |(_, columns)| columns);
        let found = measure(&mut sink, expected.table, columns).await?;
        if found != (expected.rows, expected.checksum) {
            bail!("{} did not arrive as it was: {} rows here, {} there", expected.table, expected.rows, found.0);
        }
    }
    Ok(copied)
}

/// Whether what is in a database came from a copy and nothing else, so that another copy loses nothing.
async fn may_be_replaced(sink: &mut Side) -> anyhow::Result<()> {
    let held = sink.count("session", "true").await?;
    let name = Cell::Text(MARK.into());
    let mark = sink.rows("SELECT value FROM setting WHERE name = $1", &[name], &[("value", false)]).await;
    let mark = match mark.context("Cannot read the mark")?.into_iter().flatten().next() {
        Some(Cell::Text(mark)) => mark,
        Some(Cell::Number(_)) | None => {
            ensure!(held == 0, "the database that is copied to holds {held} talks of its own. Name an empty one");
            return Ok(());
        }
    };
    let Some(newest) = mark.strip_prefix("used ") else { return Ok(()) };
    let newest: i64 = newest.parse().context("The mark of the last copy is damaged")?;
    let newer = sink.count("session", &format!("version > {newest}")).await?;
    bail!(
        "a bot has worked on the database that is copied to since the last copy: at least {newer} of its {held} talks are newer, and \
         another copy would undo what was said there. Copy to an empty database, or empty this one first"
    );
}

/// The next rows of a table, by its key.
async fn page(
    side: &mut Side,
    table: &str,
    columns: &[Column],
    after: Option<&Cell>,
) -> anyhow::Result<Vec<Vec<Cell>>> {
    let key = columns[0].0;
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    // The mark is no business of the other side.
    let from = if table == "setting" { format!("name <> '{MARK}'") } else { "true".into() };
    let from = if after.is_some() { format!("{from} AND {key} > $1") } else { from };
    let sql = format!("SELECT {names} FROM {table} WHERE {from} ORDER BY {key} LIMIT {PAGE}");
    let rows = side.rows(&sql, after.map_or(&[][..], std::slice::from_ref), columns).await;
    rows.with_context(|| format!("Cannot read {table}"))
}

/// How many rows a table has, and their checksum.
async fn measure(side: &mut Side, table: &str, columns: &[Column]) -> anyhow::Result<(u64, u32)> {
    let (mut rows, mut checksum, mut after) = (0, 0, None);
    loop {
        let page = page(side, table, columns, after.as_ref()).await?;
        let Some(last) = page.last() else { return Ok((rows, checksum)) };
        after = last.first().cloned();
        for row in &page {
            checksum = add(checksum, row);
            rows += 1;
        }
    }
}

/// Adds a row to a checksum that does not depend on the order: databases sort differently.
fn add(checksum: u32, row: &[Cell]) -> u32 {
    let text = |cell: &Cell| match cell {
        Cell::Number(None) => "-".to_owned(),
        Cell::Number(Some(number)) => number.to_string(),
        Cell::Text(text) => text.clone(),
    };
    checksum.wrapping_add(fnv1a(row.iter().flat_map(|cell| text(cell).into_bytes().into_iter().chain([0]))))
}
