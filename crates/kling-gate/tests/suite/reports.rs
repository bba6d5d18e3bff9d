//! Callbacks that are sent: when a task has ended, once, to a `callback_url` on this machine.

use std::net::TcpListener;
use std::thread::sleep;
use std::time::{Duration, Instant};

use kling_gate::{Config, DEMO_API_KEY, Gate, SentCallback, TaskSettings};
use serde_json::{Value, json};
use ureq::http::Method;

use crate::callbacks::is_signed;
use crate::harness::{LIST, address, control, create, gate, get, read, set, start, status};
use crate::receiver::{Arrived, Receiver};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// Waits until so many callbacks are listed.
fn listed(gate: &Gate, count: usize) -> Vec<SentCallback> {
    let start = Instant::now();
    loop {
        let list = gate.callbacks();
        if list.len() >= count {
            assert_eq!(list.len(), count);
            return list;
        }
        assert!(start.elapsed() < Duration::from_secs(20), "{} of {count}", list.len());
        sleep(Duration::from_millis(5));
    }
}

fn body(arrived: &Arrived) -> Value {
    assert!(is_signed(&|name| arrived.headers[name].clone(), &arrived.body));
    serde_json::from_str(&arrived.body).unwrap()
}

#[test]
fn when_the_time_is_moved() {
    let gate = gate();
    let receiver = Receiver::start(OK);
    set(&gate, "tasks", &json!({ "seconds": 600 }));
    let id = create(&gate, &json!({ "callback_url": receiver.url }));
    set(&gate, "time", &json!(599));
    assert!(receiver.is_quiet());
    set(&gate, "time", &json!(600));
    let arrived = receiver.next();
    assert_eq!(arrived.request_line, "POST /hook HTTP/1.1");
    assert_eq!(arrived.headers["content-type"], "application/json");
    assert!(receiver.url.contains(&format!("//{}/", arrived.headers["host"])));
    assert_eq!(body(&arrived)["task_id"], json!(id));
    assert_eq!(body(&arrived)["task_status"], "succeed");
    set(&gate, "time", &json!(0));
    set(&gate, "time", &json!(5000));
    status(&gate, &id);
    assert!(receiver.is_quiet(), "it is sent once");
}

#[test]
fn when_the_seconds_pass() {
    let gate = start(Config::default());
    let receiver = Receiver::start(OK);
    gate.set_tasks(TaskSettings { seconds: 1, ..TaskSettings::default() });
    let id = create(&gate, &json!({ "callback_url": receiver.url }));
    assert_eq!(body(&receiver.next())["task_id"], json!(id));
}

#[test]
fn when_the_queries_are_complete() {
    let gate = gate();
    let receiver = Receiver::start(OK);
    let id = create(&gate, &json!({ "callback_url": receiver.url }));
    assert!(receiver.is_quiet());
    status(&gate, &id);
    assert_eq!(body(&receiver.next())["task_status"], "succeed");
    status(&gate, &id);
    assert!(receiver.is_quiet());
}

#[test]
fn at_once_and_of_a_failure() {
    let gate = gate();
    let receiver = Receiver::start(OK);
    set(&gate, "tasks", &json!({ "fails": true }));
    create(&gate, &json!({ "callback_url": receiver.url }));
    assert_eq!(body(&receiver.next())["task_status"], "failed");
}

#[test]
fn a_task_on_the_newer_paths_reports_too() {
    let gate = gate();
    let receiver = Receiver::start(OK);
    set(&gate, "tasks", &json!({}));
    let fields = json!({ "prompt": "p", "callback_url": receiver.url });
    let made = crate::harness::post(&gate, "/text-to-video/kling-v3", &fields);
    assert_eq!(body(&receiver.next())["task_id"], made.body["data"]["task_id"]);
}

#[test]
fn the_list_has_what_was_sent_and_the_status() {
    let gate = gate();
    let receiver = Receiver::start("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
    set(&gate, "tasks", &json!({}));
    let id = create(&gate, &json!({ "callback_url": receiver.url }));
    let arrived = receiver.next();
    let [sent] = listed(&gate, 1).try_into().unwrap();
    assert_eq!((&sent.url, sent.status), (&receiver.url, Some(503)));
    assert_eq!((&sent.callback.task_id, &sent.callback.body), (&id, &arrived.body));
    for (name, value) in &sent.callback.headers {
        assert_eq!(&arrived.headers[name], value);
    }
    assert_eq!(read(&gate, "callbacks"), json!([sent]));
    assert_eq!(
        read(&gate, "callbacks")[0].as_object().unwrap().keys().collect::<Vec<_>>(),
        ["body", "headers", "status", "task_id", "url"]
    );
    assert_eq!(control(&Method::DELETE, gate.url(), "callbacks", None).body, json!([]));
    assert!(gate.callbacks().is_empty());
}

#[test]
fn a_host_that_is_not_this_machine_is_not_called() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    let port = address(&gate).port();
    let urls = [
        "http://192.0.2.1/hook".to_owned(),
        "https://127.0.0.1/hook".to_owned(),
        "http://example.com/".to_owned(),
        format!("http://0.0.0.0:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://localhost.example.com:{port}/"),
        format!("http://127.0.0.1.example.com:{port}/"),
        format!("http://127.0.0.1:{port}@example.com/"),
        format!("ftp://127.0.0.1:{port}/"),
        "http://".to_owned(),
        "/hook".to_owned(),
        "not a URL".to_owned(),
        "http://127.0.0.1:99999/".to_owned(),
    ];
    for url in &urls {
        create(&gate, &json!({ "callback_url": url }));
    }
    let mut list: Vec<_> =
        listed(&gate, urls.len()).into_iter().map(|sent| (sent.url, sent.status)).collect();
    list.sort();
    let mut expected: Vec<_> = urls.into_iter().map(|url| (url, None)).collect();
    expected.sort();
    assert_eq!(list, expected);
    let paths: Vec<_> = gate.requests().into_iter().map(|request| request.path).collect();
    assert!(paths.iter().all(|path| path == LIST), "the gate called itself: {paths:?}");
}

