//! What each module costs by itself: `cargo bench --bench modules`. Prints times and allocations, asserts none.
//!
//! `-- fold` and the like: only what has this in its name.

use std::sync::OnceLock;

use divan::{AllocProfiler, Bencher, black_box};
use jiff::Timestamp;
use serde_json::json;
use simoff::channel::telegram::parse::{Update, read_update};
use simoff::conversation::{Conversation, IncomingMessage, Payload, Priority};
use simoff::dialogues::texts::ZONE_GUESS;
use simoff::dialogues::{Dialogue, Source, load};
use simoff::engine::reply::{Reply, View};
use simoff::engine::session::Session;
use simoff::engine::{Input, Press, Show, StepContext, step};
use simoff::render::screen;
use simoff::store::{SessionChange, Store, Turn};
use tokio::runtime::Runtime;

#[global_allocator]
static ALLOCATIONS: AllocProfiler = AllocProfiler::system();

fn main() {
    divan::main();
}

fn now() -> Timestamp {
    Timestamp::from_second(1_795_400_000).expect("a time")
}

fn read_content() -> Dialogue {
    load(&Source::embedded(), jiff::civil::date(2026, 11, 23)).dialogue.expect("the dialogue is sound")
}

fn dialogue() -> &'static Dialogue {
    static DIALOGUE: OnceLock<Dialogue> = OnceLock::new();
    DIALOGUE.get_or_init(read_content)
}

fn known(dialogue: &Dialogue) -> StepContext<'_> {
    let lexicons = ["en", "zh-Hans", "az", "ru"].map(|tag| dialogue.lexicon(tag)).into();
    StepContext { graph: &dialogue.graph, lexicons, zone_guess: dialogue.texts.get("en", ZONE_GUESS), chance: [7; 10] }
}

/// Somebody who has answered everything with the first option.
fn at_the_plan() -> Session {
    let mut session = Session::default();
    while let Some(question) = session.situation(&dialogue().graph).next {
        session.set_answer(&dialogue().graph.questions[question], 1);
    }
    session
}

/// The button of the first option of the first question.
fn first_tap() -> Press {
    let question = &dialogue().graph.questions[0];
    let option = question.options[0].name.clone();
    Press::Answer { question: question.id.name.clone(), option, seen: Session::default().fingerprint() }
}

/// What a start costs before anything can be said.
#[divan::bench]
fn content_is_read() -> Dialogue {
    read_content()
}

/// Where somebody stands.
#[divan::bench]
fn fold(bencher: Bencher) {
    let session = at_the_plan();
    bencher.bench_local(|| black_box(&session).situation(&dialogue().graph));
}

#[divan::bench]
fn step_of_a_tap(bencher: Bencher) {
    let (known, input) = (known(dialogue()), Input::Pressed(first_tap()));
    bencher.with_inputs(Session::default).bench_local_values(|session| step(&known, session, &input, now()));
}

#[divan::bench(args = ["azercell", "my grandmother has the card", "保号卡在我妈名下，欠费了"])]
fn step_of_words(bencher: Bencher, words: &str) {
    let (known, input) = (known(dialogue()), Input::Text(words.into()));
    bencher.with_inputs(Session::default).bench_local_values(|session| step(&known, session, &input, now()));
}

#[divan::bench(args = ["question", "plan", "papers", "contacts"])]
fn render(bencher: Bencher, view: &str) {
    let view = match view {
        "question" => View::Question(0),
        "plan" => View::Plan,
        "papers" => View::Papers,
        _ => View::Contacts,
    };
    let (session, reply) = (at_the_plan(), Reply { notes: Vec::new(), view });
    bencher.bench_local(|| screen(dialogue(), "zh-Hans", &session, &reply, now()));
}

/// From the bytes of a tap to what the conversation hears.
#[divan::bench]
fn update_is_read(bencher: Bencher) {
    let user = json!({"id": 7, "is_bot": false, "first_name": "p", "language_code": "zh-hans"});
    let message = json!({"message_id": 3, "date": 1_790_000_000, "text": "x".repeat(800),
        "chat": {"id": 7, "type": "private", "first_name": "p"}});
    let update = json!({"update_id": 1, "callback_query": {"id": "1", "from": user, "message": message,
        "chat_instance": "1", "data": first_tap().encode()}});
    let bytes = update.to_string().into_bytes();
    bencher
        .bench_local(|| read_update(serde_json::from_slice::<Update>(black_box(&bytes)).expect("an update"), "b_bot"));
}

#[divan::bench]
fn callback_data(bencher: Bencher) {
    let data = first_tap().encode();
    bencher.bench_local(|| Press::decode(black_box(&data)).map(|press| press.encode()));
}

/// A row of the outbox is written.
#[divan::bench]
fn outbox_row(bencher: Bencher) {
    let session = at_the_plan();
    let reply = Reply { notes: Vec::new(), view: View::Plan };
    let screen = screen(dialogue(), "zh-Hans", &session, &reply, now());
    let payload = Payload { screen, replaces: Some(1), priority: Priority::Reply, keep: false };
    bencher.bench_local(|| serde_json::to_string(black_box(&payload)));
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("it starts")
}

fn store(runtime: &Runtime, folder: &tempfile::TempDir) -> Store {
    let url = format!("sqlite:{}", folder.path().join("bench.db").display());
    runtime.block_on(Store::open(&url)).expect("a database")
}

/// Turns that are committed together, each durable: the disk is part of it.
#[divan::bench(args = [1, 64], sample_count = 50)]
fn store_turns(bencher: Bencher, people: usize) {
    let (runtime, folder) = (runtime(), tempfile::tempdir_in(".").expect("a folder"));
    let store = store(&runtime, &folder);
    let (session, mut update) = (serde_json::to_string(&at_the_plan()).expect("JSON"), 0);
    bencher.counter(people).bench_local(|| {
        let turns = (0..people).map(|person| {
            update += 1;
            let (updates, session) = (vec![update], SessionChange::Write(session.clone()));
            let turn = Turn { updates, session, say: vec!["x".repeat(800)], ..Turn::of(format!("p:{person}"), now()) };
            store.commit(turn)
        });
        runtime.block_on(futures_util::future::try_join_all(turns)).expect("it commits")
    });
}

/// Whole turns, from an incoming message to what is committed, in the memory of the machine.
#[divan::bench(args = [1, 64], sample_count = 50)]
fn conversation_turns(bencher: Bencher, people: usize) {
    let (runtime, folder) = (runtime(), tempfile::tempdir_in("/dev/shm").expect("a folder"));
    let conversation = Conversation::new(read_content(), store(&runtime, &folder));
    let mut update = 0;
    bencher.counter(people).bench_local(|| {
        let turns = (0..people).map(|person| {
            update += 1;
            let input = Input::Pressed(if update % 2 == 0 { first_tap() } else { Press::Show(Show::Answers) });
            let incoming =
                IncomingMessage { update_id: Some(update), ..IncomingMessage::new(format!("p:{person}"), input) };
            let conversation = &conversation;
            async move { conversation.handle(&incoming, now()).await }
        });
        runtime.block_on(futures_util::future::try_join_all(turns)).expect("it commits")
    });
}
