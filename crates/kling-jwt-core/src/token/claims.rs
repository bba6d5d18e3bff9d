//! Stage 2: the claims of a token. Only this file writes `iss`, `exp` and `nbf`.

use serde::Serialize;

use crate::{AccessKey, Validity, encoding::buffer::Writer};

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
pub(super) const NOT_BEFORE: &[u8; 7] = br#","nbf":"#;
pub(super) const END: &[u8; 1] = b"}";

impl<'a> Claims<'a> {
    /// The index of the access key in the JSON.
    pub(crate) const ISSUER_START: usize = ISSUER.len();

    /// The length of the longest constant part, in bytes: everything before the number of `exp`.
    pub(crate) const MAX_START_LEN: usize = ISSUER.len() + AccessKey::MAX_LEN + EXPIRES_AT.len();

    /// The length of the longest changing part, in bytes: the number of `exp`, and the rest.
    pub(crate) const MAX_TAIL_LEN: usize =
        2 * Writer::MAX_NUMBER_LEN + NOT_BEFORE.len() + END.len();

    /// The length of the longest claims as JSON, in bytes.
    pub const MAX_JSON_LEN: usize = Self::MAX_START_LEN + Self::MAX_TAIL_LEN;

    /// The claims of a token minted at `now` (Unix seconds).
    ///
    /// Times saturate at 0 and at `u64::MAX`.
    pub fn new(access_key: &'a AccessKey, validity: Validity, now: u64) -> Self {
        Self {
            issuer: access_key.as_str(),
            expires_at: validity.expires_at(now),
            not_before: Validity::not_before(now),
        }
    }

    /// The claims as JSON, without white space.
    pub fn to_json<'d>(&self, dst: &'d mut [u8; Claims::MAX_JSON_LEN]) -> &'d [u8] {
        let len = serde_json_core::to_slice(self, dst);
        debug_assert!(len.is_ok(), "MAX_JSON_LEN is the longest");
        dst.get(..len.unwrap_or_default()).unwrap_or_default()
    }

    /// Writes the part of [`to_json`](Self::to_json) that does not depend on the time: everything
    /// before the number of `exp`. Does not use serde, which links a panic and a 64-bit division.
    pub(crate) fn write_start(access_key: &AccessKey, json: &mut Writer<'_>) {
        json.text(ISSUER.as_bytes());
        json.text(access_key.as_bytes());
        json.text(EXPIRES_AT.as_bytes());
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
        /// The two parts make the same JSON as serde, at any time.
        #[test]
        fn start_and_tail_are_the_json(
            access_key in "[!#-\\[\\]-~]{1,64}",
            lifetime in 1..=Validity::MAX_LIFETIME,
            now in any::<u64>().prop_map(|now| now >> (now % 64)),
        ) {
            let access_key = AccessKey::new(&access_key).unwrap();
            let validity = Validity::new(lifetime).unwrap();
            let (mut start, mut tail) = ([0; Claims::MAX_START_LEN], [0; Claims::MAX_TAIL_LEN]);
            let mut json = Writer::new(&mut start);
            Claims::write_start(&access_key, &mut json);
            let start = json.written();
            let mut json = Writer::new(&mut tail);
            Claims::write_tail(validity, now, &mut json);
            let tail = json.written();
            let parts: Vec<u8> = [start, tail].concat();
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
}
