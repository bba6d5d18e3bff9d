//! Kling's two schemes, and their shapes.

use crate::accounts::API_KEY_PREFIX;

/// Kling's two schemes.
#[derive(Clone, Copy)]
pub(crate) enum Scheme {
    Jwt,
    ApiKey,
}

impl Scheme {
    /// By its shape; `None` for neither.
    pub(crate) fn of(bearer: &str) -> Option<Self> {
        if bearer.starts_with(API_KEY_PREFIX) {
            Some(Self::ApiKey)
        } else if bearer.split('.').count() == 3 {
            Some(Self::Jwt)
        } else {
            None
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jwt => "jwt",
            Self::ApiKey => "api_key",
        }
    }
}
