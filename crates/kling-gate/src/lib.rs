//! A local stand-in for Kling's API, for the demo and every end-to-end test.
//!
//! It answers on loopback as Kling is known to: the same paths, envelope, codes and
//! messages. It verifies tokens with the independent `jsonwebtoken` crate and shares no
//! code with the libraries under test, so that an error of theirs cannot hide itself.
//!
//! ```
//! use kling_gate::{Config, DEMO_API_KEY, Gate};
//!
//! let gate = Gate::start(Config::default())?;
//! let answer = ureq::get(format!("{}/v1/videos/text2video", gate.url()))
//!     .header("Authorization", format!("Bearer {DEMO_API_KEY}"))
//!     .call()?;
//! assert_eq!(answer.status(), 200);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The files, in the order in which a request passes them:
//!
//! | file | |
//! |---|---|
//! | `config` | what a test or the command line can choose |
//! | `gate` | the handle: starts the server on a thread of its own, stops it when dropped |
//! | `server` | sockets, connections, limits |
//! | `door` | one request: control resource or API, `Date`, log |
//! | `control` | `/_gate/…`: how a test controls the gate |
//! | `script` | answers that a test prepares |
//! | `answer`, `notation` | one prepared answer, and its JSON form |
//! | `verify` | `Authorization` → verdict |
//! | `endpoints`, `new_paths` | the API paths |
//! | `tasks` | the tasks that were created, from `submitted` to their result |
//! | `envelope` | Kling's codes and messages, the JSON around every answer |
//! | `body` | the body of an answer, which may be late or incomplete |
//! | `accounts`, `clock`, `log` | the gate's state: keys, time, requests received |

#![forbid(unsafe_code)]

mod accounts;
mod answer;
mod body;
mod clock;
mod config;
mod control;
mod door;
mod endpoints;
mod envelope;
mod gate;
mod log;
mod new_paths;
mod notation;
mod script;
mod server;
mod tasks;
mod verify;

pub use accounts::{Accounts, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_SECRET_KEY, InvalidAccounts};
pub use clock::Clock;
pub use config::Config;
pub use gate::Gate;
