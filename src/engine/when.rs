//! Times that a person types ("明天10点", "in 2 hours", "12-01 09:30"), and the instants they mean.
//!
//! The words are content (`time-…` in the common files); the grammar is here. Nothing asks the clock: `now` is handed in.

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::dialogues::words::{Lexicon, TimeWord};

/// The farthest reminder. A plan that waits longer is not one; idle sessions do not live much longer either.
const MAX_DAYS: i32 = 366;

/// When a day begins that was named without an hour: early, and after the quiet hours.
const MORNING: i8 = 9;
const NOON: i8 = 12;
const AFTERNOON: i8 = 15;
const EVENING: i8 = 19;

/// No sound at night for what the person did not set to the minute: from 22:00 to 08:00 in their zone.
const QUIET_FROM: i8 = 22;
const QUIET_UNTIL: i8 = 8;

/// When a reminder is due. A civil time follows the person's zone and its daylight saving; a span from now does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// Seconds since 1970.
    Instant(i64),
    Civil(DateTime),
}

/// A time to be reminded at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub when: When,
    /// The person set it to the minute, so quiet hours do not move it.
    pub exact: bool,
}

/// Why a time cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimeError {
    Past,
    /// The calendar has no such day: 30 February.
    NoSuchDay,
    /// The clock has no such time: 25:00.
    NoSuchTime,
    TooFar,
    /// It could be any of these; seconds since 1970.
    Ambiguous(Vec<i64>),
}

/// The times offered as buttons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preset {
    Hour,
    Evening,
    Tomorrow,
    ThreeDays,
    Monday,
    /// So many days from now, in the morning.
    Days(u8),
}

impl Due {
    /// The instant it falls on. A time that daylight saving skips falls right after the gap.
    pub fn instant(&self, zone: &TimeZone) -> Timestamp {
        let civil = match self.when {
            When::Instant(second) => {
                let instant = Timestamp::from_second(second).unwrap_or(Timestamp::MAX);
                if self.exact {
                    return instant;
                }
                instant.to_zoned(zone.clone()).datetime()
            }
            When::Civil(civil) => civil,
        };
        let civil = if self.exact { civil } else { after_quiet_hours(civil) };
        civil.to_zoned(zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }
}

fn after_quiet_hours(civil: DateTime) -> DateTime {
    let morning = civil.with().hour(QUIET_UNTIL).minute(0).second(0).subsec_nanosecond(0).build().unwrap_or(civil);
    match civil.hour() {
        hour if hour < QUIET_UNTIL => morning,
        hour if hour >= QUIET_FROM => morning.checked_add(1.day()).unwrap_or(morning),
        _ => civil,
    }
}

/// The time that a button means in `zone`.
pub fn preset(preset: Preset, now: Timestamp, zone: &TimeZone) -> Due {
    let today = now.to_zoned(zone.clone());
    let date = today.date();
    let morning = |days: i64| date.saturating_add(days.days()).at(MORNING, 0, 0, 0);
    let civil = match preset {
        Preset::Hour => {
            let when = When::Instant(now.as_second() + 3600);
            return Due { when, exact: false };
        }
        Preset::Evening if today.hour() < EVENING => date.at(EVENING, 0, 0, 0),
        Preset::Evening => date.saturating_add(1.day()).at(EVENING, 0, 0, 0),
        Preset::Tomorrow => morning(1),
        Preset::ThreeDays => morning(3),
        Preset::Monday => next_weekday(date, Weekday::Monday, false).at(MORNING, 0, 0, 0),
        Preset::Days(days) => morning(i64::from(days)),
    };
    Due { when: When::Civil(civil), exact: false }
}

/// The next such weekday after a date; `next` means the one in the next week ("next Friday").
fn next_weekday(date: Date, weekday: Weekday, next: bool) -> Date {
    let monday = date.saturating_sub(i64::from(date.weekday().to_monday_zero_offset()).days());
    let this_week = monday.saturating_add(i64::from(weekday.to_monday_zero_offset()).days());
    if next || this_week <= date { this_week.saturating_add(1.week()) } else { this_week }
}

/// What a reminder typed together with its time is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    Hotline,
    Papers,
}

/// A time as it was typed, not yet placed in a zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Typed {
    spans: Vec<(i64, TimeWord)>,
    negative: bool,
    /// "in", "+" or "later" makes a span of time a time.
    marked: bool,
    date: Option<(Option<i16>, i8, i8)>,
    days: Option<i64>,
    weekday: Option<(Weekday, bool)>,
    part: Option<TimeWord>,
    time: Option<(i8, i8)>,
    half_of_day: Option<TimeWord>,
    /// "Remind me" stands there.
    reminds: bool,
    pub about: Option<Subject>,
}

