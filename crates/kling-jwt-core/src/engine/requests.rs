//! Which requests may carry the bearer, and what the engine says about its credentials.

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
    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        self.base_url.as_str()
    }

    /// Whether reloaded credentials may be used, if this base URL was found with them.
    pub fn accepts_base_url(&self, found: &EffectiveBaseUrl) -> bool {
        self.base_url.accepts(found)
    }

    /// Whether a request to this absolute URL may carry the bearer.
    pub fn allows(&self, url: &str) -> bool {
        self.base_url.allows(url)
    }

    /// Checks that a request to this absolute URL may carry the bearer.
    ///
    /// # Errors
    ///
    /// The origin of the URL, if it must not.
    pub fn require_origin(&self, url: &str) -> Result<(), String> {
        if self.allows(url) { Ok(()) } else { Err(shown(url)) }
    }

    /// Whether an adapter, which sees all requests of a client, should attach the bearer to this
    /// one. `present` is the value of its `Authorization` header, if it has one.
    ///
    /// # Errors
    ///
    /// The origin of the URL, if the request must not carry the bearer, but already does.
    pub fn should_authorize(&self, url: &str, present: Option<&str>) -> Result<bool, String> {
        let allows = self.allows(url);
        let has_bearer = |value: &str| value.split_ascii_whitespace().any(|word| self.issued(word));
        if !allows && present.is_some_and(has_bearer) { Err(shown(url)) } else { Ok(allows) }
    }

    /// Whether an adapter, which sees all responses of a client, should read the body of this one
    /// and handle it.
    ///
    /// It should if this is a refusal, or [may be one](Response::should_read_body), from a host to
    /// which the bearer may be sent. A 401 from another host emits a
    /// [warning](Self::warn_withheld).
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

    /// Warns that another host answered 401 to a request without the bearer. If it is the user's
    /// gateway, its URL must be the base URL.
    pub fn warn_withheld(&self, url: &str) {
        self.events.emit(EventKind::Withheld(&Plain(&shown(url))));
    }

    /// Returns the pending events, and removes them. There are none if a listener receives them.
    pub fn take_events(&self) -> Vec<Event> {
        self.events.take()
    }

    /// The access key; `None` for an API key.
    pub fn access_key(&self) -> Option<String> {
        self.with(|account| account.issuer.access_key()).map(|key| key.as_str().to_string())
    }

    /// The masked access key; `None` for an API key.
    pub fn masked_access_key(&self) -> Option<String> {
        let access_key = self.with(|account| account.issuer.access_key());
        access_key.map(|key| Masked(key.as_str()).to_string())
    }

    /// How many seconds the server's clock is ahead of the host's; negative if it is behind. It is
    /// 0 until a refusal shows a difference.
    pub fn clock_offset(&self) -> i64 {
        self.schedule().clock_offset()
    }

    /// A provider with the same credentials and schedule. Later changes do not affect the other.
    pub fn provider(&self) -> TokenProvider {
        let issuer = self.with(|account| account.issuer.clone());
        TokenProvider::from_parts(issuer, self.policy, self.schedule())
    }

    /// The source of the credentials.
    pub fn source(&self) -> H::CredentialSource {
        self.with(|account| account.source.clone())
    }

    /// The stable name of the source of the credentials.
    pub fn source_kind(&self) -> &'static str {
        self.with(|account| account.source.kind())
    }

    /// Whether the credentials can be read again from their source.
    pub fn can_reload(&self) -> bool {
        self.with(|account| account.source.can_reload())
    }
}

/// The origin of a URL for messages. The rest may be the secret part of a signed URL.
fn shown(url: &str) -> String {
    Origin::parse(url).map_or_else(|| "this URL".to_string(), |origin| origin.to_string())
}
