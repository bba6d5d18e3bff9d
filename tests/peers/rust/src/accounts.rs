//! The cost of many accounts in one process: memory, time on one core and on two, and uptime.
//!
//! Memory is the kernel's figure for the process, before and after, so it includes what allocators
//! add. Each kind is measured in a process of its own, since freed memory is not returned.

// Measures the documented pattern itself.
#[path = "../../../../crates/kling-auth/examples/many_accounts/accounts.rs"]
#[expect(dead_code, reason = "an example shows more than is measured")]
mod pattern;

use std::{fs, hint::black_box, thread, time::Instant};

use kling_auth::{Credentials, KeyPair, KlingAuth, Signer, TokenProvider, Validity};
use pattern::Accounts;

use crate::{case::NOW, line::Line};

/// After this many seconds every token is due for renewal.
const LATER: u64 = 1800;
const CORES: [usize; 2] = [1, 2];

/// Prints how many bytes an account of a kind takes.
pub(crate) fn memory(kind: &str, count: usize) {
    match kind {
        "Signer" => hold(kind, count, |[access_key, secret_key]| {
            let pair = KeyPair::new(access_key, secret_key).expect("a key pair");
            Signer::new(&pair, Validity::default())
        }),
        "TokenProvider" => hold(kind, count, |[access_key, secret_key]| {
            let pair = Credentials::key_pair(access_key, secret_key).expect("a key pair");
            let mut provider = TokenProvider::new(&pair);
            provider.token(NOW);
            provider
        }),
        "KlingAuth" => hold(kind, count, |[access_key, secret_key]| {
            let auth = KlingAuth::new(access_key, secret_key).expect("a key pair");
            auth.token_at(NOW);
            auth
        }),
        "KlingAuth, read again" => hold(kind, count, |[access_key, secret_key]| {
            let auth = KlingAuth::new(access_key, secret_key).expect("a key pair");
            for _ in 0..3 {
                auth.token_at(NOW);
            }
            auth
        }),
        "Accounts" => {
            let ids = ids(count);
            let before = resident();
            let accounts = filled(count);
            renew(&accounts, &ids, NOW, 1);
            print_memory(kind, count, resident() - before);
        }
        _ => panic!("kinds: Signer, TokenProvider, KlingAuth; KlingAuth, read again; Accounts"),
    }
}

/// Prints the time per token to renew all accounts, on one core and on two, in turn.
pub(crate) fn speed(count: usize, rounds: usize) {
    let (ids, accounts) = (ids(count), filled(count));
    let mut samples = CORES.map(|_| Vec::new());
    let mut now = NOW;
    renew(&accounts, &ids, now, 1);
    for _ in 0..rounds {
        for (threads, sample) in CORES.iter().zip(&mut samples) {
            now += LATER;
            let start = Instant::now();
            renew(&accounts, &ids, now, *threads);
            sample.push(start.elapsed().as_secs_f64() * 1e9 / float(count));
        }
    }
    for (what, sample) in ["renewal_on_1", "renewal_on_2"].into_iter().zip(samples) {
        let how = "many_accounts: Accounts::authorization, each due";
        Line::of([what, &count.to_string(), how, "ns"], sample).print();
    }
}

/// Prints by how much memory grows per account, while each account is renewed many times.
pub(crate) fn uptime(count: usize, renewals: usize) {
    let (ids, accounts) = (ids(count), filled(count));
    let mut now = NOW;
    let mut renew = |times| {
        for _ in 0..times {
            now += LATER;
            renew(&accounts, &ids, now, 1);
        }
    };
    // The first renewals do not count, since they fill the allocator's free lists.
    renew(renewals);
    let before = resident();
    renew(renewals);
    let grown = resident().saturating_sub(before);
    let how = format!("{renewals} renewals of each of so many accounts");
    let sample = vec![float(grown) / float(count)];
    Line::of(["growth", &count.to_string(), &how, "bytes"], sample).print();
}

/// Requests the token of each account, on several threads.
fn renew(accounts: &Accounts, ids: &[String], now: u64, threads: usize) {
    thread::scope(|scope| {
        for part in ids.chunks(ids.len().div_ceil(threads)) {
            scope.spawn(move || {
                for id in part {
                    black_box(accounts.authorization(id, now));
                }
            });
        }
    });
}

fn hold<A>(kind: &str, count: usize, make: impl Fn([&str; 2]) -> A) {
    let before = resident();
    let mut accounts = Vec::with_capacity(count);
    for number in 0..count {
        let [_, access_key, secret_key] = names(number);
        accounts.push(make([&access_key, &secret_key]));
    }
    black_box(&accounts);
    print_memory(kind, count, resident() - before);
}

fn print_memory(kind: &str, count: usize, bytes: usize) {
    let sample = vec![float(bytes) / float(count)];
    let what = format!("memory_of_{count}");
    Line::of([&what, kind, "resident memory an account, with a token", "bytes"], sample).print();
}

fn filled(count: usize) -> Accounts {
    let accounts = Accounts::with_capacity(count);
    for number in 0..count {
        let [id, access_key, secret_key] = names(number);
        accounts.insert(&id, &access_key, &secret_key).expect("a key pair");
    }
    accounts
}

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| names(number)[0].clone()).collect()
}

/// An id and a key pair of Kling's usual length.
fn names(number: usize) -> [String; 3] {
    [format!("customer-{number}"), format!("AK{number:030}"), format!("SK{number:030}")]
}

/// The memory of the process in bytes; `/proc/self/status` is not exact.
fn resident() -> usize {
    let rollup = fs::read_to_string("/proc/self/smaps_rollup").expect("Linux");
    let line = rollup.lines().find_map(|line| line.strip_prefix("Rss:")).expect("a line");
    let kibibytes: usize = line.trim().trim_end_matches(" kB").parse().expect("a number");
    kibibytes * 1024
}

#[expect(clippy::cast_precision_loss, reason = "a count far below 2^53")]
fn float(count: usize) -> f64 {
    count as f64
}