impl Typed {
    /// Whether this is a wish by itself, or a time only in reply to "when?".
    pub fn is_wish(&self) -> bool {
        self.reminds || self.time.is_some() || self.date.is_some() || (self.marked && !self.spans.is_empty())
    }

    /// Whether the person's zone decides what it means.
    pub fn needs_zone(&self) -> bool {
        let small = |(_, unit): &(i64, TimeWord)| matches!(unit, TimeWord::Second | TimeWord::Minute | TimeWord::Hour);
        self.spans.is_empty() || !self.spans.iter().all(small)
    }
}

/// A piece of a typed time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    Number(i64),
    Mark(char),
    Word(TimeWord),
}

/// Reads a text in normal form. `None`: it says something else, or something besides a time.
pub fn parse_typed(lexicon: &Lexicon, text: &str) -> Option<Typed> {
    parse(&tokens(lexicon, text)?)
}

fn tokens(lexicon: &Lexicon, text: &str) -> Option<Vec<Token>> {
    /// More tokens than any time has: a wall of digits is not looked at.
    const MAX_TOKENS: usize = 16;
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if tokens.len() > MAX_TOKENS {
            return None;
        }
        if letter == ' ' {
            rest = &rest[1..];
        } else if letter.is_ascii_digit() {
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            tokens.push(Token::Number(rest[..end].parse().ok()?));
            rest = &rest[end..];
        } else if matches!(letter, ':' | '-' | '/' | '+') {
            tokens.push(Token::Mark(letter));
            rest = &rest[1..];
        } else {
            let (word, length) = lexicon.time_word(rest)?;
            match word {
                TimeWord::Number(number) => tokens.push(Token::Number(i64::from(number))),
                word => tokens.push(Token::Word(word)),
            }
            rest = &rest[length..];
        }
    }
    Some(tokens)
}

fn parse(tokens: &[Token]) -> Option<Typed> {
    let mut typed = Typed::default();
    let mut rest = tokens;
    while !rest.is_empty() {
        let is_first = rest.len() == tokens.len();
        let used =
            match typed.take_date(rest).or_else(|| typed.take_time_of_day(rest)).or_else(|| typed.take_span(rest)) {
                Some(used) => used,
                None => typed.take_single(rest, is_first)?,
            };
        rest = &rest[used..];
    }
    typed.settle_hours();
    typed.says_when().then_some(typed)
}

/// A number as a part of a time. One that is too large is no time, and is refused as such later.
fn small(number: i64) -> i8 {
    i8::try_from(number).unwrap_or(i8::MAX)
}

/// Each takes what stands at the beginning of some tokens, and returns how many it took; `None`: something else stands there.
impl Typed {
    fn take_date(&mut self, tokens: &[Token]) -> Option<usize> {
        use TimeWord::{Day, Month, MonthDay};
        use Token::{Mark, Number, Word};
        let (date, used) = match tokens {
            [Number(y), Mark('-' | '/'), Number(m), Mark('-' | '/'), Number(d), ..] => {
                ((Some(i16::try_from(*y).unwrap_or(i16::MAX)), small(*m), small(*d)), 5)
            }
            [Number(m), Mark('-' | '/'), Number(d), ..] => ((None, small(*m), small(*d)), 3),
            [Number(m), Word(Month), Number(d), Word(MonthDay | Day), ..] => ((None, small(*m), small(*d)), 4),
            _ => return None,
        };
        self.date = Some(date);
        Some(used)
    }

    fn take_time_of_day(&mut self, tokens: &[Token]) -> Option<usize> {
        use TimeWord::{Am, Half, Hour, Minute, Oclock, Pm};
        use Token::{Mark, Number, Word};
        let (time, used) = match tokens {
            [Number(h), Mark(':'), Number(m), ..] => ((small(*h), small(*m)), 3),
            [Number(h), Word(Oclock), Word(Half), ..] => ((small(*h), 30), 3),
            [Number(h), Word(Oclock), Number(m), Word(Minute), ..] => ((small(*h), small(*m)), 4),
            [Number(h), Word(Oclock), Number(m)] => ((small(*h), small(*m)), 3),
            [Number(h), Word(Oclock), ..] => ((small(*h), 0), 2),
            [Number(h), Word(half @ (Am | Pm)), ..] => {
                self.half_of_day = Some(*half);
                ((small(*h), 0), 2)
            }
            // "Saat 10": the word for hour before the number is a time of day.
            [Word(Hour), Number(h), Mark(':'), Number(m), ..] => ((small(*h), small(*m)), 4),
            [Word(Hour), Number(h), ..] => ((small(*h), 0), 2),
            _ => return None,
        };
        self.time = Some(time);
        Some(used)
    }

