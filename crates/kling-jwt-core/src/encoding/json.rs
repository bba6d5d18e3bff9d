//! Checks that a text is JSON (RFC 8259), and finds the members of an object.
//!
//! Needs one pass, no allocator and no recursion, so that a deeply nested text cannot exhaust the
//! stack.

use crate::{JsonString, encoding::chars::digits};

/// How deep arrays and objects may be nested. JOSE's parameters need 3 levels.
const MAX_DEPTH: usize = 32;

/// The text of a JSON object with at most 32 levels; `None` for anything else.
pub(crate) fn object(text: &[u8]) -> Option<&str> {
    if !text.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    Scanner { rest: text, levels: [b' '; MAX_DEPTH], depth: 0 }.document()?;
    core::str::from_utf8(text).ok()
}

/// The names and values of an object's members, with their escapes, names without quotes.
///
/// The text should come from [`object`]. In any other text, members end at the first error.
pub(crate) fn members(object: &str) -> impl Iterator<Item = (&str, &str)> {
    let levels = [b' '; MAX_DEPTH];
    let mut scanner = Scanner { rest: object.as_bytes(), levels, depth: 0 };
    let mut opening = b'{';
    core::iter::from_fn(move || {
        scanner.expect(opening)?;
        opening = b',';
        let name = scanner.text_of(Scanner::value)?;
        scanner.expect(b':')?;
        let value = scanner.text_of(Scanner::whole_value)?;
        Some((name.strip_prefix('"')?.strip_suffix('"')?, value))
    })
}

/// The values of a list, as they are written; `None` for any other value.
#[cfg(feature = "alloc")]
pub(crate) fn elements(list: &str) -> Option<impl Iterator<Item = &str>> {
    let levels = [b' '; MAX_DEPTH];
    let mut scanner = Scanner { rest: list.as_bytes(), levels, depth: 0 };
    if !list.trim_ascii_start().starts_with('[') {
        return None;
    }
    let mut opening = b'[';
    Some(core::iter::from_fn(move || {
        scanner.expect(opening)?;
        opening = b',';
        scanner.text_of(Scanner::whole_value)
    }))
}

/// All values under a name. A name that is written with escapes matches too.
pub(crate) fn values<'a>(object: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let is_named = move |written: &str| JsonString::unquoted(written) == *name;
    members(object).filter(move |(written, _)| is_named(written)).map(|(_, value)| value)
}

/// The only value under a name; `None` if there are several, because parsers disagree about which
/// one counts.
pub(crate) fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut values = values(object, name);
    values.next().filter(|_| values.next().is_none())
}

/// The text between the quotes of a member that is a string.
pub(crate) fn string<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    member(object, name)?.strip_prefix('"')?.strip_suffix('"')
}

/// The same, if it contains no escapes: Kling's keys need none.
pub(crate) fn plain_string<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    string(object, name).filter(|value| value.bytes().all(|byte| byte != b'\\'))
}

/// A member that is a whole number.
pub(crate) fn number(object: &str, name: &str) -> Option<u64> {
    digits(member(object, name)?.as_bytes())
}

/// Consumes a text from its start. Methods return `None` if the text is not JSON.
struct Scanner<'a> {
    rest: &'a [u8],
    /// The closing bracket of each open level: `}` or `]`.
    levels: [u8; MAX_DEPTH],
    depth: usize,
}

impl<'a> Scanner<'a> {
    /// One value, and nothing after it.
    fn document(&mut self) -> Option<()> {
        self.whole_value()?;
        self.white_space();
        self.rest.is_empty().then_some(())
    }

    /// One value, including nested ones.
    fn whole_value(&mut self) -> Option<()> {
        loop {
            self.value()?;
            // A value is complete. It may be the last one of several levels.
            while self.level().is_some_and(|close| self.take(close)) {
                self.depth -= 1;
            }
            if self.depth == 0 {
                return Some(());
            }
            self.expect(b',')?;
            self.name_in_object()?;
        }
    }

    /// One string, number, literal, or empty array or object. Opens the arrays and objects before
    /// it.
    fn value(&mut self) -> Option<()> {
        loop {
            self.white_space();
            match self.next()? {
                b'"' => return self.string(),
                b't' => return self.literal(b"rue"),
                b'f' => return self.literal(b"alse"),
                b'n' => return self.literal(b"ull"),
                first @ (b'-' | b'0'..=b'9') => return self.number(first),
                first @ (b'{' | b'[') => {
                    let close = if first == b'{' { b'}' } else { b']' };
                    if self.take(close) {
                        return Some(());
                    }
                    *self.levels.get_mut(self.depth)? = close;
                    self.depth += 1;
                    self.name_in_object()?;
                }
                _ => return None,
            }
        }
    }

    /// In an object, the name and the colon before a value; nothing in an array.
    fn name_in_object(&mut self) -> Option<()> {
        if self.level() == Some(b'}') {
            self.expect(b'"')?;
            self.string()?;
            self.expect(b':')?;
        }
        Some(())
    }

    /// The closing bracket of the innermost level.
    fn level(&self) -> Option<u8> {
        self.levels.get(self.depth.checked_sub(1)?).copied()
    }

