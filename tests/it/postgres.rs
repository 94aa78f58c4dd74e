//! A PostgreSQL of the tests' own: a new database for each test, gone with it.

use std::io::Write;
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// Where the server is, when nothing else is said.
const USUAL: &str = "postgres://postgres@127.0.0.1:5432/test";

/// A database; dropped with this.
pub struct Database {
    server: String,
    name: String,
}

impl Database {
    /// A new, empty database; `None` where no server can be reached, which is said aloud. Where `SIMOFF_TEST_POSTGRES` names
    /// a server, it must be there.
    #[expect(clippy::disallowed_methods, reason = "the server is named by the environment")]
    pub async fn create() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let named = std::env::var("SIMOFF_TEST_POSTGRES").ok();
        let server = named.clone().unwrap_or_else(|| USUAL.into());
        let mut connection = match PgConnection::connect(&server).await {
            Ok(connection) => connection,
            Err(error) if named.is_some() => panic!("SIMOFF_TEST_POSTGRES names a server that cannot be used: {error}"),
            Err(_) => {
                // Written past the test runner, which would keep it to itself.
                let _ = std::io::stderr().write_all(b"\n!!! NO POSTGRESQL AT 127.0.0.1:5432: NOT TESTED ON IT !!!\n");
                return None;
            }
        };
        let name = format!("simoff_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
        let sql = format!("CREATE DATABASE {name}");
        sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        Some(Self { server, name })
    }

    /// As `DATABASE_URL` has it.
    pub fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// A connection of the test's own.
    pub async fn connect(&self) -> PgConnection {
        PgConnection::connect(&self.url()).await.unwrap()
    }

    /// Cuts every other connection to it, as a restart of the server does.
    pub async fn cut(&self) {
        let mut connection = PgConnection::connect(&self.server).await.unwrap();
        let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
        sqlx::query(sql).bind(&self.name).execute(&mut connection).await.unwrap();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, sql) = (self.server.clone(), format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        let drop = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let mut connection = PgConnection::connect(&server).await?;
                sqlx::query(AssertSqlSafe(sql)).execute(&mut connection).await
            })
        });
        // A database that is left behind harms nobody.
        let _ = drop.join();
    }
}
