//! From typed words to what they mean, and from a button's payload to what it does.

use super::session::{About, Item, Pending};
use super::when::{self, Preset, Typed};
use super::{Known, Press, Show};
use crate::dialogues::graph::{Options, Situation};
use crate::dialogues::words::{Found, Meaning, normal};

/// So many digits in one message are a telephone, document or card number.
const SENSITIVE_DIGITS: usize = 7;

/// So many digits in a row are a code.
const SENSITIVE_RUN: usize = 5;

/// So many are a code where somebody speaks of one.
const SECRET_RUN: usize = 4;

/// How long the numbers of documents are that mix capitals and digits: an Azerbaijani FIN has seven characters, passports
/// eight or nine.
const DOCUMENT_NUMBER: std::ops::RangeInclusive<usize> = 7..=10;

/// The fillers in the machine-readable lines of a passport, and how many of them no sentence contains.
const PASSPORT_FILLER: &str = "<<";

/// The most guesses offered after "did you mean".
const MAX_GUESSES: usize = 3;

/// What typed words mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    Command(Press),
    UnknownCommand,
    Yes,
    No,
    /// The next step is done.
    Done,
    Answers {
        answers: Vec<(usize, Options)>,
        topic: Option<usize>,
    },
    Topic(usize),
    /// One of these, perhaps.
    Maybe(Vec<Meaning>),
    /// A time to be reminded at.
    Time(Typed),
    /// A zone, as a position in the graph's zones.
    Zone(usize),
    /// Something that must not be sent here.
    Sensitive,
    Nothing,
}

/// Finds out what typed words mean to someone in this situation.
pub fn understand(known: &Known, situation: &Situation, pending: Option<&Pending>, text: &str) -> Meant {
    if let Some(command) = text.trim().strip_prefix('/') {
        return command_press(command).map_or(Meant::UnknownCommand, Meant::Command);
    }
    let mut sensitive = is_sensitive(text);
    let text = normal(text);
    sensitive |= longest_run(&text) >= SECRET_RUN && known.lexicons.iter().any(|words| words.speaks_of_secrets(&text));
    // A date and a time may have as many digits as a telephone number, so they are looked for first.
    let asked_when = matches!(pending, Some(Pending::When { .. } | Pending::Zone { .. }));
    let time = known.lexicons.iter().find_map(|lexicon| when::read(lexicon, &text));
    if let Some(typed) = time.filter(|typed| asked_when || typed.is_wish()) {
        return Meant::Time(typed);
    }
    if sensitive {
        return Meant::Sensitive;
    }
    if asked_when && let Some(zone) = known.lexicons.iter().find_map(|lexicon| lexicon.zone(&text)) {
        return Meant::Zone(zone);
    }
    if let Some(answer) = ordinal(known, situation, &text) {
        return answer;
    }
    for lexicon in &known.lexicons {
        if pending.is_some() && lexicon.yes(&text) {
            return Meant::Yes;
        }
        if pending.is_some() && lexicon.no(&text) {
            return Meant::No;
        }
    }
    for lexicon in &known.lexicons {
        if let Some(press) = lexicon.command(&text).and_then(command_press) {
            return Meant::Command(press);
        }
        if situation.next.is_none() && lexicon.done(&text) {
            return Meant::Done;
        }
    }
    let asks = known.lexicons.iter().any(|lexicon| lexicon.asks(&text));
    if let Some(meant) = from_phrases(known, situation, find_in_all(known, &text), asks) {
        return meant;
    }
    let mut near: Vec<Meaning> = known.lexicons.iter().flat_map(|lexicon| lexicon.near(&text)).collect();
    // What is being asked right now is the likeliest thing to be misspelt.
    near.sort_by_key(|meaning| !is_current(situation, meaning));
    let mut seen = Vec::new();
    near.retain(|meaning| {
        !seen.contains(meaning) && {
            seen.push(*meaning);
            true
        }
    });
    near.truncate(MAX_GUESSES);
    if near.is_empty() { Meant::Nothing } else { Meant::Maybe(near) }
}

