//! The gate's own tests: one binary, a file a subject.
//!
//! Tokens are made with the `jsonwebtoken` crate, or by PyJWT and stored. Codes and messages
//! are written out here once more, so that a slip in the gate's table shows.

mod accounts;
mod answer;
mod binary;
mod clock;
mod connection;
mod control;
mod delivery;
mod endpoints;
mod harness;
mod new_paths;
mod regions;
mod script;
mod tasks;
mod verify;
