//! The program `kling-auth`: the host that does the I/O for the library `kling_auth_cli`.

#![forbid(unsafe_code)]

use std::{
    env,
    io::{self, IsTerminal, Read, Write},
    process::ExitCode,
    thread,
    time::Duration,
};

use kling_auth::{check::send, sources::env_var, unix_now};
use kling_auth_cli::{Cli, Exit, Host, Reply, Step, Terminals};

/// The exit status if the output cannot be written.
const UNWRITTEN: u8 = 1;

fn main() -> ExitCode {
    let mut cli = Cli::new(host());
    let mut reply = Reply::Start;
    loop {
        reply = match cli.step(reply, unix_now()) {
            Step::Send { request, timeout, notice } => {
                // The notice is not needed, so an error does not matter.
                let _ = io::stderr().write_all(notice.as_bytes());
                thread::sleep(Duration::from_secs(request.wait));
                send(&request, timeout).map_or_else(Reply::Failed, Reply::Response)
            }
            Step::Read { limit } => Reply::Input(read(limit)),
            Step::Exit(exit) => return ExitCode::from(write(&exit)),
        }
    }
}

fn host() -> Host {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    Host::new(
        env::args_os().skip(1).collect(),
        Box::new(env_var),
        env::current_dir().unwrap_or_default(),
        Terminals::new(stdin.is_terminal(), stdout.is_terminal(), stderr.is_terminal()),
    )
}

/// An error ends the input: a token or a body that is cut off is not valid.
fn read(limit: usize) -> Vec<u8> {
    let mut input = Vec::new();
    let _ = io::stdin().take(limit as u64).read_to_end(&mut input);
    input
}

fn write(exit: &Exit) -> u8 {
    // If standard error is closed, only the exit status is left.
    let _ = io::stderr().write_all(exit.stderr.as_bytes());
    let mut stdout = io::stdout();
    match stdout.write_all(exit.stdout.as_bytes()).and_then(|()| stdout.flush()) {
        Ok(()) => exit.status,
        Err(_) => UNWRITTEN,
    }
}
