//! The claims of a token that was sent, unverified: which access key issued it, and when.

use crate::{Token, Validity, decode, encoding::json};

/// The claims of a token that was sent.
pub(crate) struct SentClaims<'a> {
    issuer: &'a str,
    expires_at: u64,
    not_before: u64,
}

impl<'a> SentClaims<'a> {
    /// Decodes the claims of a token; `None` if one of them is missing or has another type.
    pub(crate) fn of(token: &str, buffer: &'a mut [u8; Token::MAX_LEN]) -> Option<Self> {
        let claims = json::object(decode(token, buffer).ok()?.payload)?;
        Some(Self {
            issuer: json::plain_string(claims, "iss")?,
            expires_at: json::number(claims, "exp")?,
            not_before: json::number(claims, "nbf")?,
        })
    }

    /// The claims of a token that this crate mints at `minted_at`.
    pub(crate) fn at(issuer: &'a str, minted_at: u64, validity: Validity) -> Self {
        let (expires_at, not_before) =
            (validity.expires_at(minted_at), Validity::not_before(minted_at));
        Self { issuer, expires_at, not_before }
    }

    /// The access key.
    pub(crate) fn issuer(&self) -> &'a str {
        self.issuer
    }

    /// Whether the token has the times of one minted at `minted_at`.
    pub(crate) fn is_minted_at(&self, minted_at: u64, validity: Validity) -> bool {
        let minted = Self::at(self.issuer, minted_at, validity);
        (minted.expires_at, minted.not_before) == (self.expires_at, self.not_before)
    }

    /// Whether `time` is before the token becomes valid.
    pub(crate) fn is_not_yet_valid_at(&self, time: u64) -> bool {
        time < self.not_before
    }

    /// Whether the token has expired at `time` (RFC 7519, section 4.1.4).
    pub(crate) fn is_expired_at(&self, time: u64) -> bool {
        self.expires_at <= time
    }
}
