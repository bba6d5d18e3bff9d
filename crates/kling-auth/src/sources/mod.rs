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

mod address;
#[cfg(feature = "cli")]
mod chosen;
mod dotenv;
mod file;
mod found;
mod lines;
mod names;
mod profile;
mod search;
mod source;

pub use crate::place::{At, Place};
pub(crate) use address::base_url;
#[cfg(feature = "cli")]
pub(crate) use chosen::{Chosen, find_chosen};
#[cfg(feature = "cli")]
pub(crate) use file::read_once;
pub use found::Found;
#[doc(inline)]
pub use kling_jwt_core::engine::Note;
pub(crate) use search::read_again;
pub use search::{
    Given, Machine, find, find_here, find_in_process, process_environment, variables,
};
pub use source::Source;
