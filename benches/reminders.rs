//! What a million reminders cost: `cargo bench --bench reminders`. Prints figures, asserts none.
//!
//! 1. Claiming and firing a hundred, in a table of ten thousand and in one of a million.
//! 2. The release binary against the strict fake Bot API: ten thousand due at once, and a person who taps meanwhile.

#[path = "../tests/it/fake_telegram/mod.rs"]
#[expect(dead_code, reason = "the tests use the rest of it")]
mod fake_telegram;
#[path = "load/people.rs"]
mod people;

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fake_telegram::{Fake, TOKEN};
use jiff::Timestamp;
use people::fill;
use simoff::conversation::{Channel, Conversation, Delivery};
use simoff::dialogues::{Source, load};
use simoff::store::Store;

/// The channel of the people here.
const CHANNEL: Channel = Channel { prefix: "telegram:", delivery: Delivery::Push };

/// How many fall due at once.
const DUE: i64 = 10_000;

/// How many are set for later, in the large table.
const LATER: i64 = 1_000_000;

/// How long the burst is watched. Ten thousand take some seven minutes at the platform's rate.
const WATCH: Duration = Duration::from_secs(60);

/// How often the person taps, and so how many taps are measured.
const TAP_EVERY: Duration = Duration::from_millis(150);

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    // `-- taps` measures the second part only.
    let only_taps = std::env::args().any(|argument| argument == "taps");
    if !only_taps {
        fire_both(folder.path()).await;
    }
    println!(
        "a person taps every {} ms, release binary, sqlite, milliseconds to the visible change",
        TAP_EVERY.as_millis()
    );
    let idle = taps(&folder.path().join("idle"), 0).await;
    let burst = taps(&folder.path().join("burst"), DUE).await;
    println!("  ratio of the p99, in the burst to idle: {:.2}", burst / idle);
}

/// Claiming and firing, in a small table and in a large one.
async fn fire_both(folder: &Path) {
    println!("100 of {DUE} due reminders, milliseconds (median / p99 of {} batches)", DUE / 100);
    let small = fire(&folder.join("small.db"), 0).await;
    let large = fire(&folder.join("large.db"), LATER).await;
    println!(
        "  ratio of the medians, {} in the table to {DUE}: claim {:.2}, fire {:.2}",
        LATER + DUE,
        large.0 / small.0,
        large.1 / small.1
    );
}

/// The medians of claiming a hundred people, and of claiming and firing them: load, step, render, commit.
async fn fire(path: &Path, later: i64) -> (f64, f64) {
    fill(path, DUE, later).await;
    let store = Store::open(&format!("sqlite:{}", path.display())).await.expect("a database");
    let mut now = Timestamp::now();
    let mut claims = Vec::new();
    loop {
        let start = Instant::now();
        if store.claim_due("telegram:", now).await.expect("it claims").is_empty() {
            break;
        }
        claims.push(start.elapsed());
    }
    // The clock moves past the lease, and everything is claimed again.
    now += Duration::from_secs(60);
    let dialogue = load(&Source::embedded(), jiff::Zoned::now().date()).dialogue.expect("a sound dialogue");
    let conversation = Conversation::new(dialogue, store);
    let (mut times, mut fired) = (Vec::new(), 0);
    loop {
        let start = Instant::now();
        let Some(messages) = conversation.due(CHANNEL, now).await.expect("it claims") else { break };
        times.push(start.elapsed());
        fired += messages.len();
    }
    let (claim, claim_p99) = (percentile(&mut claims, 50), percentile(&mut claims, 99));
    let (fire, fire_p99) = (percentile(&mut times, 50), percentile(&mut times, 99));
    println!(
        "  table of {:>9}: claim {claim:.2} / {claim_p99:.2}, claim and fire {fire:.2} / {fire_p99:.2}   ({fired} fired)",
        later + DUE
    );
    (claim, fire)
}

async fn taps(folder: &Path, due: i64) -> f64 {
    std::fs::create_dir(folder).expect("a folder");
    let fake = Fake::start().await;
    for person in 0..due {
        fake.chat(1_000_000 + person, "en").open();
    }
    fill(&folder.join("bot.db"), due, 0).await;
    let mut bot = Bot(spawn(folder, &fake.url));
    let chat = fake.chat(7, "en");
    chat.say("/start").await;
    let (mut times, started) = (Vec::new(), Instant::now());
    let before = sent(&fake);
    while started.elapsed() < WATCH {
        let start = Instant::now();
        chat.tap("Why do you ask").await;
        times.push(start.elapsed());
        chat.say("/start").await;
        tokio::time::sleep(TAP_EVERY).await;
    }
    let rate = (sent(&fake) - before) as f64 / started.elapsed().as_secs_f64();
    let refused = fake.violations().len();
    let (count, median, p99) = (times.len(), percentile(&mut times, 50), percentile(&mut times, 99));
    let name = if due == 0 { "idle" } else { "burst" };
    println!(
        "  {name:>5}: {median:>6.2} / {p99:>6.2}   ({count} taps; {rate:.1} messages a second out; {refused} refused)"
    );
    bot.0.kill().expect("it runs");
    let _ = bot.0.wait();
    p99
}

/// Messages sent or edited so far.
fn sent(fake: &Fake) -> usize {
    fake.calls().iter().filter(|call| ["sendmessage", "editmessagetext"].contains(&call.as_str())).count()
}

struct Bot(Child);

impl Drop for Bot {
    fn drop(&mut self) {
        let _ = self.0.kill();
    }
}

fn spawn(folder: &Path, url: &str) -> Child {
    Command::new(env!("CARGO_BIN_EXE_simoff"))
        .arg("telegram")
        .env_clear()
        .env("TELOXIDE_TOKEN", TOKEN)
        .env("TELOXIDE_API_URL", url)
        .env("DATABASE_URL", format!("sqlite:{}", folder.join("bot.db").display()))
        .env("SIMOFF_ADMIN_LISTEN", "off")
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the bot starts")
}

fn percentile(times: &mut [Duration], percent: usize) -> f64 {
    times.sort();
    let index = (times.len() * percent / 100).min(times.len().saturating_sub(1));
    times.get(index).map_or(f64::NAN, |time| time.as_secs_f64() * 1000.0)
}
