//! Any bytes as a `.env` file. `{secret}` is replaced by a secret that must not be shown.

#![no_main]

mod no_secret;

use std::{fs, sync::LazyLock};

use kling_auth::{
    KlingAuth, bindings,
    sources::{Environment, Explicit, resolve},
};
use libfuzzer_sys::fuzz_target;
use no_secret::{SECRET, assert_no_secret};
use tempfile::TempDir;

static DIRECTORY: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().unwrap());

fuzz_target!(|data: &[u8]| {
    // Replaced as bytes, so that invalid UTF-8 stays invalid.
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
    let machine = Environment::new(&environment, DIRECTORY.path());
    let result = resolve(Explicit::default(), machine);
    assert_no_secret(&result);

    // Reading it again gives the same result.
    if let Ok(found) = result {
        assert!(!found.source.changed());
        let access_key = found.credentials.access_key().map(str::to_owned);
        // The file may also have an invalid base URL, which is refused.
        let Ok(auth) = KlingAuth::builder().resolved(found).build() else { return };
        let engine = bindings::engine(&auth);
        let again =
            bindings::resolve_again(engine, &engine.generation().source, &environment).unwrap();
        assert_eq!(again.credentials.access_key(), access_key.as_deref());
    }
});
