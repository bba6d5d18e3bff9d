//! When the cached token is renewed, with an injected clock.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use std::time::Duration;

use kling_auth::{
    Credentials, KlingAuth, Token, TokenProvider, Validity, decode, verify_signature,
};
use kling_conformance::{RenewalVector, read};

const NOW: u64 = 1_800_000_000;

fn credentials() -> Credentials {
    Credentials::key_pair("access-key", "secret-key").unwrap()
}

#[test]
fn provider() {
    for RenewalVector { name, lifetime, buffer, readings } in
        read::<Vec<RenewalVector>>("renewal.json")
    {
        let validity = Validity::new(lifetime).unwrap();
        let buffer = buffer.unwrap_or(validity.default_buffer());
        let mut provider = TokenProvider::with_policy(&credentials(), validity, buffer);
        let mut minted_at = None;
        for (now, expected) in readings {
            let found = if provider.fresh().contains(&now) { "kept" } else { "minted" };
            assert_eq!(found, expected, "{name}, at {now}");
            if found == "minted" {
                minted_at = Some(now);
            }
            let expires_at = provider.token(now).expires_at();
            assert_eq!(expires_at, minted_at.map(|at| at + lifetime), "{name}, at {now}");
            let expires_at = expires_at.unwrap();
            assert!(expires_at > now && expires_at <= now + lifetime, "{name}, at {now}");
        }
    }
}

#[test]
fn shared_manager() {
    for RenewalVector { name, lifetime, buffer, readings } in
        read::<Vec<RenewalVector>>("renewal.json")
    {
        let builder =
            KlingAuth::builder().credentials(credentials()).lifetime(Duration::from_secs(lifetime));
        let auth = match buffer {
            Some(buffer) => builder.buffer(Duration::from_secs(buffer)).build().unwrap(),
            None => builder.build().unwrap(),
        };
        let mut minted_at = None;
        for (now, expected) in readings {
            if expected == "minted" {
                minted_at = Some(now);
            }
            let expires_at = auth.token_at(now).expires_at();
            assert_eq!(expires_at, minted_at.map(|at| at + lifetime), "{name}, at {now}");
        }
    }
}

#[test]
fn refresh_mints_at_once() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    let first = auth.token_at(NOW);
    assert_eq!(auth.token_at(NOW + 1).as_str(), first.as_str());
    assert_eq!(auth.refresh_at(NOW + 1).expires_at(), Some(NOW + 1801));
    assert_eq!(auth.token_at(NOW + 1).expires_at(), Some(NOW + 1801));
}

#[test]
fn an_api_key_is_its_own_token_for_ever() {
    let auth = KlingAuth::from_api_key("api-key-kling-1").unwrap();
    for now in [0, NOW, u64::MAX - 1] {
        assert_eq!(auth.token_at(now).as_str(), "api-key-kling-1");
        assert_eq!(auth.refresh_at(now).expires_at(), None);
    }
    assert_eq!(auth.authorization(), "Bearer api-key-kling-1");
    assert_eq!(auth.access_key(), None);
}

#[test]
fn rotation_continues_with_the_new_credentials() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    let before = auth.token_at(NOW);
    auth.rotate(&Credentials::key_pair("another", "secret").unwrap());
    assert_ne!(auth.token_at(NOW).as_str(), before.as_str());
    assert_eq!(auth.access_key().as_deref(), Some("another"));
    auth.rotate(&Credentials::api_key("api-key-kling-1").unwrap());
    assert_eq!(auth.token_at(NOW).as_str(), "api-key-kling-1");
}

#[test]
fn the_ends_of_time() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    assert_eq!(auth.token_at(0).expires_at(), Some(1800));
    assert_eq!(auth.token_at(u64::MAX).expires_at(), Some(u64::MAX));
}

/// At the moment of renewal all threads get a token of that moment, and it is the one that is cached.
#[test]
fn threads_at_the_boundary() {
    let auth = KlingAuth::new("access-key", "secret-key").unwrap();
    for round in 0..200 {
        let now = NOW + round * 1501;
        let handed_out = Mutex::new(HashSet::new());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let token = auth.token_at(now);
                    assert_eq!(token.expires_at(), Some(now + 1800));
                    handed_out.lock().unwrap().insert(token.as_str().to_owned());
                });
            }
        });
        let kept = auth.token_at(now + 1);
        assert_eq!(kept.expires_at(), Some(now + 1800));
        assert_eq!(handed_out.into_inner().unwrap(), HashSet::from([kept.as_str().to_owned()]));
    }
}

/// During rotation each token is signed by the secret key of the access key that it names.
#[test]
fn rotation_under_load() {
    let keys = [("access-key-a", "secret-key-a"), ("access-key-b", "secret-key-b")];
    let auth = KlingAuth::new(keys[0].0, keys[0].1).unwrap();
    let done = AtomicBool::new(false);
    let verified = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                while !done.load(Ordering::Relaxed) {
                    let token = auth.token_at(NOW);
                    let mut buffer = [0; Token::MAX_LEN];
                    let decoded = decode(token.as_str(), &mut buffer).unwrap();
                    let claims: serde_json::Value =
                        serde_json::from_slice(decoded.payload).unwrap();
                    let (_, secret_key) =
                        keys.iter().find(|(access_key, _)| claims["iss"] == *access_key).unwrap();
                    verify_signature(token.as_str(), secret_key.as_bytes()).unwrap();
                    verified.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        for (access_key, secret_key) in keys.iter().cycle().take(2000) {
            auth.rotate(&Credentials::key_pair(access_key, secret_key).unwrap());
            assert_eq!(auth.access_key().as_deref(), Some(*access_key));
        }
        done.store(true, Ordering::Relaxed);
    });
    assert!(verified.into_inner() > 0);
}
