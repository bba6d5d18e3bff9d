//! The credentials. They are validated here, so that minting a token cannot fail.
//!
//! Kling has two kinds. A key pair signs a JWT that is valid for 30 minutes; an API key is sent as
//! the bearer. Of the secret key only the HMAC state is kept, never the string.

use core::{fmt, str::FromStr};

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    encoding::{bounded::API_KEY_PREFIX, buffer::Writer, chars::ascii, masked::Masked},
    error::{Error, Fault, Field},
    hmac::midstate::Midstate,
};

/// Credentials of either kind that Kling has: a key pair or an API key.
///
/// ```
/// use kling_jwt_core::Credentials;
///
/// let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
/// assert_eq!(credentials.access_key(), Some("access-key"));
/// assert!(!format!("{credentials:?}").contains("secret-key"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// Access key and secret key, which sign a JWT that is valid for 30 minutes.
    KeyPair(KeyPair),
    /// A static string, which is sent as the bearer.
    ApiKey(ApiKey),
}

impl Credentials {
    /// Makes credentials from the access key and the secret key that the console shows.
    ///
    /// The bytes of the secret key are the HMAC key: it is not base64-decoded (Kling's
    /// documentation).
    ///
    /// # Errors
    ///
    /// [`Error::Credential`]: `field` says which key, `fault` what is wrong with it.
    pub fn key_pair(access_key: &str, secret_key: &str) -> Result<Self, Error> {
        KeyPair::validate(access_key, secret_key)?;
        Ok(Self::KeyPair(KeyPair::from_validated(access_key, secret_key)))
    }

    /// Makes credentials from the API key that the console shows.
    ///
    /// # Errors
    ///
    /// [`Error::Credential`] with what is wrong with it.
    pub fn api_key(api_key: &str) -> Result<Self, Error> {
        ApiKey::new(api_key).map(Self::ApiKey)
    }

    /// The access key of a key pair. It is public: every token contains it.
    pub fn access_key(&self) -> Option<&str> {
        match self {
            Self::KeyPair(pair) => Some(pair.access_key.as_str()),
            Self::ApiKey(_) => None,
        }
    }
}

/// An access key, and the HMAC state made from its secret key.
///
/// ```
/// use kling_jwt_core::{Error, Fault, Field, KeyPair};
///
/// let pair = KeyPair::new("access-key", "secret-key")?;
/// assert_eq!(pair.access_key().as_str(), "access-key");
/// assert_eq!(
///     KeyPair::new("access-key", "secret key").unwrap_err(),
///     Error::Credential { field: Field::SecretKey, fault: Fault::Character { index: 6, character: ' ' } },
/// );
/// # Ok::<_, Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyPair {
    pub(crate) access_key: AccessKey,
    /// The state of HMAC-SHA256 after the secret key (a *midstate*). As secret as the key.
    pub(crate) midstate: Midstate,
}

impl KeyPair {
    /// The longest secret key that is accepted, in bytes. All that we have seen have 32.
    pub const MAX_SECRET_KEY_LEN: usize = 512;

    /// Checks both keys, and makes the HMAC state of the secret key.
    ///
    /// # Errors
    ///
    /// [`Error::Credential`]: `field` says which key, `fault` what is wrong with it.
    pub fn new(access_key: &str, secret_key: &str) -> Result<Self, Error> {
        Self::validate(access_key, secret_key)?;
        Ok(Self::from_validated(access_key, secret_key))
    }

    fn validate(access_key: &str, secret_key: &str) -> Result<(), Error> {
        AccessKey::validate(access_key)?;
        validate_text(secret_key, Field::SecretKey, Self::MAX_SECRET_KEY_LEN, is_visible)
    }

    /// Makes a pair from validated keys. Validation is separate, because to move a pair out
    /// of a `Result` would copy it.
    fn from_validated(access_key: &str, secret_key: &str) -> Self {
        Self {
            access_key: AccessKey::from_validated(access_key),
            midstate: Midstate::new(secret_key.as_bytes()),
        }
    }

    /// The access key.
    pub fn access_key(&self) -> &AccessKey {
        &self.access_key
    }
}

/// The public half of a key pair: the issuer of its tokens. `Debug` shows it [`Masked`].
///
/// ```
/// use kling_jwt_core::AccessKey;
///
/// let access_key = AccessKey::new("access-key").unwrap();
/// assert_eq!(access_key.as_str(), "access-key");
/// assert_eq!(format!("{access_key:?}"), "AccessKey(a…y)");
/// assert!(AccessKey::new("access key").is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AccessKey(KeyText<{ Self::MAX_LEN }>);

impl AccessKey {
    /// The longest access key that is accepted, in bytes. All that we have seen have 32.
    pub const MAX_LEN: usize = 64;

    /// Makes an access key from a string of 1 to [`MAX_LEN`](Self::MAX_LEN) visible ASCII characters,
    /// without `"` and `\`, which JSON would have to escape.
    ///
    /// # Errors
    ///
    /// [`Error::Credential`] with [`Field::AccessKey`] and what is wrong with it.
    pub fn new(access_key: &str) -> Result<Self, Error> {
        Self::validate(access_key)?;
        Ok(Self::from_validated(access_key))
    }

