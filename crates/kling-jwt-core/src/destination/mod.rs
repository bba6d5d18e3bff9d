//! Where the bearer may be sent: the origin of a URL, and the base URL.

pub(crate) mod base_url;
pub(crate) mod ip;
pub(crate) mod origin;
