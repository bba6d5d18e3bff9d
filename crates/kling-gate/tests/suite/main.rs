//! The gate's own tests: one binary, one file per subject.
//!
//! Tokens are made with the `jsonwebtoken` crate, or by PyJWT and stored. Codes and messages
//! are repeated here, so that an error in the gate's table is found.

mod accounts;
mod answer;
mod binary;
mod callbacks;
mod clock;
mod connection;
mod control;
mod delivery;
mod endpoints;
mod handle;
mod harness;
mod limits;
mod log;
mod new_paths;
mod odd_input;
mod receiver;
mod refusals;
mod regions;
mod reports;
mod run_time;
mod script;
mod task_life;
mod task_lists;
mod tasks;
mod verify;
