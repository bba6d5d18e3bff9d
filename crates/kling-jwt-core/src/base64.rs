//! Base64 (RFC 4648) as it occurs here: base64url without padding in tokens, the standard form in
//! webhooks. Text may be a secret: what a byte or a character is decides over no branch.
//!
//! base64ct decodes, some groups at a time, of a length that the compiler knows: its checks, which
//! would panic, are then not in the image. Where it encodes they would be, and four times as much
//! code as here; it is the judge of that in the tests.

use base64ct::{Base64UrlUnpadded, Encoding};

/// A group: three bytes, which four characters stand for.
const BYTES: usize = 3;
const CHARACTERS: usize = 4;
/// So many characters are decoded at once, of whole groups.
const AT_ONCE: usize = 64;

/// The length of `len` bytes in base64url without padding.
pub(crate) const fn base64url_len(len: usize) -> usize {
    (len / BYTES).saturating_mul(CHARACTERS).saturating_add((len % BYTES * 4).div_ceil(3))
}

/// The length of what `len` characters without padding stand for.
pub(crate) const fn decoded_len(len: usize) -> usize {
    len / CHARACTERS * BYTES + len % CHARACTERS * 3 / 4
}

/// Two groups, and the eight characters for them: what is encoded at once, in one word.
const PAIR: usize = 2 * BYTES;
const PLACE: usize = 2 * CHARACTERS;

/// Encodes into the start of a destination that is known to be long enough.
pub(crate) fn encode(src: &[u8], dst: &mut [u8]) -> usize {
    let len = base64url_len(src.len());
    debug_assert!(len <= dst.len(), "sized by base64url_len");
    let (pairs, rest) = src.as_chunks();
    for (pair, place) in pairs.iter().zip(dst.as_chunks_mut().0) {
        *place = characters(word(*pair));
    }
    let mut last = [0; PAIR];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let place = dst.get_mut(pairs.len() * PLACE..len).unwrap_or_default();
    for (to, from) in place.iter_mut().zip(characters(word(last))) {
        *to = from;
    }
    len
}

fn word(pair: [u8; PAIR]) -> u64 {
    let [first, rest @ ..] = pair;
    let [second, rest @ ..] = rest;
    u64::from(first) << 40 | u64::from(second) << 32 | u64::from(u32::from_be_bytes(rest))
}

/// Encodes thirty bytes that are in words, the first byte highest.
pub(crate) fn encode_words([a, b, c, d]: [u64; 4]) -> [u8; base64url_len(30)] {
    let pairs = [a >> 16, a << 48 >> 16 | b >> 32, b << 32 >> 16 | c >> 48, c << 16 >> 16, d >> 16];
    let mut text = [0; _];
    for (to, pair) in text.as_chunks_mut().0.iter_mut().zip(pairs) {
        *to = characters(pair);
    }
    text
}

/// Encodes a hash as SHA-256 leaves it. Its bytes are never in memory: they would be written as
/// words and read in sixes, which a processor waits for.
pub(crate) fn encode_hash(hash: &[u32; 8]) -> [u8; base64url_len(size_of::<[u32; 8]>())] {
    let mut text = [[0; 2 * PLACE]; 3];
    for (place, words) in text.iter_mut().zip(hash.chunks(3)) {
        let word = |index| words.get(index).map_or(0, |word| u64::from(*word));
        let [a, b, c] = [word(0), word(1), word(2)];
        let pairs = [a << 16 | b >> 16, (b & 0xffff) << 32 | c].map(characters);
        for (to, from) in place.as_chunks_mut().0.iter_mut().zip(pairs) {
            *to = from;
        }
    }
    text.as_flattened().first_chunk().copied().unwrap_or([0; _])
}

