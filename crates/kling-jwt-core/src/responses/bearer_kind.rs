//! Which of Kling's two kinds a bearer is.

/// What kind of credential a request carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BearerKind {
    /// A token, signed with a key pair.
    Token,
    /// A static API key.
    ApiKey,
    /// It is not known.
    Unknown,
}

impl BearerKind {
    /// The kind of a bearer: a token begins with `{"` in base64url, even one that was cut.
    pub(crate) fn of(bearer: &str) -> Self {
        match bearer {
            "" => Self::Unknown,
            _ if bearer.starts_with("eyJ") => Self::Token,
            _ => Self::ApiKey,
        }
    }
}
