//! The lines of a `.env` file.
//!
//! Only lines with known names are read; other lines never cause an error. The grammar is what
//! npm's dotenv, Next, Node and python-dotenv agree on and, where they differ, what most of them
//! do. `tests/vectors/dotenv.json` lists what each of them reads. Variables in a value (`$NAME`)
//! are not expanded.

use std::collections::HashMap;

use kling_jwt_core::env_names;
use zeroize::Zeroizing;

use crate::{error::LineFault, location::Position};

/// The quotes that may enclose a value.
const QUOTES: [char; 3] = ['"', '\'', '`'];

/// The known names in a file, and their values.
#[derive(Default)]
pub(super) struct Lines {
    /// The value of each name. If a name is repeated, the last line counts.
    pub(super) entries: HashMap<&'static str, Entry>,
    /// Names in the file that look as if they held a credential, but are not read.
    pub(super) unread: Vec<&'static str>,
    /// Quotes that were opened in earlier lines and not closed.
    open_quotes: Vec<char>,
    /// The first line that has a known name but no `=`.
    pub(super) broken: Option<(Position, LineFault)>,
}

/// An assignment to a known name.
pub(super) struct Entry {
    /// The value, or what is wrong with it.
    pub(super) text: Result<Zeroizing<String>, LineFault>,
    /// Where the value begins.
    pub(super) position: Position,
    /// Whether other `.env` readers read a different value.
    pub(super) is_ambiguous: bool,
}

impl Lines {
    /// Reads a whole file.
    pub(super) fn parse(text: &str) -> Self {
        let mut lines = Self::default();
        // A byte order mark would become part of the first name.
        let mut rest = text.trim_start_matches('\u{feff}');
        let has_mark = rest.len() < text.len();
        // To Node, a lone carriage return or a byte order mark is part of the line.
        let has_lone_returns = text.split('\r').skip(1).any(continues_line);
        let mut number = 1;
        while !rest.is_empty() {
            let is_unusual = has_lone_returns || has_mark && number == 1;
            let (consumed, remaining) = rest.split_at(lines.read(rest, number, is_unusual));
            number += count_line_ends(consumed);
            rest = remaining;
        }
        lines
    }

    /// Reads the line at the start of `text`, or all lines of a quoted value. Returns its length in
    /// bytes.
    fn read(&mut self, text: &str, line: u32, is_unusual: bool) -> usize {
        let position = |rest: &str| {
            let before = &text[..text.len() - rest.len()];
            Position { line, column: count(before.chars()) + 1 }
        };
        let rest = without_export(skip_blanks(text));
        let (name, rest) =
            rest.split_at(rest.find(|char| !is_name_char(char)).unwrap_or(rest.len()));
        let known_name = env_names::read().find(|known| *known == name);
        self.unread.extend(env_names::unread().find(|known| *known == name));
        // `NAME: value` as in YAML, which half of the readers accept.
        let is_colon = rest.starts_with(": ") || rest.starts_with(":\t");
        let rest = skip_blanks(rest);
        if name.is_empty() || !(rest.starts_with('=') || is_colon) {
            if let (Some(name), false) = (known_name, is_end_or_comment(rest)) {
                self.broken.get_or_insert((position(rest), LineFault::NoAssignment { name }));
            }
            return end_of_line(text);
        }
        let value = skip_blanks(&rest[1..]);
        let ParsedValue { text: parsed, len, is_ambiguous } = ParsedValue::parse(value);
        if matches!(parsed, Err(LineFault::Quote)) {
            self.open_quotes.extend(value.chars().next());
        }
        if let Some(name) = known_name {
            // Node accepts only spaces as white space, and tabs in most places.
            let before_value = &text[..text.len() - value.len()];
            let has_unusual_blank = before_value.contains("export\t")
                || before_value
                    .contains(|char: char| char.is_whitespace() && !" \t".contains(char));
            // To some readers, a quote that was opened in an earlier line ends here.
            let ends_quote = value[..len].contains(&*self.open_quotes);
            let is_ambiguous =
                is_ambiguous || is_colon || is_unusual || has_unusual_blank || ends_quote;
            self.entries
                .insert(name, Entry { text: parsed, position: position(value), is_ambiguous });
        }
        let consumed = text.len() - value.len() + len;
        consumed + end_of_line(&text[consumed..])
    }
}

