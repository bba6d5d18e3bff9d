//! The program as a cycle of steps and replies.

use std::mem;

use crate::{
    Exit, Host, Reply, Step,
    arguments::Arguments,
    check::Check,
    commands::Command,
    completions, credentials,
    error::{CliError, line},
    help,
    inspect::Inspect,
    outcome::{Outcome, Warnings},
    status::Status,
    token,
    view::View,
    webhook::Webhook,
};

/// One run of the command line.
///
/// See the [module](crate) for an example.
#[derive(Debug)]
pub struct Cli {
    host: Host,
    view: View,
    warnings: Warnings,
    task: Task,
}

/// The command that waits for a reply.
enum Task {
    New,
    Check(Box<Check>),
    Inspect(Box<Inspect>),
    Webhook(Webhook),
    Done,
}

impl Cli {
    /// A run on a host. Nothing happens before the first [`step`](Self::step).
    pub fn new(host: Host) -> Self {
        let view = View::of(&host);
        Self { host, view, warnings: Warnings::default(), task: Task::New }
    }

    /// Handles the reply to the last step, at `now` (Unix seconds), and returns the next step. The
    /// first reply is [`Reply::Start`]. After [`Step::Exit`] nothing is left to do.
    pub fn step(&mut self, reply: Reply, now: u64) -> Step {
        let next = match mem::replace(&mut self.task, Task::Done) {
            Task::New => self.start(now),
            Task::Check(check) => check.take(reply, &self.view, now).map(of_check),
            Task::Inspect(inspect) => inspect.take(reply, &self.view, now).map(of_inspect),
            Task::Webhook(webhook) => webhook.take(reply, &self.view, now).map(of_webhook),
            Task::Done => Err(CliError::of_host()),
        };
        match next {
            Ok(Outcome::Ask(step, task)) => {
                self.task = task;
                step
            }
            Ok(Outcome::Exit(exit)) => self.exit(exit),
            Err(refusal) => self.exit(Exit {
                status: refusal.status as u8,
                stdout: String::new(),
                stderr: refusal.line(self.view.is_json),
            }),
        }
    }

    fn start(&mut self, now: u64) -> Result<Outcome<Task>, CliError> {
        let arguments = Arguments::parse(&self.host.arguments)?;
        if arguments.has("help") {
            return Ok(printed(help::text(arguments.command)));
        }
        if arguments.has("version") {
            return Ok(printed(help::version(&self.view)));
        }
        let Some(command) = arguments.command else {
            return Err(CliError::usage("usage: kling-auth COMMAND [OPTIONS]"));
        };
        match command {
            Command::Token | Command::Header | Command::Env => {
                self.print_token(command, &arguments, now)
            }
            Command::Check => {
                Check::start(&arguments, &self.host, &mut self.warnings, &self.view, now)
                    .map(of_check)
            }
            Command::Inspect => {
                Inspect::start(&arguments, &self.host, &mut self.warnings, &self.view, now)
                    .map(of_inspect)
            }
            Command::Webhook => Webhook::start(&arguments, &self.host).map(of_webhook),
            Command::Completions => completions::script(arguments.operand_text()?).map(printed),
        }
    }

    fn print_token(
        &mut self,
        command: Command,
        arguments: &Arguments,
        now: u64,
    ) -> Result<Outcome<Task>, CliError> {
        token::may_show(command, arguments, &self.view)?;
        let auth = credentials::find(arguments, &self.host)?.auth;
        self.warnings.collect(&auth);
        token::print(command, &auth, arguments, &self.view, now).map(printed)
    }

    /// Warnings come before the error.
    fn exit(&self, exit: Exit) -> Step {
        let is_json = self.view.is_json;
        let warnings = self.warnings.0.iter();
        let warnings =
            warnings.map(|event| line("warning", event.code(), &event.to_string(), is_json));
        Step::Exit(Exit { stderr: warnings.chain([exit.stderr]).collect(), ..exit })
    }
}

fn of_check(outcome: Outcome<Check>) -> Outcome<Task> {
    outcome.map(|check| Task::Check(Box::new(check)))
}

fn of_inspect(outcome: Outcome<Inspect>) -> Outcome<Task> {
    outcome.map(|inspect| Task::Inspect(Box::new(inspect)))
}

fn of_webhook(outcome: Outcome<Webhook>) -> Outcome<Task> {
    outcome.map(Task::Webhook)
}

fn printed(stdout: String) -> Outcome<Task> {
    Outcome::Exit(Exit { status: Status::Ok as u8, stdout, stderr: String::new() })
}

/// Its name alone: the rest holds secrets.
impl std::fmt::Debug for Task {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::New => "New",
            Self::Check(_) => "Check",
            Self::Inspect(_) => "Inspect",
            Self::Webhook(_) => "Webhook",
            Self::Done => "Done",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python and Node store it in objects that move between threads.
    #[test]
    fn it_may_be_sent_and_shared() {
        const fn is_both<T: Send + Sync>() {}
        is_both::<Cli>();
    }
}
