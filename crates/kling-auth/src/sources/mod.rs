//! Finds credentials in these places, in this order.
//!
//! | | source | contains |
//! |---|---|---|
//! | 1 | arguments | a key pair, or an API key |
//! | 2 | environment | `KLING_ACCESS_KEY` + `KLING_SECRET_KEY`, `KLINGAI_ACCESS_KEY` + `KLINGAI_SECRET_KEY`, `KLING_ACCESS_KEY_ID` + `KLING_SECRET_ACCESS_KEY`, `KLING_API_KEY`, `KLINGAI_API_KEY`; each also as `…_FILE`, the path of a mounted secret |
//! | 3 | `.env` | the same names without `…_FILE`, in the first `.env` from the working directory up to the repository's root |
//! | 4 | profile of Kling's command line | `~/.config/kling/.credentials` (`KLING_STORAGE_ROOT` sets another directory), section `KLING_PROFILE` or `default` |
//!
//! A source without credentials is skipped. Half a key pair, a file that cannot be read, a broken
//! line or an invalid value is an error that names the place. Paths must be absolute. An API key's
//! variable may also hold a key pair (`access:secret`): its shape decides.
//!
//! Environment variables are read through a function, because hosts have their own: each Node
//! worker, for example, has a copy of `process.env`.

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