    /// A string after its opening quote.
    fn string(&mut self) -> Option<()> {
        loop {
            match self.next()? {
                b'"' => return Some(()),
                b'\\' => match self.next()? {
                    b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => {}
                    b'u' => {
                        for _ in 0..4 {
                            self.next()?.is_ascii_hexdigit().then_some(())?;
                        }
                    }
                    _ => return None,
                },
                0x00..=0x1f => return None,
                _ => {}
            }
        }
    }

    /// A number after its first character.
    fn number(&mut self, first: u8) -> Option<()> {
        let first = if first == b'-' { self.next()? } else { first };
        match first {
            b'0' => {}
            b'1'..=b'9' => self.skip_digits(),
            _ => return None,
        }
        if let [b'.', rest @ ..] = self.rest {
            self.rest = rest;
            self.digits()?;
        }
        if let [b'e' | b'E', rest @ ..] = self.rest {
            self.rest = if let [b'+' | b'-', rest @ ..] = rest { rest } else { rest };
            self.digits()?;
        }
        Some(())
    }

    /// At least one digit.
    fn digits(&mut self) -> Option<()> {
        self.next()?.is_ascii_digit().then_some(())?;
        self.skip_digits();
        Some(())
    }

    fn skip_digits(&mut self) {
        while let [b'0'..=b'9', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    /// The rest of `true`, `false` or `null`.
    fn literal(&mut self, rest: &[u8]) -> Option<()> {
        self.rest = self.rest.strip_prefix(rest)?;
        Some(())
    }

    /// The text that a step consumes, without white space before it.
    fn text_of(&mut self, step: impl FnOnce(&mut Self) -> Option<()>) -> Option<&'a str> {
        self.white_space();
        let before = self.rest;
        step(self)?;
        core::str::from_utf8(before.get(..before.len() - self.rest.len())?).ok()
    }

    fn white_space(&mut self) {
        while let [b' ' | b'\t' | b'\n' | b'\r', rest @ ..] = self.rest {
            self.rest = rest;
        }
    }

    fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Consumes white space, then a byte if it is `wanted`.
    fn take(&mut self, wanted: u8) -> bool {
        self.white_space();
        let rest = self.rest.strip_prefix(&[wanted]);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, wanted: u8) -> Option<()> {
        self.take(wanted).then_some(())
    }
}

#[cfg(test)]
mod tests {
    extern crate std;

    use std::{format, string::String};

    use proptest::prelude::*;

    use super::*;

    fn is_object(text: &[u8]) -> bool {
        object(text).is_some()
    }

    fn nested(levels: usize) -> String {
        format!("{}{}", "{\"a\":".repeat(levels - 1) + "{}", "}".repeat(levels - 1))
    }

    #[test]
    fn the_depth_is_limited() {
        assert!(is_object(nested(MAX_DEPTH + 1).as_bytes()), "an empty object opens no level");
        assert!(!is_object(nested(MAX_DEPTH + 2).as_bytes()));
        assert!(!is_object("[".repeat(1_000_000).as_bytes()));
        assert!(!is_object("{\"a\":".repeat(1_000_000).as_bytes()));
    }

    #[test]
    fn only_objects() {
        for text in ["", " ", "[]", "1", "\"{}\"", "null", "{} {}", "{},", "\u{feff}{}"] {
            assert!(!is_object(text.as_bytes()), "{text}");
        }
        assert!(is_object(b" \r\n\t{ } "));
        assert!(!is_object(b"{\"a\":\"\xff\"}"));
    }

    #[test]
    fn members_keep_their_escapes() {
        let object = r#" { "a" : [1, {"b": "}"}] ,"c\"":null,"a":"\\" } "#;
        assert!(is_object(object.as_bytes()));
        let found: std::vec::Vec<_> = members(object).collect();
        assert_eq!(found, [("a", r#"[1, {"b": "}"}]"#), (r#"c\""#, "null"), ("a", r#""\\""#)],);
        assert_eq!(members("{}").count(), 0);
    }

    /// A text made of parts of JSON, so that most texts are nearly JSON.
    fn nearly_json() -> impl Strategy<Value = String> {
        let part = prop::sample::select(
            &[
                "{",
                "}",
                "[",
                "]",
                ",",
                ":",
                "\"a\"",
                "\"\\u00e4\"",
                "\"\\q\"",
                "\"",
                "\\",
                "0",
                "-1",
                "01",
                "1.5",
                "1.",
                ".5",
                "1e5",
                "1E+",
                "+1",
                "true",
                "false",
                "null",
                "nul",
                " ",
                "\n",
                "ä",
                "\u{1}",
            ][..],
        );
        prop::collection::vec(part, 0..12).prop_map(|parts| format!("{{\"k\":{}}}", parts.concat()))
    }

    #[cfg(feature = "alloc")]
    #[test]
    fn elements_of_a_list() {
        let found = |list| elements(list).map(Iterator::collect::<std::vec::Vec<_>>);
        assert_eq!(
            found(r#" [ "a,]" ,[1, 2],{"b":[]}] "#),
            Some([r#""a,]""#, "[1, 2]", r#"{"b":[]}"#].into())
        );
        assert_eq!(found("[]"), Some([].into()));
        assert_eq!(found("{}"), None);
        assert_eq!(found(r#""[]""#), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// Compares with serde_json. `IgnoredAny` checks the grammar, not the size of numbers.
        #[test]
        fn same_result_as_serde_json(text in nearly_json()) {
            let expected = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(is_object(text.as_bytes()), expected, "{}", text);
        }
    }
}
