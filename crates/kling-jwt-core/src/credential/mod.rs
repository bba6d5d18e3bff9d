//! How credentials are found and checked: the names they have, which of several is used, what is
//! removed from around a value, what is refused.

pub mod env_names;
pub(crate) mod keys;

pub(crate) mod sanitize;
pub(crate) mod search;
pub(crate) mod unvalidated;
pub(crate) mod warning;
