//! Verifies that a callback comes from Kling.
//!
//! Kling signs callbacks according to Standard Webhooks
//! (<https://github.com/standard-webhooks/standard-webhooks>): three headers contain an id, a time
//! and a signature, which is HMAC-SHA256 over the id, the time and the raw bytes of the body. Kling
//! signs only after a webhook secret was created in its console. For 7 days after a scheduled
//! rotation it signs with the old secret too, so there may be several signatures; one that matches
//! is enough. An emergency rotation ends the old secret at once.
//!
//! ```
//! use kling_jwt_core::webhook::{Delivery, Secret, verify};
//!
//! // From the tests of the specification's own libraries
//! let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
//! let delivery = Delivery::from_parts(Some("msg_p5jXN8AQM9LWM0D4loKWxJek"), Some("1614265330"), Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="), br#"{"test": 2432232314}"#);
//! let verified = verify(&[secret], &delivery, 1_614_265_335)?;
//! assert_eq!((verified.id, verified.timestamp), ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330));
//! # Ok::<_, kling_jwt_core::Error>(())
//! ```

use core::{fmt, str::FromStr};

use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::{
    Error, HmacKey, SIGNATURE_LEN,
    encoding::{
        base64::decode_standard,
        chars::{digits, is_white_space, trimmed},
    },
};

/// How many seconds a callback's time may differ from now, in either direction. An older one may
/// have been intercepted, and sent again.
pub const TOLERANCE: u64 = 300;

/// The header with the callback's id.
pub const ID_HEADER: &str = "webhook-id";
/// The header with the time when the callback was sent, in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header with the signatures.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

const SECRET_PREFIX: &str = "whsec_";
const CGI_PREFIX: &[u8] = b"HTTP_";
/// The version of the signatures that are made with a shared secret.
const VERSION: &str = "v1,";
/// The longest accepted secret, in bytes. The specification's longest has 64.
const MAX_KEY_LEN: usize = 512;
/// The specification's shortest secret, in bytes. Shorter ones are accepted, because Kling chooses
/// its secrets, but the error names the length if no signature matches.
const MIN_KEY_LEN: usize = 24;

/// The secret of a webhook, as an HMAC key. `Debug` does not show it, and it is zeroized on drop.
#[derive(Clone)]
pub struct Secret {
    key: HmacKey,
    is_short: bool,
}

impl Secret {
    /// Parses a secret as Kling's console shows it: `whsec_` and base64.
    ///
    /// The prefix and the padding may be missing, as in the specification's libraries. White space
    /// around the secret is removed, such as the line end in a file.
    ///
    /// # Errors
    ///
    /// [`Error::WebhookSecret`] if it is empty, not base64, or longer than 512 bytes when decoded.
    pub fn new(secret: &str) -> Result<Self, Error> {
        let secret = trimmed(secret, is_white_space);
        let encoded = secret.strip_prefix(SECRET_PREFIX).unwrap_or(secret).as_bytes();
        let mut buffer = [0; MAX_KEY_LEN];
        let encoded = without_padding(encoded).unwrap_or(encoded);
        let key = decode_standard(encoded, &mut buffer).and_then(|len| buffer.get(..len));
        let secret = key.filter(|key| !key.is_empty());
        let secret =
            secret.map(|key| Self { key: HmacKey::new(key), is_short: key.len() < MIN_KEY_LEN });
        buffer.zeroize();
        secret.ok_or(Error::WebhookSecret)
    }
}

/// Its key is wiped.
impl ZeroizeOnDrop for Secret {}

/// As [`Secret::new`].
impl FromStr for Secret {
    type Err = Error;

    fn from_str(secret: &str) -> Result<Self, Error> {
        Self::new(secret)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([elided])")
    }
}

/// A callback as it arrived.
///
/// `Debug` shows neither signature nor body: anyone who has both can send it again.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct Delivery<'a> {
    /// The value of [`ID_HEADER`].
    pub id: Option<&'a str>,
    /// The value of [`TIMESTAMP_HEADER`].
    pub timestamp: Option<&'a str>,
    /// The value of [`SIGNATURE_HEADER`]: one or more signatures, separated by spaces.
    pub signature: Option<&'a str>,
    /// The bytes of the body as they arrived. JSON that was parsed and serialized again differs.
    pub body: &'a [u8],
}

impl<'a> Delivery<'a> {
    /// Makes a callback from the values of [`ID_HEADER`], [`TIMESTAMP_HEADER`] and
    /// [`SIGNATURE_HEADER`], which may be missing, and from the raw body.
    pub const fn from_parts(
        id: Option<&'a str>,
        timestamp: Option<&'a str>,
        signature: Option<&'a str>,
        body: &'a [u8],
    ) -> Self {
        Self { id, timestamp, signature, body }
    }

    /// Makes a callback from the headers and the raw body of an `http` request. Needs the feature
    /// `http`.
    ///
    /// A value that is not ASCII counts as missing.
    ///
    /// ```
    /// use http::HeaderMap;
    /// use kling_jwt_core::webhook::Delivery;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.insert("webhook-id", "msg_1".parse().unwrap());
    /// assert_eq!(Delivery::from_headers(&headers, b"{}").id, Some("msg_1"));
    /// ```
    #[cfg(feature = "http")]
    pub fn from_headers(headers: &'a http::HeaderMap, body: &'a [u8]) -> Self {
        let value = |name| headers.get(name).and_then(|value| value.to_str().ok());
        Self::from_parts(value(ID_HEADER), value(TIMESTAMP_HEADER), value(SIGNATURE_HEADER), body)
    }

