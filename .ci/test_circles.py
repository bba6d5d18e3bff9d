"""Tests `circles.py` with small crates."""

from pathlib import Path

from circles import report


def found(src: Path, **files: str) -> "list[str]":
    """The report on a crate of these files; `__` in a name means a slash."""
    for name, text in files.items():
        path = src / f"{name.replace('__', '/')}.rs"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    return [line.strip() for line in report(src)[0]]


def test_finds_a_circle_with_the_imports_that_close_it(tmp_path):
    assert found(
        tmp_path,
        lib="mod a; mod b; mod c;",
        a="use crate::{b::{self, B}, c};\npub struct A; fn f() { b::make(); c::C }",
        b="use super::a::A as Other;\npub struct B; pub fn make() {}",
        c="pub struct C;",
    ) == ["2 modules need one another: a, b", "a -> b (B; make) -> a (A)"]


def test_follows_re_exports(tmp_path):
    lines = found(
        tmp_path,
        lib="mod claims; mod parts; pub use claims::Claims; pub use parts::Token;",
        claims="use crate::Token; pub struct Claims(Token);",
        parts__mod="mod made; pub use made::Token;",
        parts__made="pub struct Token; impl Token { fn of(_: &crate::Claims) {} }",
    )
    assert lines[:2] == [
        "2 modules need one another: claims, parts::made",
        "claims -> parts::made (Token) -> claims (Claims)",
    ]
    assert lines[2] == "2 rooms need one another: claims, parts/"


def test_rooms_may_be_a_circle_without_one_of_modules(tmp_path):
    assert found(
        tmp_path,
        lib="mod a; mod b;",
        a__mod="mod one; pub mod two;",
        a__one="use crate::b::B;",
        a__two="pub struct Two;",
        b="use crate::a::two::Two; pub struct B;",
    ) == [
        "2 rooms need one another: a/, b",
        "a/ -> b (a::one: b's B) -> a/ (b: a::two's Two)",
    ]


def test_a_parent_needs_a_child_only_if_it_uses_it(tmp_path):
    files = {
        "lib": "mod room; pub use room::room;",
        "room__child": "use super::room; pub fn send() { room() }",
    }
    handed_on = "mod child; pub use child::send; pub fn room() {}"
    assert found(tmp_path, **files, room__mod=handed_on) == []
    used = handed_on.replace("{}", "{ send() }")
    assert found(tmp_path, **files, room__mod=used)[1:] == [
        "room -> room::child (send) -> room (room)"
    ]


def test_ignores_comments_texts_and_tests(tmp_path):
    b = """
//! [`crate::a::A`]
/* use crate::a::A; */
use a::A; // of another crate
use std::fmt::{self, Display as _};
/// ```
/// use crate::a::A;
/// ```
pub struct B<'a>(&'a str, char);
const TEXTS: [&str; 3] = ["crate::a::A \\" ", r#"crate::a::A " "#, "'"];
const fn quote() -> char { '\\'' }
#[cfg(test)]
#[allow(unused)]
mod tests {
    use crate::a::A;
    fn f() -> [A; 2] { crate::a::make() }
}
"""
    assert found(tmp_path, lib="mod a; mod b;", a="use crate::b::B; pub struct A;", b=b) == []


def test_an_inline_module_belongs_to_its_file(tmp_path):
    assert found(
        tmp_path,
        lib="mod a; mod b;",
        a="pub mod json { use super::super::b::B; pub struct J; }",
        b="pub struct B; fn f() { crate::a::json::J; }",
    )[1:] == ["a -> b (B) -> a (J)"]
