//! Checks credentials as they were found, and removes what surrounds them.
//!
//! A caller, an environment and a file all provide either a key pair or one value that is named an
//! API key. The type `V` of a value is up to the host: it may also say where the value is.

use crate::{ApiKey, CredentialWarning, Credentials, Error, Field, HmacKey, credential::sanitize};

/// Credentials as they were found, before they are checked.
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
    /// A value under an API key's name. Its shape decides what it is.
    ApiKey(V),
}

/// Why credentials cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidCredentials {
    /// A value cannot be a key. The error says which one.
    Value(Error),
    /// Access key and secret key are the same.
    Equal,
    /// The value under an API key's name is an access key, without its secret key.
    PartialPair,
}

impl From<Error> for InvalidCredentials {
    fn from(error: Error) -> Self {
        Self::Value(error)
    }
}

impl<V> Unvalidated<V> {
    /// The value of a field. A single value is returned for any field.
    pub fn value(&self, field: Field) -> &V {
        match self {
            Self::KeyPair { secret_key, .. } if field == Field::SecretKey => secret_key,
            Self::KeyPair { access_key: value, .. } | Self::ApiKey(value) => value,
        }
    }

    /// All values: access key and secret key, or the one value.
    pub fn values(&self) -> impl Iterator<Item = &V> {
        let (first, second) = match self {
            Self::KeyPair { access_key, secret_key } => (access_key, Some(secret_key)),
            Self::ApiKey(value) => (value, None),
        };
        core::iter::once(first).chain(second)
    }

    /// Converts each value.
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
    /// Removes what surrounds each value, and checks it.
    ///
    /// Most mistakes of users are found here, before anything is signed: a line end, quotes, the
    /// bullets of a console that hides the key, a guide's placeholder. `warn` is called for what is
    /// unusual, but accepted.
    ///
    /// # Errors
    ///
    /// [`InvalidCredentials`] says which value cannot be used, and why.
    ///
    /// ```
    /// use kling_jwt_core::{Credentials, Field, CredentialWarning, Unvalidated};
    ///
    /// let mut warning = None;
    /// let raw = Unvalidated::ApiKey("api-key-kling-0123456789\n");
    /// let credentials = raw.credentials(&mut |found| warning = Some(found));
    /// assert!(matches!(credentials, Ok(Credentials::ApiKey(_))));
    /// assert_eq!(warning, Some(CredentialWarning::Cleaned(Field::ApiKey, "white space")));
    /// ```
    pub fn credentials(
        &self,
        warn: &mut dyn FnMut(CredentialWarning),
    ) -> Result<Credentials, InvalidCredentials> {
        match self {
            Self::KeyPair { access_key, secret_key } => key_pair(access_key, secret_key, warn),
            Self::ApiKey(text) => {
                let text = sanitize::clean(text, Field::ApiKey, warn)?;
                if let Some((access_key, secret_key)) = pair(text) {
                    return key_pair(access_key, secret_key, warn);
                }
                if sanitize::is_key_of_a_pair(text) {
                    return Err(InvalidCredentials::PartialPair);
                }
                let credentials = Credentials::api_key(text)?;
                if !ApiKey::is_likely(text) {
                    warn(CredentialWarning::Shape(Field::ApiKey));
                }
                Ok(credentials)
            }
        }
    }

    /// The HMAC key of a key pair, to verify signatures.
    ///
    /// `None` for an API key, and for a value that cannot be a key:
    /// [`credentials`](Self::credentials) says why.
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
    warn: &mut dyn FnMut(CredentialWarning),
) -> Result<Credentials, InvalidCredentials> {
    let access_key = sanitize::clean(access_key, Field::AccessKey, warn)?;
    let secret_key = sanitize::clean(secret_key, Field::SecretKey, warn)?;
    let credentials = Credentials::key_pair(access_key, secret_key)?;
    if access_key == secret_key {
        return Err(InvalidCredentials::Equal);
    }
    let begins_with = |text: &str, prefix: &str| {
        text.strip_prefix(prefix).is_some_and(|rest| rest.starts_with(['_', '-']))
    };
    if begins_with(access_key, "sk") || begins_with(secret_key, "ak") {
        warn(CredentialWarning::Swapped);
    } else {
        for (text, field) in [(access_key, Field::AccessKey), (secret_key, Field::SecretKey)] {
            if !sanitize::is_key_of_a_pair(text) {
                warn(CredentialWarning::Shape(field));
            }
        }
    }
    Ok(credentials)
}

/// Both keys of a pair in one text, such as `access:secret`; `None` for an API key.
fn pair(text: &str) -> Option<(&str, &str)> {
    if ApiKey::is_likely(text) { None } else { sanitize::pair(text) }
}

impl InvalidCredentials {
    /// The field that cannot be used, to find where its value came from.
    pub const fn field(self) -> Field {
        match self {
            Self::Value(Error::Credential { field, .. }) => field,
            Self::Value(_) | Self::Equal => Field::AccessKey,
            Self::PartialPair => Field::ApiKey,
        }
    }
}
