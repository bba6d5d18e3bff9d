//! The credentials of one account, and the `Authorization` header in use.

use alloc::{boxed::Box, rc::Rc, vec::Vec};
use core::{
    cell::RefCell,
    fmt::{self, Debug, Display},
    ops::Range,
};

use kling_jwt_core::{
    Credentials, Response, Token, Validity, Verdict,
    engine::{
        CredentialSource, EffectiveBaseUrl, Engine, Event, Host, Lease, LocalCell, LocalWord,
        Setup, TokenVersion,
    },
};
use zeroize::Zeroizing;

/// A worker of Envoy, as host of the engine: it has one thread.
#[derive(Debug)]
pub(crate) struct Worker;

impl Host for Worker {
    type CredentialSource = Source;
    type Word = LocalWord;
    type Cell<T: Debug> = LocalCell<T>;

    /// They are counted, and written to Envoy's log.
    const KEEPS_ALL_EVENTS: bool = true;
}

/// Credentials change with the configuration alone, which makes new accounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source;

impl CredentialSource for Source {
    fn kind(&self) -> &'static str {
        "configuration"
    }

    fn unused_api_key(&self) -> Option<&'static str> {
        None
    }

    fn can_reload(&self) -> bool {
        false
    }
}

impl Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind())
    }
}

/// What all accounts of a configuration share.
pub(crate) struct Policy {
    pub(crate) validity: Validity,
    /// In seconds.
    pub(crate) buffer: u64,
    pub(crate) base_url: EffectiveBaseUrl,
}

pub(crate) struct Account {
    engine: Engine<Worker>,
    current: RefCell<Option<Current>>,
}

/// What a bearer may be sent by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Transport {
    Tls,
    /// To this machine.
    Plain,
}

/// The header in use.
struct Current {
    header: Rc<Header>,
    /// The seconds of this machine's clock in which it may be used.
    fresh: Range<u64>,
    version: TokenVersion,
}

/// `Bearer` and a bearer. It is wiped on drop.
pub(crate) struct Header {
    value: Zeroizing<Box<str>>,
    /// In Unix seconds; `None` for an API key.
    pub(crate) expires_at: Option<u64>,
}

impl Header {
    const SCHEME: &str = "Bearer ";

    fn new(token: &Token) -> Self {
        let value = [Self::SCHEME, token.as_str()].concat().into_boxed_str();
        Self { value: Zeroizing::new(value), expires_at: token.expires_at() }
    }

    /// The value of `Authorization`.
    pub(crate) fn value(&self) -> &str {
        &self.value
    }

    pub(crate) fn bearer(&self) -> &str {
        self.value.strip_prefix(Self::SCHEME).unwrap_or_default()
    }
}

impl Account {
    pub(crate) fn new(credentials: Credentials, policy: &Policy) -> Self {
        let Policy { validity, buffer, ref base_url } = *policy;
        let base_url = base_url.clone();
        let (source, listener, events) = (Source, None, Vec::new());
        let setup = Setup { credentials, source, validity, buffer, base_url, listener, events };
        let engine = Engine::new(setup);
        // The only one so far says that the credentials came from the configuration.
        engine.take_events();
        Self { engine, current: RefCell::default() }
    }

    /// What the bearer may be sent to a host by, which may have a port: to Kling's API by TLS, and to
    /// the host of the base URL as that says; `None` for others.
    pub(crate) fn transport_to(&self, authority: &str) -> Option<Transport> {
        let allows = |scheme| self.engine.allows(&[scheme, authority].concat());
        // In a URL, each of them would end the authority.
        if authority.bytes().any(|byte| matches!(byte, b'/' | b'?' | b'#')) {
            None
        } else if allows("https://") {
            Some(Transport::Tls)
        } else {
            allows("http://").then_some(Transport::Plain)
        }
    }

    /// The header to send at `now`, in Unix seconds, and whether it is a new one.
    pub(crate) fn header(&self, now: u64) -> (Rc<Header>, bool) {
        let version = self.engine.token_version();
        if let Some(current) = self.current.borrow().as_ref()
            && current.version == version
            && current.fresh.contains(&now)
        {
            return (Rc::clone(&current.header), false);
        }
        let Lease { token, fresh, token_version } = self.engine.lease(now);
        let header = Rc::new(Header::new(&token));
        self.current.replace(token_version.map(|version| Current {
            header: Rc::clone(&header),
            fresh,
            version,
        }));
        (header, true)
    }

    /// What a response means, which was received at `now`. Corrects the clock if the bearer was
    /// refused because of it.
    pub(crate) fn handle_response(&self, response: &Response<'_>, now: u64) -> Verdict {
        self.engine.handle_response(response, now)
    }

    /// The events since the last call.
    pub(crate) fn take_events(&self) -> Vec<Event> {
        self.engine.take_events()
    }

    /// By how many seconds Kling's clock is ahead of this machine's.
    pub(crate) fn clock_offset(&self) -> i64 {
        self.engine.clock_offset()
    }
}
