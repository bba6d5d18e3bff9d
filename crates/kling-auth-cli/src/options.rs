//! The options, and whose each is. Arguments, help and completions read this table.

use crate::commands::Command::{self, Check, Env, Header, Inspect, Token, Webhook};

/// An option.
#[derive(Debug)]
pub(crate) struct OptionSpec {
    pub(crate) long: &'static str,
    pub(crate) short: Option<char>,
    pub(crate) takes: ArgValue,
    /// What it is for, in a line.
    pub(crate) about: &'static str,
    /// Whose it is; everybody's, where nobody is named.
    of: &'static [Command],
}

/// Whether a value stands behind an option.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ArgValue {
    Nothing,
    /// Behind a space or `=`.
    Value(&'static str),
    /// One of these.
    OneOf(&'static [&'static str]),
    /// Behind `=` alone.
    Optionally(&'static str),
}

/// Who needs a credential.
const CREDENTIAL: &[Command] = &[Token, Header, Env, Check, Inspect];
/// Who prints a token.
const PRINTS_TOKEN: &[Command] = &[Token, Header, Env];

pub(crate) const FORMATS: &[&str] = &["bash", "dotenv", "fish", "powershell"];

const REGIONS: &[&str] = &["singapore", "beijing"];

/// Every option, in the order of the help.
pub(crate) const OPTIONS: &[OptionSpec] = &[
    OptionSpec {
        long: "show",
        short: None,
        takes: ArgValue::Nothing,
        about: "show the token, even on a terminal",
        of: PRINTS_TOKEN,
    },
    OptionSpec {
        long: "format",
        short: None,
        takes: ArgValue::OneOf(FORMATS),
        about: "how the shell writes a variable (default: bash, which is sh and zsh too)",
        of: &[Env],
    },
    OptionSpec {
        long: "regions",
        short: None,
        takes: ArgValue::Optionally("URL"),
        about: "where the key is unknown, ask the host of the other region too, or this one: \
                that shows the credential to both",
        of: &[Check],
    },
    OptionSpec {
        long: "path",
        short: None,
        // No shell is to complete it by files.
        takes: ArgValue::Value("/PATH"),
        about: "ask this path below the base URL, such as /v1/models of a relay (default: Kling's \
                list of tasks)",
        of: &[Check],
    },
    OptionSpec {
        long: "timeout",
        short: None,
        takes: ArgValue::Value("SECONDS"),
        about: "how long a request may take (default: 10)",
        of: &[Check],
    },
    OptionSpec {
        long: "id",
        short: None,
        takes: ArgValue::Value("ID"),
        about: "the callback's header webhook-id",
        of: &[Webhook],
    },
    OptionSpec {
        long: "timestamp",
        short: None,
        takes: ArgValue::Value("SECONDS"),
        about: "the callback's header webhook-timestamp",
        of: &[Webhook],
    },
    OptionSpec {
        long: "signature",
        short: None,
        takes: ArgValue::Value("SIGNATURE"),
        about: "the callback's header webhook-signature",
        of: &[Webhook],
    },
    OptionSpec {
        long: "secret-file",
        short: None,
        takes: ArgValue::Value("PATH"),
        about: "the file with the webhook's secret, in place of KLING_WEBHOOK_SECRET",
        of: &[Webhook],
    },
    OptionSpec {
        long: "env-file",
        short: None,
        takes: ArgValue::Value("PATH"),
        about: "take the credential from this .env file, and from nowhere else",
        of: CREDENTIAL,
    },
    OptionSpec {
        long: "profile",
        short: None,
        takes: ArgValue::Value("NAME"),
        about: "take the credential from this section of ~/.config/kling/.credentials",
        of: CREDENTIAL,
    },
    OptionSpec {
        long: "base-url",
        short: None,
        takes: ArgValue::Value("URL"),
        about: "Kling's host (default: KLING_API_BASE, or https://api-singapore.klingai.com)",
        of: CREDENTIAL,
    },
    OptionSpec {
        long: "region",
        short: None,
        takes: ArgValue::OneOf(REGIONS),
        about: "the region in which the key was made, in place of --base-url (default: KLING_REGION)",
        of: CREDENTIAL,
    },
    OptionSpec {
        long: "lifetime",
        short: None,
        takes: ArgValue::Value("SECONDS"),
        about: "how long a new token is valid, 1 to 1800 (default: 1800)",
        of: CREDENTIAL,
    },
    OptionSpec {
        long: "json",
        short: None,
        takes: ArgValue::Nothing,
        about: "write JSON, errors and warnings as well",
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
        about: "show the version",
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

    /// Whether every command that there is has it.
    pub(crate) fn is_global(&self) -> bool {
        self.of.is_empty()
    }
}

pub(crate) fn of(command: Command) -> impl Iterator<Item = &'static OptionSpec> {
    OPTIONS.iter().filter(move |spec| spec.is_of(command))
}
