//! The image that QEMU runs: a Cortex-M4F that checks every vector, prints through semihosting,
//! and ends with a status. On the host the same checks run as a program, which is faster (for
//! mutation tests).

#![cfg_attr(all(target_arch = "arm", target_os = "none"), no_std, no_main)]

#[cfg(all(target_arch = "arm", target_os = "none"))]
mod board;

#[cfg(not(all(target_arch = "arm", target_os = "none")))]
fn main() -> std::process::ExitCode {
    use kling_firmware::{
        checks,
        machine::{Call, Environment},
    };

    struct Host;

    impl Environment for Host {
        fn print(&mut self, line: std::fmt::Arguments<'_>) {
            println!("{line}");
        }

        fn call<T>(&mut self, _: Call, call: impl FnOnce() -> T) -> T {
            call()
        }
    }

    if checks::all(&mut Host) { 0.into() } else { 1.into() }
}
