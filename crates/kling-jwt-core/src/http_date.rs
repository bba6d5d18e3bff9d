//! What a response's `Date` says, for [`TokenProvider::observe`](crate::TokenProvider::observe).

/// The Unix seconds of an HTTP date in the form that servers send (IMF-fixdate, RFC 9110, section
/// 5.6.7).
///
/// `None` for anything else, the two obsolete forms too: a clock is then left as it is, which is
/// better than one set by a guess. A leap second is the first second of the next minute.
///
/// ```
/// use kling_jwt_core::http_date;
///
/// assert_eq!(http_date("Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777));
/// assert_eq!(http_date("Sunday, 06-Nov-94 08:49:37 GMT"), None);
/// assert_eq!(http_date("Mon, 06 Nov 1994 08:49:37 GMT"), None, "it was a Sunday");
/// ```
pub fn http_date(text: &str) -> Option<u64> {
    // `Sun, 06 Nov 1994 08:49:37 GMT`: every place is fixed.
    let &[
        w1,
        w2,
        w3,
        b',',
        b' ',
        d1,
        d2,
        b' ',
        m1,
        m2,
        m3,
        b' ',
        y1,
        y2,
        y3,
        y4,
        b' ',
        ref rest @ ..,
    ] = text.as_bytes()
    else {
        return None;
    };
    let &[h1, h2, b':', n1, n2, b':', s1, s2, b' ', b'G', b'M', b'T'] = rest else {
        return None;
    };
    let year = number(&[y1, y2, y3, y4]).filter(|year| *year >= 1970)?;
    let month = MONTHS.iter().position(|name| **name == [m1, m2, m3])?;
    let day = number(&[d1, d2]).filter(|day| (1..=days_of(month, year)).contains(day))?;
    let hour = number(&[h1, h2]).filter(|hour| *hour < 24)?;
    let minute = number(&[n1, n2]).filter(|minute| *minute < 60)?;
    let second = number(&[s1, s2]).filter(|second| *second <= 60)?;

    let days =
        days_before(year) + (0..month).map(|month| days_of(month, year)).sum::<u64>() + day - 1;
    // The first day of 1970 was a Thursday.
    let is_its_weekday = *WEEKDAYS[((days + 4) % 7) as usize] == [w1, w2, w3];
    is_its_weekday.then_some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

const WEEKDAYS: [&[u8; 3]; 7] = [b"Sun", b"Mon", b"Tue", b"Wed", b"Thu", b"Fri", b"Sat"];

const MONTHS: [&[u8; 3]; 12] = [
    b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec",
];

fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0, |number, digit| {
        digit.is_ascii_digit().then(|| number * 10 + u64::from(digit - b'0'))
    })
}

/// The days of a month; January is 0.
const fn days_of(month: usize, year: u64) -> u64 {
    match month {
        1 => 28 + leap_days_until(year) - leap_days_until(year - 1),
        3 | 5 | 8 | 10 => 30,
        _ => 31,
    }
}

/// The days from 1970 until a year begins.
const fn days_before(year: u64) -> u64 {
    (year - 1970) * 365 + leap_days_until(year - 1) - leap_days_until(1969)
}

/// The leap days up to the end of a year.
const fn leap_days_until(year: u64) -> u64 {
    year / 4 - year / 100 + year / 400
}
