//! The filter of the cluster: signs each attempt of a request, and says why one was refused.
//!
//! In the cluster, a filter runs once for each attempt. If a token was refused because of the clock,
//! it asks the route for a second attempt by a header of the response, which the route's retry policy
//! names.

use alloc::{boxed::Box, rc::Rc, string::String, vec::Vec};
use core::{
    cell::{Cell, RefCell},
    fmt::Display,
};

use kling_jwt_core::{
    Action, Cause, HostError, Origin, Response, Verdict,
    engine::{Concat, Plain, decimal, json},
};

use crate::{
    account::{Account, Header, Transport},
    config::Outgoing,
    counters::Counters,
    gateway::{Answer, Flow, Gateway, LogLevel, Message, Part},
};

const CAUSE: &str = "x-kling-auth-cause";
const ACTION: &str = "x-kling-auth-action";
const REMEDY: &str = "x-kling-auth-remedy";
const CLOCK_OFFSET: &str = "x-kling-auth-clock-offset";
const DEBUG: &str = "x-kling-auth-debug";

const AUTHORIZATION: &str = "authorization";
const JSON: &str = "application/json";

/// Where an attempt leaves the account's name for the next one, because it removes the header.
const ACCOUNT: &str = "kling_auth_account";

/// What an attempt leaves for the next one if it asked for it.
const RETRY: &str = "kling_auth_retry";

/// What the filters of one configuration share in one worker.
pub(crate) struct Shared {
    config: Outgoing,
    counters: Rc<Counters>,
    /// The host of the last request, and its transport: nearly always those of the next one. They
    /// do not depend on the account.
    last_host: RefCell<Option<(Box<str>, Transport)>>,
    /// The server to which a bearer was last sent by TLS.
    server_with_tls: RefCell<Vec<u8>>,
    /// Whether a server was found that gets bearers in the clear.
    has_plain_server: Cell<bool>,
}

/// One attempt of a request.
pub(crate) struct Attempt {
    shared: Rc<Shared>,
    /// What was sent; `None` before that, and after an answer of our own.
    sent: Option<Sent>,
    /// The status of a response whose body is awaited, and the length of the body; 0 if that is not
    /// known.
    awaited: Option<(u16, u64)>,
}

struct Sent {
    /// The index of the account.
    account: usize,
    header: Rc<Header>,
    /// The server, if it is not known yet whether the bearer is sent to it by TLS, as it must be.
    server: Option<Vec<u8>>,
}

impl Attempt {
    pub(crate) fn new(shared: Rc<Shared>) -> Self {
        Self { shared, sent: None, awaited: None }
    }

    pub(crate) fn request(&mut self, part: Part, gateway: &dyn Gateway) -> Flow {
        match part {
            Part::Headers(_) => match self.shared.sign(gateway) {
                Ok(sent) => {
                    self.sent = Some(sent);
                    Flow::Continue
                }
                Err(answer) => answer.send(gateway),
            },
            _ if self.sent.is_none() => Flow::Pause,
            Part::Body(..) => Flow::Continue,
            Part::Trailers => {
                // They mean nothing there, and Kling need not know them.
                let account = self.shared.config.accounts.header.as_deref();
                for name in account.into_iter().chain([AUTHORIZATION]) {
                    gateway.set_header(Message::RequestTrailers, name, None);
                }
                Flow::Continue
            }
        }
    }

    pub(crate) fn response(&mut self, part: Part, gateway: &dyn Gateway) -> Flow {
        let Some(sent) = &self.sent else { return Flow::Continue };
        // A body that is too long is no refusal of Kling's, however it ends.
        let is_long = match part {
            Part::Headers(_) => {
                self.awaited = self.shared.read_response_headers(sent, gateway);
                self.awaited.is_some_and(|(_, length)| length > Response::MAX_BODY_LEN as u64)
            }
            Part::Body(len, _) => len > Response::MAX_BODY_LEN,
            Part::Trailers => false,
        };
        let Some((status, _)) = self.awaited else { return Flow::Continue };
        if !part.is_last() && !is_long {
            return Flow::Pause;
        }
        let body = gateway.body(Message::Response, Response::MAX_BODY_LEN + 1);
        self.shared.handle_response(sent, Response::new(status, &body), gateway);
        self.awaited = None;
        Flow::Continue
    }
}

