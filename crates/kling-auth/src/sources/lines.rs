//! The lines of a `.env` file.
//!
//! Only the lines of our own names are read; what else stands in the file is no reason to refuse
//! it. The grammar is what npm's dotenv, Next, Node and python-dotenv agree on and, where they
//! differ, what most of them say: `tests/vectors/dotenv.json` has what each of them reads. A `$` in a
//! value is a `$`: a key is never put together from other variables.

use std::collections::HashMap;

use kling_jwt_core::env_names;
use zeroize::Zeroizing;

use crate::{error::LineFault, location::Position};

/// What a value may stand in.
const QUOTES: [char; 3] = ['"', '\'', '`'];

/// What a file says of our own names.
#[derive(Default)]
pub(super) struct Lines {
    /// What is assigned to each name; the last line of a name counts.
    pub(super) entries: HashMap<&'static str, Entry>,
    /// Names that look as if they held a credential, and are not read.
    pub(super) unread: Vec<&'static str>,
    /// Quotes that a value began with and did not end with.
    open_quotes: Vec<char>,
    /// The first line that has one of our names and assigns nothing to it.
    pub(super) broken: Option<(Position, LineFault)>,
}

/// A line of our own.
pub(super) struct Entry {
    /// The value, or what is wrong with it.
    pub(super) text: Result<Zeroizing<String>, LineFault>,
    /// Where the value begins.
    pub(super) position: Position,
    /// Whether other readers of such files see another value.
    pub(super) is_ambiguous: bool,
}

impl Lines {
    /// Reads a whole file.
    pub(super) fn parse(text: &str) -> Self {
        let mut lines = Self::default();
        // A byte order mark would become part of the first name.
        let mut rest = text.trim_start_matches('\u{feff}');
        let has_mark = rest.len() < text.len();
        // Node reads a carriage return alone as a part of the line, and a byte order mark too.
        let has_old_ends = text.split('\r').skip(1).any(is_of_line);
        let mut number = 1;
        while !rest.is_empty() {
            let is_unusual = has_old_ends || has_mark && number == 1;
            let (taken, left) = rest.split_at(lines.read(rest, number, is_unusual));
            number += line_ends(taken);
            rest = left;
        }
        lines
    }

    /// Reads the line at the start of a text, or the lines of one assignment; says how long it is.
    fn read(&mut self, text: &str, line: u32, is_unusual: bool) -> usize {
        let at = |rest: &str| {
            let before = &text[..text.len() - rest.len()];
            Position { line, column: count(before.chars()) + 1 }
        };
        let rest = without_export(skip_blanks(text));
        let (name, rest) = rest.split_at(rest.find(|char| !is_of_name(char)).unwrap_or(rest.len()));
        let ours = env_names::read().find(|known| *known == name);
        self.unread.extend(env_names::unread().find(|known| *known == name));
        // A mapping of YAML's: half of the readers take it.
        let is_colon = rest.starts_with(": ") || rest.starts_with(":\t");
        let rest = skip_blanks(rest);
        if name.is_empty() || !(rest.starts_with('=') || is_colon) {
            if let (Some(name), false) = (ours, is_over(rest)) {
                self.broken.get_or_insert((at(rest), LineFault::NoAssignment { name }));
            }
            return end_of_line(text);
        }
        let value = skip_blanks(&rest[1..]);
        let Read { text: found, len, is_ambiguous } = Read::value(value);
        if matches!(found, Err(LineFault::Quote)) {
            self.open_quotes.extend(value.chars().next());
        }
        if let Some(name) = ours {
            // Node knows no other white space than spaces, and tabs in most places.
            let names_it = &text[..text.len() - value.len()];
            let has_unusual_blank = names_it.contains("export\t")
                || names_it.contains(|char: char| char.is_whitespace() && !" \t".contains(char));
            // To some, a quote that was left open above ends here.
            let ends_quote = value[..len].contains(&*self.open_quotes);
            let is_ambiguous =
                is_ambiguous || is_colon || is_unusual || has_unusual_blank || ends_quote;
            self.entries.insert(name, Entry { text: found, position: at(value), is_ambiguous });
        }
        let taken = text.len() - value.len() + len;
        taken + end_of_line(&text[taken..])
    }
}

