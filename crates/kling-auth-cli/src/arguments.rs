//! Parses the arguments. Errors repeat only the names of options: anything else that was typed may be
//! a secret.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use kling_auth::CoreError;
use lexopt::Arg;

use crate::{
    commands::Command,
    error::CliError,
    options::{ArgValue, OPTIONS, OptionSpec},
    status::Status,
};

/// The default of `--timeout`, in seconds.
const TIMEOUT: f64 = 10.0;
/// The longest `--timeout`, in seconds.
const MAX_TIMEOUT: f64 = 600.0;

/// Parts of the names of options that somebody may try for a secret.
const SECRET_NAMES: [&str; 6] = ["secret", "key", "token", "password", "credential", "bearer"];

/// The parsed arguments.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) command: Option<Command>,
    /// The argument of the command.
    operand: Option<OsString>,
    options: Vec<(&'static str, Option<OsString>)>,
}

impl Arguments {
    pub(crate) fn parse(arguments: &[OsString]) -> Result<Self, CliError> {
        let mut parsed = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        // lexopt's errors quote what was typed.
        while let Some(argument) = parser.next().map_err(|_| unexpected())? {
            let long = match argument {
                Arg::Long(long) => long,
                Arg::Short('h') => "help",
                Arg::Short('V') => "version",
                Arg::Short(short) => return Err(unknown(&format!("-{short}"))),
                Arg::Value(value) => {
                    parsed.operand(value)?;
                    continue;
                }
            };
            let spec = OptionSpec::named(long).ok_or_else(|| unknown(&format!("--{long}")))?;
            let value = value(spec, &mut parser)?;
            parsed.options.push((spec.long, value));
        }
        parsed.consistent()
    }

    fn operand(&mut self, value: OsString) -> Result<(), CliError> {
        let Some(command) = self.command else {
            let is_help = value == "help";
            self.command = value.to_str().and_then(Command::named);
            if is_help {
                self.options.push(("help", None));
            } else if self.command.is_none() {
                return Err(unknown_command(&value.to_string_lossy()));
            }
            return Ok(());
        };
        if command.operand().is_none() || self.operand.is_some() {
            return Err(unexpected());
        }
        self.operand = Some(value);
        Ok(())
    }

    fn consistent(self) -> Result<Self, CliError> {
        if self.has("help") || self.has("version") {
            return Ok(self);
        }
        let Some(command) = self.command else { return Ok(self) };
        for (long, _) in &self.options {
            if OptionSpec::named(long).is_some_and(|spec| !spec.is_of(command)) {
                let message = format!("`{}` has no option --{long}", command.name());
                return Err(CliError::usage(message));
            }
        }
        for (one, other) in [("env-file", "profile"), ("base-url", "region"), ("format", "json")] {
            if self.has(one) && self.has(other) {
                let message = format!("use only one of --{one} and --{other}");
                return Err(CliError::usage(message));
            }
        }
        Ok(self)
    }

    pub(crate) fn has(&self, long: &str) -> bool {
        self.options.iter().any(|(name, _)| *name == long)
    }

    /// The value of an option. The last one counts.
    fn value(&self, long: &str) -> Option<&OsString> {
        self.options.iter().rev().find(|(name, _)| *name == long)?.1.as_ref()
    }

    pub(crate) fn text(&self, long: &str) -> Result<Option<&str>, CliError> {
        let Some(value) = self.value(long) else { return Ok(None) };
        let text = value.to_str();
        text.map(Some).ok_or_else(|| CliError::usage(format!("--{long} is not valid Unicode")))
    }

    /// A text that is required.
    pub(crate) fn required(&self, long: &str) -> Result<&str, CliError> {
        self.text(long)?.ok_or_else(|| CliError::usage(format!("--{long} is missing")))
    }

    pub(crate) fn path(&self, long: &str) -> Option<PathBuf> {
        self.value(long).map(PathBuf::from)
    }

    pub(crate) fn lifetime(&self) -> Result<Option<u64>, CliError> {
        let Some(text) = self.text("lifetime")? else { return Ok(None) };
        text.parse().map(Some).map_err(|_| CoreError::Lifetime.into())
    }

    pub(crate) fn timeout(&self) -> Result<Duration, CliError> {
        let seconds = self.text("timeout")?.map_or(Ok(TIMEOUT), str::parse);
        let seconds = seconds.ok().filter(|seconds| *seconds > 0.0 && *seconds <= MAX_TIMEOUT);
        seconds
            .map(Duration::from_secs_f64)
            .ok_or_else(|| CliError::usage("--timeout must be more than 0 and at most 600 seconds"))
    }

