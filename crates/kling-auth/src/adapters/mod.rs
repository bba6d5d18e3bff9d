//! Adapters that use `KlingAuth` in HTTP clients.
//!
//! | feature | for | |
//! |---|---|---|
//! | `http` | any client that sends an `http::Request` | [`authorize`](crate::KlingAuth::authorize), [`header_value`](crate::KlingAuth::header_value) |
#![cfg_attr(
    feature = "tower",
    doc = "| `tower` | clients built from tower services, such as hyper's | [`KlingLayer`] |"
)]
//! | | reqwest | the crate [`kling-auth-reqwest`](https://docs.rs/kling-auth-reqwest) |
//!
//! The adapters handle every request of a client in the same way:
//!
//! - If the URL [may have the bearer](crate::KlingAuth::allows), the bearer replaces any
//!   `Authorization` header; the value is marked sensitive. Any other request is sent without it,
//!   and its response is passed on unchanged. A request that already has the bearer is not sent to
//!   another host: [`Error::Origin`](crate::Error::Origin).
//! - A response with a status of 400 or above is [handled](crate::KlingAuth::handle_response), and
//!   its [`Verdict`](crate::Verdict) is added to its extensions. Up to 64 KiB of its body are read
//!   in advance, rounded up to a whole frame; the caller can still read all of it. Any other
//!   response is passed on unchanged.
//! - After [`Action::Retry`](crate::Action::Retry) the request is sent once more with the new
//!   token, immediately, if its body can be sent again. Otherwise the refusal is passed on, and the
//!   next request is right. Nothing else is repeated: not after a server error, and not after
//!   [`Action::Backoff`](crate::Action::Backoff), which the caller decides.
//! - A refusal whose body cannot be read is not handled. The caller gets the error when reading the
//!   body.
//! - Files that credentials came from are read on a separate thread, never on the executor's.
//!
//! A redirect is a new request and is handled like any other. Nothing between the adapter and the
//! network may follow redirects: it would send the bearer on by rules of its own. With reqwest this
//! cannot happen, since `kling-auth-reqwest` builds the client; with tower the caller must order
//! the layers correctly.

#[cfg(feature = "body")]
mod blocking;
#[cfg(feature = "body")]
mod body;
#[cfg(feature = "body")]
#[doc(hidden)]
pub mod exchange;
#[cfg(feature = "tower")]
mod layer;

#[cfg(feature = "body")]
pub use body::KlingBody;
#[cfg(feature = "tower")]
pub use layer::{KlingLayer, KlingService};
