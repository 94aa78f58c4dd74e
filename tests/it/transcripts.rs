//! Golden talks: `tests/transcripts/<dialogue>/<case>.txt`, as `simoff chat --record` writes them. `UPDATE=1` blesses.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use simoff::channel::terminal::{Talk, quoted};
use simoff::conversation::Conversation;
use simoff::dialogues::{Source, load};
use simoff::store::Store;

fn transcripts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcripts/deregister");
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Plays a transcript again and writes down what the bot says now.
async fn replay(text: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&format!("sqlite:{}", folder.path().join("t.db").display())).await.unwrap();
    let dialogue = load(&Source::embedded(), "2026-11-23".parse().unwrap()).dialogue.unwrap();
    let conversation = Arc::new(Conversation::new(dialogue, store));
    let language = text.lines().find_map(|line| line.strip_prefix("# language: ")).map(str::to_owned);
    let mut talk = Talk::new(conversation, language, false, folder.path().to_owned());
    let mut now: Timestamp = "2026-11-23T09:00:00Z".parse().unwrap();
    let (mut out, mut opened) = (String::new(), false);
    for line in text.lines() {
        if line.starts_with('#') {
            out += &format!("{line}\n");
        } else if let Some(time) = line.strip_prefix("@ ") {
            now = time.parse().unwrap();
            out += &format!("\n@ {time}\n");
        }
        if let Some(said) = line.strip_prefix("> ") {
            let answer = talk.line(said, now).await.unwrap();
            out += &format!("\n> {said}\n{}\n", quoted(&answer));
        } else if line.starts_with('<') && !opened {
            out += &format!("{}\n", quoted(&talk.open(now).await.unwrap()));
        }
        opened |= line.starts_with('<') || line.starts_with('>');
    }
    out
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "blessing is asked for by the environment, as is usual for test tools")]
async fn golden_talks_are_as_they_were() {
    let files = transcripts();
    assert!(files.len() >= 6, "the transcripts are there");
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let now = replay(&text).await;
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&file, now).unwrap();
            continue;
        }
        if now != text {
            let first = text.lines().zip(now.lines()).enumerate().find(|(_, (old, new))| old != new);
            panic!("{} differs at line {:?}; UPDATE=1 accepts the new one", file.display(), first);
        }
    }
}

#[tokio::test]
async fn a_recording_replays_to_itself() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("talk.txt");
    let typed = "我的 Azercell 卡欠费了\n1\n余额能退吗\nazercel\n是\n/hotline\n";
    crate::people::chat(&["--record", file.to_str().unwrap()], folder.path(), typed);
    let recorded = fs::read_to_string(&file).unwrap();
    assert!(recorded.contains("> 余额能退吗") && recorded.contains("\n< "), "{recorded}");
    assert_eq!(replay(&recorded).await, recorded);
}
