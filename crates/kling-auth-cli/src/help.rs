//! What `--help` and `--version` tell: made of the tables that the arguments are read by.

use serde::Serialize;

use crate::{
    commands::Command,
    options::{self, ArgValue, OptionSpec},
    status::{MEANINGS, Status},
    view::{View, broken, json},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The width of a help's lines.
const COLUMNS: usize = 90;
/// A longer name has a line of its own.
const MAX_NAME: usize = 24;

/// Where to look first, for who has never used it.
const INTRODUCTION: &str = "\
kling-auth: authentication for the Kling AI API

Usage: kling-auth COMMAND [OPTIONS]
";

const CREDENTIALS: &str = "
The credential is the first of these that is there:
  1  the environment: KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY
     (KLINGAI_… too; each also as …_FILE, the path of a file that holds it)
  2  the same names in .env, from here up to the root of the repository
  3  ~/.config/kling/.credentials, which Kling's own command line keeps
It is never taken from the command line.

Start here:
  kling-auth check          is it right? If not, why, and what to do
  kling-auth check --help   each command has its own help, with examples
";

/// The help of a command, or of all.
pub(crate) fn text(command: Option<Command>) -> String {
    match command {
        Some(command) => of(command),
        None => overview(),
    }
}

pub(crate) fn version(view: &View) -> String {
    #[derive(Serialize)]
    struct Version {
        version: &'static str,
    }
    if view.is_json {
        json(&Version { version: VERSION })
    } else {
        format!("kling-auth {VERSION}\n")
    }
}

fn overview() -> String {
    let commands = Command::ALL.map(|command| (command.name().to_owned(), command.about()));
    let options = options::OPTIONS.iter().filter(|spec| spec.is_global());
    [
        INTRODUCTION.to_owned(),
        section("Commands", &commands),
        CREDENTIALS.to_owned(),
        section("Options of every command", &options.map(row).collect::<Vec<_>>()),
        statuses(|_| true),
    ]
    .concat()
}

fn of(command: Command) -> String {
    let (name, about) = (command.name(), command.about());
    let operand = command.operand().map(|operand| format!(" {operand}")).unwrap_or_default();
    let examples = command.examples().join("\n  ");
    [
        format!("kling-auth {name}: {about}\n\nUsage: kling-auth {name}{operand} [OPTIONS]\n"),
        format!("\n{}\n", command.details()),
        section("Options", &options::of(command).map(row).collect::<Vec<_>>()),
        format!("\nExamples:\n  {examples}\n"),
        statuses(|status| command.statuses().contains(&status)),
    ]
    .concat()
}

fn statuses(filter: impl Fn(Status) -> bool) -> String {
    let meanings = MEANINGS.iter().filter(|(status, _)| filter(*status));
    let rows = meanings.map(|(status, meaning)| ((*status as u8).to_string(), *meaning));
    section("Exit status", &rows.collect::<Vec<_>>())
}

/// How an option is written, and what it is for.
fn row(spec: &OptionSpec) -> (String, &'static str) {
    let short = spec.short.map(|short| format!("-{short}, ")).unwrap_or_default();
    let value = match spec.takes {
        ArgValue::Nothing => String::new(),
        ArgValue::Value(value) => format!(" {value}"),
        ArgValue::OneOf(known) => format!(" {}", known.join("|")),
        ArgValue::Optionally(value) => format!("[={value}]"),
    };
    (format!("{short}--{}{value}", spec.long), spec.about)
}

/// A heading and rows; a text that is too long goes on below itself.
fn section(heading: &str, rows: &[(String, &str)]) -> String {
    let names = rows.iter().map(|(name, _)| name.len()).filter(|len| *len <= MAX_NAME);
    let indent = names.max().unwrap_or_default() + 4;
    let rows = rows.iter().flat_map(|(name, text)| {
        // Behind a name that is too long, the text begins on a line of its own.
        let start = match name.len() + 4 {
            len if len > indent => format!("  {name}\n{:indent$}", ""),
            _ => format!("  {name:<0$}", indent - 2),
        };
        let pieces = broken(text, COLUMNS - indent);
        let between = format!("\n{:indent$}", "");
        [start, pieces.join(&between), "\n".to_owned()]
    });
    format!("\n{heading}:\n") + &rows.collect::<String>()
}