#[test]
fn every_name_of_this_machine_is_called() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    let receiver = Receiver::start(OK);
    let port = receiver.url.rsplit_once(':').unwrap().1.split_once('/').unwrap().0;
    for (host, expected) in [
        ("127.0.0.1", "127.0.0.1"),
        ("localhost", "localhost"),
        ("LOCALHOST", "LOCALHOST"),
        ("user:word@127.0.0.1", "127.0.0.1"),
    ] {
        let url = format!("http://{host}:{port}/a/b?c=%20d#e");
        create(&gate, &json!({ "callback_url": url }));
        let arrived = receiver.next();
        assert_eq!(arrived.request_line, "POST /a/b?c=%20d HTTP/1.1");
        assert_eq!(arrived.headers["host"], format!("{expected}:{port}"));
    }
    let url = format!("http://127.0.0.1:{port}?c");
    create(&gate, &json!({ "callback_url": url }));
    assert_eq!(receiver.next().request_line, "POST /?c HTTP/1.1");
}

#[test]
fn nobody_listens() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    create(&gate, &json!({ "callback_url": "http://127.0.0.1:9/" }));
    assert_eq!(listed(&gate, 1)[0].status, None);
}

#[test]
fn a_server_that_does_not_speak_http() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    for answer in ["nonsense\r\n\r\n", "HTTP/1.1 999999 ?\r\n\r\n"] {
        let receiver = Receiver::start(answer);
        create(&gate, &json!({ "callback_url": receiver.url }));
        receiver.next();
        assert_eq!(listed(&gate, 1)[0].status, None, "{answer}");
        control(&Method::DELETE, gate.url(), "callbacks", None);
    }
}

/// The gate gives up after ten seconds and closes the connection; meanwhile it answers.
#[test]
fn a_server_that_never_answers() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    let [silent, prompt] = [Receiver::start(""), Receiver::start(OK)];
    let start = Instant::now();
    create(&gate, &json!({ "callback_url": silent.url }));
    let mut waiting = silent.next();
    let id = create(&gate, &json!({ "callback_url": prompt.url }));
    assert_eq!(body(&prompt.next())["task_id"], json!(id));
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
    assert!(start.elapsed() < Duration::from_secs(9), "one callback waits for another");
    assert_eq!(listed(&gate, 1)[0].url, prompt.url);

    assert_eq!(std::io::Read::read(&mut waiting.stream, &mut [0]).unwrap_or(0), 0);
    assert!(start.elapsed() >= Duration::from_secs(9));
    assert_eq!(listed(&gate, 2)[1].status, None);
}

/// The receiver sees no reset while it sends its answer.
#[test]
fn the_answer_is_read_to_its_end() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    let receiver = Receiver::start("HTTP/1.1 202 Accepted\r\nContent-Length: 65000\r\n\r\n");
    create(&gate, &json!({ "callback_url": receiver.url }));
    let mut arrived = receiver.next();
    assert_eq!(listed(&gate, 1)[0].status, Some(202));
    let chunk = [b' '; 13_000];
    for _ in 0..5 {
        sleep(Duration::from_millis(20));
        std::io::Write::write_all(&mut arrived.stream, &chunk).expect("an open connection");
    }
}

#[test]
fn many_tasks_end_at_once() {
    let gate = gate();
    let receiver = Receiver::start(OK);
    set(&gate, "tasks", &json!({ "seconds": 60 }));
    let mut made: Vec<_> =
        (0..300).map(|_| create(&gate, &json!({ "callback_url": receiver.url }))).collect();
    gate.advance(Duration::from_secs(60));
    let mut ids: Vec<_> = made
        .iter()
        .map(|_| body(&receiver.next())["task_id"].as_str().unwrap().to_owned())
        .collect();
    ids.sort();
    made.sort();
    assert_eq!(ids, made);
    let list = listed(&gate, 300);
    assert!(list.iter().all(|sent| sent.status == Some(200)));
    let mut messages: Vec<_> =
        list.iter().map(|sent| &sent.callback.headers["webhook-id"]).collect();
    messages.sort();
    messages.dedup();
    assert_eq!(messages.len(), 300);
}

/// More connections at once than a process may have.
#[test]
fn thousands_wait_for_a_server_that_is_slow() {
    let gate = gate();
    // Its queue fills up, since nobody accepts.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    set(&gate, "tasks", &json!({ "seconds": 60 }));
    for _ in 0..3000 {
        create(&gate, &json!({ "callback_url": url }));
    }
    gate.advance(Duration::from_secs(60));
    let start = Instant::now();
    for _ in 0..20 {
        assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
    }
    drop(gate);
    assert!(start.elapsed() < Duration::from_secs(9), "the gate waits for its callbacks");
}

#[test]
fn the_gate_ends_while_a_callback_is_on_its_way() {
    let gate = gate();
    set(&gate, "tasks", &json!({}));
    let silent = Receiver::start("");
    create(&gate, &json!({ "callback_url": silent.url }));
    let mut waiting = silent.next();
    let start = Instant::now();
    drop(gate);
    assert_eq!(std::io::Read::read(&mut waiting.stream, &mut [0]).unwrap_or(0), 0);
    assert!(start.elapsed() < Duration::from_secs(5));
}
