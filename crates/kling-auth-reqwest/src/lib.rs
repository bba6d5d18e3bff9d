//! `kling-auth` for reqwest: a client that authenticates what it sends to Kling.
//!
//! This is a crate of its own because `reqwest-middleware`, whose types are public here, has versions
//! 0.x: it may move on without a new version of `kling-auth`.
//!
//! ```no_run
//! use kling_auth::KlingAuth;
//! use kling_auth_reqwest::KlingClientBuilder;
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let auth = KlingAuth::discover()?;
//! let client = KlingClientBuilder::new(auth.clone()).build()?;
//! let response = client.get(format!("{}/v1/videos/text2video", auth.base_url())).send().await?;
//! println!("{}", response.status());
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod client;
mod redirect;

pub use client::{KlingClientBuilder, TooManyRedirects};
pub use reqwest_middleware::{self, reqwest};