    /// Makes a callback from all headers, in pairs of name and value, and from the raw body. If a
    /// name occurs more than once, the first value counts.
    ///
    /// Names are matched by [`is_header`].
    ///
    /// ```
    /// use kling_jwt_core::webhook::Delivery;
    ///
    /// let headers = [("Content-Type", "application/json"), ("Webhook-Id", "msg_1")];
    /// let delivery = Delivery::new(headers, b"{}");
    /// assert_eq!((delivery.id, delivery.timestamp), (Some("msg_1"), None));
    /// ```
    pub fn new(headers: impl IntoIterator<Item = (&'a str, &'a str)>, body: &'a [u8]) -> Self {
        let mut delivery = Self { body, ..Self::default() };
        for (name, value) in headers {
            let field = match name {
                name if is_header(name, ID_HEADER) => &mut delivery.id,
                name if is_header(name, TIMESTAMP_HEADER) => &mut delivery.timestamp,
                name if is_header(name, SIGNATURE_HEADER) => &mut delivery.signature,
                _ => continue,
            };
            field.get_or_insert(value);
        }
        delivery
    }
}

/// Whether a name is that of a wanted header, such as [`ID_HEADER`].
///
/// It may be in any case, or have the form of CGI and WSGI: `HTTP_WEBHOOK_ID`.
///
/// ```
/// use kling_jwt_core::webhook::{ID_HEADER, is_header};
///
/// assert!(is_header("Webhook-Id", ID_HEADER) && is_header("HTTP_WEBHOOK_ID", ID_HEADER));
/// assert!(!is_header("webhook_id", ID_HEADER));
/// ```
pub fn is_header(name: &str, wanted: &str) -> bool {
    let (prefix, rest) = name.as_bytes().split_at_checked(CGI_PREFIX.len()).unwrap_or_default();
    let is_same = |(one, other): (&u8, &u8)| match other {
        b'-' => *one == b'_',
        _ => one.eq_ignore_ascii_case(other),
    };
    let is_cgi = prefix.eq_ignore_ascii_case(CGI_PREFIX)
        && rest.len() == wanted.len()
        && rest.iter().zip(wanted.as_bytes()).all(is_same);
    is_cgi || name.eq_ignore_ascii_case(wanted)
}

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

/// A callback that was verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Verified<'a> {
    /// Its id, by which repeated callbacks are recognized.
    pub id: &'a str,
    /// When it was sent, in Unix seconds.
    pub timestamp: u64,
}

/// Verifies that a callback, which arrived at `now` (Unix seconds), was signed with one of these
/// secrets. Signatures are compared in constant time.
///
/// # Errors
///
/// [`Error::WebhookSecret`] if `secrets` is empty; [`Error::WebhookUnsigned`] if all headers are
/// missing; [`Error::WebhookHeader`] if one is missing or invalid; [`Error::WebhookTime`] if the
/// time differs from `now` by more than [`TOLERANCE`] seconds; [`Error::WebhookSignature`] or
/// [`Error::WebhookShortSecret`] if no signature matches.
pub fn verify<'a>(
    secrets: &[Secret],
    delivery: &Delivery<'a>,
    now: u64,
) -> Result<Verified<'a>, Error> {
    if secrets.is_empty() {
        return Err(Error::WebhookSecret);
    }
    let Delivery { id, timestamp, signature, body } = *delivery;
    if [id, timestamp, signature].into_iter().flatten().all(str::is_empty) {
        return Err(Error::WebhookUnsigned);
    }
    let id = required(id, ID_HEADER)?;
    let timestamp_text = required(timestamp, TIMESTAMP_HEADER)?;
    let signatures = required(signature, SIGNATURE_HEADER)?;
    let timestamp =
        digits(timestamp_text.as_bytes()).ok_or(Error::WebhookHeader { name: TIMESTAMP_HEADER })?;
    if timestamp.abs_diff(now) > TOLERANCE {
        return Err(Error::WebhookTime { age: age(timestamp, now) });
    }
    let is_signed = secrets.iter().any(|Secret { key, .. }| {
        // Hashed once for each secret, even if an attacker sends many signatures.
        let parts = [id.as_bytes(), b".", timestamp_text.as_bytes(), b".", body];
        let mut signed = key.clone();
        for part in parts {
            signed.extend(part);
        }
        let mut entries = signatures.as_bytes().split(|byte| *byte == b' ').filter_map(decoded);
        entries.any(|one| signed.verify(&[], &one))
    });
    if is_signed {
        Ok(Verified { id, timestamp })
    } else if secrets.iter().any(|secret| secret.is_short) {
        Err(Error::WebhookShortSecret)
    } else {
        Err(Error::WebhookSignature)
    }
}

fn required<'a>(header: Option<&'a str>, name: &'static str) -> Result<&'a str, Error> {
    header.filter(|value| !value.is_empty()).ok_or(Error::WebhookHeader { name })
}

fn age(timestamp: u64, now: u64) -> i64 {
    let distance = i64::try_from(timestamp.abs_diff(now)).unwrap_or(i64::MAX);
    if timestamp > now { -distance } else { distance }
}

/// Decodes a signature of version `v1`; `None` for others, which the specification ignores.
fn decoded(entry: &[u8]) -> Option<[u8; SIGNATURE_LEN]> {
    let mut signature = [0; SIGNATURE_LEN];
    let encoded = without_padding(entry.strip_prefix(VERSION.as_bytes())?)?;
    let len = decode_standard(encoded, &mut signature)?;
    (len == SIGNATURE_LEN).then_some(signature)
}

/// Removes the padding of base64; `None` if the length is not a multiple of 4.
fn without_padding(encoded: &[u8]) -> Option<&[u8]> {
    let text =
        encoded.strip_suffix(b"==").or_else(|| encoded.strip_suffix(b"=")).unwrap_or(encoded);
    encoded.len().is_multiple_of(4).then_some(text)
}
