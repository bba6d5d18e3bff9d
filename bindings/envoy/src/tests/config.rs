//! What a configuration may contain, and why one is refused.

use std::{format, string::String, vec::Vec};

use kling_jwt_core::engine::Event;

use super::{API_KEY, PAIR, pair_with, parse};
use crate::{config::Config, gateway::text};

fn refused(text: &str) -> (&'static str, String) {
    match parse(text, &[("SET", "a-value"), ("BLANK", " \"\" ")]) {
        Ok(_) => panic!("accepted: {text}"),
        Err(refused) => (refused.code, refused.message),
    }
}

/// Accepts a configuration for requests, and returns the codes of its warnings.
pub(super) fn accepted(text: &str, of: &[(&str, &str)]) -> Vec<&'static str> {
    match parse(text, of) {
        Ok(Config::Outgoing(config)) => config.warnings.iter().map(Event::code).collect(),
        Ok(Config::Callback(_)) => panic!("for callbacks: {text}"),
        Err(refused) => panic!("{refused}: {text}"),
    }
}

const NOT_JSON: &str = "the configuration must be a JSON object (in Envoy, as a \
                        google.protobuf.StringValue, not as a Struct)";
const UNSET: &str = " names a variable that is not set, is blank, or is not given to the filter: set it for Envoy, and \
                     name it in vm_config.environment_variables.host_env_keys";
const CONFLICT: &str =
    "pass only one of: a key pair, an API key, a function that returns credentials";
const MEMBERS: &str = "access_key, access_key_env, secret_key, secret_key_env, api_key, \
                       api_key_env, accounts, account_header, base_url, region, lifetime, \
                       buffer_sec, client_authorization, verdict_headers, debug_header";
const OF_ACCOUNT: &str =
    "access_key, access_key_env, secret_key, secret_key_env, api_key, api_key_env";
const LIFETIME: &str = "lifetime must be a whole number of seconds from 1 to 1800: Kling refuses a \
                        token that is valid for more than 30 minutes";
pub(super) const BASE_URL: &str = "the base URL must be https://HOST, or http:// on loopback, without user \
                        name, query or fragment";
const REGION: &str =
    "the region must be `singapore` or `beijing`: pass a region or a base URL, not both";
const SECRET: &str =
    "the webhook secret must be whsec_ and base64: copy it again from Kling's console";

#[test]
fn what_is_not_an_object_is_refused() {
    let deep = format!("{{\"accounts\":{}{}}}", "[".repeat(40), "]".repeat(40));
    for text in [
        "[]",
        "1",
        "null",
        "\"{}\"",
        "{",
        "{}}",
        "{} {}",
        "{\"a\"}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1,}",
        "access_key: a",
        "\u{feff}{}",
        "{\"lifetime\":01}",
        "// {}",
        &deep,
        &"[".repeat(100_000),
        &"{\"accounts\":".repeat(100_000),
    ] {
        let expected = ("ERR_TYPE", NOT_JSON.into());
        assert_eq!(refused(text), expected, "{}", &text[..text.len().min(40)]);
    }
    let not_utf_8 = Config::parse(b"{\"region\":\"\xff\"}", &super::variables(&[]));
    assert!(not_utf_8.is_err_and(|refused| refused.code == "ERR_TYPE"));
    // Wherever a configuration is cut, it is refused, and nothing panics.
    let whole = super::accounts_with(r#""account_header":"x-tenant","lifetime":60"#);
    for end in 1..whole.len() {
        assert_eq!(refused(&whole[..end]).0, "ERR_TYPE");
    }
}

type Row<'a> = (&'a str, &'a str, &'a str);

