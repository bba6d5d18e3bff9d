//! Whether a text is JSON (RFC 8259), decided in one pass and without recursion; and the members
//! of an object.
//!
//! `serde-json-core` reads what it is asked for and skips the rest, unparsed and by recursion.
//! This makes sure beforehand that the rest is JSON too, and nested no deeper than its stack
//! bears.

use crate::{JsonString, encoding::chars::digits};

/// How deep arrays and objects may nest. JOSE's own parameters need 3.
const MAX_DEPTH: usize = 32;

/// The text of a JSON object, nested no deeper than 32 levels; `None` if it is anything else.
pub(crate) fn object(text: &[u8]) -> Option<&str> {
    if !text.trim_ascii_start().starts_with(b"{") {
        return None;
    }
    Scanner { rest: text, levels: [b' '; MAX_DEPTH], depth: 0 }.document()?;
    core::str::from_utf8(text).ok()
}

/// The members of an object, name and value as they are written. For a text that
/// [`object`] found; of another one as many as are there.
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

/// Every value under a name, as it is written. With escapes in it, it is the same name.
pub(crate) fn values<'a>(object: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let is_named = move |written: &str| JsonString::unquoted(written) == *name;
    members(object).filter(move |(written, _)| is_named(written)).map(|(_, value)| value)
}

/// The one value under a name. Of two neither counts: parsers do not agree on which would.
pub(crate) fn member<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    let mut values = values(object, name);
    values.next().filter(|_| values.next().is_none())
}

/// What stands between the quotes of a member that is a string.
pub(crate) fn string<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    member(object, name)?.strip_prefix('"')?.strip_suffix('"')
}

/// The same, if nothing in it is escaped: in a key that was given out nothing has to be.
pub(crate) fn plain_string<'a>(object: &'a str, name: &str) -> Option<&'a str> {
    string(object, name).filter(|value| value.bytes().all(|byte| byte != b'\\'))
}

/// A member that is a whole number, and fits.
pub(crate) fn number(object: &str, name: &str) -> Option<u64> {
    digits(member(object, name)?.as_bytes())
}

/// Takes pieces off the front of a text; `None` is where it is not JSON.
struct Scanner<'a> {
    rest: &'a [u8],
    /// What closes each level that is open: `}` or `]`.
    levels: [u8; MAX_DEPTH],
    depth: usize,
}

impl<'a> Scanner<'a> {
    /// One value, with nothing behind it.
    fn document(&mut self) -> Option<()> {
        self.whole_value()?;
        self.white_space();
        self.rest.is_empty().then_some(())
    }

    /// One value with all that is in it.
    fn whole_value(&mut self) -> Option<()> {
        loop {
            self.value()?;
            // A value is complete, and with it perhaps the levels that it is the last of.
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

    /// A whole value; or an array or object up to where its first value begins.
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

    /// The name before a value, and its colon; in an array there is none.
    fn name_in_object(&mut self) -> Option<()> {
        if self.level() == Some(b'}') {
            self.expect(b'"')?;
            self.string()?;
            self.expect(b':')?;
        }
        Some(())
    }

    /// What closes the innermost level.
    fn level(&self) -> Option<u8> {
        self.levels.get(self.depth.checked_sub(1)?).copied()
    }

    /// A string behind its opening quote.
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

    /// A number behind its first character.
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

    /// One digit or more.
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

    /// The text that a step takes, without white space before it.
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

    /// Takes a byte, if it comes next but for white space.
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
    fn as_deep_as_it_says_and_no_deeper() {
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
    fn members_as_they_are_written() {
        let object = r#" { "a" : [1, {"b": "}"}] ,"c\"":null,"a":"\\" } "#;
        assert!(is_object(object.as_bytes()));
        let found: std::vec::Vec<_> = members(object).collect();
        assert_eq!(found, [("a", r#"[1, {"b": "}"}]"#), (r#"c\""#, "null"), ("a", r#""\\""#)],);
        assert_eq!(members("{}").count(), 0);
    }

    /// A text out of the pieces of JSON, so that most of what comes is nearly JSON.
    fn nearly_json() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(
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
        prop::collection::vec(piece, 0..12)
            .prop_map(|pieces| format!("{{\"k\":{}}}", pieces.concat()))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        /// The judge is serde_json, of the grammar alone: how large a number may be is no part.
        #[test]
        fn the_same_judgement_as_serde_json(text in nearly_json()) {
            let expected = serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok();
            prop_assert_eq!(is_object(text.as_bytes()), expected, "{}", text);
        }
    }
}
