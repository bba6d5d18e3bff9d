//! Parsing of `Date`, compared with the crate `httpdate`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use kling_conformance::{DateVector, read};
use kling_jwt_core::{MAX_UNIX_SECONDS, parse_http_date};
use proptest::prelude::*;

fn written(unix_seconds: u64) -> String {
    httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(unix_seconds))
}

/// How `httpdate` reads an IMF-fixdate, its only form with 29 characters (the
/// obsolete ones have 24, or 30 and more). It also strips white space.
fn judged(text: &str) -> Option<u64> {
    let is_bare = text.len() == 29 && text.trim() == text;
    let time: SystemTime = is_bare.then(|| httpdate::parse_http_date(text).ok())??;
    Some(time.duration_since(UNIX_EPOCH).unwrap().as_secs())
}

#[test]
fn every_case() {
    let cases: Vec<DateVector> = read("dates.json");
    assert!(cases.len() > 50);
    for DateVector { date, unix_seconds } in cases {
        assert_eq!(parse_http_date(&date), unix_seconds, "{date:?}");
    }
}

#[test]
fn every_day_of_400_years() {
    for day in 0..146_097 {
        let time = day * 86_400 + day % 86_400;
        assert_eq!(parse_http_date(&written(time)), Some(time));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn any_time(time in 0..=MAX_UNIX_SECONDS) {
        prop_assert_eq!(parse_http_date(&written(time)), Some(time));
    }

    #[test]
    fn any_text(text: String) {
        prop_assert_eq!(parse_http_date(&text), judged(&text));
    }

    /// A date with a character replaced, inserted or removed. Not with 60 seconds, because
    /// `httpdate` has no leap seconds.
    #[test]
    fn a_date_with_one_error(
        time in 0..=MAX_UNIX_SECONDS,
        at in 0..29_usize,
        to in "[0-9A-Za-z ,:+\\-]?",
        taken in 0..=1_usize,
    ) {
        let mut text = written(time);
        text.replace_range(at..at + taken, &to);
        prop_assume!(!text.contains(":60 "));
        prop_assert_eq!(parse_http_date(&text), judged(&text), "{:?}", text);
    }

    /// Numbers that may be out of range for a date.
    #[test]
    fn parts_of_every_kind(
        weekday in prop::sample::select(&["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][..]),
        day in 0..=32_u8,
        month in prop::sample::select(&["Jan", "Feb", "Mar", "Apr", "Nov", "Dec", "Foo"][..]),
        year in prop_oneof![1969..=2040_u16, 0..=9999_u16],
        hour in 0..=24_u8,
        minute in 0..=60_u8,
        second in 0..=59_u8,
    ) {
        let text =
            format!("{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT");
        prop_assert_eq!(parse_http_date(&text), judged(&text), "{}", text);
    }
}
