//! From a response to its verdict.

use kling_jwt_core::Response;

use super::{Fault, expect};
use crate::{
    machine::{Call, Environment},
    vectors::Judged,
};

pub(super) fn check(machine: &mut impl Environment, _: &str, case: &Judged) -> Result<(), Fault> {
    let verdict = case.body.with(|body| {
        let (status, token) = (case.status, case.token);
        let response = Response::new(status, body).with_token(token);
        machine.call(Call::Verdict, || response.verdict())
    });
    expect(verdict.cause.as_str() == case.cause, "another cause")?;
    expect(verdict.action.as_str() == case.action, "another thing to do next")?;
    expect(verdict.code == case.code, "another code")?;
    expect(verdict.message() == case.message, "another message")?;
    expect(verdict.request_id() == case.request_id, "another request id")
}