/// Checks the code and the message of each configuration.
fn assert_refused(rows: &[Row<'_>]) {
    for (text, code, message) in rows {
        assert_eq!(refused(text), (*code, String::from(*message)), "{text}");
    }
}

/// A configuration with an account that has these members.
fn account(members: &str) -> String {
    format!(r#"{{"accounts":{{"a":{{{members}}}}}}}"#)
}

#[test]
fn unknown_and_repeated_members_are_refused() {
    let unknown = format!("the configuration has an unknown member; it may have {MEMBERS}");
    let unknown_of_a = format!("accounts.a has an unknown member; it may have {OF_ACCOUNT}");
    let unknown_of_callback = "the configuration has an unknown member; it may have \
                               webhook_secrets, webhook_secrets_env";
    assert_refused(&[
        (&pair_with(r#""lifetime_sec":60"#), "ERR_CONFIGURATION", &unknown),
        (&pair_with(r#""Lifetime":60"#), "ERR_CONFIGURATION", &unknown),
        (&pair_with(r#""life\u0074ime":60"#), "ERR_CONFIGURATION", &unknown),
        (&pair_with(r#""unknown":null"#), "ERR_CONFIGURATION", &unknown),
        (r#"{"":1}"#, "ERR_CONFIGURATION", &unknown),
        (
            &pair_with(r#""lifetime":60,"lifetime":60"#),
            "ERR_CONFIGURATION",
            "lifetime is there twice",
        ),
        (&account(r#""lifetime":60"#), "ERR_CONFIGURATION", &unknown_of_a),
        (
            &account(r#""api_key":"a","api_key":"b""#),
            "ERR_CONFIGURATION",
            "accounts.a.api_key is there twice",
        ),
        (&pair_with(r#""webhook_secrets":[]"#), "ERR_CONFIGURATION", unknown_of_callback),
        (&pair_with(r#""webhook_other":1"#), "ERR_CONFIGURATION", unknown_of_callback),
    ]);
}

#[test]
fn wrong_types_are_refused() {
    assert_refused(&[
        (r#"{"access_key":1}"#, "ERR_TYPE", "access_key must be a string"),
        (r#"{"secret_key":["a"]}"#, "ERR_TYPE", "secret_key must be a string"),
        (r#"{"api_key":true}"#, "ERR_TYPE", "api_key must be a string"),
        (r#"{"api_key_env":{}}"#, "ERR_TYPE", "api_key_env must be a string"),
        (
            &account(r#""access_key_env":1"#),
            "ERR_TYPE",
            "accounts.a.access_key_env must be a string",
        ),
        (r#"{"accounts":[]}"#, "ERR_TYPE", "accounts must be an object"),
        (r#"{"accounts":"{}"}"#, "ERR_TYPE", "accounts must be an object"),
        (r#"{"accounts":{"a":[]}}"#, "ERR_TYPE", "accounts.a must be an object"),
        (r#"{"accounts":{"a":null}}"#, "ERR_TYPE", "accounts.a must be an object"),
        (
            &super::accounts_with(r#""account_header":1"#),
            "ERR_TYPE",
            "account_header must be a string",
        ),
        (&pair_with(r#""base_url":1"#), "ERR_TYPE", "base_url must be a string"),
        (&pair_with(r#""region":1"#), "ERR_TYPE", "region must be a string"),
        (
            &pair_with(r#""lifetime":"60""#),
            "ERR_TYPE",
            "lifetime must be a whole number of seconds",
        ),
        (&pair_with(r#""lifetime":-1"#), "ERR_TYPE", "lifetime must be a whole number of seconds"),
        (
            &pair_with(r#""lifetime":60.0"#),
            "ERR_TYPE",
            "lifetime must be a whole number of seconds",
        ),
        (&pair_with(r#""lifetime":6e1"#), "ERR_TYPE", "lifetime must be a whole number of seconds"),
        (
            &pair_with(r#""buffer_sec":18446744073709551616"#),
            "ERR_TYPE",
            "buffer_sec must be a whole number of seconds",
        ),
        (
            &pair_with(r#""buffer_sec":-1"#),
            "ERR_TYPE",
            "buffer_sec must be a whole number of seconds",
        ),
        (
            &pair_with(r#""verdict_headers":"false""#),
            "ERR_TYPE",
            "verdict_headers must be true or false",
        ),
        (&pair_with(r#""verdict_headers":0"#), "ERR_TYPE", "verdict_headers must be true or false"),
        (&pair_with(r#""debug_header":"yes""#), "ERR_TYPE", "debug_header must be true or false"),
        (
            &pair_with(r#""client_authorization":true"#),
            "ERR_TYPE",
            "client_authorization must be a string",
        ),
        (
            &pair_with(r#""client_authorization":"Refuse""#),
            "ERR_TYPE",
            "client_authorization must be `replace` or `refuse`",
        ),
        (
            &pair_with(r#""client_authorization":"""#),
            "ERR_TYPE",
            "client_authorization must be `replace` or `refuse`",
        ),
        (
            r#"{"webhook_secrets":"whsec_AAAA"}"#,
            "ERR_TYPE",
            "webhook_secrets must be a list of strings",
        ),
        (r#"{"webhook_secrets":[1]}"#, "ERR_TYPE", "webhook_secrets must be a list of strings"),
        (
            r#"{"webhook_secrets_env":["SET",null]}"#,
            "ERR_TYPE",
            "webhook_secrets_env must be a list of strings",
        ),
    ]);
}

#[test]
fn wrong_numbers_and_urls_are_refused() {
    assert_refused(&[
        (&pair_with(r#""lifetime":0"#), "ERR_LIFETIME", LIFETIME),
        (&pair_with(r#""lifetime":1801"#), "ERR_LIFETIME", LIFETIME),
        (&pair_with(r#""lifetime":65537"#), "ERR_LIFETIME", LIFETIME),
        (&pair_with(r#""lifetime":18446744073709551615"#), "ERR_LIFETIME", LIFETIME),
        (&pair_with(r#""base_url":"""#), "ERR_BASE_URL", BASE_URL),
        (&pair_with(r#""base_url":"http://gateway.example""#), "ERR_BASE_URL", BASE_URL),
        (&pair_with(r#""base_url":"https://a:b@gateway.example""#), "ERR_BASE_URL", BASE_URL),
        (
            &pair_with(r#""base_url":"gateway.example""#),
            "ERR_BASE_URL",
            "the base URL is only a host: put https:// before it",
        ),
        (&pair_with(r#""region":"""#), "ERR_REGION", REGION),
        (&pair_with(r#""region":"tokyo""#), "ERR_REGION", REGION),
        (
            &pair_with(r#""region":"beijing","base_url":"https://api-beijing.klingai.com""#),
            "ERR_REGION",
            REGION,
        ),
    ]);
}

#[test]
fn wrong_credentials_are_refused() {
    let with_accounts = super::accounts_with(r#""api_key":"api-key-kling-0123456789""#);
    let only_one = |name: &str| format!("set only one of {name} and {name}_env");
    let equal = "access_key and secret_key are the same: copy both again from \
                 https://kling.ai/dev/api-key";
    assert_refused(&[
        (
            r#"{"access_key":"a"}"#,
            "ERR_CREDENTIALS_PARTIAL",
            "access_key is set, but secret_key is not; a key pair needs both",
        ),
        (
            r#"{"secret_key_env":"SET"}"#,
            "ERR_CREDENTIALS_PARTIAL",
            "SET is set, but access_key is not; a key pair needs both",
        ),
        (
            &account(r#""secret_key":"a""#),
            "ERR_CREDENTIALS_PARTIAL",
            "accounts.a.secret_key is set, but accounts.a.access_key is not; a key pair needs both",
        ),
        (&pair_with(r#""api_key":"api-key-kling-1""#), "ERR_CREDENTIALS_CONFLICT", CONFLICT),
        (r#"{"access_key":"a","api_key":"b"}"#, "ERR_CREDENTIALS_CONFLICT", CONFLICT),
        (r#"{"secret_key":"a","api_key_env":"SET"}"#, "ERR_CREDENTIALS_CONFLICT", CONFLICT),
        (&with_accounts, "ERR_CREDENTIALS_CONFLICT", CONFLICT),
        (r#"{"api_key":"a","api_key_env":"SET"}"#, "ERR_CONFIGURATION", &only_one("api_key")),
        (
            r#"{"access_key":"a","access_key_env":"SET"}"#,
            "ERR_CONFIGURATION",
            &only_one("access_key"),
        ),
        (r#"{"secret_key_env":"UNSET"}"#, "ERR_CONFIGURATION", &format!("secret_key_env{UNSET}")),
        (r#"{"api_key_env":"BLANK"}"#, "ERR_CONFIGURATION", &format!("api_key_env{UNSET}")),
        (
            &account(r#""api_key_env":"UNSET""#),
            "ERR_CONFIGURATION",
            &format!("accounts.a.api_key_env{UNSET}"),
        ),
        (
            r#"{"webhook_secrets_env":["UNSET"]}"#,
            "ERR_CONFIGURATION",
            &format!("webhook_secrets_env{UNSET}"),
        ),
        (r#"{"access_key":"a","secret_key":"a"}"#, "ERR_CREDENTIALS_EQUAL", equal),
    ]);
}

#[test]
fn wrong_accounts_are_refused() {
    let named = |name: &str| format!(r#"{{"accounts":{{"{name}":{{{PAIR}}}}}}}"#);
    let bad_name = "the name of an account must be the value of a header: letters of ASCII, no \
                    space around them";
    let twice = format!(r#"{{"accounts":{{"a":{{{PAIR}}},"\u0061":{{{PAIR}}}}}}}"#);
    assert_refused(&[
        (
            r#"{"accounts":{}}"#,
            "ERR_CONFIGURATION",
            "accounts is empty: name at least one, or leave it out",
        ),
        (&twice, "ERR_CONFIGURATION", "accounts.a is there twice"),
        (&account(""), "ERR_CONFIGURATION", "accounts.a has no credentials"),
        (&account(r#""api_key":null"#), "ERR_CONFIGURATION", "accounts.a has no credentials"),
        (&named(""), "ERR_CONFIGURATION", bad_name),
        (&named(r"a\n"), "ERR_CONFIGURATION", bad_name),
        (&named(r"\u007f"), "ERR_CONFIGURATION", bad_name),
        (
            &pair_with(r#""account_header":"x-tenant""#),
            "ERR_CONFIGURATION",
            "account_header chooses one of accounts, but there are none",
        ),
    ]);
}

#[test]
fn wrong_webhook_secrets_are_refused() {
    assert_refused(&[
        (r#"{"webhook_secrets":[]}"#, "ERR_WEBHOOK_SECRET", SECRET),
        (r#"{"webhook_secrets":null}"#, "ERR_WEBHOOK_SECRET", SECRET),
        (
            r#"{"webhook_secrets":["whsec_!"]}"#,
            "ERR_WEBHOOK_SECRET",
            &format!("webhook_secrets: {SECRET}"),
        ),
        (
            r#"{"webhook_secrets":[""]}"#,
            "ERR_WEBHOOK_SECRET",
            &format!("webhook_secrets: {SECRET}"),
        ),
        (r#"{"webhook_secrets_env":["SET"]}"#, "ERR_WEBHOOK_SECRET", &format!("SET: {SECRET}")),
    ]);
}

/// What is wrong with a key itself is said by the core. Here it counts that the place is named.
#[test]
fn the_place_of_a_wrong_key_is_named() {
    let at = |text: &str| {
        let (code, message) = refused(text);
        (code, message.split_once(": ").unwrap().0.into())
    };
    let expected = |code, place: &str| (code, String::from(place));
    for (text, code, place) in [
        (r#"{"access_key":"","secret_key":"b"}"#, "ERR_ACCESS_KEY_EMPTY", "access_key"),
        (r#"{"access_key":"a","secret_key":" "}"#, "ERR_SECRET_KEY_EMPTY", "secret_key"),
        (r#"{"api_key":"\u00a0"}"#, "ERR_API_KEY_EMPTY", "api_key"),
        (r#"{"api_key":"\ud800"}"#, "ERR_API_KEY_CHARACTER", "api_key"),
        (
            r#"{"accounts":{"a b":{"api_key":"a b c"}}}"#,
            "ERR_API_KEY_CHARACTER",
            "accounts.a b.api_key",
        ),
        (r#"{"access_key":"a","secret_key":"$KEY"}"#, "ERR_SECRET_KEY_VARIABLE", "secret_key"),
    ] {
        assert_eq!(at(text), expected(code, place), "{text}");
    }
    let of = [("NAME", "two words")];
    let refused = parse(r#"{"api_key_env":"NAME"}"#, &of).err().unwrap();
    assert_eq!(refused.code, "ERR_API_KEY_CHARACTER");
    assert!(refused.message.starts_with("NAME: character 4 of the API key"), "{refused}");
    assert!(text(&refused).ends_with(" (ERR_API_KEY_CHARACTER)"));
}

#[test]
fn credentials_may_be_written_or_named() {
    let of = [("A", "access"), ("S", "secret"), ("K", API_KEY), ("EMPTY", "")];
    let shape = ["WARN_SHAPE", "WARN_SHAPE"];
    assert_eq!(accepted(r#"{"access_key_env":"A","secret_key_env":"S"}"#, &of), shape);
    assert_eq!(accepted(r#"{"access_key":"access","secret_key_env":"S"}"#, &of), shape);
    assert_eq!(accepted(r#"{"api_key_env":"K"}"#, &of), [""; 0]);
    assert_eq!(accepted(&pair_with(""), &[]), [""; 0]);
    // Both keys in one value, and null, which is like no member.
    assert_eq!(accepted(r#"{"api_key":"access:secret"}"#, &[]), shape);
    let nulls = r#""api_key":null,"accounts":null,"account_header":null,"lifetime":null,
        "base_url":null,"region":null,"client_authorization":null,"debug_header":null"#;
    assert_eq!(accepted(&pair_with(nulls), &[]), [""; 0]);
    // What is written in the configuration counts before variables.
    let of = [("KLING_API_KEY", "two words"), ("KLING_ACCESS_KEY", "")];
    assert_eq!(accepted(&pair_with(""), &of), [""; 0]);
}