fn is_current(situation: &Situation, meaning: &Meaning) -> bool {
    matches!(meaning, Meaning::Option { question, .. } if situation.next == Some(*question))
}

/// A lone number is the option in that place of the question being asked.
fn ordinal(known: &Known, situation: &Situation, text: &str) -> Option<Meant> {
    let question = situation.next?;
    let number: usize = text.parse().ok()?;
    let options = known.graph.questions[question].options.len();
    (1..=options)
        .contains(&number)
        .then(|| Meant::Answers { answers: vec![(question, 1 << (number - 1))], topic: None })
}

/// The phrases of a sentence in every language. What the person's own language says counts; the others add to it.
fn find_in_all(known: &Known, text: &str) -> Vec<Found> {
    let subject = |meaning: &Meaning| match *meaning {
        Meaning::Option { question, .. } => Some(question),
        Meaning::Topic(_) => None,
    };
    let mut all: Vec<Found> = Vec::new();
    for lexicon in &known.lexicons {
        let told: Vec<Option<usize>> = all.iter().flat_map(|found| found.meanings.iter().map(subject)).collect();
        let adds = |found: &Found| !found.meanings.iter().any(|meaning| told.contains(&subject(meaning)));
        all.extend(lexicon.find(text).into_iter().filter(adds));
    }
    all
}

/// Puts the phrases of a sentence together; `None` when they say nothing.
fn from_phrases(known: &Known, situation: &Situation, found: Vec<Found>, asks: bool) -> Option<Meant> {
    let mut topic = None;
    let mut answers: Vec<(usize, Options)> = Vec::new();
    let mut doubtful: Vec<Meaning> = Vec::new();
    for found in found {
        let current = found.meanings.iter().find(|meaning| is_current(situation, meaning)).copied();
        if found.bare && !(found.whole && current.is_some()) {
            continue;
        }
        let meaning = match (current, &found.meanings[..]) {
            (Some(current), _) => current,
            (None, [only]) => *only,
            (None, several) => {
                // "Not sure", with nothing to be unsure about: too many questions it could answer.
                if several.len() <= MAX_GUESSES {
                    doubtful.extend(several);
                }
                continue;
            }
        };
        match meaning {
            Meaning::Topic(found) => topic = topic.or(Some(found)),
            Meaning::Option { .. } if found.negated => doubtful.push(meaning),
            Meaning::Option { question, option } => match answers.iter_mut().find(|(other, _)| *other == question) {
                Some((_, options)) => *options |= 1 << option,
                None => answers.push((question, 1 << option)),
            },
        }
    }
    // Two options where one is wanted, or options that exclude each other: which one?
    let clash =
        |(question, options): &(usize, Options)| known.graph.questions[*question].complete(*options) != *options;
    if let Some((question, options)) = answers.iter().find(|answer| clash(answer)) {
        let positions = known.graph.questions[*question].positions(*options);
        return Some(Meant::Maybe(positions.map(|option| Meaning::Option { question: *question, option }).collect()));
    }
    match (topic, answers.is_empty()) {
        (Some(topic), _) if asks => Some(Meant::Topic(topic)),
        (topic, false) if !asks => Some(Meant::Answers { answers, topic }),
        (Some(topic), true) => Some(Meant::Topic(topic)),
        // A question about a word that is also an answer: "what if it is suspended?"
        (_, false) => {
            let meanings = answers.iter().flat_map(|(question, options)| {
                let positions = known.graph.questions[*question].positions(*options);
                positions.map(move |option| Meaning::Option { question: *question, option })
            });
            Some(Meant::Maybe(meanings.take(MAX_GUESSES).collect()))
        }
        (None, true) if !doubtful.is_empty() => {
            doubtful.truncate(MAX_GUESSES);
            Some(Meant::Maybe(doubtful))
        }
        (None, true) => None,
    }
}

