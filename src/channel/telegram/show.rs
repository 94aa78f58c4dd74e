//! From our words to theirs: a screen becomes a message with buttons.

use unicode_width::UnicodeWidthStr;

use super::call::{Button, Content, Keyboard, LinkPreview};
use crate::render::{Choice, Screen, plain};

/// How wide a row of small buttons may be, in columns of Latin letters: what a narrow phone shows without cutting.
const ROW_COLUMNS: usize = 30;

/// The most small buttons side by side.
const ROW_BUTTONS: usize = 3;

/// A screen as a message in HTML.
pub fn show(screen: &Screen) -> Content {
    Content {
        text: screen.text.clone(),
        parse_mode: Some("HTML"),
        link_preview_options: LinkPreview { is_disabled: true },
        reply_markup: keyboard(&screen.choices),
    }
}

/// The same without markup, for when Telegram cannot read ours.
pub fn show_plain(screen: &Screen) -> Content {
    Content { text: plain(&screen.text), parse_mode: None, ..show(screen) }
}

/// What leads on stands alone in its row; what leads aside shares rows.
fn keyboard(choices: &[Choice]) -> Option<Keyboard> {
    let mut rows: Vec<Vec<Button>> = Vec::new();
    let mut columns = ROW_COLUMNS;
    for choice in choices {
        let button = Button { text: choice.label.clone(), callback_data: choice.press.clone() };
        let width = choice.label.width();
        match rows.last_mut() {
            Some(row) if choice.aside && columns + width <= ROW_COLUMNS && row.len() < ROW_BUTTONS => {
                row.push(button);
                columns += width;
            }
            _ => {
                rows.push(vec![button]);
                columns = if choice.aside { width } else { ROW_COLUMNS };
            }
        }
    }
    (!rows.is_empty()).then_some(Keyboard { inline_keyboard: rows })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_fit_a_phone() {
        let choice = |label: &str, aside| Choice { label: label.into(), press: "s".into(), aside };
        for (choices, rows) in [
            (vec![], vec![]),
            (vec![choice("a", false), choice("b", false)], vec![1, 1]),
            (vec![choice("a", false), choice("b", true), choice("c", true)], vec![1, 2]),
            (vec![choice("a", true), choice("b", true), choice("c", true), choice("d", true)], vec![3, 1]),
            (vec![choice("常见问题常见问题", true), choice("常见问题常见问题", true)], vec![1, 1]),
        ] {
            let keyboard = keyboard(&choices).map_or_else(Vec::new, |keyboard| keyboard.inline_keyboard);
            assert_eq!(keyboard.iter().map(Vec::len).collect::<Vec<_>>(), rows, "{choices:?}");
        }
    }
}
