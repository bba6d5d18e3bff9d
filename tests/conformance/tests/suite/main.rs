//! The Rust crates against what nobody here wrote.

mod gate;
mod refusals;
mod renewal;
mod round_trip;
mod secrets;
mod sources;
mod vectors;
mod zeroize;