/// Whether a message looks like something that must not be sent: a number, a code, a passport.
fn is_sensitive(text: &str) -> bool {
    let digits = text.chars().filter(|letter| letter.is_numeric()).count();
    let is_document_number = |token: &str| {
        let (mut digits, mut capitals) = (0, 0);
        for letter in token.chars() {
            digits += usize::from(letter.is_ascii_digit());
            capitals += usize::from(letter.is_ascii_uppercase());
        }
        let length = token.chars().count();
        DOCUMENT_NUMBER.contains(&length) && digits + capitals == length && digits >= 2 && capitals >= 1
    };
    digits >= SENSITIVE_DIGITS
        || longest_run(text) >= SENSITIVE_RUN
        || text.contains(PASSPORT_FILLER)
        || text.split(|letter: char| !letter.is_alphanumeric()).any(is_document_number)
}

/// The most digits in a row.
fn longest_run(text: &str) -> usize {
    text.split(|letter: char| !letter.is_numeric()).map(|run| run.chars().count()).max().unwrap_or(0)
}

/// What a command does; the slash is gone, `@bot` and arguments may follow. `None`: no such command.
fn command_press(command: &str) -> Option<Press> {
    let name = command.split(|letter: char| letter == '@' || letter.is_whitespace()).next().unwrap_or("");
    Some(match name.to_ascii_lowercase().as_str() {
        "start" => Press::Start,
        "plan" => Press::Show(Show::Plan),
        "papers" => Press::Show(Show::Papers),
        "hotline" => Press::Show(Show::Contacts),
        "card" => Press::Show(Show::Card),
        "pack" => Press::Show(Show::Pack),
        "remind" => Press::Show(Show::RemindMenu),
        "reminders" => Press::Show(Show::Reminders),
        "timezone" => Press::Show(Show::Zones),
        "topics" => Press::Show(Show::Topics),
        "answers" => Press::Show(Show::Answers),
        "language" => Press::Show(Show::Languages),
        "forget" => Press::Show(Show::Forget),
        "help" => Press::Show(Show::Help),
        _ => return None,
    })
}

impl Press {
    /// The button's payload, at most 64 bytes (Bot API: callback_data, 1–64 bytes): ids have at most 24.
    pub fn encode(&self) -> String {
        let sign = |on: &bool| if *on { '+' } else { '-' };
        match self {
            Press::Answer { question, option, seen } => format!("a:{question}:{option}:{seen:x}"),
            Press::Pick { question, option, on } => format!("m:{question}:{option}:{}", sign(on)),
            Press::Finish { question } => format!("f:{question}"),
            Press::Tick { item, on, from } => {
                let (kind, name) = match item {
                    Item::Step(name) => ('s', name),
                    Item::Paper(name) => ('p', name),
                };
                format!("t:{kind}:{name}:{}:{}", sign(on), from.as_deref().unwrap_or(""))
            }
            Press::Show(show) => {
                let (name, id) = show.parts();
                format!("v:{name}:{id}")
            }
            Press::Confirm { yes, seen } => format!("y:{}:{seen:x}", sign(yes)),
            Press::Language(language) => format!("l:{language}"),
            Press::Forget { yes } => format!("x:{}", sign(yes)),
            Press::Remind { about, preset, replaces } => {
                let preset = preset.map_or_else(|| "?".into(), preset_code);
                format!("w:{}:{preset}:{}", about_code(about), replaces.map_or_else(String::new, |n| n.to_string()))
            }
            Press::RemindAt { about, second, replaces } => {
                format!("@:{}:{second}:{}", about_code(about), replaces.map_or_else(String::new, |n| n.to_string()))
            }
            Press::Zone(zone) => format!("z:{zone}"),
            Press::CancelReminder(number) => format!("k:{number}"),
            Press::Calendar(number) => format!("i:{number}"),
            Press::StartOver => "r".into(),
            Press::Start => "s".into(),
        }
    }

