//! What the command line and its host tell each other.

use std::{ffi::OsString, fmt, path::PathBuf, time::Duration};

use kling_auth::check::{CheckResponse, Failure, Request};

/// The value of an environment variable.
pub type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The machine and the process, as far as the command line sees them.
///
/// The default is an empty command line in an empty environment, with no terminal.
pub struct Host {
    /// The arguments, without the program's name.
    pub arguments: Vec<OsString>,
    /// The value of an environment variable.
    pub environment: Environment,
    /// Where the search for `.env` starts, and relative paths lead from.
    pub working_directory: PathBuf,
    /// What is a terminal.
    pub terminals: Terminals,
    /// How wide the terminal is, if the host knows. Else `COLUMNS` counts, else 80.
    pub columns: Option<usize>,
}

/// Which of the standard streams are terminals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminals {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
}

impl Default for Host {
    fn default() -> Self {
        Self {
            arguments: Vec::new(),
            environment: Box::new(|_| None),
            working_directory: PathBuf::new(),
            terminals: Terminals::default(),
            columns: None,
        }
    }
}

/// Neither the arguments nor the environment, where secrets may be.
impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("working_directory", &self.working_directory)
            .field("terminals", &self.terminals)
            .finish_non_exhaustive()
    }
}

/// One thing for the host to do.
#[derive(Debug)]
pub enum Step {
    /// Wait as long as the request says, and send it; [`Reply::Response`] or [`Reply::Failed`].
    Send {
        /// What to send.
        request: Request,
        /// How long it may take, from the name's resolution to the end of the body.
        timeout: Duration,
        /// For standard error, to be written before: a line for a person who waits, or nothing.
        notice: String,
    },
    /// Read standard input to its end, but no more bytes than this; [`Reply::Input`].
    Read {
        /// One more than what is taken, which tells that there is too much.
        limit: usize,
    },
    /// Write, and end. It is the last step.
    Exit(Exit),
}

/// What the host did.
pub enum Reply {
    /// Nothing yet: the first step is asked for.
    Start,
    /// It sent the request, and this came back.
    Response(CheckResponse),
    /// It could not send the request, or no whole answer came.
    Failed(Failure),
    /// It read this from standard input.
    Input(Vec<u8>),
}

/// How the program ends.
#[derive(Clone, PartialEq, Eq)]
pub struct Exit {
    /// The exit status; the [module](crate) lists them.
    pub status: u8,
    /// For standard output. It may hold a token.
    pub stdout: String,
    /// For standard error.
    pub stderr: String,
}

/// Without standard output, where a token may be.
impl fmt::Debug for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exit")
            .field("status", &self.status)
            .field("stderr", &self.stderr)
            .finish_non_exhaustive()
    }
}

/// Standard input by its length alone: it may be a token.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Response(answer) => f.debug_tuple("Response").field(answer).finish(),
            Self::Failed(failure) => f.debug_tuple("Failed").field(failure).finish(),
            Self::Input(input) => write!(f, "Input({} bytes)", input.len()),
        }
    }
}