    /// Makes an access key from a validated text.
    pub(crate) fn from_validated(access_key: &str) -> Self {
        Self(KeyText::new(access_key))
    }

    pub(crate) fn validate(access_key: &str) -> Result<(), Error> {
        let needs_no_json_escape = |byte| is_visible(byte) && byte != b'"' && byte != b'\\';
        validate_text(access_key, Field::AccessKey, Self::MAX_LEN, needs_no_json_escape)
    }

    /// The key as the console shows it.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl AsRef<str> for AccessKey {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

/// Same as [`AccessKey::new`].
impl FromStr for AccessKey {
    type Err = Error;

    fn from_str(access_key: &str) -> Result<Self, Error> {
        Self::new(access_key)
    }
}

/// Same as [`AccessKey::new`].
impl TryFrom<&str> for AccessKey {
    type Error = Error;

    fn try_from(access_key: &str) -> Result<Self, Error> {
        Self::new(access_key)
    }
}

impl fmt::Debug for AccessKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccessKey").field(&Masked(self.as_str())).finish()
    }
}

/// A static API key: a secret that is sent with every request. It is zeroized on drop.
///
/// ```
/// use kling_jwt_core::{ApiKey, Token};
///
/// let api_key = ApiKey::new("api-key-kling-1").unwrap();
/// assert_eq!(format!("{api_key:?}"), "ApiKey([elided])");
/// assert_eq!(Token::from(&api_key).as_str(), "api-key-kling-1");
/// ```
#[derive(Clone)]
pub struct ApiKey(KeyText<{ Self::MAX_LEN }>);

impl ApiKey {
    /// The longest API key that is accepted, in bytes. The documented example has 57.
    pub const MAX_LEN: usize = 128;

    /// The beginning of every static API key that we have seen. Others are accepted too.
    pub const PREFIX: &'static str = API_KEY_PREFIX;

    /// Makes an API key from a string of 1 to [`MAX_LEN`](Self::MAX_LEN) visible ASCII characters.
    ///
    /// # Errors
    ///
    /// [`Error::Credential`] with [`Field::ApiKey`] and what is wrong with it.
    pub fn new(api_key: &str) -> Result<Self, Error> {
        validate_text(api_key, Field::ApiKey, Self::MAX_LEN, is_visible)?;
        Ok(Self(KeyText::new(api_key)))
    }

    /// Whether a text begins with [`PREFIX`](Self::PREFIX), and so is probably an API key. It is not
    /// validated: [`new`](Self::new) does that.
    pub fn is_likely(text: &str) -> bool {
        text.starts_with(Self::PREFIX)
    }

    pub(crate) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// Same as [`ApiKey::new`].
impl FromStr for ApiKey {
    type Err = Error;

    fn from_str(api_key: &str) -> Result<Self, Error> {
        Self::new(api_key)
    }
}

/// Same as [`ApiKey::new`].
impl TryFrom<&str> for ApiKey {
    type Error = Error;

    fn try_from(api_key: &str) -> Result<Self, Error> {
        Self::new(api_key)
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey([elided])")
    }
}

impl Drop for ApiKey {
    fn drop(&mut self) {
        self.0.bytes.zeroize();
    }
}

impl ZeroizeOnDrop for ApiKey {}

/// A validated key of at most `MAX` ASCII bytes, stored inline: there is no allocator.
#[derive(Clone, PartialEq, Eq, Hash)]
struct KeyText<const MAX: usize> {
    bytes: [u8; MAX],
    len: u8,
}

impl<const MAX: usize> KeyText<MAX> {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "callers validated text.len() <= MAX <= 255"
    )]
    fn new(text: &str) -> Self {
        const { assert!(MAX <= u8::MAX as usize, "the length is a `u8`") };
        let mut bytes = [0; MAX];
        Writer::new(&mut bytes).text(text.as_bytes());
        Self { bytes, len: text.len() as u8 }
    }

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.len.into()).unwrap_or_default()
    }

    fn as_str(&self) -> &str {
        ascii(self.as_bytes())
    }
}

const fn is_visible(byte: u8) -> bool {
    matches!(byte, 0x21..=0x7e)
}

fn validate_text(
    text: &str,
    field: Field,
    max_len: usize,
    allowed: fn(u8) -> bool,
) -> Result<(), Error> {
    let fault = if text.is_empty() {
        Fault::Empty
    } else if let Some(at) = text.bytes().position(|byte| !allowed(byte)) {
        // The bytes before `at` are ASCII, so a character begins there.
        let char = text.get(at..).and_then(|rest| rest.chars().next());
        Fault::Character { index: at, character: char.unwrap_or_default() }
    } else if text.len() > max_len {
        Fault::TooLong
    } else {
        return Ok(());
    };
    Err(Error::Credential { field, fault })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_keys_fit() {
        let longest = [b'k'; 512];
        let text = |len| core::str::from_utf8(&longest[..len]).unwrap();
        let pair = KeyPair::new(text(AccessKey::MAX_LEN), text(KeyPair::MAX_SECRET_KEY_LEN));
        assert_eq!(pair.unwrap().access_key().as_str(), text(AccessKey::MAX_LEN));
        let api_key = ApiKey::new(text(ApiKey::MAX_LEN)).unwrap();
        assert_eq!(api_key.as_str(), text(ApiKey::MAX_LEN));
    }
}
