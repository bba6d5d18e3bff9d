//! What a paste brings along is taken off; what cannot be the key is refused.
//!
//! Most failures of users happen here, before anything is signed: a line end, quotes, a
//! console's masking bullets, the placeholder of a guide.

use kling_jwt_core::{Fault, Field};

use super::{Note, Place, found::Value, shape};
use crate::{CoreError, Credentials, Error};

/// The length of every key of a pair that was seen.
const USUAL_LEN: usize = 32;

/// A key pair from what was found.
pub(super) fn key_pair(
    access_key: &Value,
    secret_key: &Value,
    notes: &mut Vec<Note>,
) -> Result<Credentials, Error> {
    let access = clean(access_key, Field::AccessKey, notes)?;
    let secret = clean(secret_key, Field::SecretKey, notes)?;
    if access == secret {
        return Err(Error::EqualKeys(access_key.place.clone(), secret_key.place.clone()));
    }
    let credentials = Credentials::key_pair(access, secret).map_err(|error| match error {
        CoreError::Credential(Field::SecretKey, _) => error_at(&secret_key.place, error),
        _ => error_at(&access_key.place, error),
    })?;
    if access.starts_with("sk_") || secret.starts_with("ak_") {
        notes.push(Note::swapped(&access_key.place, &secret_key.place));
    } else {
        for (text, value) in [(access, access_key), (secret, secret_key)] {
            if text.len() != USUAL_LEN || !text.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
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
    let fault = if is_masked(text) {
        Fault::Masked
    } else if is_placeholder(text) {
        Fault::Placeholder
    } else if shape::is_jwt(text) {
        Fault::Jwt
    } else {
        return Ok(text);
    };
    Err(error_at(&value.place, CoreError::Credential(field, fault)))
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
        notes.push(Note::cleaned(place, what));
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

fn without_bearer(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(rest)
}

/// One character over and over, where that is what consoles mask with.
fn is_masked(text: &str) -> bool {
    const MASKS: [char; 7] = ['•', '●', '·', '∙', '*', 'x', 'X'];
    let mut characters = text.chars();
    characters.next().is_some_and(|first| {
        MASKS.contains(&first) && text.chars().count() >= 4 && characters.all(|c| c == first)
    })
}

/// The guide's own, and the forms that others take.
fn is_placeholder(text: &str) -> bool {
    const WORDS: [&str; 3] = ["your_", "change_me", "changeme"];
    let bracketed = [("<", ">"), ("{", "}"), ("${", "}")];
    bracketed.iter().any(|(open, close)| text.starts_with(open) && text.ends_with(close))
        || text.strip_prefix('$').is_some_and(is_variable_name)
        || WORDS.iter().any(|word| mentions(text, word))
}

fn is_variable_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
}

/// Whether a text has a word in it, in either case, with `-` or `_`. In place: a copy of the
/// text would be one more copy of a secret.
fn mentions(text: &str, word: &str) -> bool {
    let same = |found: u8, wanted: u8| {
        found.to_ascii_lowercase() == wanted || (found == b'-' && wanted == b'_')
    };
    let is_word = |part: &[u8]| part.iter().zip(word.bytes()).all(|(a, b)| same(*a, b));
    text.as_bytes().windows(word.len()).any(is_word)
}
