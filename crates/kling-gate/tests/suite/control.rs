//! `/_gate/…`: the skew, the date and the log. The script has a file of its own.

use kling_gate::{Config, DEMO_API_KEY};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{Connection, LIST, NOW, config, control, gate, get, log, send, start, token};

#[test]
fn the_skew_is_read_and_set_at_run_time() {
    let gate = gate();
    assert_eq!(control(&Method::GET, gate.url(), "skew", None).body, json!(0));

    for (skew, code) in [("-3600", 1003), ("3600", 1004), ("0\n", 0)] {
        let set = control(&Method::PUT, gate.url(), "skew", Some(skew));
        let read = control(&Method::GET, gate.url(), "skew", None);
        let seconds: i64 = skew.trim().parse().unwrap();
        assert_eq!((set.status, set.body), (200, json!(seconds)));
        assert_eq!(read.body, json!(seconds));
        assert_eq!(get(gate.url(), LIST, &token(NOW)).verdict().1, code, "skew {skew}");
    }
}

#[test]
fn a_skew_may_be_as_large_as_an_integer() {
    let gate = gate();
    for (skew, code, date) in [
        ("-9223372036854775808", 1003, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("9223372036854775807", 1004, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ("-1800000000", 1003, "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("31536000", 1004, "Sat, 15 Jan 2028 08:00:00 GMT"),
    ] {
        let set = control(&Method::PUT, gate.url(), "skew", Some(skew));
        assert_eq!((set.status, set.body.to_string().as_str()), (200, skew));
        let answer = get(gate.url(), LIST, &token(NOW));
        assert_eq!((answer.verdict().1, answer.date.as_deref()), (code, Some(date)), "{skew}");
    }
}

#[test]
fn a_skew_that_is_not_an_integer_changes_nothing() {
    let gate = gate();
    control(&Method::PUT, gate.url(), "skew", Some("7"));
    for body in ["", "1.5", "soon", "99999999999999999999"] {
        let answer = control(&Method::PUT, gate.url(), "skew", Some(body));
        assert_eq!(answer.status, 400, "body {body:?}");
        assert!(answer.body["error"].is_string(), "body {body:?}");
    }
    assert_eq!(control(&Method::GET, gate.url(), "skew", None).body, json!(7));
}

#[test]
fn the_date_is_switched_at_run_time() {
    for initial in [true, false] {
        let gate = start(Config { date: initial, ..config() });
        assert_eq!(control(&Method::GET, gate.url(), "date", None).body, json!(initial));
        for date in [false, true] {
            let set = control(&Method::PUT, gate.url(), "date", Some(&format!("{date}\n")));
            assert_eq!((set.status, set.body), (200, json!(date)));
            assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).date.is_some(), date);
            assert_eq!(get(gate.url(), LIST, "none").date.is_some(), date);
        }
    }
}

#[test]
fn a_date_that_is_not_a_boolean_changes_nothing() {
    let gate = gate();
    for body in ["", "no", "0", "null", "True"] {
        let answer = control(&Method::PUT, gate.url(), "date", Some(body));
        assert_eq!(answer.status, 400, "body {body:?}");
        assert_eq!(answer.body, json!({ "error": "date must be true or false" }));
    }
    assert_eq!(control(&Method::GET, gate.url(), "date", None).body, json!(true));
}

#[test]
fn the_log_shows_requests_but_no_secret() {
    let gate = gate();
    let token = token(NOW);
    get(gate.url(), &format!("{LIST}?token={token}"), &token);
    get(gate.url(), "/account/costs", DEMO_API_KEY);
    get(gate.url(), LIST, "a.b.c");
    send(&Method::POST, gate.url(), LIST, None, Some("{}"));

    let entry = |method, path, status, code, scheme, bearer: Option<u64>| {
        json!({
            "method": method,
            "path": path,
            "status": status,
            "code": code,
            "scheme": scheme,
            "bearer": bearer,
            "time": NOW,
            "body": (method == "POST").then(|| json!({})),
        })
    };
    assert_eq!(
        log(&gate),
        json!([
            entry("GET", LIST, 200, 0, "jwt", Some(1)),
            entry("GET", "/account/costs", 400, 1201, "api_key", Some(2)),
            entry("GET", LIST, 401, 1002, "jwt", Some(3)),
            entry("POST", LIST, 401, 1001, "none", None),
        ])
    );
}

/// So that a test sees whether a repeated request carried a new token.
#[test]
fn the_log_numbers_bearers_in_order_of_arrival() {
    let gate = gate();
    let tokens = [NOW, NOW - 1].map(token);
    for bearer in [&tokens[0], &tokens[0], "a.b.c", &tokens[1], &tokens[0], DEMO_API_KEY] {
        get(gate.url(), LIST, bearer);
    }
    assert_eq!(bearers(&log(&gate)), [1, 1, 2, 3, 1, 4]);

    control(&Method::DELETE, gate.url(), "log", None);
    for bearer in [&tokens[1], "neither", &tokens[0], &tokens[1]] {
        get(gate.url(), LIST, bearer);
    }
    assert_eq!(bearers(&log(&gate)), [json!(1), Value::Null, json!(2), json!(1)]);
}

fn bearers(log: &Value) -> Vec<Value> {
    log.as_array().expect("a list").iter().map(|entry| entry["bearer"].clone()).collect()
}

#[test]
fn the_log_can_be_cleared() {
    let gate = gate();
    get(gate.url(), LIST, DEMO_API_KEY);
    assert_eq!(control(&Method::DELETE, gate.url(), "log", None).body, json!([]));
    assert_eq!(control(&Method::GET, gate.url(), "log", None).body, json!([]));
}

#[test]
fn the_log_drops_the_oldest() {
    let gate = gate();
    get(gate.url(), "/oldest", DEMO_API_KEY);
    let mut connection = Connection::open(&gate);
    for _ in 0..10_000 {
        connection.send(&format!("GET {LIST} HTTP/1.1\r\n"), "");
    }
    let log = log(&gate);
    let entries = log.as_array().expect("a list");
    assert_eq!(entries.len(), 10_000);
    assert_eq!(entries[0]["path"], LIST);
}

#[test]
fn has_no_other_resources() {
    let gate = gate();
    for (method, resource) in [
        (Method::GET, ""),
        (Method::GET, "other"),
        (Method::POST, "skew"),
        (Method::PUT, "log"),
        (Method::PUT, "refuse"),
        (Method::GET, "rotate"),
        (Method::GET, "accounts"),
        (Method::DELETE, "date"),
    ] {
        let answer = control(&method, gate.url(), resource, None);
        assert_eq!(answer.status, 404, "{method} {resource}");
        assert!(answer.body["error"].is_string());
    }
}
