//! Callbacks: whether a request that says it comes from Kling does.
//!
//! Kling signs callbacks in the manner of Standard Webhooks
//! (<https://github.com/standard-webhooks/standard-webhooks>): three headers beside the body, of
//! which the signature is HMAC-SHA256 over id, time and the body's raw bytes. It signs them once a
//! webhook secret was created in its console, and not before. After a scheduled rotation the old
//! secret signs as well for 7 days, so there may be several signatures; one that matches is enough.
//! An emergency rotation ends the old secret at once.
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

use core::fmt;

use zeroize::Zeroize;

use crate::{
    Error, HmacKey, SIGNATURE_LEN,
    encoding::{
        base64::decode_standard,
        chars::{digits, is_white_space, trimmed},
    },
};

/// How far a callback's time may lie from now, in seconds, in either direction: after that it
/// may be an old one, sent again by somebody who overheard it.
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
/// More than the specification's 64 bytes.
const MAX_KEY_LEN: usize = 512;
/// The specification's least. A shorter secret is taken all the same, and told of where it does not
/// fit: what Kling gives out is Kling's to choose.
const MIN_KEY_LEN: usize = 24;

/// A webhook's secret, as HMAC uses it. Prints nothing, and is zeroized on drop.
#[derive(Clone)]
pub struct Secret {
    key: HmacKey,
    is_short: bool,
}

impl Secret {
    /// A secret as Kling's console shows it: `whsec_` and base64. The prefix may be missing, and
    /// the padding, as the specification's libraries take it; white space around it, such as the
    /// end of a file's line, is taken off.
    ///
    /// # Errors
    ///
    /// [`Error::WebhookSecret`] if it is empty, not base64, or longer than any.
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

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret([elided])")
    }
}

/// A callback as it arrived.
///
/// `Debug` shows neither signature nor body: whoever has both can send it again.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct Delivery<'a> {
    /// The value of [`ID_HEADER`].
    pub id: Option<&'a str>,
    /// The value of [`TIMESTAMP_HEADER`].
    pub timestamp: Option<&'a str>,
    /// The value of [`SIGNATURE_HEADER`]: one signature or several, with spaces between.
    pub signature: Option<&'a str>,
    /// The body's bytes as they arrived: parsed and written again, they are others.
    pub body: &'a [u8],
}

impl<'a> Delivery<'a> {
    /// A callback by the values of [`ID_HEADER`], [`TIMESTAMP_HEADER`] and [`SIGNATURE_HEADER`], as far
    /// as they are there, and by its raw body.
    pub const fn from_parts(
        id: Option<&'a str>,
        timestamp: Option<&'a str>,
        signature: Option<&'a str>,
        body: &'a [u8],
    ) -> Self {
        Self { id, timestamp, signature, body }
    }

    /// A callback by the headers of an HTTP server. A value that is not ASCII counts as missing.
    /// Feature `http`.
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

    /// A callback with these headers, in pairs of name and value; of several values the first.
    ///
    /// Names are in any case, and also as CGI and WSGI have them: `HTTP_WEBHOOK_ID`.
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

/// Whether a header with this name is the one that is wanted, such as [`ID_HEADER`]: in any case,
/// and also as CGI and WSGI have it, `HTTP_WEBHOOK_ID`.
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

/// What is known of a callback that is Kling's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Verified<'a> {
    /// Its id, to tell that it was here before.
    pub id: &'a str,
    /// When it was sent, in Unix seconds.
    pub timestamp: u64,
}

/// Makes sure that a callback which arrived at `now` (Unix seconds) was signed with one of these
/// secrets. The time taken does not tell where a signature differs.
///
/// # Errors
///
/// [`Error::WebhookSecret`] without any secret; [`Error::WebhookUnsigned`] with none of the
/// headers; [`Error::WebhookHeader`] for one that is missing or cannot be; [`Error::WebhookTime`]
/// more than [`TOLERANCE`] seconds from now; [`Error::WebhookSignature`] or
/// [`Error::WebhookShortSecret`] if none matches.
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
        // Hashed once, however many signatures a stranger sends along.
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

/// A signature of the version that is known; the specification has others pass unnoticed.
fn decoded(entry: &[u8]) -> Option<[u8; SIGNATURE_LEN]> {
    let mut signature = [0; SIGNATURE_LEN];
    let encoded = without_padding(entry.strip_prefix(VERSION.as_bytes())?)?;
    let len = decode_standard(encoded, &mut signature)?;
    (len == SIGNATURE_LEN).then_some(signature)
}

/// Base64 without the padding that fills its last group; `None` if that is not filled.
fn without_padding(encoded: &[u8]) -> Option<&[u8]> {
    let text =
        encoded.strip_suffix(b"==").or_else(|| encoded.strip_suffix(b"=")).unwrap_or(encoded);
    encoded.len().is_multiple_of(4).then_some(text)
}
