//! A gateway that the tests control, and a worker that sends requests through the filter in it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    format,
    string::{String, ToString},
    vec::Vec,
};

use super::{HOST, NOW, variables};
use crate::{
    filters::Filters,
    gateway::{Flow, Gateway, LogLevel, Message, Part},
};

pub(super) const ATTEMPT: &str = "upstream\0request_attempt_count";
pub(super) const UPSTREAM: &str = "upstream\0address";
pub(super) const TLS: &str = "upstream\0tls_version";

type Headers = Vec<(String, Vec<u8>)>;

/// What the gateway knows of one request, and what the filter did.
#[derive(Default)]
pub(super) struct FakeGateway {
    pub(super) now: Cell<u64>,
    pub(super) request: RefCell<Headers>,
    pub(super) trailers: RefCell<Headers>,
    pub(super) response: RefCell<Headers>,
    pub(super) request_body: RefCell<Vec<u8>>,
    pub(super) response_body: RefCell<Vec<u8>>,
    /// By path, with a 0 between its parts.
    pub(super) properties: RefCell<BTreeMap<String, Vec<u8>>>,
    pub(super) answers: RefCell<Vec<(u16, String)>>,
    pub(super) counters: RefCell<BTreeMap<String, u64>>,
    /// The names of the counters, by the numbers that the filter got. As in Envoy, a name that is
    /// defined again gets another number.
    pub(super) defined: RefCell<Vec<String>>,
    pub(super) lines: RefCell<Vec<(LogLevel, String)>>,
    /// Whether no counter can be defined.
    pub(super) has_no_counters: Cell<bool>,
}

impl FakeGateway {
    fn headers(&self, message: Message) -> &RefCell<Headers> {
        match message {
            Message::Request => &self.request,
            Message::RequestTrailers => &self.trailers,
            Message::Response => &self.response,
        }
    }

    pub(super) fn add_header(&self, message: Message, name: &str, value: &[u8]) {
        self.headers(message).borrow_mut().push((name.to_string(), value.to_vec()));
    }

    pub(super) fn set_attempt(&self, count: u64) {
        self.properties.borrow_mut().insert(ATTEMPT.into(), count.to_le_bytes().to_vec());
    }

    /// The value of a counter; `None` if it was not defined.
    pub(super) fn counter(&self, name: &str) -> Option<u64> {
        self.counters.borrow().get(name).copied()
    }

    /// All that the filter said to an operator or to a client, other than by headers.
    pub(super) fn said(&self) -> String {
        format!("{:?}{:?}{:?}", self.answers.borrow(), self.counters.borrow(), self.lines.borrow())
    }
}

impl Gateway for FakeGateway {
    fn now(&self) -> u64 {
        self.now.get()
    }

    fn header(&self, message: Message, name: &str) -> Option<String> {
        let headers = self.headers(message).borrow();
        let values: Vec<&[u8]> = headers
            .iter()
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
            .collect();
        let value = String::from_utf8(values.join(&b","[..])).unwrap_or_else(|_| "\u{fffd}".into());
        (!values.is_empty()).then_some(value)
    }

    fn set_header(&self, message: Message, name: &str, value: Option<&str>) {
        let mut headers = self.headers(message).borrow_mut();
        headers.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
        headers.extend(value.map(|value| (name.to_string(), value.into())));
    }

    fn body(&self, message: Message, max_len: usize) -> Vec<u8> {
        let body = match message {
            Message::Request | Message::RequestTrailers => &self.request_body,
            Message::Response => &self.response_body,
        };
        body.borrow().iter().take(max_len).copied().collect()
    }

    fn property(&self, path: &str) -> Option<Vec<u8>> {
        self.properties.borrow().get(path).cloned()
    }

    fn set_property(&self, path: &str, value: &[u8]) {
        self.properties.borrow_mut().insert(path.to_string(), value.to_vec());
    }

    fn answer(&self, status: u16, body: &str) {
        self.answers.borrow_mut().push((status, body.to_string()));
    }

    fn define_counter(&self, name: &str) -> Option<u32> {
        if self.has_no_counters.get() {
            return None;
        }
        self.counters.borrow_mut().entry(name.to_string()).or_default();
        let mut defined = self.defined.borrow_mut();
        defined.push(name.to_string());
        u32::try_from(defined.len() - 1).ok()
    }

