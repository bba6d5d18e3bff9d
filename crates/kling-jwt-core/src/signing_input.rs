//! Stage 3: header and claims in base64url, joined by a dot (RFC 7515, section 5.1). The only
//! place that knows `alg` and `typ`.
//!
//! Of all that a key signs only the claims' tail changes, so the rest is encoded once.

use crate::{
    AccessKey, Claims, Token, Validity,
    base64::{PAIR_BITS, PAIRS, base64url_len, characters},
    writer::Writer,
};

/// The header of every token that Kling takes, as JSON.
pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// [`HEADER`] in base64url, and the dot behind it.
const ENCODED_HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

/// The length of the longest signing input, in bytes.
pub(crate) const MAX_SIGNING_INPUT_LEN: usize =
    ENCODED_HEADER.len() + base64url_len(Claims::MAX_JSON_LEN);

/// The length of the longest part that is constant for an access key, in bytes.
pub(crate) const MAX_PREFIX_LEN: usize =
    ENCODED_HEADER.len() + base64url_len(Claims::MAX_START_LEN);

/// A group of base64: three bytes become four characters.
const GROUP_LEN: usize = 3;

const MAX_TAIL_LEN: usize = GROUP_LEN - 1 + Claims::MAX_TAIL_LEN;

/// The part of the signing input that is constant for an access key: the encoded header, the dot,
/// and the encoded claims' start up to its last whole group. That text stands in the buffer where
/// each token is written; here is what goes on behind it.
#[derive(Clone)]
pub(crate) struct Prefix {
    len: u8,
    /// How many bytes of the claims' start do not fill a group.
    open_len: u8,
    /// The last bytes of the claims' start; the open ones are at the end.
    open: [u8; GROUP_LEN - 1],
}

const _: () = assert!(MAX_PREFIX_LEN <= u8::MAX as usize, "its length is a byte");

impl Prefix {
    /// Writes the text to the start of a buffer, and says what goes on behind it.
    // Not inlined: what it needs is not on the stack while the key is absorbed.
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "asserted above; and a group is short")]
    pub(crate) fn write(access_key: &AccessKey, dst: &mut [u8]) -> Self {
        let mut start = [0; Claims::MAX_START_LEN];
        let start = Claims::start(access_key, &mut start);
        let (groups, rest) =
            start.split_at_checked(start.len() / GROUP_LEN * GROUP_LEN).unwrap_or_default();

        let mut input = Writer::new(dst);
        input.text(ENCODED_HEADER.as_bytes());
        input.base64url(groups);
        let len = input.written().len() as u8;
        let open = start.last_chunk().copied().unwrap_or_default();
        Self { len, open_len: rest.len() as u8, open }
    }

    /// The text, which a buffer begins with.
    pub(crate) fn of<'b>(&self, buffer: &'b [u8]) -> &'b [u8] {
        buffer.get(..self.len.into()).unwrap_or_default()
    }

    /// Completes the signing input of a token minted at `now` behind the text that the buffer
    /// begins with, and says how long it is.
    pub(crate) fn complete(
        &self,
        validity: Validity,
        now: u64,
        buffer: &mut [u8; Token::MAX_LEN],
    ) -> usize {
        let (len, open_len) = (usize::from(self.len), usize::from(self.open_len));
        if cfg!(target_pointer_width = "64")
            && let Some(tail) = Claims::tail(validity, now)
        {
            Writer::after(len, buffer).array(&characters(self.behind_open(tail)));
            return len + base64url_len(open_len + Claims::TAIL_LEN);
        }
        let mut tail = [0; MAX_TAIL_LEN];
        let mut claims = Writer::new(&mut tail);
        claims.text(self.open.get(self.open.len() - open_len..).unwrap_or_default());
        Claims::write_tail(validity, now, &mut claims);
        let mut input = Writer::after(len, buffer);
        input.base64url(claims.written());
        input.written().len()
    }

    /// The bytes that do not fill a group, and the tail behind them.
    fn behind_open(&self, tail: [u64; PAIRS - 1]) -> [u64; PAIRS] {
        let bits = 8 * u32::from(self.open_len);
        let mut before = u16::from_be_bytes(self.open).into();
        let mut pairs = [0; PAIRS];
        for (pair, word) in pairs.iter_mut().zip(tail.into_iter().chain([0])) {
            *pair = (before << (PAIR_BITS - bits) | word >> bits) & ((1 << PAIR_BITS) - 1);
            before = word;
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base64::encode;

    #[test]
    fn the_encoded_header_is_the_header() {
        let mut encoded = [0; ENCODED_HEADER.len() - 1];
        encode(HEADER.as_bytes(), &mut encoded);
        assert_eq!(encoded, ENCODED_HEADER.as_bytes()[..encoded.len()]);
        assert_eq!(ENCODED_HEADER.as_bytes()[encoded.len()..], *b".");
    }
}
