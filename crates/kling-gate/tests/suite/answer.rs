//! What a scripted answer says: status, envelope or body, headers, date.

use kling_gate::{Config, DEMO_API_KEY};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::harness::{
    CheckResponse, Connection, Head, LIST, config, control, gate, get, log, script, start,
};

/// Kling's table, repeated here.
pub(crate) const TABLE: [(u64, u16, &str); 22] = [
    (0, 200, "SUCCEED"),
    (1000, 401, "signature is invalid"),
    (1001, 401, "Authorization is empty"),
    (1002, 401, "Authorization is invalid"),
    (1003, 401, "Authorization is not yet valid"),
    (1004, 401, "Authorization has expired"),
    (1103, 403, "Unauthorized access to requested resource"),
    (1100, 429, "Account exception"),
    (1101, 429, "Account in arrears"),
    (1102, 429, "Resource pack depleted or expired"),
    (1302, 429, "The API request is too fast"),
    (1303, 429, "parallel task over resource pack limit"),
    (1304, 429, "Trigger the platform's IP whitelisting policy"),
    (1200, 400, "Invalid request parameters"),
    (1201, 400, "Invalid parameters"),
    (1202, 404, "The requested method is invalid"),
    (1203, 404, "The requested resource does not exist"),
    (1300, 400, "Trigger strategy of the platform"),
    (1301, 400, "Trigger the content security policy"),
    (5000, 500, "Server internal error"),
    (5001, 503, "Server temporarily unavailable"),
    (5002, 504, "Server internal timeout"),
];

/// The answer of a script with one entry.
fn answer(entry: &Value) -> CheckResponse {
    let gate = gate();
    script(&gate, &json!([entry]));
    get(gate.url(), LIST, DEMO_API_KEY)
}

/// The same without an HTTP client: the head, and the body as text.
fn raw(entry: &Value) -> (Head, String) {
    let gate = gate();
    script(&gate, &json!([entry]));
    let mut connection = Connection::open(&gate);
    connection.write(&format!("GET {LIST} HTTP/1.1\r\n"), "");
    let head = connection.read_head();
    let body = connection.read(head.length.expect("a length"));
    (head, String::from_utf8(body).unwrap())
}

fn values(head: &Head, name: &str) -> Vec<String> {
    let prefix = format!("{name}: ");
    head.headers.iter().filter_map(|line| line.strip_prefix(&prefix)).map(str::to_owned).collect()
}

#[test]
fn an_empty_object_is_a_success() {
    let answer = answer(&json!({}));
    assert_eq!(answer.verdict(), (200, 0, "SUCCEED"));
    assert_eq!(answer.body["data"], Value::Null);
    assert!(answer.body["request_id"].is_string());
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 08:00:00 GMT"));
}

#[test]
fn a_code_alone_sets_its_status_and_message() {
    let gate = gate();
    let codes: Value = TABLE.iter().map(|(code, ..)| json!({ "code": code })).collect();
    script(&gate, &codes);
    for (code, status, message) in TABLE {
        assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).verdict(), (status, code, message));
    }
}

#[test]
fn each_part_of_the_envelope_can_be_set() {
    let found = answer(&json!({
        "status": 418,
        "code": 1002,
        "message": "api key not found",
        "data": { "code": 7, "msg": ["nested"] },
    }));
    assert_eq!(found.verdict(), (418, 1002, "api key not found"));
    assert_eq!(found.body["data"], json!({ "code": 7, "msg": ["nested"] }));
    assert_eq!(answer(&json!({ "code": 9999 })).verdict(), (200, 9999, "SUCCEED"));
    assert_eq!(answer(&json!({ "status": 500 })).verdict(), (500, 0, "SUCCEED"));
}

#[test]
fn a_body_is_sent_as_it_is() {
    for text in ["<html>502</html>", "", "{", " {\"code\":\"1004\"}\n", "é"] {
        let (head, body) = raw(&json!({ "body": text }));
        assert_eq!(head.status, "HTTP/1.1 200 OK");
        assert_eq!(values(&head, "content-type"), ["application/json"]);
        assert_eq!(body, text);
    }
    let (head, _) = raw(&json!({ "body": "x", "code": 5002 }));
    assert_eq!(head.status, "HTTP/1.1 504 Gateway Timeout");
    let (head, _) = raw(&json!({ "body": "x", "status": 502 }));
    assert_eq!(head.status, "HTTP/1.1 502 Bad Gateway");
}

#[test]
fn headers_are_added_and_replaced() {
    let (head, _) = raw(&json!({
        "headers": { "Content-Type": "text/html", "Retry-After": "7", "Set-Cookie": "" }
    }));
    assert_eq!(values(&head, "content-type"), ["text/html"]);
    assert_eq!(values(&head, "retry-after"), ["7"]);
    assert_eq!(values(&head, "set-cookie"), [""]);
}

#[test]
fn the_date_is_usual_absent_or_any_text() {
    let date = |entry: &Value| values(&raw(entry).0, "date");
    assert_eq!(date(&json!({})), ["Fri, 15 Jan 2027 08:00:00 GMT"]);
    assert!(date(&json!({ "date": null })).is_empty());
    for text in ["yesterday", "", "Sunday, 06-Nov-94 08:49:37 GMT"] {
        assert_eq!(date(&json!({ "date": text })), [text]);
    }
}

#[test]
fn a_date_can_be_set_at_a_gate_without_dates() {
    let gate = start(Config { date: false, ..config() });
    script(&gate, &json!([{}, { "date": "now" }]));
    let dates = [(); 2].map(|()| get(gate.url(), LIST, DEMO_API_KEY).date);
    assert_eq!(dates, [None, Some("now".to_owned())]);
}

#[test]
fn the_usual_date_follows_the_skew() {
    let gate = gate();
    script(&gate, &json!([{ "code": 1003 }]));
    control(&Method::PUT, gate.url(), "skew", Some("-60"));
    let answer = get(gate.url(), LIST, DEMO_API_KEY);
    assert_eq!(answer.date.as_deref(), Some("Fri, 15 Jan 2027 07:59:00 GMT"));
}

#[test]
fn a_pad_follows_the_body() {
    let (head, body) = raw(&json!({ "body": "{}", "pad": 3 }));
    assert_eq!((head.length, body.as_str()), (Some(5), "{}   "));

    let (head, body) = raw(&json!({ "pad": 4 * 1024 * 1024 }));
    assert_eq!(head.length, Some(body.len()));
    assert!(body.len() > 4 * 1024 * 1024);
    assert_eq!(serde_json::from_str::<Value>(&body).unwrap()["code"], 0);
}

/// A client that follows a redirect must not send its token along; this client does not.
#[test]
fn a_redirect_leads_to_another_host() {
    let [near, far] = [gate(), gate()];
    let location = format!("{}{LIST}", far.url());
    script(&near, &json!([{ "status": 307, "headers": { "Location": location } }]));
    let answer = get(near.url(), LIST, DEMO_API_KEY);
    assert_eq!(answer.verdict().1, 1001);
    let logged = |entry: &Value| (entry["status"].clone(), entry["scheme"].clone());
    assert_eq!(logged(&log(&near)[0]), (json!(307), json!("api_key")));
    assert_eq!(logged(&log(&far)[0]), (json!(401), json!("none")));
}
