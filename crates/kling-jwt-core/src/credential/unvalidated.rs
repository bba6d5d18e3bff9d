//! Credentials as they were found: under which names, whole or half, cleaned and checked.
//!
//! A caller's hand, an environment and a file bring the same two things, a key pair or a value
//! that goes by the name of an API key. Where they stand is the host's business (`V`); what they
//! are is told here, in the same words for all hosts.

use crate::{ApiKey, CredentialWarning, Credentials, Error, Field, HmacKey, credential::sanitize};

/// Credentials as they were found, before they are cleaned: each value as the host keeps it.
#[derive(Clone, Copy)]
#[expect(missing_debug_implementations, reason = "it holds secrets")]
pub enum Unvalidated<V> {
    /// Both keys of a pair.
    KeyPair {
        /// The access key.
        access_key: V,
        /// The secret key.
        secret_key: V,
    },
    /// What was found under an API key's name; its shape tells what it is.
    ApiKey(V),
}

/// Why what was found are no credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidCredentials {
    /// A value cannot be the key: the error names which.
    Value(Error),
    /// Access key and secret key are the same.
    Equal,
    /// Under an API key's name stands an access key, without its secret key.
    PartialPair,
}

impl From<Error> for InvalidCredentials {
    fn from(error: Error) -> Self {
        Self::Value(error)
    }
}

impl<V> Unvalidated<V> {
    /// The value that a field came from: of what goes by an API key's name, always that one.
    pub fn value(&self, field: Field) -> &V {
        match self {
            Self::KeyPair { secret_key, .. } if field == Field::SecretKey => secret_key,
            Self::KeyPair { access_key: value, .. } | Self::ApiKey(value) => value,
        }
    }

    /// The values: of a pair, the access key first.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        let (first, second) = match self {
            Self::KeyPair { access_key, secret_key } => (access_key, Some(secret_key)),
            Self::ApiKey(value) => (value, None),
        };
        core::iter::once(first).chain(second)
    }

    /// The same credentials, each value read by the host's function.
    pub fn map<'a, T>(&'a self, read: impl Fn(&'a V) -> T) -> Unvalidated<T> {
        match self {
            Self::KeyPair { access_key, secret_key } => {
                Unvalidated::KeyPair { access_key: read(access_key), secret_key: read(secret_key) }
            }
            Self::ApiKey(value) => Unvalidated::ApiKey(read(value)),
        }
    }
}

impl Unvalidated<&str> {
    /// The credentials: cleaned, told apart by shape, checked. What is odd about them is told.
    ///
    /// Most failures of users happen here, before anything is signed: a line end, quotes, a
    /// console's masking bullets, the placeholder of a guide.
    ///
    /// # Errors
    ///
    /// Which value cannot be used, and why.
    ///
    /// ```
    /// use kling_jwt_core::{Credentials, Field, CredentialWarning, Unvalidated};
    ///
    /// let mut odd = None;
    /// let raw = Unvalidated::ApiKey("api-key-kling-0123456789\n");
    /// assert!(matches!(raw.credentials(&mut |oddity| odd = Some(oddity)), Ok(Credentials::ApiKey(_))));
    /// assert_eq!(odd, Some(CredentialWarning::Cleaned(Field::ApiKey, "white space")));
    /// ```
    pub fn credentials(
        &self,
        tell: &mut dyn FnMut(CredentialWarning),
    ) -> Result<Credentials, InvalidCredentials> {
        match self {
            Self::KeyPair { access_key, secret_key } => key_pair(access_key, secret_key, tell),
            Self::ApiKey(text) => {
                let text = sanitize::clean(text, Field::ApiKey, tell)?;
                if let Some((access_key, secret_key)) = pair(text) {
                    return key_pair(access_key, secret_key, tell);
                }
                if sanitize::is_key_of_a_pair(text) {
                    return Err(InvalidCredentials::PartialPair);
                }
                let credentials = Credentials::api_key(text)?;
                if !ApiKey::is_likely(text) {
                    tell(CredentialWarning::Shape(Field::ApiKey));
                }
                Ok(credentials)
            }
        }
    }

    /// The key that signs, if these are a key pair: to check signatures of others by. What is not
    /// fit for a key, [`credentials`](Self::credentials) tells.
    pub fn hmac_key(&self) -> Option<HmacKey> {
        let clean = |text, field| sanitize::clean(text, field, &mut |_| ()).ok();
        let secret_key = match self {
            Self::KeyPair { secret_key, .. } => secret_key,
            Self::ApiKey(text) => pair(clean(text, Field::ApiKey)?)?.1,
        };
        Some(HmacKey::new(clean(secret_key, Field::SecretKey)?.as_bytes()))
    }
}

fn key_pair(
    access_key: &str,
    secret_key: &str,
    tell: &mut dyn FnMut(CredentialWarning),
) -> Result<Credentials, InvalidCredentials> {
    let access_key = sanitize::clean(access_key, Field::AccessKey, tell)?;
    let secret_key = sanitize::clean(secret_key, Field::SecretKey, tell)?;
    let credentials = Credentials::key_pair(access_key, secret_key)?;
    if access_key == secret_key {
        return Err(InvalidCredentials::Equal);
    }
    let begins_with = |text: &str, prefix: &str| {
        text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['_', '-']))
    };
    if begins_with(access_key, "sk") || begins_with(secret_key, "ak") {
        tell(CredentialWarning::Swapped);
    } else {
        for (text, field) in [(access_key, Field::AccessKey), (secret_key, Field::SecretKey)] {
            if !sanitize::is_key_of_a_pair(text) {
                tell(CredentialWarning::Shape(field));
            }
        }
    }
    Ok(credentials)
}

/// `access:secret`, and the other ways to write both keys in one, of what is no API key.
fn pair(text: &str) -> Option<(&str, &str)> {
    if ApiKey::is_likely(text) { None } else { sanitize::pair(text) }
}

impl InvalidCredentials {
    /// The field that it is about, to name the place of its value by.
    pub const fn field(self) -> Field {
        match self {
            Self::Value(Error::Credential { field, .. }) => field,
            Self::Value(_) | Self::Equal => Field::AccessKey,
            Self::PartialPair => Field::ApiKey,
        }
    }
}
