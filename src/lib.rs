//! simoff walks a person through giving up an Azerbaijani number-retention SIM.
//!
//! The modules, in import order: a module may use those to its left, never one to its right. `tests/it/architecture.rs`
//! checks this.
//!
//! ```text
//! dialogues <- engine <- { render | store } <- conversation <- reminders <- channel <- studio <- (the program)
//! ```
//!
//! | module | knows |
//! |---|---|
//! | [`dialogues`] | the content: questions, guards, steps, facts, texts, and how to check them |
//! | [`engine`] | what an input means and what follows from it; pure and total |
//! | [`render`] | replies with texts become screens: a text and choices |
//! | [`store`] | tables and transactions; the only SQL |
//! | [`conversation`] | one turn: lock the person, load, step, render, commit |
//! | [`reminders`] | the loop that handles due reminders, and the daily sweep |
//! | [`channel`] | the ways in and out: terminal, Telegram, the web page; and the HTTP server |
//! | [`studio`] | the authors' window on the content |
//!
//! The program (`main.rs`) adds `config` (every setting), `reload` (content from a folder), `serve` (commands that run
//! until they are stopped) and `cli` (commands that print and end).

pub mod channel;
pub mod conversation;
pub mod dialogues;
pub mod engine;
pub mod reminders;
pub mod render;
pub mod store;
pub mod studio;
