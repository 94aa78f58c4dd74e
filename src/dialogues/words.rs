//! Typed words and what they mean, in one language.
//!
//! Everything is compared in one normal form: NFKC (so full-width letters are letters), lower case, simplified
//! characters, single spaces. Latin words match whole words; Chinese phrases match anywhere.

mod near;

use std::collections::HashMap;

use near::{Cut, Piece, Shape};
use unicode_normalization::UnicodeNormalization;

use super::graph::Graph;
use super::texts::Texts;

/// The most typed text that is looked at, in characters. Answers are shorter; walls of text stay cheap.
pub const MAX_TYPED_CHARS: usize = 600;

/// The most text in which spelling mistakes are looked for, in characters: comparing is dear, and who writes more has said
/// something right somewhere.
const MAX_MISSPELT_CHARS: usize = 80;

/// A spelling mistake is forgiven once in this many letters, and in no word shorter than that.
const LETTERS_PER_MISTAKE: usize = 4;

/// Beyond this many mistakes it is another word.
const MAX_MISTAKES: usize = 2;

/// What a phrase can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Meaning {
    Option { question: usize, option: usize },
    Topic(usize),
}

/// A phrase found in what a person typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Everything this phrase can stand for.
    pub meanings: Vec<Meaning>,
    /// A negation stands right before it: "not suspended".
    pub negated: bool,
    /// The phrase is all there is.
    pub whole: bool,
    /// The phrase is a bare yes, no, some or none, which means something only in reply to a question.
    pub bare: bool,
}

/// The words of times: what a typed "tomorrow at nine" is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeWord {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    /// Between month and day: "12月1日".
    Month,
    MonthDay,
    In,
    Later,
    Today,
    Tomorrow,
    AfterTomorrow,
    Morning,
    Noon,
    Afternoon,
    Evening,
    Am,
    Pm,
    Next,
    Oclock,
    Half,
    /// "Remind me".
    Remind,
    Hotline,
    Papers,
    /// Says nothing: "at", "on".
    Filler,
    /// 1 is Monday.
    Weekday(i8),
    Number(u8),
}

/// The lists of time words in the common files, with what they mean.
pub const TIME_WORDS: [(&str, TimeWord); 25] = [
    ("time-second", TimeWord::Second),
    ("time-minute", TimeWord::Minute),
    ("time-hour", TimeWord::Hour),
    ("time-day", TimeWord::Day),
    ("time-week", TimeWord::Week),
    ("time-month", TimeWord::Month),
    ("time-month-day", TimeWord::MonthDay),
    ("time-in", TimeWord::In),
    ("time-later", TimeWord::Later),
    ("time-today", TimeWord::Today),
    ("time-tomorrow", TimeWord::Tomorrow),
    ("time-after-tomorrow", TimeWord::AfterTomorrow),
    ("time-morning", TimeWord::Morning),
    ("time-noon", TimeWord::Noon),
    ("time-afternoon", TimeWord::Afternoon),
    ("time-evening", TimeWord::Evening),
    ("time-am", TimeWord::Am),
    ("time-pm", TimeWord::Pm),
    ("time-next", TimeWord::Next),
    ("time-oclock", TimeWord::Oclock),
    ("time-half", TimeWord::Half),
    ("time-remind", TimeWord::Remind),
    ("time-hotline", TimeWord::Hotline),
    ("time-papers", TimeWord::Papers),
    ("time-filler", TimeWord::Filler),
];

/// The weekdays, Monday first, and the numbers, one first; `/` separates words for the same.
pub const TIME_SERIES: [&str; 2] = ["time-weekdays", "time-numbers"];

/// The commands that can also be given in words, by the name after the slash.
pub const COMMANDS: [&str; 17] = [
    "start",
    "plan",
    "papers",
    "hotline",
    "card",
    "pack",
    "remind",
    "reminders",
    "topics",
    "answers",
    "language",
    "timezone",
    "code",
    "restore",
    "export",
    "forget",
    "help",
];

/// Something that people type, and what it can mean.
#[derive(Debug)]
struct WordPhrase {
    text: String,
    meanings: Vec<Meaning>,
    shape: Shape,
    cut: Cut,
}

/// The words of one language.
#[derive(Debug, Default)]
pub struct Lexicon {
    /// Longest first, so that "not in arrears" is found before "in arrears".
    phrases: Vec<WordPhrase>,
    commands: HashMap<String, &'static str>,
    yes: Vec<String>,
    no: Vec<String>,
    done: Vec<String>,
    negations: Vec<String>,
    questions: Vec<String>,
    /// What announces a secret: "code", "password".
    secrets: Vec<String>,
    /// Longest first.
    times: Vec<(String, TimeWord)>,
    /// The places that a person can name as their zone.
    zones: Vec<(String, usize)>,
}

