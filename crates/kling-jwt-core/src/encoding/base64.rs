//! Base64 (RFC 4648): base64url without padding for tokens, the standard alphabet for webhooks.
//!
//! The data may be secret, so no branch depends on the value of a byte or a character.
//!
//! Decoding calls base64ct with arrays of a fixed length, so that the compiler removes base64ct's
//! bounds checks and their panics. Encoding is written here: base64ct's encoder would keep those
//! checks and be four times larger. The tests compare it with base64ct.
//!
//! Encoding handles chunks of 36 bytes, which become 48 characters.

use base64ct::{Base64UrlUnpadded, Encoding};

/// A group: three bytes, encoded as four characters.
const GROUP_BYTES: usize = 3;
const GROUP_CHARACTERS: usize = 4;
/// How many characters are decoded at once: whole groups.
const BLOCK_CHARACTERS: usize = 64;

/// The length of `len` bytes in base64url without padding.
pub(crate) const fn base64url_len(len: usize) -> usize {
    (len / GROUP_BYTES)
        .saturating_mul(GROUP_CHARACTERS)
        .saturating_add((len % GROUP_BYTES * 4).div_ceil(3))
}

/// How many bytes `len` characters without padding encode.
pub(crate) const fn decoded_len(len: usize) -> usize {
    len / GROUP_CHARACTERS * GROUP_BYTES + len % GROUP_CHARACTERS * 3 / 4
}

/// A pair of groups: the lower 48 bits of a word, 6 bytes, 8 characters.
pub(crate) const PAIR_BITS: u32 = 48;
const PAIR_BYTES: usize = 2 * GROUP_BYTES;
const PAIR_CHARACTERS: usize = 2 * GROUP_CHARACTERS;

/// How many pairs are encoded at once: enough for a hash, or for the changing part of a token.
/// Compilers vectorize this.
pub(crate) const PAIRS: usize = 6;
/// The characters of six pairs.
pub(crate) const CHUNK_CHARACTERS: usize = PAIRS * PAIR_CHARACTERS;

