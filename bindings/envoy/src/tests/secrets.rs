//! Whatever an operator writes, no message shows a secret of it, and nothing panics.

use std::{format, string::String, vec::Vec};

use proptest::prelude::*;

use super::{gateway::FakeGateway, variables};
use crate::filters::Filters;

/// A part of each secret below. No message may contain it.
const CANARY: &str = "canary";

/// The members, and one that is unknown. Those that name a variable are shown in messages, so they
/// have names of variables here.
const NAMES: &[&str] = &[
    "access_key",
    "secret_key",
    "api_key",
    "accounts",
    "account_header",
    "base_url",
    "region",
    "lifetime",
    "buffer_sec",
    "client_authorization",
    "verdict_headers",
    "debug_header",
    "webhook_secrets",
    "canary-canary",
    "secret\\u005fkey",
];
const NAMES_OF_VARIABLES: &[&str] =
    &["access_key_env", "secret_key_env", "api_key_env", "webhook_secrets_env"];

/// Values that contain a secret, as operators get them wrong.
const VALUES: &[&str] = &[
    "canary0123456789canary0123456789",
    "canary0123456789canary012345678a",
    "api-key-kling-canary0123456789",
    "whsec_canarycanarycanarycanarycanarycan",
    "whsec_canary!",
    "Bearer canary0123456789",
    "canary:canary1",
    "canary canary",
    "'canary0123456789'",
    "canary••••••••canary",
    "$canary",
    "${canary}",
    "<your-canary-key>",
    "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJjYW5hcnkifQ.canary",
    "https://canary:canary@gateway.example",
    "https://gateway.example/?key=canary",
    "http://canary.example",
    "canary.example",
    "canary\\u00e4canary\\n",
    "canary\\ud800",
    "\\u0000canary",
];

/// One value, as JSON.
fn value() -> impl Strategy<Value = String> {
    let text = prop::sample::select(VALUES).prop_map(|text| format!("\"{text}\""));
    let other = prop::sample::select(
        &["null", "true", "false", "0", "60", "1801", "-1", "1e400", "\"\"", "\" \"", "[]", "{}"][..],
    );
    let name = prop::sample::select(&["\"SECRET\"", "\"API_KEY\"", "\"BLANK\"", "\"UNSET\""][..]);
    let list = prop::collection::vec(prop::sample::select(VALUES), 0..3).prop_map(|texts| {
        let texts: Vec<_> = texts.iter().map(|text| format!("\"{text}\"")).collect();
        format!("[{}]", texts.join(","))
    });
    prop_oneof![6 => text, 2 => other.prop_map(String::from), 2 => name.prop_map(String::from), 2 => list]
}

/// A member. What names a variable is no secret.
fn member() -> impl Strategy<Value = String> {
    let variable = prop::sample::select(
        &["\"SECRET\"", "\"API_KEY\"", "\"BLANK\"", "\"UNSET\"", "null", "1", "[\"SECRET\"]"][..],
    );
    prop_oneof![
        4 => (prop::sample::select(NAMES), value())
            .prop_map(|(name, value)| format!("\"{name}\":{value}")),
        1 => (prop::sample::select(NAMES_OF_VARIABLES), variable)
            .prop_map(|(name, value)| format!("\"{name}\":{value}")),
    ]
}

fn object() -> impl Strategy<Value = String> {
    let members = || prop::collection::vec(member(), 0..4);
    let accounts = prop::collection::vec(members(), 0..3).prop_map(|accounts| {
        let accounts: Vec<_> = accounts
            .iter()
            .enumerate()
            .map(|(index, members)| format!("\"{index}\":{{{}}}", members.join(",")))
            .collect();
        format!("\"accounts\":{{{}}}", accounts.join(","))
    });
    (members(), prop::option::weighted(0.3, accounts)).prop_map(|(mut members, accounts)| {
        members.extend(accounts);
        format!("{{{}}}", members.join(","))
    })
}

/// Cuts, removes, doubles or replaces some bytes of a text.
fn damaged(text: &str, damage: &[(usize, u8, u8)]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (place, kind, byte) in damage {
        let place = place % (bytes.len() + 1);
        match kind {
            0 => bytes.truncate(place),
            1 if place < bytes.len() => drop(bytes.remove(place)),
            2 => bytes.insert(place, *byte),
            3 => bytes.extend_from_within(place..),
            _ if place < bytes.len() => bytes[place] = *byte,
            _ => {}
        }
    }
    bytes
}

/// What the filter says about a configuration.
fn said(configuration: &[u8], of: &[(&str, &str)]) -> String {
    let (mut filters, gateway) = (Filters::new(), FakeGateway::default());
    let is_used = filters.configure(1, configuration, &variables(of), &gateway);
    let said = gateway.said();
    assert!(is_used || said.contains("kling-auth refuses its configuration: "));
    said
}

const NAMED: &[(&str, &str)] =
    &[("SECRET", "canary canary"), ("API_KEY", "api-key-kling-canary0123456789"), ("BLANK", " ")];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6_000))]

    #[test]
    fn no_message_shows_a_value(configuration in object()) {
        let said = said(configuration.as_bytes(), NAMED);
        prop_assert!(!said.contains(CANARY), "{}: {}", configuration, said);
    }

    #[test]
    fn nor_of_a_damaged_configuration(
        configuration in object(),
        damage in prop::collection::vec((any::<usize>(), 0_u8..6, any::<u8>()), 1..4),
    ) {
        let damaged = damaged(&configuration, &damage);
        let said = said(&damaged, NAMED);
        // A text that became the name of an account is shown.
        if !said.contains("accounts.") {
            prop_assert!(!said.contains(CANARY), "{}", said);
        }
    }

    #[test]
    fn nor_of_a_variable(
        values in prop::collection::vec(
            (prop::sample::select(&[
                "KLING_ACCESS_KEY", "KLING_SECRET_KEY", "KLING_API_KEY", "KLINGAI_AK",
                "KLINGAI_SK", "KLING_API_SECRET", "KLING_SECRET_KEY_FILE", "KLING_BASE_URL",
                "KLING_REGION", "KLING_API_HOST", "KLING_TOKEN",
            ][..]), prop::sample::select(VALUES)),
            0..5,
        ),
    ) {
        let said = said(b"", &values);
        prop_assert!(!said.contains(CANARY), "{:?}: {}", values, said);
    }

    #[test]
    fn any_bytes_are_a_configuration_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        said(&bytes, &[]);
    }
}