impl Lexicon {
    /// Collects the words of a language from its texts.
    pub fn new(graph: &Graph, texts: &Texts, language: &str) -> Self {
        let list = |key: &str| split(texts.get(language, key));
        let mut phrases: HashMap<String, Vec<Meaning>> = HashMap::new();
        let mut learn = |words: Vec<String>, meaning| {
            for word in words {
                let meanings = phrases.entry(word).or_default();
                if !meanings.contains(&meaning) {
                    meanings.push(meaning);
                }
            }
        };
        for (question, asked) in graph.questions.iter().enumerate() {
            for (option, id) in asked.options.iter().enumerate() {
                let meaning = Meaning::Option { question, option };
                let key = format!("q-{}.{}", asked.id.name, id.name);
                learn(list(&format!("{key}-words")), meaning);
                // A label typed as it stands is understood too.
                learn(vec![normal(texts.get(language, &key))], meaning);
            }
        }
        for (topic, id) in graph.topics.iter().enumerate() {
            learn(list(&format!("f-{}.words", id.name)), Meaning::Topic(topic));
            learn(vec![normal(texts.get(language, &format!("f-{}", id.name)))], Meaning::Topic(topic));
        }
        phrases.remove("");
        let phrase =
            |(text, meanings): (String, _)| WordPhrase { meanings, shape: Shape::of(&text), cut: Cut::of(&text), text };
        let mut phrases: Vec<WordPhrase> = phrases.into_iter().map(phrase).collect();
        phrases.sort_by(|a, b| b.shape.letters.cmp(&a.shape.letters).then_with(|| a.text.cmp(&b.text)));
        let command = |name: &&'static str| {
            let name = *name;
            list(&format!("cmd-{name}.words")).into_iter().map(move |word| (word, name))
        };
        let mut times: Vec<(String, TimeWord)> =
            TIME_WORDS.iter().flat_map(|(key, word)| list(key).into_iter().map(|text| (text, *word))).collect();
        let series = |key: &str| -> Vec<Vec<String>> {
            texts.get(language, key).split('|').map(|same| same.split('/').map(normal).collect()).collect()
        };
        for (position, same) in (1..=7).zip(series("time-weekdays")) {
            times.extend(same.into_iter().map(|text| (text, TimeWord::Weekday(position))));
        }
        for (position, same) in (1..=99).zip(series("time-numbers")) {
            times.extend(same.into_iter().map(|text| (text, TimeWord::Number(position))));
        }
        times.retain(|(text, _)| !text.is_empty());
        times.sort_by_key(|(text, _)| std::cmp::Reverse(text.len()));
        let zones = graph.zones.iter().enumerate().flat_map(|(index, zone)| {
            let key = format!("z-{}", zone.id.name);
            let mut names = list(&format!("{key}.words"));
            names.extend([normal(texts.get(language, &key)), normal(&zone.name)]);
            names.into_iter().map(move |name| (name, index))
        });
        let zones = zones.collect();
        Self {
            times,
            zones,
            phrases,
            commands: COMMANDS.iter().flat_map(command).collect(),
            yes: list("words-yes"),
            no: list("words-no"),
            done: list("words-done"),
            negations: list("words-negation"),
            questions: list("words-question"),
            secrets: list("words-secret"),
        }
    }

    /// The command that the whole text names in words.
    pub fn command(&self, text: &str) -> Option<&'static str> {
        self.commands.get(text).copied()
    }

    /// Whether the whole text is a yes.
    pub fn yes(&self, text: &str) -> bool {
        self.yes.iter().any(|word| word == text)
    }

    /// Whether the whole text is a no.
    pub fn no(&self, text: &str) -> bool {
        self.no.iter().any(|word| word == text)
    }

    /// Whether the whole text says that something is done.
    pub fn done(&self, text: &str) -> bool {
        self.done.iter().any(|word| word == text)
    }

    /// Whether the text asks something, rather than telling it.
    pub fn asks(&self, text: &str) -> bool {
        self.questions.iter().any(|word| !occurrences(text, word).is_empty())
    }

    /// Whether the text speaks of a code or a password.
    pub fn speaks_of_secrets(&self, text: &str) -> bool {
        self.secrets.iter().any(|word| !occurrences(text, word).is_empty())
    }

    /// The time word at the beginning of a text, and its length in bytes.
    pub fn time_word(&self, text: &str) -> Option<(TimeWord, usize)> {
        let begins = |word: &str| text.starts_with(word) && !(is_latin(word) && cuts(text, word.len()));
        self.times.iter().find(|(word, _)| begins(word)).map(|(word, meaning)| (*meaning, word.len()))
    }

    /// The zone that the whole text names.
    pub fn zone(&self, text: &str) -> Option<usize> {
        self.zones.iter().find(|(name, _)| name == text).map(|(_, zone)| *zone)
    }

    /// Every phrase in a text in normal form, longest first and without overlap, in the order of the text.
    pub fn find(&self, text: &str) -> Vec<Found> {
        let mut taken = vec![false; text.len()];
        let mut found = Vec::new();
        for WordPhrase { text: phrase, meanings, .. } in &self.phrases {
            for start in occurrences(text, phrase) {
                let span = start..start + phrase.len();
                if taken[span.clone()].iter().any(|taken| *taken) {
                    continue;
                }
                taken[span].fill(true);
                let whole = phrase.len() == text.len();
                let negated = self.negated(&text[..start]);
                let bare = self.yes(phrase) || self.no(phrase);
                found.push((start, Found { meanings: meanings.clone(), negated, whole, bare }));
            }
        }
        found.sort_by_key(|(start, _)| *start);
        found.into_iter().map(|(_, found)| found).collect()
    }

    fn negated(&self, before: &str) -> bool {
        let before = before.trim_end();
        let ends = |word: &String| occurrences(before, word).iter().any(|start| start + word.len() == before.len());
        self.negations.iter().any(ends)
    }

    /// What a text in normal form may have meant: the phrases a spelling mistake away, nearest first.
    pub fn near(&self, text: &str) -> Vec<Meaning> {
        let end = text.char_indices().nth(MAX_MISSPELT_CHARS).map_or(text.len(), |(end, _)| end);
        let tokens: Vec<&str> = text[..end].split(' ').collect();
        let mut found: Vec<(usize, Meaning)> = Vec::new();
        let mut cuts: HashMap<Cut, Vec<Piece>> = HashMap::new();
        for WordPhrase { text: phrase, meanings, shape, cut } in &self.phrases {
            let allowed = (shape.letters / LETTERS_PER_MISTAKE).min(MAX_MISTAKES);
            if allowed == 0 {
                continue;
            }
            let pieces = cuts.entry(*cut).or_insert_with(|| cut.pieces(&tokens));
            let nearest = pieces.iter().filter_map(|piece| piece.mistakes(phrase, *shape, allowed)).min();
            if let Some(distance) = nearest {
                found.extend(meanings.iter().map(|meaning| (distance, *meaning)));
            }
        }
        found.sort();
        let mut near: Vec<Meaning> = Vec::new();
        for (_, meaning) in found {
            if !near.contains(&meaning) {
                near.push(meaning);
            }
        }
        near
    }

    /// Phrases with what they can mean; for the checker.
    pub fn phrases(&self) -> impl Iterator<Item = (&str, &[Meaning])> {
        self.phrases.iter().map(|phrase| (phrase.text.as_str(), phrase.meanings.as_slice()))
    }
}

