//! How shells set a variable.

/// A shell, or what reads files of variables.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    Bash,
    Dotenv,
    Fish,
    PowerShell,
}

impl Format {
    /// The format of a name that the options have.
    pub(crate) fn named(name: Option<&str>) -> Self {
        match name {
            Some("dotenv") => Self::Dotenv,
            Some("fish") => Self::Fish,
            Some("powershell") => Self::PowerShell,
            _ => Self::Bash,
        }
    }

    /// A line that sets a variable, whatever is in the value.
    pub(crate) fn set(self, name: &str, value: &str) -> String {
        match self {
            Self::Bash => format!("export {name}='{}'\n", value.replace('\'', r"'\''")),
            // Docker takes quotes for a part of the value: none where none are needed.
            Self::Dotenv if value.bytes().all(is_plain) => format!("{name}={value}\n"),
            Self::Dotenv => format!("{name}='{value}'\n"),
            Self::Fish => {
                let value = value.replace('\\', r"\\").replace('\'', r"\'");
                format!("set -gx {name} '{value}'\n")
            }
            Self::PowerShell => format!("$env:{name} = '{}'\n", value.replace('\'', "''")),
        }
    }
}

/// Whether a byte means itself in every `.env` file.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_.:/+=@%,".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_what_it_is() {
        assert_eq!(Format::Bash.set("A", "b'$c"), "export A='b'\\''$c'\n");
        assert_eq!(Format::Fish.set("A", r"b\'c"), "set -gx A 'b\\\\\\'c'\n");
        assert_eq!(Format::PowerShell.set("A", "b'c"), "$env:A = 'b''c'\n");
        assert_eq!(Format::Dotenv.set("A", "eyJ.a-b_c"), "A=eyJ.a-b_c\n");
        assert_eq!(Format::Dotenv.set("A", "a$b"), "A='a$b'\n");
    }
}
