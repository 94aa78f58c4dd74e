//! What a button does, and its payload: at most 64 bytes there and back (Bot API: callback_data, 1–64 bytes).

use super::session::{About, Item};
use super::when::Preset;
use crate::dialogues::graph::MAX_ID_BYTES;

/// What a button does. Ids are kept as text, because a button may be older than the dialogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Answer a question; `seen` is the fingerprint of the answers it was shown with.
    Answer {
        question: String,
        option: String,
        seen: u16,
    },
    /// Pick or drop one option of a question that takes several. Names the state to reach, so a double tap is harmless.
    Pick {
        question: String,
        option: String,
        on: bool,
    },
    /// The picked options are the answer.
    Finish {
        question: String,
    },
    /// Tick or untick. `from`: the step on whose screen a paper was ticked.
    Tick {
        item: Item,
        on: bool,
        from: Option<String>,
    },
    /// Show something.
    Show(Show),
    /// Apply or drop the change that waits for a yes; `seen` ties it to the answers for which it was asked.
    Confirm {
        yes: bool,
        seen: u16,
    },
    /// Speak this language.
    Language(String),
    /// Answer to "delete everything?".
    Forget {
        yes: bool,
    },
    /// Be reminded; without a time, ask for it. `replaces`: the reminder to move.
    Remind {
        about: About,
        preset: Option<Preset>,
        replaces: Option<u32>,
    },
    /// Be reminded at an instant, in seconds since 1970: one of the times that typed words could mean.
    RemindAt {
        about: About,
        second: i64,
        replaces: Option<u32>,
    },
    /// This is where I am.
    Zone(String),
    CancelReminder(u32),
    /// A reminder as a calendar file.
    Calendar(u32),
    /// Drop all answers and ticks.
    StartOver,
    /// Begin, or go on.
    Start,
}

/// Screens that a button or a command can ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Show {
    /// The question to answer now, or the plan.
    Here,
    Plan,
    Step(String),
    Why(String),
    Papers,
    Contacts,
    Topics,
    Topic(String),
    /// Where the facts of a step come from.
    StepSources(String),
    /// Where the facts of a topic come from.
    TopicSources(String),
    /// Where the contacts come from.
    ContactSources,
    Answers,
    Question(String),
    WhyAsked(String),
    Languages,
    Forget,
    Help,
    RemindMenu,
    Reminders,
    Reminder(String),
    Zones,
    /// The card for the counter.
    Card,
    /// The plan as a file.
    Pack,
    /// A new recovery code.
    Code,
    /// Everything that is stored, as a file.
    Export,
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
        // What we wrote has ids of at most this length, one of them after two letters that say what it is. Anything longer
        // would come back in a button that Telegram refuses.
        if parts.iter().any(|part| part.len() > MAX_ID_BYTES + 2) {
            return None;
        }
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
            Show::Code => ("code", ""),
            Show::Export => ("export", ""),
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
            "code" => Show::Code,
            "export" => Show::Export,
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
        let long = "x".repeat(MAX_ID_BYTES);
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
        let long = format!("w:s.{}:?:", "x".repeat(MAX_ID_BYTES + 1));
        for payload in
            [long.as_str(), "", "a", "a:b", "a:b:c:zzzz", "t:q:x:+:", "v:nowhere:", "y:?:0", "x:", "s:s", "\u{1F600}"]
        {
            assert_eq!(Press::decode(payload), None, "{payload:?}");
        }
    }
}
