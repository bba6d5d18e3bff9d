//! How output looks: JSON or text, in colour or not, and how wide.

use serde::Serialize;

use crate::{Host, host::Environment};

/// The width where nobody says.
const COLUMNS: usize = 80;
/// Below this no table can be read, whatever a terminal says.
const MIN_COLUMNS: usize = 40;

/// How output looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) is_json: bool,
    pub(crate) is_terminal: bool,
    has_colours: bool,
    columns: usize,
}

/// What a colour says (ECMA-48, "select graphic rendition").
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
            // Asked before the arguments are read: what is wrong with them is JSON as well.
            is_json: host.arguments.iter().any(|argument| argument == "--json"),
            is_terminal,
            has_colours: has_colours(&host.environment, is_terminal),
            columns: host.columns.or(columns).unwrap_or(COLUMNS).max(MIN_COLUMNS),
        }
    }

    /// The width to draw in. What is not for a terminal is as wide on every machine.
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

    /// Names and texts, one under the other. On a terminal, texts are broken between words.
    pub(crate) fn list(&self, lines: &[(&str, String, Option<Colour>)]) -> String {
        let indent = lines.iter().map(|(name, ..)| name.len()).max().unwrap_or_default() + 2;
        let width = if self.is_terminal { self.columns.saturating_sub(indent) } else { usize::MAX };
        let mut list = String::new();
        for (name, text, colour) in lines {
            let mut start = self.paint(Colour::Faint, &format!("{name:<indent$}"));
            for piece in broken(text, width) {
                list += &start;
                list += &colour.map_or(piece.to_owned(), |colour| self.paint(colour, piece));
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

/// By <https://no-color.org>; `CLICOLOR_FORCE` and `FORCE_COLOR` have colours without a terminal.
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

/// A text in pieces that are no wider, if a word is not.
pub(crate) fn broken(text: &str, width: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut start, mut end) = (0, 0);
    for (index, word) in words(text) {
        let is_too_wide = text[start..index + word.len()].chars().count() > width;
        if is_too_wide && end > start {
            pieces.push(&text[start..end]);
            start = index;
        }
        end = index + word.len();
    }
    pieces.push(&text[start..end]);
    pieces
}

/// The words of a text, and where each begins.
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
    fn texts_are_broken_between_words() {
        assert_eq!(broken("one two three", 7), ["one two", "three"]);
        assert_eq!(broken("one", 1), ["one"]);
        assert_eq!(broken("", 1), [""]);
        assert_eq!(broken("äö üß", 2), ["äö", "üß"]);
    }
}