    /// Reads a payload. `None`: forged, or from a version too old.
    pub fn decode(payload: &str) -> Option<Press> {
        let parts: Vec<&str> = payload.split(':').collect();
        let sign = |text: &str| match text {
            "+" => Some(true),
            "-" => Some(false),
            _ => None,
        };
        let seen = |text: &str| u16::from_str_radix(text, 16).ok();
        Some(match parts[..] {
            ["a", question, option, hash] => {
                Press::Answer { question: question.into(), option: option.into(), seen: seen(hash)? }
            }
            ["m", question, option, on] => {
                Press::Pick { question: question.into(), option: option.into(), on: sign(on)? }
            }
            ["f", question] => Press::Finish { question: question.into() },
            ["t", kind, name, on, from] => {
                let item = match kind {
                    "s" => Item::Step(name.into()),
                    "p" => Item::Paper(name.into()),
                    _ => return None,
                };
                Press::Tick { item, on: sign(on)?, from: (!from.is_empty()).then(|| from.into()) }
            }
            ["v", name, id] => Press::Show(Show::from_parts(name, id)?),
            ["y", yes, hash] => Press::Confirm { yes: sign(yes)?, seen: seen(hash)? },
            ["l", language] => Press::Language(language.into()),
            ["x", yes] => Press::Forget { yes: sign(yes)? },
            ["w", about, preset, replaces] => Press::Remind {
                about: about_from(about)?,
                preset: if preset == "?" { None } else { Some(preset_from(preset)?) },
                replaces: number_or_none(replaces)?,
            },
            ["@", about, second, replaces] => Press::RemindAt {
                about: about_from(about)?,
                second: second.parse().ok()?,
                replaces: number_or_none(replaces)?,
            },
            ["z", zone] => Press::Zone(zone.into()),
            ["k", number] => Press::CancelReminder(number.parse().ok()?),
            ["i", number] => Press::Calendar(number.parse().ok()?),
            ["r"] => Press::StartOver,
            ["s"] => Press::Start,
            _ => return None,
        })
    }
}

/// A number, or nothing; `None` when it is neither.
fn number_or_none(text: &str) -> Option<Option<u32>> {
    if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) }
}

fn about_code(about: &About) -> String {
    match about {
        About::Hotline => "h".into(),
        About::Papers => "p".into(),
        About::Step(name) => format!("s.{name}"),
    }
}

fn about_from(code: &str) -> Option<About> {
    match code {
        "h" => Some(About::Hotline),
        "p" => Some(About::Papers),
        code => code.strip_prefix("s.").map(|name| About::Step(name.to_owned())),
    }
}

fn preset_code(preset: Preset) -> String {
    match preset {
        Preset::Hour => "hour".into(),
        Preset::Evening => "evening".into(),
        Preset::Tomorrow => "tomorrow".into(),
        Preset::ThreeDays => "three".into(),
        Preset::Monday => "monday".into(),
        Preset::Days(days) => format!("d{days}"),
    }
}

fn preset_from(code: &str) -> Option<Preset> {
    Some(match code {
        "hour" => Preset::Hour,
        "evening" => Preset::Evening,
        "tomorrow" => Preset::Tomorrow,
        "three" => Preset::ThreeDays,
        "monday" => Preset::Monday,
        code => Preset::Days(code.strip_prefix('d')?.parse().ok()?),
    })
}

impl Show {
    fn parts(&self) -> (&'static str, &str) {
        match self {
            Show::Here => ("here", ""),
            Show::Plan => ("plan", ""),
            Show::Step(id) => ("step", id),
            Show::Why(id) => ("why", id),
            Show::Papers => ("papers", ""),
            Show::Contacts => ("hotline", ""),
            Show::Topics => ("topics", ""),
            Show::Topic(id) => ("topic", id),
            Show::StepSources(id) => ("from", id),
            Show::TopicSources(id) => ("tfrom", id),
            Show::ContactSources => ("cfrom", ""),
            Show::Answers => ("answers", ""),
            Show::Question(id) => ("ask", id),
            Show::WhyAsked(id) => ("asked", id),
            Show::Languages => ("languages", ""),
            Show::Forget => ("forget", ""),
            Show::Help => ("help", ""),
            Show::Card => ("card", ""),
            Show::Pack => ("pack", ""),
            Show::RemindMenu => ("remind", ""),
            Show::Reminders => ("reminders", ""),
            Show::Reminder(id) => ("reminder", id),
            Show::Zones => ("zones", ""),
        }
    }

