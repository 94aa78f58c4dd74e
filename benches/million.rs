//! What a million people cost, each with a reminder: `cargo bench --bench million`. Prints figures, asserts none.
//!
//! The release binary, as in `turns`, on files that hold nobody, some and a million people: how long a start
//! takes until somebody has an answer, what it costs to do nothing, and what a turn costs: of newcomers, and of people from
//! anywhere in the table, who have a reminder besides. `-- seconds=N`: how long each is watched (5).

#[path = "load/mod.rs"]
#[expect(dead_code, reason = "`turns` uses the rest of it")]
mod load;
#[path = "load/people.rs"]
mod people;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use load::{Api, Mode, Watched, cpu_of, memory_of, peak_of, start, step_aside};

/// How many people are in the large file.
const PEOPLE: i64 = 1_000_000;

/// How many are in a small one.
const FEW: i64 = 50_000;

/// How many talk at once.
const TALK: usize = 64;

/// How often everything is measured, in turns; the middle one counts.
const ROUNDS: usize = 5;

/// How often a start is measured; the middle one counts.
const STARTS: usize = 5;

fn main() {
    step_aside();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("it starts");
    runtime.block_on(measure_all());
}

/// A file, and who talks to the bot on it.
struct Subject {
    people: i64,
    /// Who talks is one of so many; zero: always somebody new.
    crowd: i64,
    rounds: Vec<Watched>,
    peak: u64,
}

impl Subject {
    fn database(&self, folder: &Path) -> String {
        format!("sqlite:{}", self.file(folder).display())
    }

    fn file(&self, folder: &Path) -> PathBuf {
        folder.join(format!("{}.db", self.people))
    }

    /// The middle one of the rounds, by something.
    fn median(&self, of: impl Fn(&Watched) -> f64) -> f64 {
        let mut found: Vec<f64> = self.rounds.iter().map(of).collect();
        found.sort_by(f64::total_cmp);
        found.get(found.len() / 2).copied().unwrap_or(0.0)
    }
}

async fn measure_all() {
    let span = std::env::args().find_map(|argument| argument.strip_prefix("seconds=")?.parse().ok()).unwrap_or(5);
    let span = Duration::from_secs(span);
    let folder = tempfile::tempdir_in(".").expect("a folder");
    let subject = |(people, crowd)| Subject { people, crowd, rounds: Vec::new(), peak: 0 };
    let mut subjects = [(0, 0), (PEOPLE, 0), (FEW, FEW), (PEOPLE, PEOPLE)].map(subject);
    println!("| people | file | start to first answer | CPU when idle | memory when idle |");
    println!("|---|---|---|---|---|");
    for subject in &subjects {
        if !subject.file(folder.path()).exists() {
            rest(subject, folder.path(), span).await;
        }
    }
    // In turns, because a machine that is shared is slower in one minute than in another.
    for _ in 0..ROUNDS {
        for subject in &mut subjects {
            talk(subject, folder.path(), span).await;
        }
    }
    println!("\n| people | who talks | CPU a turn | turns a second | p50 / p99 ms | peak |");
    println!("|---|---|---|---|---|---|");
    for subject in &subjects {
        println!(
            "| {} | {} | {:.0} µs | {:.0} | {:.1} / {:.1} | {} MiB |",
            subject.people,
            if subject.crowd == 0 { "newcomers" } else { "anybody" },
            subject.median(Watched::cpu_a_turn),
            subject.median(|watched| watched.count() / watched.elapsed.as_secs_f64()),
            subject.median(|watched| watched.within(50)),
            subject.median(|watched| watched.within(99)),
            subject.peak,
        );
    }
    println!();
    for pair in subjects.chunks(2) {
        let ratio = |of: &dyn Fn(&Watched) -> f64| pair[1].median(of) / pair[0].median(of);
        let (cpu, p50) = (ratio(&Watched::cpu_a_turn), ratio(&|watched: &Watched| watched.within(50)));
        println!("a turn among {} people to one among {}: CPU {cpu:.2}, p50 {p50:.2}", pair[1].people, pair[0].people);
    }
}

/// How long a start takes, and what it costs to do nothing.
async fn rest(subject: &Subject, folder: &Path, span: Duration) {
    if subject.people > 0 {
        people::fill(&subject.file(folder), 0, subject.people).await;
    }
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        // What somebody has said while the bot was down waits for it.
        let api = Api::start(Duration::ZERO, subject.crowd).await;
        api.people(1);
        let begun = Instant::now();
        let mut bot = start(&api, Mode::Polling, &subject.database(folder), folder);
        while api.silent() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        starts.push(begun.elapsed());
        let _ = bot.kill();
        let _ = bot.wait();
    }
    starts.sort();
    let api = Api::start(Duration::ZERO, 0).await;
    let mut bot = start(&api, Mode::Webhook, &subject.database(folder), folder);
    api.hooked().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = cpu_of(bot.id());
    tokio::time::sleep(span).await;
    let idle = cpu_of(bot.id()).saturating_sub(before);
    println!(
        "| {} | {} MiB | {:.0} ms | {:.2} % | {} MiB |",
        subject.people,
        std::fs::metadata(subject.file(folder)).map_or(0, |file| file.len()) / (1024 * 1024),
        starts[STARTS / 2].as_secs_f64() * 1000.0,
        100.0 * idle.as_secs_f64() / span.as_secs_f64(),
        memory_of(bot.id()),
    );
    let _ = bot.kill();
    let _ = bot.wait();
}

/// What a turn costs.
async fn talk(subject: &mut Subject, folder: &Path, span: Duration) {
    let api = Api::start(Duration::ZERO, subject.crowd).await;
    let mut bot = start(&api, Mode::Webhook, &subject.database(folder), folder);
    api.hooked().await;
    api.people(TALK);
    tokio::time::sleep(Duration::from_secs(2)).await;
    subject.rounds.push(api.watch(bot.id(), span).await);
    subject.peak = subject.peak.max(peak_of(bot.id()));
    api.end();
    let _ = bot.kill();
    let _ = bot.wait();
}
