//! Where the bearer goes: to Kling's API and to the base URL, and nowhere else; and what there is to
//! know of the credentials.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use crate::{
    Masked, Origin, Response, TokenProvider,
    encoding::write::Plain,
    engine::{
        base_url::EffectiveBaseUrl,
        event::Event,
        host::{CredentialSource, Host},
        shared::Engine,
    },
    messages::event::EventKind,
};

impl<H: Host> Engine<H> {
    /// What requests to Kling begin with, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.base_url.as_str()
    }

    /// Whether reloaded credentials stand beside the same base URL.
    pub fn accepts_base_url(&self, found: &EffectiveBaseUrl) -> bool {
        self.base_url.accepts(found)
    }

    /// Whether a request to this absolute URL may carry the bearer.
    pub fn allows(&self, url: &str) -> bool {
        self.base_url.allows(url)
    }

    /// Makes sure that a request to this absolute URL may carry the bearer.
    ///
    /// # Errors
    ///
    /// The origin where it must not go.
    pub fn require_origin(&self, url: &str) -> Result<(), String> {
        if self.allows(url) { Ok(()) } else { Err(shown(url)) }
    }

    /// Whether an adapter, which sees all requests of a client, is to attach the bearer to this
    /// one. `present` is the value of its `Authorization` header, if it has one.
    ///
    /// # Errors
    ///
    /// The origin of another host's request that has this credential's bearer already.
    pub fn should_authorize(&self, url: &str, present: Option<&str>) -> Result<bool, String> {
        let allows = self.allows(url);
        let is_ours = |value: &str| value.split_ascii_whitespace().any(|word| self.issued(word));
        if !allows && present.is_some_and(is_ours) { Err(shown(url)) } else { Ok(allows) }
    }

    /// Whether an adapter, which sees all responses of a client, is to read the body of this one and
    /// handle it: it is a refusal, or [may be one](Response::should_read_body), of a host that may
    /// have the bearer. A 401 of another host is [noted](Self::warn_withheld).
    pub fn should_handle_response(
        &self,
        url: &str,
        status: u16,
        content_type: Option<&str>,
        content_length: Option<&str>,
    ) -> bool {
        let length = content_length.and_then(|length| length.parse().ok());
        if !Response::should_read_body(status, content_type, length) {
            return false;
        }
        let allows = self.allows(url);
        if !allows && status == 401 {
            self.warn_withheld(url);
        }
        allows
    }

    /// Events that another host answered 401 to a request that went without the bearer: if
    /// it is a gateway of the user's, its URL is to be given.
    pub fn warn_withheld(&self, url: &str) {
        self.events.emit(EventKind::Withheld(&Plain(&shown(url))));
    }

    /// The warnings since this was last called; none where a listener hears them.
    pub fn take_events(&self) -> Vec<Event> {
        self.events.take()
    }

    /// The access key that signs. An API key has none.
    pub fn access_key(&self) -> Option<String> {
        self.with(|account| account.issuer.access_key()).map(|key| key.as_str().to_string())
    }

    /// The access key that signs, masked. An API key has none.
    pub fn masked_access_key(&self) -> Option<String> {
        let access_key = self.with(|account| account.issuer.access_key());
        access_key.map(|key| Masked(key.as_str()).to_string())
    }

    /// By how many seconds the server's clock is ahead of the host's, as far as refusals taught: 0
    /// until then, negative where the host's clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.schedule().clock_offset()
    }

    /// A provider of the same credentials and the same schedule, which goes its own way.
    pub fn provider(&self) -> TokenProvider {
        let issuer = self.with(|account| account.issuer.clone());
        TokenProvider::from_parts(issuer, self.policy, self.schedule())
    }

    /// Where the credentials come from.
    pub fn source(&self) -> H::CredentialSource {
        self.with(|account| account.source.clone())
    }

    /// The stable name of where the credentials come from.
    pub fn source_kind(&self) -> &'static str {
        self.with(|account| account.source.kind())
    }

    /// Whether there is a place to look for the credentials again.
    pub fn can_reload(&self) -> bool {
        self.with(|account| account.source.can_reload())
    }
}

/// The origin alone, for people: what follows may be the secret part of a signed URL.
fn shown(url: &str) -> String {
    Origin::parse(url).map_or_else(|| "this URL".to_string(), |origin| origin.to_string())
}
