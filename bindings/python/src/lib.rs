//! The Python module `kling_auth._native`: converts types and errors, and delegates to the
//! crate `kling-auth`.

mod arguments;
mod asked;
mod auth;
mod cli;
mod clock;
mod compact;
mod errors;
mod fast;
mod given;
mod inspect;
mod look;
mod pickled;
mod probe;
mod reduced;
mod shown;
mod state;
mod telling;
mod verdict;
mod webhook;

use pyo3::prelude::*;

/// The Rust core of `kling_auth`.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::asked::Asked;
    #[pymodule_export]
    use crate::auth::{KlingAuth, generate_kling_token};
    #[pymodule_export]
    use crate::cli::Cli;
    #[pymodule_export]
    use crate::compact::{jwt_decode, jwt_encode, jwt_verify_signature};
    #[pymodule_export]
    use crate::fast::json_writer::jwt_encode_usual;
    #[pymodule_export]
    use crate::inspect::{Inspection, inspect};
    #[pymodule_export]
    use crate::look::Look;
    #[pymodule_export]
    use crate::pickled::restored;
    #[pymodule_export]
    use crate::probe::{CheckResult, Probe, Request, proxy_for};
    #[pymodule_export]
    use crate::verdict::{Verdict, verdict};
    #[pymodule_export]
    use crate::webhook::{Webhook, verify_webhook};

    #[pymodule_export]
    const MAX_BODY: usize = kling_auth::Response::MAX_BODY_LEN;

    #[pymodule_export]
    #[expect(non_upper_case_globals, reason = "Python's name for it")]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
