//! Checks that the result of a search does not show the secret.

use kling_auth::{Error, sources::Resolved};

pub const SECRET: &str = "c4naryC4NARYc4naryC4NARYc4naryC4";

/// Checks that warnings, error and their `Debug` are short and do not show the secret.
pub fn assert_no_secret(result: &Result<Resolved, Error>) {
    let output = match result {
        Ok(Resolved { warnings, source, .. }) => {
            let warnings: Vec<_> = warnings.iter().map(ToString::to_string).collect();
            format!("{} {source} {result:?}", warnings.join(" "))
        }
        Err(error) => format!("{error} {error:?} {}", error.code()),
    };
    // An access key is public.
    let is_public =
        |found: &Resolved| found.credentials.access_key().is_some_and(|key| key.contains(SECRET));
    assert!(!output.contains(SECRET) || result.as_ref().is_ok_and(is_public), "{output}");
    assert!(output.len() < 10_000);
}
