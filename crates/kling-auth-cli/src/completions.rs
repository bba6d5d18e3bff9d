//! Completion scripts for shells, from the tables that the parser reads.

use crate::{
    commands::Command,
    error::CliError,
    options::{self, ArgValue, OPTIONS, OptionSpec},
};

/// The shells, separated as shells separate words.
const SHELLS: &str = "bash zsh fish powershell";

/// The script for a shell.
pub(crate) fn script(shell: Option<&str>) -> Result<String, CliError> {
    match shell {
        Some("bash") => Ok(bash()),
        Some("zsh") => Ok(zsh()),
        Some("fish") => Ok(fish()),
        Some("powershell") => Ok(powershell()),
        _ => {
            let shells = SHELLS.replace(' ', ", ");
            Err(CliError::usage(format!("`completions` needs one of {shells}")))
        }
    }
}

fn commands() -> String {
    Command::ALL.map(Command::name).join(" ")
}

/// All options of a command, as they are typed.
fn flags(command: Command) -> String {
    let flags = options::of(command).map(|spec| format!("--{}", spec.long));
    flags.collect::<Vec<_>>().join(" ")
}

/// The known values of a command's argument.
fn argument_words(command: Command) -> String {
    match command {
        Command::Completions => format!(" {SHELLS}"),
        _ => String::new(),
    }
}

fn takes_path(spec: &OptionSpec) -> bool {
    spec.takes == ArgValue::Value("PATH")
}

fn bash() -> String {
    let cases: String = Command::ALL
        .map(|command| {
            let words = flags(command) + &argument_words(command);
            format!("        {}) words='{words}' ;;\n", command.name())
        })
        .concat();
    format!(
        "_kling_auth() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}
    local words='{commands} --help --version' word
    case $previous in
        {paths}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;
        --format) COMPREPLY=($(compgen -W '{formats}' -- \"$current\")); return ;;
    esac
    for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do
        case $word in
{cases}        esac
    done
    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))
}}
complete -F _kling_auth kling-auth
",
        commands = commands(),
        paths = paths(),
        formats = options::FORMATS.join(" "),
    )
}

/// The options whose value is a path, as a pattern of `case`.
fn paths() -> String {
    let paths = OPTIONS.iter().filter(|spec| takes_path(spec));
    paths.map(|spec| format!("--{}", spec.long)).collect::<Vec<_>>().join("|")
}

fn zsh() -> String {
    let described = Command::ALL.map(|command| {
        let about = command.about().replace('\'', r"'\''");
        format!("        '{}:{about}'\n", command.name())
    });
    let cases = Command::ALL.map(|command| {
        let specs: String = options::of(command).map(zsh_option).collect();
        let operand = match command {
            Command::Completions => format!(" '1:shell:({SHELLS})'"),
            _ => String::new(),
        };
        format!("        {}) _arguments{specs}{operand} ;;\n", command.name())
    });
    format!(
        "#compdef kling-auth
_kling_auth() {{
    local -a commands=(
{}    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    local command=$words[2]
    shift words
    (( CURRENT -= 1 ))
    case $command in
{}    esac
}}
if [[ $funcstack[1] == _kling_auth ]]; then _kling_auth; else compdef _kling_auth kling-auth; fi
",
        described.concat(),
        cases.concat(),
    )
}

fn zsh_option(spec: &OptionSpec) -> String {
    let value = match spec.takes {
        ArgValue::Nothing => String::new(),
        ArgValue::Value("PATH") => ":path:_files".to_owned(),
        ArgValue::Value(name) => format!(":{name}:"),
        ArgValue::Optionally(name) => format!("::{name}:"),
        ArgValue::OneOf(known) => format!(":value:({})", known.join(" ")),
    };
    let equals = if matches!(spec.takes, ArgValue::Optionally(_)) { "=-" } else { "" };
    let about = spec.about.replace('\'', r"'\''");
    format!(" '--{}{equals}[{about}]{value}'", spec.long)
}

fn fish() -> String {
    let commands =
        Command::ALL.map(|command| {
            let (name, about) = (command.name(), command.about().replace('\'', "\\'"));
            let options: String =
                options::of(command).map(|spec| fish_option(name, spec)).collect();
            format!(
                "complete -c kling-auth -n __fish_use_subcommand -a {name} -d '{about}'\n{options}",
            )
        });
    format!(
        "complete -c kling-auth -f\n{}complete -c kling-auth \
         -n '__fish_seen_subcommand_from completions' -a '{SHELLS}'\n",
        commands.concat(),
    )
}

fn fish_option(command: &str, spec: &OptionSpec) -> String {
    let value = match spec.takes {
        ArgValue::Nothing | ArgValue::Optionally(_) => String::new(),
        ArgValue::Value("PATH") => " -r -F".to_owned(),
        ArgValue::Value(_) => " -x".to_owned(),
        ArgValue::OneOf(known) => format!(" -x -a '{}'", known.join(" ")),
    };
    let about = spec.about.replace('\'', "\\'");
    let condition = format!("-n '__fish_seen_subcommand_from {command}'");
    format!("complete -c kling-auth {condition} -l {}{value} -d '{about}'\n", spec.long)
}

fn powershell() -> String {
    let cases = Command::ALL.map(|command| {
        let words = flags(command) + &argument_words(command);
        format!("        '{}' {{ $words = '{words}' }}\n", command.name())
    });
    format!(
        "Register-ArgumentCompleter -Native -CommandName kling-auth -ScriptBlock {{
    param($current, $line, $position)
    $words = '{} --help --version'
    foreach ($word in $line.CommandElements) {{ switch (\"$word\") {{
{}    }} }}
    $words -split ' ' | Where-Object {{ $_ -like \"$current*\" }} | ForEach-Object {{
        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
    }}
}}
",
        commands(),
        cases.concat(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_knows_all_commands_and_options() {
        for shell in SHELLS.split(' ') {
            let script = script(Some(shell)).unwrap();
            for command in Command::ALL {
                assert!(script.contains(command.name()), "{shell}: {}", command.name());
            }
            for spec in OPTIONS {
                assert!(script.contains(spec.long), "{shell}: {}", spec.long);
            }
            let quotes = script.replace(r"\'", "").matches('\'').count();
            assert_eq!(quotes % 2, 0, "{shell}: a quote is not closed");
        }
    }
}
