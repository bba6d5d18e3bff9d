//! A server on loopback that receives callbacks, as a program under test does.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{self, Receiver as Channel};
use std::thread;
use std::time::Duration;

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Receiver {
    pub(crate) url: String,
    arrived: Channel<Arrived>,
}

/// A callback as it arrived.
#[derive(Debug)]
pub(crate) struct Arrived {
    pub(crate) request_line: String,
    /// In lower case.
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
    /// Open for as long as a test keeps it.
    pub(crate) stream: TcpStream,
}

impl Receiver {
    /// Answers each callback with this; with nothing, it never answers.
    pub(crate) fn start(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, arrived) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let sender = sender.clone();
                thread::spawn(move || {
                    if let Some(mut callback) = stream.ok().and_then(receive) {
                        let _ = callback.stream.write_all(answer.as_bytes());
                        // The test may be over.
                        let _ = sender.send(callback);
                    }
                });
            }
        });
        Self { url, arrived }
    }

    pub(crate) fn next(&self) -> Arrived {
        self.arrived.recv_timeout(PATIENCE).expect("a callback")
    }

    /// Whether none comes for a while.
    pub(crate) fn is_quiet(&self) -> bool {
        self.arrived.recv_timeout(Duration::from_millis(400)).is_err()
    }
}

fn receive(stream: TcpStream) -> Option<Arrived> {
    let mut reader = BufReader::new(stream);
    let mut lines = reader.by_ref().lines().map_while(Result::ok);
    let request_line = lines.next()?;
    let headers: BTreeMap<String, String> = lines
        .take_while(|line| !line.is_empty())
        .filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((name.to_ascii_lowercase(), value.to_owned()))
        })
        .collect();
    let mut body = vec![0; headers.get("content-length")?.parse().ok()?];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Arrived { request_line, headers, body, stream: reader.into_inner() })
}
