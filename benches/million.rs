//! What a million people cost, each with a reminder: `cargo bench --bench million`. Prints figures, asserts none.
//!
//! The release binary, as in `turns`, on files that hold nobody, some and a million people: how long a start
//! takes until somebody has an answer, what it costs to do nothing, and what a turn costs: of newcomers, and of people from
//! anywhere in the table, who have a reminder besides. `-- seconds=N`: how long each is watched (10).

#[path = "load/mod.rs"]
#[expect(dead_code, reason = "`turns` uses the rest of it")]
mod load;
#[path = "load/people.rs"]
mod people;

use std::path::Path;
use std::time::{Duration, Instant};

use load::{Api, Mode, Watched, cpu_of, memory_of, peak_of, start, step_aside};

/// How many people are in the large file.
const PEOPLE: i64 = 1_000_000;

/// How many are in a small one.
const FEW: i64 = 50_000;

/// How many talk at once.
const TALK: usize = 64;

/// How often a start is measured; the middle one counts.
const STARTS: usize = 5;

fn main() {
    step_aside();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    runtime.block_on(measure_all());
}

async fn measure_all() {
    let span = std::env::args().find_map(|argument| argument.strip_prefix("seconds=")?.parse().ok()).unwrap_or(10);
    let span = Duration::from_secs(span);
    println!(
        "| people | who talks | file | start to first answer | CPU when idle | memory when idle | CPU a turn | turns a second | p50 / p99 ms | peak |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let folder = tempfile::tempdir_in(".").expect("a folder");
    let empty = measure(folder.path(), 0, 0, span).await;
    let full = measure(folder.path(), PEOPLE, 0, span).await;
    let small = measure(folder.path(), FEW, FEW, span).await;
    let large = measure(folder.path(), PEOPLE, PEOPLE, span).await;
    println!();
    for (who, among, one, other) in [("newcomers", 0, empty, full), ("anybody", FEW, small, large)] {
        let (cpu, p50) = (other.cpu_a_turn() / one.cpu_a_turn(), other.within(50) / one.within(50));
        println!("{who}: ratio of a turn among {PEOPLE} people to one among {among}: CPU {cpu:.2}, p50 {p50:.2}");
    }
}

/// `crowd`: who talks is one of so many; zero: always somebody new.
async fn measure(folder: &Path, people: i64, crowd: i64, span: Duration) -> Watched {
    let file = folder.join(format!("{people}.db"));
    if people > 0 && !file.exists() {
        people::fill(&file, 0, people).await;
    }
    let size = std::fs::metadata(&file).map_or(0, |file| file.len()) / (1024 * 1024);
    let database = format!("sqlite:{}", file.display());
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        // What somebody has said while the bot was down waits for it.
        let api = Api::start(Duration::ZERO, crowd).await;
        api.people(1);
        let begun = Instant::now();
        let mut bot = start(&api, Mode::Polling, &database, folder);
        while api.silent() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        starts.push(begun.elapsed());
        let _ = bot.kill();
        let _ = bot.wait();
    }
    starts.sort();
    let api = Api::start(Duration::ZERO, crowd).await;
    let mut bot = start(&api, Mode::Webhook, &database, folder);
    api.hooked().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = cpu_of(bot.id());
    tokio::time::sleep(span).await;
    let idle = cpu_of(bot.id()).saturating_sub(before);
    let memory = memory_of(bot.id());
    api.people(TALK);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let watched = api.watch(bot.id(), span).await;
    println!(
        "| {people} | {} | {size} MiB | {:.0} ms | {:.2} % | {memory} MiB | {:.0} µs | {:.0} | {:.1} / {:.1} | {} MiB |",
        if crowd == 0 { "newcomers" } else { "anybody" },
        starts[STARTS / 2].as_secs_f64() * 1000.0,
        100.0 * idle.as_secs_f64() / span.as_secs_f64(),
        watched.cpu_a_turn(),
        watched.count() / watched.elapsed.as_secs_f64(),
        watched.within(50),
        watched.within(99),
        peak_of(bot.id()),
    );
    api.end();
    let _ = bot.kill();
    let _ = bot.wait();
    watched
}
