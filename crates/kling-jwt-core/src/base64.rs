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

/// Encodes into the start of a destination that is known to be long enough.
pub(crate) fn encode(src: &[u8], dst: &mut [u8]) -> usize {
    let len = base64url_len(src.len());
    debug_assert!(len <= dst.len(), "sized by base64url_len");
    let (groups, rest) = src.as_chunks();
    let (places, _) = dst.as_chunks_mut();
    for (group, place) in groups.iter().zip(places) {
        *place = characters(*group);
    }
    let last = dst.get_mut(groups.len() * CHARACTERS..len).unwrap_or_default();
    let rest = match *rest {
        [first, second] => [first, second, 0],
        [first] => [first, 0, 0],
        _ => [0; BYTES],
    };
    for (to, from) in last.iter_mut().zip(characters(rest)) {
        *to = from;
    }
    len
}

/// The characters for a group, in base64url: for its four times six bits at once, in a byte each.
fn characters([first, second, third]: [u8; BYTES]) -> [u8; CHARACTERS] {
    let parts = [first >> 2, first << 4 | second >> 4, second << 2 | third >> 6, third];
    let parts = u32::from_be_bytes(parts) & each(0x3f);
    // In each byte that is not below `start`, a step. No byte overflows into the next.
    let from =
        |start: u8, step: u8| (((parts + each(0x80 - start)) >> 7) & each(1)) * u32::from(step);
    let letters = parts + each(b'A') + from(26, b'a' - b'Z' - 1);
    let digits = letters - from(52, b'z' + 1 - b'0');
    (digits - from(62, b'9' + 1 - b'-') + from(63, b'_' - b'-' - 1)).to_be_bytes()
}

const fn each(byte: u8) -> u32 {
    u32::from_be_bytes([byte; CHARACTERS])
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
