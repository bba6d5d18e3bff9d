//! The filter of the cluster: signs each attempt of a request, and says why one was refused.
//!
//! In the cluster, a filter runs once for each attempt. If a token was refused because of the clock,
//! it asks the route for a second attempt by a header of the response, which the route's retry policy
//! names.

use alloc::{rc::Rc, string::String};
use core::{cell::Cell, fmt::Display};

use kling_jwt_core::{
    Action, Cause, HostError, Response, Verdict,
    engine::{decimal, json},
};

use crate::{
    account::{Header, Transport},
    config::Outgoing,
    counters::Counters,
    gateway::{Answer, Flow, Gateway, LogLevel, Message, Part, concat, plain},
};

const CAUSE: &str = "x-kling-auth-cause";
const ACTION: &str = "x-kling-auth-action";
const REMEDY: &str = "x-kling-auth-remedy";
const CLOCK_OFFSET: &str = "x-kling-auth-clock-offset";
const DEBUG: &str = "x-kling-auth-debug";

const JSON: &str = "application/json";

/// Where an attempt leaves the account's name for the next one, because it removes the header.
const ACCOUNT: &str = "kling_auth_account";

/// What the filters of one configuration share in one worker.
pub(crate) struct Shared {
    config: Outgoing,
    counters: Counters,
    /// Whether this is a filter of a cluster; false until it was found out.
    is_upstream: Cell<bool>,
    /// Whether the cluster uses TLS; `None` until there is a connection.
    has_tls: Cell<Option<bool>>,
}

/// One attempt of a request.
pub(crate) struct Attempt {
    shared: Rc<Shared>,
    /// What was sent; `None` before that, and after an answer of our own.
    sent: Option<Sent>,
    /// The status of a response whose body is awaited.
    awaited: Option<u16>,
}

struct Sent {
    /// The index of the account.
    account: usize,
    header: Rc<Header>,
    transport: Transport,
}

impl Attempt {
    pub(crate) fn new(shared: Rc<Shared>) -> Self {
        Self { shared, sent: None, awaited: None }
    }

    pub(crate) fn request(&mut self, part: Part, gateway: &dyn Gateway) -> Flow {
        let Part::Headers(_) = part else { return Flow::Continue };
        match self.shared.sign(gateway) {
            Ok(sent) => {
                self.sent = Some(sent);
                Flow::Continue
            }
            Err(answer) => answer.send(gateway),
        }
    }

