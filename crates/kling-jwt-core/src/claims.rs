//! Stage 2: what a token says. The only place that knows `iss`, `exp`, `nbf`, 1800 and 5.

use core::num::NonZero;

use serde::Serialize;

use crate::{
    AccessKey, DEFAULT_BUFFER, Error, Token, decode, json,
    time::whole_seconds,
    writer::{Writer, ten_digits},
};

/// How long a token is valid: from 5 seconds before it is minted until `lifetime` after.
///
/// ```
/// use kling_jwt_core::{Error, Validity};
///
/// assert_eq!(Validity::default().lifetime(), 1800);
/// assert_eq!(Validity::new(60).unwrap().lifetime(), 60);
/// assert_eq!(Validity::new(1801), Err(Error::Lifetime));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    lifetime: NonZero<u16>,
}

impl Validity {
    /// The longest lifetime in seconds, and the default: Kling enforces it.
    pub const MAX_LIFETIME: u64 = 1800;

    /// How far `nbf` lies before the minting, in seconds: the tolerance for a server whose clock
    /// is behind.
    pub const LEEWAY: u64 = 5;

    /// A validity of `lifetime` seconds, 1 to [`MAX_LIFETIME`](Self::MAX_LIFETIME).
    ///
    /// # Errors
    ///
    /// [`Error::Lifetime`] outside of that.
    #[expect(clippy::cast_possible_truncation, reason = "not below the longest one")]
    pub const fn new(lifetime: u64) -> Result<Self, Error> {
        match NonZero::new(lifetime as u16) {
            Some(whole) if lifetime <= Self::MAX_LIFETIME => Ok(Self { lifetime: whole }),
            _ => Err(Error::Lifetime),
        }
    }

    /// The lifetime in seconds.
    pub const fn lifetime(self) -> u64 {
        self.lifetime.get() as u64
    }

    /// How many seconds before its end a token is renewed, where nobody says otherwise: 300, as in
    /// the guide's class, and at most half of the lifetime, so that a token can be used again.
    ///
    /// ```
    /// use kling_jwt_core::Validity;
    ///
    /// assert_eq!(Validity::default().default_buffer(), 300);
    /// assert_eq!(Validity::new(300)?.default_buffer(), 150);
    /// # Ok::<_, kling_jwt_core::Error>(())
    /// ```
    pub const fn default_buffer(self) -> u64 {
        let half = self.lifetime() / 2;
        if half < DEFAULT_BUFFER { half } else { DEFAULT_BUFFER }
    }

    pub(crate) const fn expires_at(self, now: u64) -> u64 {
        now.saturating_add(self.lifetime())
    }

    const fn not_before(now: u64) -> u64 {
        now.saturating_sub(Self::LEEWAY)
    }
}

impl Default for Validity {
    fn default() -> Self {
        const LONGEST: Validity = match Validity::new(Validity::MAX_LIFETIME) {
            Ok(longest) => longest,
            Err(_) => unreachable!(),
        };
        LONGEST
    }
}

/// A number as Python and JavaScript have it: taken when it is whole and within the bounds.
impl TryFrom<f64> for Validity {
    type Error = Error;

    fn try_from(lifetime: f64) -> Result<Self, Error> {
        whole_seconds(lifetime).ok_or(Error::Lifetime).and_then(Self::new)
    }
}

/// The claims of one token, in the order in which Kling's samples write them.
///
/// ```
/// use kling_jwt_core::{AccessKey, Claims, Validity};
///
/// let access_key = AccessKey::new("access-key").unwrap();
/// let claims = Claims::new(&access_key, Validity::default(), 1_800_000_000);
/// let mut json = [0; Claims::MAX_JSON_LEN];
/// assert_eq!(
///     claims.to_json(&mut json),
///     br#"{"iss":"access-key","exp":1800001800,"nbf":1799999995}"#,
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Claims<'a> {
    #[serde(rename = "iss")]
    issuer: &'a str,
    #[serde(rename = "exp")]
    expires_at: u64,
    #[serde(rename = "nbf")]
    not_before: u64,
}

const ISSUER: &str = r#"{"iss":""#;
const EXPIRES_AT: &str = r#"","exp":"#;
const NOT_BEFORE: &[u8; 7] = br#","nbf":"#;
const END: &[u8; 1] = b"}";

impl<'a> Claims<'a> {
    /// The length of the longest constant part: everything before `exp`'s number.
    pub(crate) const MAX_START_LEN: usize = ISSUER.len() + AccessKey::MAX_LEN + EXPIRES_AT.len();

    /// The length of the longest changing part: `exp`'s number and all that follows.
    pub(crate) const MAX_TAIL_LEN: usize =
        2 * Writer::MAX_NUMBER_LEN + NOT_BEFORE.len() + END.len();

    /// The length of the changing part while times have ten digits.
    pub(crate) const TAIL_LEN: usize = 10 + NOT_BEFORE.len() + 10 + END.len();

    /// The length of the longest claims as JSON, in bytes.
    pub const MAX_JSON_LEN: usize = Self::MAX_START_LEN + Self::MAX_TAIL_LEN;

    /// The claims of a token minted at `now` (Unix seconds).
    ///
    /// A `now` at either end of `u64` saturates.
    pub fn new(access_key: &'a AccessKey, validity: Validity, now: u64) -> Self {
        Self {
            issuer: access_key.as_str(),
            expires_at: validity.expires_at(now),
            not_before: Validity::not_before(now),
        }
    }