    fn from_parts(name: &str, id: &str) -> Option<Show> {
        Some(match name {
            "here" => Show::Here,
            "plan" => Show::Plan,
            "step" => Show::Step(id.into()),
            "why" => Show::Why(id.into()),
            "papers" => Show::Papers,
            "hotline" => Show::Contacts,
            "topics" => Show::Topics,
            "topic" => Show::Topic(id.into()),
            "from" => Show::StepSources(id.into()),
            "tfrom" => Show::TopicSources(id.into()),
            "cfrom" => Show::ContactSources,
            "answers" => Show::Answers,
            "ask" => Show::Question(id.into()),
            "asked" => Show::WhyAsked(id.into()),
            "languages" => Show::Languages,
            "forget" => Show::Forget,
            "help" => Show::Help,
            "card" => Show::Card,
            "pack" => Show::Pack,
            "remind" => Show::RemindMenu,
            "reminders" => Show::Reminders,
            "reminder" => Show::Reminder(id.into()),
            "zones" => Show::Zones,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payloads_come_back_as_they_were() {
        let long = "x".repeat(crate::dialogues::graph::MAX_ID_BYTES);
        let presses = [
            Press::Answer { question: long.clone(), option: long.clone(), seen: 0xffff },
            Press::Pick { question: long.clone(), option: long.clone(), on: true },
            Press::Finish { question: long.clone() },
            Press::Tick { item: Item::Step(long.clone()), on: false, from: None },
            Press::Tick { item: Item::Paper(long.clone()), on: true, from: Some(long.clone()) },
            Press::Show(Show::Here),
            Press::Show(Show::Topic(long.clone())),
            Press::Show(Show::WhyAsked(long.clone())),
            Press::Confirm { yes: true, seen: 7 },
            Press::Language("zh-Hans".into()),
            Press::Forget { yes: true },
            Press::Remind {
                about: About::Step(long.clone()),
                preset: Some(Preset::Tomorrow),
                replaces: Some(u32::MAX),
            },
            Press::Remind { about: About::Papers, preset: None, replaces: None },
            Press::Remind { about: About::Hotline, preset: Some(Preset::Days(21)), replaces: None },
            Press::RemindAt {
                about: About::Step(long.clone()),
                second: i64::from(u32::MAX) * 2,
                replaces: Some(u32::MAX),
            },
            Press::Zone(long.clone()),
            Press::CancelReminder(u32::MAX),
            Press::Calendar(1),
            Press::Show(Show::Reminder("7".into())),
            Press::StartOver,
            Press::Start,
        ];
        for press in presses {
            let payload = press.encode();
            assert!((1..=64).contains(&payload.len()), "{payload}");
            assert_eq!(Press::decode(&payload), Some(press));
        }
    }

    #[test]
    fn foreign_payloads_are_refused() {
        for payload in ["", "a", "a:b", "a:b:c:zzzz", "t:q:x:+:", "v:nowhere:", "y:?:0", "x:", "s:s", "\u{1F600}"] {
            assert_eq!(Press::decode(payload), None, "{payload:?}");
        }
    }

    #[test]
    fn numbers_and_codes_are_sensitive() {
        for (text, sensitive) in [
            ("+994 50 123 45 67", true),
            ("验证码 481516", true),
            ("我 2025 年买的", false),
            ("P<AZEMUSTERMANN<<ERIKA", true),
            ("4111-1111-1111-1111", true),
            ("我的卡欠费了", false),
            ("2 AZN", false),
            ("FIN 5ZK1A9B", true),
            ("EB123456", true),
            ("NAXTEL", false),
            ("CHATGPT", false),
        ] {
            assert_eq!(is_sensitive(text), sensitive, "{text}");
        }
    }
}
