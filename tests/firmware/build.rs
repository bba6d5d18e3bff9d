//! Writes the vectors as Rust constants, and passes the memory layout to the linker.

use std::{
    env, fs,
    path::Path,
    time::{Duration, UNIX_EPOCH},
};

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

fn main() {
    println!("cargo::rerun-if-changed=../vectors");
    println!("cargo::rerun-if-changed=memory.x");
    let here = env::var("CARGO_MANIFEST_DIR").expect("cargo sets it");
    let out = env::var("OUT_DIR").expect("cargo sets it");
    fs::write(Path::new(&out).join("vectors.rs"), vectors(&here)).expect("OUT_DIR is writable");
    if env::var("CARGO_CFG_TARGET_OS").is_ok_and(|os| os == "none") {
        println!("cargo::rustc-link-arg-bin=firmware=-L{here}");
        println!("cargo::rustc-link-arg-bin=firmware=-Tlink.x");
    }
}

fn vectors(here: &str) -> String {
    let table = |name: &str, case: &str, file: &str, write: fn(&Value) -> String| {
        let path = Path::new(here).join("../vectors").join(file);
        let cases = serde_json::from_str(&fs::read_to_string(path).expect(file)).expect(file);
        format!("/// `{file}`\npub static {name}: &[Named<{case}>] = {};\n", slice(&cases, write))
    };
    [
        table("TOKENS", "Kling", "kling.json", token),
        table("RENEWALS", "Renewal", "renewal.json", renewal),
        table("WALKS", "Walk", "clock.json", walk),
        table("VERDICTS", "Judged", "verdicts.json", verdict),
        table("WEBHOOKS", "Webhook", "webhooks.json", webhook),
        table("INSPECTIONS", "Inspected", "inspect.json", inspection),
        table("DATES", "Option<u64>", "dates.json", date),
        table("URLS", "Url", "origins.json", url),
    ]
    .concat()
}

// JSON values as Rust literals.

fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        _ => panic!("{value} is not a constant"),
    }
}

fn optional(value: &Value) -> String {
    if value.is_null() { "None".to_owned() } else { format!("Some({})", literal(value)) }
}

fn slice(values: &Value, write: impl Fn(&Value) -> String) -> String {
    let values = values.as_array().map(Vec::as_slice).unwrap_or_default();
    format!("&[\n{}]", values.iter().map(|value| write(value) + ",\n").collect::<String>())
}

fn bytes(bytes: &[u8]) -> String {
    format!("b\"{}\"", bytes.escape_ascii())
}

/// `field: value, ` for each.
fn fields(case: &Value, write: impl Fn(&Value) -> String, names: &[&str]) -> String {
    let fields: Vec<_> =
        names.iter().map(|name| format!("{name}: {}, ", write(&case[name]))).collect();
    fields.concat()
}

/// A text; empty if it is missing.
fn text(value: &Value) -> String {
    literal(&json!(value.as_str().unwrap_or_default()))
}

/// A body, from text or Base64.
fn body(case: &Value) -> String {
    let decoded = |encoded| Base64::decode_vec(encoded).expect("base64");
    let text = case["body"].as_str().unwrap_or_default();
    let (start, end) = match (case["body_base64"].as_str().map(decoded), text.split_once("{pad}")) {
        (Some(decoded), _) => (decoded, ""),
        (None, Some((start, end))) => (start.into(), end),
        (None, None) => (text.into(), ""),
    };
    let pad = case["pad"].as_u64().unwrap_or(0);
    format!("Body {{ start: {}, pad: {pad}, end: {} }}", bytes(&start), bytes(end.as_bytes()))
}

// The cases, as `src/vectors.rs` declares them.

fn named(case: &Value, of: &str, fields: &str) -> String {
    format!("({}, {of} {{ {fields}}})", literal(&case["name"]))
}

fn token(case: &Value) -> String {
    let names = ["access_key", "secret_key", "lifetime", "now", "token"];
    named(case, "Kling", &fields(case, literal, &names))
}

fn renewal(case: &Value) -> String {
    let readings =
        slice(&case["readings"], |reading| format!("({}, {})", reading[0], reading[1] == "minted"));
    let lifetime = fields(case, literal, &["lifetime"]);
    let buffer = fields(case, optional, &["buffer"]);
    named(case, "Renewal", &format!("{lifetime}{buffer}readings: {readings}"))
}

fn walk(case: &Value) -> String {
    let lifetime = case["lifetime"].as_u64().unwrap_or(1800);
    let buffer = case["buffer"].as_u64().unwrap_or(300);
    let api_key = fields(case, optional, &["api_key"]);
    let steps = slice(&case["steps"], step);
    let fields = format!("lifetime: {lifetime}, buffer: {buffer}, {api_key}steps: {steps}");
    named(case, "Walk", &fields)
}

fn step(step: &Value) -> String {
    let event = match step["do"].as_str() {
        Some("token") => "Token".to_owned(),
        Some("rotate") => {
            format!("Rotate {{ {}}}", fields(step, literal, &["access_key", "secret_key"]))
        }
        Some("handle_response") => format!("HandleResponse(ResponseStep {{ {} }})", response(step)),
        _ => panic!("{step} is not a step"),
    };
    let fields = fields(step, literal, &["now", "clock_offset", "is_new"])
        + &fields(step, optional, &["expires_at"]);
    format!("Step {{ event: Event::{event}, {fields}}}")
}

fn response(step: &Value) -> String {
    let body = json!({"code": step["code"], "message": step["message"]}).to_string();
    let date = match step["date"].as_u64() {
        Some(time) => json!(httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(time))),
        None => step["date"].clone(),
    };
    let bearer = match &step["token"] {
        Value::Null => "Unknown".to_owned(),
        Value::Number(index) => format!("Earlier({index})"),
        Value::String(text) if text == "current" => "Current".to_owned(),
        text => format!("Text({})", literal(text)),
    };
    let fields = fields(step, literal, &["status", "action"]);
    format!(
        "{fields}body: {}, date: {}, bearer: Bearer::{bearer}, times: {}",
        bytes(body.as_bytes()),
        optional(&date),
        step["times"].as_u64().unwrap_or(1),
    )
}

fn verdict(case: &Value) -> String {
    let fields = fields(case, literal, &["status", "cause", "action"])
        + &fields(case, optional, &["token", "code", "request_id"])
        + &fields(case, text, &["message"]);
    named(case, "Judged", &format!("{fields}body: {}", body(case)))
}

fn webhook(case: &Value) -> String {
    let header = |pair: &Value| format!("({}, {})", literal(&pair[0]), literal(&pair[1]));
    let fields = fields(case, literal, &["now"]) + &fields(case, optional, &["code"]);
    let fields = format!(
        "{fields}secrets: {}, headers: {}, body: {}",
        slice(&case["secrets"], literal),
        slice(&case["headers"], header),
        body(case),
    );
    named(case, "Webhook", &fields)
}

fn inspection(case: &Value) -> String {
    let known = ["secret_key", "code", "is_signature_valid", "issuer", "expires_at", "not_before"];
    let fields = fields(case, literal, &["token", "now"])
        + &fields(case, optional, &known)
        + &fields(case, text, &["cause", "reason"]);
    named(case, "Inspected", &format!("{fields}shows: {}", slice(&case["shows"], literal)))
}

fn date(case: &Value) -> String {
    format!("({}, {})", literal(&case["date"]), optional(&case["unix_seconds"]))
}

fn url(case: &Value) -> String {
    let fields = fields(case, optional, &["base_url", "code"]);
    format!("({}, Url {{ is_kling: {}, {fields}}})", literal(&case["url"]), case["kling"])
}
