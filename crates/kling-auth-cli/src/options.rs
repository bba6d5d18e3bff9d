//! The options, and the commands that have them. The parser, the help and the completions read this
//! table.

use crate::commands::Command::{self, Check, Env, Header, Inspect, Token, Webhook};

/// An option.
#[derive(Debug)]
pub(crate) struct OptionSpec {
    pub(crate) long: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) takes: ArgValue,
    /// Its purpose, in a line.
    pub(crate) about: &'static str,
    /// The commands that have it; all, if none is named.
    of: &'static [Command],
}

/// The value of an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArgValue {
    Nothing,
    /// After a space or `=`.
    Value(&'static str),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Only after `=`.
    Optionally(&'static str),
}

/// The commands that need credentials.
const CREDENTIALS: &[Command] = &[Token, Header, Env, Check, Inspect];
/// The commands that print a token.
const PRINTS_TOKEN: &[Command] = &[Token, Header, Env];

pub(crate) const FORMATS: &[&str] = &["bash", "dotenv", "fish", "powershell"];

const REGIONS: &[&str] = &["singapore", "beijing"];

/// All options, in the order of the help.
pub(crate) const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        long: "show",
        short: None,
        takes: ArgValue::Nothing,
        about: "show the token even on a terminal",
        of: PRINTS_TOKEN,
    },
    OptionSpec {
        long: "format",
        short: None,
        takes: ArgValue::OneOf(FORMATS),
        about: "syntax of the variables (default: bash, which sh and zsh share)",
        of: &[Env],
    },
    OptionSpec {
        long: "regions",
        short: None,
        takes: ArgValue::Optionally("URL"),
        about: "if the key is unknown, also ask the host of the other region, or this URL: both \
                hosts then see the credentials",
        of: &[Check],
    },
    OptionSpec {
        long: "path",
        short: None,
        // Not `PATH`, which shells complete with files.
        takes: ArgValue::Value("/PATH"),
        about: "request this path below the base URL, such as /v1/models of a relay (default: \
                Kling's list of tasks)",
        of: &[Check],
    },
    OptionSpec {
        long: "timeout",
        short: None,
        takes: ArgValue::Value("SECONDS"),
        about: "time limit of a request (default: 10)",
        of: &[Check],
    },
    OptionSpec {
        long: "id",
        short: None,
        takes: ArgValue::Value("ID"),
        about: "value of the header webhook-id",
        of: &[Webhook],
    },
    OptionSpec {
        long: "timestamp",
        short: None,
        takes: ArgValue::Value("SECONDS"),
        about: "value of the header webhook-timestamp",
        of: &[Webhook],
    },
    OptionSpec {
        long: "signature",
        short: None,
        takes: ArgValue::Value("SIGNATURE"),
        about: "value of the header webhook-signature",
        of: &[Webhook],
    },
    OptionSpec {
        long: "secret-file",
        short: None,
        takes: ArgValue::Value("PATH"),
        about: "read the webhook's secret from this file, not from KLING_WEBHOOK_SECRET",
        of: &[Webhook],
    },
    OptionSpec {
        long: "env-file",
        short: None,
        takes: ArgValue::Value("PATH"),
        about: "use the credentials of this .env file, and no others",
        of: CREDENTIALS,
    },
    OptionSpec {
        long: "profile",
        short: None,
        takes: ArgValue::Value("NAME"),
        about: "use the credentials of this section of ~/.config/kling/.credentials",
        of: CREDENTIALS,
    },
    OptionSpec {
        long: "base-url",
        short: None,
        takes: ArgValue::Value("URL"),
        about: "send requests to this URL (default: KLING_API_BASE, or \
                https://api-singapore.klingai.com)",
        of: CREDENTIALS,
    },
    OptionSpec {
        long: "region",
        short: None,
        takes: ArgValue::OneOf(REGIONS),
        about: "region of the key, instead of --base-url (default: KLING_REGION)",
        of: CREDENTIALS,
    },
    OptionSpec {
        long: "lifetime",
        short: None,
        takes: ArgValue::Value("SECONDS"),
        about: "validity of a new token, 1 to 1800 (default: 1800)",
        of: CREDENTIALS,
    },
    OptionSpec {
        long: "json",
        short: None,
        takes: ArgValue::Nothing,
        about: "print JSON, also for errors and warnings",
        of: &[],
    },
    OptionSpec {
        long: "help",
        short: Some('h'),
        takes: ArgValue::Nothing,
        about: "print help",
        of: &[],
    },
    OptionSpec {
        long: "version",
        short: Some('V'),
        takes: ArgValue::Nothing,
        about: "print the version",
        of: &[],
    },
];

impl OptionSpec {
    pub(crate) fn named(long: &str) -> Option<&'static Self> {
        OPTIONS.iter().find(|spec| spec.long == long)
    }

    pub(crate) fn is_of(&self, command: Command) -> bool {
        self.of.is_empty() || self.of.contains(&command)
    }

    /// Whether all commands have it.
    pub(crate) fn is_global(&self) -> bool {
        self.of.is_empty()
    }
}

pub(crate) fn of(command: Command) -> impl Iterator<Item = &'static OptionSpec> {
    OPTIONS.iter().filter(move |spec| spec.is_of(command))
}
