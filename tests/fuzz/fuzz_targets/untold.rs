//! That nothing shows the secret that a search found or refused.

use kling_auth::{Error, sources::Resolved};

pub const SECRET: &str = "c4naryC4NARYc4naryC4NARYc4naryC4";

/// Neither the warnings nor the error show it, nor their `Debug`; and they are short.
pub fn assert_untold(result: &Result<Resolved, Error>) {
    let said = match result {
        Ok(Resolved { warnings, source, .. }) => {
            let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
            format!("{} {source} {result:?}", warnings.join(" "))
        }
        Err(error) => format!("{error} {error:?} {}", error.code()),
    };
    // An access key is public.
    let is_public =
        |found: &Resolved| found.credentials.access_key().is_some_and(|key| key.contains(SECRET));
    assert!(!said.contains(SECRET) || result.as_ref().is_ok_and(is_public), "{said}");
    assert!(said.len() < 10_000);
}
