//! Every setting, from the command line, the environment and `.env`, in that order. Read once, in `main`.

use std::fmt;
use std::io;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use anyhow::Context;
use clap::builder::{FalseyValueParser, NonEmptyStringValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use ipnet::IpNet;

/// A value that must not be shown: the bot's token, an address with a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value itself, or what a file holds; `None` when neither is given, or it is empty.
    pub fn or_file(value: Option<Secret>, file: Option<&Path>) -> io::Result<Option<Secret>> {
        let value = value.filter(|value| !value.is_empty());
        match (value, file) {
            (None, Some(file)) => {
                let text = std::fs::read_to_string(file)?;
                Ok(Some(Secret(text.trim().to_owned())).filter(|value| !value.is_empty()))
            }
            (value, _) => Ok(value),
        }
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.trim().to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Walks a person through giving up an Azerbaijani number-retention SIM.
#[derive(Debug, Parser)]
#[command(
    name = "simoff",
    version,
    after_help = "\
Examples:
  simoff chat                                    talk in this terminal, in Chinese
  simoff chat --language en --record talk.txt    talk in English and write it down
  simoff web                                     the same talk on a page: http://127.0.0.1:8080
  TELOXIDE_TOKEN=123:abc simoff telegram         run the bot on Telegram
  simoff check --dialogues my-dialogues          check an edited copy of the dialogues
  simoff facts                                   see which facts must be read again
  simoff translated en --dialogues dialogues     note that the English is up to date
  simoff plans operator=azercell place=abroad    read the plans of these situations"
)]
pub struct Config {
    #[command(subcommand)]
    pub command: Command,

    #[command(flatten)]
    pub common: CommonArgs,
}

/// Settings of every subcommand.
#[derive(Debug, Args)]
pub struct CommonArgs {
    /// A folder of dialogues laid over the built-in ones, file by file; reloaded when it changes
    #[arg(long, value_name = "DIR", env = "SIMOFF_DIALOGUES", global = true)]
    pub dialogues: Option<PathBuf>,

    /// What to log to standard error: error, warn, info, debug, or per module
    #[arg(long, value_name = "FILTER", env = "RUST_LOG", global = true)]
    pub log: Option<String>,
}

/// Where the talks are kept.
#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// The database: sqlite:PATH, created when missing, or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL", env = "DATABASE_URL", hide_env_values = true, default_value = "sqlite:simoff.db")]
    pub database_url: Secret,

    /// A file that holds the database's address, which may hold a password
    #[arg(long, value_name = "FILE", env = "DATABASE_URL_FILE")]
    pub database_url_file: Option<PathBuf>,
}

impl DatabaseArgs {
    /// The address; what a file holds counts more.
    pub fn url(&self) -> anyhow::Result<Secret> {
        let from_file = Secret::or_file(None, self.database_url_file.as_deref());
        let from_file = from_file.context("Cannot read the address of the database from DATABASE_URL_FILE")?;
        Ok(from_file.unwrap_or_else(|| self.database_url.clone()))
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Talk in this terminal, or through a pipe, one input a line
    Chat(ChatArgs),
    /// Talk on a web page, or show authors what they write
    Web(WebArgs),
    /// Run the bot on Telegram, by long polling or by webhook
    Telegram(Box<TelegramArgs>),
    /// Remove the webhook, so that the bot can poll again; updates that wait are kept
    Unhook(AccountArgs),
    /// Ask a running bot whether it is alive, at SIMOFF_ADMIN_LISTEN
    Health(HealthArgs),
    /// Copy the database to a new file, while the bot may be running
    Backup(BackupArgs),
    /// Move everything to another database
    #[command(subcommand)]
    Store(StoreCommand),
    /// Check the dialogues and report every problem with file and line
    Check(CheckArgs),
    /// Print all facts by age, the ones to read again first
    Facts,
    /// Note that the translations were read against their source lines, in DIR/translations.toml
    Translated(TranslatedArgs),
    /// Print which situations lead to which plans
    Plans(PlansArgs),
    /// Print the state machine that the guards amount to
    Graph(GraphArgs),
}

#[derive(Debug, Args)]
pub struct ChatArgs {
    /// The language to begin in: zh-Hans, en, ru or az
    #[arg(long, value_name = "TAG", env = "SIMOFF_LANGUAGE")]
    pub language: Option<String>,

