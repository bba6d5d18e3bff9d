//! The command line `kling-auth`, the same in `cargo install`, `pip install` and `npm install`.
//!
//! This library is the whole program except for its I/O: it opens no connection, reads neither a clock
//! nor standard input, and writes nothing. A [host](Host) does that, in any language. It calls
//! [`Cli::step`] in a loop: each call handles the reply to the last step and returns the next one. With
//! the feature `bin`, which is on by default, the crate contains the program too, whose host is Rust.
//!
//! ```
//! use kling_auth_cli::{Cli, Host, Reply, Step};
//!
//! let mut host = Host::default();
//! host.arguments = vec!["token".into()];
//! host.environment = Box::new(|name| match name {
//!     "KLING_ACCESS_KEY" => Some("0123456789abcdef0123456789abcdef".to_owned()),
//!     "KLING_SECRET_KEY" => Some("fedcba9876543210fedcba9876543210".to_owned()),
//!     _ => None,
//! });
//! let Step::Exit(exit) = Cli::new(host).step(Reply::Start, 1_800_000_000) else {
//!     unreachable!("`token` needs no request and no input");
//! };
//! assert_eq!(exit.status, 0);
//! assert!(exit.stdout.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
//! ```
//!
//! # Exit statuses
//!
//! | | |
//! |---|---|
//! | 0 | success; for `check`: Kling accepts the credentials; for `inspect`: Kling would accept the token |
//! | 1 | internal error, or output that could not be written |
//! | 2 | invalid command line, or it would show a token on a terminal |
//! | 3 | the credentials are missing or malformed, or Kling rejects them |
//! | 4 | no response from Kling: DNS, TLS, timeout, proxy, connection, redirect, another server |
//! | 5 | Kling refuses for another reason: permission, account, IP address, server error |
//! | 6 | a token or a callback is not valid |
//!
//! # Output
//!
//! Standard output contains the result and nothing else; standard error contains warnings and errors.
//! No secret or token is ever written to standard error. A token is written to a terminal only with
//! `--show`, because it would stay in the scrollback. Secrets are not accepted as arguments, which every
//! process can read. With `--json`, each line of both is a JSON object: an error is
//! `{"error":{"code":…,"message":…}}`, a warning `{"warning":{"code":…,"message":…}}`. Help and
//! completions are always text.
//!
//! Besides the codes of [`Error`](kling_auth::Error) there are `ERR_USAGE`, `ERR_SECRET_ARGUMENT` (a
//! secret as an argument), `ERR_TERMINAL` (a token on a terminal), `ERR_TOKEN_API_KEY` (an API key has
//! nothing to inspect), `ERR_INPUT` (a body that is too large) and `ERR_INTERNAL`.

mod arguments;
mod check;
mod commands;
mod completions;
mod credentials;
mod error;
mod help;
mod host;
mod inspect;
mod options;
mod outcome;
mod session;
mod shell;
mod status;
mod timeline;
mod token;
mod view;
mod webhook;

pub use host::{Environment, Exit, Host, Reply, Step, Terminals};
pub use session::Cli;
