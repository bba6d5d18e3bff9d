//! Where credentials come from, in this order: the caller's hand, the environment, a `.env` file,
//! the profile of Kling's command line.
//!
//! | | where | what |
//! |---|---|---|
//! | 1 | arguments | a key pair, or an API key |
//! | 2 | environment | `KLING_ACCESS_KEY` + `KLING_SECRET_KEY`, `KLINGAI_ACCESS_KEY` + `KLINGAI_SECRET_KEY`, `KLING_ACCESS_KEY_ID` + `KLING_SECRET_ACCESS_KEY`, `KLING_API_KEY`, `KLINGAI_API_KEY`; each also as `…_FILE`, the path of a mounted secret |
//! | 3 | `.env` | the same names, in the first `.env` from the working directory up to the repository's root |
//! | 4 | profile | `~/.config/kling/.credentials` (`KLING_STORAGE_ROOT`), section `KLING_PROFILE` or `default` |
//!
//! Paths are absolute, and a `.env` names no further files. Absent means go on. Half a pair, a
//! file that cannot be read, a broken line or a value that no key can be mean stop, and name the
//! place. What is found by name is told apart by its shape.
//!
//! The environment is asked through a function, since hosts have their own view of it (each Node
//! worker has a copy of `process.env`).

mod base_url;
mod dotenv;
pub(crate) mod file;
mod lines;
mod names;
mod profile;
mod resolved;
pub(crate) mod scope;
mod search;
mod source;

pub use crate::location::{Location, Position};
pub(crate) use base_url::base_url;
#[doc(inline)]
pub use kling_jwt_core::engine::Event;
pub use resolved::Resolved;
pub(crate) use search::reread;
pub use search::{
    Environment, Explicit, env_names, env_var, resolve, resolve_here, resolve_in_process,
};
pub use source::Source;