    /// Write the talk down as a transcript that the tests can replay
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// No colours, also in a terminal
    #[arg(long, env = "NO_COLOR", value_parser = FalseyValueParser::new())]
    pub no_color: bool,

    #[command(flatten)]
    pub database: DatabaseArgs,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  simoff web                                     the page, for you alone: open http://127.0.0.1:8080
  simoff web --listen 0.0.0.0:8080               for others too; put a proxy that speaks TLS before it
  simoff web --studio --dialogues dialogues      the page beside all that the engine knows, live as you edit")]
pub struct WebArgs {
    /// Where the page is
    #[arg(long, value_name = "ADDRESS:PORT", env = "SIMOFF_WEB_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// Beside the page, show authors what the engine knows, every screen, the plans and the facts. For this machine only
    #[arg(long)]
    pub studio: bool,

    #[command(flatten)]
    pub proxies: ProxyArgs,

    #[command(flatten)]
    pub database: DatabaseArgs,
}

#[derive(Debug, Args)]
pub struct TelegramArgs {
    #[command(flatten)]
    pub account: AccountArgs,

    /// Be called by Telegram at this address instead of polling; its path is the path that is listened on
    #[arg(long, value_name = "URL", env = "SIMOFF_WEBHOOK_URL", value_parser = NonEmptyStringValueParser::new())]
    pub webhook_url: Option<String>,

    /// What Telegram repeats with each update, so that nobody else can bring one
    #[arg(long, value_name = "SECRET", env = "SIMOFF_WEBHOOK_SECRET", hide_env_values = true)]
    pub webhook_secret: Option<Secret>,

    /// A file that holds the secret
    #[arg(long, value_name = "FILE", env = "SIMOFF_WEBHOOK_SECRET_FILE")]
    pub webhook_secret_file: Option<PathBuf>,

    /// Where to listen for updates, when there is a webhook
    #[arg(long, value_name = "ADDRESS:PORT", env = "SIMOFF_LISTEN", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,

    /// Have the talk on a web page too
    #[arg(long, env = "SIMOFF_WEB", value_parser = FalseyValueParser::new())]
    pub web: bool,

    /// Where the page is, when there is one
    #[arg(long, value_name = "ADDRESS:PORT", env = "SIMOFF_WEB_LISTEN", default_value = "127.0.0.1:8080")]
    pub web_listen: SocketAddr,

    #[command(flatten)]
    pub proxies: ProxyArgs,

    #[command(flatten)]
    pub health: HealthArgs,

    /// The numbers of those on Telegram who may use /stats and /announce, separated by commas
    #[arg(long, value_name = "NUMBERS", env = "SIMOFF_ADMINS", value_delimiter = ',')]
    pub admins: Vec<i64>,

    /// How many messages may leave in a second. More than 30 are paid for in Stars (Telegram's paid broadcasts), and more than
    /// 1000 nobody grants but a Bot API server of your own
    #[arg(long, value_name = "NUMBER", env = "SIMOFF_SENDS_PER_SECOND", default_value_t = 30,
          value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub sends_per_second: u32,

    #[command(flatten)]
    pub database: DatabaseArgs,
}

/// Who stands between this program and those who ask.
#[derive(Debug, Args)]
pub struct ProxyArgs {
    /// The proxies that are believed about who asks (X-Forwarded-For, X-Forwarded-Proto): addresses or networks like
    /// 10.0.0.0/24, separated by commas, or `off`
    #[arg(long, value_name = "NETWORKS", env = "SIMOFF_TRUSTED_PROXIES", default_value = "127.0.0.0/8,::1")]
    pub trusted_proxies: Networks,
}

/// Where a running bot answers those who watch it.
#[derive(Debug, Args)]
pub struct HealthArgs {
    /// Where /healthz, /readyz and /metrics are, or `off`
    #[arg(long, value_name = "ADDRESS:PORT", env = "SIMOFF_ADMIN_LISTEN", default_value = "127.0.0.1:9464")]
    pub admin_listen: Switchable,
}

#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The new file
    #[arg(value_name = "FILE")]
    pub to: PathBuf,

