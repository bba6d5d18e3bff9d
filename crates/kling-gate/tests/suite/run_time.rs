//! What a test changes while the gate runs: its time, region, delay and accounts.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use jsonwebtoken::Algorithm;
use kling_gate::{Account, DEMO_ACCESS_KEY, DEMO_API_KEY, Gate};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{
    LIST, NOW, control, create, gate, get, read, refused, set, sign_with, status, token,
};

#[test]
fn the_time_moves_the_server_as_well() {
    let gate = gate();
    assert_eq!(read(&gate, "time"), json!(0.0));
    let token_of_the_start = token(NOW);
    assert_eq!(set(&gate, "time", &json!(1799)), json!(1799.0));
    let answer = get(gate.url(), LIST, &token_of_the_start);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 08:29:59 GMT"));
    assert_eq!(set(&gate, "time", &json!(1800.25)), json!(1800.25));
    assert_eq!(read(&gate, "time"), json!(1800.25));
    assert_eq!(get(gate.url(), LIST, &token_of_the_start).verdict().1, 1004);
    assert_eq!(get(gate.url(), LIST, &token(NOW + 1800)).status, 200);
}

#[test]
fn time_and_skew_add_up() {
    let gate = gate();
    set(&gate, "time", &json!(3600));
    set(&gate, "skew", &json!(-1800));
    let answer = get(gate.url(), LIST, DEMO_API_KEY);
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 08:30:00 GMT"));
    assert_eq!([read(&gate, "time"), read(&gate, "skew")], [json!(3600.0), json!(-1800)]);
}

#[test]
fn time_as_long_as_the_gate_allows() {
    let gate = gate();
    let early = create(&gate, &json!({}));
    assert_eq!(set(&gate, "time", &json!(1e12)), json!(1e12));
    let answer = get(gate.url(), LIST, DEMO_API_KEY);
    assert_eq!(answer.date.as_deref(), Some("Fri, 31 Dec 9999 23:59:59 GMT"));
    let late = create(&gate, &json!({}));
    for id in [early, late] {
        assert_eq!([status(&gate, &id), status(&gate, &id)], ["processing", "succeed"]);
    }
    gate.callback(None).expect("a signed callback");
}

#[test]
fn what_is_no_time_changes_nothing() {
    let gate = gate();
    set(&gate, "time", &json!(7.5));
    let bodies = ["", "-1", "-0.001", "1.1e12", "1e999", "NaN", "Infinity", "null", "\"5\"", "[5]"];
    for body in bodies {
        let reason = refused(&gate, &Method::PUT, "time", body);
        assert_eq!(reason, "time must be a number: seconds from 0 to 1000000000000", "{body}");
    }
    assert_eq!(read(&gate, "time"), json!(7.5));
}

#[test]
fn small_steps_add_up() {
    let gate = gate();
    for _ in 0..1000 {
        gate.advance(Duration::from_micros(1900));
    }
    assert_eq!(read(&gate, "time"), json!(1.9));
}

/// A test that advances too far must not arrive in the past.
#[test]
fn steps_beyond_all_time() {
    let gate = gate();
    for step in [Duration::MAX, Duration::from_millis(1), Duration::from_secs(5), Duration::MAX] {
        gate.advance(step);
        let answer = get(gate.url(), LIST, DEMO_API_KEY);
        assert_eq!(answer.date.as_deref(), Some("Fri, 31 Dec 9999 23:59:59 GMT"));
        assert!(read(&gate, "time").as_f64() >= Some(1e12));
    }
    assert_eq!(set(&gate, "time", &json!(0)), json!(0.0));
}

#[test]
fn the_region_changes() {
    let gate = gate();
    assert_eq!(read(&gate, "region"), Value::Null);
    for (region, status) in [(json!("beijing"), 401), (json!("singapore"), 200), (Value::Null, 200)]
    {
        assert_eq!(set(&gate, "region", &region), region);
        assert_eq!(read(&gate, "region"), region);
        assert_eq!(get(gate.url(), LIST, &token(NOW)).status, status, "{region}");
        assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, status, "{region}");
    }
    set(&gate, "region", &json!("beijing"));
    for body in ["", "1", "beijing", "[]"] {
        let reason = refused(&gate, &Method::PUT, "region", body);
        assert_eq!(reason, "region must be the name of a region, or null");
    }
    for body in [r#""""#, r#""bejing""#, r#""Beijing""#] {
        let reason = refused(&gate, &Method::PUT, "region", body);
        assert_eq!(reason, "no region has this name; there are beijing, singapore");
    }
    assert_eq!(read(&gate, "region"), "beijing");
}

