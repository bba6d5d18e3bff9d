//! kling-auth and its peers in Rust, timed side by side; and many accounts in one process.
//!
//! `kling-peers time ROUNDS` prints a line of JSON for each contender, `kling-peers accounts …` the
//! cost of many accounts, and `kling-peers count NAME TIMES` repeats one call, so that callgrind can
//! count its instructions. `../run.py` runs them all.

#![forbid(unsafe_code)]

mod accounts;
mod case;
mod floor;
mod interleave;
mod line;
mod ours;
mod peers;

use std::{env, process::ExitCode};

const USAGE: &str = "usage: kling-peers time ROUNDS | count NAME TIMES |\n       \
    accounts memory KIND COUNT | accounts speed COUNT ROUNDS | accounts uptime COUNT RENEWALS";

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<usize>().expect("a number");
    match arguments[..] {
        ["time", rounds] => interleave::run(contenders(), number(rounds)),
        ["accounts", "memory", kind, count] => accounts::memory(kind, number(count)),
        ["accounts", "speed", count, rounds] => accounts::speed(number(count), number(rounds)),
        ["accounts", "uptime", count, times] => accounts::uptime(number(count), number(times)),
        ["count", name, times] => {
            let contender = contenders().into_iter().find(|contender| contender.is(name));
            contender.expect("the name of a contender").repeat(times.parse().expect("a number"));
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn contenders() -> Vec<interleave::Contender> {
    [floor::contenders(), ours::contenders(), peers::contenders()].into_iter().flatten().collect()
}
