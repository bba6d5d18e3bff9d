//! Each kind of bad input has its own error code, and a message that names a remedy.

use std::path::Path;

use kling_auth::{
    CoreError, Error, Validity, buffer_seconds,
    sources::{Environment, Explicit, Location, resolve},
    unix_seconds, verify,
};
use kling_conformance::{CredentialRefusal, Refusals, TokenRefusal, read};
use serde_json::Value;

#[test]
fn credentials() {
    let refusals: Refusals = read("refusals.json");
    for CredentialRefusal { access_key, secret_key, api_key, code } in refusals.credentials {
        let given = Explicit::new(access_key.as_deref(), secret_key.as_deref(), api_key.as_deref());
        let machine = Environment::new(&|_| None, Path::new("/nowhere"));
        let error = resolve(given, machine).unwrap_err();
        assert_eq!(error.code(), code, "{access_key:?} {secret_key:?} {api_key:?}");
        assert!(!error.to_string().contains("canary"), "{error}");
    }
}

#[test]
fn tokens() {
    let refusals: Refusals = read("refusals.json");
    for TokenRefusal { name, token, key, code } in refusals.tokens {
        let mut buffer = vec![0; token.len()];
        let error = verify(&token, key.as_bytes(), &mut buffer).unwrap_err();
        assert_eq!(error.code(), code, "{name}");
    }
}

#[test]
fn numbers() {
    let refusals: Refusals = read("refusals.json");
    each(&refusals.lifetime, |seconds| Validity::try_from(seconds).map(drop));
    each(&refusals.buffer, |seconds| buffer_seconds(seconds).map(drop));
    each(&refusals.now, |seconds| unix_seconds(seconds).map(drop));
}

/// Only the numbers: Rust's types exclude the rest.
fn each(cases: &[(Value, String)], take: impl Fn(f64) -> Result<(), CoreError>) {
    for (value, code) in cases {
        match value.as_f64() {
            Some(seconds) => assert_eq!(take(seconds).unwrap_err().code(), code, "{value}"),
            None => assert_eq!(code, "ERR_TYPE", "{value}"),
        }
    }
}

#[test]
fn a_destination_that_is_too_small() {
    let mut buffer = [0; 100];
    assert_eq!(
        kling_auth::encode(b"{}", b"{}", b"k", &mut buffer[..49]),
        Err(CoreError::Destination)
    );
    assert!(kling_auth::encode(b"{}", b"{}", b"k", &mut buffer[..50]).is_err());
    assert!(kling_auth::encode(b"{}", b"{}", b"k", &mut buffer[..51]).is_ok());
    let token = str::from_utf8(&buffer[..51]).unwrap();
    assert_eq!(kling_auth::decode(token, &mut [0; 35]), Err(CoreError::Destination));
    assert!(kling_auth::decode(token, &mut [0; 36]).is_ok());
}

#[test]
fn every_message_says_what_to_do() {
    let errors = [
        Error::Missing { tried: Vec::new(), hint: String::new() },
        Error::Conflict,
        Error::Partial {
            present: "KLING_ACCESS_KEY".to_owned(),
            absent: "KLING_SECRET_KEY".to_owned(),
            is_blank: false,
            hint: String::new(),
        },
        Error::InvalidAt {
            location: Location::Variable("KLING_ACCESS_KEY".to_owned()),
            error: CoreError::Time,
        },
    ];
    for error in errors {
        assert!(error.code().starts_with("ERR_"));
        assert!(error.to_string().len() > 40, "{error}");
    }
}