    pub(crate) fn response(&mut self, part: Part, gateway: &dyn Gateway) -> Flow {
        let Some(sent) = &self.sent else { return Flow::Continue };
        if let Part::Headers(_) = part {
            self.awaited = self.shared.read_response_headers(sent, gateway);
        }
        let Some(status) = self.awaited else { return Flow::Continue };
        let is_long = matches!(part, Part::Body(len, _) if len > Response::MAX_BODY_LEN);
        // A body that is too long is no refusal of Kling's, however it ends.
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
    pub(crate) fn new(config: Outgoing, counters: Counters) -> Self {
        Self { config, counters, is_upstream: Cell::new(false), has_tls: Cell::new(None) }
    }

    /// Adds the bearer of the account that is chosen.
    fn sign(&self, gateway: &dyn Gateway) -> Result<Sent, Answer> {
        if !self.is_upstream.get() {
            if gateway.property("upstream\0address").is_none() {
                return Err(Answer::new(500, "ERR_CONFIGURATION", &plain(NOT_UPSTREAM)));
            }
            self.is_upstream.set(true);
        }
        let index = self.choose_account(gateway)?;
        let account = self.config.accounts.get(index);
        let authority = gateway.header(Message::Request, ":authority").unwrap_or_default();
        let Some(transport) = account.transport_to(&authority) else {
            let origin = plain(&authority);
            let error = HostError::Origin(&origin);
            return Err(Answer::new(403, error.code(), &error));
        };
        if transport == Transport::Tls && self.has_tls.get() == Some(false) {
            return Err(Answer::new(500, "ERR_CONFIGURATION", &plain(NOT_TLS)));
        }
        if self.config.refuses_authorization
            && is_first(gateway)
            && gateway.header(Message::Request, "authorization").is_some()
        {
            let message = plain(CLIENT_AUTHORIZATION);
            return Err(Answer::new(403, "ERR_CLIENT_AUTHORIZATION", &message));
        }
        let (header, is_new) = account.header(gateway.now());
        gateway.set_header(Message::Request, "authorization", Some(header.value()));
        if is_new && header.expires_at.is_some() {
            self.counters.add("minted", "", 1, gateway);
            self.counters.add_events(&account.take_events(), gateway);
        }
        Ok(Sent { account: index, header, transport })
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
            let parts: [&dyn Display; 2] = [&plain(NO_ACCOUNT), &plain(header)];
            Answer::new(403, "ERR_ACCOUNT", &plain(&concat(&parts)))
        })
    }

    /// Returns the status of a response whose body shows whether it is a refusal.
    fn read_response_headers(&self, sent: &Sent, gateway: &dyn Gateway) -> Option<u16> {
        if self.has_tls.get().is_none() {
            self.find_transport(sent, gateway);
        }
        if self.config.has_debug_header {
            self.write_debug_header(sent, gateway);
        }
        let header = |name| gateway.header(Message::Response, name);
        let status = json::number(&header(":status")?)?.try_into().ok()?;
        let length = || json::number(&header("content-length")?);
        // Of which type it is, is asked if the body does not show it.
        let reads_body = match status {
            200 => Response::should_read_body(status, Some(JSON), length()),
            _ => Response::should_read_body(status, None, None),
        };
        reads_body.then_some(status)
    }

    /// Finds out whether the cluster uses TLS, which Envoy says only when there is a connection. If
    /// it does not, this was the last bearer that is sent.
    fn find_transport(&self, sent: &Sent, gateway: &dyn Gateway) {
        let has_tls =
            gateway.property("upstream\0tls_version").is_some_and(|text| !text.is_empty());
        self.has_tls.set(Some(has_tls));
        if sent.transport == Transport::Tls && !has_tls {
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
        self.counters.add_events(&account.take_events(), gateway);
        if verdict.cause != Cause::Accepted {
            self.counters.add("refused", verdict.cause.as_str(), 1, gateway);
            self.write_verdict(&verdict, account.clock_offset(), gateway);
        }
    }

    fn write_verdict(&self, verdict: &Verdict, clock_offset: i64, gateway: &dyn Gateway) {
        let is_shown = self.config.has_verdict_headers;
        // A second refusal is not followed by a third attempt, whatever the route allows.
        let action = match verdict.action {
            Action::Retry if !is_first(gateway) => Action::Fail,
            action => action,
        };
        let set = |name, value| gateway.set_header(Message::Response, name, value);
        // Only this filter asks for another attempt, not the server.
        set(ACTION, (is_shown || action == Action::Retry).then_some(action.as_str()));
        if is_shown {
            set(CAUSE, Some(verdict.cause.as_str()));
            let (remedy, clock_offset) = (verdict.remedy().parts().concat(), decimal(clock_offset));
            set(REMEDY, Some(&remedy));
            set(CLOCK_OFFSET, Some(&clock_offset));
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
    // A number of 8 bytes; without it, each attempt is the first one.
    count.and_then(|count| count.first().copied()).is_none_or(|count| count <= 1)
}

const NOT_UPSTREAM: &str = "the filter must be one of the cluster's, not of the listener's: move it \
    to http_filters in the cluster's HttpProtocolOptions";

const NOT_TLS: &str = "the cluster has no TLS, so bearers would be sent in the clear: add a \
    transport_socket with an UpstreamTlsContext";

const CLIENT_AUTHORIZATION: &str = "the gateway adds the bearer: send the request without \
    Authorization";

const NO_ACCOUNT: &str = "the request must name an account that this gateway has, in the header ";
