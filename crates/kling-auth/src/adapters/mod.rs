//! `KlingAuth` as an HTTP client's own authentication.
//!
//! | feature | for | |
//! |---|---|---|
//! | `http` | whoever sends an `http::Request` | [`authorize`](crate::KlingAuth::authorize), [`header_value`](crate::KlingAuth::header_value) |
#![cfg_attr(
    feature = "reqwest-middleware",
    doc = "| `reqwest-middleware` | reqwest, not on wasm32 | [`KlingClientBuilder`] |"
)]
#![cfg_attr(
    feature = "tower",
    doc = "| `tower` | clients made of tower services, such as hyper's | [`KlingLayer`] |"
)]
//!
//! The adapters to clients see every request, and do the same with it:
//!
//! - Where the bearer [may go](crate::KlingAuth::allows), it is attached, in place of whatever
//!   `Authorization` there is, in a value that is marked sensitive. Any other request goes
//!   without it, and its response is none of theirs. One that has the bearer on it by hand is not
//!   sent: [`Error::Origin`](crate::Error::Origin).
//! - A response with a status of 400 or above is [observed](crate::KlingAuth::handle_response), and the
//!   [`Verdict`](crate::Verdict) put into its extensions. Its body is looked at as far as 64 KiB
//!   (and to the end of a frame), and can be read from its beginning as before. Any other
//!   response is handed on as it comes.
//! - After [`Action::Retry`](crate::Action::Retry) the request is sent once more with the new
//!   token, at once, if its body can be sent again; otherwise the refusal is handed on, and the
//!   next request is right. Nothing else is repeated: not after a server's fault, and not after
//!   [`Action::Backoff`](crate::Action::Backoff), which is the caller's to decide.
//! - A refusal whose body breaks off teaches nothing. Whoever reads the body meets the error.
//!
//! A redirect is a new request, and is looked at like any other. So nothing that follows redirects
//! may stand between the adapter and the network: such a part sends the bearer along by rules of
//! its own, unseen. With reqwest none can, since the client is built here; with tower the order of
//! the layers is the caller's.

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
mod body;
#[cfg(feature = "reqwest-middleware")]
mod client;
#[cfg(feature = "tower")]
mod layer;
#[cfg(feature = "reqwest-middleware")]
mod redirect;
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
mod refusal;

#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
pub use body::KlingBody;
#[cfg(feature = "reqwest-middleware")]
pub use client::{KlingClientBuilder, TooManyRedirects};
#[cfg(feature = "tower")]
pub use layer::{KlingLayer, KlingService};
