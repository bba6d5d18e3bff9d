//! The command line of the gate.

use std::error::Error;
use std::fs;
use std::path::Path;

use kling_gate::{Accounts, Config};
use lexopt::prelude::*;

pub(crate) const HELP: &str = "\
kling-gate: a local stand-in for Kling's API, to test programs that use it

  --accounts FILE       JSON: {\"key_pairs\": [{\"access_key\": …, \"secret_key\": …}], \"api_keys\": […]}
                        (default: the demo account, printed at start); a key pair may have a
                        \"region\", and so may an API key written {\"api_key\": …, \"region\": …}
  --region NAME         act as the host of one region; accounts of others are unknown; the demo
                        account is of singapore (default: all accounts are known)
  --listen ADDRESS      a loopback address and port (default: 127.0.0.1:0, a free port)
  --skew SECONDS        run the clock ahead, or behind if negative
  --no-date             answer without a Date header
  --log                 write a line per request to stderr, without token and query
  --until-stdin-closes  end when stdin does
  --help
  --version

At start it prints one line of JSON: the URL, the demo account, and the secret of callbacks.

While it runs, a test controls it at the URL, with JSON. GET reads, PUT sets:
  /_gate/answers        answers to the next requests: a list of null (the gate decides) or objects
                        (see below); POST adds to the list, DELETE clears it
  /_gate/refuse         POST {\"code\": 1004, \"times\": 1}: the next requests are refused with a code
                        of Kling's
  /_gate/skew           by how many seconds the server's clock is ahead of the client's
  /_gate/time           by how many seconds a test has moved the time of both
  /_gate/date           whether answers have a Date, true or false
  /_gate/region         the region of this host, or null
  /_gate/slow           by how many seconds each answer is delayed, up to 30
  /_gate/tasks          how new tasks proceed: {\"seconds\": 600, \"looks\": 0, \"fails\": false}:
                        processing until the time has passed and they were queried so often
  /_gate/limits         {\"parallel\": 1, \"total\": null}: more unfinished tasks are refused with
                        1303, more tasks with 1102
  /_gate/accounts       PUT only: the accounts, as in the file
  /_gate/rotate         POST only: new keys; the earlier ones are refused from now on
  /_gate/log            the requests received, without token and query; DELETE clears it
  /_gate/callbacks      the callbacks that were sent, to a callback_url on this machine; POST
                        {\"task_id\": …} returns a signed one without sending it; DELETE clears it

An answer has any of these fields:
  status                number, 200 to 599 (default: that of the code)
  code, message, data   number, text, any JSON (default: 0, the code's message, null)
  body                  text in the place of Kling's JSON, and so of message and data
  headers               object of texts, each in the place of the gate's own
  date                  text of the Date header, or null for none
  pad                   number of spaces after the body, up to 4194304
  delay, stall          seconds before the head, and between head and body, up to 30
  cut                   true: the connection ends after half of the body

    curl -d '[{\"code\": 1303, \"delay\": 0.5}, null, {\"status\": 502, \"body\": \"\"}]' URL/_gate/answers
";

/// The parsed command line.
#[derive(Debug)]
pub(crate) enum Options {
    Help,
    Version,
    Serve(Serve),
}

#[derive(Debug, Default)]
pub(crate) struct Serve {
    pub(crate) config: Config,
    pub(crate) accounts_from_file: bool,
    pub(crate) until_stdin_closes: bool,
}

impl Options {
    pub(crate) fn from_args() -> Result<Self, Box<dyn Error>> {
        let mut options = Serve::default();
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
                Short('h') | Long("help") => return Ok(Self::Help),
                Short('V') | Long("version") => return Ok(Self::Version),
                _ => return Err(argument.unexpected().into()),
            }
        }
        Ok(Self::Serve(options))
    }
}

fn read_accounts(file: &Path) -> Result<Accounts, String> {
    let named = |error: &dyn Error| format!("{}: {error}", file.display());
    let json = fs::read_to_string(file).map_err(|error| named(&error))?;
    json.parse().map_err(|error| named(&error))
}