/// The words of a `|` list, in normal form.
pub fn split(list: &str) -> Vec<String> {
    list.split('|').map(normal).filter(|word| !word.is_empty()).collect()
}

/// The normal form of a typed text.
pub fn normal(text: &str) -> String {
    let text: String = text.chars().take(MAX_TYPED_CHARS).nfkc().flat_map(char::to_lowercase).collect();
    let text = fast2s::convert(&text);
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        let letter = match letter {
            '’' | '‘' | '`' => '\'',
            letter if letter.is_whitespace() || letter.is_control() => ' ',
            ',' | '.' | '!' | ';' | '。' | '、' | '"' | '“' | '”' | '…' => ' ',
            letter => letter,
        };
        if letter != ' ' || !out.ends_with(' ') {
            out.push(letter);
        }
    }
    out.trim().to_owned()
}

/// Where a phrase stands in a text; a Latin phrase only where it does not cut a word.
fn occurrences(text: &str, phrase: &str) -> Vec<usize> {
    let whole = |start: &usize| !is_latin(phrase) || !(cuts(text, *start) || cuts(text, start + phrase.len()));
    text.match_indices(phrase).map(|(start, _)| start).filter(whole).collect()
}

/// Whether a cut at this byte goes through a Latin word or a number.
fn cuts(text: &str, index: usize) -> bool {
    let letter = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && (c as u32) < CJK_START);
    letter(text[..index].chars().next_back()) && letter(text[index..].chars().next())
}

/// Where the CJK blocks begin in Unicode: scripts written without spaces between words.
const CJK_START: u32 = 0x2E80;

/// Whether a phrase is written in a script with spaces between words.
fn is_latin(phrase: &str) -> bool {
    phrase.chars().all(|letter| (letter as u32) < CJK_START)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_form_is_one_form() {
        for (typed, expect) in [
            ("  Azercell ", "azercell"),
            ("AZERCELL", "azercell"),
            ("欠費了", "欠费了"),
            ("註銷號碼", "注销号码"),
            ("我的卡,停机了。", "我的卡 停机了"),
            ("don’t know", "don't know"),
            ("a\u{0}b\n\nc", "a b c"),
        ] {
            assert_eq!(normal(typed), expect, "{typed:?}");
            assert_eq!(normal(&normal(typed)), expect, "{typed:?} twice");
        }
    }

    #[test]
    fn latin_words_are_whole_and_chinese_is_not() {
        assert_eq!(occurrences("narrow", "nar"), Vec::<usize>::new());
        assert_eq!(occurrences("nar", "nar"), vec![0]);
        assert_eq!(occurrences("我的nar卡", "nar").len(), 1);
        assert_eq!(occurrences("我的卡欠费了", "欠费").len(), 1);
    }
}
