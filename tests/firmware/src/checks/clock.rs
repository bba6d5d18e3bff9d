//! Credentials that handle refusals: the verdict, the clock corrected by `Date`, the next tokens.

use kling_jwt_core::{Credentials, Response, Token, TokenProvider, Validity};

use super::{Fault, expect};
use crate::{
    machine::{Call, Environment},
    vectors::{Bearer, Event, ResponseStep, Step, Walk},
};

/// The tokens of a walk, in order.
type Seen = [Option<Token>; 8];

pub(super) fn check(machine: &mut impl Environment, _: &str, walk: &Walk) -> Result<(), Fault> {
    let credentials = match walk.api_key {
        Some(api_key) => Credentials::api_key(api_key),
        None => Credentials::key_pair("access-key", "secret-key"),
    };
    let credentials = credentials.map_err(|_| "the credential is refused")?;
    let validity = Validity::new(walk.lifetime).map_err(|_| "the lifetime is refused")?;
    let mut provider = TokenProvider::with_policy(&credentials, validity, walk.buffer);
    let mut seen: Seen = [const { None }; 8];
    for step in walk.steps {
        take(machine, &mut provider, step, &mut seen)?;
    }
    Ok(())
}

fn take(
    machine: &mut impl Environment,
    provider: &mut TokenProvider,
    step: &Step,
    seen: &mut Seen,
) -> Result<(), Fault> {
    match &step.event {
        Event::Token => {}
        Event::Rotate { access_key, secret_key } => {
            let credentials =
                Credentials::key_pair(access_key, secret_key).map_err(|_| "refused")?;
            machine.call(Call::Keys, || provider.rotate(&credentials));
        }
        Event::HandleResponse(received) => {
            handle_response(machine, provider, received, step.now, seen)?;
        }
    }
    let token = machine.call(Call::Token, || provider.token(step.now));
    expect(provider.clock_offset() == step.clock_offset, "another clock offset")?;
    expect(token.expires_at() == step.expires_at, "another expiry")?;
    let is_new = last(seen) != Some(token.as_str());
    expect(is_new == step.is_new, "new and old are confused")?;
    if is_new {
        let room = seen.iter_mut().find(|seen| seen.is_none()).ok_or("too many tokens")?;
        *room = Some(token);
    }
    Ok(())
}

fn handle_response(
    machine: &mut impl Environment,
    provider: &mut TokenProvider,
    received: &ResponseStep,
    now: u64,
    seen: &Seen,
) -> Result<(), Fault> {
    let token = match received.bearer {
        Bearer::Current => last(seen),
        Bearer::Earlier(index) => seen[index].as_ref().map(Token::as_str),
        Bearer::Text(text) => Some(text),
        Bearer::Unknown => None,
    };
    let ResponseStep { status, date, body, .. } = *received;
    let response = Response::new(status, body).with_date(date).with_token(token);
    for _ in 0..received.times {
        let verdict =
            machine.call(Call::HandleResponse, || provider.handle_response(&response, now));
        expect(verdict.action.as_str() == received.action, "another action")?;
    }
    Ok(())
}

fn last(seen: &Seen) -> Option<&str> {
    seen.iter().flatten().next_back().map(Token::as_str)
}