#[test]
fn slow_answers_are_late_but_control_is_not() {
    let gate = gate();
    assert_eq!(read(&gate, "slow"), json!(0.0));
    assert_eq!(set(&gate, "slow", &json!(0.4)), json!(0.4));
    for path in [LIST, "/nowhere"] {
        let start = Instant::now();
        get(gate.url(), path, DEMO_API_KEY);
        assert!(start.elapsed() >= Duration::from_millis(400), "{path}");
    }
    let start = Instant::now();
    let result = ureq::get(format!("{}/results/a.mp4", gate.url())).call();
    assert!(result.is_ok() && start.elapsed() >= Duration::from_millis(400));

    set(&gate, "slow", &json!(30));
    let start = Instant::now();
    for resource in ["slow", "log", "time"] {
        read(&gate, resource);
    }
    set(&gate, "slow", &json!(0));
    get(gate.url(), LIST, DEMO_API_KEY);
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[test]
fn slow_adds_to_the_delay_of_an_answer() {
    let gate = gate();
    gate.set_slow(Duration::from_millis(200));
    gate.answer(json!({ "delay": 0.2 })).unwrap();
    let start = Instant::now();
    get(gate.url(), LIST, DEMO_API_KEY);
    assert!(start.elapsed() >= Duration::from_millis(400));
}

#[test]
fn what_is_no_delay_changes_nothing() {
    let gate = gate();
    set(&gate, "slow", &json!(0.001));
    for body in ["", "30.001", "-1", "NaN", "1e300", "true"] {
        let reason = refused(&gate, &Method::PUT, "slow", body);
        assert_eq!(reason, "slow must be a number: seconds from 0 to 30", "{body}");
    }
    assert_eq!(read(&gate, "slow"), json!(0.001));
}

/// The code of a request that this key pair signs.
fn code_of(gate: &Gate, access_key: &str, secret_key: &str) -> u64 {
    let claims = json!({ "iss": access_key, "exp": NOW + 1800 });
    get(gate.url(), LIST, &sign_with(Algorithm::HS256, &claims, secret_key)).verdict().1
}

#[test]
fn accounts_replace_those_that_were_known() {
    let gate = gate();
    let accounts = json!({
        "key_pairs": [{ "access_key": "mine", "secret_key": "secret" }],
        "api_keys": ["api-key-mine"],
    });
    assert_eq!(set(&gate, "accounts", &accounts), Value::Null);
    assert_eq!([code_of(&gate, "mine", "secret"), code_of(&gate, "mine", "other")], [0, 1000]);
    assert_eq!(get(gate.url(), LIST, "api-key-mine").status, 200);
    assert_eq!(get(gate.url(), LIST, &token(NOW)).verdict().2, "access key not exist");
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).verdict().2, "api key not found");
}

#[test]
fn what_is_no_list_of_accounts_changes_nothing_and_is_not_quoted() {
    let gate = gate();
    for body in ["", "canary", r#"{"canary": 1}"#, r#"{"api_keys": ["canary"]}"#] {
        let reason = refused(&gate, &Method::PUT, "accounts", body);
        assert!(!reason.contains("canary"), "{reason}");
    }
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
}

fn rotate(gate: &Gate) -> Account {
    let answer = control(&Method::POST, gate.url(), "rotate", None);
    assert_eq!(answer.status, 200);
    let key = |name: &str| answer.body[name].as_str().expect(name).to_owned();
    assert_eq!(answer.body.as_object().unwrap().len(), 3);
    Account {
        access_key: key("access_key"),
        secret_key: key("secret_key"),
        api_key: key("api_key"),
    }
}

#[test]
fn each_rotation_ends_the_keys_before_it() {
    let gate = gate();
    let mut accounts = vec![Account::demo()];
    for _ in 0..3 {
        accounts.push(rotate(&gate));
        let (new, old) = accounts.split_last().unwrap();
        assert_eq!(code_of(&gate, &new.access_key, &new.secret_key), 0);
        assert_eq!(get(gate.url(), LIST, &new.api_key).status, 200);
        for old in old {
            assert_eq!(code_of(&gate, &old.access_key, &old.secret_key), 1002);
            assert_eq!(get(gate.url(), LIST, &old.api_key).verdict().2, "api key not found");
            assert_eq!(code_of(&gate, &new.access_key, &old.secret_key), 1000);
        }
    }
}

#[test]
fn rotated_keys_are_distinct_and_have_the_shape_of_klings() {
    let gate = gate();
    let accounts: Vec<_> = (0..12).map(|_| rotate(&gate)).chain([Account::demo()]).collect();
    for Account { access_key, secret_key, api_key } in &accounts {
        for key in [access_key, secret_key] {
            assert_eq!(key.len(), 32, "{key}");
            assert!(key.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{key}");
        }
        assert_eq!(api_key.len(), 57, "{api_key}");
        assert!(api_key.starts_with("api-key-kling-"), "{api_key}");
    }
    let keys = accounts
        .iter()
        .flat_map(|account| [&account.access_key, &account.secret_key, &account.api_key]);
    assert_eq!(keys.collect::<HashSet<_>>().len(), 3 * accounts.len());
}

#[test]
fn the_handle_knows_a_rotation_by_a_request() {
    let gate = gate();
    assert_eq!(gate.account(), Account::demo());
    assert_eq!(
        format!("{:?}", gate.account()),
        format!("Account {{ access_key: {DEMO_ACCESS_KEY:?}, .. }}")
    );
    let first = rotate(&gate);
    assert_eq!(gate.account(), first);
    let second = gate.rotate();
    assert_ne!(first, second);
    assert_eq!(gate.account(), second);
    assert_eq!(get(gate.url(), LIST, &second.api_key).status, 200);
}
