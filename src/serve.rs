//! The commands that serve: a talk in the terminal, the page, the bot. Each is built from the settings and then run until it
//! is stopped.

use std::future::Future;
use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use jiff::Timestamp;
use metrics_exporter_prometheus::PrometheusBuilder;
use simoff::channel::http::{Capacity, Http, Role, TrustedProxies};
use simoff::channel::{telegram, terminal, web};
use simoff::conversation::Conversation;
use simoff::reminders;
use simoff::store::Store;
use simoff::studio::{self, Studio};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cli::print;
use crate::config::{self, Secret};
use crate::reload::{Reloader, load_source, sound_dialogue};

/// The runtime of everything that waits.
pub fn block_on<T>(task: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.context("Cannot start the runtime")?.block_on(task)
}

/// Opens the content and the database.
async fn open(
    folder: Option<PathBuf>,
    database: &config::DatabaseArgs,
) -> anyhow::Result<(Arc<Conversation>, Reloader)> {
    let source = load_source(folder.as_deref())?;
    let dialogue = sound_dialogue(&source)?;
    let store = Store::open(database.url()?.reveal()).await?;
    let conversation = Arc::new(Conversation::new(dialogue, store));
    conversation.begin_sweeping(Timestamp::now()).await?;
    // One for all channels; it ends with the program.
    tokio::spawn(reminders::sweep(conversation.clone()));
    Ok((conversation.clone(), Reloader::new(folder, source, conversation)))
}

/// Talks in the terminal.
pub async fn run_chat(folder: Option<PathBuf>, options: config::ChatArgs) -> anyhow::Result<()> {
    let (conversation, mut reloader) = open(folder, &options.database).await?;
    let languages = &conversation.dialogue().graph.languages;
    if let Some(language) = options.language.as_ref().filter(|language| !languages.contains(language)) {
        bail!("there is no language `{language}`. There are: {}", languages.join(", "));
    }
    let talk = terminal::ChatOptions {
        language: options.language,
        record: options.record.as_deref(),
        colour: std::io::stdout().is_terminal() && !options.no_color,
        reload: &mut || reloader.check().is_some_and(|edit| edit.before.is_some()),
    };
    terminal::run(conversation, talk).await
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

/// Where Telegram calls the bot, if it does not poll.
fn webhook(options: &config::TelegramArgs) -> anyhow::Result<Option<telegram::Webhook>> {
    let Some(url) = options.webhook_url.clone() else { return Ok(None) };
    let (value, file) = (options.webhook_secret.clone(), options.webhook_secret_file.clone());
    let secret = secret(value, file, "the secret of the webhook")?;
    let secret = secret.map_or_else(String::new, |secret| secret.reveal().to_owned());
    let webhook = telegram::Webhook { url, secret, listen: options.listen };
    webhook.check(options.account.api_url.starts_with(telegram::API_URL))?;
    Ok(Some(webhook))
}

/// Runs the bot on Telegram, and the page beside it where the settings say so.
pub async fn run_telegram(folder: Option<PathBuf>, options: config::TelegramArgs) -> anyhow::Result<()> {
    let webhook = webhook(&options)?;
    let bot = bot(options.account)?;
    let recorder = PrometheusBuilder::new().install_recorder().context("Cannot record metrics")?;
    let metrics: telegram::admin::Metrics = Arc::new(move || recorder.render());
    let capacity = Capacity::claim();
    let http = http(options.proxies, capacity);
    let (conversation, reloader) = open(folder, &options.database).await?;
    let page = if options.web {
        let listener = http.bind(Role::Page, options.web_listen)?;
        log::info!("The page is at http://{}", listener.address()?);
        let (page, reminders) = start_page(&conversation, capacity);
        let routes = page.routes();
        Some((tokio::spawn(page.serve(listener, routes, stop_signal())), reminders))
    } else {
        None
    };
    let reloading = tokio::spawn(reloader.run(None));
    let bot_options = telegram::BotOptions {
        webhook,
        admin_listen: options.health.admin_listen.0,
        admins: options.admins,
        per_second: options.sends_per_second,
        metrics,
        http,
    };
    let result = telegram::run(bot, conversation, bot_options, stop_signal()).await;
    if let Some((serving, reminders)) = page {
        reminders.abort();
        // The same signal stops it within a few seconds, unless an error ends the bot.
        if result.is_err() {
            serving.abort();
        }
        let _ = serving.await;
    }
    reloading.abort();
    result
}

/// Removes the webhook, so that the bot can poll.
pub async fn unhook(account: config::AccountArgs) -> anyhow::Result<()> {
    print(&format!("{}\n", telegram::unhook(&bot(account)?).await?))
}

/// The listeners' common settings.
fn http(proxies: config::ProxyArgs, capacity: Capacity) -> Http {
    Http::new(TrustedProxies::new(proxies.trusted_proxies.0), capacity)
}

/// The page, and the task that tells it of reminders.
fn start_page(conversation: &Arc<Conversation>, capacity: Capacity) -> (web::Web, JoinHandle<()>) {
    let page = web::Web::new(conversation.clone(), capacity.streams());
    let reminders = tokio::spawn(page.clone().announce_reminders());
    (page, reminders)
}

/// Serves the page, or the studio around it.
pub async fn run_web(folder: Option<PathBuf>, options: config::WebArgs) -> anyhow::Result<()> {
    if options.studio {
        studio::check(options.listen)?;
    }
    let capacity = Capacity::claim();
    let listener = http(options.proxies, capacity).bind(Role::Page, options.listen)?;
    let address = listener.address()?;
    let (conversation, reloader) = open(folder, &options.database).await?;
    let (page, reminders) = start_page(&conversation, capacity);
    let (routes, reloading) = if options.studio {
        let (say, status) = watch::channel(reloader.first_status().await);
        let studio = Studio::new(&page, status);
        print(&format!("The studio is at http://{address}/studio (Ctrl-C ends it)\n"))?;
        let routes = studio.routes();
        tokio::spawn(studio.follow());
        (routes, tokio::spawn(reloader.run(Some(say))))
    } else {
        print(&format!("The page is at http://{address} (Ctrl-C ends it)\n"))?;
        (page.routes(), tokio::spawn(reloader.run(None)))
    };
    page.serve(listener, routes, stop_signal()).await;
    reminders.abort();
    reloading.abort();
    conversation.store().flush().await;
    Ok(())
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