    /// The claims of a token, unverified; `None` if it is none of Kling's.
    pub(crate) fn of(token: &str, buffer: &'a mut [u8; Token::MAX_LEN]) -> Option<Self> {
        let claims = json::object(decode(token, buffer).ok()?.payload)?;
        Some(Self {
            issuer: json::plain_string(claims, "iss")?,
            expires_at: json::number(claims, "exp")?,
            not_before: json::number(claims, "nbf")?,
        })
    }

    /// The access key that signed.
    pub(crate) fn issuer(&self) -> &'a str {
        self.issuer
    }

    /// Whether their token is not valid yet at a time.
    pub(crate) fn begin_after(&self, time: u64) -> bool {
        time < self.not_before
    }

    /// Whether their token is no longer valid at a time (RFC 7519, section 4.1.4).
    pub(crate) fn have_ended_by(&self, time: u64) -> bool {
        self.expires_at <= time
    }

    /// Whether a token says the same.
    pub(crate) fn are_of(&self, token: &Token) -> bool {
        Claims::of(token.as_str(), &mut [0; Token::MAX_LEN]).is_some_and(|claims| claims == *self)
    }

    /// The claims as JSON, without white space.
    pub fn to_json<'d>(&self, dst: &'d mut [u8; Claims::MAX_JSON_LEN]) -> &'d [u8] {
        let len = serde_json_core::to_slice(self, dst).expect("MAX_JSON_LEN is the longest");
        &dst[..len]
    }

    /// The part of [`to_json`](Self::to_json) that is the same at every time.
    pub(crate) fn start<'d>(
        access_key: &AccessKey,
        dst: &'d mut [u8; Claims::MAX_START_LEN],
    ) -> &'d [u8] {
        let mut start = Writer::new(dst);
        start.text(ISSUER.as_bytes());
        start.text(access_key.as_bytes());
        start.text(EXPIRES_AT.as_bytes());
        start.written()
    }

    /// The part of [`to_json`](Self::to_json) that depends on the time, at the times whose numbers
    /// have ten digits: 28 bytes, six to a word, the first one highest of the lower bits. They are
    /// encoded as they are; a processor waits for what was written in other pieces than it is read
    /// in.
    pub(crate) fn tail(validity: Validity, now: u64) -> Option<[u64; 5]> {
        let (expires, at) = ten_digits(validity.expires_at(now))?;
        let (not, before) = ten_digits(Validity::not_before(now))?;
        let [comma, quote, name @ ..] = *NOT_BEFORE;
        let word = |bytes: &[u8]| bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
        Some([
            expires << 32 | at >> 32,
            at << 32 >> 16 | word(&[comma, quote]),
            word(&name) << 8 | not >> 8,
            not << 56 >> 16 | before >> 24,
            before << 40 >> 16 | word(END) << 16,
        ])
    }

    /// Writes the part of [`to_json`](Self::to_json) that depends on the time.
    pub(crate) fn write_tail(validity: Validity, now: u64, json: &mut Writer<'_>) {
        json.number(validity.expires_at(now));
        json.array(NOT_BEFORE);
        json.number(Validity::not_before(now));
        json.array(END);
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use proptest::prelude::*;
    use std::vec::Vec;

    use super::*;

    proptest! {
        /// The two parts are the JSON that serde makes of the whole, at any time.
        #[test]
        fn start_and_tail_are_the_json(
            access_key in "[!#-\\[\\]-~]{1,64}",
            lifetime in 1..=Validity::MAX_LIFETIME,
            now in any::<u64>().prop_map(|now| now >> (now % 64)),
        ) {
            let access_key = AccessKey::new(&access_key).unwrap();
            let validity = Validity::new(lifetime).unwrap();
            let (mut start, mut tail) = ([0; Claims::MAX_START_LEN], [0; Claims::MAX_TAIL_LEN]);
            let mut json = Writer::new(&mut tail);
            Claims::write_tail(validity, now, &mut json);
            let words = Claims::tail(validity, now).map(|words| words.map(u64::to_be_bytes));
            let tail = json.written();
            let have_ten = [validity.expires_at(now), Validity::not_before(now)]
                .iter()
                .all(|time| time.checked_ilog10() == Some(9));
            prop_assert_eq!(words.is_some(), have_ten);
            if let Some(words) = words {
                let bytes: Vec<u8> = words.iter().flat_map(|word| &word[2..]).copied().collect();
                prop_assert_eq!(&bytes[..Claims::TAIL_LEN], tail);
            }
            let parts: Vec<u8> = [Claims::start(&access_key, &mut start), tail].concat();
            let claims = Claims::new(&access_key, validity, now);
            let mut json = [0; Claims::MAX_JSON_LEN];
            prop_assert_eq!(parts, claims.to_json(&mut json));
        }
    }

    #[test]
    fn the_longest_claims_fill_the_buffer() {
        let access_key = AccessKey::new(&"k".repeat(AccessKey::MAX_LEN)).unwrap();
        let longest =
            Claims { issuer: access_key.as_str(), expires_at: u64::MAX, not_before: u64::MAX };
        assert_eq!(longest.to_json(&mut [0; Claims::MAX_JSON_LEN]).len(), Claims::MAX_JSON_LEN);
    }

    #[test]
    fn a_lifetime_is_whole_seconds() {
        assert_eq!(Validity::try_from(1800.0), Validity::new(1800));
        for refused in [0.0, 0.5, 1.5, 1801.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(Validity::try_from(refused), Err(Error::Lifetime), "{refused}");
        }
    }
}
