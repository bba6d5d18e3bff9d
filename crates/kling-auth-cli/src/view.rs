//! The form of the output: JSON or text, colours, width.

use serde::Serialize;

use crate::{Host, host::Environment};

/// The width if it is not known.
const COLUMNS: usize = 80;
/// The smallest width: a narrower table would be unreadable.
const MIN_COLUMNS: usize = 40;

/// The smallest width of the names in a list, so that lists look alike.
const NAMES: usize = 10;

/// The form of the output.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) is_json: bool,
    pub(crate) is_terminal: bool,
    has_colours: bool,
    columns: usize,
}

/// A colour (ECMA-48, "select graphic rendition").
#[derive(Clone, Copy, Debug)]
pub(crate) enum Colour {
    Strong = 1,
    Faint = 2,
    Bad = 31,
    Good = 32,
}

impl View {
    pub(crate) fn of(host: &Host) -> Self {
        let columns = (host.environment)("COLUMNS").and_then(|columns| columns.parse().ok());
        let is_terminal = host.terminals.stdout;
        Self {
            // Read before the arguments are parsed, so that their errors are JSON too.
            is_json: host.arguments.iter().any(|argument| argument == "--json"),
            is_terminal,
            has_colours: has_colours(&host.environment, is_terminal),
            columns: host.columns.or(columns).unwrap_or(COLUMNS).max(MIN_COLUMNS),
        }
    }

    /// The width to draw in. Without a terminal, it is the same on every machine.
    pub(crate) fn columns(&self) -> usize {
        if self.is_terminal { self.columns } else { COLUMNS }
    }

    pub(crate) fn paint(&self, colour: Colour, text: &str) -> String {
        if self.has_colours && !text.is_empty() {
            format!("\x1b[{}m{text}\x1b[0m", colour as u8)
        } else {
            text.to_owned()
        }
    }

    /// Names and texts, a line each. On a terminal, long texts are wrapped between words.
    pub(crate) fn list(&self, rows: &[(&str, String, Option<Colour>)]) -> String {
        let indent = rows.iter().map(|(name, ..)| name.len()).max().unwrap_or_default();
        let indent = indent.max(NAMES) + 2;
        let width = if self.is_terminal { self.columns.saturating_sub(indent) } else { usize::MAX };
        let mut list = String::new();
        for (name, text, colour) in rows {
            let mut start = self.paint(Colour::Faint, &format!("{name:<indent$}"));
            for part in lines(text, width) {
                list += &start;
                list += &colour.map_or(part.to_owned(), |colour| self.paint(colour, part));
                list.push('\n');
                start = " ".repeat(indent);
            }
        }
        list
    }
}

/// A value as JSON on one line.
pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("texts and numbers, into memory") + "\n"
}

/// By <https://no-color.org>; `CLICOLOR_FORCE` and `FORCE_COLOR` turn colours on without a terminal.
fn has_colours(environment: &Environment, is_terminal: bool) -> bool {
    let is_set = |name: &str| environment(name).is_some_and(|value| !value.is_empty());
    let is_on = |name: &str| is_set(name) && environment(name).as_deref() != Some("0");
    if is_set("NO_COLOR") {
        return false;
    }
    let is_dumb = environment("TERM").as_deref() == Some("dumb")
        || environment("CLICOLOR").as_deref() == Some("0");
    is_on("CLICOLOR_FORCE") || is_on("FORCE_COLOR") || (is_terminal && !is_dumb)
}

/// A text in lines of at most this width, unless a word is wider.
pub(crate) fn lines(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let (mut start, mut end) = (0, 0);
    for (index, word) in words(text) {
        let is_too_wide = text[start..index + word.len()].chars().count() > width;
        if is_too_wide && end > start {
            lines.push(&text[start..end]);
            start = index;
        }
        end = index + word.len();
    }
    lines.push(&text[start..end]);
    lines
}

/// The words of a text, and the index of each.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut start = 0;
    text.split(' ').map(move |word| {
        let index = start;
        start += word.len() + 1;
        (index, word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(variables: &'static [(&str, &str)], is_terminal: bool) -> bool {
        let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
        let environment: Environment =
            Box::new(move |name| find(name).map(|(_, value)| (*value).to_owned()));
        has_colours(&environment, is_terminal)
    }

    #[test]
    fn colours_by_the_rules() {
        assert!(coloured(&[], true) && !coloured(&[], false));
        assert!(!coloured(&[("NO_COLOR", "1")], true) && coloured(&[("NO_COLOR", "")], true));
        assert!(!coloured(&[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")], true));
        assert!(coloured(&[("FORCE_COLOR", "1")], false));
        assert!(!coloured(&[("CLICOLOR_FORCE", "0")], false));
        assert!(!coloured(&[("TERM", "dumb")], true) && !coloured(&[("CLICOLOR", "0")], true));
    }

    #[test]
    fn texts_are_wrapped_between_words() {
        assert_eq!(lines("one two three", 7), ["one two", "three"]);
        assert_eq!(lines("one", 1), ["one"]);
        assert_eq!(lines("", 1), [""]);
        assert_eq!(lines("äö üß", 2), ["äö", "üß"]);
    }
}
