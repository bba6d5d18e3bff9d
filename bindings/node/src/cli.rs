//! The command line, step by step. JavaScript does what a step says.

use std::collections::HashMap;

use kling_auth::{check::Failure, unix_now};
use kling_auth_cli::{self as cli, Host, Reply, Terminals};
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

use crate::probe::{AnswerHead, Request, answer};

/// One thing to do: the one of these that is there.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct Step {
    /// To send a request.
    pub send: Option<Send>,
    /// To read standard input, but no more bytes than this.
    pub read: Option<u32>,
    /// To write, and end.
    pub exit: Option<Exit>,
}

/// A request to send, and the seconds that it may take.
#[napi(object, object_from_js = false)]
pub struct Send {
    /// What to send.
    pub request: Request,
    /// From the name's resolution to the end of the body.
    pub timeout: f64,
    /// For standard error, to be written before; it may be empty.
    pub notice: String,
}

/// How the program ends.
#[napi(object, object_from_js = false)]
pub struct Exit {
    /// The exit status.
    pub status: u8,
    /// For standard output.
    pub stdout: String,
    /// For standard error.
    pub stderr: String,
}

impl From<cli::Step> for Step {
    fn from(step: cli::Step) -> Self {
        match step {
            cli::Step::Send { request, timeout, notice } => {
                let (request, timeout) = (request.into(), timeout.as_secs_f64());
                Self { send: Some(Send { request, timeout, notice }), ..Self::default() }
            }
            cli::Step::Read { limit } => {
                let limit = u32::try_from(limit).unwrap_or(u32::MAX);
                Self { read: Some(limit), ..Self::default() }
            }
            cli::Step::Exit(cli::Exit { status, stdout, stderr }) => {
                Self { exit: Some(Exit { status, stdout, stderr }), ..Self::default() }
            }
        }
    }
}

/// One run of the command line. Each method takes in what came of a step, and returns the next.
#[napi]
pub struct Cli(cli::Cli);

#[napi]
impl Cli {
    /// `arguments` come without the program's name; `environment` is `process.env`.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        arguments: Vec<String>,
        environment: HashMap<String, String>,
        stdin_is_terminal: bool,
        stdout_is_terminal: bool,
        stderr_is_terminal: bool,
    ) -> Self {
        Self(cli::Cli::new(Host {
            arguments: arguments.into_iter().map(Into::into).collect(),
            environment: Box::new(move |name| environment.get(name).cloned()),
            working_directory: std::env::current_dir().unwrap_or_default(),
            terminals: Terminals {
                stdin: stdin_is_terminal,
                stdout: stdout_is_terminal,
                stderr: stderr_is_terminal,
            },
            columns: None,
        }))
    }

    /// The first step.
    #[napi(catch_unwind)]
    pub fn start(&mut self) -> Step {
        self.step(Reply::Start)
    }

    /// After an answer.
    #[napi(catch_unwind)]
    pub fn take(&mut self, head: AnswerHead, body: Uint8ArraySlice<'_>) -> Step {
        self.step(Reply::Response(answer(head, &body)))
    }

    /// After a request without an answer; a proxy may have been asked.
    #[napi(catch_unwind)]
    pub fn fail(&mut self, failure: String, has_proxy: bool) -> Step {
        self.step(Reply::Failed(Failure::reported(&failure, has_proxy)))
    }

    /// After standard input was read.
    #[napi(catch_unwind)]
    pub fn read(&mut self, input: Uint8ArraySlice<'_>) -> Step {
        self.step(Reply::Input(input.to_vec()))
    }

    fn step(&mut self, reply: Reply) -> Step {
        self.0.step(reply, unix_now()).into()
    }
}
