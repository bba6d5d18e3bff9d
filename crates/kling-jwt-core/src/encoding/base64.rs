//! Base64 (RFC 4648): base64url without padding for tokens, the standard alphabet for webhooks.
//!
//! The data may be secret, so no branch depends on the value of a byte or a character.
//!
//! Decoding uses base64ct on blocks of a fixed length, so that the compiler removes its bounds
//! checks, which would panic. Encoding has its own code, because base64ct's would link such checks
//! and four times as much code; the tests compare both.

use base64ct::{Base64UrlUnpadded, Encoding};

/// A group: three bytes, encoded as four characters.
const BYTES: usize = 3;
const CHARACTERS: usize = 4;
/// How many characters are decoded at once: whole groups.
const BLOCK_CHARACTERS: usize = 64;

/// The length of `len` bytes in base64url without padding.
pub(crate) const fn base64url_len(len: usize) -> usize {
    (len / BYTES).saturating_mul(CHARACTERS).saturating_add((len % BYTES * 4).div_ceil(3))
}

/// How many bytes `len` characters without padding encode.
pub(crate) const fn decoded_len(len: usize) -> usize {
    len / CHARACTERS * BYTES + len % CHARACTERS * 3 / 4
}

/// A pair of groups: the lower 48 bits of a word, 6 bytes, 8 characters.
pub(crate) const PAIR_BITS: u32 = 48;
const PAIR: usize = 2 * BYTES;
const PAIR_CHARACTERS: usize = 2 * CHARACTERS;

/// How many pairs are encoded at once: enough for a hash, or for the changing part of a token.
/// Compilers vectorize this.
pub(crate) const PAIRS: usize = 6;
/// The characters of six pairs.
pub(crate) const LINE: usize = PAIRS * PAIR_CHARACTERS;

/// Encodes into the start of `dst`, which must be long enough, and returns the length.
pub(crate) fn encode(src: &[u8], dst: &mut [u8]) -> usize {
    let len = base64url_len(src.len());
    debug_assert!(len <= dst.len(), "sized by base64url_len");
    if cfg!(target_pointer_width = "64") {
        encode_lines(src, dst, len);
    } else {
        encode_compact(src, dst);
    }
    len
}

/// Encodes one character at a time. For small machines: it is a fifth of the code.
#[expect(clippy::cast_possible_truncation, reason = "only the lower six bits are used")]
fn encode_compact(src: &[u8], dst: &mut [u8]) {
    let mut remaining = dst.iter_mut();
    let mut push = |bits: u32| {
        if let Some(character) = remaining.next() {
            *character = character_for(bits as u8 & 0x3f);
        }
    };
    // The lowest `pending` bits of `bits` are not encoded yet.
    let (mut bits, mut pending) = (0, 0);
    for byte in src {
        bits = bits << 8 | u32::from(*byte);
        pending += 8;
        while pending >= 6 {
            pending -= 6;
            push(bits >> pending);
        }
    }
    if pending > 0 {
        push(bits << (6 - pending));
    }
}

/// Encodes six pairs at a time.
fn encode_lines(src: &[u8], dst: &mut [u8], len: usize) {
    let (lines, rest) = src.as_chunks();
    for (from, to) in lines.iter().zip(dst.as_chunks_mut().0) {
        *to = line(from);
    }
    let mut last = [0; PAIRS * PAIR];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let remaining = dst.get_mut(lines.len() * LINE..len).unwrap_or_default();
    for (to, from) in remaining.iter_mut().zip(line(&last)) {
        *to = from;
    }
}

#[inline(never)]
fn line(bytes: &[u8; PAIRS * PAIR]) -> [u8; LINE] {
    let mut words = [0; PAIRS];
    for (word, [a, b, rest @ ..]) in words.iter_mut().zip(bytes.as_chunks::<PAIR>().0) {
        let [first, second] = [a, b].map(|byte| u64::from(*byte));
        *word = first << 40 | second << 32 | u64::from(u32::from_be_bytes(*rest));
    }
    characters(words)
}

/// The length of an encoded hash.
const HASH_LEN: usize = base64url_len(size_of::<[u32; 8]>());

/// Encodes the words of a SHA-256 hash, without storing its bytes: a processor stalls if memory is
/// read in other units than it was just written in.
pub(crate) fn encode_hash(hash: &[u32; 8]) -> [u8; HASH_LEN] {
    let word = |index| hash.get(index).map_or(0, |word| u64::from(*word));
    let mut pairs = [0; PAIRS];
    for (index, pair) in pairs.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let [a, b, c] = [0, 1, 2].map(|offset| word(3 * index + offset));
        *pair = [a << 16 | b >> 16, (b & 0xffff) << 32 | c];
    }
    characters(pairs).first_chunk().copied().unwrap_or([0; HASH_LEN])
}

/// The base64url characters of six pairs. The upper 16 bits of each word must be zero.
// Inlined on 64 bits, so that the words stay in registers: passing them in memory is slower.
#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(target_pointer_width = "64", expect(clippy::inline_always, reason = "measured"))]
pub(crate) fn characters(mut pairs: [u64; PAIRS]) -> [u8; LINE] {
    for pair in &mut pairs {
        // Splits 48 bits into halves three times, and puts the first half into the lower bits each
        // time. So each byte gets six bits, the first ones in the lowest byte.
        let groups = *pair >> 24 | (*pair & 0x00ff_ffff) << 32;
        let halves = (groups >> 12) & 0x0fff_0000_0fff | (groups & 0x0fff_0000_0fff) << 16;
        *pair = (halves >> 6) & 0x003f_003f_003f_003f | (halves & 0x003f_003f_003f_003f) << 8;
    }
    let mut line = [0; LINE];
    for (to, pair) in line.as_chunks_mut().0.iter_mut().zip(pairs) {
        *to = pair.to_le_bytes();
    }
    for character in &mut line {
        *character = character_for(*character);
    }
    line
}

