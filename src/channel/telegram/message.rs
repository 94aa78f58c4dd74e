//! From our words to theirs: a screen becomes a message with buttons.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr;

use super::api::{Act, Button, Keyboard, LinkPreview, MessageContent};
use crate::dialogues::texts::escape;
use crate::render::{Choice, Place, Screen, plain};

/// How wide a row of small buttons may be, in columns of Latin letters: what a narrow phone shows without cutting.
const ROW_COLUMNS: usize = 30;

/// The most small buttons side by side.
const ROW_BUTTONS: usize = 3;

/// The most numbers of a list side by side.
const ROW_NUMBERS: usize = 6;

/// A screen as a message in HTML. A list is written out below the text; its buttons carry the numbers.
pub fn show(screen: &Screen) -> MessageContent<'_> {
    let listed = screen.choices.iter().filter(|choice| choice.place == Place::Listed);
    let mut text = Cow::from(&screen.text);
    for (index, choice) in listed.enumerate() {
        text.to_mut().push_str(&format!("\n{}. {}", index + 1, escape(&choice.label)));
    }
    MessageContent {
        text,
        parse_mode: Some("HTML"),
        link_preview_options: LinkPreview { is_disabled: true },
        reply_markup: keyboard(&screen.choices),
        allow_paid_broadcast: false,
    }
}

/// The same without markup, for when Telegram cannot read ours.
pub fn show_plain(screen: &Screen) -> MessageContent<'_> {
    let content = show(screen);
    MessageContent { text: plain(&content.text).into(), parse_mode: None, ..content }
}

/// What leads on comes first and stands alone in its row; numbers and what leads aside share rows with their like.
fn keyboard(choices: &[Choice]) -> Option<Keyboard<'_>> {
    let mut rows: Vec<Vec<Button>> = Vec::new();
    let mut last = None;
    let (mut columns, mut number) = (0, 0);
    let at = |place| choices.iter().filter(move |choice| choice.place == place);
    for choice in at(Place::On).chain(at(Place::Listed)).chain(at(Place::Aside)) {
        let mut text = Cow::from(&choice.label);
        if choice.place == Place::Listed {
            number += 1;
            text = number.to_string().into();
        }
        columns += text.width();
        let buttons = if last == Some(choice.place) { rows.last().map_or(0, Vec::len) } else { 0 };
        let fits = match choice.place {
            Place::On => false,
            Place::Listed => (1..ROW_NUMBERS).contains(&buttons),
            Place::Aside => (1..ROW_BUTTONS).contains(&buttons) && columns <= ROW_COLUMNS,
        };
        if !fits {
            rows.push(Vec::new());
            columns = text.width();
        }
        let act = match choice.address() {
            Some(address) => Act::Url(address),
            None => Act::CallbackData(&choice.press),
        };
        rows.last_mut()?.push(Button { text, act });
        last = Some(choice.place);
    }
    (!rows.is_empty()).then_some(Keyboard { inline_keyboard: rows })
}

#[cfg(test)]
mod tests {
    use super::*;
    use Place::{Aside, Listed, On};

    #[test]
    fn rows_fit_a_phone() {
        let choice = |label: &str, place| Choice { label: label.into(), press: "s".into(), place };
        for (choices, rows) in [
            (vec![], vec![]),
            (vec![choice("a", On), choice("b", On)], vec![1, 1]),
            (vec![choice("a", On), choice("b", Aside), choice("c", Aside)], vec![1, 2]),
            (vec![choice("a", Aside), choice("b", Aside), choice("c", Aside), choice("d", Aside)], vec![3, 1]),
            (vec![choice("常见问题常见问题", Aside), choice("常见问题常见问题", Aside)], vec![1, 1]),
            (vec![choice("a", Listed), choice("b", Listed), choice("c", Aside)], vec![2, 1]),
            (vec![choice("a", Listed); 7], vec![6, 1]),
        ] {
            let keyboard = keyboard(&choices).map_or_else(Vec::new, |keyboard| keyboard.inline_keyboard);
            assert_eq!(keyboard.iter().map(Vec::len).collect::<Vec<_>>(), rows, "{choices:?}");
        }
    }
}
