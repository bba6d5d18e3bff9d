//! Sockets: only loopback, persistent connections, bounded bodies, a handle that stops the server.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;

use kling_gate::{Config, DEMO_API_KEY, Gate};
use serde_json::json;
use ureq::http::Method;

use crate::harness::{Connection, LIST, address, config, gate, get, try_send};

#[test]
fn listens_on_loopback_at_a_free_port() {
    let [first, second] = [gate(), gate()].map(|gate| address(&gate));
    assert!(first.ip().is_loopback());
    assert_ne!(first.port(), 0);
    assert!(second.ip().is_loopback());
}

#[test]
fn refuses_every_other_address() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0", "[::ffff:127.0.0.1]:0"] {
        let error = Gate::start(Config { address: address.parse().unwrap(), ..config() })
            .expect_err(address);
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains("loopback only"), "{error}");
    }
}

#[test]
fn fails_if_the_port_is_taken() {
    let gate = gate();
    let error = Gate::start(Config { address: address(&gate), ..config() }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddrInUse);
}

#[test]
fn keeps_the_connection_after_a_refusal() {
    let gate = gate();
    let mut connection = Connection::open(&gate);
    for _ in 0..3 {
        let (status, body) = connection.send(&format!("POST {LIST} HTTP/1.1\r\n"), "{}");
        assert_eq!(status, "HTTP/1.1 401 Unauthorized");
        assert_eq!(body["code"], 1001);
    }
}

#[test]
fn reads_a_body_with_pictures_and_refuses_a_longer_one() {
    let gate = gate();
    let authorization = format!("Bearer {DEMO_API_KEY}");
    let post = |length| {
        let body = "x".repeat(length);
        try_send(&Method::POST, gate.url(), LIST, Some(&authorization), Some(&body))
    };
    let most = 32 * 1024 * 1024;
    assert_eq!(post(most).unwrap().status, 400);
    for length in [most + 1, 2 * most] {
        let answer = post(length).unwrap();
        assert_eq!(answer.status, 413);
        assert_eq!(answer.body, json!({ "error": "the stand-in reads at most 33554432 bytes" }));
    }
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
    let statuses: Vec<_> = gate.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [400, 413, 413, 200]);
}

#[test]
fn ends_the_connection_of_a_body_that_does_not_arrive() {
    let gate = gate();
    let mut stream = TcpStream::connect(address(&gate)).unwrap();
    let head = format!("POST {LIST} HTTP/1.1\r\nHost: gate\r\nContent-Length: 2\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{answer}");
    assert!(answer.ends_with(r#"{"error":"the body did not arrive within 10 seconds"}"#));
    assert_eq!(gate.requests()[0].status, 408);
}

#[test]
fn survives_input_that_is_not_http() {
    let gate = gate();
    TcpStream::connect(address(&gate))
        .unwrap()
        .write_all(b"\0\x16\x03\x01 nonsense\r\n\r\n")
        .unwrap();
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
}

#[test]
fn stops_when_dropped_with_a_connection_open() {
    let gate = gate();
    let address = address(&gate);
    let mut connection = Connection::open(&gate);
    connection.send(&format!("GET {LIST} HTTP/1.1\r\n"), "");
    drop(gate);
    assert!(connection.read_to_end().unwrap().is_empty());
    assert_eq!(TcpStream::connect(address).unwrap_err().kind(), ErrorKind::ConnectionRefused);
}
