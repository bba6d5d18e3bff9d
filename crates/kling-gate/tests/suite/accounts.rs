//! Accounts: the demo account, and those of a file.

use jsonwebtoken::Algorithm;
use kling_gate::{
    Accounts, Config, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, InvalidAccounts,
};
use serde_json::json;

use crate::harness::{LIST, NOW, config, get, sign_with, start, token};

/// Two key pairs and an API key.
const ACCOUNTS: &str = r#"{
    "key_pairs": [
        {"access_key": "first", "secret_key": "secret of the first"},
        {"access_key": "second", "secret_key": "secret of the second"}
    ],
    "api_keys": ["api-key-kling-third"]
}"#;

#[test]
fn the_demo_account_has_the_shape_of_kling_keys() {
    for key in [DEMO_ACCESS_KEY, DEMO_SECRET_KEY] {
        assert_eq!(key.len(), 32);
        assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    }
    assert_ne!(DEMO_ACCESS_KEY, DEMO_SECRET_KEY);
    assert_eq!(DEMO_API_KEY.len(), 57);
    assert!(DEMO_API_KEY.starts_with("api-key-kling-"));
}

#[test]
fn each_listed_account_passes_and_the_demo_account_does_not() {
    let gate = start(Config { accounts: ACCOUNTS.parse().unwrap(), ..config() });
    let code = |access_key: &str, secret_key: &str| {
        let claims = json!({ "iss": access_key, "exp": NOW + 1800 });
        let token = sign_with(Algorithm::HS256, &claims, secret_key);
        get(gate.url(), LIST, &token).body["code"].clone()
    };
    assert_eq!(code("first", "secret of the first"), 0);
    assert_eq!(code("second", "secret of the second"), 0);
    assert_eq!(code("first", "secret of the second"), 1000);
    assert_eq!(get(gate.url(), LIST, "api-key-kling-third").status, 200);
    assert_eq!(get(gate.url(), LIST, &token(NOW)).status, 401);
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 401);
}

#[test]
fn either_list_may_be_left_out() {
    for json in ["{}", r#"{"key_pairs": []}"#, r#"{"api_keys": []}"#] {
        assert!(json.parse::<Accounts>().is_ok(), "{json}");
    }
}

#[test]
fn a_malformed_list_is_refused_with_its_position_and_not_quoted() {
    for json in [
        "",
        "canary",
        r#"["canary"]"#,
        r#"{"key_pairs": "canary"}"#,
        r#"{"key_pairs": [{"access_key": "canary"}]}"#,
        r#"{"key_pairs": [{"access_key": "canary", "secret_key": ""}]}"#,
        r#"{"key_pairs": [{"access_key": "a", "secret_key": "b", "canary": ""}]}"#,
        r#"{"key_pairs": [{"access_key": "a", "secret_key": "b", "region": ["canary"]}]}"#,
        r#"{"key_pairs": [{"access_key": "a", "secret_key": 1, "region": "canary"}]}"#,
        r#"{"api_keys": [{"api_key": "api-key-canary", "canary": ""}]}"#,
        r#"{"api_keys": [{"region": "canary"}]}"#,
        r#"{"api_keys": [["api-key-canary"]]}"#,
        r#"{"canary": []}"#,
    ] {
        let error = json.parse::<Accounts>().expect_err(json);
        assert!(matches!(error, InvalidAccounts::Form { line: 0..=1, .. }), "{json}");
        assert!(error.to_string().starts_with("not a list of accounts at line "), "{json}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{json}");
    }
}

#[test]
fn an_api_key_without_its_prefix_is_refused() {
    for json in [r#"{"api_keys": ["canary"]}"#, r#"{"api_keys": [{"api_key": "canary"}]}"#] {
        let error = json.parse::<Accounts>().unwrap_err();
        assert_eq!(error, InvalidAccounts::ApiKeyPrefix);
        assert_eq!(error.to_string(), "an API key begins with `api-key-`");
    }
}

#[test]
fn debug_output_counts_and_holds_no_secret() {
    let accounts: Accounts = ACCOUNTS.parse().unwrap();
    assert_eq!(format!("{accounts:?}"), "Accounts { key_pairs: 2, api_keys: 1 }");
}
