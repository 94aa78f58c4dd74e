//! One reminder as a calendar file (RFC 5545). Times are in UTC, which every calendar shows in its own zone.

use jiff::Timestamp;

/// The format of a time in UTC (RFC 5545, 3.3.5, form 2).
const UTC: &str = "%Y%m%dT%H%M%SZ";

/// How long the event takes in the calendar: a call, or a look through the papers.
const DURATION: &str = "PT30M";

/// The longest line, in bytes without its end (RFC 5545, 3.1).
const MAX_LINE_BYTES: usize = 75;

/// A calendar event.
pub struct CalendarEvent<'a> {
    pub number: u32,
    pub title: &'a str,
    pub details: &'a str,
    pub instant: Timestamp,
    /// When the file is made.
    pub now: Timestamp,
}

/// The text of the file.
pub fn write(event: &CalendarEvent) -> String {
    let (title, details) = (escape(event.title), escape(event.details));
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".into(),
        "PRODID:-//simoff//simoff//EN".into(),
        "BEGIN:VEVENT".into(),
        format!("UID:{}-{}@simoff", event.number, event.instant.as_second()),
        format!("DTSTAMP:{}", event.now.strftime(UTC)),
        format!("DTSTART:{}", event.instant.strftime(UTC)),
        format!("DURATION:{DURATION}"),
        format!("SUMMARY:{title}"),
        format!("DESCRIPTION:{details}"),
        "BEGIN:VALARM".into(),
        "ACTION:DISPLAY".into(),
        "TRIGGER:PT0S".into(),
        format!("DESCRIPTION:{title}"),
        "END:VALARM".into(),
        "END:VEVENT".into(),
        "END:VCALENDAR".into(),
    ];
    lines.iter().map(|line| fold(line)).collect()
}

/// Text as RFC 5545 (3.3.11) wants it.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

/// A line with its end, broken where it is too long: a continuation begins with a space.
fn fold(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut remaining = MAX_LINE_BYTES;
    for letter in line.chars() {
        if letter.len_utf8() > remaining {
            out.push_str("\r\n ");
            remaining = MAX_LINE_BYTES - 1;
        }
        out.push(letter);
        remaining -= letter.len_utf8();
    }
    out.push_str("\r\n");
    out
}
