//! Two threads use one engine: loom runs each model in every possible order of the operations on
//! their shared state.
//!
//! In every order: a lease belongs to one minting, signed by credentials that were in use; no more
//! tokens are minted than threads ask for; no thread undoes what another changed (credentials, the
//! clock, a token, a warning); and after a rotation no older token stays cached.

#![cfg(test)]

mod host;

use std::{
    io::{Write, stdout},
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, UNIX_EPOCH},
};

use host::{Caller, Loom};
use kling_jwt_core::{
    Action, Credentials, DEFAULT_BUFFER, Response, Token, Validity, Verdict,
    engine::{EffectiveBaseUrl, Engine, Generation, Lease, Setup},
    verify,
};
use loom::thread;
use serde_json::Value;

const START: u64 = 1_800_000_000;
/// When a token of `START` is renewed.
const DUE: u64 = START + Validity::MAX_LIFETIME - DEFAULT_BUFFER + 1;
const A: Keys = ("access-key-a", "secret-key-a");
const B: Keys = ("access-key-b", "secret-key-b");
const C: Keys = ("access-key-c", "secret-key-c");

type Keys = (&'static str, &'static str);

/// A token with its lease.
#[derive(Clone, Debug, PartialEq)]
struct Lent {
    text: String,
    expires_at: u64,
    lease: Range<u64>,
}

fn lent(engine: &Engine<Loom>, now: u64) -> Lent {
    let Lease { token, fresh, .. } = engine.lease(now);
    Lent { text: token.as_str().to_owned(), expires_at: token.expires_at().unwrap(), lease: fresh }
}

impl Lent {
    /// Whether text, expiry and lease belong to one minting.
    fn is_one(&self, auth: Keys, clock_offset: i64) -> bool {
        let mut buffer = vec![0; self.text.len()];
        let signed = verify(&self.text, auth.1.as_bytes(), &mut buffer);
        let Ok(decoded) = signed else { return false };
        let claims: Value = serde_json::from_slice(decoded.payload).unwrap();
        let minted_at =
            (self.expires_at - Validity::MAX_LIFETIME).checked_add_signed(-clock_offset);
        claims["iss"] == auth.0
            && claims["exp"] == self.expires_at
            && Some(self.lease.start) == minted_at
            && self.lease.end - self.lease.start == DUE - START
    }
}

/// What two threads share, and the state before.
struct Shared {
    engine: Engine<Loom>,
    first: Lent,
    held: Generation<Caller>,
}

impl Shared {
    fn new() -> Self {
        let engine = Engine::new(Setup {
            credentials: credentials(A),
            source: Caller,
            validity: Validity::default(),
            buffer: DEFAULT_BUFFER,
            base_url: EffectiveBaseUrl::resolved(None),
            listener: None,
            events: Vec::new(),
        });
        let first = lent(&engine, START);
        let held = engine.generation();
        Self { engine, first, held }
    }

    fn rotate(&self, keys: Keys) {
        self.engine.rotate(&credentials(keys), &Caller, Vec::new());
    }

    #[expect(clippy::unused_self, reason = "called like the other methods")]
    fn is_of(&self, keys: Keys, token: &Token) -> bool {
        verify(token.as_str(), keys.1.as_bytes(), &mut [0; Token::MAX_LEN]).is_ok()
    }

