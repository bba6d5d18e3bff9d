//! Removes what was copied along with a key, and refuses what cannot be a key.

use core::iter;

use crate::{ApiKey, CredentialWarning, Error, Fault, Field, encoding::chars};

/// Removes what surrounds a value, and refuses what cannot be a key.
pub(crate) fn clean<'a>(
    text: &'a str,
    field: Field,
    warn: &mut dyn FnMut(CredentialWarning),
) -> Result<&'a str, Error> {
    let text = if is_bare(text) { text } else { strip(text, field, warn) };
    fault(text, field).map_or(Ok(text), |fault| Err(Error::Credential { field, fault }))
}

/// The value without what surrounds it, without a warning: to look at its shape.
pub(crate) fn bare(text: &str, field: Field) -> &str {
    if is_bare(text) { text } else { strip(text, field, &mut |_| ()) }
}

/// Whether a text is letters and digits alone, as nearly every key is. Then nothing surrounds it
/// and it is not masked, and both searches, which cost more than a signature, can be skipped.
fn is_bare(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// Why a text is not a key, even if all its characters are allowed.
fn fault(text: &str, field: Field) -> Option<Fault> {
    let is_other_kind = match field {
        Field::AccessKey => ApiKey::is_likely(text) || pair(text).is_some(),
        Field::SecretKey => ApiKey::is_likely(text),
        Field::ApiKey => false,
    };
    if text.is_empty() || text.eq_ignore_ascii_case("bearer") {
        Some(Fault::Empty)
    } else if names_variable(text) {
        Some(Fault::Variable)
    } else if is_masked(text) {
        Some(Fault::Masked)
    } else if is_placeholder(text) {
        Some(Fault::Placeholder)
    } else if is_jwt(text) {
        Some(Fault::Jwt)
    } else if is_other_kind {
        Some(Fault::Kind)
    } else {
        None
    }
}

/// What is removed from around a value.
const SURROUNDINGS: [&str; 3] = ["white space", "a pair of quotes", "`Bearer`"];

/// Removes white space, quotes and `Bearer` in any order, and warns about each kind once.
fn strip<'a>(raw: &'a str, field: Field, warn: &mut dyn FnMut(CredentialWarning)) -> &'a str {
    let mut text = raw;
    let mut found = [false; SURROUNDINGS.len()];
    loop {
        let (inner, kind) = if trimmed(text).len() < text.len() {
            (trimmed(text), 0)
        } else if let Some(inner) = unquoted(text) {
            (inner, 1)
        } else if let Some(inner) = without_bearer(text) {
            (inner, 2)
        } else {
            return text;
        };
        if !core::mem::replace(&mut found[kind], true) {
            warn(CredentialWarning::Cleaned(field, SURROUNDINGS[kind]));
        }
        text = inner;
    }
}

/// The text without white space around it and without a byte order mark, which some editors add.
fn trimmed(text: &str) -> &str {
    chars::trimmed(text, |c| chars::is_white_space(c) || c == '\u{feff}')
}

fn unquoted(text: &str) -> Option<&str> {
    const QUOTES: [(&str, &str); 5] =
        [("\"", "\""), ("'", "'"), ("`", "`"), ("“", "”"), ("‘", "’")];
    QUOTES.iter().find_map(|(open, close)| text.strip_prefix(open)?.strip_suffix(close))
}

/// The text without `Bearer`, or without `Authorization:` if the whole header was copied.
fn without_bearer(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once(chars::is_white_space)?;
    let is_header =
        ["bearer", "authorization:"].iter().any(|word| first.eq_ignore_ascii_case(word));
    is_header.then_some(rest)
}

/// Whether a text is masked, as consoles show a key: all of it, or its middle.
fn is_masked(text: &str) -> bool {
    const BULLETS: [char; 5] = ['•', '●', '·', '∙', '*'];
    const RUN: usize = 4;
    let mut run = 0;
    let has_run = !is_bare(text)
        && text.chars().any(|c| {
            run = if BULLETS.contains(&c) { run + 1 } else { 0 };
            run == RUN
        });
    has_run || text.chars().all(|c| BULLETS.contains(&c) || matches!(c, '.' | 'x' | 'X' | '…'))
}

/// Whether a text is a placeholder: that of Kling's guide, or another usual one.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 5] = ["your_", "change_me", "changeme", "replace_me", "replaceme"];
    /// What templates and programs write if they have no value.
    const NOTHING: [&str; 6] = ["null", "nil", "none", "undefined", "todo", "tbd"];
    /// The beginnings of keys in guides.
    const PREFIXES: [&str; 6] = ["api-key-kling", "api-key", "ak-", "sk-", "ak_", "sk_"];
    let is_bracketed = |text: &str| {
        let brackets = [("<", ">"), ("{", "}"), ("[", "]")];
        let inner = |(open, close)| text.strip_prefix(open)?.strip_suffix(close);
        brackets.into_iter().filter_map(inner).any(is_name)
    };
    // `yourAccessKey`: no key consists of letters alone.
    let is_yours = |text: &str| is_name(text) && mentions(text, &["your"]);
    let is_filler = |rest: &str| {
        let rest = rest.trim_start_matches('-');
        rest.is_empty() || is_masked(rest) || is_bracketed(rest)
    };
    is_bracketed(text)
        || is_yours(text)
        || mentions(text, &WORDS)
        || NOTHING.iter().any(|word| text.eq_ignore_ascii_case(word))
        || PREFIXES.iter().any(|prefix| text.strip_prefix(prefix).is_some_and(is_filler))
}

/// Whether a value is a variable that was not expanded: `$NAME` or `${NAME}`.
fn names_variable(text: &str) -> bool {
    let braced = text.split_once("${").is_some_and(|(_, rest)| rest.contains('}'));
    braced || text.strip_prefix('$').is_some_and(|name| !name.is_empty() && is_name(name))
}

/// Whether a text could be the name of a variable, or the words of a placeholder.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_- ".contains(&byte))
}

/// Whether a text contains one of these words at its start or after `_` or `-`, in either case.
/// Makes no copy of the text, because it may be a secret.
fn mentions(text: &str, words: &[&str]) -> bool {
    let as_written = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    let begins_with = |text: &[u8], word: &str| {
        text.len() >= word.len()
            && word.bytes().eq(text.iter().take(word.len()).copied().map(as_written))
    };
    let text = text.as_bytes();
    let separators = text.iter().enumerate().filter(|(_, byte)| as_written(**byte) == b'_');
    let starts = separators.map(|(at, _)| &text[at + 1..]);
    iter::once(text).chain(starts).any(|part| words.iter().any(|word| begins_with(part, word)))
}

/// Whether a text begins like a JWT, whose first segment is a JSON object. It may be cut off.
fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.bytes().any(|byte| byte == b'.')
}

/// Both keys of a pair in one text, separated by `:` or `|`. A `,` or `/` may be part of a key, so
/// it separates only what looks like two keys.
pub(crate) fn pair(text: &str) -> Option<(&str, &str)> {
    let halves = |is_separator: fn(&u8) -> bool| {
        let at = text.bytes().position(|byte| is_separator(&byte))?;
        Some((text.get(..at)?, text.get(at + 1..)?))
    };
    let is_key = |text: &str| is_key_of_a_pair(trimmed(text));
    halves(|byte| matches!(byte, b':' | b'|')).or_else(|| {
        halves(|byte| matches!(byte, b',' | b'/')).filter(|both| is_key(both.0) && is_key(both.1))
    })
}

/// Whether a text looks like every key of a pair that we have seen: 32 letters and digits.
pub(crate) fn is_key_of_a_pair(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
