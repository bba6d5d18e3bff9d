//! The command line of the gate.

use std::error::Error;
use std::fs;
use std::path::Path;

use kling_gate::{Accounts, Config};
use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
kling-gate: a local stand-in for Kling's API

  --accounts FILE       JSON: {\"key_pairs\": [{\"access_key\": …, \"secret_key\": …}], \"api_keys\": […]}
                        (default: the demo account, printed at start); a key pair may have a
                        \"region\", and so may an API key written {\"api_key\": …, \"region\": …}
  --region NAME         act as the host of one region; accounts of others are unknown
                        (default: all accounts are known)
  --listen ADDRESS      a loopback address and port (default: 127.0.0.1:0, a free port)
  --skew SECONDS        run the clock ahead, or behind if negative
  --no-date             answer without a Date header
  --log                 write a line per request to stderr, without token and query
  --until-stdin-closes  end when stdin does
  --help

At start it prints one line of JSON with the URL and the demo account.

While it runs, at the URL:
  /_gate/answers        answers to the next requests: GET, DELETE, PUT with a JSON list of
                        null (the gate decides) or objects with any of status, code, message,
                        data, body, headers, date, pad, delay, stall, cut
  /_gate/skew           by how many seconds the clock is ahead: GET, PUT
  /_gate/date           whether answers have a Date, true or false: GET, PUT
  /_gate/log            the requests received, without token and query: GET, DELETE
";

/// The parsed command line.
#[derive(Debug, Default)]
pub(crate) struct Options {
    pub(crate) config: Config,
    pub(crate) accounts_from_file: bool,
    pub(crate) until_stdin_closes: bool,
    pub(crate) help: bool,
}

impl Options {
    pub(crate) fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_env();
        while let Some(argument) = parser.next()? {
            match argument {
                Long("accounts") => {
                    options.config.accounts = read_accounts(Path::new(&parser.value()?))?;
                    options.accounts_from_file = true;
                }
                Long("listen") => options.config.address = parser.value()?.parse()?,
                Long("region") => options.config.region = Some(parser.value()?.string()?),
                Long("skew") => options.config.skew = parser.value()?.parse()?,
                Long("no-date") => options.config.date = false,
                Long("log") => options.config.log = true,
                Long("until-stdin-closes") => options.until_stdin_closes = true,
                Short('h') | Long("help") => options.help = true,
                _ => return Err(argument.unexpected().into()),
            }
        }
        Ok(options)
    }
}

fn read_accounts(file: &Path) -> Result<Accounts, String> {
    let named = |error: &dyn Error| format!("{}: {error}", file.display());
    let json = fs::read_to_string(file).map_err(|error| named(&error))?;
    json.parse().map_err(|error| named(&error))
}
