//! From what a place holds to a credential: the names it goes by, the choice among several, what is
//! taken off a value, what is refused.

pub mod env_names;
pub(crate) mod keys;

pub(crate) mod sanitize;
pub(crate) mod search;
pub(crate) mod unvalidated;
pub(crate) mod warning;
