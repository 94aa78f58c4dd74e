//! The situation x plan table, committed so that a change of the content shows which plans it changes. `UPDATE=1` blesses.
//!
//! Thousands of plans are not read by anybody. They are made of three parts that do not touch each other: the road (who
//! cancels, where and how), the card (its state, and what kind it is), and the accounts on it. Each part is one table,
//! with the other two held still; that no step depends on two parts is proven here, so the tables leave nothing out.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use simoff::dialogues::plans::{only, table};

use crate::talk::dialogue;

const ROAD: [&str; 6] = ["operator", "holder", "place", "leaving", "way", "helper"];
const CARD: [&str; 4] = ["status", "balance", "bundled", "sim"];
const ACCOUNTS: [&str; 2] = ["accounts", "receives"];
const RESULT: [&str; 1] = ["result"];

#[test]
fn no_step_depends_on_two_parts() {
    let graph = &dialogue().graph;
    let parts: [&[&str]; 4] = [&ROAD, &CARD, &ACCOUNTS, &RESULT];
    for step in &graph.steps {
        let questions: Vec<&str> =
            step.when.questions().map(|question| graph.questions[question].id.name.as_str()).collect();
        let within = |part: &&[&str]| questions.iter().all(|question| part.contains(question));
        assert!(parts.iter().any(within), "{} depends on {questions:?}", step.id.name);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "blessing is asked for by the environment, as is usual for test tools")]
fn the_table_of_plans_is_as_it_was_read() {
    let dialogue = dialogue();
    let still = [
        "status=kept,- balance=settled,- bundled=plain,- sim=card,-",
        "operator=azercell holder=me place=in_country leaving=later way=store",
        "accounts=nothing",
    ];
    let mut text = String::new();
    for (title, filters) in [
        ("The road: who cancels, where and how", [still[0], still[2]].join(" ")),
        ("The card: its state, and what kind it is", [still[1], still[2]].join(" ")),
        ("The accounts on it", [still[0], still[1]].join(" ")),
        ("What came of it", [still[0], still[1], still[2], "result=proven,refused,waiting"].join(" ")),
    ] {
        let only: Vec<_> = filters.split(' ').map(|filter| only(&dialogue.graph, filter).unwrap()).collect();
        let _ = writeln!(text, "# {title}\n# simoff plans {filters}\n");
        text += &table(dialogue, "zh-Hans", &only);
        text.push('\n');
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/plans.txt");
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(&file, &text).unwrap();
    }
    let old = fs::read_to_string(&file).expect("the snapshot is there; UPDATE=1 writes it");
    let differs = old.lines().zip(text.lines()).position(|(old, new)| old != new);
    assert!(old == text, "the plans differ from line {differs:?} on; read them, then UPDATE=1 accepts them");
}

/// The picture in the README: `cargo run -- graph --format svg > docs/graph.svg`.
#[test]
fn the_picture_of_the_machine_is_up_to_date() {
    let machine = simoff::dialogues::machine::Machine::of(&dialogue().graph);
    let there = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/graph.svg")).unwrap();
    assert_eq!(machine.svg(None, false), there, "cargo run -- graph --format svg > docs/graph.svg");
}