    fn take_span(&mut self, tokens: &[Token]) -> Option<usize> {
        use TimeWord::{Day, Half, Hour, Minute, Second, Week};
        use Token::{Number, Word};
        let span = match tokens {
            [Number(n), Word(unit @ (Second | Minute | Hour | Day | Week)), ..] => (*n, *unit),
            [Word(Half), Word(Hour), ..] => (30, Minute),
            _ => return None,
        };
        self.spans.push(span);
        Some(2)
    }

    /// One token: a bare hour beside a day, a sign at the beginning, or a word.
    fn take_single(&mut self, tokens: &[Token], is_first: bool) -> Option<usize> {
        use Token::{Mark, Number, Word};
        match tokens {
            [Number(h), ..] if self.names_day() && self.time.is_none() => self.time = Some((small(*h), 0)),
            [Mark('+'), ..] if is_first => self.marked = true,
            [Mark('-'), ..] if is_first => {
                self.negative = true;
                self.marked = true;
            }
            [Word(word), ..] => self.take_word(*word)?,
            _ => return None,
        }
        Some(1)
    }

    fn take_word(&mut self, word: TimeWord) -> Option<()> {
        use TimeWord::{
            AfterTomorrow, Afternoon, Am, Evening, Filler, Hotline, In, Later, Morning, Next, Noon, Papers, Pm, Remind,
            Today, Tomorrow, Week,
        };
        match word {
            In | Later => self.marked = true,
            Today => self.days = Some(0),
            Tomorrow => self.days = Some(1),
            AfterTomorrow => self.days = Some(2),
            part @ (Morning | Noon | Afternoon | Evening) => self.part = Some(part),
            half @ (Am | Pm) => self.half_of_day = Some(half),
            TimeWord::Weekday(day) => {
                let next = self.weekday.is_some_and(|(_, next)| next);
                self.weekday = Some((Weekday::from_monday_one_offset(day).ok()?, next));
            }
            Next => self.weekday = Some((Weekday::Monday, true)),
            // "Next week": its Monday.
            Week if self.weekday.is_some() => {}
            Remind => self.reminds = true,
            Hotline => self.about = Some(Subject::Hotline),
            Papers => self.about = Some(Subject::Papers),
            Filler => {}
            _ => return None,
        }
        Some(())
    }

    /// "Tomorrow at 9 hours", as some languages say it: beside a day, hours are a time of day.
    fn settle_hours(&mut self) {
        use TimeWord::{Hour, Minute};
        if self.marked || self.time.is_some() || !(self.names_day() || self.part.is_some()) {
            return;
        }
        self.time = match self.spans[..] {
            [(hour, Hour)] => Some((small(hour), 0)),
            [(hour, Hour), (minute, Minute)] => Some((small(hour), small(minute))),
            _ => return,
        };
        self.spans.clear();
    }

    fn names_day(&self) -> bool {
        self.days.is_some() || self.weekday.is_some() || self.date.is_some()
    }

    /// Whether there is a time in it at all.
    fn says_when(&self) -> bool {
        !self.spans.is_empty() || self.names_day() || self.part.is_some() || self.time.is_some()
    }
}

/// What a typed time means now in `zone`.
pub fn resolve(typed: &Typed, now: Timestamp, zone: &TimeZone) -> Result<Due, TimeError> {
    let due = if typed.spans.is_empty() { resolve_civil(typed, now, zone)? } else { resolve_span(typed, now, zone)? };
    let instant = due.instant(zone);
    if instant <= now {
        return Err(TimeError::Past);
    }
    if instant.as_second() - now.as_second() > i64::from(MAX_DAYS) * 24 * 3600 {
        return Err(TimeError::TooFar);
    }
    Ok(due)
}

