//! Any bytes as a `.env` file. `{secret}` stands for a secret, which nothing may show.

#![no_main]

mod untold;

use std::{fs, sync::LazyLock};

use kling_auth::{
    KlingAuth, bindings,
    sources::{Environment, Explicit, resolve},
};
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;
use untold::{SECRET, assert_untold};

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
    let machine = Environment::new(&environment, DIRECTORY.path());
    let result = resolve(Explicit::default(), machine);
    assert_untold(&result);

    // Looked at again, it says the same.
    if let Ok(found) = result {
        assert!(!found.source.changed());
        let access_key = found.credentials.access_key().map(str::to_owned);
        // A base URL beside them that cannot be used is refused.
        let Ok(auth) = KlingAuth::builder().resolved(found).build() else { return };
        let again = bindings::rediscover(bindings::engine(&auth), &environment).unwrap();
        assert_eq!(again.credentials.access_key(), access_key.as_deref());
    }
});
