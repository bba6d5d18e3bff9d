//! Credentials with an unreliable clock, against a server that follows Kling's rules.
//!
//! True time advances in steps; a suspend is a long one. The host's clock jumps, in both directions
//! and by more than may be corrected. The server has a clock of its own and refuses with
//! 1003, 1004, or 1000 for either, sometimes without a `Date`, or with a `Date` that arrives
//! late.

use std::time::{Duration, UNIX_EPOCH};

use kling_auth::{
    Action, Credentials, MAX_CLOCK_OFFSET, Response, TokenProvider, Validity, decode,
};
use proptest::{collection::vec, option, prelude::*, test_runner::TestCaseResult};

use crate::property::check;

const START: u64 = 1_800_000_000;

#[derive(Clone, Debug)]
enum Step {
    /// Time advances, for both clocks.
    Passes(u64),
    /// The host's clock is set.
    Leaps(i64),
    /// A request is sent, and sent again if the action says so.
    Request(Server),
    /// The refusal of an earlier token arrives late.
    Late(prop::sample::Index, Server),
}

/// How the server refuses.
#[derive(Clone, Copy, Debug)]
struct Server {
    /// Whether it gives the reason.
    is_plain: bool,
    /// By how many seconds its `Date` is late, if it has one.
    date: Option<u64>,
    /// Whether the client knows which token was refused.
    knows_token: bool,
}

struct Walk {
    provider: TokenProvider,
    lifetime: u64,
    buffer: u64,
    host: u64,
    server: u64,
    tokens: Vec<String>,
    /// How many seconds passed without setting a clock.
    passed: u64,
    /// How often the host's clock was set or a refusal was handled.
    disturbed: u64,
}

impl Walk {
    fn new(skew: i64, lifetime: u64, buffer: u64) -> Self {
        let credentials = Credentials::key_pair("access-key", "secret-key").unwrap();
        let validity = Validity::new(lifetime).unwrap();
        Self {
            provider: TokenProvider::with_policy(&credentials, validity, buffer),
            lifetime,
            buffer,
            host: START,
            server: START.saturating_add_signed(skew),
            tokens: Vec::new(),
            passed: 0,
            disturbed: 0,
        }
    }

    fn step(&mut self, step: &Step) -> TestCaseResult {
        match step {
            Step::Passes(seconds) => {
                self.host += seconds;
                self.server += seconds;
                self.passed += seconds;
            }
            Step::Leaps(seconds) => {
                self.host = self.host.saturating_add_signed(*seconds);
                self.disturbed += 1;
            }
            Step::Request(server) => self.request(*server)?,
            Step::Late(index, server) => {
                if !self.tokens.is_empty() {
                    let token = index.get(&self.tokens).clone();
                    self.refuse(&token, Server { knows_token: true, ..*server })?;
                }
            }
        }
        self.mints_are_bounded()
    }

    fn request(&mut self, server: Server) -> TestCaseResult {
        let believed = self.ahead();
        let token = self.token();
        let Some(next) = self.refuse(&token, server)? else { return self.is_short_lived(&token) };
        prop_assert!(!self.tolerates(believed), "refused, {believed} s ahead");

        let is_reachable = self.host.abs_diff(self.server) <= MAX_CLOCK_OFFSET.unsigned_abs() - 5;
        if server.date.is_some() && is_reachable {
            prop_assert_eq!(next, Action::Retry);
            let again = self.token();
            prop_assert_ne!(&again, &token);
            prop_assert_eq!(self.judge(&again), None, "after one correction");
            self.is_short_lived(&again)?;
        }
        Ok(())
    }

    /// The token to send now.
    fn token(&mut self) -> String {
        let token = self.provider.token(self.host).as_str().to_owned();
        if self.tokens.last() != Some(&token) {
            self.tokens.push(token.clone());
        }
        token
    }

    /// By how many seconds the corrected clock is ahead of the server's.
    fn ahead(&self) -> i64 {
        let believed = self.host.saturating_add_signed(self.provider.clock_offset());
        believed.cast_signed() - self.server.cast_signed()
    }

    /// Whether a token made now must be valid: the clock is ahead by no more than `nbf` allows, or
    /// behind by less than the remaining life of any token.
    fn tolerates(&self, ahead: i64) -> bool {
        let left = self.buffer.clamp(1, self.lifetime).cast_signed();
        (1 - left..=Validity::LEEWAY.cast_signed()).contains(&ahead)
    }

