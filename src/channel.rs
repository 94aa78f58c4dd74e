//! The ways in and out. Each channel reads its own world into [`crate::engine::Input`] and shows [`crate::render::Screen`]s in it.

pub mod http;
pub mod telegram;
pub mod terminal;
pub mod web;
