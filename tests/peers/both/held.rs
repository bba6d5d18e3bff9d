//! The cost of a reused manager: time on one thread and on two that share it, and memory.
//!
//! `held threads ROUNDS` and `held memory KIND COUNT` print names with numbers. Both versions have
//! the functions that are called here, possibly with other return types.

#![forbid(unsafe_code)]

use std::{env, fs, hint::black_box, sync::Barrier, thread, time::Instant};

use kling_auth::{Credentials, KlingAuth, TokenProvider};

/// 2033.
const NOW: u64 = 2_000_000_000;
/// A tenth of a second, since a scheduler takes milliseconds to move the second thread to another core.
const TOKENS: u32 = 3_000_000;

fn main() {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse().expect("a number");
    match arguments[..] {
        ["threads", rounds] => threads(number(rounds)),
        ["memory", kind, count] => println!("{kind} {}", memory(kind, number(count))),
        _ => panic!("held threads ROUNDS | memory KIND COUNT"),
    }
}

/// Nanoseconds per token over all threads: medians of batches in turn.
fn threads(rounds: u32) {
    let auth = KlingAuth::new(&key('A', 1), &key('S', 1)).expect("a key pair");
    let mut samples = [1, 2].map(|count| (count, Vec::new()));
    for _ in 0..rounds {
        for (count, sample) in &mut samples {
            sample.push(batch(&auth, *count));
        }
    }
    for (count, mut sample) in samples {
        sample.sort_by(f64::total_cmp);
        println!("{count} {}", sample[sample.len() / 2]);
    }
}

/// The time from the start of the first thread to the end of the last, so that threads that run one
/// after the other gain nothing.
fn batch(auth: &KlingAuth, count: u32) -> f64 {
    let barrier = Barrier::new(count as usize);
    let one = || {
        barrier.wait();
        let begun = Instant::now();
        for _ in 0..TOKENS {
            black_box(auth.token_at(black_box(NOW)));
        }
        (begun, Instant::now())
    };
    let times: Vec<_> = thread::scope(|scope| {
        let threads: Vec<_> = (0..count).map(|_| scope.spawn(one)).collect();
        threads.into_iter().map(|thread| thread.join().expect("no panic")).collect()
    });
    let begun = times.iter().map(|time| time.0).min().expect("a thread");
    let ended = times.iter().map(|time| time.1).max().expect("a thread");
    (ended - begun).as_secs_f64() * 1e9 / f64::from(TOKENS * count)
}

/// Bytes of resident memory per account, with a token.
fn memory(kind: &str, count: u32) -> f64 {
    match kind {
        "KlingAuth" => held(count, |access_key, secret_key| {
            let auth = KlingAuth::new(access_key, secret_key).expect("a key pair");
            black_box(auth.token_at(NOW));
            auth
        }),
        "TokenProvider" => held(count, |access_key, secret_key| {
            let pair = Credentials::key_pair(access_key, secret_key).expect("a key pair");
            #[allow(unused_mut, reason = "one version keeps its token in the provider itself")]
            let mut provider = TokenProvider::new(&pair);
            let _ = black_box(provider.token(NOW));
            provider
        }),
        _ => panic!("kinds: KlingAuth, TokenProvider"),
    }
}

fn held<A>(count: u32, make: impl Fn(&str, &str) -> A) -> f64 {
    let before = resident();
    let mut accounts = Vec::with_capacity(count as usize);
    for number in 0..count {
        accounts.push(make(&key('A', number), &key('S', number)));
    }
    black_box(&accounts);
    f64::from(resident() - before) * 1024.0 / f64::from(count)
}

/// A key of Kling's usual length.
fn key(kind: char, number: u32) -> String {
    format!("{kind}K{number:030}")
}

/// The memory of the process in KiB; `/proc/self/status` is not exact.
fn resident() -> u32 {
    let rollup = fs::read_to_string("/proc/self/smaps_rollup").expect("Linux");
    let line = rollup.lines().find_map(|line| line.strip_prefix("Rss:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}