    fn count(&self, counter: u32, by: u64) {
        let defined = self.defined.borrow();
        *self.counters.borrow_mut().get_mut(&defined[counter as usize]).unwrap() += by;
    }

    fn log(&self, level: LogLevel, text: &str) {
        self.lines.borrow_mut().push((level, text.to_string()));
    }
}

/// A worker with one configuration.
pub(super) struct Worker {
    pub(super) filters: Filters,
    pub(super) gateway: FakeGateway,
    /// The number of the last request or attempt.
    pub(super) stream: u32,
}

pub(super) const ROOT: u32 = 1;

impl Worker {
    pub(super) fn new(configuration: &str) -> Self {
        let (mut filters, gateway) = (Filters::new(), FakeGateway::default());
        gateway.now.set(NOW);
        let is_used = filters.configure(ROOT, configuration.as_bytes(), &variables(&[]), &gateway);
        assert!(is_used, "{:?}", gateway.lines.borrow());
        Self { filters, gateway, stream: ROOT }
    }

    /// Begins a request to Kling in its first attempt, with headers. It is not yet handled.
    pub(super) fn begin(&mut self, headers: &[(&str, &str)]) {
        self.gateway.properties.borrow_mut().clear();
        for (name, value) in [(UPSTREAM, "192.0.2.1:443"), (TLS, "TLSv1.3")] {
            self.gateway.properties.borrow_mut().insert(name.into(), value.into());
        }
        self.gateway.answers.borrow_mut().clear();
        self.gateway.request.borrow_mut().clear();
        for (name, value) in headers {
            self.gateway.add_header(Message::Request, name, value.as_bytes());
        }
        self.begin_attempt(1);
    }

    /// Begins an attempt. As in Envoy, it has the headers that the attempt before left.
    pub(super) fn begin_attempt(&mut self, count: u64) {
        self.gateway.set_attempt(count);
        self.gateway.response.borrow_mut().clear();
        self.gateway.response_body.borrow_mut().clear();
        self.stream += 1;
        self.filters.begin(self.stream, ROOT);
    }

    pub(super) fn request(&mut self, part: Part) -> Flow {
        self.filters.handle(self.stream, Message::Request, part, &self.gateway)
    }

    pub(super) fn response(&mut self, part: Part) -> Flow {
        self.filters.handle(self.stream, Message::Response, part, &self.gateway)
    }

    /// Sends a request to Kling with more headers.
    pub(super) fn send(&mut self, headers: &[(&str, &str)]) -> Flow {
        self.begin(&[&[(":authority", HOST)], headers].concat());
        self.request(Part::Headers(true))
    }

    /// Sends the same request in another attempt.
    pub(super) fn send_again(&mut self, count: u64) -> Flow {
        self.begin_attempt(count);
        self.request(Part::Headers(true))
    }

    /// Receives the headers of a response, and all of its body at once. Returns what happens to the
    /// headers.
    pub(super) fn receive(&mut self, status: u16, headers: &[(&str, &str)], body: &[u8]) -> Flow {
        self.gateway.add_header(Message::Response, ":status", status.to_string().as_bytes());
        self.gateway.add_header(
            Message::Response,
            "content-length",
            body.len().to_string().as_bytes(),
        );
        for (name, value) in headers {
            self.gateway.add_header(Message::Response, name, value.as_bytes());
        }
        if body.is_empty() {
            return self.response(Part::Headers(true));
        }
        let flow = self.response(Part::Headers(false));
        *self.gateway.response_body.borrow_mut() = body.to_vec();
        assert_eq!(self.response(Part::Body(body.len(), true)), Flow::Continue);
        flow
    }

    /// A header that the server gets.
    pub(super) fn sent(&self, name: &str) -> Option<String> {
        self.gateway.header(Message::Request, name)
    }

    /// A header that the client gets.
    pub(super) fn received(&self, name: &str) -> Option<String> {
        self.gateway.header(Message::Response, name)
    }

    /// What the filter answered instead of the server: status, code and message.
    pub(super) fn answer(&self) -> Option<(u16, String, String)> {
        let answers = self.gateway.answers.borrow();
        assert!(answers.len() <= 1, "a request is answered once");
        let (status, body) = answers.first()?;
        let object: serde_json::Value = serde_json::from_str(body).unwrap();
        let member = |name: &str| object[name].as_str().unwrap().to_string();
        Some((*status, member("code"), member("message")))
    }
}
