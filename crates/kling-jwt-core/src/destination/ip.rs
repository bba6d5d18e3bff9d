//! Recognizes IP addresses in URLs, and whether they are loopback.
//!
//! Accepts the same texts as `core::net`, whose parser takes 2 KB of code.

use crate::encoding::chars::{digits, hex};

/// An IPv4 address: four decimal numbers.
pub(crate) struct Ipv4(u32);

impl Ipv4 {
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let (mut address, mut len) = (0, 0);
        for part in text.split(|byte| *byte == b'.') {
            let is_short = matches!(part, [_] | [b'1'..=b'9', _] | [b'1'..=b'9', _, _]);
            let number = digits(part).filter(|_| is_short)?;
            address = address << 8 | u32::from(u8::try_from(number).ok()?);
            len += 1;
        }
        (len == 4).then_some(Self(address))
    }

    /// 127.0.0.0/8 (RFC 1122, section 3.2.1.3).
    pub(crate) fn is_loopback(&self) -> bool {
        self.0 >> 24 == 127
    }
}

/// An IPv6 address (RFC 4291, section 2.2): the groups before `::`, and those after it. Without
/// `::`, all groups are in `tail`.
pub(crate) struct Ipv6 {
    head: Groups,
    tail: Groups,
}

impl Ipv6 {
    pub(crate) fn read(text: &[u8]) -> Option<Self> {
        let Some(gap) = text.windows(2).position(|pair| pair == b"::") else {
            let tail = Groups::read(text, true).filter(|groups| groups.len == 8)?;
            return Some(Self { head: Groups::NONE, tail });
        };
        let head = Groups::read(text.get(..gap)?, false)?;
        let tail = Groups::read(text.get(gap + 2..)?, true)?;
        (head.len + tail.len < 8).then_some(Self { head, tail })
    }

    /// Whether it is `::1`, in any notation.
    pub(crate) fn is_loopback(&self) -> bool {
        let Self { head, tail } = self;
        head.before | head.last | tail.before == 0 && tail.last == 1
    }
}

/// Groups of 16 bits, separated by colons.
struct Groups {
    len: usize,
    /// The last group, or the last two if they are written as an IPv4 address.
    last: u32,
    /// All groups before it, combined with `|`.
    before: u32,
}

impl Groups {
    const NONE: Self = Self { len: 0, last: 0, before: 0 };

    /// At the end of the address, the last two groups may be written as an IPv4 address.
    fn read(text: &[u8], is_end: bool) -> Option<Self> {
        let mut groups = Self::NONE;
        if text.is_empty() {
            return Some(groups);
        }
        let mut parts = text.split(|byte| *byte == b':').peekable();
        while let Some(part) = parts.next() {
            groups.before |= groups.last;
            if let Some(group) = hex(part) {
                groups.last = group.into();
                groups.len += 1;
            } else {
                let ipv4 = Ipv4::read(part).filter(|_| is_end && parts.peek().is_none())?;
                groups.last = ipv4.0;
                groups.len += 2;
            }
        }
        Some(groups)
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use core::net::{Ipv4Addr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    fn assert_same_as_core_net(text: &str) -> Result<(), TestCaseError> {
        let ipv4 = Ipv4::read(text.as_bytes()).map(|address| address.is_loopback());
        let expected = text.parse::<Ipv4Addr>().ok().map(|address| address.is_loopback());
        prop_assert_eq!(ipv4, expected, "{}", text);
        let ipv6 = Ipv6::read(text.as_bytes()).map(|address| address.is_loopback());
        let expected = text.parse::<Ipv6Addr>().ok().map(|address| address.is_loopback());
        prop_assert_eq!(ipv6, expected, "{}", text);
        Ok(())
    }

    #[test]
    fn an_ipv4_address_is_allowed_only_at_the_end() {
        for text in ["1.2.3.4::", "1.2.3.4:5::", "::1.2.3.4:5", "1::0.0.0.1", "1:2:3:4:5:6:7.8.9.1"]
        {
            assert_same_as_core_net(text).unwrap();
        }
    }

    /// The same bits in two groups must not cancel each other.
    #[test]
    fn repeated_groups() {
        for text in ["5:5::1", "5::5:1", "5:0:5::1", "::5:5:1", "5:5::5:1"] {
            assert_same_as_core_net(text).unwrap();
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4_000))]

        /// Compares with `core::net`, for texts that are nearly addresses.
        #[test]
        fn same_result_as_core_net(
            ipv4 in "([0-9]{0,4}\\.){2,4}(0|1|127|255|256|[0-9a]{0,3})",
            ipv6 in "(::|:)?((0|1|[0-9a-fA-F]{1,5}|g|)(:|:|:|:|::)){0,9}(0|1|[0-9a-f]{0,4}|0\\.0\\.0\\.[01])",
            zeros in "(0{0,4}:){0,8}(0{0,3}1|0\\.0\\.0\\.1)",
            address: u128,
        ) {
            let address = Ipv6Addr::from(address);
            for text in [ipv4, ipv6, zeros, std::format!("{address}")] {
                assert_same_as_core_net(&text)?;
            }
        }
    }
}
