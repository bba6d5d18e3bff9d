//! `/_gate/…`: the skew and the log.

use kling_gate::DEMO_API_KEY;
use serde_json::json;
use ureq::http::Method;

use crate::harness::{Answer, Connection, LIST, NOW, gate, get, send, token};

fn control(method: &Method, url: &str, resource: &str, body: Option<&str>) -> Answer {
    send(method, url, &format!("/_gate/{resource}"), None, body)
}

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
fn a_skew_that_is_no_integer_changes_nothing() {
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
fn the_log_tells_what_was_sent_but_no_secret() {
    let gate = gate();
    let token = token(NOW);
    get(gate.url(), &format!("{LIST}?token={token}"), &token);
    get(gate.url(), "/account/costs", DEMO_API_KEY);
    get(gate.url(), LIST, "a.b.c");
    send(&Method::POST, gate.url(), LIST, None, Some("{}"));

    let log = control(&Method::GET, gate.url(), "log", None).body;
    let entry = |method, path, status, code, scheme| {
        json!({
            "method": method,
            "path": path,
            "status": status,
            "code": code,
            "scheme": scheme,
        })
    };
    assert_eq!(
        log,
        json!([
            entry("GET", LIST, 200, 0, "jwt"),
            entry("GET", "/account/costs", 400, 1201, "api_key"),
            entry("GET", LIST, 401, 1002, "jwt"),
            entry("POST", LIST, 401, 1001, "none"),
        ])
    );
}

#[test]
fn the_log_can_be_cleared() {
    let gate = gate();
    get(gate.url(), LIST, DEMO_API_KEY);
    assert_eq!(control(&Method::DELETE, gate.url(), "log", None).body, json!([]));
    assert_eq!(control(&Method::GET, gate.url(), "log", None).body, json!([]));
}

#[test]
fn the_log_forgets_the_oldest() {
    let gate = gate();
    get(gate.url(), "/oldest", DEMO_API_KEY);
    let mut connection = Connection::open(&gate);
    for _ in 0..1000 {
        connection.send(&format!("GET {LIST} HTTP/1.1\r\n"), "");
    }
    let log = control(&Method::GET, gate.url(), "log", None).body;
    let entries = log.as_array().expect("a list");
    assert_eq!(entries.len(), 1000);
    assert_eq!(entries[0]["path"], LIST);
}

#[test]
fn has_no_other_resources() {
    let gate = gate();
    for (method, resource) in [(Method::GET, "other"), (Method::POST, "skew"), (Method::PUT, "log")]
    {
        let answer = control(&method, gate.url(), resource, None);
        assert_eq!(answer.status, 404, "{method} {resource}");
        assert!(answer.body["error"].is_string());
    }
}