/// A value, without its quotes.
struct ParsedValue {
    text: Result<Zeroizing<String>, LineFault>,
    /// The length with the quotes, in bytes.
    len: usize,
    is_ambiguous: bool,
}

impl ParsedValue {
    /// Parses the value at the start of a text: in quotes, if at most a comment follows them, or
    /// unquoted up to the end of the line.
    fn parse(text: &str) -> Self {
        if let Some((inner, quote)) = quoted(text) {
            let text = match quote {
                '"' => unescaped(inner),
                _ => Zeroizing::new(inner.to_owned()),
            };
            // python-dotenv does not support backticks.
            let is_ambiguous = quote == '`' || has_escape(inner);
            return Self { text: Ok(text), len: inner.len() + 2, is_ambiguous };
        }
        let line = &text[..text.find(['\r', '\n']).unwrap_or(text.len())];
        let (value, is_ambiguous) = match line.split_once('#') {
            // In python-dotenv, a comment begins only at a `#` after white space.
            Some((value, _)) => (value, !value.is_empty() && value.trim_end() == value),
            None => (line, false),
        };
        let is_ambiguous =
            is_ambiguous || has_variable(value) || value.trim() != value.trim_matches([' ', '\t']);
        let text = match value.trim() {
            // No key begins with a quote, so this is a mistake, whatever other readers do.
            value if value.starts_with(QUOTES) => Err(LineFault::Quote),
            value => Ok(Zeroizing::new(value.to_owned())),
        };
        Self { text, len: line.len(), is_ambiguous }
    }
}

/// The text in quotes at the start of `text`, which may span lines, and the kind of quote.
///
/// `None` if the quotes are not closed or other text follows: then they are part of the value.
fn quoted(text: &str) -> Option<(&str, char)> {
    let quote = text.chars().next().filter(|char| QUOTES.contains(char))?;
    let inner = &text[1..];
    let mut is_escaped = false;
    let end = inner.find(|char| {
        let is_end = char == quote && !is_escaped;
        is_escaped = char == '\\' && !is_escaped;
        is_end
    })?;
    is_end_or_comment(skip_blanks(&inner[end + 1..])).then(|| (&inner[..end], quote))
}

/// Replaces the escapes `\n` and `\r` by line ends. Other escapes stay as they are.
fn unescaped(text: &str) -> Zeroizing<String> {
    let text = Zeroizing::new(text.replace("\\n", "\n"));
    Zeroizing::new(text.replace("\\r", "\r"))
}

/// Whether other readers replace a part of a quoted text: Next expands variables, even in single
/// quotes; python-dotenv and Node replace escapes.
fn has_escape(text: &str) -> bool {
    has_variable(text) || ["\\\\", "\\'", "\\\""].iter().any(|escape| text.contains(escape))
}

fn has_variable(text: &str) -> bool {
    let can_follow = |char: char| char.is_ascii_alphanumeric() || "_{$".contains(char);
    text.match_indices('$').any(|(at, _)| text[at + 1..].starts_with(can_follow))
}

/// Whether the text after a carriage return is on the same line, to readers that require `\r\n`.
fn continues_line(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('\n')
}

/// Whether the rest of a line is empty or a comment.
fn is_end_or_comment(text: &str) -> bool {
    text.is_empty() || text.starts_with(['\r', '\n', '#'])
}

fn is_name_char(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '-')
}

/// Skips `export` and the white space after it.
fn without_export(text: &str) -> &str {
    match text.strip_prefix("export") {
        Some(rest) if rest.starts_with(is_blank) => skip_blanks(rest),
        _ => text,
    }
}

/// White space within a line.
fn is_blank(char: char) -> bool {
    char.is_whitespace() && !matches!(char, '\r' | '\n')
}

fn skip_blanks(text: &str) -> &str {
    text.trim_start_matches(is_blank)
}

/// The length in bytes of the line at the start of a text, with its end: `\n`, `\r\n`, or a lone
/// `\r` as old editors write it.
fn end_of_line(text: &str) -> usize {
    match text.find(['\r', '\n']) {
        None => text.len(),
        Some(at) if text[at..].starts_with("\r\n") => at + 2,
        Some(at) => at + 1,
    }
}

fn count_line_ends(text: &str) -> u32 {
    count(text.matches(['\r', '\n'])) - count(text.matches("\r\n"))
}

/// Counts items. The number always fits, since a file has at most 64 KiB.
fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
