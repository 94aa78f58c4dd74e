//! What a turn costs: `cargo bench --bench turns`. Prints figures, asserts none.
//!
//! The release binary, as it is, with the settings it has, against a fast fake of the Bot API; beside it, in the same minutes and
//! on the same cores, a stock teloxide bot (`benches/baseline`), so that the result is a ratio. The bot has one core for itself,
//! people and API share the other (`taskset`). CPU is what the kernel charges the bot's process.
//!
//! `-- simoff`, `-- baseline`, `-- webhook`, `-- polling`, `-- people=N`: only these. `-- seconds=N`: how long each is watched (10).

#[path = "load/mod.rs"]
#[expect(dead_code, reason = "`million` uses the rest of it")]
mod load;

use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::Duration;

use load::{Api, Mode, Watched, free_address, on_its_core, peak_of, start, step_aside};

/// How long a bot runs before it is watched.
const WARM_UP: Duration = Duration::from_secs(3);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Simoff,
    Baseline,
}

/// One measurement.
struct Plan {
    subject: Subject,
    mode: Mode,
    /// People at once.
    people: usize,
    /// From the bot to the API and back.
    round_trip: Duration,
    /// In the memory of the machine, where no disk is waited for.
    tmpfs: bool,
    /// A server instead of a file.
    postgres: Option<String>,
}

fn main() {
    step_aside();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    runtime.block_on(measure_all());
}

async fn measure_all() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let number = |name: &str| arguments.iter().find_map(|argument| argument.strip_prefix(name)?.parse::<u32>().ok());
    let seconds = number("seconds=").unwrap_or(10);
    // Who names none wants all.
    let subjects = match (has("simoff"), has("baseline")) {
        (true, false) => vec![Subject::Simoff],
        (false, true) => vec![Subject::Baseline],
        _ => vec![Subject::Simoff, Subject::Baseline],
    };
    let modes = match (has("webhook"), has("polling")) {
        (true, false) => vec![Mode::Webhook],
        (false, true) => vec![Mode::Polling],
        _ => vec![Mode::Webhook, Mode::Polling],
    };
    let baseline = subjects.contains(&Subject::Baseline).then(build_baseline).flatten();
    println!(
        "| bot | mode | people | API | database | CPU a turn | turns a second | p50 / p99 ms | calls a turn | peak MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let zero = Duration::ZERO;
    let mut plans = Vec::new();
    for mode in modes.iter().copied() {
        for (people, round_trip, tmpfs) in
            [(64, zero, false), (64, zero, true), (200, zero, false), (64, Duration::from_millis(80), false)]
        {
            for subject in &subjects {
                plans.push(Plan { subject: *subject, mode, people, round_trip, tmpfs, postgres: None });
            }
        }
    }
    for mode in modes {
        // Each has a database of its own: what the last one held there, it would have to wait for.
        let Some(url) = postgres(mode).await.filter(|_| subjects.contains(&Subject::Simoff)) else { continue };
        let postgres = Some(url);
        plans.push(Plan { subject: Subject::Simoff, mode, people: 64, round_trip: zero, tmpfs: false, postgres });
    }
    plans.retain(|plan| number("people=").is_none_or(|people| plan.people == people as usize));
    if plans.is_empty() {
        eprintln!("nothing is measured with so many people: there are 64 and 200");
    }
    for plan in plans {
        match (plan.subject, &baseline) {
            (Subject::Baseline, None) => {}
            (_, baseline) => measure(&plan, baseline.as_deref(), Duration::from_secs(seconds.into())).await,
        }
    }
}

/// Builds the baseline; `None`, aloud, where it cannot be.
fn build_baseline() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let target = root.join("target/baseline");
    let built = Command::new("cargo")
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(root.join("benches/baseline/Cargo.toml"))
        .env("CARGO_TARGET_DIR", &target)
        .status();
    if built.is_ok_and(|status| status.success()) {
        return Some(target.join("release/baseline"));
    }
    eprintln!("!!! THE BASELINE CANNOT BE BUILT: NO RATIO !!!");
    None
}

/// A database of our own on the usual server, emptied.
async fn postgres(mode: Mode) -> Option<String> {
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect("postgres://postgres@127.0.0.1:5432/test").await.ok()?;
    let name = format!("simoff_bench_{mode:?}").to_lowercase();
    for sql in [format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"), format!("CREATE DATABASE {name}")] {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut connection).await.ok()?;
    }
    Some(format!("postgres://postgres@127.0.0.1:5432/{name}"))
}

async fn measure(plan: &Plan, baseline: Option<&Path>, span: Duration) {
    let api = Api::start(plan.round_trip, 0).await;
    let folder =
        if plan.tmpfs { tempfile::tempdir_in("/dev/shm") } else { tempfile::tempdir_in(".") }.expect("a folder");
    let file = folder.path().join("bot.db").display().to_string();
    let mut bot = match (plan.subject, baseline) {
        (Subject::Baseline, Some(baseline)) => start_baseline(baseline, &api, plan.mode, &file, folder.path()),
        _ => {
            let database = plan.postgres.clone().unwrap_or_else(|| format!("sqlite:{file}"));
            start(&api, plan.mode, &database, folder.path())
        }
    };
    if plan.mode == Mode::Webhook {
        api.hooked().await;
    }
    api.people(plan.people);
    tokio::time::sleep(WARM_UP).await;
    let watched = api.watch(bot.id(), span).await;
    report(plan, &watched, peak_of(bot.id()));
    api.end();
    let _ = bot.kill();
    let _ = bot.wait();
}

fn start_baseline(program: &Path, api: &Api, mode: Mode, file: &str, folder: &Path) -> Child {
    let mut command = on_its_core(&program.display().to_string(), api, folder);
    command.env("BASELINE_DATABASE", file);
    if mode == Mode::Webhook {
        let (listen, hook) = free_address();
        command.env("BASELINE_WEBHOOK", hook).env("BASELINE_LISTEN", listen);
    }
    command.spawn().expect("it starts")
}

#[expect(clippy::cast_precision_loss, reason = "figures for people")]
fn report(plan: &Plan, watched: &Watched, peak: u64) {
    println!(
        "| {} | {:?} | {} | {} ms | {} | {:.0} µs | {:.0} | {:.1} / {:.1} | {:.2} | {peak} |",
        if plan.subject == Subject::Simoff { "simoff" } else { "stock teloxide" },
        plan.mode,
        plan.people,
        plan.round_trip.as_millis(),
        match (&plan.postgres, plan.tmpfs) {
            (Some(_), _) => "PostgreSQL",
            (None, true) => "SQLite, tmpfs",
            (None, false) => "SQLite",
        },
        watched.cpu_a_turn(),
        watched.count() / watched.elapsed.as_secs_f64(),
        watched.within(50),
        watched.within(99),
        watched.calls as f64 / watched.count(),
    );
}
