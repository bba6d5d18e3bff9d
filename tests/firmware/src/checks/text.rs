//! Dates and URLs. The name of a case is the text itself.

use kling_jwt_core::{BaseUrl, Error, Origin, parse_http_date};

use super::{Fault, expect};
use crate::{
    machine::{Call, Environment},
    vectors::Url,
};

pub(super) fn check_date(
    machine: &mut impl Environment,
    text: &str,
    expected: &Option<u64>,
) -> Result<(), Fault> {
    let found = machine.call(Call::Text, || parse_http_date(text));
    expect(found == *expected, "another time")
}

/// Parsing of origins and base URLs. The std crate decides where the bearer may go.
pub(super) fn check_url(
    machine: &mut impl Environment,
    text: &str,
    case: &Url,
) -> Result<(), Fault> {
    let origin = machine.call(Call::Text, || Origin::parse(text));
    let is_kling = origin.is_some_and(|origin| origin.is_kling());
    expect(
        is_kling == case.is_kling,
        "Kling's host not recognized, or another one mistaken for it",
    )?;
    let Some(base_url) = case.base_url else { return Ok(()) };
    let found = machine.call(Call::Text, || BaseUrl::parse(base_url).map(drop));
    expect(found.map_err(Error::code).err() == case.code, "another result for the base URL")
}
