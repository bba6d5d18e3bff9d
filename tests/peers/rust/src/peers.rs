//! Alternatives to kling-auth: three crates for JWTs, and own code with three crates for HMAC.
//!
//! Each caches what it can: its key, its header, its options. The own code keeps the keyed state if
//! the crate allows it, and writes the claims into one `String`.

mod crates;
mod hand;

use crate::interleave::Contender;

pub(crate) fn contenders() -> Vec<Contender> {
    [crates::contenders(), hand::contenders()].into_iter().flatten().collect()
}