    /// The argument of the command, as text.
    pub(crate) fn operand_text(&self) -> Result<Option<&str>, CliError> {
        let Some(operand) = &self.operand else { return Ok(None) };
        operand
            .to_str()
            .map(Some)
            .ok_or_else(|| CliError::usage("an argument is not valid Unicode"))
    }
}

fn value(spec: &OptionSpec, parser: &mut lexopt::Parser) -> Result<Option<OsString>, CliError> {
    let name = spec.long;
    match spec.takes {
        ArgValue::Nothing if parser.optional_value().is_some() => {
            Err(CliError::usage(format!("--{name} takes no value")))
        }
        ArgValue::Nothing => Ok(None),
        ArgValue::Optionally(_) => Ok(parser.optional_value()),
        ArgValue::Value(_) | ArgValue::OneOf(_) => {
            let value = parser.value();
            let value = value.map_err(|_| CliError::usage(format!("--{name} needs a value")))?;
            match spec.takes {
                ArgValue::OneOf(known) if !known.iter().any(|known| value == *known) => {
                    Err(CliError::usage(format!("--{name} must be one of {}", known.join(", "))))
                }
                _ => Ok(Some(value)),
            }
        }
    }
}

fn unexpected() -> CliError {
    CliError::usage("unexpected argument")
}

/// What was typed is not repeated, because it may be a secret. A similar command is named instead.
fn unknown_command(typed: &str) -> CliError {
    let names = Command::ALL.map(Command::name);
    CliError::usage(match nearest(typed, names.into_iter()) {
        Some(name) => format!("unknown command (did you mean `{name}`?)"),
        None => format!("unknown command; the commands are {}", names.join(", ")),
    })
}

/// The name that was probably meant: at most two typing errors away, in at most half of its letters.
fn nearest<'a>(typed: &str, names: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.get(..typed.len().min(32)).unwrap_or_default();
    let name = names.min_by_key(|name| typing_errors(typed, name))?;
    Some(name).filter(|name| typing_errors(typed, name) <= 2.min(name.len() / 2))
}

/// How many letters were omitted, inserted, changed or exchanged with their neighbour.
fn typing_errors(typed: &str, meant: &str) -> usize {
    let (typed, meant) = (typed.as_bytes(), meant.as_bytes());
    let mut rows = vec![vec![0; meant.len() + 1]; typed.len() + 1];
    for i in 0..=typed.len() {
        for j in 0..=meant.len() {
            rows[i][j] = match (i, j) {
                (0, j) => j,
                (i, 0) => i,
                _ => {
                    let changed = usize::from(typed[i - 1] != meant[j - 1]);
                    let mut least = rows[i - 1][j - 1] + changed;
                    least = least.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
                    let is_exchanged = i > 1
                        && j > 1
                        && typed[i - 1] == meant[j - 2]
                        && typed[i - 2] == meant[j - 1];
                    if is_exchanged { least.min(rows[i - 2][j - 2] + 1) } else { least }
                }
            };
        }
    }
    rows[typed.len()][meant.len()]
}

/// An unknown option. If it looks like one for a secret, the message names the safe ways.
fn unknown(option: &str) -> CliError {
    let option = option.escape_debug().to_string();
    let is_secret = SECRET_NAMES.iter().any(|name| option.to_ascii_lowercase().contains(name))
        || ["--ak", "--sk"].contains(&option.as_str());
    if !is_secret {
        let names = OPTIONS.iter().map(|spec| spec.long);
        return CliError::usage(match nearest(option.trim_start_matches('-'), names) {
            Some(name) => format!("unknown option {option} (did you mean --{name}?)"),
            None => format!("unknown option {option}"),
        });
    }
    CliError::new(
        "ERR_SECRET_ARGUMENT",
        format!(
            "unknown option {option}: do not pass secrets as arguments, because every process can \
             read a command line and the shell's history keeps it. Set KLING_ACCESS_KEY and \
             KLING_SECRET_KEY (or KLING_API_KEY) in the environment, or use --env-file or \
             --profile. Pass a token through `inspect -`, and a webhook's secret in \
             KLING_WEBHOOK_SECRET or --secret-file. If you typed a secret, rotate it",
        ),
        Status::Usage,
    )
}
