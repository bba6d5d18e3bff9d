//! What a paste brings along is taken off; what cannot be the key is refused.
//!
//! Most failures of users happen here, before anything is signed: a line end, quotes, a
//! console's masking bullets, the placeholder of a guide.

use kling_jwt_core::{Fault, Field};

use super::{Note, Place, found::Value, shape};
use crate::{CoreError, Credentials, Error};

/// A key pair from what was found.
pub(super) fn key_pair(
    access_key: &Value,
    secret_key: &Value,
    notes: &mut Vec<Note>,
) -> Result<Credentials, Error> {
    let access = clean(access_key, Field::AccessKey, notes)?;
    let secret = clean(secret_key, Field::SecretKey, notes)?;
    let credentials = Credentials::key_pair(access, secret).map_err(|error| match error {
        CoreError::Credential(Field::SecretKey, _) => error_at(&secret_key.place, error),
        _ => error_at(&access_key.place, error),
    })?;
    if access == secret {
        return Err(Error::EqualKeys(access_key.place.clone(), secret_key.place.clone()));
    }
    if access.starts_with("sk_") || secret.starts_with("ak_") {
        notes.push(Note::swapped(&access_key.place, &secret_key.place));
    } else {
        for (text, value) in [(access, access_key), (secret, secret_key)] {
            if !shape::is_key_of_a_pair(text) {
                notes.push(Note::shape(&value.place, "a key of 32 letters and digits"));
            }
        }
    }
    Ok(credentials)
}

/// Takes off what surrounds a value, and refuses what is not a key at all.
pub(super) fn clean<'a>(
    value: &'a Value,
    field: Field,
    notes: &mut Vec<Note>,
) -> Result<&'a str, Error> {
    let text = strip(&value.text, &value.place, notes);
    match fault(text, field) {
        None => Ok(text),
        Some(fault) => Err(error_at(&value.place, CoreError::Credential(field, fault))),
    }
}

/// Why a text is not a key, whatever its characters.
fn fault(text: &str, field: Field) -> Option<Fault> {
    let is_other_kind = match field {
        Field::AccessKey => shape::is_api_key(text) || shape::pair(text).is_some(),
        Field::SecretKey => shape::is_api_key(text),
        _ => false,
    };
    if text.is_empty() || text.eq_ignore_ascii_case("bearer") {
        Some(Fault::Empty)
    } else if is_masked(text) {
        Some(Fault::Masked)
    } else if is_placeholder(text) || (field == Field::ApiKey && shape::is_bare_prefix(text)) {
        Some(Fault::Placeholder)
    } else if shape::is_jwt(text) {
        Some(Fault::Jwt)
    } else if is_other_kind {
        Some(Fault::Kind)
    } else {
        None
    }
}

/// What the core says of a value, with its place.
pub(super) fn error_at(place: &Place, error: CoreError) -> Error {
    match place {
        // The message names the argument already.
        Place::Argument(_) => Error::Core(error),
        _ => Error::At(place.clone(), error),
    }
}

/// Takes off white space, quotes and `Bearer`, in whatever order they wrap the value.
fn strip<'a>(raw: &'a str, place: &Place, notes: &mut Vec<Note>) -> &'a str {
    let mut text = raw;
    loop {
        let (inner, what) = if trimmed(text).len() < text.len() {
            (trimmed(text), "white space")
        } else if let Some(inner) = unquoted(text) {
            (inner, "a pair of quotes")
        } else if let Some(inner) = without_bearer(text) {
            (inner, "`Bearer`")
        } else {
            return text;
        };
        let note = Note::cleaned(place, what);
        if !notes.contains(&note) {
            notes.push(note);
        }
        text = inner;
    }
}

/// Without white space around it, nor the byte order mark that some editors put before it.
fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}')
}

fn unquoted(text: &str) -> Option<&str> {
    const QUOTES: [(char, char); 5] =
        [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”'), ('‘', '’')];
    QUOTES.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close))
}

/// Without the scheme, and without the header's name where all of the header was copied.
fn without_bearer(text: &str) -> Option<&str> {
    let (first, rest) = text.split_once(char::is_whitespace)?;
    let is_header =
        ["bearer", "authorization:"].iter().any(|word| first.eq_ignore_ascii_case(word));
    is_header.then_some(rest)
}

/// What a console shows in place of a key, or in place of its middle.
fn is_masked(text: &str) -> bool {
    const BULLETS: [char; 5] = ['•', '●', '·', '∙', '*'];
    const RUN: usize = 4;
    let mut run = 0;
    let has_run = text.chars().any(|c| {
        run = if BULLETS.contains(&c) { run + 1 } else { 0 };
        run == RUN
    });
    has_run || text.chars().all(|c| BULLETS.contains(&c) || matches!(c, '.' | 'x' | 'X' | '…'))
}

/// The guide's own, and the forms that others take.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 5] = ["your_", "change_me", "changeme", "replace_me", "replaceme"];
    let bracketed = [("<", ">"), ("{", "}"), ("${", "}")].iter().any(|(open, close)| {
        let inner = text.strip_prefix(open).and_then(|text| text.strip_suffix(close));
        inner.is_some_and(is_name)
    });
    bracketed
        || text.strip_prefix('$').is_some_and(is_name)
        || WORDS.iter().any(|word| mentions(text, word))
}

/// Whether a text could name a variable or say what is to stand in its place.
fn is_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphabetic() || b"_- ".contains(&byte))
}

/// Whether a text has a word in it, at its start or behind a `_` or `-`, in either case. In place:
/// a copy of the text would be one more copy of a secret.
fn mentions(text: &str, word: &str) -> bool {
    let as_written = |byte: u8| if byte == b'-' { b'_' } else { byte.to_ascii_lowercase() };
    let is_word = |part: &[u8]| part.iter().map(|byte| as_written(*byte)).eq(word.bytes());
    let text = text.as_bytes();
    let begins = |at: usize| at == 0 || as_written(text[at - 1]) == b'_';
    text.windows(word.len()).enumerate().any(|(at, part)| begins(at) && is_word(part))
}
