//! The image that QEMU runs: a Cortex-M4F that checks every vector, prints through semihosting,
//! and ends with a status.

#![cfg_attr(all(target_arch = "arm", target_os = "none"), no_std, no_main)]

#[cfg(all(target_arch = "arm", target_os = "none"))]
mod board;

/// Elsewhere there is no board: this is here for the tools that read all code on the host.
#[cfg(not(all(target_arch = "arm", target_os = "none")))]
fn main() {}
