//! Sockets: only loopback, persistent connections, bounded bodies, a handle that stops the server.

use std::io::{ErrorKind, Write};
use std::net::TcpStream;

use kling_gate::{Config, DEMO_API_KEY, Gate};
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
fn reads_a_body_with_pictures_and_ends_the_connection_of_a_longer_one() {
    let gate = gate();
    let authorization = format!("Bearer {DEMO_API_KEY}");
    let post = |length| {
        let body = "x".repeat(length);
        try_send(&Method::POST, gate.url(), LIST, Some(&authorization), Some(&body))
    };
    let most = 32 * 1024 * 1024;
    assert_eq!(post(most).unwrap().status, 400);
    assert!(post(most + 1).is_err());
    assert_eq!(get(gate.url(), LIST, DEMO_API_KEY).status, 200);
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
