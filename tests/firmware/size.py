#!/usr/bin/env python3
"""Measures the core's flash, RAM and stack on a microcontroller; fails above the budget.

Flash is text and constants of the images in `size/`, linked for a Cortex-M4F with all that is not
reached left out, and with a panic handler that only stops. RAM and stack are what the firmware
printed in QEMU (`run.sh`). Stack is counted below the caller's frame; a return value belongs to
the caller. If a goal is missed, its current value is the limit.
"""

import os
import re
import struct
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
OUT = ROOT / "target" / "firmware"
TARGET = "thumbv7em-none-eabihf"
COMPACT = '--cfg sha2_backend="soft" --cfg sha2_backend_soft="compact"'
KIB = 1024
IMAGES = ("sign", "provider", "whole")

PANIC = re.compile(
    r"core9panicking|unwrap_failed|expect_failed|_fail\b|_fail17h|do_panic|len_mismatch"
)
FORMAT = re.compile(r"4core3fmt|core\.\.fmt")


def build(profile: str, images: "tuple[str, ...]", flags: str = "") -> "dict[str, Image]":
    """Images of a profile, read at once: builds with other flags overwrite them."""
    env = dict(os.environ, CARGO_TARGET_DIR=str(OUT), RUSTFLAGS=flags)
    bins = [f"--bin={image}" for image in images]
    command = [
        ROOT / ".ci" / "cross.sh",
        TARGET,
        "build",
        "--quiet",
        "--locked",
        "--profile",
        profile,
    ]
    subprocess.run([*command, *bins], cwd=HERE, env=env, check=True)  # noqa: S603
    return {image: Image(OUT / TARGET / profile / image) for image in images}


class Image:
    """An ELF file of 32 bits, little-endian: its sections and the names of its symbols."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        (offset,) = struct.unpack_from("<I", data, 32)
        size, count, names = struct.unpack_from("<HHH", data, 46)
        heads = [struct.unpack_from("<10I", data, offset + i * size) for i in range(count)]
        text = data[heads[names][4] :]
        self.sections = [(_name(text, head[0]), head) for head in heads]
        symbols = next(head for name, head in self.sections if name == ".symtab")
        strings = data[heads[symbols[6]][4] :]
        starts = range(symbols[4], symbols[4] + symbols[5], 16)
        self.symbols = {_name(strings, struct.unpack_from("<I", data, at)[0]) for at in starts}
        assert "_start" in self.symbols, f"{path} has no symbols to look at"

    def flash(self) -> int:
        """Bytes of text and constants: what is loaded, without the unwind tables."""
        loaded = [head[5] for name, head in self.sections if head[2] & 2 and "exidx" not in name]
        return sum(loaded)

    def named(self, pattern: "re.Pattern[str]") -> "set[str]":
        return {symbol for symbol in self.symbols if pattern.search(symbol)}


def _name(strings: bytes, at: int) -> str:
    return strings[at : strings.index(b"\0", at)].decode()


def printed() -> "dict[str, int]":
    lines = (OUT / f"{TARGET}.txt").read_text().splitlines()
    found = (re.fullmatch(r"((?:stack|ram) \w+) (\d+)", line) for line in lines)
    return {match[1]: int(match[2]) for match in found if match}


def said(goal: "int | None", held_at: "int | None", found: int) -> str:
    if goal is not None and found <= goal:
        return "met"
    if held_at is None or found > held_at:
        return "EXCEEDED"
    return f"held at {held_at:,}" if goal is None else f"missed, held at {held_at:,}"


def main() -> int:
    default = build("release", IMAGES)
    compact = build("release", IMAGES, COMPACT)
    signing, signing_s = default["sign"], build("release-s", ("sign",))["sign"]
    ram = printed()

    # What is measured; the goal; the limit if the goal is missed; the value.
    # With Rust 1.85 the whole core is 600 bytes larger than with 1.96; the limits allow for both.
    rows = [
        ("flash: signing", 13 * KIB, None, default["sign"].flash()),
        ("flash: signing, compact SHA-256", 6 * KIB, None, compact["sign"].flash()),
        ("flash: provider and verdicts", None, 25 * KIB, default["provider"].flash()),
        ("flash: provider and verdicts, compact", 20 * KIB, None, compact["provider"].flash()),
        ("flash: the whole core", 20 * KIB, 31 * KIB + 512, default["whole"].flash()),
        ("flash: the whole core, compact", 20 * KIB, 24 * KIB + 768, compact["whole"].flash()),
        ("RAM: a `TokenProvider`", KIB, None, ram["ram provider"]),
        ("stack: keys to provider, once", 2 * KIB, None, ram["stack keys"]),
        ("stack: sign", 2 * KIB, None, ram["stack sign"]),
        ("stack: `token`", 2 * KIB, None, ram["stack token"]),
        ("stack: `handle_response`", 2 * KIB, None, ram["stack handle_response"]),
        ("stack: `webhook::verify`", 2 * KIB, None, ram["stack webhook"]),
        ("stack: `inspect`", 2 * KIB, None, ram["stack inspect"]),
    ]
    symbols = [
        ("symbols of formatting, signing", 0, None, len(signing.named(FORMAT))),
        ("symbols of panics, signing", 0, None, len(signing.named(PANIC))),
        ("symbols of formatting, signing, `s`", 0, None, len(signing_s.named(FORMAT))),
        ("symbols of panics, signing, `s`", 0, None, len(signing_s.named(PANIC))),
    ]
    print(f"| opt-level `z`, {TARGET} | goal | found | |\n|---|---:|---:|---|")
    is_within = True
    for unit, measured in (" B", rows), ("", symbols):
        for what, goal, held_at, found in measured:
            verdict = said(goal, held_at, found)
            is_within = is_within and verdict != "EXCEEDED"
            goal_text = "" if goal is None else f"{goal:,}{unit}"
            print(f"| {what} | {goal_text} | {found:,}{unit} | {verdict} |")
    if not is_within:
        print("size.py: over budget", file=sys.stderr)
    return 0 if is_within else 1


if __name__ == "__main__":
    sys.exit(main())
