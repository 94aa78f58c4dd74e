//! One reminder as a calendar file (RFC 5545), which any calendar can take.
//!
//! Written by hand: the `icalendar` crate cannot describe a time zone, which RFC 5545 (3.2.19) demands where one is named.

use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How long the entry takes in the calendar: a call, or a look through the papers.
const DURATION: &str = "PT30M";

/// The longest line, in bytes without its end (RFC 5545, 3.1).
const MAX_LINE_BYTES: usize = 75;

/// What the entry says.
pub struct CalendarEvent<'a> {
    pub number: u32,
    pub title: &'a str,
    pub details: &'a str,
    pub instant: Timestamp,
    pub zone: &'a TimeZone,
    /// When the file is made.
    pub now: Timestamp,
}

/// The file.
pub fn write(entry: &CalendarEvent) -> String {
    let here = entry.instant.to_zoned(entry.zone.clone());
    let zone = entry.zone.iana_name().unwrap_or("UTC");
    let offset = here.strftime("%z").to_string();
    let (title, details) = (escape(entry.title), escape(entry.details));
    let lines = [
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".into(),
        "PRODID:-//simoff//simoff//EN".into(),
        // One entry needs one offset only: the one of its day.
        "BEGIN:VTIMEZONE".into(),
        format!("TZID:{zone}"),
        "BEGIN:STANDARD".into(),
        "DTSTART:19700101T000000".into(),
        format!("TZOFFSETFROM:{offset}"),
        format!("TZOFFSETTO:{offset}"),
        "END:STANDARD".into(),
        "END:VTIMEZONE".into(),
        "BEGIN:VEVENT".into(),
        format!("UID:{}-{}@simoff", entry.number, entry.instant.as_second()),
        format!("DTSTAMP:{}", entry.now.strftime("%Y%m%dT%H%M%SZ")),
        format!("DTSTART;TZID={zone}:{}", here.strftime("%Y%m%dT%H%M%S")),
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
    let mut room = MAX_LINE_BYTES;
    for letter in line.chars() {
        if letter.len_utf8() > room {
            out.push_str("\r\n ");
            room = MAX_LINE_BYTES - 1;
        }
        out.push(letter);
        room -= letter.len_utf8();
    }
    out.push_str("\r\n");
    out
}
