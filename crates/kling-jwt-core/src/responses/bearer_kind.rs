//! Whether a bearer is a token or an API key.

/// The kind of the bearer that a request carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BearerKind {
    /// A token, signed with a key pair.
    Token,
    /// A static API key.
    ApiKey,
    /// No bearer, or not known.
    Unknown,
}

impl BearerKind {
    /// The kind of a bearer. A token begins with `{"` in base64url, even if it was cut off.
    pub(crate) fn of(bearer: &str) -> Self {
        match bearer {
            "" => Self::Unknown,
            _ if bearer.starts_with("eyJ") => Self::Token,
            _ => Self::ApiKey,
        }
    }
}