    #[command(flatten)]
    pub database: DatabaseArgs,
}

#[derive(Debug, Subcommand)]
pub enum StoreCommand {
    /// Copy everything to another database and compare both; may be run again
    Copy(CopyArgs),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  simoff store copy --from sqlite:simoff.db --to postgres://simoff@db/simoff

Run it once while the bot runs, to see that it works and how long it takes. Then stop the bot, run it again, and start
the bot with DATABASE_URL set to the new database.")]
pub struct CopyArgs {
    /// The database that is read
    #[arg(long, value_name = "URL")]
    pub from: Secret,

    /// The database that is written: empty, or left by an earlier copy
    #[arg(long, value_name = "URL")]
    pub to: Secret,
}

/// Whose bot it is.
#[derive(Debug, Args)]
pub struct AccountArgs {
    /// The bot's token, from @BotFather
    #[arg(long, value_name = "TOKEN", env = "TELOXIDE_TOKEN", hide_env_values = true)]
    pub token: Option<Secret>,

    /// A file that holds the token
    #[arg(long, value_name = "FILE", env = "TELOXIDE_TOKEN_FILE")]
    pub token_file: Option<PathBuf>,

    /// The Bot API server
    #[arg(long, value_name = "URL", env = "TELOXIDE_API_URL", default_value = "https://api.telegram.org")]
    pub api_url: String,
}

/// An address, or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Switchable(pub Option<SocketAddr>);

impl FromStr for Switchable {
    type Err = AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" { Ok(Self(None)) } else { text.parse().map(|address| Self(Some(address))) }
    }
}

/// A list of networks, or `off` for none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Networks(pub Vec<IpNet>);

/// Something in a list of networks that is none.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is neither an IP address nor a network like 10.0.0.0/24")]
pub struct NotANetwork(String);

impl FromStr for Networks {
    type Err = NotANetwork;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" {
            return Ok(Self(Vec::new()));
        }
        let network = |entry: &str| {
            let entry = entry.trim();
            let address = || entry.parse::<IpAddr>().map(IpNet::from);
            entry.parse().or_else(|_| address()).map_err(|_| NotANetwork(entry.to_owned()))
        };
        text.split(',').map(network).collect::<Result<_, _>>().map(Self)
    }
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Warnings are errors: nothing stale is released
    #[arg(long)]
    pub release: bool,
}

#[derive(Debug, Args)]
pub struct TranslatedArgs {
    /// Only these languages, for example ru az
    #[arg(value_name = "TAG")]
    pub languages: Vec<String>,
}

#[derive(Debug, Args)]
pub struct PlansArgs {
    /// Only situations with these answers, for example operator=azercell place=abroad. A comma means "or", and `-` that
    /// the question is not asked: status=kept,-
    #[arg(value_name = "QUESTION=OPTION")]
    pub only: Vec<String>,

    /// The language of the steps
    #[arg(long, value_name = "TAG", env = "SIMOFF_LANGUAGE")]
    pub language: Option<String>,
}

#[derive(Debug, Args)]
pub struct GraphArgs {
    /// The notation
    #[arg(long, value_enum, default_value = "mermaid")]
    pub format: GraphFormat,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum GraphFormat {
    /// For Markdown pages
    Mermaid,
    /// For Graphviz
    Dot,
    /// A picture
    Svg,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trusted_proxies_are_addresses_and_networks() {
        let read = |text: &str| text.parse::<Networks>().map(|networks| networks.0);
        let count = |text: &str| read(text).unwrap().len();
        assert_eq!((count("127.0.0.0/8,::1"), count(" 10.0.0.7 , fd00::/8"), count("off")), (2, 2, 0));
        assert!(read("10.0.0.7").unwrap()[0].contains(&"10.0.0.7".parse::<IpAddr>().unwrap()));
        for wrong in ["", "proxy", "10.0.0.0/33", "10.0.0.1,", "10.0.0.1:80", "all"] {
            let error = read(wrong).unwrap_err().to_string();
            assert!(error.contains("is neither an IP address nor a network like"), "{wrong}: {error}");
        }
    }
}
