//! A secret is wiped from memory when its holder is dropped.
//!
//! Tested for the types that hold a secret. A move leaves a copy on the stack, which no library can
//! wipe: see the threat model.
//!
//! This test reads memory that no longer belongs to a value, so it is the only file
//! with `unsafe`. The storage is owned by the test, is never moved and outlives the value.
#![allow(unsafe_code)]

use std::mem::MaybeUninit;

use kling_auth::{ApiKey, Credentials, HmacKey, KeyPair, Signer, Token, TokenProvider, Validity};

const SECRET: &str = "canary0123456789canary0123456789";
const NOW: u64 = 1_800_000_000;

/// The bytes of a value's storage, before and after it is dropped in place.
fn storage<T>(value: T) -> (Vec<u8>, Vec<u8>) {
    let mut place = Box::new(MaybeUninit::new(value));
    let bytes = |place: &MaybeUninit<T>| {
        let start = place.as_ptr().cast::<MaybeUninit<u8>>();
        // SAFETY: the box holds `size_of::<T>()` bytes. Padding is copied as it is, never read
        // as a value of `T`.
        let bytes = unsafe { std::slice::from_raw_parts(start, size_of::<T>()) };
        // SAFETY: every byte was written with the value, or is padding whose content is not
        // relied upon: the tests search for bytes that were written.
        bytes.iter().map(|byte| unsafe { byte.assume_init() }).collect::<Vec<u8>>()
    };
    let before = bytes(&place);
    // SAFETY: the value is initialised and is not used afterwards.
    unsafe { place.assume_init_drop() };
    let after = bytes(&place);
    (before, after)
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Asserts that storage held a text, and that no part of it is left.
fn wiped<T>(value: T, text: &str) {
    let (before, after) = storage(value);
    assert!(holds(&before, text.as_bytes()), "the storage is not where the text is");
    for part in text.as_bytes().chunks_exact(8) {
        assert!(!holds(&after, part));
    }
}

#[test]
fn an_api_key() {
    wiped(ApiKey::new(SECRET).unwrap(), SECRET);
}

#[test]
fn a_token() {
    let pair = KeyPair::new("access-key", SECRET).unwrap();
    let token: Token = Signer::new(&pair, Validity::default()).sign(NOW);
    let text = token.as_str().to_owned();
    wiped(token, &text);
}

/// The raw secret is not stored, and the state derived from it is wiped by the drop.
#[test]
fn the_state_of_a_secret_key() {
    let (before, after) = storage(HmacKey::new(SECRET.as_bytes()));
    assert!(!holds(&before, SECRET.as_bytes()), "the raw secret is kept");
    assert!(before.iter().filter(|byte| **byte != 0).count() > 48, "no state of two hashes");
    for part in before.chunks_exact(8).filter(|part| part.iter().any(|byte| *byte != 0)) {
        assert!(!holds(&after, part));
    }
}

/// Finds the bytes that differ between two pairs with the same access key: they derive from the secret.
#[test]
fn the_state_that_a_key_pair_signs_by() {
    let [(one, after), (other, _)] = [SECRET, "another0123456789another01234567"]
        .map(|secret| storage(KeyPair::new("access-key", secret).unwrap()));
    let differ = |at: &usize| (*at..at + 8).all(|at| one[at] != other[at]);
    let state: Vec<_> = (0..=one.len() - 8).step_by(4).filter(differ).collect();
    assert!(state.len() > 8, "no state of two hashes: {state:?}");
    for at in state {
        assert_eq!(after[at..at + 8], [0; 8], "{at}");
    }
}

#[test]
fn no_holder_of_a_key_pair_keeps_the_raw_secret() {
    let credentials = Credentials::key_pair("access-key", SECRET).unwrap();
    let mut provider = TokenProvider::new(&credentials);
    provider.token(NOW);
    let (provider, _) = storage(provider);
    let (credentials, _) = storage(credentials);
    assert!(!holds(&provider, SECRET.as_bytes()) && !holds(&credentials, SECRET.as_bytes()));
}

/// The types that hold secrets say so, for callers whose own types require it.
#[test]
fn secrets_are_zeroized_on_drop_by_their_type() {
    const fn wipes<T: ::zeroize::ZeroizeOnDrop>() {}
    wipes::<kling_auth::Token>();
    wipes::<kling_auth::ApiKey>();
    wipes::<kling_auth::HmacKey>();
    wipes::<kling_auth::Signer>();
    wipes::<kling_auth::webhook::Secret>();
}
