//! A local stand-in for Kling's front door, for the demo and every end-to-end test.
//!
//! It answers on loopback as Kling is known to: the same paths, envelope, codes and
//! messages. It judges tokens with the independent `jsonwebtoken` crate and shares no
//! code with the libraries under test, so that an error of theirs cannot excuse itself.
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
//! What a request passes, one file each:
//!
//! | file | |
//! |---|---|
//! | `config` | what a test or the command line can choose |
//! | `gate` | the handle: starts the server on a thread of its own, stops it when dropped |
//! | `server` | sockets, connections, limits |
//! | `door` | one request: control or front door, `Date`, log |
//! | `control` | `/_gate/…`: what a test asks of the gate itself |
//! | `script` | answers that a test lays out beforehand |
//! | `answer`, `notation` | one of them, and how a test writes it |
//! | `verify` | `Authorization` → verdict |
//! | `endpoints`, `new_paths` | what lies behind the door |
//! | `tasks` | the tasks that were asked for, from `submitted` to their result |
//! | `envelope` | Kling's codes and messages, the JSON around every answer |
//! | `body` | the body of an answer, which may come late or break off |
//! | `accounts`, `clock`, `log` | what the gate knows: keys, time, requests seen |

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
