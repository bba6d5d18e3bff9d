//! What a user would take instead: three crates for JWTs, and HMAC by hand over three crates.
//!
//! Each holds what it can hold: its key, its header, its options. Those by hand keep the keyed state
//! where the crate allows it, and write the claims into one `String`.

mod crates;
mod hand;

use crate::interleave::Contender;

pub(crate) fn contenders() -> Vec<Contender> {
    [crates::contenders(), hand::contenders()].into_iter().flatten().collect()
}
