//! What bindings to other languages call: the engine, and its steps. Not for users: what is in here
//! may change at any time.

pub use kling_jwt_core::engine::{Lease, Stamp};

pub use crate::steps::{
    Engine, Held, adopt, adopt_after, attaches_to, lease, look_again, observe, refresh, reload,
    require_origin,
};
use crate::{Builder, Error, KlingAuth};

/// The engine of a `KlingAuth`.
pub fn engine(auth: &KlingAuth) -> &Engine {
    &auth.0
}

/// [`Builder::build`] with a host's own view of the environment, where `KLING_API_BASE` may stand.
///
/// # Errors
///
/// As [`Builder::build`].
pub fn build(
    builder: Builder,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<KlingAuth, Error> {
    builder.build_in(environment)
}