/// The character for six bits. The alphabet's ranges are selected by masks, not by branches.
const fn character_for(bits: u8) -> u8 {
    const fn from(start: u8, step: u8, bits: u8) -> u8 {
        0_u8.wrapping_sub((bits >= start) as u8) & step
    }
    b'A' + bits + from(26, b'a' - b'Z' - 1, bits)
        - from(52, b'z' + 1 - b'0', bits)
        - from(62, b'9' + 1 - b'-', bits)
        + from(63, b'_' - b'-' - 1, bits)
}

/// Decodes canonical base64url into the start of `dst`, and returns the length.
pub(crate) fn decode(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    decode_with(|byte| byte, src, dst)
}

/// Decodes canonical base64 without padding, in the standard alphabet.
pub(crate) fn decode_standard(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    decode_with(to_base64url, src, dst)
}

/// Decodes characters after `to_base64url` converted each. Invalid ones are reported only at the
/// end, so that the time does not depend on the text, which may be secret.
fn decode_with(to_base64url: fn(u8) -> u8, src: &[u8], dst: &mut [u8]) -> Option<usize> {
    let len = decoded_len(src.len());
    let dst = dst.get_mut(..len)?;
    let mut is_canonical = src.len() % CHARACTERS != 1;
    let mut blocks = dst.chunks_mut(BLOCK_CHARACTERS / CHARACTERS * BYTES);
    for from in src.chunks(BLOCK_CHARACTERS) {
        let mut block = [b'A'; BLOCK_CHARACTERS];
        for (to, from) in block.iter_mut().zip(from) {
            *to = to_base64url(*from);
        }
        let bytes = Base64UrlUnpadded::decode_in_place(&mut block);
        is_canonical &= bytes.is_ok();
        let (bytes, rest) =
            bytes.unwrap_or_default().split_at_checked(decoded_len(from.len())).unwrap_or_default();
        // Canonical base64 has zeros in the bits after the last byte.
        is_canonical &= rest.iter().fold(0, |all, byte| all | byte) == 0;
        for (to, from) in blocks.next().unwrap_or_default().iter_mut().zip(bytes) {
            *to = *from;
        }
    }
    is_canonical.then_some(len)
}

/// Converts a character of base64 to base64url: `+` to `-`, `/` to `_`. Those two become invalid
/// characters. Has no branch, because the text may be secret.
fn to_base64url(byte: u8) -> u8 {
    let one_if = |special| u8::from(byte == special);
    let converted = (b'-' - b'+') * one_if(b'+') + (b'_' - b'/') * one_if(b'/');
    let invalidated = (b'=' - b'-') * one_if(b'-') + (b'~' - b'_') * one_if(b'_');
    byte + converted + invalidated
}

#[cfg(test)]
mod tests {
    use base64ct::Base64Unpadded;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lengths_are_those_of_base64ct() {
        for len in 0..100 {
            let src = [0; 100];
            assert_eq!(base64url_len(len), Base64UrlUnpadded::encoded_len(&src[..len]));
            assert_eq!(decoded_len(base64url_len(len)), len);
        }
    }

    #[test]
    fn a_group_of_one_character_is_refused() {
        for len in 0..100 {
            let decoded = decode(&[b'A'; 100][..len], &mut [0; 100]);
            assert_eq!(decoded.is_none(), len % CHARACTERS == 1, "{len}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Compares with base64ct's standard alphabet.
        #[test]
        fn the_standard_alphabet(text in "[A-Za-z0-9+/]{0,24}|[AQgw+/_=-]{0,9}|\\PC{0,5}") {
            let (mut expected, mut found) = ([0; 32], [0; 32]);
            let expected = Base64Unpadded::decode(text.as_bytes(), &mut expected).ok();
            let len = decode_standard(text.as_bytes(), &mut found);
            prop_assert_eq!(len.map(|len| &found[..len]), expected, "{}", text);
        }

        /// Compares with base64ct on the whole text.
        #[test]
        fn same_result_as_base64ct(
            bytes in prop::collection::vec(any::<u8>(), 0..120),
            text in "[A-Za-z0-9_-]{0,24}|[AQgw_+/=-]{0,9}|\\PC{0,5}",
        ) {
            let (mut expected, mut found) = ([0; 160], [0; 160]);
            let expected = Base64UrlUnpadded::encode(&bytes, &mut expected).unwrap();
            let len = encode(&bytes, &mut found);
            prop_assert_eq!(&found[..len], expected.as_bytes());
            encode_compact(&bytes, &mut found);
            prop_assert_eq!(&found[..len], expected.as_bytes());
            for text in [&text, expected] {
                let (mut expected, mut found) = ([0; 160], [0; 160]);
                let expected = Base64UrlUnpadded::decode(text.as_bytes(), &mut expected).ok();
                let len = decode(text.as_bytes(), &mut found);
                prop_assert_eq!(len.map(|len| &found[..len]), expected, "{}", text);
            }
        }
    }
}