impl Shared {
    pub(crate) fn new(config: Outgoing, counters: Rc<Counters>) -> Self {
        Self {
            config,
            counters,
            last_host: RefCell::default(),
            server_with_tls: RefCell::default(),
            has_plain_server: Cell::new(false),
        }
    }

    /// Adds the bearer of the account that is chosen.
    fn sign(&self, gateway: &dyn Gateway) -> Result<Sent, Answer> {
        // Only a filter of a cluster has a server. It is asked each time, because a filter of a
        // listener with the same configuration shares all of this.
        let Some(server) = gateway.property("upstream\0address") else {
            return Err(Answer::new(500, "ERR_CONFIGURATION", &Plain(NOT_UPSTREAM)));
        };
        let index = self.choose_account(gateway)?;
        let account = self.config.accounts.get(index);
        let authority = gateway.header(Message::Request, ":authority").unwrap_or_default();
        let transport = self.transport_to(&authority, account)?;
        let needs_tls = transport == Transport::Tls;
        if needs_tls && self.has_plain_server.get() {
            return Err(Answer::new(500, "ERR_CONFIGURATION", &Plain(NOT_TLS)));
        }
        if self.config.refuses_authorization
            && is_first(gateway)
            && gateway.header(Message::Request, AUTHORIZATION).is_some()
        {
            let message = Plain(CLIENT_AUTHORIZATION);
            return Err(Answer::new(403, "ERR_CLIENT_AUTHORIZATION", &message));
        }
        let (header, is_new) = account.header(gateway.now());
        gateway.set_header(Message::Request, AUTHORIZATION, Some(header.value()));
        // A refusal that is compressed could not be read.
        gateway.set_header(Message::Request, "accept-encoding", Some("identity"));
        if is_new && header.expires_at.is_some() {
            self.counters.add("minted", "", 1, gateway);
            self.counters.add_events(&account.take_events(), gateway);
        }
        let is_unknown = needs_tls && *self.server_with_tls.borrow() != server;
        Ok(Sent { account: index, header, server: is_unknown.then_some(server) })
    }

    /// What the bearer may be sent to a host by.
    fn transport_to(&self, authority: &str, account: &Account) -> Result<Transport, Answer> {
        if let Some((host, transport)) = self.last_host.borrow().as_ref()
            && **host == *authority
        {
            return Ok(*transport);
        }
        let Some(transport) = account.transport_to(authority) else {
            let url = ["https://", authority].concat();
            let origin = Origin::parse(&url);
            let shown = origin.as_ref().map_or(&ANOTHER_HOST as &dyn Display, |origin| origin);
            let error = HostError::Origin(shown);
            return Err(Answer::new(403, error.code(), &error));
        };
        self.last_host.replace(Some((authority.into(), transport)));
        Ok(transport)
    }

    /// The index of the account that the request's header names, or that of the attempt before.
    fn choose_account(&self, gateway: &dyn Gateway) -> Result<usize, Answer> {
        let accounts = &self.config.accounts;
        let Some(header) = &accounts.header else { return Ok(0) };
        let name = match gateway.header(Message::Request, header) {
            Some(name) => {
                // Kling need not know it.
                gateway.set_header(Message::Request, header, None);
                gateway.set_property(ACCOUNT, name.as_bytes());
                Some(name)
            }
            None if is_first(gateway) => None,
            None => gateway.property(ACCOUNT).and_then(|name| String::from_utf8(name).ok()),
        };
        let account = name.and_then(|name| accounts.find(&name));
        account.ok_or_else(|| {
            let message: [&dyn Display; 2] = [&Plain(NO_ACCOUNT), &Plain(header)];
            Answer::new(403, "ERR_ACCOUNT", &Concat(&message))
        })
    }

    /// Returns the status of a response whose body shows whether it is a refusal, and the length of
    /// its body; 0 if that is not known.
    fn read_response_headers(&self, sent: &Sent, gateway: &dyn Gateway) -> Option<(u16, u64)> {
        // Only this filter asks for another attempt, not the server.
        gateway.set_header(Message::Response, ACTION, None);
        if let Some(server) = &sent.server {
            self.find_transport(server, gateway);
        }
        if self.config.has_debug_header {
            self.write_debug_header(sent, gateway);
        }
        let header = |name| gateway.header(Message::Response, name);
        let status = json::number(&header(":status")?)?.try_into().ok()?;
        let length = header("content-length").and_then(|length| json::number(&length));
        // Of which type it is, is asked if the body does not show it.
        let reads_body = Response::should_read_body(status, Some(JSON), length);
        reads_body.then_some((status, length.unwrap_or(0)))
    }

