//! The engine's host: an isolate of JavaScript, which has one thread.

use core::fmt::Debug;

use kling_jwt_core::engine::{Host, LocalCell, LocalWord};

use crate::credentials::Source;

/// An isolate of JavaScript, as host of the engine.
#[derive(Debug)]
pub(crate) struct Isolate;

impl Host for Isolate {
    type CredentialSource = Source;
    type Word = LocalWord;
    type Cell<T: Debug> = LocalCell<T>;

    /// JavaScript takes the events after each call, and decides which ones it emits.
    const KEEPS_ALL_EVENTS: bool = true;
}
