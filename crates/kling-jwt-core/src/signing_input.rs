//! Stage 3: header and claims in base64url, joined by a dot (RFC 7515, section 5.1). The only
//! place that knows `alg` and `typ`.
//!
//! Of all that a key signs only the claims' tail changes, so the rest is encoded once.

use crate::{
    AccessKey, Claims, Token, Validity,
    base64::{base64url_len, encode_words},
    writer::Writer,
};

/// The header of every token that Kling takes, as JSON.
pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// [`HEADER`] in base64url, and the dot behind it.
const ENCODED_HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

/// The length of the longest signing input, in bytes.
pub(crate) const MAX_SIGNING_INPUT_LEN: usize =
    ENCODED_HEADER.len() + base64url_len(Claims::MAX_JSON_LEN);

const MAX_PREFIX_LEN: usize = ENCODED_HEADER.len() + base64url_len(Claims::MAX_START_LEN);

/// A group of base64: three bytes become four characters.
const GROUP_LEN: usize = 3;

const MAX_TAIL_LEN: usize = GROUP_LEN - 1 + Claims::MAX_TAIL_LEN;

/// The part of the signing input that is constant for an access key.
#[derive(Clone)]
pub(crate) struct Prefix {
    /// The encoded header, the dot, and the encoded claims' start up to its last whole group.
    encoded: [u8; MAX_PREFIX_LEN],
    encoded_len: usize,
    /// The bytes of the claims' start that do not fill a group.
    open: [u8; GROUP_LEN - 1],
    open_len: usize,
}

impl Prefix {
    // Not inlined: what it needs is not on the stack while the key is absorbed.
    #[inline(never)]
    pub(crate) fn new(access_key: &AccessKey) -> Self {
        let mut start = [0; Claims::MAX_START_LEN];
        let start = Claims::start(access_key, &mut start);
        let (groups, rest) =
            start.split_at_checked(start.len() / GROUP_LEN * GROUP_LEN).unwrap_or_default();

        let mut prefix = Self {
            encoded: [0; MAX_PREFIX_LEN],
            encoded_len: 0,
            open: [0; GROUP_LEN - 1],
            open_len: rest.len(),
        };
        Writer::new(&mut prefix.open).text(rest);
        let mut input = Writer::new(&mut prefix.encoded);
        input.text(ENCODED_HEADER.as_bytes());
        input.base64url(groups);
        prefix.encoded_len = input.written().len();
        prefix
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        self.encoded.get(..self.encoded_len).unwrap_or_default()
    }

    /// Writes the whole signing input of a token minted at `now`, and says how long it is.
    pub(crate) fn complete(
        &self,
        validity: Validity,
        now: u64,
        dst: &mut [u8; Token::MAX_LEN],
    ) -> usize {
        // The whole buffer, since its length is known: a loop would take longer than what it saves.
        Writer::new(dst).array(&self.encoded);
        let mut input = Writer::after(self.encoded_len, dst);
        if cfg!(target_pointer_width = "64")
            && let Some(tail) = Claims::tail(validity, now)
        {
            input.array(&encode_words(self.behind_open(tail)));
            return self.encoded_len + base64url_len(self.open_len + Claims::TAIL_LEN);
        }
        let mut tail = [0; MAX_TAIL_LEN];
        let mut claims = Writer::new(&mut tail);
        claims.text(self.open.get(..self.open_len).unwrap_or_default());
        Claims::write_tail(validity, now, &mut claims);
        input.base64url(claims.written());
        input.written().len()
    }

    /// The bytes that do not fill a group, and the tail behind them.
    fn behind_open(&self, [a, b, c, d]: [u64; 4]) -> [u64; 4] {
        let [first, second] = self.open.map(u64::from);
        let bits = 8 * self.open_len;
        let over = |word: u64| word << 1 << (63 - bits);
        [
            first << 56 | second << 48 | a >> bits,
            over(a) | b >> bits,
            over(b) | c >> bits,
            over(c) | d >> bits,
        ]
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
