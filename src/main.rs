//! Parses the settings, runs one command, prints one error.

mod cli;
mod config;
mod reload;
mod serve;

use std::process::ExitCode;

use anyhow::bail;
use clap::Parser;
use config::{Command, Config, StoreCommand};
use log::LevelFilter;
use serve::block_on;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
        Command::Check(options) => return cli::check(folder.as_deref(), options.release),
        Command::Facts => cli::print_facts(folder.as_deref())?,
        Command::Translated(options) => cli::note_translated(folder.as_deref(), &options.languages)?,
        Command::Plans(options) => cli::print_plans(folder.as_deref(), &options)?,
        Command::Graph(options) => cli::print_graph(folder.as_deref(), options.format)?,
        Command::Chat(options) => block_on(serve::run_chat(folder, options))?,
        Command::Web(options) => block_on(serve::run_web(folder, options))?,
        Command::Telegram(options) => block_on(serve::run_telegram(folder, *options))?,
        Command::Health(options) => block_on(cli::health(options))?,
        Command::Backup(options) => block_on(cli::backup(&options.database, &options.to))?,
        Command::Store(StoreCommand::Copy(options)) => {
            block_on(cli::copy_store(options.from.reveal(), options.to.reveal()))?;
        }
        Command::Unhook(account) => block_on(serve::unhook(account))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads `.env`, where there is one. The environment takes precedence.
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
