//! Callbacks: genuine ones and others.

use kling_jwt_core::{
    Error,
    webhook::{Delivery, Secret, Verified, verify},
};

use super::{Fault, expect};
use crate::{
    machine::{Call, Environment},
    vectors::Webhook,
};

pub(super) fn check(machine: &mut impl Environment, _: &str, case: &Webhook) -> Result<(), Fault> {
    case.body.with(|body| {
        let headers = case.headers.iter().copied();
        let found = judged(machine, case, &Delivery::new(headers, body));
        expect(found.map_err(Error::code).err() == case.code, "another result")?;
        let Ok(verified) = found else { return Ok(()) };
        let mut values = case.headers.iter().map(|(_, value)| *value);
        expect(values.clone().any(|value| value == verified.id), "another id")?;
        let is_time = |value: &str| value.parse() == Ok(verified.timestamp);
        expect(values.any(is_time), "another time")
    })
}

/// The secrets are parsed before, as on a device: only the verification is measured.
fn judged<'a>(
    machine: &mut impl Environment,
    case: &Webhook,
    delivery: &Delivery<'a>,
) -> Result<Verified<'a>, Error> {
    let mut verify =
        |secrets: &[Secret]| machine.call(Call::Webhook, || verify(secrets, delivery, case.now));
    match case.secrets {
        [] => verify(&[]),
        [one] => verify(&[Secret::new(one)?]),
        [one, two] => verify(&[Secret::new(one)?, Secret::new(two)?]),
        _ => unreachable!("no case has more secrets"),
    }
}
