//! Any text as credentials, explicit and from the environment: one line is an API key, two are a
//! key pair. `{secret}` is replaced by a secret that must not be shown.

#![no_main]

mod no_secret;

use std::path::Path;

use kling_auth::{
    Credentials, KlingAuth, bindings,
    sources::{Environment, Explicit, resolve},
};
use libfuzzer_sys::fuzz_target;
use no_secret::{SECRET, assert_no_secret};

fuzz_target!(|text: &str| {
    let text = text.replace("{secret}", SECRET);
    let _ = Credentials::api_key(&text);
    let (access_key, secret_key) = match text.split_once('\n') {
        Some((access_key, secret_key)) => (Some(access_key), Some(secret_key)),
        None => (None, None),
    };
    let api_key = access_key.is_none().then_some(&*text);
    judge(Explicit::new(access_key, secret_key, api_key), &|_| None);

    let environment = |name: &str| match name {
        "KLING_ACCESS_KEY" => access_key.map(str::to_owned),
        "KLING_SECRET_KEY" => secret_key.map(str::to_owned),
        "KLING_API_KEY" => api_key.map(str::to_owned),
        _ => None,
    };
    judge(Explicit::default(), &environment);
});

fn judge(given: Explicit<'_>, environment: &dyn Fn(&str) -> Option<String>) {
    let working_directory = Path::new("/nowhere");
    let result = resolve(given, Environment::new(environment, working_directory));
    assert_no_secret(&result);

    // Resolved credentials can sign, and can be sent in a header.
    let Ok(found) = result else { return };
    if let Some(access_key) = found.credentials.access_key() {
        assert!(access_key.bytes().all(|byte| byte.is_ascii_graphic()));
    }
    let auth = bindings::build(KlingAuth::builder().resolved(found), &|_| None).unwrap();
    let token = auth.token_at(1_800_000_000);
    assert!(token.as_bytes().iter().all(|byte| byte.is_ascii_graphic()));
}
