//! The time of an event in a column of a table.
//!
//! Invariant: a time is read as what it says, or it is an error; never as something near it.
//!
//! I8: a time with an offset or a time zone means that. Without one it is in the time zone of the
//! heading, else in UTC.

use std::borrow::Cow;

use jiff::civil::DateTime;
use jiff::fmt::temporal::Pieces;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

/// The column of the time.
const NAME: &str = "createdTime";

/// The time zone of times that name none, if `heading` is that of the time: `createdTime`, or with
/// a zone or an offset behind it, like `createdTime (Europe/Berlin)`.
pub(crate) fn zone_of_heading(heading: &str) -> Option<TimeZone> {
    let (name, rest) = heading.split_at_checked(NAME.len())?;
    if !name.eq_ignore_ascii_case(NAME) {
        return None;
    }
    if rest.is_empty() {
        return Some(TimeZone::UTC);
    }
    let zone = rest.strip_prefix([' ', '(', '[', '_'])?.trim_matches([' ', '(', ')', '[', ']']);
    let offset = || Pieces::parse(&format!("2000-01-01T00:00{zone}")).ok()?.to_numeric_offset();
    TimeZone::get(zone).ok().or_else(|| offset().map(Offset::to_time_zone))
}

/// A time in epoch milliseconds: a date and a time of day, or epoch milliseconds already.
///
/// # Errors
/// When the text is no time, or does not say which.
pub(crate) fn epoch_ms(text: &str, zone: &TimeZone) -> Result<i64, String> {
    let wrong = |why: &str| format!("the column `{NAME}` holds {text:?}, {why}");
    if let Some(number) = whole_number(text) {
        return Ok(number);
    }
    if text.contains(['e', 'E']) && text.parse::<f64>().is_ok() {
        return Err(wrong(
            "a number whose last digits a spreadsheet has cut off: export the column as text",
        ));
    }
    let joined = joined(text);
    let pieces = Pieces::parse(&*joined).map_err(|_| {
        wrong("not a time like 2022-10-14 18:34:03.000, with or without an offset like +02:00")
    })?;
    let time = pieces.time().ok_or_else(|| wrong("a date without a time"))?;
    let civil = DateTime::from_parts(pieces.date(), time);
    let own_zone = pieces.to_time_zone().map_err(|error| wrong(&error.to_string()))?;
    let offset = match (pieces.to_numeric_offset(), own_zone.as_ref().unwrap_or(zone)) {
        (Some(offset), _) => offset,
        (None, zone) => match zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { .. } => {
                return Err(wrong("which clocks skipped that day: give an offset like +02:00"));
            }
            AmbiguousOffset::Fold { .. } => {
                return Err(wrong("which was there twice that day: give an offset like +02:00"));
            }
        },
    };
    let timestamp = offset.to_timestamp(civil).map_err(|error| wrong(&error.to_string()))?;
    Ok(timestamp.as_millisecond())
}