fn resolve_span(typed: &Typed, now: Timestamp, zone: &TimeZone) -> Result<Due, TimeError> {
    if typed.negative {
        return Err(TimeError::Past);
    }
    let (mut seconds, mut days) = (0i64, 0i64);
    for (number, unit) in &typed.spans {
        let (target, factor) = match unit {
            TimeWord::Second => (&mut seconds, 1),
            TimeWord::Minute => (&mut seconds, 60),
            TimeWord::Hour => (&mut seconds, 3600),
            TimeWord::Week => (&mut days, 7),
            _ => (&mut days, 1),
        };
        *target = number.checked_mul(factor).and_then(|more| target.checked_add(more)).ok_or(TimeError::TooFar)?;
    }
    let far = i64::from(MAX_DAYS);
    if days > far || seconds > far * 24 * 3600 {
        return Err(TimeError::TooFar);
    }
    if days == 0 {
        // Kept in whole seconds: rather a moment late than early.
        let whole = now.as_second() + i64::from(now.subsec_nanosecond() > 0);
        return Ok(Due { when: When::Instant(whole + seconds), exact: true });
    }
    // "In three days" is a day, not an hour: its morning, unless an hour is named.
    let date = now.to_zoned(zone.clone()).date().saturating_add(days.days());
    let (time, exact) = time_of_day(typed)?.unwrap_or((morning(), false));
    let civil = date.to_datetime(time).saturating_add(Span::new().try_seconds(seconds).unwrap_or_default());
    Ok(Due { when: When::Civil(civil), exact })
}

fn morning() -> Time {
    Time::constant(MORNING, 0, 0, 0)
}

/// The time of day that was named, and whether to the minute.
fn time_of_day(typed: &Typed) -> Result<Option<(Time, bool)>, TimeError> {
    let Some((hour, minute)) = typed.time else {
        let hour = match typed.part {
            Some(TimeWord::Morning) => MORNING,
            Some(TimeWord::Noon) => NOON,
            Some(TimeWord::Afternoon) => AFTERNOON,
            Some(TimeWord::Evening) => EVENING,
            _ => return Ok(None),
        };
        return Ok(Some((Time::constant(hour, 0, 0, 0), false)));
    };
    let after_noon = matches!(typed.half_of_day, Some(TimeWord::Pm))
        || matches!(typed.part, Some(TimeWord::Afternoon | TimeWord::Evening));
    let before_noon = matches!(typed.half_of_day, Some(TimeWord::Am));
    let hour = match hour {
        12 if before_noon => 0,
        1..12 if after_noon => hour + 12,
        hour => hour,
    };
    let time = Time::new(hour, minute, 0, 0).map_err(|_| TimeError::NoSuchTime)?;
    Ok(Some((time, true)))
}

fn resolve_civil(typed: &Typed, now: Timestamp, zone: &TimeZone) -> Result<Due, TimeError> {
    let here = now.to_zoned(zone.clone());
    let today = here.date();
    let named = time_of_day(typed)?;
    let (time, exact) = named.unwrap_or((morning(), false));
    let at = |date: Date| Due { when: When::Civil(date.to_datetime(time)), exact };
    if let Some((year, month, day)) = typed.date {
        if let Some(year) = year {
            return Date::new(year, month, day).map(at).map_err(|_| TimeError::NoSuchDay);
        }
        // Without a year it is the next such day; 29 February may have to wait for its year.
        let next = (0..=4).filter_map(|years| Date::new(today.year() + years, month, day).ok());
        let future = |date: &Date| at(*date).instant(zone) > now;
        return next.into_iter().find(future).map(at).ok_or(TimeError::NoSuchDay);
    }
    if let Some((weekday, next)) = typed.weekday {
        return Ok(at(next_weekday(today, weekday, next)));
    }
    if let Some(days) = typed.days {
        return Ok(at(today.saturating_add(days.days())));
    }
    // Only a time of day: today if that is still to come. "8" said at 9 may be this evening or tomorrow morning.
    if at(today).instant(zone) > now {
        return Ok(at(today));
    }
    let tomorrow = at(today.saturating_add(1.day()));
    let half_is_open = typed.half_of_day.is_none() && typed.part.is_none() && time.hour() < NOON;
    let evening = Time::new(time.hour() + NOON, time.minute(), 0, 0).ok().filter(|_| half_is_open);
    let evening = evening.map(|time| Due { when: When::Civil(today.to_datetime(time)), exact });
    match evening.filter(|due| due.instant(zone) > now) {
        Some(evening) => {
            let instants = [evening, tomorrow].map(|due| due.instant(zone).as_second());
            Err(TimeError::Ambiguous(instants.to_vec()))
        }
        None => Ok(tomorrow),
    }
}