/// The characters for a pair of groups, in base64url: for its eight times six bits at once, in a
/// byte each.
fn characters(pair: u64) -> [u8; PLACE] {
    // Halved three times, the first half always to the lower bits: the first character is the
    // lowest byte.
    let groups = pair >> 24 | (pair & 0x00ff_ffff) << 32;
    let halves = (groups >> 12) & 0x0fff_0000_0fff | (groups & 0x0fff_0000_0fff) << 16;
    let parts = (halves >> 6) & 0x003f_003f_003f_003f | (halves & 0x003f_003f_003f_003f) << 8;
    // In each byte that is not below `start`, a step. No byte overflows into the next.
    let from = |start: u8, step: u8| {
        let reached = (parts + each(0x80 - start)) & each(0x80);
        (reached - (reached >> 7)) & each(step)
    };
    let letters = parts + each(b'A') + from(26, b'a' - b'Z' - 1);
    let digits = letters - from(52, b'z' + 1 - b'0');
    (digits - from(62, b'9' + 1 - b'-') + from(63, b'_' - b'-' - 1)).to_le_bytes()
}

const fn each(byte: u8) -> u64 {
    u64::from_be_bytes([byte; PLACE])
}

/// Decodes canonical base64url into the start of a destination, and says how long it is.
pub(crate) fn decode(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    decode_as(|byte| byte, src, dst)
}

/// Decodes canonical base64 without padding, of the standard alphabet.
pub(crate) fn decode_standard(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    decode_as(in_base64url, src, dst)
}

/// Decodes characters of which each is told in base64url. What they are decides over no branch
/// before the end: the text may be a secret.
fn decode_as(in_base64url: fn(u8) -> u8, src: &[u8], dst: &mut [u8]) -> Option<usize> {
    let len = decoded_len(src.len());
    let dst = dst.get_mut(..len)?;
    let mut is_canonical = src.len() % CHARACTERS != 1;
    let mut room = dst.chunks_mut(AT_ONCE / CHARACTERS * BYTES);
    for from in src.chunks(AT_ONCE) {
        let mut group = [b'A'; AT_ONCE];
        for (to, from) in group.iter_mut().zip(from) {
            *to = in_base64url(*from);
        }
        let bytes = Base64UrlUnpadded::decode_in_place(&mut group);
        is_canonical &= bytes.is_ok();
        let (bytes, rest) =
            bytes.unwrap_or_default().split_at_checked(decoded_len(from.len())).unwrap_or_default();
        // The bits that stand for no byte.
        is_canonical &= rest.iter().fold(0, |all, byte| all | byte) == 0;
        for (to, from) in room.next().unwrap_or_default().iter_mut().zip(bytes) {
            *to = *from;
        }
    }
    is_canonical.then_some(len)
}

/// What stands in base64url for a character of base64; for one that is of base64url alone, one
/// that is of neither. Without a branch: the text may be a secret.
fn in_base64url(byte: u8) -> u8 {
    let one_if = |special| u8::from(byte == special);
    let ours = (b'-' - b'+') * one_if(b'+') + (b'_' - b'/') * one_if(b'/');
    let theirs = (b'=' - b'-') * one_if(b'-') + (b'~' - b'_') * one_if(b'_');
    byte + ours + theirs
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// The judge is base64ct, by the alphabet that it has for this.
        #[test]
        fn the_standard_alphabet(text in "[A-Za-z0-9+/]{0,24}|[AQgw+/_=-]{0,9}|\\PC{0,5}") {
            let (mut expected, mut found) = ([0; 32], [0; 32]);
            let expected = Base64Unpadded::decode(text.as_bytes(), &mut expected).ok();
            let len = decode_standard(text.as_bytes(), &mut found);
            prop_assert_eq!(len.map(|len| &found[..len]), expected, "{}", text);
        }

        /// The judge is base64ct, given the whole.
        #[test]
        fn group_by_group(
            bytes in prop::collection::vec(any::<u8>(), 0..40),
            text in "[A-Za-z0-9_-]{0,24}|[AQgw_+/=-]{0,9}|\\PC{0,5}",
        ) {
            let (mut expected, mut found) = ([0; 64], [0; 64]);
            let expected = Base64UrlUnpadded::encode(&bytes, &mut expected).unwrap();
            let len = encode(&bytes, &mut found);
            prop_assert_eq!(&found[..len], expected.as_bytes());
            for text in [&text, expected] {
                let (mut expected, mut found) = ([0; 64], [0; 64]);
                let expected = Base64UrlUnpadded::decode(text.as_bytes(), &mut expected).ok();
                let len = decode(text.as_bytes(), &mut found);
                prop_assert_eq!(len.map(|len| &found[..len]), expected, "{}", text);
            }
        }
    }
}
