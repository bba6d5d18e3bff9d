//! The commands. The parser, the help and the completions read this table.

use crate::status::Status;

/// A command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Token,
    Header,
    Env,
    Check,
    Inspect,
    Webhook,
    Completions,
}

impl Command {
    pub(crate) const ALL: [Self; 7] = [
        Self::Token,
        Self::Header,
        Self::Env,
        Self::Check,
        Self::Inspect,
        Self::Webhook,
        Self::Completions,
    ];

    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.name() == name)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Header => "header",
            Self::Env => "env",
            Self::Check => "check",
            Self::Inspect => "inspect",
            Self::Webhook => "webhook",
            Self::Completions => "completions",
        }
    }

    /// Its argument, besides options.
    pub(crate) const fn operand(self) -> Option<&'static str> {
        match self {
            Self::Inspect => Some("[TOKEN|-]"),
            Self::Completions => Some("bash|zsh|fish|powershell"),
            _ => None,
        }
    }

    /// Its purpose, in a line.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Token => "print a bearer token",
            Self::Header => "print the Authorization header, for curl",
            Self::Env => "print the token as environment variables, for a shell",
            Self::Check => "check the credentials with Kling, and explain a refusal",
            Self::Inspect => "show a token's header and claims, and whether Kling would accept it",
            Self::Webhook => "verify that a callback comes from Kling",
            Self::Completions => "print a completion script for a shell",
        }
    }

    /// What else a user should know.
    pub(crate) const fn details(self) -> &'static str {
        match self {
            Self::Token => {
                "A key pair signs a new token, which is valid for 30 minutes. An API key is printed \
                 as it is. Nothing is sent. On a terminal, the token is shown only with --show: it \
                 would stay in the scrollback, where others may read it."
            }
            Self::Header => {
                "The line is `Authorization: Bearer <token>`. On a terminal, it is shown only with \
                 --show."
            }
            Self::Env => {
                "Sets KLING_TOKEN to the bearer, and KLING_TOKEN_EXPIRES_AT to the Unix time at \
                 which it expires. An API key does not expire, so it sets only KLING_TOKEN. The \
                 variables are not renewed: run the command again within 30 minutes. On a terminal, \
                 they are shown only with --show."
            }
            Self::Check => {
                "Sends one GET request, which changes nothing and costs nothing. If this machine's \
                 clock is wrong, a second request uses Kling's time. The request goes through the \
                 proxy that HTTPS_PROXY, ALL_PROXY and NO_PROXY define."
            }
            Self::Inspect => {
                "The argument is a token, or - to read it from standard input. Without an argument, \
                 the token is a new one from your credentials. Prefer -, because every process on \
                 the machine can read a command line. The signature is checked if the token's \
                 access key is yours. Nothing is sent."
            }
            Self::Webhook => {
                "Reads the body from standard input. It must be the raw bytes that arrived: a body \
                 that was parsed and written again does not match the signature. The secret is in \
                 KLING_WEBHOOK_SECRET or --secret-file. During a rotation there may be several, \
                 separated by white space."
            }
            Self::Completions => {
                "Load the script in your shell, or write it where the shell looks for completions."
            }
        }
    }

    /// Its exit statuses, besides that of an internal error.
    pub(crate) const fn statuses(self) -> &'static [Status] {
        use Status::{Credential, Invalid, Network, Ok, Refused, Usage};
        match self {
            Self::Token | Self::Header | Self::Env => &[Ok, Usage, Credential],
            Self::Check => &[Ok, Usage, Credential, Network, Refused],
            Self::Inspect | Self::Webhook => &[Ok, Usage, Credential, Invalid],
            Self::Completions => &[Ok, Usage],
        }
    }

    /// Command lines to copy.
    pub(crate) const fn examples(self) -> &'static [&'static str] {
        match self {
            Self::Token => &[
                "token=$(kling-auth token) || exit",
                "kling-auth token --profile work --lifetime 60 --json",
            ],
            Self::Header => &[
                "kling-auth header | curl -H @- https://api-singapore.klingai.com/v1/videos/text2video",
            ],
            Self::Env => &[
                "eval \"$(kling-auth env)\"",
                "kling-auth env --format fish | source",
                "kling-auth env --format powershell | Out-String | Invoke-Expression",
                "docker run --env-file <(kling-auth env --format dotenv) IMAGE",
            ],
            Self::Check => &[
                "kling-auth check",
                "kling-auth check --regions",
                "kling-auth check --env-file .env.production --json",
            ],
            Self::Inspect => &["kling-auth inspect", "kling-auth inspect - < token.txt"],
            Self::Webhook => &[
                "kling-auth webhook --id msg_1 --timestamp 1800000000 --signature 'v1,…' < body.json",
            ],
            Self::Completions => &[
                "source <(kling-auth completions bash)",
                "kling-auth completions zsh > ~/.zfunc/_kling-auth",
                "kling-auth completions fish > ~/.config/fish/completions/kling-auth.fish",
                "kling-auth completions powershell | Out-String | Invoke-Expression",
            ],
        }
    }
}