    /// The code with which the server refuses a token because of its time.
    fn judge(&self, token: &str) -> Option<u32> {
        let (not_before, expires_at) = times(token);
        if self.server < not_before {
            Some(1003)
        } else if expires_at <= self.server {
            Some(1004)
        } else {
            None
        }
    }

    /// Handles the refusal of a token, if it is refused, and returns the action.
    fn refuse(&mut self, token: &str, how: Server) -> Result<Option<Action>, TestCaseError> {
        let Some(code) = self.judge(token) else { return Ok(None) };
        let (code, message) = if how.is_plain { (code, "token") } else { (1000, "auth failed") };
        // A `Date` that is later than a token's remaining life proves nothing without a reason.
        let transit = if how.is_plain { self.buffer.clamp(1, 3) - 1 } else { 0 };
        let date = how.date.map(|seconds| self.server - seconds.min(transit));
        let text = date.map(|date| httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(date)));
        let body = format!(r#"{{"code":{code},"message":"{message}"}}"#);
        let before = self.provider.clock_offset();
        let verdict = self.provider.handle_response(
            &Response::new(401, body.as_bytes())
                .with_date(text.as_deref())
                .with_token(how.knows_token.then_some(token)),
            self.host,
        );
        self.disturbed += 1;

        let after = self.provider.clock_offset();
        let corrected = date.map(|date| date.cast_signed() - self.host.cast_signed());
        prop_assert!(after == before || Some(after) == corrected, "{before} to {after}");
        prop_assert!(after.abs() <= MAX_CLOCK_OFFSET, "{after}");
        prop_assert!(matches!(verdict.action, Action::Retry | Action::Fail));
        Ok(Some(verdict.action))
    }

    /// No accepted token lives longer than Kling allows.
    fn is_short_lived(&self, token: &str) -> TestCaseResult {
        let left = times(token).1 - self.server;
        prop_assert!(left <= self.lifetime + Validity::LEEWAY, "{left} s left");
        Ok(())
    }

    /// One token at first, one for each time that a clock was set or a refusal came, and one for each
    /// full period in which a token is used.
    fn mints_are_bounded(&self) -> TestCaseResult {
        let used_for = (self.lifetime + 1).saturating_sub(self.buffer.max(1));
        // With a buffer above the lifetime, each call mints.
        if let Some(times) = self.passed.checked_div(used_for) {
            let most = 1 + self.disturbed + times;
            prop_assert!(self.tokens.len() as u64 <= most, "{} of {most}", self.tokens.len());
        }
        Ok(())
    }
}

fn times(token: &str) -> (u64, u64) {
    let mut buffer = vec![0; token.len()];
    let payload = decode(token, &mut buffer).unwrap().payload;
    let claims: serde_json::Value = serde_json::from_slice(payload).unwrap();
    (claims["nbf"].as_u64().unwrap(), claims["exp"].as_u64().unwrap())
}

/// By how many seconds a clock is wrong: a few, a token's life, a time zone, about the largest
/// correction, more.
fn off() -> impl Strategy<Value = i64> {
    let size = prop_oneof![
        0..=10_i64,
        0..=4000_i64,
        0..=100_000_i64,
        MAX_CLOCK_OFFSET - 10..=MAX_CLOCK_OFFSET + 10,
        0..=400_000_000_i64,
    ];
    (size, any::<bool>()).prop_map(|(size, is_ahead)| if is_ahead { size } else { -size })
}

fn server() -> impl Strategy<Value = Server> {
    (prop::bool::weighted(0.7), option::weighted(0.8, 0..=2_u64), prop::bool::weighted(0.8))
        .prop_map(|(is_plain, date, knows_token)| Server { is_plain, date, knows_token })
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (0..=2000_u64).prop_map(Step::Passes),
        1 => (0..=1_000_000_u64).prop_map(Step::Passes),
        2 => off().prop_map(Step::Leaps),
        5 => server().prop_map(Step::Request),
        1 => (any::<prop::sample::Index>(), server()).prop_map(|(at, server)| Step::Late(at, server)),
    ]
}

#[test]
fn any_walk() {
    let policy = (10..=1800_u64, prop_oneof![Just(300), 0..=2000_u64]);
    let walk = (off(), policy, vec(step(), 1..60));
    check("clock walks", walk, |(skew, (lifetime, buffer), steps)| {
        let mut walk = Walk::new(skew, lifetime, buffer);
        steps.iter().try_for_each(|step| walk.step(step))
    });
}
