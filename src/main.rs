//! Settings, wiring, run, one printed error.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser;
use jiff::Timestamp;
use log::LevelFilter;

use metrics_exporter_prometheus::PrometheusBuilder;
use simoff::channel::http::{Capacity, Http, Role, TrustedProxies};
use simoff::channel::web::studio::{self, ContentStatus, Studio};
use simoff::channel::{telegram, terminal, web};
use simoff::config::{self, Command, Config, GraphFormat, Secret};
use simoff::conversation::Conversation;
use simoff::conversation::OutboxMessage;
use simoff::dialogues::machine::Machine;
use simoff::dialogues::{Dialogue, Problem, Severity, Source, facts, load, plans, translations};
use simoff::reminders;
use simoff::render;
use simoff::store::{self, Store};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often a folder of dialogues is looked at for edits. An author saves and looks up; a second feels immediate.
const RELOAD_INTERVAL: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("simoff: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<ExitCode> {
    read_dotenv()?;
    let config = Config::parse();
    start_log(&config);
    let folder = config.common.dialogues;
    match config.command {
        Command::Check(options) => return check(&read(&folder)?, options.release),
        Command::Facts => print(&facts::table(&running(&read(&folder)?)?.facts, jiff::Zoned::now().date()))?,
        Command::Translated(options) => note_translated(&folder, &options.languages)?,
        Command::Plans(options) => print_plans(&running(&read(&folder)?)?, &options)?,
        Command::Graph(options) => print_graph(&running(&read(&folder)?)?, options.format)?,
        Command::Chat(options) => runtime()?.block_on(chat(folder, options))?,
        Command::Web(options) => runtime()?.block_on(run_web(folder, options))?,
        Command::Telegram(options) => runtime()?.block_on(run_telegram(folder, *options))?,
        Command::Health(options) => match options.admin_listen.0 {
            Some(address) => runtime()?.block_on(telegram::health::probe(address))?,
            None => bail!("SIMOFF_ADMIN_LISTEN is off, so there is nobody to ask"),
        },
        Command::Backup(options) => {
            runtime()?.block_on(store::backup(database_url(&options.database)?.reveal(), &options.to))?;
            print(&format!("Copied to {}\n", options.to.display()))?;
        }
        Command::Store(config::StoreCommand::Copy(options)) => {
            runtime()?.block_on(copy(options.from.reveal(), options.to.reveal()))?;
        }
        Command::Unhook(account) => print(&format!("{}\n", runtime()?.block_on(telegram::unhook(&bot(account)?))?))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads `.env`, where there is one. What the environment already says counts more.
fn read_dotenv() -> anyhow::Result<()> {
    match dotenvy::dotenv() {
        Ok(_) => Ok(()),
        Err(error) if error.not_found() => Ok(()),
        // The library's own message quotes the line, which may hold the token.
        Err(dotenvy::Error::LineParse(..)) => {
            bail!(".env has a line that is not NAME=value. See .env.example for what belongs there")
        }
        Err(dotenvy::Error::Io(error)) => bail!(".env cannot be read: {error}"),
        Err(_) => bail!(".env cannot be read"),
    }
}

/// Logs go to standard error: quiet beside a talk, telling for a bot.
fn start_log(config: &Config) {
    let serves = matches!(config.command, Command::Telegram(_) | Command::Web(_));
    let default = if serves { LevelFilter::Info } else { LevelFilter::Warn };
    let mut log = pretty_env_logger::formatted_builder();
    log.filter_level(default);
    if let Some(filters) = &config.common.log {
        log.parse_filters(filters);
    }
    // Below this level these print addresses, and the address of a Bot API call holds the token.
    for module in ["reqwest", "hyper", "hyper_util", "teloxide", "teloxide_core", "rustls", "sqlx"] {
        log.filter_module(module, LevelFilter::Warn);
    }
    log.init();
    // A panic's own message may quote what somebody typed; the place is enough to find the fault.
    std::panic::set_hook(Box::new(|panic| match panic.location() {
        Some(place) => log::error!("Panicked at {place}"),
        None => log::error!("Panicked"),
    }));
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().context("Cannot start")
}

// ---- content --------------------------------------------------------------------------------------------------------

fn read(folder: &Option<PathBuf>) -> anyhow::Result<Source> {
    match folder {
        None => Ok(Source::embedded()),
        Some(folder) => {
            Source::overlaid(folder).with_context(|| format!("Cannot read the dialogues in {}", folder.display()))
        }
    }
}

/// Everything that is wrong with the content, and the dialogue when nothing is.
fn examine(source: &Source) -> (Option<Dialogue>, Vec<Problem>) {
    let loaded = load(source, jiff::Zoned::now().date());
    let mut problems = loaded.problems;
    let dialogue = loaded.dialogue.filter(|dialogue| {
        let before = problems.len();
        render::check_lengths(dialogue, &mut problems);
        problems.len() == before
    });
    (dialogue, problems)
}

/// The dialogue to run on, or the report that says why not.
fn running(source: &Source) -> anyhow::Result<Dialogue> {
    // What is in the binary has passed `check` before it was built; to lay out every screen again would take longer than all
    // the rest of a start.
    let (dialogue, problems) = if *source == Source::embedded() {
        let loaded = load(source, jiff::Zoned::now().date());
        (loaded.dialogue, loaded.problems)
    } else {
        examine(source)
    };
    dialogue.with_context(|| {
        let report = source.report(&problems, std::io::stderr().is_terminal());
        format!("the dialogues have errors.\n{report}")
    })
}

fn check(source: &Source, release: bool) -> anyhow::Result<ExitCode> {
    let (dialogue, problems) = examine(source);
    print(&source.report(&problems, std::io::stdout().is_terminal()))?;
    let count = |severity| problems.iter().filter(|problem| problem.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    match dialogue {
        Some(_) if release && warnings > 0 => {
            print(&format!("{warnings} warnings: not for release\n"))?;
            Ok(ExitCode::FAILURE)
        }
        Some(dialogue) => {
            let survey = simoff::dialogues::analysis::Analysis::of(&dialogue.graph);
            let (graph, facts) = (&dialogue.graph, dialogue.facts.list.len());
            print(&format!(
                "{}: {} questions, {} steps, {facts} facts, {} languages, {} situations. 0 errors, {warnings} warnings\n",
                graph.id,
                graph.questions.len(),
                graph.steps.len(),
                graph.languages.len(),
                survey.situations,
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            print(&format!("{errors} errors, {warnings} warnings\n"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}

/// Renews the lock file of the translations in the folder of dialogues.
fn note_translated(folder: &Option<PathBuf>, only: &[String]) -> anyhow::Result<()> {
    let Some(path) = folder else {
        bail!("name the folder of the dialogues, for example --dialogues dialogues");
    };
    let source = read(folder)?;
    let dialogue = running(&source)?;
    let others = &dialogue.graph.languages[1..];
    if let Some(tag) = only.iter().find(|tag| !others.contains(tag)) {
        bail!("`{tag}` is not a language that is translated into. There are: {}", others.join(", "));
    }
    let lock = translations::read(&source, &mut Vec::new());
    let (text, renewed) = translations::renewed(&dialogue, &lock, only);
    let path = path.join(translations::FILE);
    std::fs::write(&path, text).with_context(|| format!("Cannot write {}", path.display()))?;
    print(&format!("{renewed} translations noted as up to date in {}\n", path.display()))
}

fn print_plans(dialogue: &Dialogue, options: &config::PlansArgs) -> anyhow::Result<()> {
    let only = options.only.iter().map(|text| plans::only(&dialogue.graph, text)).collect::<Result<Vec<_>, _>>();
    let only = only.map_err(anyhow::Error::msg)?;
    print(&plans::table(dialogue, dialogue.language(options.language.as_deref()), &only))
}

fn print_graph(dialogue: &Dialogue, format: GraphFormat) -> anyhow::Result<()> {
    let machine = Machine::of(&dialogue.graph);
    match format {
        GraphFormat::Mermaid => print(&machine.mermaid()),
        GraphFormat::Dot => print(&machine.dot()),
        GraphFormat::Svg => print(&machine.svg(None, false)),
    }
}

/// Prints; whoever stops reading (`simoff plans | head`) has seen enough.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("Cannot print"),
    }
}

// ---- talks ----------------------------------------------------------------------------------------------------------

/// Follows a folder of dialogues: an edit that is sound goes live, a broken one is reported and changes nothing.
struct Follow {
    folder: Option<PathBuf>,
    source: Source,
    conversation: Arc<Conversation>,
}

impl Follow {
    /// Looks again and again, and tells the studio, where there is one.
    async fn run(mut self, studio: Option<watch::Sender<ContentStatus>>) {
        loop {
            tokio::time::sleep(RELOAD_INTERVAL).await;
            let Some(edit) = self.look() else { continue };
            let Some(studio) = &studio else { continue };
            let edition = studio.borrow().edition + 1;
            let content = self.content(edit, edition).await;
            studio.send_replace(content);
        }
    }

    /// Looks once; what was edited since.
    fn look(&mut self) -> Option<Edit> {
        self.folder.as_ref()?;
        let source = match read(&self.folder) {
            Ok(source) if source == self.source => return None,
            Ok(source) => source,
            // An editor replaces files; for a moment there may be none.
            Err(error) => {
                log::debug!("{error:#}");
                return None;
            }
        };
        let (dialogue, problems) = examine(&source);
        let mut before = None;
        match dialogue {
            Some(dialogue) => {
                before = Some(self.conversation.dialogue());
                self.conversation.replace_dialogue(dialogue);
                log::info!("The dialogue was replaced");
            }
            None => {
                let report = source.report(&problems, std::io::stderr().is_terminal());
                eprintln!("The edited dialogues have errors; the last good version goes on.\n{report}");
            }
        }
        self.source = source;
        Some(Edit { before, problems })
    }

    /// An edit as the studio shows it.
    async fn content(&self, edit: Edit, edition: u64) -> ContentStatus {
        let after = self.conversation.dialogue();
        let touched = match &edit.before {
            None => None,
            Some(before) => match self.conversation.touched_by(&before.graph, &after.graph).await {
                Ok(touched) => Some(touched),
                Err(error) => {
                    log::error!("Cannot say whom the edit touches: {error:#}");
                    None
                }
            },
        };
        let report = self.source.report(&edit.problems, false);
        let placed = |problem: Problem| {
            let place = self.source.place(&problem);
            (problem, place)
        };
        let problems = edit.problems.into_iter().map(placed).collect();
        let folder = self.folder.as_ref().map(|folder| folder.display().to_string());
        ContentStatus { edition, folder, problems, report, touched }
    }
}

/// What somebody has edited.
struct Edit {
    /// What went on before it; `None`: it is broken, and that still goes on.
    before: Option<Arc<Dialogue>>,
    problems: Vec<Problem>,
}

fn database_url(database: &config::DatabaseArgs) -> anyhow::Result<Secret> {
    database.url().context("Cannot read the address of the database from DATABASE_URL_FILE")
}

async fn open(folder: Option<PathBuf>, database: &config::DatabaseArgs) -> anyhow::Result<(Arc<Conversation>, Follow)> {
    let source = read(&folder)?;
    let dialogue = running(&source)?;
    let store = Store::open(database_url(database)?.reveal()).await?;
    let conversation = Arc::new(Conversation::new(dialogue, store));
    conversation.begin_sweeping(Timestamp::now()).await?;
    // One for all channels; it ends with the program.
    tokio::spawn(reminders::sweep(conversation.clone()));
    Ok((conversation.clone(), Follow { folder, source, conversation }))
}

async fn chat(folder: Option<PathBuf>, options: config::ChatArgs) -> anyhow::Result<()> {
    let (conversation, mut follow) = open(folder, &options.database).await?;
    let known = &conversation.dialogue().graph.languages;
    if let Some(language) = options.language.as_ref().filter(|language| !known.contains(language)) {
        bail!("there is no language `{language}`. There are: {}", known.join(", "));
    }
    let talk = terminal::ChatOptions {
        language: options.language,
        record: options.record.as_deref(),
        colour: std::io::stdout().is_terminal() && !options.no_color,
        reload: &mut || follow.look().is_some_and(|edit| edit.before.is_some()),
    };
    let (clock, due) = start_clock(&conversation, terminal::PERSON, false);
    let result = terminal::run(conversation, talk, due).await;
    clock.abort();
    result
}

/// The client of the account that the settings name.
fn bot(account: config::AccountArgs) -> anyhow::Result<telegram::Bot> {
    // What the environment says counts more, and then the file is not looked at.
    let token_file = account.token_file.clone().filter(|_| account.token.as_ref().is_none_or(Secret::is_empty));
    let token = secret(account.token, account.token_file, "the token")?;
    let Some(token) = token else {
        bail!("no token. Ask @BotFather on Telegram for one, and set TELOXIDE_TOKEN or write it into .env");
    };
    telegram::connect(token.reveal(), token_file, &account.api_url)
}

fn secret(value: Option<Secret>, file: Option<PathBuf>, what: &str) -> anyhow::Result<Option<Secret>> {
    let named = || format!("Cannot read {what} from {}", file.as_deref().unwrap_or(Path::new("")).display());
    Secret::or_file(value, file.as_deref()).with_context(named)
}

async fn run_telegram(folder: Option<PathBuf>, options: config::TelegramArgs) -> anyhow::Result<()> {
    let webhook = match options.webhook_url {
        None => None,
        Some(url) => {
            let secret = secret(options.webhook_secret, options.webhook_secret_file, "the secret of the webhook")?;
            let secret = secret.map_or_else(String::new, |secret| secret.reveal().to_owned());
            let webhook = telegram::Webhook { url, secret, listen: options.listen };
            webhook.check(options.account.api_url.starts_with(telegram::API_URL))?;
            Some(webhook)
        }
    };
    let bot = bot(options.account)?;
    let recorder = PrometheusBuilder::new().install_recorder().context("Cannot count")?;
    let metrics: telegram::admin::Metrics = Arc::new(move || recorder.render());
    let capacity = Capacity::claim();
    let http = http(options.proxies, capacity);
    let (conversation, follow) = open(folder, &options.database).await?;
    let page = if options.web {
        let listener = http.bind(Role::Page, options.web_listen)?;
        log::info!("The page is at http://{}", listener.address()?);
        let (page, clock) = start_page(&conversation, capacity);
        let routes = page.routes();
        Some((tokio::spawn(page.serve(listener, routes, stop_signal())), clock))
    } else {
        None
    };
    let following = tokio::spawn(follow.run(None));
    let (clock, due) = start_clock(&conversation, telegram::CHANNEL, false);
    let running = telegram::BotOptions {
        webhook,
        admin_listen: options.health.admin_listen.0,
        admins: options.admins,
        per_second: options.sends_per_second,
        metrics,
        http,
    };
    let result = telegram::run(bot, conversation, due, running, stop_signal()).await;
    clock.abort();
    if let Some((serving, clock)) = page {
        clock.abort();
        // Stopped by the same signal, and within a few seconds, unless it is an error that ends us.
        if result.is_err() {
            serving.abort();
        }
        let _ = serving.await;
    }
    following.abort();
    result
}

/// How this process listens.
fn http(proxies: config::ProxyArgs, capacity: Capacity) -> Http {
    Http::new(TrustedProxies::new(proxies.trusted_proxies.0), capacity)
}

/// The page, and the clock of those who are on it.
fn start_page(conversation: &Arc<Conversation>, capacity: Capacity) -> (web::Web, JoinHandle<()>) {
    let page = web::Web::new(conversation.clone(), capacity.streams());
    let (clock, due) = start_clock(conversation, web::CHANNEL, true);
    let following = page.clone().follow(due);
    let clock = tokio::spawn(async move {
        tokio::select! {
            _ = clock => {}
            () = following => {}
        }
    });
    (page, clock)
}

async fn run_web(folder: Option<PathBuf>, options: config::WebArgs) -> anyhow::Result<()> {
    if options.studio {
        studio::check(options.listen)?;
    }
    let capacity = Capacity::claim();
    let listener = http(options.proxies, capacity).bind(Role::Page, options.listen)?;
    let address = listener.address()?;
    let (conversation, follow) = open(folder, &options.database).await?;
    let (page, clock) = start_page(&conversation, capacity);
    let (routes, following) = if options.studio {
        let (_, problems) = examine(&follow.source);
        let (say, content) = watch::channel(follow.content(Edit { before: None, problems }, 0).await);
        let window = Studio::new(page.clone(), content);
        print(&format!("The studio is at http://{address}/studio (Ctrl-C ends it)\n"))?;
        let routes = window.routes();
        tokio::spawn(window.follow());
        (routes, tokio::spawn(follow.run(Some(say))))
    } else {
        print(&format!("The page is at http://{address} (Ctrl-C ends it)\n"))?;
        (page.routes(), tokio::spawn(follow.run(None)))
    };
    page.serve(listener, routes, stop_signal()).await;
    clock.abort();
    following.abort();
    conversation.flush().await;
    Ok(())
}

/// Copies one database to another, with a bar in a terminal and a line a table elsewhere.
async fn copy(from: &str, to: &str) -> anyhow::Result<()> {
    let terminal = std::io::stderr().is_terminal();
    let bar = |table: &str, done: u64, total: u64| {
        const CELLS: u64 = 24;
        let full = (done * CELLS).checked_div(total).unwrap_or(CELLS);
        let cells: String = (0..CELLS).map(|cell| if cell < full { '\u{2588}' } else { '\u{2591}' }).collect();
        if terminal {
            let end = if done == total { "\n" } else { "" };
            eprint!("\r{table:<9} {cells} {done} / {total}{end}");
        }
    };
    for copied in store::copy(from, to, bar).await? {
        print(&format!(
            "{:<9} {:>9} rows, checksum {:08x} on both sides\n",
            copied.table, copied.rows, copied.checksum
        ))?;
    }
    Ok(())
}

/// Lets the clock speak to the people of one channel. `pages`: they have pages.
fn start_clock(
    conversation: &Arc<Conversation>,
    channel: &'static str,
    pages: bool,
) -> (JoinHandle<()>, mpsc::Receiver<OutboxMessage>) {
    let (say, due) = mpsc::channel(1);
    let conversation = conversation.clone();
    (tokio::spawn(async move { reminders::run(conversation, channel, pages, say).await }), due)
}

/// Completes on Ctrl-C and on SIGTERM, which is how services are stopped.
async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(signal) => signal,
        Err(error) => {
            log::warn!("Cannot listen for SIGTERM: {error}");
            let _ = tokio::signal::ctrl_c().await;
            return;
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
