//! The command line, step by step. Python performs each step.

use std::ffi::OsString;

use kling_auth::{check::Failure, sources::env_var};
use kling_auth_cli::{Exit, Host, Reply, Step, Terminals};
use pyo3::{
    prelude::*,
    types::{PyList, PyTuple},
};

use crate::{
    clock,
    probe::{Request, Response, answer},
};

/// One run of the command line. Each method passes the result of a step, and returns the next.
#[pyclass(module = "kling_auth._native")]
pub(crate) struct Cli(kling_auth_cli::Cli);

#[pymethods]
impl Cli {
    /// ``arguments`` are without the program's name.
    #[new]
    fn new(
        arguments: &Bound<'_, PyList>,
        stdin_is_terminal: bool,
        stdout_is_terminal: bool,
        stderr_is_terminal: bool,
    ) -> PyResult<Self> {
        let arguments = arguments.iter().map(|argument| argument.extract());
        Ok(Self(kling_auth_cli::Cli::new(Host::new(
            arguments.collect::<PyResult<Vec<OsString>>>()?,
            Box::new(env_var),
            std::env::current_dir().unwrap_or_default(),
            Terminals::new(stdin_is_terminal, stdout_is_terminal, stderr_is_terminal),
        ))))
    }

    fn start<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.step(py, Reply::Start)
    }

    fn take<'py>(&mut self, py: Python<'py>, response: Response) -> PyResult<Bound<'py, PyTuple>> {
        self.step(py, Reply::Response(answer(response)))
    }

    fn fail<'py>(
        &mut self,
        py: Python<'py>,
        failure: &str,
        has_proxy: bool,
    ) -> PyResult<Bound<'py, PyTuple>> {
        self.step(py, Reply::Failed(Failure::reported(failure, has_proxy)))
    }

    fn read<'py>(&mut self, py: Python<'py>, input: Vec<u8>) -> PyResult<Bound<'py, PyTuple>> {
        self.step(py, Reply::Input(input))
    }
}

impl Cli {
    fn step<'py>(&mut self, py: Python<'py>, reply: Reply) -> PyResult<Bound<'py, PyTuple>> {
        match self.0.step(reply, clock::now(py)?) {
            Step::Send { request, timeout, notice } => {
                ("send", Request::new(request, timeout), notice).into_pyobject(py)
            }
            Step::Read { limit } => ("read", limit).into_pyobject(py),
            Step::Exit(Exit { status, stdout, stderr, .. }) => {
                ("exit", status, stdout, stderr).into_pyobject(py)
            }
        }
    }
}
