//! `check`: the probe, and its result as a list or JSON.

use std::time::Duration;

use kling_auth::check::{CheckResult, Options, Probe};

use crate::{
    Exit, Host, Reply, Step,
    arguments::Arguments,
    credentials,
    error::CliError,
    outcome::{Outcome, Warnings},
    status::Status,
    view::{Colour, View, json},
};

/// A check in progress.
pub(crate) struct Check {
    probe: Probe,
    timeout: Duration,
}

impl Check {
    pub(crate) fn start(
        arguments: &Arguments,
        host: &Host,
        warnings: &mut Warnings,
        view: &View,
        now: u64,
    ) -> Result<Outcome<Self>, CliError> {
        let timeout = arguments.timeout()?;
        let options = options(arguments)?;
        let auth = credentials::find(arguments, host)?.auth;
        warnings.collect(&auth);
        let notice = notice(auth.base_url(), host, view);
        Ok(Self { probe: Probe::new(&auth, options), timeout }.ask(notice, now))
    }

    pub(crate) fn take(
        mut self,
        reply: Reply,
        view: &View,
        now: u64,
    ) -> Result<Outcome<Self>, CliError> {
        let result = match reply {
            Reply::Response(answer) => self.probe.handle_response(&answer, now),
            Reply::Failed(failure) => Some(self.probe.handle_failure(failure)),
            Reply::Start | Reply::Input(_) => return Err(CliError::of_host()),
        };
        Ok(match result {
            Some(result) => Outcome::Exit(Exit {
                status: Status::of_check(&result) as u8,
                stdout: shown(&result, view),
                stderr: String::new(),
            }),
            None => self.ask(String::new(), now),
        })
    }

    fn ask(mut self, notice: String, now: u64) -> Outcome<Self> {
        let (request, timeout) = (self.probe.next_request(now), self.timeout);
        Outcome::Ask(Step::Send { request, timeout, notice }, self)
    }
}

/// A line for a person who waits. Programs that read standard error do not need it.
fn notice(base_url: &str, host: &Host, view: &View) -> String {
    if view.is_json || !host.terminals.stderr {
        return String::new();
    }
    format!("asking {base_url} …\n")
}

fn options(arguments: &Arguments) -> Result<Options, CliError> {
    let options = Options::default();
    let options = match arguments.text("path")? {
        Some(path) => options.path(path)?,
        None => options,
    };
    match arguments.text("regions")? {
        Some(url) => Ok(options.try_base_url(url)?),
        None if arguments.has("regions") => Ok(options.try_other_region()),
        None => Ok(options),
    }
}

fn shown(result: &CheckResult, view: &View) -> String {
    if view.is_json {
        return json(result);
    }
    let verdict = if result.is_valid { Colour::Good } else { Colour::Bad };
    let lines = result.lines().into_iter().map(|(name, text)| {
        let colour = match name {
            "valid" | "cause" => Some(verdict),
            "remedy" if !result.is_valid => Some(Colour::Strong),
            "warning" => Some(Colour::Strong),
            _ => None,
        };
        (name, text, colour)
    });
    view.list(&lines.collect::<Vec<_>>())
}
