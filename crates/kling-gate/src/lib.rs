//! A local stand-in for Kling's API, to test programs that use it.
//!
//! It answers on loopback as Kling is known to: the same paths, envelope, codes and
//! messages. Tasks live by a clock that a test moves, refusals come as a test sets them, and
//! callbacks are signed. It makes no videos.
//!
//! It verifies tokens with the independent crates `jsonwebtoken` and `hmac-sha256`, signs callbacks
//! with the reference library of Standard Webhooks, and shares no code with kling-auth, so that an
//! error of kling-auth cannot hide itself.
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
//! | `route` | a request for control, for a result, or for the API |
//! | `door` | the gate's state, and one request to the API: script, `Date`, log |
//! | `control` | `/_gate/…`: how a test controls the gate |
//! | `script` | answers that a test prepares |
//! | `answer`, `notation` | one prepared answer, and its JSON form |
//! | `scheme`, `verify` | `Authorization` → verdict |
//! | `endpoints`, `new_paths`, `call` | the API paths, and what they have in common |
//! | `tasks`, `task` | the tasks that were created, from `submitted` to their result |
//! | `results` | the file of a result |
//! | `callbacks` | what is signed and sent when a task has ended |
//! | `envelope` | Kling's codes and messages, the JSON around every answer |
//! | `body` | the body of an answer, which may be late or incomplete |
//! | `accounts`, `clock`, `log` | the gate's state: keys, time, requests received |

#![forbid(unsafe_code)]

mod accounts;
mod answer;
mod body;
mod call;
mod callbacks;
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
mod results;
mod route;
mod scheme;
mod script;
mod server;
mod task;
mod tasks;
mod verify;

pub use accounts::{
    Account, Accounts, DEMO_ACCESS_KEY, DEMO_API_KEY, DEMO_REGION, DEMO_SECRET_KEY, InvalidAccounts,
};
pub use callbacks::{Callback, DEMO_WEBHOOK_SECRET, SentCallback};
pub use clock::Clock;
pub use config::Config;
pub use gate::{Gate, Refused};
pub use log::Received;
pub use task::TaskSettings;
pub use tasks::Limits;