    /// Finds out whether the bearer was sent by TLS: the gateway says so only when there is a
    /// connection. If it was not, this was the last one that is sent.
    fn find_transport(&self, server: &[u8], gateway: &dyn Gateway) {
        let version = gateway.property("upstream\0tls_version");
        if version.is_some_and(|version| !version.is_empty()) {
            self.server_with_tls.replace(server.into());
        } else if !self.has_plain_server.replace(true) {
            gateway.log(LogLevel::Error, &["kling-auth: ", NOT_TLS].concat());
        }
    }

    /// Finds out what a response means, and says so in its headers.
    fn handle_response(&self, sent: &Sent, response: Response<'_>, gateway: &dyn Gateway) {
        if response.is_clearly_accepted() {
            return;
        }
        let header = |name| gateway.header(Message::Response, name);
        let (status, length) = (response.status, response.body.len() as u64);
        let kind = header("content-type");
        if !Response::should_read_body(status, kind.as_deref(), Some(length)) {
            return;
        }
        let date = header("date");
        let response = response.with_date(date.as_deref()).with_token(Some(sent.header.bearer()));
        let account = self.config.accounts.get(sent.account);
        let verdict = account.handle_response(&response, gateway.now());
        let mut events = account.take_events();
        let was_retried = gateway.property(RETRY).is_some();
        if was_retried {
            events.retain(|event| event.code() != "INFO_REQUEST_RETRIED");
        }
        self.counters.add_events(&events, gateway);
        if verdict.cause != Cause::Accepted {
            self.counters.add("refused", verdict.cause.as_str(), 1, gateway);
            let action = match verdict.action {
                // There is no third attempt, whatever the route allows.
                Action::Retry if was_retried => Action::Fail,
                action => action,
            };
            self.write_verdict(&verdict, action, account.clock_offset(), gateway);
        }
    }

    fn write_verdict(
        &self,
        verdict: &Verdict,
        action: Action,
        clock_offset: i64,
        gateway: &dyn Gateway,
    ) {
        let is_shown = self.config.has_verdict_headers;
        if action == Action::Retry {
            gateway.set_property(RETRY, b"1");
        }
        let set = |name, value: &str| gateway.set_header(Message::Response, name, Some(value));
        if is_shown || action == Action::Retry {
            set(ACTION, action.as_str());
        }
        if is_shown {
            set(CAUSE, verdict.cause.as_str());
            set(REMEDY, &verdict.remedy().parts().concat());
            set(CLOCK_OFFSET, &decimal(clock_offset));
        }
    }

    fn write_debug_header(&self, sent: &Sent, gateway: &dyn Gateway) {
        let accounts = &self.config.accounts;
        let offset = accounts.get(sent.account).clock_offset();
        let mut line = ["clock_offset=", &decimal(offset)].concat();
        if let Some(expires_at) = sent.header.expires_at {
            let kling = gateway.now().saturating_add_signed(offset);
            line += ", expires_in=";
            line += &decimal(expires_at.saturating_sub(kling).cast_signed());
        }
        let name = accounts.name(sent.account);
        if !name.is_empty() {
            line += ", account=";
            line += name;
        }
        gateway.set_header(Message::Response, DEBUG, Some(&line));
    }
}

/// Whether this is the first attempt of its request.
fn is_first(gateway: &dyn Gateway) -> bool {
    let count = gateway.property("upstream\0request_attempt_count");
    let count = count.and_then(|count| count.try_into().ok()).map(u64::from_le_bytes);
    count.is_none_or(|count| count <= 1)
}

const NOT_UPSTREAM: &str = "the filter must be one of the cluster's, not of the listener's: move it \
    to http_filters in the cluster's HttpProtocolOptions";

const NOT_TLS: &str = "the cluster has no TLS, so bearers would be sent in the clear: add a \
    transport_socket with an UpstreamTlsContext";

const ANOTHER_HOST: Plain<'_> = Plain("another host");

const CLIENT_AUTHORIZATION: &str = "the gateway adds the bearer: send the request without \
    Authorization";

const NO_ACCOUNT: &str = "the request must name an account that this gateway has, in the header ";