    /// A server refuses the first token because of its time: the server's clock is `ahead` seconds ahead.
    fn refused(&self, now: u64, ahead: i64) -> Verdict {
        let server = UNIX_EPOCH + Duration::from_secs(now.saturating_add_signed(ahead));
        let date = httpdate::fmt_http_date(server);
        let code = if ahead > 0 { 1004 } else { 1003 };
        self.answered(&format!(r#"{{"code":{code},"message":"by its time"}}"#), Some(&date), now)
    }

    fn answered(&self, body: &str, date: Option<&str>, now: u64) -> Verdict {
        let token = Some(&*self.first.text);
        self.engine.handle_response(
            &Response::new(401, body.as_bytes()).with_date(date).with_token(token),
            now,
        )
    }
}

fn credentials((access_key, secret_key): Keys) -> Credentials {
    Credentials::key_pair(access_key, secret_key).unwrap()
}

/// Runs two threads over one engine in every order, and then the checks.
fn every_order<T: 'static, U: 'static>(
    name: &str,
    one: fn(&Shared) -> T,
    other: fn(&Shared) -> U,
    then: fn(&Shared, T, U),
) {
    let orders = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&orders);
    loom::model(move || {
        counted.fetch_add(1, Relaxed);
        let shared = Arc::new(Shared::new());
        let theirs = Arc::clone(&shared);
        let thread = thread::spawn(move || one(&theirs));
        let second = other(&shared);
        let first = thread.join().unwrap();
        then(&shared, first, second);
    });
    let orders = orders.load(Relaxed);
    assert!(orders > 2, "{name}: nothing was permuted");
    writeln!(stdout(), "models: {name} x {orders} orders").unwrap();
}

#[test]
fn two_at_the_boundary_mint() {
    every_order(
        "two mintings",
        |it| lent(&it.engine, DUE),
        |it| lent(&it.engine, DUE + 1),
        |it, one, other| {
            assert!(one.is_one(A, 0) && other.is_one(A, 0), "{one:?} {other:?}");
            let kept = lent(&it.engine, DUE + 1);
            assert!(kept == one || kept == other, "a third was minted: {kept:?}");
        },
    );
}

#[test]
fn a_rotation_is_not_lost_to_a_minting() {
    every_order(
        "a minting and a rotation",
        |it| lent(&it.engine, DUE),
        |it| it.rotate(B),
        |it, one, ()| {
            assert!(one.is_one(A, 0) || one.is_one(B, 0), "{one:?}");
            assert!(lent(&it.engine, DUE + 1).is_one(B, 0));
        },
    );
}

#[test]
fn a_rotation_is_not_lost_to_a_refresh() {
    every_order(
        "a refresh and a rotation",
        |it| it.engine.refresh(START + 1).token,
        |it| it.rotate(B),
        |it, _, ()| assert!(lent(&it.engine, START + 2).is_one(B, 0)),
    );
}

#[test]
fn a_refresh_is_not_lost_to_a_minting() {
    every_order(
        "a refresh and a minting",
        |it| it.engine.refresh(DUE).token,
        |it| lent(&it.engine, DUE + 1),
        |it, refreshed, other| {
            assert!(other.is_one(A, 0), "{other:?}");
            assert_eq!(lent(&it.engine, DUE + 1).text, refreshed.as_str());
        },
    );
}

#[test]
fn a_rotation_wins_over_a_search() {
    every_order(
        "a search and a rotation",
        |it| it.engine.rotate_if_current(&it.held, &credentials(C), &Caller, Vec::new()),
        |it| it.rotate(B),
        |it, (), ()| assert!(lent(&it.engine, START).is_one(B, 0)),
    );
}

#[test]
fn a_correction_is_not_lost_to_a_minting() {
    every_order(
        "a correction and a minting",
        |it| it.refused(DUE, 3600),
        |it| lent(&it.engine, DUE + 1),
        |it, verdict, other| {
            assert_eq!(verdict.action, Action::Retry);
            assert!(other.is_one(A, 0) || other.is_one(A, 3600), "{other:?}");
            assert_eq!(it.engine.clock_offset(), 3600);
            assert!(lent(&it.engine, DUE + 1).is_one(A, 3600));
        },
    );
}

#[test]
fn a_correction_is_not_lost_to_a_rotation() {
    every_order(
        "a correction and a rotation",
        |it| it.refused(START + 1, -3600),
        |it| it.rotate(B),
        |it, verdict, ()| {
            // After the rotation, a refusal of the old credentials corrects nothing.
            let offset = it.engine.clock_offset();
            assert!(offset == -3600 || offset == 0, "{offset}");
            assert_eq!(verdict.action, Action::Retry);
            assert!(lent(&it.engine, START + 1).is_one(B, offset));
        },
    );
}

#[test]
fn one_refused_token_corrects_the_clock_once() {
    every_order(
        "two corrections by one token",
        |it| it.refused(START + 1, 3600),
        |it| it.refused(START + 1, 7200),
        |it, one, other| {
            assert_eq!((one.action, other.action), (Action::Retry, Action::Retry));
            let offset = it.engine.clock_offset();
            assert!(offset == 3600 || offset == 7200, "{offset}");
            assert!(lent(&it.engine, START + 1).is_one(A, offset));
        },
    );
}

#[test]
fn one_thread_claims_the_reload() {
    fn asks(it: &Shared) -> bool {
        let (body, now) = (r#"{"code":1002,"message":"access key not exist"}"#, START + 1);
        let verdict = it.answered(body, None, now);
        let token = Some(&*it.first.text);
        let response = Response::new(401, body.as_bytes()).with_token(token);
        it.engine.claim_reload(&verdict, &response, now)
    }
    every_order("two refusals of unknown credentials", asks, asks, |it, one, other| {
        assert!(one ^ other, "{one} {other}");
        assert_eq!(it.engine.last_verdict().map(|verdict| verdict.action), Some(Action::Fail));
    });
}

#[test]
fn no_warning_is_lost() {
    every_order(
        "two warnings",
        |it| it.engine.warn_reload_failed(&"one"),
        |it| it.engine.warn_reload_failed(&"other"),
        |it, (), ()| assert_eq!(it.engine.take_events().len(), 2),
    );
    every_order(
        "a warning and `take_events`",
        |it| it.engine.warn_reload_failed(&"one"),
        |it| {
            it.engine.warn_reload_failed(&"other");
            it.engine.take_events()
        },
        |it, (), taken| assert_eq!(taken.len() + it.engine.take_events().len(), 2),
    );
}

/// After a rotation, the cached token is signed by the new credentials.
#[test]
fn no_token_stays_cached_after_a_rotation() {
    every_order(
        "a cached token and a rotation",
        |it| it.engine.token(START + 1),
        |it| it.rotate(B),
        |it, one, ()| {
            assert!(one.as_str() == it.first.text || it.is_of(B, &one), "{one:?}");
            for _ in 0..3 {
                assert!(it.is_of(B, &it.engine.token(START + 1)));
            }
        },
    );
    every_order(
        "two tokens of other credentials and a rotation",
        |it| [(); 2].map(|()| it.engine.token(START + 1)),
        |it| {
            it.rotate(B);
            it.engine.token(START + 1)
        },
        |it, _, other| {
            assert!(it.is_of(B, &other));
            assert!(it.is_of(B, &it.engine.token(START + 1)));
        },
    );
}

#[test]
fn two_rotations_leave_the_credentials_of_one() {
    every_order(
        "two rotations",
        |it| it.rotate(B),
        |it| it.rotate(C),
        |it, (), ()| {
            let tokens = [(); 3].map(|()| it.engine.token(START + 1));
            let keys = if it.is_of(B, &tokens[0]) { B } else { C };
            assert!(tokens.iter().all(|token| it.is_of(keys, token)));
            assert!(lent(&it.engine, START + 1).is_one(keys, 0));
        },
    );
}
