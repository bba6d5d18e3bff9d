//! Tests of the filter in a gateway of their own. `tests/gateway` tests it in Envoy.

mod callback;
mod config;
mod environment;
mod filters;
mod gateway;
mod outgoing;
mod regressions;
mod responses;
mod secrets;
mod storm;

use std::{format, string::String, vec::Vec};

use kling_jwt_core::{Credentials, Validity, mint};
use zeroize::Zeroizing;

use crate::{config::Config, environment::Variables, refused::Refused};

const NOW: u64 = 1_800_000_000;
/// An hour ahead of `NOW`, as a server writes it.
const HOUR_LATER: &str = "Fri, 15 Jan 2027 09:00:00 GMT";
const HOST: &str = "api-singapore.klingai.com";

const ACCESS_KEY: &str = "0123456789abcdef0123456789abcdea";
const SECRET_KEY: &str = "fedcba9876543210fedcba9876543210";
const OTHER_ACCESS_KEY: &str = "0123456789abcdef0123456789abcdeb";
const OTHER_SECRET_KEY: &str = "fedcba9876543210fedcba9876543211";
const API_KEY: &str = "api-key-kling-0123456789abcdefghij";

/// The members of a key pair.
const PAIR: &str = r#""access_key":"0123456789abcdef0123456789abcdea","secret_key":"fedcba9876543210fedcba9876543210""#;
/// The members of another one.
const OTHER_PAIR: &str = r#""access_key":"0123456789abcdef0123456789abcdeb","secret_key":"fedcba9876543210fedcba9876543211""#;

/// A configuration with the key pair, and other members.
fn pair_with(members: &str) -> String {
    if members.is_empty() { format!("{{{PAIR}}}") } else { format!("{{{PAIR},{members}}}") }
}

/// A configuration with the accounts `a` and `b`, and other members.
fn accounts_with(members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    format!(r#"{{"accounts":{{"a":{{{PAIR}}},"b":{{{OTHER_PAIR}}}}}{comma}{members}}}"#)
}

fn variables(pairs: &[(&str, &str)]) -> Variables {
    let lines: Vec<u8> =
        pairs.iter().flat_map(|(name, value)| format!("{name}={value}\0").into_bytes()).collect();
    Variables::new(Zeroizing::new(lines))
}

fn parse(text: &str, of: &[(&str, &str)]) -> Result<Config, Refused> {
    Config::parse(text.as_bytes(), &variables(of))
}

/// The header that the core itself makes at a second.
fn header_at(access_key: &str, secret_key: &str, now: u64) -> String {
    let credentials = Credentials::key_pair(access_key, secret_key).unwrap();
    format!("Bearer {}", mint(&credentials, Validity::default(), now).as_str())
}

/// The same for the first key pair.
fn header_of_a(now: u64) -> String {
    header_at(ACCESS_KEY, SECRET_KEY, now)
}
