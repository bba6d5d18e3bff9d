//! Renewal, with a simulated clock.

use kling_jwt_core::{Credentials, TokenProvider, Validity};

use super::{Fault, expect};
use crate::{
    machine::{Call, Environment},
    vectors::Renewal,
};

pub(super) fn check(machine: &mut impl Environment, _: &str, case: &Renewal) -> Result<(), Fault> {
    let validity = Validity::new(case.lifetime).map_err(|_| "the lifetime is refused")?;
    let buffer = case.buffer.unwrap_or(validity.default_buffer());
    let mut provider = TokenProvider::with_policy(&credentials(), validity, buffer);
    let mut minted_at = None;
    for (now, is_minted) in case.readings {
        expect(provider.fresh().contains(now) != *is_minted, "minted and kept are confused")?;
        if *is_minted {
            minted_at = Some(now);
        }
        let expires_at = machine.call(Call::Token, || provider.token(*now).expires_at());
        expect(expires_at == minted_at.map(|at| at + case.lifetime), "another end")?;
    }
    Ok(())
}

/// A device asks every second of a day: it gets a new token every 1501 seconds, and never one that
/// expires within the buffer.
pub(super) fn check_day(machine: &mut impl Environment, _: &str, (): &()) -> Result<(), Fault> {
    const DAY: u64 = 24 * 60 * 60;
    const BOOT: u64 = 1_800_000_000;
    let mut provider = TokenProvider::new(&credentials());
    let mut minted = 0;
    for now in BOOT..BOOT + DAY {
        if provider.fresh().contains(&now) {
            continue;
        }
        minted += 1;
        let expires_at = machine.call(Call::Token, || provider.token(now).expires_at());
        expect(expires_at == Some(now + 1800), "another end")?;
    }
    expect(minted == DAY.div_ceil(1501), "more or fewer tokens")
}

fn credentials() -> Credentials {
    Credentials::key_pair("access-key", "secret-key").expect("both are keys")
}
