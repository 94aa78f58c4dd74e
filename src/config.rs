//! Every setting, from the command line, the environment and `.env`, in that order. Read once, in `main`.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::FalseyValueParser;
use clap::{Args, Parser, Subcommand, ValueEnum};

/// A value that must not be shown: the bot's token.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The value, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
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
    pub common: Common,
}

/// Settings of every subcommand.
#[derive(Debug, Args)]
pub struct Common {
    /// A folder of dialogues laid over the built-in ones, file by file; reloaded when it changes
    #[arg(long, value_name = "DIR", env = "SIMOFF_DIALOGUES", global = true)]
    pub dialogues: Option<PathBuf>,

    /// What to log to standard error: error, warn, info, debug, or per module
    #[arg(long, value_name = "FILTER", env = "RUST_LOG", global = true)]
    pub log: Option<String>,
}

/// Where the talks are kept.
#[derive(Debug, Args)]
pub struct Database {
    /// The database, created when missing
    #[arg(long, value_name = "URL", env = "DATABASE_URL", default_value = "sqlite:simoff.db", hide_env_values = true)]
    pub database_url: String,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Talk in this terminal, or through a pipe, one input a line
    Chat(Chat),
    /// Run the bot on Telegram, by long polling
    Telegram(Telegram),
    /// Check the dialogues and report every problem with file and line
    Check(Check),
    /// Print all facts by age, the ones to read again first
    Facts,
    /// Note that the translations were read against their source lines, in DIR/translations.toml
    Translated(Translated),
    /// Print which situations lead to which plans
    Plans(Plans),
    /// Print the state machine that the guards amount to
    Graph(Graph),
}

#[derive(Debug, Args)]
pub struct Chat {
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
    pub database: Database,
}

#[derive(Debug, Args)]
pub struct Telegram {
    /// The bot's token, from @BotFather
    #[arg(long, value_name = "TOKEN", env = "TELOXIDE_TOKEN", hide_env_values = true)]
    pub token: Option<Secret>,

    /// The Bot API server
    #[arg(long, value_name = "URL", env = "TELOXIDE_API_URL", default_value = "https://api.telegram.org")]
    pub api_url: String,

    #[command(flatten)]
    pub database: Database,
}

#[derive(Debug, Args)]
pub struct Check {
    /// Warnings are errors: nothing stale is released
    #[arg(long)]
    pub release: bool,
}

#[derive(Debug, Args)]
pub struct Translated {
    /// Only these languages, for example ru az
    #[arg(value_name = "TAG")]
    pub languages: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Plans {
    /// Only situations with these answers, for example operator=azercell place=abroad. A comma means "or", and `-` that
    /// the question is not asked: status=kept,-
    #[arg(value_name = "QUESTION=OPTION")]
    pub only: Vec<String>,

    /// The language of the steps
    #[arg(long, value_name = "TAG", env = "SIMOFF_LANGUAGE")]
    pub language: Option<String>,
}

#[derive(Debug, Args)]
pub struct Graph {
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
    /// A picture; needs Graphviz (`dot`) to be installed
    Svg,
}
