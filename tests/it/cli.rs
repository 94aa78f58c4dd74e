//! The program from outside: help, plans, graphs, and one plain sentence for everything that can go wrong.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use crate::fake_telegram::{Fake, TOKEN};

fn simoff(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_simoff"))
        .args(arguments)
        .env_clear()
        .envs(environment.iter().copied())
        .current_dir(folder)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

/// Fails with exit code 1 and one sentence that holds `part`; no backtrace, no token.
fn assert_sentence(output: &Output, part: &str) {
    let error = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains(part), "{part:?} is not in {error:?}");
    assert!(error.starts_with("simoff: ") && error.trim_end().lines().count() == 1, "not one sentence: {error:?}");
    assert!(!error.contains(TOKEN) && !error.contains("panicked") && !error.contains("backtrace"), "{error}");
}

#[test]
fn what_goes_wrong_is_said_in_one_sentence() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::write(here.join("damaged.db"), "not a database at all ".repeat(100)).unwrap();
    let token = ("TELOXIDE_TOKEN", TOKEN);
    let nowhere = ("TELOXIDE_API_URL", "http://127.0.0.1:9");
    let telegram = ["telegram"];
    assert_sentence(&simoff(here, &telegram, &[]), "set TELOXIDE_TOKEN");
    assert_sentence(&simoff(here, &telegram, &[("TELOXIDE_TOKEN", " ")]), "set TELOXIDE_TOKEN");
    assert_sentence(
        &simoff(here, &telegram, &[token, ("TELOXIDE_API_URL", "nonsense")]),
        "TELOXIDE_API_URL is not an address",
    );
    // A bot goes on trying; a command of one call says so and ends.
    assert_sentence(&simoff(here, &["unhook"], &[token, nowhere]), "cannot be reached");
    assert_sentence(
        &simoff(here, &telegram, &[token, nowhere, ("DATABASE_URL", "sqlite:none/x.db")]),
        "does not exist",
    );
    assert_sentence(
        &simoff(here, &["chat"], &[("DATABASE_URL", "sqlite:damaged.db")]),
        "is not a database, or it is damaged",
    );
    assert_sentence(&simoff(here, &["chat"], &[("DATABASE_URL", "mysql://x")]), "must look like sqlite:PATH");
    assert_sentence(&simoff(here, &["chat"], &[("DATABASE_URL", "sqlite:/proc/simoff.db")]), "cannot be opened");
    let nowhere_file = ("DATABASE_URL_FILE", "none");
    assert_sentence(&simoff(here, &["chat"], &[nowhere_file]), "Cannot read the address of the database");
    assert_sentence(
        &simoff(here, &["telegram"], &[("TELOXIDE_TOKEN_FILE", "none")]),
        "Cannot read the token from none",
    );
    assert_sentence(
        &simoff(here, &["chat"], &[("DATABASE_URL", "postgres://u:s3cr3t@127.0.0.1:9/x")]),
        "the database server cannot be used",
    );
    let hook = ("SIMOFF_WEBHOOK_URL", "http://bot.example.org/x");
    assert_sentence(&simoff(here, &telegram, &[token, hook]), "must begin with https://");
    assert_sentence(
        &simoff(here, &telegram, &[token, ("SIMOFF_WEBHOOK_URL", "https://bot.example.org/x")]),
        "SIMOFF_WEBHOOK_SECRET must be",
    );
    assert_sentence(&simoff(here, &["health"], &[("SIMOFF_ADMIN_LISTEN", "127.0.0.1:9")]), "nothing answers at");
    assert_sentence(&simoff(here, &["backup", "x"], &[("DATABASE_URL", "sqlite:gone.db")]), "there is no database");
    assert_sentence(
        &simoff(here, &["store", "copy", "--from", "sqlite:a.db", "--to", "sqlite:a.db"], &[]),
        "that is one database",
    );
    assert_sentence(&simoff(here, &["translated"], &[]), "name the folder of the dialogues");
    assert_sentence(&simoff(here, &["chat", "--language", "tlh"], &[]), "there is no language `tlh`");
    assert_sentence(&simoff(here, &["chat", "--record", "none/x.txt"], &[]), "Cannot write the transcript");
    assert_sentence(&simoff(here, &["check", "--dialogues", "none"], &[]), "Cannot read the dialogues in none");
    assert_sentence(&simoff(here, &["plans", "operator"], &[]), "not of the form question=option");
    assert_sentence(&simoff(here, &["plans", "mood=good"], &[]), "there is no question `mood`");
    assert_sentence(&simoff(here, &["plans", "place=moon"], &[]), "has no option `moon`");
    fs::write(here.join(".env"), format!("TELOXIDE_TOKEN\n{TOKEN} = \"\n")).unwrap();
    assert_sentence(&simoff(here, &telegram, &[]), ".env has a line that is not NAME=value");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_said_without_showing_it() {
    let fake = Fake::start().await;
    let folder = tempfile::tempdir().unwrap();
    let wrong = TOKEN.replace("AAFake", "AAWrong");
    let (path, url) = (folder.path().to_owned(), fake.url.clone());
    let output = tokio::task::spawn_blocking(move || {
        let output = simoff(
            &path,
            &["telegram"],
            &[("TELOXIDE_TOKEN", &wrong), ("TELOXIDE_API_URL", &url), ("RUST_LOG", "trace")],
        );
        assert!(!String::from_utf8_lossy(&output.stderr).contains("AAWrong"), "the token is in the log");
        output
    });
    let error = String::from_utf8(output.await.unwrap().stderr).unwrap();
    assert!(error.contains("Telegram refuses the token. Check TELOXIDE_TOKEN"), "{error}");
}

#[test]
fn env_file_and_help() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(".env"), "DATABASE_URL=sqlite:from-env-file.db\n").unwrap();
    assert!(simoff(folder.path(), &["chat"], &[]).status.success());
    assert!(folder.path().join("from-env-file.db").exists());
    for arguments in
        [&["--help"][..], &["chat", "--help"], &["telegram", "--help"], &["plans", "--help"], &["graph", "--help"]]
    {
        let output = simoff(folder.path(), arguments, &[("TELOXIDE_TOKEN", TOKEN)]);
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && help.contains("Usage:") && !help.contains(TOKEN), "{help}");
    }
    // .env.example names every setting there is, and nothing else.
    let example = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example")).unwrap();
    let config = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/config.rs")).unwrap();
    let mut read: Vec<&str> = config.split("env = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut shown: Vec<&str> = example
        .lines()
        .filter_map(|line| line.trim_start_matches(['#', ' ']).split_once('='))
        .map(|(name, _)| name)
        .collect();
    for list in [&mut read, &mut shown] {
        list.sort_unstable();
        list.dedup();
    }
    assert_eq!(shown, read);
}

#[test]
fn plans_and_graphs_are_printed() {
    let folder = tempfile::tempdir().unwrap();
    let print = |arguments: &[&str]| {
        let output = simoff(folder.path(), arguments, &[]);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let plans = print(&["plans", "--language", "en", "operator=azercell", "holder=unreachable", "accounts=nothing"]);
    assert!(plans.contains("1 situations, 1 plans") && plans.contains("Stop topping up and let it lapse"), "{plans}");
    let mermaid = print(&["graph"]);
    assert!(
        mermaid.starts_with("flowchart TD") && mermaid.contains("[[plan]]") && mermaid.contains("|proven|"),
        "{mermaid}"
    );
    let dot = print(&["graph", "--format", "dot"]);
    assert!(dot.starts_with("digraph") && dot.trim_end().ends_with('}'), "{dot}");
}
