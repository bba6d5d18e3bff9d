//! The commands, and what each is for. Arguments, help and completions read this table.

use crate::status::Status;

/// What the command line can do.
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

    /// What stands behind the name, besides options.
    pub(crate) const fn operand(self) -> Option<&'static str> {
        match self {
            Self::Inspect => Some("[TOKEN|-]"),
            Self::Completions => Some("bash|zsh|fish|powershell"),
            _ => None,
        }
    }

    /// What it is for, in a line.
    pub(crate) const fn about(self) -> &'static str {
        match self {
            Self::Token => "print a bearer token",
            Self::Header => "print the Authorization header, for curl",
            Self::Env => "print the token as an environment variable, for a shell",
            Self::Check => "ask Kling whether the credential is right and, if not, why",
            Self::Inspect => "tell what a token says, and what Kling would say to it",
            Self::Webhook => "verify that a callback comes from Kling",
            Self::Completions => "generate a shell completion script",
        }
    }

    /// What else there is to know.
    pub(crate) const fn details(self) -> &'static str {
        match self {
            Self::Token => {
                "A key pair makes a new token, valid for 30 minutes; an API key is the token \
                 itself.\nNothing is sent. On a terminal it is shown with --show alone: it would \
                 stay in the\nscrollback, and lets in whoever reads it."
            }
            Self::Header => {
                "The line is `Authorization: Bearer <token>`. On a terminal it is shown with --show\n\
                 alone."
            }
            Self::Env => {
                "It sets KLING_TOKEN, the bearer, and KLING_TOKEN_EXPIRES_AT, its end in Unix \
                 seconds\n(which an API key has not). A variable outlives its token: after 30 \
                 minutes, run it again.\nOn a terminal it is shown with --show alone."
            }
            Self::Check => {
                "It sends a GET that changes nothing and costs nothing; a second one where the \
                 clock is\noff. It goes through the proxy that HTTPS_PROXY, ALL_PROXY and NO_PROXY \
                 name."
            }
            Self::Inspect => {
                "With - the token comes from standard input, without an argument it is a new one \
                 of the\ncredential here. A command line can be read by every process: prefer -. \
                 The signature is\nchecked if the key pair here is the one that the token names. \
                 Nothing is sent."
            }
            Self::Webhook => {
                "The body comes from standard input, byte by byte as it arrived: parsed and \
                 written again\nit is another one. The secret stands in KLING_WEBHOOK_SECRET or in \
                 --secret-file; after a\nrotation there may be several, with white space between."
            }
            Self::Completions => "Put it where the shell looks for completions, or evaluate it.",
        }
    }

    /// How it may end, besides by a fault of its own.
    pub(crate) const fn statuses(self) -> &'static [Status] {
        use Status::{Credential, Invalid, Network, Ok, Refused, Usage};
        match self {
            Self::Token | Self::Header | Self::Env => &[Ok, Usage, Credential],
            Self::Check => &[Ok, Usage, Credential, Network, Refused],
            Self::Inspect | Self::Webhook => &[Ok, Usage, Credential, Invalid],
            Self::Completions => &[Ok, Usage],
        }
    }

    /// Command lines that can be copied.
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
