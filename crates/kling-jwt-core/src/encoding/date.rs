//! Dates in UTC: parses a response's `Date` header, and writes times for people.

use core::fmt;

use crate::encoding::{
    buffer::Writer,
    chars::{ascii, digits},
};

/// The last second of the year 9999, the latest time that [`unix_seconds`](crate::unix_seconds)
/// accepts.
pub const MAX_UNIX_SECONDS: u64 = 253_402_300_799;

/// Parses an HTTP date in the form that servers send (IMF-fixdate, RFC 9110, section 5.6.7), and
/// returns its Unix seconds.
///
/// Anything else is `None`, even the two obsolete forms: not to correct a clock is better than to
/// correct it by a guess. A leap second becomes the first second of the next minute.
///
/// ```
/// use kling_jwt_core::parse_http_date;
///
/// assert_eq!(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), None);
/// assert_eq!(parse_http_date("Mon, 06 Nov 1994 08:49:37 GMT"), None, "it was a Sunday");
/// ```
pub fn parse_http_date(text: &str) -> Option<u64> {
    let text = text.as_bytes();
    let fits = |(byte, form): (&u8, &u8)| form.is_ascii_lowercase() || byte == form;
    if text.len() != HTTP_DATE.len() || !text.iter().zip(HTTP_DATE).all(fits) {
        return None;
    }
    let number =
        |start: usize, len: usize| u32::try_from(digits(text.get(start..start + len)?)?).ok();
    let year = number(12, 4).filter(|year| *year >= 1970)?;
    let (month, _) = (0..).zip(&MONTHS).find(|(_, name)| text.get(8..11) == Some(&name[..]))?;
    let day = number(5, 2).filter(|day| (1..=days_of(month, year)).contains(day))?;
    let hour = number(17, 2).filter(|hour| *hour < 24)?;
    let minute = number(20, 2).filter(|minute| *minute < 60)?;
    let second = number(23, 2).filter(|second| *second <= 60)?;

    let days =
        days_before(year) + (0..month).map(|month| days_of(month, year)).sum::<u32>() + day - 1;
    // The first day of 1970 was a Thursday.
    let weekday = WEEKDAYS.get(((days + 4) % 7) as usize)?;
    let is_its_weekday = text.starts_with(weekday);
    let seconds = (hour * 60 + minute) * 60 + second;
    is_its_weekday.then_some(u64::from(days) * SECONDS_A_DAY + u64::from(seconds))
}

const SECONDS_A_DAY: u64 = 86_400;

/// The form of a date: lower case letters are placeholders, other characters are literal.
const HTTP_DATE: &[u8] = b"www, dd mmm yyyy hh:mm:ss GMT";

const WEEKDAYS: [[u8; 3]; 7] = [*b"Sun", *b"Mon", *b"Tue", *b"Wed", *b"Thu", *b"Fri", *b"Sat"];

#[rustfmt::skip]
const MONTHS: [[u8; 3]; 12] = [
    *b"Jan", *b"Feb", *b"Mar", *b"Apr", *b"May", *b"Jun",
    *b"Jul", *b"Aug", *b"Sep", *b"Oct", *b"Nov", *b"Dec",
];

/// How many days a month has; January is 0.
const fn days_of(month: u32, year: u32) -> u32 {
    match month {
        1 => 28 + leap_days_until(year) - leap_days_until(year - 1),
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

/// How many days there are from 1970-01-01 to the first day of a year.
const fn days_before(year: u32) -> u32 {
    (year - 1970) * 365 + leap_days_until(year - 1) - leap_days_until(1969)
}

/// How many leap days there are until the end of a year.
const fn leap_days_until(year: u32) -> u32 {
    year / 4 - year / 100 + year / 400
}

/// A time for people, from Unix seconds: `2027-01-15 08:00:00 UTC`.
pub(crate) struct Utc(pub(crate) u64);

impl fmt::Display for Utc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 > MAX_UNIX_SECONDS {
            return f.write_str("after the year 9999");
        }
        // Both numbers fit until the year 9999.
        let narrow = |number: u64| u32::try_from(number).unwrap_or_default();
        let (days, seconds) = (narrow(self.0 / SECONDS_A_DAY), narrow(self.0 % SECONDS_A_DAY));
        // The earliest possible year: that with a leap day in every year.
        let mut year = 1970 + days / 366;
        while days_before(year + 1) <= days {
            year += 1;
        }
        let mut day = days - days_before(year);
        let mut month = 0;
        while day >= days_of(month, year) {
            day -= days_of(month, year);
            month += 1;
        }
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let mut text = *b"YYYY-MM-DD hh:mm:ss UTC";
        let mut text = Writer::new(&mut text);
        text.two_digits(year / 100);
        for (number, after) in [
            (year, "-"),
            (month + 1, "-"),
            (day + 1, " "),
            (hour, ":"),
            (minute, ":"),
            (second, " UTC"),
        ] {
            text.two_digits(number);
            text.text(after.as_bytes());
        }
        f.write_str(ascii(text.written()))
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::{format, string::ToString};

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ends_of_the_range() {
        assert_eq!(Utc(0).to_string(), "1970-01-01 00:00:00 UTC");
        assert_eq!(Utc(MAX_UNIX_SECONDS).to_string(), "9999-12-31 23:59:59 UTC");
        assert_eq!(Utc(MAX_UNIX_SECONDS + 1).to_string(), "after the year 9999");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// The parser accepts what the writer wrote, with exactly one weekday.
        #[test]
        fn written_times_are_parsed_back(time in 0..=MAX_UNIX_SECONDS) {
            let text = Utc(time).to_string();
            let (date, clock) = (text[..10].split('-').collect::<std::vec::Vec<_>>(), &text[11..19]);
            let month = core::str::from_utf8(&MONTHS[date[1].parse::<usize>().unwrap() - 1]).unwrap();
            let read = WEEKDAYS.iter().find_map(|weekday| {
                let weekday = core::str::from_utf8(weekday).unwrap();
                parse_http_date(&format!("{weekday}, {} {month} {} {clock} GMT", date[2], date[0]))
            });
            prop_assert_eq!(read, Some(time));
        }
    }
}
