//! simoff walks a person through giving up an Azerbaijani number-retention SIM.
//!
//! The rooms, in import order: a room may use those to its left, never one to its right. `tests/it/house.rs` holds this.
//!
//! ```text
//! dialogues <- engine <- { render | store } <- conversation <- channel <- reminders <- main     (config: seen by main only)
//! ```
//!
//! | room | knows |
//! |---|---|
//! | [`dialogues`] | the content: questions, guards, steps, facts, texts, and how to check them |
//! | [`engine`] | what an input means and what follows from it; pure and total |
//! | [`render`] | replies with texts become screens: a text and choices |
//! | [`store`] | tables and transactions; the only SQL |
//! | [`conversation`] | the corridor: lock the person, load, step, render, commit |
//! | [`channel`] | the ways in and out: terminal, Telegram, the web page |
//! | [`reminders`] | an interval, a sleep: the loop that lets the clock speak |
//! | [`config`] | every setting, from the command line, the environment and `.env` |

pub mod channel;
pub mod config;
pub mod conversation;
pub mod dialogues;
pub mod engine;
pub mod reminders;
pub mod render;
pub mod store;
