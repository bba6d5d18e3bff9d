//! Checks whether credentials are right and, if not, why. It is step 3 of Kling's guide
//! `klingai-install-auth`.
//!
//! [`Probe`] opens no connection. It returns the requests to send and handles the responses, so
//! that any HTTP client can be used. With the feature `check`, the function `kling_auth::check`
//! does all of it with a built-in client.
//!
//! A check sends at most three `GET` requests, at least one second apart. They cost nothing. They
//! go to the host of the base URL, and to another host only with an
//! [option](Options::try_base_url). The path is that of Kling's list of tasks, or a
//! [path](Options::path) of the caller's.
//!
//! ```
//! use kling_auth::{KlingAuth, check::{CheckResponse, Options, Probe}};
//!
//! # fn send(_: kling_auth::check::CheckRequest) -> CheckResponse {
//! #     let body = br#"{"code":1000,"message":"signature is invalid"}"#.to_vec();
//! #     CheckResponse::new(401, body)
//! # }
//! let auth = KlingAuth::new("access-key", "secret-key").unwrap();
//! let mut probe = Probe::new(&auth, Options::default());
//! let result = loop {
//!     let request = probe.next_request(kling_auth::unix_now());
//!     let response = send(request); // follows no redirects; on failure: `probe.handle_failure(…)`
//!     if let Some(result) = probe.handle_response(&response, kling_auth::unix_now()) {
//!         break result;
//!     }
//! };
//! assert!(!result.is_valid);
//! assert_eq!(result.cause, "wrong_secret_key");
//! println!("{result}"); // a short, readable list
//! ```

mod cause;
#[cfg(feature = "check")]
mod client;
mod exchange;
mod failure;
mod finding;
mod message;
mod proxy;
mod result;

pub use cause::CheckCause;
#[cfg(feature = "check")]
pub use client::{check, check_with, send};
pub use exchange::{Options, Probe};
pub use failure::Failure;
pub use message::{CheckRequest, CheckResponse};
pub use proxy::Proxy;
pub use result::CheckResult;
