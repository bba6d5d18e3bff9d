//! `KlingAuth` as an HTTP client's own authentication.
//!
//! | feature | for | |
//! |---|---|---|
//! | `http` | any client that sends an `http::Request` | [`authorize`](crate::KlingAuth::authorize), [`header_value`](crate::KlingAuth::header_value) |
#![cfg_attr(
    feature = "tower",
    doc = "| `tower` | clients made of tower services, such as hyper's | [`KlingLayer`] |"
)]
//! | | reqwest | the crate [`kling-auth-reqwest`](https://docs.rs/kling-auth-reqwest) |
//!
//! The adapters see every request of a client, and treat each alike:
//!
//! - If the bearer [may go](crate::KlingAuth::allows) to the URL, it replaces any `Authorization` that is
//!   there, in a value that is marked sensitive. Any other request is sent without it, and its response
//!   is left alone. A request that already carries the bearer to another host is not sent:
//!   [`Error::Origin`](crate::Error::Origin).
//! - A response with a status of 400 or above is [handled](crate::KlingAuth::handle_response), and its
//!   [`Verdict`](crate::Verdict) is put into its extensions. Up to 64 KiB of its body are read (and to
//!   the end of a frame); the caller can still read all of it. Any other response is passed on as it is.
//! - After [`Action::Retry`](crate::Action::Retry) the request is sent once more with the new token,
//!   immediately, if its body can be sent again. Otherwise the refusal is passed on, and the next request
//!   is right. Nothing else is repeated: not after a server error, and not after
//!   [`Action::Backoff`](crate::Action::Backoff), which the caller decides.
//! - A refusal whose body breaks off changes nothing. The caller meets the error when reading the body.
//! - Files that credentials came from are read on a thread of their own, never on the executor's.
//!
//! A redirect is a new request and is treated like any other. Nothing that follows redirects may
//! stand between the adapter and the network: it would send the bearer along by rules of its own. With
//! reqwest this cannot happen, since `kling-auth-reqwest` builds the client; with tower the order of the
//! layers is up to the caller.

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
