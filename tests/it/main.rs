//! The one integration test binary.

mod check;
mod cli;
mod fake_telegram;
mod house;
mod people;
mod reminders;
mod situations;
mod store;
mod talk;
mod telegram;
mod transcripts;
