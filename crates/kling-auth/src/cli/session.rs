//! The program as a cycle: one step to do, one reply to it.

use std::mem;

use super::{
    Exit, Host, Reply, Step,
    arguments::Arguments,
    check::Check,
    commands::Command,
    completions, credentials, help,
    inspect::Inspect,
    refusal::{Refusal, line},
    status::Status,
    token,
    view::View,
    webhook::Webhook,
};
use crate::KlingAuth;

/// One run of the command line.
///
/// See the [module](super) for an example.
#[derive(Debug)]
pub struct Cli {
    host: Host,
    view: View,
    notes: Notes,
    task: Task,
}

/// What waits for a reply.
pub(super) enum Task {
    New,
    Check(Box<Check>),
    Inspect(Box<Inspect>),
    Webhook(Webhook),
    Done,
}

/// What a command comes to.
pub(super) enum Next {
    /// Do this, and hand the reply to the task.
    Ask(Step, Task),
    Exit(Exit),
}

/// What there is to tell of the credential.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<crate::sources::Note>);

impl Notes {
    pub(super) fn take(&mut self, auth: &KlingAuth) {
        self.0.extend(auth.take_notes());
    }
}

impl Cli {
    /// A run on a host. Nothing happens before the first [`step`](Self::step).
    pub fn new(host: Host) -> Self {
        let view = View::of(&host);
        Self { host, view, notes: Notes::default(), task: Task::New }
    }

    /// Takes in what came of the last step, at `now` (Unix seconds), and says the next. The first
    /// reply is [`Reply::Start`]; after [`Step::Exit`] there is no more to do.
    pub fn step(&mut self, reply: Reply, now: u64) -> Step {
        let next = match mem::replace(&mut self.task, Task::Done) {
            Task::New => self.start(now),
            Task::Check(check) => check.take(reply, &self.view, now),
            Task::Inspect(inspect) => inspect.take(reply, &self.view, now),
            Task::Webhook(webhook) => webhook.take(reply, &self.view, now),
            Task::Done => Err(Refusal::of_host()),
        };
        match next {
            Ok(Next::Ask(step, task)) => {
                self.task = task;
                step
            }
            Ok(Next::Exit(exit)) => self.exit(exit),
            Err(refusal) => self.exit(Exit {
                status: refusal.status as u8,
                stdout: String::new(),
                stderr: refusal.line(self.view.is_json),
            }),
        }
    }

    fn start(&mut self, now: u64) -> Result<Next, Refusal> {
        let arguments = Arguments::parse(&self.host.arguments)?;
        if arguments.has("help") {
            return Ok(printed(help::text(arguments.command)));
        }
        if arguments.has("version") {
            return Ok(printed(help::version(&self.view)));
        }
        let Some(command) = arguments.command else {
            return Err(Refusal::usage("usage: kling-auth COMMAND [OPTIONS]"));
        };
        match command {
            Command::Token | Command::Header | Command::Env => {
                self.print_token(command, &arguments, now)
            }
            Command::Check => {
                Check::start(&arguments, &self.host, &mut self.notes, &self.view, now)
            }
            Command::Inspect => {
                Inspect::start(&arguments, &self.host, &mut self.notes, &self.view, now)
            }
            Command::Webhook => Webhook::start(&arguments, &self.host),
            Command::Completions => completions::script(arguments.operand_text()?).map(printed),
        }
    }

    fn print_token(
        &mut self,
        command: Command,
        arguments: &Arguments,
        now: u64,
    ) -> Result<Next, Refusal> {
        token::may_show(command, arguments, &self.view)?;
        let auth = credentials::find(arguments, &self.host)?.auth;
        self.notes.take(&auth);
        token::print(command, &auth, arguments, &self.view, now).map(printed)
    }

    /// Notes come before what went wrong.
    fn exit(&self, exit: Exit) -> Step {
        let is_json = self.view.is_json;
        let notes = self.notes.0.iter();
        let notes = notes.map(|note| line("note", note.code(), &note.to_string(), is_json));
        Step::Exit(Exit { stderr: notes.chain([exit.stderr]).collect(), ..exit })
    }
}

fn printed(stdout: String) -> Next {
    Next::Exit(Exit { status: Status::Ok as u8, stdout, stderr: String::new() })
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

    /// Python and Node keep it in objects that go from thread to thread.
    #[test]
    fn it_may_be_sent_and_shared() {
        const fn is_both<T: Send + Sync>() {}
        is_both::<Cli>();
    }
}
