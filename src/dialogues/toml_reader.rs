//! The keys of one TOML table, each read once and typed; keys that were not read are reported as unknown.

use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;

/// A value and where it stands in its file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct At<T> {
    pub value: T,
    pub span: Range<usize>,
}

/// One table being read.
pub struct TomlReader<'a, 'i> {
    file: &'a str,
    what: String,
    pub span: Range<usize>,
    table: &'a DeTable<'i>,
    asked: Vec<&'static str>,
}

/// Parses a document; syntax errors become problems, and what could be read is read.
pub fn document<'i>(file: &str, text: &'i str, problems: &mut Vec<Problem>) -> Spanned<DeTable<'i>> {
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        problems.push(Problem::error(file, error.span().unwrap_or(0..0), error.message()));
    }
    table
}

impl<'a, 'i> TomlReader<'a, 'i> {
    /// A table called `what` in problems, for example `question`.
    pub fn new(file: &'a str, what: impl Into<String>, table: &'a DeTable<'i>, span: Range<usize>) -> Self {
        Self { file, what: what.into(), span, table, asked: Vec::new() }
    }

    /// The value of a key, if it is there.
    pub fn get(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'i>>> {
        self.asked.push(key);
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn wrong(&self, span: Range<usize>, message: String, problems: &mut Vec<Problem>) {
        problems.push(Problem::error(self.file, span, message));
    }

    /// A string that must be there.
    pub fn string(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<At<String>> {
        let Some(value) = self.get(key) else {
            let message = format!("this {} has no `{key}`", self.what);
            self.wrong(self.span.clone(), message, problems);
            return None;
        };
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong(value.span(), format!("`{key}` must be a string"), problems);
        }
        text.map(|text| At { value: text.to_owned(), span: value.span() })
    }

    /// `true` or `false`; `false` when absent.
    pub fn flag(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> bool {
        let Some(value) = self.get(key) else { return false };
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(value.span(), format!("`{key}` must be true or false"), problems);
            false
        })
    }

    /// One number, or a list of numbers; empty when absent.
    pub fn numbers(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<f64> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let number = |value: &DeValue| match value {
            DeValue::Integer(number) => number.as_str().parse().ok(),
            DeValue::Float(number) => number.as_str().parse().ok(),
            _ => None,
        };
        let numbers: Option<Vec<f64>> = match value.get_ref() {
            DeValue::Array(items) => items.iter().map(|item| number(item.get_ref())).collect(),
            one => number(one).map(|one| vec![one]),
        };
        numbers.unwrap_or_else(|| {
            self.wrong(value.span(), format!("`{key}` must be a number or a list of numbers"), problems);
            Vec::new()
        })
    }

    /// A date such as `2026-11-22` that must be there.
    pub fn date(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Option<At<jiff::civil::Date>> {
        let Some(value) = self.get(key) else {
            let message = format!("this {} has no `{key}`", self.what);
            self.wrong(self.span.clone(), message, problems);
            return None;
        };
        let date = value.get_ref().as_datetime().and_then(|date| date.to_string().parse().ok());
        if date.is_none() {
            self.wrong(value.span(), format!("`{key}` must be a date, for example 2026-11-22"), problems);
        }
        date.map(|date| At { value: date, span: value.span() })
    }

    /// One string, or a list of strings; empty when absent.
    pub fn strings(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<At<String>> {
        self.get(key).map_or_else(Vec::new, |value| strings(self.file, key, value, problems))
    }

    /// The tables of `[[key]]`; none when absent.
    pub fn tables(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<TomlReader<'a, 'i>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(value.span(), format!("write `[[{key}]]`"), problems);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in array.iter() {
            match item.get_ref().as_table() {
                Some(table) => tables.push(TomlReader::new(self.file, key, table, item.span())),
                None => self.wrong(item.span(), format!("write `[[{key}]]`"), problems),
            }
        }
        tables
    }

    /// Items that are either a bare id or a table with an `id`; none when absent.
    pub fn items(&mut self, key: &'static str, problems: &mut Vec<Problem>) -> Vec<Item<'a, 'i>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.wrong(value.span(), format!("`{key}` must be a list"), problems);
            return Vec::new();
        };
        let mut items = Vec::new();
        for item in array.iter() {
            match item.get_ref() {
                DeValue::String(id) => {
                    items.push(Item { id: At { value: id.to_string(), span: item.span() }, rest: None });
                }
                DeValue::Table(table) => {
                    let mut rest = TomlReader::new(self.file, key, table, item.span());
                    if let Some(id) = rest.string("id", problems) {
                        items.push(Item { id, rest: Some(rest) });
                    }
                }
                _ => self.wrong(item.span(), format!("`{key}` holds ids, or tables with an `id`"), problems),
            }
        }
        items
    }

    /// Reports every key that was not read.
    pub fn finish(self, problems: &mut Vec<Problem>) {
        for (key, _) in self.table.iter() {
            if !self.asked.contains(&key.get_ref().as_ref()) {
                let known = self.asked.join(", ");
                problems.push(
                    Problem::error(
                        self.file,
                        key.span(),
                        format!("unknown key `{}` in a {}", key.get_ref(), self.what),
                    )
                    .help(format!("known keys are: {known}")),
                );
            }
        }
    }
}

/// An item of [`TomlReader::items`].
pub struct Item<'a, 'i> {
    pub id: At<String>,
    /// The other keys, when the item is a table.
    pub rest: Option<TomlReader<'a, 'i>>,
}

/// One string, or a list of strings.
pub fn strings(file: &str, key: &str, value: &Spanned<DeValue>, problems: &mut Vec<Problem>) -> Vec<At<String>> {
    let mut wrong = |span| {
        problems.push(Problem::error(file, span, format!("`{key}` must be a string or a list of strings")));
    };
    match value.get_ref() {
        DeValue::String(text) => vec![At { value: text.to_string(), span: value.span() }],
        DeValue::Array(items) => {
            let mut found = Vec::new();
            for item in items.iter() {
                match item.get_ref().as_str() {
                    Some(text) => found.push(At { value: text.to_owned(), span: item.span() }),
                    None => wrong(item.span()),
                }
            }
            found
        }
        _ => {
            wrong(value.span());
            Vec::new()
        }
    }
}
