//! The output of `--help` and `--version`, from the tables that the parser reads.

use serde::Serialize;

use crate::{
    commands::Command,
    options::{self, ArgValue, OptionSpec},
    status::{MEANINGS, Status},
    view::{View, json, lines},
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The width of the lines.
const COLUMNS: usize = 90;
/// A longer name is alone on its line.
const MAX_NAME: usize = 24;

const INTRODUCTION: &str = "\
kling-auth: authentication for the Kling AI API

Usage: kling-auth COMMAND [OPTIONS]
";

const CREDENTIALS: &str = "
Credentials are looked for in this order, and never passed as arguments:
  1  the environment: KLING_ACCESS_KEY and KLING_SECRET_KEY, or KLING_API_KEY
     (also with KLINGAI_; also …_FILE, the path of a file that contains the value)
  2  the same names in .env, from this directory up to the root of the repository
  3  ~/.config/kling/.credentials, the profile of Kling's own command line

Start here:
  kling-auth check          check the credentials, and explain a refusal
  kling-auth check --help   show the help of a command, with examples
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
        format!("\n{}\n", wrapped(command.details(), COLUMNS, "\n")),
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

/// How an option is written, and its purpose.
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

/// A heading and its rows. A long text continues below its beginning.
fn section(heading: &str, rows: &[(String, &str)]) -> String {
    let names = rows.iter().map(|(name, _)| name.len()).filter(|len| *len <= MAX_NAME);
    let indent = names.max().unwrap_or_default() + 4;
    let rows = rows.iter().flat_map(|(name, text)| {
        // After a long name, the text begins on the next line.
        let start = match name.len() + 4 {
            len if len > indent => format!("  {name}\n{:indent$}", ""),
            _ => format!("  {name:<0$}", indent - 2),
        };
        let text = wrapped(text, COLUMNS - indent, &format!("\n{:indent$}", ""));
        [start, text, "\n".to_owned()]
    });
    format!("\n{heading}:\n") + &rows.collect::<String>()
}

fn wrapped(text: &str, width: usize, line_end: &str) -> String {
    lines(text, width).join(line_end)
}