/// Encodes into the start of `dst`, which must be long enough, and returns the length.
pub(crate) fn encode(src: &[u8], dst: &mut [u8]) -> usize {
    let len = base64url_len(src.len());
    debug_assert!(len <= dst.len(), "sized by base64url_len");
    if cfg!(target_pointer_width = "64") {
        encode_chunks(src, dst, len);
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
fn encode_chunks(src: &[u8], dst: &mut [u8], len: usize) {
    let (chunks, rest) = src.as_chunks();
    for (from, to) in chunks.iter().zip(dst.as_chunks_mut().0) {
        *to = encode_chunk(from);
    }
    let mut last = [0; PAIRS * PAIR_BYTES];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let remaining = dst.get_mut(chunks.len() * CHUNK_CHARACTERS..len).unwrap_or_default();
    for (to, from) in remaining.iter_mut().zip(encode_chunk(&last)) {
        *to = from;
    }
}

/// Encodes 36 bytes.
#[inline(never)]
fn encode_chunk(bytes: &[u8; PAIRS * PAIR_BYTES]) -> [u8; CHUNK_CHARACTERS] {
    let mut words = [0; PAIRS];
    for (word, [a, b, rest @ ..]) in words.iter_mut().zip(bytes.as_chunks::<PAIR_BYTES>().0) {
        let [first, second] = [a, b].map(|byte| u64::from(*byte));
        *word = first << 40 | second << 32 | u64::from(u32::from_be_bytes(*rest));
    }
    characters(words)
}

/// The length of an encoded hash.
const ENCODED_HASH_LEN: usize = base64url_len(size_of::<[u32; 8]>());

/// Encodes the words of a SHA-256 hash, without storing its bytes: a processor stalls if memory is
/// read in other units than it was just written in.
pub(crate) fn encode_hash(hash: &[u32; 8]) -> [u8; ENCODED_HASH_LEN] {
    let word = |index| hash.get(index).map_or(0, |word| u64::from(*word));
    let mut pairs = [0; PAIRS];
    for (index, pair) in pairs.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let [a, b, c] = [0, 1, 2].map(|offset| word(3 * index + offset));
        *pair = [a << 16 | b >> 16, (b & 0xffff) << 32 | c];
    }
    characters(pairs).first_chunk().copied().unwrap_or([0; ENCODED_HASH_LEN])
}

/// The base64url characters of six pairs. The upper 16 bits of each word must be zero.
// Inlined on 64 bits, so that the words stay in registers: passing them in memory is slower.
#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(target_pointer_width = "64", expect(clippy::inline_always, reason = "measured"))]
pub(crate) fn characters(mut pairs: [u64; PAIRS]) -> [u8; CHUNK_CHARACTERS] {
    for pair in &mut pairs {
        // 48 bits become 2 x 24, one per 32 bits; then 4 x 12, one per 16 bits; then 8 x 6, one per
        // byte. The first of them is always in the lowest place.
        let two_24 = *pair >> 24 | (*pair & 0x00ff_ffff) << 32;
        let four_12 = (two_24 >> 12) & 0x0fff_0000_0fff | (two_24 & 0x0fff_0000_0fff) << 16;
        *pair = (four_12 >> 6) & 0x003f_003f_003f_003f | (four_12 & 0x003f_003f_003f_003f) << 8;
    }
    let mut chunk = [0; CHUNK_CHARACTERS];
    for (to, pair) in chunk.as_chunks_mut().0.iter_mut().zip(pairs) {
        *to = pair.to_le_bytes();
    }
    for character in &mut chunk {
        *character = character_for(*character);
    }
    chunk
}

/// The character for six bits: 0 to 25 are `A` to `Z`, 26 to 51 `a` to `z`, 52 to 61 `0` to `9`, 62 is `-`
/// and 63 `_`. The ranges are selected by masks, not by branches.
const fn character_for(bits: u8) -> u8 {
    const fn offset_if_at_least(start: u8, offset: u8, bits: u8) -> u8 {
        0_u8.wrapping_sub((bits >= start) as u8) & offset
    }
    b'A' + bits + offset_if_at_least(26, b'a' - b'Z' - 1, bits)
        - offset_if_at_least(52, b'z' + 1 - b'0', bits)
        - offset_if_at_least(62, b'9' + 1 - b'-', bits)
        + offset_if_at_least(63, b'_' - b'-' - 1, bits)
}

/// Decodes base64url without padding into the start of `dst`, and returns how many bytes it wrote.
///
/// `None` if `dst` is too short or the text is not canonical: it has an impossible length, a character
/// outside the alphabet, or unused last bits that are not zero. `dst` may then be partly overwritten.
pub(crate) fn decode(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    decode_with(|byte| byte, src, dst)
}

/// [`decode`] for the standard alphabet.
pub(crate) fn decode_standard(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    decode_with(to_base64url, src, dst)
}

/// Decodes characters after `convert` was applied to each. Invalid ones are reported only at the
/// end, so that the time does not depend on the text, which may be secret.
fn decode_with(convert: fn(u8) -> u8, src: &[u8], dst: &mut [u8]) -> Option<usize> {
    let len = decoded_len(src.len());
    let dst = dst.get_mut(..len)?;
    let mut is_valid = src.len() % GROUP_CHARACTERS != 1;
    let mut blocks = dst.chunks_mut(BLOCK_CHARACTERS / GROUP_CHARACTERS * GROUP_BYTES);
    for from in src.chunks(BLOCK_CHARACTERS) {
        // `A` is six zero bits: a short block decodes to its bytes, followed by zeros.
        let mut block = [b'A'; BLOCK_CHARACTERS];
        for (to, from) in block.iter_mut().zip(from) {
            *to = convert(*from);
        }
        let bytes = Base64UrlUnpadded::decode_in_place(&mut block);
        is_valid &= bytes.is_ok();
        let (bytes, surplus) =
            bytes.unwrap_or_default().split_at_checked(decoded_len(from.len())).unwrap_or_default();
        // Anything but zeros there was in unused bits of the last character.
        is_valid &= surplus.iter().fold(0, |all, byte| all | byte) == 0;
        for (to, from) in blocks.next().unwrap_or_default().iter_mut().zip(bytes) {
            *to = *from;
        }
    }
    is_valid.then_some(len)
}

/// Converts a character of base64 to base64url: `+` becomes `-`, and `/` becomes `_`. The characters `-`
/// and `_`, which standard base64 does not have, become ones that decoding refuses. Has no branch,
/// because the text may be secret.
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
            assert_eq!(decoded.is_none(), len % GROUP_CHARACTERS == 1, "{len}");
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
