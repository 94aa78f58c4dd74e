//! The rules of the code base, as tests: which module may import which, and what belongs in none.

use std::fs;
use std::path::{Path, PathBuf};

/// A module may import those before it, never one after it.
const ORDER: [&str; 12] = [
    "dialogues",
    "engine",
    "render|store",
    "conversation",
    "reminders",
    "channel",
    "studio",
    "config",
    "reload",
    "cli",
    "serve",
    "main",
];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push((path, text));
            }
        }
    }
    files.sort();
    files
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|place| place.split('|').any(|name| name == module))
}

/// The module of a file: the first part of its path below `src`.
fn module(path: &Path) -> String {
    let below = path.strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap();
    below.iter().next().unwrap().to_string_lossy().trim_end_matches(".rs").to_owned()
}

/// The modules that a file names: after `crate::` or `simoff::`, also within braces.
fn named_modules(text: &str) -> Vec<String> {
    let mut modules = Vec::new();
    for start in ["crate::", "simoff::"] {
        for (at, _) in text.match_indices(start) {
            let rest = &text[at + start.len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap_or("").split(',').map(str::trim).collect(),
                None => vec![rest],
            };
            for name in names {
                modules.push(name.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect());
            }
        }
    }
    modules
}

#[test]
fn modules_know_only_what_is_to_their_left() {
    for (path, text) in sources("src") {
        let here = module(&path);
        if here == "lib" {
            continue;
        }
        for there in named_modules(&text) {
            let (Some(mine), Some(theirs)) = (rank(&here), rank(&there)) else {
                panic!("{}: `{there}` or `{here}` is not a module on the map", path.display());
            };
            assert!(there == here || theirs < mine, "{}: {here} must not know {there}", path.display());
        }
    }
}

#[test]
fn the_engine_knows_neither_texts_nor_clock() {
    for (path, text) in sources("src") {
        let here = module(&path);
        let code = text.split("#[cfg(test)]").next().unwrap();
        if here == "engine" {
            for word in ["texts", "now()", "async ", "std::fs", "std::env"] {
                assert!(!code.contains(word), "{}: the engine must not mention {word}", path.display());
            }
        }
        if !["channel", "reminders", "studio", "reload", "serve", "cli", "main"].contains(&here.as_str()) {
            assert!(!code.contains("::now()"), "{}: the time is handed down, never asked for", path.display());
        }
        if here != "store" {
            for word in ["SELECT ", "INSERT INTO", "DELETE FROM", "sqlx::", "rusqlite::"] {
                assert!(!code.contains(word), "{}: SQL lives in the store", path.display());
            }
        }
    }
}

#[test]
fn no_sentence_and_no_number_of_an_operator_lives_in_the_code() {
    let facts =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("dialogues/deregister/facts.toml")).unwrap();
    let values: Vec<&str> =
        facts.lines().filter_map(|line| line.strip_prefix("value = \"")?.strip_suffix('"')).collect();
    assert!(values.len() > 30, "the facts were found");
    for (path, text) in sources("src") {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            let comment = line.trim_start().starts_with("//");
            let chinese = line.chars().any(|letter| ('\u{4E00}'..='\u{9FFF}').contains(&letter));
            assert!(comment || !chinese, "{}:{}: a sentence for people", path.display(), number + 1);
            for value in values.iter().filter(|value| value.len() > 3) {
                assert!(
                    comment || !line.contains(&format!("\"{value}\"")),
                    "{}:{}: a fact",
                    path.display(),
                    number + 1
                );
            }
        }
    }
}

#[test]
fn modules_have_honest_names_and_reasons_for_exceptions() {
    for (path, text) in sources("src").into_iter().chain(sources("tests")) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for vague in ["utils", "util", "helpers", "types", "errors", "models", "prelude", "misc", "common"] {
            assert_ne!(name, vague, "{}", path.display());
        }
        let bare =
            ["#[allow", "#![allow"].iter().any(|bare| text.lines().any(|line| line.trim_start().starts_with(bare)));
        assert!(!bare, "{}: use #[expect(…, reason = …)]", path.display());
    }
}

#[test]
fn the_tests_that_the_security_review_names_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let review = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let code: String = sources("src").into_iter().chain(sources("tests")).map(|(_, text)| text).collect();
    let named =
        review.split('`').skip(1).step_by(2).filter(|name| name.matches('_').count() > 2 && !name.contains(['/', '…']));
    let named: Vec<&str> =
        named.filter(|name| name.chars().all(|letter| letter.is_ascii_lowercase() || letter == '_')).collect();
    assert!(named.len() > 12, "{named:?}");
    for name in named {
        assert!(code.contains(&format!("fn {name}(")), "{name} does not exist");
    }
}
