//! Regions: an account of another region gets the same answer as an unknown account.

use std::io::ErrorKind;

use jsonwebtoken::Algorithm;
use kling_gate::{Config, DEMO_API_KEY, Gate};
use serde_json::json;

use crate::harness::{CheckResponse, LIST, NOW, config, get, sign_with, start, token};

const ACCOUNTS: &str = r#"{
    "key_pairs": [
        {"access_key": "pair of a", "secret_key": "secret", "region": "a"},
        {"access_key": "pair of b", "secret_key": "secret", "region": "b"},
        {"access_key": "pair of all", "secret_key": "secret"}
    ],
    "api_keys": [
        {"api_key": "api-key-of-a", "region": "a"},
        {"api_key": "api-key-of-b", "region": "b"},
        {"api_key": "api-key-of-all"},
        "api-key-of-all-too"
    ]
}"#;

fn of_region(region: Option<&str>) -> Config {
    let accounts = ACCOUNTS.parse().unwrap();
    Config { accounts, region: region.map(str::to_owned), ..config() }
}

fn get_with_pair(url: &str, access_key: &str) -> CheckResponse {
    let claims = json!({ "iss": access_key, "exp": NOW + 1800 });
    get(url, LIST, &sign_with(Algorithm::HS256, &claims, "secret"))
}

#[test]
fn a_host_knows_the_accounts_of_its_region_and_those_without() {
    for (host, strangers) in [("a", "b"), ("b", "a")] {
        let gate = start(of_region(Some(host)));
        for place in [host, "all"] {
            let pair = get_with_pair(gate.url(), &format!("pair of {place}"));
            assert_eq!(pair.status, 200, "{place} at {host}");
            let api_key = get(gate.url(), LIST, &format!("api-key-of-{place}"));
            assert_eq!(api_key.status, 200, "{place} at {host}");
        }
        assert_eq!(get(gate.url(), LIST, "api-key-of-all-too").status, 200);

        let pair = get_with_pair(gate.url(), &format!("pair of {strangers}"));
        assert_eq!(pair.verdict(), (401, 1002, "access key not exist"));
        let api_key = get(gate.url(), LIST, &format!("api-key-of-{strangers}"));
        assert_eq!(api_key.verdict(), (401, 1002, "api key not found"));
    }
}

#[test]
fn a_host_without_a_region_knows_all() {
    let gate = start(of_region(None));
    for place in ["a", "b", "all"] {
        assert_eq!(get_with_pair(gate.url(), &format!("pair of {place}")).status, 200);
        assert_eq!(get(gate.url(), LIST, &format!("api-key-of-{place}")).status, 200);
    }
}

#[test]
fn a_host_of_a_third_region_knows_neither() {
    let gate = start(of_region(Some("beijing")));
    for place in ["a", "b"] {
        assert_eq!(get_with_pair(gate.url(), &format!("pair of {place}")).status, 401);
        assert_eq!(get(gate.url(), LIST, &format!("api-key-of-{place}")).status, 401);
    }
}

#[test]
fn a_name_that_no_region_has_is_refused() {
    for name in ["", "A", "Beijing", "bejing"] {
        let error = Gate::start(of_region(Some(name))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert_eq!(
            error.to_string(),
            "no region has this name; there are a, b, beijing, singapore"
        );
    }
    let gate = start(of_region(Some("a")));
    assert!(gate.set_region(Some("c")).is_err());
    assert_eq!(get(gate.url(), LIST, "api-key-of-a").status, 200);
    gate.set_region(Some("b")).unwrap();
    assert_eq!(get(gate.url(), LIST, "api-key-of-a").status, 401);
}

#[test]
fn the_demo_account_is_of_singapore() {
    for (region, code) in [("singapore", 0), ("beijing", 1002)] {
        let gate = start(Config { region: Some(region.to_owned()), ..config() });
        assert_eq!(get(gate.url(), LIST, &token(NOW)).verdict().1, code, "{region}");
        assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).verdict().1, code, "{region}");
    }
}
