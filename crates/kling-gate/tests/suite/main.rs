//! The gate's own tests: one binary, one file per subject.
//!
//! Tokens are made with the `jsonwebtoken` crate, or by PyJWT and stored. Codes and messages
//! are repeated here, so that an error in the gate's table is found.

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
