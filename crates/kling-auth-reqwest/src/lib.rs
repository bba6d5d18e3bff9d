//! A reqwest client that authenticates its requests to the Kling AI API, with `kling-auth`.
//!
//! It is a separate crate because its public API contains types of `reqwest-middleware`, whose
//! versions are 0.x: a breaking release there does not require one of `kling-auth`.
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
