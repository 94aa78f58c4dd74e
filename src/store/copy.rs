//! Moves everything from one database to another, and proves that it arrived.

use anyhow::{Context, bail, ensure};
use sqlx::AnyConnection;
use sqlx::any::{AnyRow, install_default_drivers};
use sqlx::{AssertSqlSafe, Connection, Row};

use super::{Store, is_server};
use crate::dialogues::translations::fnv1a;

/// How many rows are read at a time.
const PAGE: i64 = 500;

/// The setting that a copy leaves behind: what is there came from a copy, so another copy may take its place.
const MARK: &str = "copied";

/// A column: its name, and whether it holds a number.
type Column = (&'static str, bool);

/// What is copied. The first column is the key.
const TABLES: [(&str, &[Column]); 5] = [
    ("session", &[("person", false), ("body", false), ("version", true), ("updated_at", true), ("due_at", true)]),
    ("outbox", &[("id", true), ("person", false), ("body", false), ("created_at", true)]),
    ("seen", &[("update_id", true), ("seen_at", true)]),
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

/// Copies `from` to `to` and compares both. What an earlier copy left in `to` is replaced; what a bot has written there itself
/// is not touched, and neither is a database on which one runs. `progress` hears the table, how many rows are there by now, and
/// of how many.
pub async fn copy(from: &str, to: &str, mut progress: impl FnMut(&str, u64, u64)) -> anyhow::Result<Vec<Copied>> {
    ensure!(from != to, "that is one database, not two");
    install_default_drivers();
    // Both are brought to the tables of today. Who runs on a file holds its lock.
    drop(Store::open(from).await?);
    let target = Store::open(to).await?;
    target.join().await?;
    let (mut source, mut sink) = (connect(from).await?, connect(to).await?);
    if is_server(to) {
        let sql = "SELECT count(*) FROM instance WHERE seen_at > extract(epoch FROM clock_timestamp()) - 10";
        let running: (i64,) = sqlx::query_as(sql).fetch_one(&mut sink).await.context("Cannot see who runs there")?;
        ensure!(running.0 == 0, "a bot runs on the database that is copied to. Stop it first");
    }
    let held: (i64,) = sqlx::query_as("SELECT count(*) FROM session").fetch_one(&mut sink).await?;
    let mark: (i64,) =
        sqlx::query_as("SELECT count(*) FROM setting WHERE name = $1").bind(MARK).fetch_one(&mut sink).await?;
    ensure!(held.0 == 0 || mark.0 > 0, "the database that is copied to holds talks of its own. Name an empty one");
    let mut copied = Vec::new();
    let mut transaction = sink.begin().await.context("Cannot begin")?;
    for (table, columns) in TABLES {
        let sql = format!("DELETE FROM {table}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut *transaction).await.context("Cannot make room")?;
        let total = count(&mut source, table).await?;
        let (mut rows, mut checksum, mut after) = (0u64, 0, None);
        progress(table, 0, total);
        loop {
            let page = page(&mut source, table, columns, after.as_ref()).await?;
            let Some(last) = page.last() else { break };
            after = last.first().cloned();
            for row in &page {
                write(&mut transaction, table, columns, row)
                    .await
                    .with_context(|| format!("Cannot write to {table}"))?;
                checksum = add(checksum, row);
                rows += 1;
            }
            progress(table, rows, total.max(rows));
        }
        copied.push(Copied { table, rows, checksum });
    }
    let sql =
        "INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    sqlx::query(sql).bind(MARK).bind("yes").execute(&mut *transaction).await?;
    if is_server(to) {
        // Numbers go on where they were, and whoever starts takes over what waits.
        for sql in [
            "SELECT setval(pg_get_serial_sequence('outbox', 'id'), (SELECT coalesce(max(id), 0) + 1 FROM outbox), false)",
            "DELETE FROM lane",
            "INSERT INTO lane (person, held_by, held_until) SELECT DISTINCT person, '', 0::BIGINT FROM outbox",
        ] {
            sqlx::query(sql).execute(&mut *transaction).await.context("Cannot prepare the outbox")?;
        }
    }
    transaction.commit().await.context("Cannot commit")?;
    for expected in &copied {
        let columns = TABLES.iter().find(|(table, _)| *table == expected.table).map_or(&[][..], |(_, columns)| columns);
        let found = measure(&mut sink, expected.table, columns).await?;
        if found != (expected.rows, expected.checksum) {
            bail!("{} did not arrive as it was: {} rows here, {} there", expected.table, expected.rows, found.0);
        }
    }
    Ok(copied)
}

async fn connect(url: &str) -> anyhow::Result<AnyConnection> {
    AnyConnection::connect(url).await.ok().context("Cannot connect")
}

async fn count(connection: &mut AnyConnection, table: &str) -> anyhow::Result<u64> {
    let sql = format!("SELECT count(*) FROM {table}");
    let (rows,): (i64,) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(connection).await.context("Cannot count")?;
    Ok(rows.unsigned_abs())
}

/// The next rows of a table, by its key.
async fn page(
    connection: &mut AnyConnection,
    table: &str,
    columns: &[Column],
    after: Option<&Cell>,
) -> anyhow::Result<Vec<Vec<Cell>>> {
    let key = columns[0].0;
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let from = if after.is_some() { format!("WHERE {key} > $2") } else { String::new() };
    // The mark is no business of the other side.
    let sql = match (table, after) {
        ("setting", None) => format!("SELECT {names} FROM {table} WHERE name <> '{MARK}' ORDER BY {key} LIMIT $1"),
        ("setting", Some(_)) => {
            format!("SELECT {names} FROM {table} {from} AND name <> '{MARK}' ORDER BY {key} LIMIT $1")
        }
        _ => format!("SELECT {names} FROM {table} {from} ORDER BY {key} LIMIT $1"),
    };
    let query = sqlx::query(AssertSqlSafe(sql)).bind(PAGE);
    let query = match after {
        None => query,
        Some(Cell::Number(number)) => query.bind(*number),
        Some(Cell::Text(text)) => query.bind(text.clone()),
    };
    let rows = query.fetch_all(connection).await.with_context(|| format!("Cannot read {table}"))?;
    rows.iter().map(|row| read(row, columns)).collect()
}

fn read(row: &AnyRow, columns: &[Column]) -> anyhow::Result<Vec<Cell>> {
    let cell = |(place, (name, number)): (usize, &Column)| -> anyhow::Result<Cell> {
        let cell = if *number { row.try_get(place).map(Cell::Number) } else { row.try_get(place).map(Cell::Text) };
        cell.with_context(|| format!("Cannot read {name}"))
    };
    columns.iter().enumerate().map(cell).collect()
}

async fn write(
    connection: &mut AnyConnection,
    table: &str,
    columns: &[Column],
    row: &[Cell],
) -> Result<(), sqlx::Error> {
    let names = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    let places = (1..=columns.len()).map(|place| format!("${place}")).collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO {table} ({names}) VALUES ({places})");
    let mut query = sqlx::query(AssertSqlSafe(sql));
    for cell in row {
        query = match cell {
            Cell::Number(number) => query.bind(*number),
            Cell::Text(text) => query.bind(text.clone()),
        };
    }
    query.execute(connection).await.map(|_| ())
}

/// How many rows a table has, and their checksum.
async fn measure(connection: &mut AnyConnection, table: &str, columns: &[Column]) -> anyhow::Result<(u64, u32)> {
    let (mut rows, mut checksum, mut after) = (0, 0, None);
    loop {
        let page = page(connection, table, columns, after.as_ref()).await?;
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
