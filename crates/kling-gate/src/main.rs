//! The gate as a program: `cargo install kling-gate`, then `kling-gate --help`.
//!
//! It has no state to save, so it keeps the default handling of SIGINT and SIGTERM.

#![forbid(unsafe_code)]

mod options;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use kling_gate::{Account, DEMO_WEBHOOK_SECRET, Gate};
use serde_json::{Value, json};

use crate::options::{HELP, Options};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // stderr may be closed; the exit status shows the failure anyway.
            let _ = writeln!(io::stderr(), "kling-gate: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let options = match Options::from_args()? {
        Options::Help => {
            io::stdout().write_all(HELP.as_bytes())?;
            return Ok(());
        }
        Options::Version => {
            writeln!(io::stdout(), "kling-gate {}", env!("CARGO_PKG_VERSION"))?;
            return Ok(());
        }
        Options::Serve(options) => options,
    };
    let gate = Gate::start(options.config)?;
    announce(&greeting(gate.url(), options.accounts_from_file))?;
    if options.until_stdin_closes {
        io::copy(&mut io::stdin().lock(), &mut io::sink())?;
    } else {
        gate.wait();
    }
    Ok(())
}

/// The URL, and the demo account if it is used. Accounts from a file are not printed,
/// since they may be real.
fn greeting(url: &str, accounts_from_file: bool) -> Value {
    if accounts_from_file {
        return json!({ "url": url, "webhook_secret": DEMO_WEBHOOK_SECRET });
    }
    let Account { access_key, secret_key, api_key } = Account::demo();
    json!({
        "url": url,
        "access_key": access_key,
        "secret_key": secret_key,
        "api_key": api_key,
        "webhook_secret": DEMO_WEBHOOK_SECRET,
    })
}

fn announce(greeting: &Value) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{greeting}")?;
    stdout.flush()
}
