//! The command line `kling-auth`, the same in `cargo install`, `pip install` and `npm install`.
//!
//! It is the whole program but for its hands: it opens no connection, reads no clock and no
//! standard input, and writes nothing. A [host](Host) does that, in whatever language. The cycle
//! is [`Cli::step`]: it says one thing to do at a time, and is told what came of it.
//!
//! ```
//! use kling_auth_cli::{Cli, Host, Reply, Step};
//!
//! let host = Host {
//!     arguments: vec!["token".into()],
//!     environment: Box::new(|name| match name {
//!         "KLING_ACCESS_KEY" => Some("0123456789abcdef0123456789abcdef".to_owned()),
//!         "KLING_SECRET_KEY" => Some("fedcba9876543210fedcba9876543210".to_owned()),
//!         _ => None,
//!     }),
//!     ..Host::default()
//! };
//! let Step::Exit(exit) = Cli::new(host).step(Reply::Start, 1_800_000_000) else {
//!     unreachable!("a token asks for nothing");
//! };
//! assert_eq!(exit.status, 0);
//! assert!(exit.stdout.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."));
//! ```
//!
//! # Exit statuses
//!
//! | | |
//! |---|---|
//! | 0 | success; for `check`: Kling takes the credential; for `inspect`: nothing speaks against the token |
//! | 1 | a fault of the program's own, or output that could not be written |
//! | 2 | the command line is invalid, or a token was about to be shown on a terminal |
//! | 3 | a credential is missing, broken, or refused by Kling as wrong |
//! | 4 | no response from Kling: DNS, TLS, timeout, proxy, connection, redirect, somebody else |
//! | 5 | Kling refused for another reason: permission, account, address, a fault of its own |
//! | 6 | a token or a callback is not valid |
//!
//! # What goes where
//!
//! On standard output stands what was asked for and nothing else; on standard error, warnings and
//! what went wrong. Neither a secret nor a token is ever written to standard error, and a token
//! to a terminal only with `--show`: it would stay in the scrollback. Secrets are not taken from
//! the command line, where every process can read them. With `--json`, each line of both is a
//! JSON object; an error is `{"error":{"code":…,"message":…}}`, a note the same with `note`.
//! Help and completions are text always.
//!
//! Besides the codes of [`Error`](kling_auth::Error) there are `ERR_USAGE`, `ERR_SECRET_ARGUMENT` (a
//! secret was about to be given on the command line), `ERR_TERMINAL` (a token was about to be
//! shown), `ERR_TOKEN_API_KEY` (an API key is no token to inspect), `ERR_INPUT` (a body that is
//! too large) and `ERR_INTERNAL`.

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
