//! What bindings to other languages and the command line call: the engine with its steps, and one
//! source by its name. Not for users: this module may change at any time.

pub use kling_jwt_core::engine::{Lease, TokenVersion};

pub use crate::sources::{
    file::read_once,
    scope::{Scope, resolve_in},
};
pub use crate::steps::{
    Engine, Generation, apply, apply_if_current, handle_response, lease, refresh, reload,
    require_origin, resolve_again, should_authorize,
};
use crate::{Error, KlingAuth, KlingAuthBuilder};

/// The engine of a `KlingAuth`.
pub fn engine(auth: &KlingAuth) -> &Engine {
    &auth.0
}

/// [`KlingAuthBuilder::build`] with a host's own view of the environment, where `KLING_API_BASE` may stand.
///
/// # Errors
///
/// As [`KlingAuthBuilder::build`].
pub fn build(
    builder: KlingAuthBuilder,
    environment: &dyn Fn(&str) -> Option<String>,
) -> Result<KlingAuth, Error> {
    builder.build_in(environment)
}