/// The number in a text of digits; a fraction may follow if it is zero.
fn whole_number(text: &str) -> Option<i64> {
    let (digits, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_whole = digits.bytes().all(|byte| byte.is_ascii_digit());
    (is_whole && fraction.bytes().all(|byte| byte == b'0')).then(|| digits.parse().ok())?
}

/// The text in the form of ISO 8601: an offset or a zone follows the time directly, a zone in brackets.
fn joined(text: &str) -> Cow<'_, str> {
    match text.rsplit_once(' ') {
        Some((time, offset)) if offset.starts_with(['+', '-', 'Z', 'z']) && offset.len() < 10 => {
            format!("{}{offset}", time.trim_end()).into()
        }
        Some((time, zone)) if zone.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            format!("{}[{zone}]", time.trim_end()).into()
        }
        Some(_) | None => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    fn read(text: &str, heading: &str) -> String {
        match epoch_ms(text, &zone_of_heading(heading).unwrap()) {
            Ok(ms) => Timestamp::from_millisecond(ms).unwrap().to_string(),
            Err(error) => error,
        }
    }

    /// I8.
    #[test]
    fn a_time_means_its_offset_or_its_zone_or_that_of_the_heading() {
        let (plain, berlin) = ("createdTime", "createdTime (Europe/Berlin)");
        for (text, heading, expected) in [
            ("2022-10-14 18:34:03.250", plain, "2022-10-14T18:34:03.25Z"),
            ("2022-10-14 18:34:03", plain, "2022-10-14T18:34:03Z"),
            ("2022-10-14 18:34", plain, "2022-10-14T18:34:00Z"),
            ("2022-10-14 18:34:03,250", plain, "2022-10-14T18:34:03.25Z"),
            ("2022-10-14T18:34:03.250999Z", plain, "2022-10-14T18:34:03.25Z"),
            ("2022-10-14T18:34:03+02:00", plain, "2022-10-14T16:34:03Z"),
            ("2022-10-14 18:34:03.250-0500", plain, "2022-10-14T23:34:03.25Z"),
            ("2022-10-14 18:34:03 +0530", plain, "2022-10-14T13:04:03Z"),
            ("2022-10-14 18:34:03-05", plain, "2022-10-14T23:34:03Z"),
            ("2022-10-14 18:34:03 Z", plain, "2022-10-14T18:34:03Z"),
            ("2022-10-14 18:34:03 UTC", plain, "2022-10-14T18:34:03Z"),
            ("2022-10-14 18:34:03.000 America/New_York", plain, "2022-10-14T22:34:03Z"),
            ("2022-10-14T18:34:03+02:00[Europe/Berlin]", plain, "2022-10-14T16:34:03Z"),
            ("2022-10-14 18:34:03", berlin, "2022-10-14T16:34:03Z"),
            ("2022-12-14 18:34:03", berlin, "2022-12-14T17:34:03Z"),
            ("2022-10-14 18:34:03Z", berlin, "2022-10-14T18:34:03Z"),
            ("2022-10-14 18:34:03", "createdTime (UTC)", "2022-10-14T18:34:03Z"),
            ("2022-10-14 18:34:03", "createdTime_utc", "2022-10-14T18:34:03Z"),
            ("2022-10-14 18:34:03", "createdTime [+05:30]", "2022-10-14T13:04:03Z"),
            // The night in which clocks go back has an hour twice.
            ("2022-10-30 02:30:00+02:00", berlin, "2022-10-30T00:30:00Z"),
            ("2022-10-30 02:30:00+01:00", berlin, "2022-10-30T01:30:00Z"),
            ("2022-10-30 02:30:00", plain, "2022-10-30T02:30:00Z"),
            ("1665772443250", berlin, "2022-10-14T18:34:03.25Z"),
            ("1665772443250.0", plain, "2022-10-14T18:34:03.25Z"),
        ] {
            assert_eq!(read(text, heading), expected, "{text} under {heading}");
        }
    }

    /// I8.
    #[test]
    fn what_does_not_say_which_time_it_means_is_an_error() {
        let (plain, berlin) = ("createdTime", "createdTime (Europe/Berlin)");
        for (text, heading, expected) in [
            ("yesterday", plain, "not a time like 2022-10-14 18:34:03.000"),
            ("10/14/2022 6:34 PM", plain, "not a time like"),
            ("18:34:03", plain, "not a time like"),
            ("2022-10-14 18:34:03 o'clock", plain, "not a time like"),
            ("1665772443250.5", plain, "not a time like"),
            ("1,665,772,443,250", plain, "not a time like"),
            ("2022-10-14", plain, "a date without a time"),
            ("1.66577E+12", plain, "a number whose last digits a spreadsheet has cut off"),
            ("1.665772443250e12", plain, "a number whose last digits a spreadsheet has cut off"),
            ("2022-10-14 18:34:03 CEST", plain, "CEST"),
            ("2022-10-30 02:30:00", berlin, "which was there twice that day"),
            ("2022-03-27 02:30:00", berlin, "which clocks skipped that day"),
        ] {
            let said = read(text, heading);
            assert!(
                said.starts_with(&format!("the column `createdTime` holds {text:?}")),
                "{said}"
            );
            assert!(said.contains(expected), "{text} under {heading}: {said}");
        }
    }

    #[test]
    fn other_headings_are_other_columns() {
        for heading in ["created", "createdTimes", "createdTime (local)", "createdTime2"] {
            assert!(zone_of_heading(heading).is_none(), "{heading}");
        }
    }
}
