//! Where the bearer may go: the origin of a URL, and the base URL that a user gives.

pub(crate) mod base_url;
pub(crate) mod ip;
pub(crate) mod origin;
