//! The syntax in which shells set a variable.

/// A shell, or a reader of `.env` files.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Format {
    Bash,
    Dotenv,
    Fish,
    PowerShell,
}

impl Format {
    /// The format of this name; the options list them.
    pub(crate) fn named(name: Option<&str>) -> Self {
        match name {
            Some("dotenv") => Self::Dotenv,
            Some("fish") => Self::Fish,
            Some("powershell") => Self::PowerShell,
            _ => Self::Bash,
        }
    }

    /// A line that sets a variable to any value.
    pub(crate) fn set(self, name: &str, value: &str) -> String {
        match self {
            Self::Bash => format!("export {name}='{}'\n", value.replace('\'', r"'\''")),
            // Docker reads quotes as a part of the value, so there are none where none are needed.
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

/// Whether a byte has no special meaning in any `.env` file.
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
