//! What a million people cost, each with a reminder: `cargo bench --bench million`. Prints figures, asserts none.
//!
//! The release binary, as in `turns`, on a file that holds nobody and on one that holds a million people: how long a start
//! takes until somebody has an answer, what it costs to do nothing, and what a turn costs when everybody who talks comes from
//! anywhere in the table. `-- seconds=N`: how long each is watched (10).

#[path = "load/mod.rs"]
#[expect(dead_code, reason = "`turns` uses the rest of it")]
mod load;
#[path = "load/people.rs"]
mod people;

use std::path::Path;
use std::time::{Duration, Instant};

use load::{Api, FIRST, Mode, Watched, cpu_of, memory_of, peak_of, start, step_aside};

/// How many people are in the large file.
const PEOPLE: i64 = 1_000_000;

/// How many talk at once.
const TALK: usize = 64;

/// How often a start is measured; the middle one counts.
const STARTS: usize = 5;

fn main() {
    step_aside();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    runtime.block_on(measure_both());
}

async fn measure_both() {
    let span = std::env::args().find_map(|argument| argument.strip_prefix("seconds=")?.parse().ok()).unwrap_or(10);
    let span = Duration::from_secs(span);
    println!(
        "| people | file | start to first answer | CPU when idle | memory when idle | CPU a turn | turns a second | p50 / p99 ms | peak |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    let folder = tempfile::tempdir_in(".").expect("a folder");
    let empty = measure(folder.path(), 0, span).await;
    let full = measure(folder.path(), PEOPLE, span).await;
    println!("\nratio of the CPU a turn, {PEOPLE} to nobody: {:.2}", full.cpu_a_turn() / empty.cpu_a_turn());
    println!("ratio of the p50: {:.2}", full.within(50) / empty.within(50));
}

async fn measure(folder: &Path, people: i64, span: Duration) -> Watched {
    let file = folder.join(format!("{people}.db"));
    if people > 0 {
        people::fill(&file, 0, people).await;
    }
    let size = std::fs::metadata(&file).map_or(0, |file| file.len()) / (1024 * 1024);
    let database = format!("sqlite:{}", file.display());
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        // What somebody has said while the bot was down waits for it.
        let api = Api::start(Duration::ZERO, people).await;
        api.people(1);
        let begun = Instant::now();
        let mut bot = start(&api, Mode::Polling, &database, folder);
        while api.answers(FIRST) == Some(0) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        starts.push(begun.elapsed());
        let _ = bot.kill();
        let _ = bot.wait();
    }
    starts.sort();
    let api = Api::start(Duration::ZERO, people).await;
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
        "| {people} | {size} MiB | {:.0} ms | {:.2} % | {memory} MiB | {:.0} µs | {:.0} | {:.1} / {:.1} | {} MiB |",
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
