//! Threads that read, renew, correct and rotate one `KlingAuth` at once, while the clock keeps
//! passing the expiry of its tokens.
//!
//! Each lease belongs to one minting: its text, its expiry, and the seconds in which it may be used.
//! There are no more mintings than reasons for one, counted per thread.
//!
//! This runs the released code, with arc-swap, in random interleavings. `tests/loom` checks every
//! interleaving of a few steps.

use std::{
    collections::HashSet,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::{Duration, UNIX_EPOCH},
};

use kling_auth::{
    Action, Credentials, DEFAULT_BUFFER, KlingAuth, Response, Validity,
    bindings::{self, Lease},
    verify,
};
use kling_conformance::report;
use serde_json::Value;

const START: u64 = 1_800_000_000;
const READERS: u64 = 8;
const READS: u64 = 20_000;
/// How many rotations, corrections and refreshes there are, each.
const CHANGES: u64 = 300;
const KEYS: [(&str, &str); 2] =
    [("access-key-a", "secret-key-a"), ("access-key-b", "secret-key-b")];
/// How far the clock advances with each reading, in seconds.
const TICK: u64 = 5;
const OFFSETS: [i64; 3] = [3600, -3600, 0];

struct Storm {
    auth: KlingAuth,
    clock: AtomicU64,
    tokens: Mutex<HashSet<String>>,
    readers: AtomicU64,
}

/// One of the readers. Counted on drop, so that nothing waits for a reader that panicked.
struct Reader<'a>(&'a Storm);

impl Drop for Reader<'_> {
    fn drop(&mut self) {
        self.0.readers.fetch_sub(1, Relaxed);
    }
}

impl Storm {
    /// Advances time with every read, so that each token is used by about a hundred reads.
    fn tick(&self) -> u64 {
        self.clock.fetch_add(TICK, Relaxed)
    }

    fn read(&self, seen: &mut HashSet<String>) {
        let now = self.tick();
        let Lease { token, fresh, .. } =
            bindings::lease(bindings::engine(&self.auth), &|_| None, now);
        let expires_at = token.expires_at().unwrap();
        let lifetime = Validity::MAX_LIFETIME;
        assert!(fresh.contains(&now), "{fresh:?} at {now}");
        assert_eq!(fresh.end - fresh.start, lifetime + 1 - DEFAULT_BUFFER);
        let offset = (expires_at - lifetime).cast_signed() - fresh.start.cast_signed();
        assert!(OFFSETS.contains(&offset), "{offset}");
        if seen.insert(token.as_str().to_owned()) {
            assert_eq!(claimed(token.as_str()), expires_at);
        }
    }

    fn rotate(&self, round: u64) {
        let (access_key, secret_key) = KEYS[usize::from(round.is_multiple_of(2))];
        self.auth.rotate(&Credentials::key_pair(access_key, secret_key).unwrap());
    }

    /// A response with a `Date` that corrects the clock.
    fn correct(&self, round: u64) {
        let now = self.tick();
        let token = self.auth.token_at(now);
        let believed = self.auth.clock_offset();
        let offset = OFFSETS[usize::try_from(round % 3).unwrap()];
        let code = if offset > believed { 1004 } else { 1003 };
        let body = format!(r#"{{"code":{code},"message":"by its time"}}"#);
        let server = UNIX_EPOCH + Duration::from_secs(now.saturating_add_signed(offset));
        let date = httpdate::fmt_http_date(server);
        let response = Response::new(401, body.as_bytes())
            .with_date(Some(&date))
            .with_token(Some(token.as_str()));
        let verdict = self.auth.handle_response_at(&response, now);
        assert!(matches!(verdict.action, Action::Retry | Action::Fail));
    }
}

/// The expiry that a token claims. Checks that the key of its access key signed it.
fn claimed(token: &str) -> u64 {
    let mut buffer = vec![0; token.len()];
    let claims = |secret: &str, buffer: &mut [u8]| -> Option<Value> {
        let payload = verify(token, secret.as_bytes(), buffer).ok()?.payload;
        Some(serde_json::from_slice(payload).unwrap())
    };
    let (issuer, claims) = KEYS
        .iter()
        .find_map(|(issuer, secret)| Some((issuer, claims(secret, &mut buffer)?)))
        .expect("signed by one of these");
    assert_eq!(claims["iss"], *issuer);
    let expires_at = claims["exp"].as_u64().unwrap();
    let life = Validity::MAX_LIFETIME + Validity::LEEWAY;
    assert_eq!(claims["nbf"].as_u64(), Some(expires_at - life));
    expires_at
}

#[test]
fn at_the_boundary() {
    let auth = KlingAuth::new(KEYS[0].0, KEYS[0].1).unwrap();
    let storm = Storm {
        auth,
        clock: AtomicU64::new(START),
        tokens: Mutex::default(),
        readers: AtomicU64::new(READERS),
    };
    thread::scope(|scope| {
        for _ in 0..READERS {
            scope.spawn(|| {
                let _reader = Reader(&storm);
                let mut seen = HashSet::new();
                (0..READS).for_each(|_| storm.read(&mut seen));
                storm.tokens.lock().unwrap().extend(seen);
            });
        }
        let changes = |change: fn(&Storm, u64)| {
            let storm = &storm;
            move || {
                for round in 0..CHANGES {
                    // Spread over the time of the readers.
                    let due = START + round * TICK * READERS * READS / CHANGES;
                    while storm.clock.load(Relaxed) < due && storm.readers.load(Relaxed) > 0 {
                        thread::yield_now();
                    }
                    change(storm, round);
                }
            }
        };
        scope.spawn(changes(Storm::rotate));
        scope.spawn(changes(Storm::correct));
        scope.spawn(changes(|storm, _| drop(storm.auth.refresh_at(storm.tick()))));
    });

    let tokens = storm.tokens.into_inner().unwrap().len() as u64;
    let passed = storm.clock.into_inner() - START;
    let reasons = 1 + 3 * CHANGES + passed / (Validity::MAX_LIFETIME + 1 - DEFAULT_BUFFER);
    assert!(passed / 1501 > 500, "{passed} s");
    assert!(tokens <= reasons * (READERS + 3), "{tokens} tokens for {reasons} reasons");
    let operations = READERS * READS + 3 * CHANGES;
    report(&format!(
        "storms: KlingAuth x {operations} operations in {} threads: {tokens} tokens for {reasons} reasons",
        READERS + 3
    ));
}
