//! Whether a credential is right and, if not, why: the guide's step 3 as an exchange.
//!
//! [`Probe`] opens no connection. It says what to send and takes in what came back, so that each
//! host checks with the HTTP client that it has. With the feature `check` there is a client here
//! as well (`kling_auth::check`).
//!
//! It asks with `GET` alone, which costs nothing; at most three times, a second apart; and only
//! the host of the base URL, unless it is [told](Options::try_base_url) to ask another one too. What it
//! asks is Kling's list of tasks, or a [path](Options::path) of the caller's.
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
//!     let answer = send(request); // no redirects followed; where it fails: `probe.handle_failure(…)`
//!     if let Some(result) = probe.handle_response(&answer, kling_auth::unix_now()) {
//!         break result;
//!     }
//! };
//! assert!(!result.is_valid);
//! assert_eq!(result.cause, "wrong_secret_key");
//! println!("{result}"); // a short list for people
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
