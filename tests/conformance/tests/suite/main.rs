//! The Rust crates against what nobody here wrote.

mod adapters;
mod adapters_exchange;
mod adapters_storm;
mod any_input;
mod check;
mod cli;
mod clock;
mod clock_walks;
mod dates;
mod foreign;
mod gate;
mod inspect;
mod observe;
mod origins;
mod property;
mod refusals;
mod renewal;
mod round_trip;
mod scenarios;
mod secrets;
mod sources;
mod vectors;
mod verdicts;
mod webhook;
mod webhook_axum;
mod zeroize;
