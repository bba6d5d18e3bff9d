//! The Python module `kling_auth._native`: converts types and errors, and delegates to the
//! crate `kling-auth`.

#![expect(clippy::doc_markdown, reason = "these comments are docstrings in Python")]

mod adapters;
mod arguments;
mod async_function;
mod auth;
mod cli;
mod clock;
mod compact;
mod errors;
mod events;
mod explicit;
mod fast;
mod inspect;
mod pickled;
mod probe;
mod reduced;
mod reload;
mod repr;
mod state;
mod verdict;
mod webhook;

use pyo3::prelude::*;

/// The Rust core of `kling_auth`.
#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::adapters::{
        async_function, authorize, claim_reload, handle_response, is_unknown, log_events, retry,
        should_handle_response, warn_of_events,
    };
    #[pymodule_export]
    use crate::async_function::AsyncFunction;
    #[pymodule_export]
    use crate::auth::{KlingAuth, generate_kling_token};
    #[pymodule_export]
    use crate::cli::Cli;
    #[pymodule_export]
    use crate::compact::{jwt_decode, jwt_encode, jwt_verify_signature};
    #[pymodule_export]
    use crate::fast::json_writer::jwt_encode_fast;
    #[pymodule_export]
    use crate::inspect::{Inspection, inspect};
    #[pymodule_export]
    use crate::pickled::restored;
    #[pymodule_export]
    use crate::probe::{CheckResult, Probe, Request, proxy_for};
    #[pymodule_export]
    use crate::reload::Reload;
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
