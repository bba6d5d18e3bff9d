//! The command line. The core decides what to do next, and JavaScript does it, step by step.

use std::collections::HashMap;

use kling_auth::{check::Failure, unix_now};
use kling_auth_cli::{self as cli, Host, Reply, Terminals};
use napi::bindgen_prelude::Uint8ArraySlice;
use napi_derive::napi;

use crate::probe::{AnswerHead, Request, answer};

/// The next thing to do: exactly one of these is set.
#[derive(Default)]
#[napi(object, object_from_js = false)]
pub struct Step {
    /// Send a request.
    pub send: Option<Send>,
    /// Read standard input, up to this number of bytes.
    pub read: Option<u32>,
    /// Write the output, and exit.
    pub exit: Option<Exit>,
}

/// A request to send.
#[napi(object, object_from_js = false)]
pub struct Send {
    /// The request.
    pub request: Request,
    /// How many seconds it may take, from name resolution to the end of the body.
    pub timeout: f64,
    /// Text to write to standard error first; may be empty.
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
            cli::Step::Exit(cli::Exit { status, stdout, stderr, .. }) => {
                Self { exit: Some(Exit { status, stdout, stderr }), ..Self::default() }
            }
        }
    }
}

/// One run of the command line. Each method gets the result of a step, and returns the next one.
#[napi]
pub struct Cli(cli::Cli);

#[napi]
impl Cli {
    /// `arguments` without the program's name; `environment` is `process.env`.
    #[napi(constructor, catch_unwind)]
    pub fn new(
        arguments: Vec<String>,
        environment: HashMap<String, String>,
        stdin_is_terminal: bool,
        stdout_is_terminal: bool,
        stderr_is_terminal: bool,
    ) -> Self {
        Self(cli::Cli::new(Host::new(
            arguments.into_iter().map(Into::into).collect(),
            Box::new(move |name| environment.get(name).cloned()),
            std::env::current_dir().unwrap_or_default(),
            Terminals::new(stdin_is_terminal, stdout_is_terminal, stderr_is_terminal),
        )))
    }

    /// The first step.
    #[napi(catch_unwind)]
    pub fn start(&mut self) -> Step {
        self.step(Reply::Start)
    }

    /// After a response.
    #[napi(catch_unwind)]
    pub fn take(&mut self, head: AnswerHead, body: Uint8ArraySlice<'_>) -> Step {
        self.step(Reply::Response(answer(head, &body)))
    }

    /// After a request that got no response.
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
