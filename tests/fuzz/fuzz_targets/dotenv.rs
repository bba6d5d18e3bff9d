//! Any bytes as a `.env` file. `{secret}` stands for a secret, which nothing may tell.

#![no_main]

use std::{fs, sync::LazyLock};

use kling_auth::sources::{Found, Given, Machine, find};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

const SECRET: &str = "c4naryC4NARYc4naryC4NARYc4naryC4";

static DIRECTORY: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|data: &[u8]| {
    // What is not UTF-8 stays so.
    let mut file = Vec::with_capacity(data.len());
    let mut rest = data;
    while let Some(at) = rest.windows(8).position(|part| part == b"{secret}") {
        file.extend_from_slice(&rest[..at]);
        file.extend_from_slice(SECRET.as_bytes());
        rest = &rest[at + 8..];
    }
    file.extend_from_slice(rest);
    fs::write(DIRECTORY.path().join(".env"), &file).unwrap();

    let environment = |_: &str| None;
    let machine = Machine { environment: &environment, working_directory: DIRECTORY.path() };
    let result = find(Given::default(), machine);
    let said = match &result {
        Ok(Found { notes, source, .. }) => {
            let notes: Vec<_> = notes.iter().map(ToString::to_string).collect();
            format!("{} {source} {result:?}", notes.join(" "))
        }
        Err(error) => format!("{error} {error:?} {}", error.code()),
    };
    // An access key is public.
    let is_public =
        |found: &Found| found.credentials.access_key().is_some_and(|key| key.contains(SECRET));
    assert!(!said.contains(SECRET) || result.as_ref().is_ok_and(is_public), "{said}");
    assert!(said.len() < 10_000);

    // Looked at again, it says the same.
    if let Ok(found) = result {
        assert!(found.source.has_files() && !found.source.changed());
        let again = found.source.read_again(&environment).unwrap();
        assert_eq!(again.credentials.access_key(), found.credentials.access_key());
    }
});
