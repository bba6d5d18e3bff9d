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

/// Two groups, the lower bits of a word, and the characters for them.
pub(crate) const PAIR_BITS: u32 = 48;
const PAIR: usize = 2 * BYTES;
const PLACE: usize = 2 * CHARACTERS;

/// So many pairs are encoded at once: a hash, or what changes in a token. Compilers make vectors of
/// them.
pub(crate) const PAIRS: usize = 6;
pub(crate) const LINE: usize = PAIRS * PLACE;

/// Encodes into the start of a destination that is known to be long enough.
pub(crate) fn encode(src: &[u8], dst: &mut [u8]) -> usize {
    let len = base64url_len(src.len());
    debug_assert!(len <= dst.len(), "sized by base64url_len");
    if cfg!(target_pointer_width = "64") {
        in_lines(src, dst, len);
    } else {
        in_order(src, dst);
    }
    len
}

/// Six bits after the other, in a fifth of the code: for small machines.
#[expect(clippy::cast_possible_truncation, reason = "six bits are left of it")]
fn in_order(src: &[u8], dst: &mut [u8]) {
    let mut room = dst.iter_mut();
    let mut put = |bits: u32| {
        if let Some(to) = room.next() {
            *to = character_for(bits as u8 & 0x3f);
        }
    };
    let (mut bits, mut open) = (0, 0);
    for byte in src {
        bits = bits << 8 | u32::from(*byte);
        open += 8;
        while open >= 6 {
            open -= 6;
            put(bits >> open);
        }
    }
    if open > 0 {
        put(bits << (6 - open));
    }
}

fn in_lines(src: &[u8], dst: &mut [u8], len: usize) {
    let (lines, rest) = src.as_chunks();
    for (from, to) in lines.iter().zip(dst.as_chunks_mut().0) {
        *to = line(from);
    }
    let mut last = [0; PAIRS * PAIR];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    let room = dst.get_mut(lines.len() * LINE..len).unwrap_or_default();
    for (to, from) in room.iter_mut().zip(line(&last)) {
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

/// Encodes a hash as SHA-256 leaves it. Its bytes are never in memory: they would be written as
/// words and read in sixes, which a processor waits for.
pub(crate) fn encode_hash(hash: &[u32; 8]) -> [u8; HASH_LEN] {
    let word = |index| hash.get(index).map_or(0, |word| u64::from(*word));
    let mut pairs = [0; PAIRS];
    for (index, pair) in pairs.as_chunks_mut::<2>().0.iter_mut().enumerate() {
        let [a, b, c] = [0, 1, 2].map(|place| word(3 * index + place));
        *pair = [a << 16 | b >> 16, (b & 0xffff) << 32 | c];
    }
    characters(pairs).first_chunk().copied().unwrap_or([0; HASH_LEN])
}

/// The characters for pairs of groups, in base64url; a pair is the lower bits of its word, and the
/// upper ones are zero.
// Inlined where registers are long: what goes there by memory is waited for.
#[cfg_attr(target_pointer_width = "64", inline(always))]
#[cfg_attr(target_pointer_width = "64", expect(clippy::inline_always, reason = "measured"))]
pub(crate) fn characters(mut pairs: [u64; PAIRS]) -> [u8; LINE] {
    for pair in &mut pairs {
        // Halved three times, the first half always to the lower bits: the first six bits are in
        // the lowest byte.
        let groups = *pair >> 24 | (*pair & 0x00ff_ffff) << 32;
        let halves = (groups >> 12) & 0x0fff_0000_0fff | (groups & 0x0fff_0000_0fff) << 16;
        *pair = (halves >> 6) & 0x003f_003f_003f_003f | (halves & 0x003f_003f_003f_003f) << 8;
    }
    let mut line = [0; LINE];
    for (place, pair) in line.as_chunks_mut().0.iter_mut().zip(pairs) {
        *place = pair.to_le_bytes();
    }
    for character in &mut line {
        *character = character_for(*character);
    }
    line
}

/// The character for six bits. A step is taken by a mask, not by a branch.
const fn character_for(bits: u8) -> u8 {
    const fn from(start: u8, step: u8, bits: u8) -> u8 {
        0_u8.wrapping_sub((bits >= start) as u8) & step
    }
    b'A' + bits + from(26, b'a' - b'Z' - 1, bits)
        - from(52, b'z' + 1 - b'0', bits)
        - from(62, b'9' + 1 - b'-', bits)
        + from(63, b'_' - b'-' - 1, bits)
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

    #[test]
    fn one_character_of_a_group_stands_for_nothing() {
        for len in 0..100 {
            let decoded = decode(&[b'A'; 100][..len], &mut [0; 100]);
            assert_eq!(decoded.is_none(), len % CHARACTERS == 1, "{len}");
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
            bytes in prop::collection::vec(any::<u8>(), 0..120),
            text in "[A-Za-z0-9_-]{0,24}|[AQgw_+/=-]{0,9}|\\PC{0,5}",
        ) {
            let (mut expected, mut found) = ([0; 160], [0; 160]);
            let expected = Base64UrlUnpadded::encode(&bytes, &mut expected).unwrap();
            let len = encode(&bytes, &mut found);
            prop_assert_eq!(&found[..len], expected.as_bytes());
            in_order(&bytes, &mut found);
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
