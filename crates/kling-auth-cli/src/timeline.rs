//! The validity of a token as a line, with a mark for now.
//!
//! ```text
//!   nbf        now                           exp
//!   |==========o-----------------------------|
//!   05:59:55   06:07:30                 06:30:00  UTC
//! ```

use crate::view::{Colour, View};

/// The beginning of each line.
const INDENT: &str = "  ";
/// Space for the indent, and for `UTC` after the times.
const MARGIN: usize = 8;
/// The longest line: more would show nothing more.
const MAX_WIDTH: usize = 72;

/// A moment, and its column.
struct Mark {
    name: &'static str,
    time: u64,
    column: usize,
}

/// The line; `None` for a token that is never valid.
pub(crate) fn draw(not_before: u64, expires_at: u64, now: u64, view: &View) -> Option<String> {
    let (first, last) = (not_before.min(now), expires_at.max(now));
    if not_before >= expires_at || first == last {
        return None;
    }
    let width = view.columns().saturating_sub(MARGIN).min(MAX_WIDTH);
    let column = |time: u64| {
        let share = u128::from(time - first) * (width as u128 - 1) / u128::from(last - first);
        usize::try_from(share).unwrap_or_default()
    };
    let mut marks = [("nbf", not_before), ("now", now), ("exp", expires_at)]
        .map(|(name, time)| Mark { name, time, column: column(time) });
    marks.sort_by_key(|mark| mark.time);
    let names = labels(&marks, width, |mark| mark.name.to_owned());
    let times = labels(&marks, width, |mark| clock(mark.time));
    let colour = if now < expires_at && now >= not_before { Colour::Good } else { Colour::Bad };
    let line =
        view.paint(colour, &line(column(not_before), column(expires_at), column(now), width));
    Some(format!("{INDENT}{names}\n{INDENT}{line}\n{INDENT}{times}  UTC\n"))
}

/// The time that has passed (`=`), that is left (`-`), and outside of the validity (`.`).
fn line(begin: usize, end: usize, now: usize, width: usize) -> String {
    let mark = |column: usize| match column {
        _ if column == now => 'o',
        _ if column == begin || column == end => '|',
        _ if !(begin..end).contains(&column) => '.',
        _ if column < now => '=',
        _ => '-',
    };
    (0..width).map(mark).collect()
}

/// Texts at the columns of the marks, moved where they would touch or exceed the width.
fn labels(marks: &[Mark; 3], width: usize, text: impl Fn(&Mark) -> String) -> String {
    let texts: Vec<String> = marks.iter().map(text).collect();
    let mut starts: Vec<usize> = marks.iter().map(|mark| mark.column).collect();
    // From the right: no text exceeds the width or touches its neighbour.
    let mut limit = width + 2;
    for (start, text) in starts.iter_mut().zip(&texts).rev() {
        *start = (*start).min(limit.saturating_sub(text.len() + 2));
        limit = *start;
    }
    let mut labels = String::new();
    for (start, text) in starts.iter().zip(&texts) {
        let least = if labels.is_empty() { 0 } else { labels.len() + 2 };
        labels += &" ".repeat((*start).max(least) - labels.len());
        labels += text;
    }
    labels
}

/// The time of day in UTC.
fn clock(time: u64) -> String {
    format!("{:02}:{:02}:{:02}", time / 3600 % 24, time / 60 % 60, time % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Host;

    fn drawn(not_before: u64, expires_at: u64, now: u64) -> String {
        draw(not_before, expires_at, now, &View::of(&Host::default())).unwrap_or_default()
    }

    #[test]
    fn the_life_of_a_token() {
        let drawn = drawn(1_799_999_995, 1_800_001_800, 1_800_001_700);
        let lines: Vec<_> = drawn.lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with("  |====") && lines[1].ends_with("=o---|"), "{drawn}");
        assert!(lines[2].starts_with("  07:59:55") && lines[2].ends_with("08:30:00  UTC"));
        assert!(lines.iter().all(|line| line.len() <= 80), "{drawn}");
    }

    #[test]
    fn outside_of_its_life() {
        let line = |drawn: String| drawn.lines().nth(1).unwrap_or_default().to_owned();
        let over = line(drawn(1_000, 2_000, 3_000));
        assert!(over.starts_with("  |===") && over.ends_with("...o"), "{over}");
        let to_come = line(drawn(2_000, 3_000, 1_000));
        assert!(to_come.starts_with("  o...") && to_come.ends_with("---|"), "{to_come}");
    }

    #[test]
    fn labels_never_touch() {
        for now in [0, 1, 100, 1_000, 1_001, 1_999, 2_000, 1_000_000, u64::MAX] {
            let drawn = drawn(1_000, 2_000, now);
            let lines: Vec<_> = drawn.lines().collect();
            assert_eq!(lines[0].split_whitespace().count(), 3, "{drawn}");
            assert_eq!(lines[2].split_whitespace().count(), 4, "{drawn}");
        }
    }

    #[test]
    fn no_life_is_not_drawn() {
        assert_eq!(drawn(2_000, 1_000, 1_500), "");
        assert_eq!(drawn(1_000, 1_000, 1_000), "");
    }
}