/// A value as it was read.
struct Read {
    text: Result<Zeroizing<String>, LineFault>,
    /// How much of the text it takes, in bytes.
    len: usize,
    is_ambiguous: bool,
}

impl Read {
    /// The value at the start of a text: in quotes, where nothing but a comment follows them, or as
    /// it stands to the end of the line.
    fn value(text: &str) -> Self {
        if let Some((inner, quote)) = quoted(text) {
            let text = match quote {
                '"' => unescaped(inner),
                _ => Zeroizing::new(inner.to_owned()),
            };
            // python-dotenv knows no backticks.
            let is_ambiguous = quote == '`' || has_escape(inner);
            return Self { text: Ok(text), len: inner.len() + 2, is_ambiguous };
        }
        let line = &text[..text.find(['\r', '\n']).unwrap_or(text.len())];
        let (value, is_ambiguous) = match line.split_once('#') {
            // To python-dotenv only a `#` behind white space begins a comment.
            Some((value, _)) => (value, !value.is_empty() && value.trim_end() == value),
            None => (line, false),
        };
        let is_ambiguous =
            is_ambiguous || has_variable(value) || value.trim() != value.trim_matches([' ', '\t']);
        let text = match value.trim() {
            // No key begins with one: whatever others read, it is a slip.
            value if value.starts_with(QUOTES) => Err(LineFault::Quote),
            value => Ok(Zeroizing::new(value.to_owned())),
        };
        Self { text, len: line.len(), is_ambiguous }
    }
}

/// What stands in the quotes at the start of a text, which may be several lines, and the quote.
/// Nothing where the quotes do not end, or other text follows: then they are a part of the value.
fn quoted(text: &str) -> Option<(&str, char)> {
    let quote = text.chars().next().filter(|char| QUOTES.contains(char))?;
    let inner = &text[1..];
    let mut is_escaped = false;
    let end = inner.find(|char| {
        let is_end = char == quote && !is_escaped;
        is_escaped = char == '\\' && !is_escaped;
        is_end
    })?;
    is_over(skip_blanks(&inner[end + 1..])).then(|| (&inner[..end], quote))
}

/// With the line ends that `\n` and `\r` stand for. Other escapes stay as they are.
fn unescaped(text: &str) -> Zeroizing<String> {
    let text = Zeroizing::new(text.replace("\\n", "\n"));
    Zeroizing::new(text.replace("\\r", "\r"))
}

/// Whether others put something else in the place of a part of a text in quotes: Next of variables,
/// even in single quotes, python-dotenv and Node of escapes.
fn has_escape(text: &str) -> bool {
    has_variable(text) || ["\\\\", "\\'", "\\\""].iter().any(|escape| text.contains(escape))
}

fn has_variable(text: &str) -> bool {
    let begins_one = |char: char| char.is_ascii_alphanumeric() || "_{$".contains(char);
    text.match_indices('$').any(|(at, _)| text[at + 1..].starts_with(begins_one))
}

/// Whether a text goes on, rather than with the next line.
fn is_of_line(text: &str) -> bool {
    !text.is_empty() && !text.starts_with('\n')
}

/// Whether nothing but a comment is left of a line.
fn is_over(text: &str) -> bool {
    text.is_empty() || text.starts_with(['\r', '\n', '#'])
}

fn is_of_name(char: char) -> bool {
    char.is_ascii_alphanumeric() || matches!(char, '_' | '.' | '-')
}

/// Without `export` and the white space behind it.
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

/// How long the line at the start of a text is, with its end: that of Unix, of Windows or, as old
/// editors write it, a carriage return alone.
fn end_of_line(text: &str) -> usize {
    match text.find(['\r', '\n']) {
        None => text.len(),
        Some(at) if text[at..].starts_with("\r\n") => at + 2,
        Some(at) => at + 1,
    }
}

fn line_ends(text: &str) -> u32 {
    count(text.matches(['\r', '\n'])) - count(text.matches("\r\n"))
}

/// A file of credentials has at most 64 KiB.
fn count<T>(items: impl Iterator<Item = T>) -> u32 {
    u32::try_from(items.count()).unwrap_or(u32::MAX)
}
