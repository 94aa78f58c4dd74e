//! From typed words to what they mean, and from a button's payload to what it does.

use super::recover;
use super::session::Pending;
use super::when::{self, Typed};
use super::{Press, Show, StepContext};
use crate::dialogues::graph::{OptionSet, Situation};
use crate::dialogues::words::{Found, Meaning, normal};

/// So many digits in one message are a telephone, document or card number.
const SENSITIVE_DIGITS: usize = 7;

/// So many digits in a row are a code.
const SENSITIVE_RUN: usize = 5;

/// So many are a code where the text speaks of one.
const SECRET_RUN: usize = 4;

/// How long the numbers of documents are that mix capitals and digits: an Azerbaijani FIN has seven characters, passports
/// eight or nine.
const DOCUMENT_NUMBER: std::ops::RangeInclusive<usize> = 7..=10;

/// The fillers in the machine-readable lines of a passport, and how many of them no sentence contains.
const PASSPORT_FILLER: &str = "<<";

/// The most redeem_limiter offered after "did you mean".
const MAX_GUESSES: usize = 3;

/// What typed words mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meant {
    Command(Press),
    UnknownCommand,
    /// A deep link, as a position in the graph's links.
    Link(usize),
    /// What should be a recovery code is none.
    CodeMisread,
    Yes,
    No,
    /// The next step is done.
    Done,
    Answers {
        answers: Vec<(usize, OptionSet)>,
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
pub fn understand(known: &StepContext, situation: &Situation, pending: Option<&Pending>, text: &str) -> Meant {
    if let Some(command) = text.trim().strip_prefix('/') {
        return command_meant(known, command).unwrap_or(Meant::UnknownCommand);
    }
    let mut sensitive = is_sensitive(text);
    let text = normal(text);
    sensitive |= longest_run(&text) >= SECRET_RUN && known.lexicons.iter().any(|words| words.speaks_of_secrets(&text));
    // A date and a time may have as many digits as a telephone number, so they are looked for first.
    let asked_when = matches!(pending, Some(Pending::When { .. } | Pending::Zone { .. }));
    let time = known.lexicons.iter().find_map(|lexicon| when::parse_typed(lexicon, &text));
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
        if let Some(meant) = lexicon.command(&text).and_then(|name| command_meant(known, name)) {
            return meant;
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
fn ordinal(known: &StepContext, situation: &Situation, text: &str) -> Option<Meant> {
    let question = situation.next?;
    let number: usize = text.parse().ok()?;
    let options = known.graph.questions[question].options.len();
    (1..=options)
        .contains(&number)
        .then(|| Meant::Answers { answers: vec![(question, 1 << (number - 1))], topic: None })
}

/// The phrases of a sentence in every language. What the person's own language says counts; the others add to it.
fn find_in_all(known: &StepContext, text: &str) -> Vec<Found> {
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
fn from_phrases(known: &StepContext, situation: &Situation, found: Vec<Found>, asks: bool) -> Option<Meant> {
    let mut topic = None;
    let mut answers: Vec<(usize, OptionSet)> = Vec::new();
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
        |(question, options): &(usize, OptionSet)| known.graph.questions[*question].complete(*options) != *options;
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

/// The recovery code that a text hands in: `/restore CODE`, or the bare code.
pub(super) fn handed_in_code(text: &str) -> Option<String> {
    let text = text.trim();
    match text.strip_prefix('/') {
        Some(command) => {
            let (name, argument) = split_command(command);
            if name == "restore" { recover::parse_code(argument) } else { None }
        }
        // Sixteen digits are a bank card, and no code that chance is likely to spell.
        None if text.contains(|letter: char| letter.is_ascii_alphabetic()) => recover::parse_code(text),
        None => None,
    }
}

/// A command without its slash: the name in lower case, without `@bot`, and what follows.
fn split_command(command: &str) -> (String, &str) {
    let (name, argument) = command.split_once(char::is_whitespace).unwrap_or((command, ""));
    (name.split('@').next().unwrap_or("").to_ascii_lowercase(), argument.trim())
}

/// What a command means; the slash is gone, `@bot` and arguments may follow. `None`: there is no such command.
fn command_meant(known: &StepContext, command: &str) -> Option<Meant> {
    let (name, argument) = split_command(command);
    let show = |show| Some(Meant::Command(Press::Show(show)));
    match name.as_str() {
        "start" => {
            let link = known.graph.links.iter().position(|link| link.id.answers_to(argument));
            Some(link.map_or(Meant::Command(Press::Start), Meant::Link))
        }
        // With a code it would not have come here.
        "restore" => Some(Meant::CodeMisread),
        "plan" => show(Show::Plan),
        "papers" => show(Show::Papers),
        "hotline" => show(Show::Contacts),
        "card" => show(Show::Card),
        "pack" => show(Show::Pack),
        "remind" => show(Show::RemindMenu),
        "reminders" => show(Show::Reminders),
        "timezone" => show(Show::Zones),
        "topics" => show(Show::Topics),
        "answers" => show(Show::Answers),
        "language" => show(Show::Languages),
        "code" => show(Show::Code),
        "export" => show(Show::Export),
        "forget" => show(Show::Forget),
        "help" => show(Show::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
