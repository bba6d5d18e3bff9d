//! Base64 (RFC 4648) as it occurs here: base64url without padding in tokens, the standard form in
//! webhooks. The only place that knows base64ct, and each direction of it stands here once: its
//! code is generic, and would be in the image again for each alphabet and caller.

use base64ct::{Base64UrlUnpadded, Encoding};

/// The length of `len` bytes in base64url without padding.
pub(crate) const fn base64url_len(len: usize) -> usize {
    (len / 3).saturating_mul(4).saturating_add((len % 3 * 4).div_ceil(3))
}

/// The length of what `len` characters without padding stand for.
pub(crate) const fn decoded_len(len: usize) -> usize {
    len / 4 * 3 + len % 4 * 3 / 4
}

/// Encodes into the start of a destination that is known to be long enough.
pub(crate) fn encode(src: &[u8], dst: &mut [u8]) -> usize {
    let encoded = Base64UrlUnpadded::encode(src, dst);
    debug_assert!(encoded.is_ok(), "every destination is sized by base64url_len");
    encoded.map_or(0, str::len)
}

/// Decodes canonical base64url into the start of a destination, and says how long it is.
#[inline(never)]
pub(crate) fn decode(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    Base64UrlUnpadded::decode(src, dst).ok().map(<[u8]>::len)
}

/// Decodes canonical base64 without padding, of the standard alphabet.
pub(crate) fn decode_standard(src: &[u8], dst: &mut [u8]) -> Option<usize> {
    let mut len = 0;
    for group in src.chunks(4) {
        let mut same = [0; 4];
        for (to, from) in same.iter_mut().zip(group) {
            *to = in_base64url(*from);
        }
        len += decode(same.get(..group.len())?, dst.get_mut(len..)?)?;
    }
    Some(len)
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
    use base64ct::{Base64Unpadded, Encoding};
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
    }
}
