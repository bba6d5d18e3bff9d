//! Inspection of tokens, for programs and for people.

use core::fmt::{self, Write};

use kling_jwt_core::inspect;

use super::{Fault, expect};
use crate::{
    machine::{Call, Environment},
    vectors::Inspected,
};

/// Enough for the longest token, and for its printed inspection.
const MAX_LEN: usize = 32 * 1024;

pub(super) fn check(
    machine: &mut impl Environment,
    _: &str,
    case: &Inspected,
) -> Result<(), Fault> {
    let mut buffer = [0; MAX_LEN];
    let key = case.secret_key.map(str::as_bytes);
    let found = machine.call(Call::Inspect, || inspect(case.token, key, case.now, &mut buffer));
    let inspection = match (found, case.code) {
        (Ok(inspection), None) => inspection,
        (Err(error), Some(code)) => return expect(error.code() == code, "another refusal"),
        _ => return Err("accepted instead of refused, or the reverse"),
    };
    let (kling_says, why) = machine.call(Call::Inspect, || inspection.prediction());
    expect(kling_says.as_str() == case.cause, "another cause")?;
    expect(why == case.reason, "another reason")?;
    expect(
        inspection.is_signature_valid == case.is_signature_valid,
        "another result for the signature",
    )?;
    let is_issuer = match (inspection.issuer(), case.issuer) {
        (Some(issuer), Some(expected)) => issuer == expected,
        (None, None) => true,
        _ => false,
    };
    expect(is_issuer, "another issuer")?;
    expect(inspection.expires_at() == case.expires_at, "another expiry")?;
    expect(inspection.not_before() == case.not_before, "another `nbf`")?;

    let mut text = Text { bytes: [0; MAX_LEN], len: 0 };
    write!(text, "{inspection}").map_err(|_| "its text is too long")?;
    let text =
        core::str::from_utf8(&text.bytes[..text.len]).map_err(|_| "its text is not UTF-8")?;
    expect(case.shows.iter().all(|shown| text.contains(shown)), "its text lacks something")
}

/// A text in a fixed buffer, since there is no allocator.
struct Text {
    bytes: [u8; MAX_LEN],
    len: usize,
}

impl Write for Text {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}
