//! What a value is, told by its shape: four things go by the name of an API key in public code.

use kling_jwt_core::{ApiKey, Field};
use zeroize::Zeroizing;

use super::{Note, found::Value, hygiene};
use crate::{CoreError, Credentials, Error};

/// Credentials from what stands under an API key's name: an API key, or `access:secret`.
pub(super) fn credentials(value: &Value, notes: &mut Vec<Note>) -> Result<Credentials, Error> {
    let text = hygiene::clean(value, Field::ApiKey, notes)?;
    if is_api_key(text) {
        return api_key(text, value);
    }
    if let Some((access_key, secret_key)) = pair(text) {
        let half = |text: &str| Value {
            text: Zeroizing::new(text.to_owned()),
            place: value.place.clone(),
        };
        return hygiene::key_pair(&half(access_key), &half(secret_key), notes);
    }
    if is_key_of_a_pair(text) {
        return Err(Error::partial(format!("an access key ({})", value.place), "its secret key"));
    }
    let credentials = api_key(text, value)?;
    notes.push(Note::shape(&value.place, "an API key (api-key-kling-…)"));
    Ok(credentials)
}

/// Segments of base64url, the first of them a JSON object; the last may be cut off.
pub(super) fn is_jwt(text: &str) -> bool {
    text.starts_with("eyJ") && text.contains('.')
}

pub(crate) fn is_api_key(text: &str) -> bool {
    text.starts_with(ApiKey::PREFIX)
}

/// The beginning of an API key, and nothing behind it.
pub(super) fn is_bare_prefix(text: &str) -> bool {
    text == ApiKey::PREFIX || text.trim_end_matches('-') == "api-key-kling"
}

fn api_key(text: &str, value: &Value) -> Result<Credentials, Error> {
    Credentials::api_key(text).map_err(|error: CoreError| hygiene::error_at(&value.place, error))
}

/// `access:secret`, or `access|secret` as relays write it.
pub(super) fn pair(text: &str) -> Option<(&str, &str)> {
    text.split_once([':', '|'])
}

/// The look of every key of a pair that was seen.
pub(super) fn is_key_of_a_pair(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
