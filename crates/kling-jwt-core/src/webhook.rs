//! Callbacks: whether a request that says it comes from Kling does.
//!
//! Kling signs callbacks in the manner of Standard Webhooks
//! (<https://github.com/standard-webhooks/standard-webhooks>): three headers beside the body, of
//! which the signature is HMAC-SHA256 over id, time and the body's raw bytes. After a rotation
//! the old secret signs as well for 7 days, so there may be several signatures; one that matches
//! is enough.
//!
//! ```
//! use kling_jwt_core::webhook::{Delivery, Secret, verify};
//!
//! // From the tests of the specification's own libraries
//! let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
//! let delivery = Delivery {
//!     id: Some("msg_p5jXN8AQM9LWM0D4loKWxJek"),
//!     timestamp: Some("1614265330"),
//!     signature: Some("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
//!     body: br#"{"test": 2432232314}"#,
//! };
//! let verified = verify(&[secret], &delivery, 1_614_265_335)?;
//! assert_eq!((verified.id, verified.timestamp), ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330));
//! # Ok::<_, kling_jwt_core::Error>(())
//! ```

use core::fmt;

use zeroize::Zeroize;

use crate::{
    Error, HmacKey, SIGNATURE_LEN,
    base64::decode_standard,
    text::{digits, is_white_space, trimmed},
};

/// How far a callback's time may lie from now, in seconds, in either direction: after that it
/// may be an old one, sent again by somebody who overheard it.
pub const TOLERANCE: u64 = 300;

/// The header with the callback's id. The same one is sent again with each new attempt.
pub const ID_HEADER: &str = "webhook-id";
/// The header with the time of the attempt, in Unix seconds.
pub const TIMESTAMP_HEADER: &str = "webhook-timestamp";
/// The header with the signatures.
pub const SIGNATURE_HEADER: &str = "webhook-signature";

const SECRET_PREFIX: &str = "whsec_";
/// The version of the signatures that are made with a shared secret.
const VERSION: &str = "v1,";
/// More than the specification's 64 bytes.
const MAX_KEY_LEN: usize = 512;

/// A webhook's secret, as HMAC uses it. Prints nothing, and is zeroized on drop.
#[derive(Clone)]
pub struct Secret(HmacKey);

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
        let secret = key.filter(|key| !key.is_empty()).map(|key| Self(HmacKey::new(key)));
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

impl fmt::Debug for Delivery<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("id", &self.id)
            .field("timestamp", &self.timestamp)
            .finish_non_exhaustive()
    }
}

/// What is known of a callback that is Kling's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verified<'a> {
    /// Its id, to tell that it was sent again.
    pub id: &'a str,
    /// When it was sent, in Unix seconds.
    pub timestamp: u64,
}

/// Makes sure that a callback which arrived at `now` (Unix seconds) was signed with one of these
/// secrets. The time taken does not tell where a signature differs.
///
/// # Errors
///
/// [`Error::WebhookSecret`] without any secret; [`Error::WebhookHeader`] for a header that is
/// missing or cannot be; [`Error::WebhookTime`] more than [`TOLERANCE`] seconds from now;
/// [`Error::WebhookSignature`] if none matches.
pub fn verify<'a>(
    secrets: &[Secret],
    delivery: &Delivery<'a>,
    now: u64,
) -> Result<Verified<'a>, Error> {
    if secrets.is_empty() {
        return Err(Error::WebhookSecret);
    }
    let id = required(delivery.id, ID_HEADER)?;
    let timestamp_text = required(delivery.timestamp, TIMESTAMP_HEADER)?;
    let signatures = required(delivery.signature, SIGNATURE_HEADER)?;
    let timestamp =
        digits(timestamp_text.as_bytes()).ok_or(Error::WebhookHeader(TIMESTAMP_HEADER))?;
    if timestamp.abs_diff(now) > TOLERANCE {
        return Err(Error::WebhookTime);
    }
    let is_signed = secrets.iter().any(|Secret(key)| {
        // Hashed once, however many signatures a stranger sends along.
        let parts = [id.as_bytes(), b".", timestamp_text.as_bytes(), b".", delivery.body];
        let mut signed = key.clone();
        for part in parts {
            signed.extend(part);
        }
        let mut entries = signatures.as_bytes().split(|byte| *byte == b' ').filter_map(decoded);
        entries.any(|one| signed.verify(&[], &one))
    });
    if is_signed { Ok(Verified { id, timestamp }) } else { Err(Error::WebhookSignature) }
}

fn required<'a>(header: Option<&'a str>, name: &'static str) -> Result<&'a str, Error> {
    header.filter(|value| !value.is_empty()).ok_or(Error::WebhookHeader(name))
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
