//! The one integration test binary.

mod check;
mod chromium;
mod cli;
mod cluster;
mod fake_telegram;
mod faults;
mod guide;
mod hostile;
mod house;
mod load;
mod operations;
mod pack;
mod page;
mod people;
mod plans;
mod postgres;
mod reminders;
mod site;
mod situations;
mod sources;
mod store;
mod studio;
mod talk;
mod telegram;
mod transcripts;
mod web;
