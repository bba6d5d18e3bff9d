//! Signs for many accounts in one process, as a relay does. Copy `accounts.rs` into your program.
//!
//! ```text
//! cargo run --release --package kling-auth --example many_accounts -- 100000
//! ```

#[allow(unreachable_pub, reason = "a file to copy")]
mod accounts;

use std::{env, error::Error, time::Instant};

use accounts::Accounts;
use kling_auth::{Response, unix_now};

fn main() -> Result<(), Box<dyn Error>> {
    let count: usize = env::args().nth(1).as_deref().unwrap_or("1000").parse()?;
    let accounts = Accounts::with_capacity(count);
    for number in 0..count {
        let (access_key, secret_key) = (format!("AK{number:030}"), format!("SK{number:030}"));
        accounts.insert(&format!("customer-{number}"), &access_key, &secret_key)?;
    }

    let (start, now) = (Instant::now(), unix_now());
    for number in 0..count {
        accounts.authorization(&format!("customer-{number}"), now).ok_or("no such account")?;
    }
    println!("{} accounts: every token minted in {:?}", accounts.len(), start.elapsed());

    let authorization = accounts.authorization("customer-0", now).ok_or("no such account")?;
    println!("Authorization: {}…", &authorization[.."Bearer eyJhbGciOiJIUzI1NiI".len()]);

    // The account whose request was refused handles the response.
    let body = br#"{"code":1000,"message":"signature is invalid"}"#;
    let refusal = Response::new(401, body);
    let verdict = accounts.handle_response("customer-0", &refusal, now).ok_or("no such account")?;
    println!("{verdict}");

    // Replace a leaked key. Other accounts are not blocked.
    accounts.insert(
        "customer-0",
        "AKsuccessor0000000000000000000000",
        "SKsuccessor0000000000000000000000",
    )?;
    assert_ne!(accounts.authorization("customer-0", now), Some(authorization));
    assert!(accounts.remove("customer-0"));
    assert_eq!(accounts.authorization("customer-0", now), None);
    Ok(())
}
