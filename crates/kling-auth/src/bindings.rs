//! Functions for the bindings to other languages and for the command line. Not a public API: it may
//! change at any time.

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
    &auth.engine
}

/// [`KlingAuthBuilder::build`] with the environment variables that `environment` returns.
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
