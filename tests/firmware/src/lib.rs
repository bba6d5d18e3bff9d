//! The core on a machine with nothing but itself: every vector, on any target.
//!
//! `main.rs` is the one machine that runs it; what is here knows of none.

#![no_std]

pub mod checks;
pub mod machine;
pub mod vectors;
