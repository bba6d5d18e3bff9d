//! Stage 3: header and claims in base64url, joined by a dot (RFC 7515, section 5.1). Only this file
//! writes `alg` and `typ`.
//!
//! Only the end of the claims changes with time, so the rest is encoded once for each key.

use crate::{
    AccessKey, Claims, Validity,
    encoding::{
        base64::{self, base64url_len},
        buffer::Writer,
        chars::ascii,
    },
    hmac::midstate::{Midstate, padded_len},
    token::fast_tail,
};

/// The header of every token for Kling, as JSON.
pub const HEADER: &str = r#"{"alg":"HS256","typ":"JWT"}"#;

/// [`HEADER`] in base64url, and the dot after it.
const ENCODED_HEADER: &[u8; 37] = b"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.";

/// The length of the longest signing input, in bytes.
pub(crate) const MAX_SIGNING_INPUT_LEN: usize =
    ENCODED_HEADER.len() + base64url_len(Claims::MAX_JSON_LEN);

/// The length of the longest signing input with the padding of SHA-256, in bytes.
pub(crate) const BUFFER_LEN: usize = padded_len(MAX_SIGNING_INPUT_LEN);

/// The bytes of a base64 group, which become four characters.
const GROUP_LEN: usize = 3;

/// The encoded length of the longest start of the claims, in whole groups.
const MAX_START_LEN: usize = base64url_len(Claims::MAX_START_LEN / GROUP_LEN * GROUP_LEN);

const MAX_TAIL_LEN: usize = GROUP_LEN - 1 + Claims::MAX_TAIL_LEN;

/// The part of the signing input that is constant for an access key: the encoded header, the dot,
/// and the whole groups of the encoded start of the claims. The header is a constant, so it is not
/// stored here.
#[derive(Clone)]
pub(crate) struct Prefix {
    /// The start of the claims, encoded; the first `len` bytes count.
    start: [u8; MAX_START_LEN],
    len: u8,
    /// How many bytes at the end of the claims' start do not fill a group: 0 to 2.
    open_len: u8,
    /// The last two bytes of the claims' start, of which the last `open_len` are not encoded yet.
    open: [u8; GROUP_LEN - 1],
}

const _: () = assert!(MAX_START_LEN <= u8::MAX as usize, "the length is a `u8`");

impl Prefix {
    // Not inlined, so that its buffers are not on the caller's stack.
    #[inline(never)]
    #[expect(clippy::cast_possible_truncation, reason = "asserted above; and a group is short")]
    pub(crate) fn new(access_key: &AccessKey) -> Self {
        let mut json = [0; Claims::MAX_START_LEN];
        let mut writer = Writer::new(&mut json);
        Claims::write_start(access_key, &mut writer);
        let json = writer.written();
        let (groups, rest) =
            json.split_at_checked(json.len() / GROUP_LEN * GROUP_LEN).unwrap_or_default();
        let mut start = [0; MAX_START_LEN];
        let len = base64::encode(groups, &mut start) as u8;
        let open = json.last_chunk().copied().unwrap_or_default();
        Self { start, len, open_len: rest.len() as u8, open }
    }

    /// The HMAC state of a key after this prefix.
    // Not inlined, so that its buffer is not on the caller's stack.
    #[inline(never)]
    pub(crate) fn absorbed_by(&self, key: &Midstate) -> Midstate {
        let mut buffer = [0; BUFFER_LEN];
        let len = self.write(&mut buffer);
        key.absorb(buffer.get(..len).unwrap_or_default())
    }

    /// The access key, decoded from the prefix, so that it is not stored twice.
    pub(crate) fn access_key(&self) -> AccessKey {
        let mut json = [0; base64::decoded_len(MAX_START_LEN)];
        let start = self.start.get(..self.len.into()).unwrap_or_default();
        let room = json.get_mut(..base64::decoded_len(start.len())).unwrap_or_default();
        let is_decoded = base64::decode(start, room).is_some();
        debug_assert!(is_decoded, "`new` encoded it");
        let access_key = room.get(Claims::ISSUER_START..).unwrap_or_default();
        let end = access_key.iter().position(|byte| *byte == b'"').unwrap_or_default();
        AccessKey::from_validated(ascii(access_key.get(..end).unwrap_or_default()))
    }

    /// Writes the prefix to the start of a buffer, and returns its length.
    fn write(&self, buffer: &mut [u8; BUFFER_LEN]) -> usize {
        let mut input = Writer::new(buffer);
        input.array(ENCODED_HEADER);
        input.array(&self.start);
        ENCODED_HEADER.len() + usize::from(self.len)
    }

    /// Writes the signing input of a token minted at `now`, and returns its length.
    pub(crate) fn complete(
        &self,
        validity: Validity,
        now: u64,
        buffer: &mut [u8; BUFFER_LEN],
    ) -> usize {
        let (len, open_len) = (self.write(buffer), usize::from(self.open_len));
        if cfg!(target_pointer_width = "64")
            && let Some(tail) = fast_tail::encoded(validity, now, self.open, self.open_len)
        {
            Writer::after(len, buffer).array(&tail);
            return len + base64url_len(open_len + fast_tail::TAIL_LEN);
        }
        let mut tail = [0; MAX_TAIL_LEN];
        let mut claims = Writer::new(&mut tail);
        claims.text(self.open.get(self.open.len() - open_len..).unwrap_or_default());
        Claims::write_tail(validity, now, &mut claims);
        let mut input = Writer::after(len, buffer);
        input.base64url(claims.written());
        input.written().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::base64::encode;

    #[test]
    fn the_encoded_header_is_the_header() {
        let mut encoded = [0; ENCODED_HEADER.len() - 1];
        encode(HEADER.as_bytes(), &mut encoded);
        assert_eq!(encoded, ENCODED_HEADER[..encoded.len()]);
        assert_eq!(ENCODED_HEADER[encoded.len()..], *b".");
    }
}
