//! What passes between the command line and its host.

use std::{ffi::OsString, fmt, path::PathBuf, time::Duration};

use kling_auth::check::{CheckRequest, CheckResponse, Failure};

/// The value of an environment variable.
pub type Environment = Box<dyn Fn(&str) -> Option<String> + Send + Sync>;

/// The machine and the process, as the command line sees them.
///
/// The default is an empty command line in an empty environment, with no terminal.
#[non_exhaustive]
pub struct Host {
    /// The arguments, without the program's name.
    pub arguments: Vec<OsString>,
    /// The value of an environment variable.
    pub environment: Environment,
    /// Where the search for `.env` and relative paths start.
    pub working_directory: PathBuf,
    /// Which standard streams are terminals.
    pub terminals: Terminals,
    /// The width of the terminal, if the host knows it. The default is `COLUMNS`, or 80.
    pub columns: Option<usize>,
}

/// Which of the standard streams are terminals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Terminals {
    /// Standard input.
    pub stdin: bool,
    /// Standard output.
    pub stdout: bool,
    /// Standard error.
    pub stderr: bool,
}

impl Terminals {
    /// Says for each of the three streams whether it is a terminal.
    pub const fn new(stdin: bool, stdout: bool, stderr: bool) -> Self {
        Self { stdin, stdout, stderr }
    }
}

impl Host {
    /// A host of these arguments (without the program's name), variables, directory and streams.
    pub fn new(
        arguments: Vec<OsString>,
        environment: Environment,
        working_directory: PathBuf,
        terminals: Terminals,
    ) -> Self {
        Self { arguments, environment, working_directory, terminals, columns: None }
    }
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

/// Without the arguments and the environment, which may contain secrets.
impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Host")
            .field("working_directory", &self.working_directory)
            .field("terminals", &self.terminals)
            .finish_non_exhaustive()
    }
}

/// What the host has to do next.
#[derive(Debug)]
pub enum Step {
    /// Wait as long as the request says, and send it. Reply with [`Reply::Response`] or
    /// [`Reply::Failed`].
    Send {
        /// The request.
        request: CheckRequest,
        /// The time limit, from the resolution of the host's name to the end of the body.
        timeout: Duration,
        /// Write this to standard error first: a line for a person who waits, or nothing.
        notice: String,
    },
    /// Read standard input to its end or to the limit. Reply with [`Reply::Input`].
    Read {
        /// One byte more than is accepted: so a longer input is noticed.
        limit: usize,
    },
    /// Write the output, and exit. It is the last step.
    Exit(Exit),
}

/// What the host did.
pub enum Reply {
    /// Nothing yet: this asks for the first step.
    Start,
    /// It sent the request, and this is the response.
    Response(CheckResponse),
    /// It could not send the request, or received no complete response.
    Failed(Failure),
    /// It read this from standard input.
    Input(Vec<u8>),
}

/// The output and the exit status.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exit {
    /// The exit status; see the [list](crate#exit-statuses).
    pub status: u8,
    /// For standard output. It may contain a token.
    pub stdout: String,
    /// For standard error.
    pub stderr: String,
}

/// Without standard output, which may contain a token.
impl fmt::Debug for Exit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exit")
            .field("status", &self.status)
            .field("stderr", &self.stderr)
            .finish_non_exhaustive()
    }
}

/// Only the length of standard input, which may be a token.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Response(response) => f.debug_tuple("Response").field(response).finish(),
            Self::Failed(failure) => f.debug_tuple("Failed").field(failure).finish(),
            Self::Input(input) => write!(f, "Input({} bytes)", input.len()),
        }
    }
}
