# ruff: noqa: S603, S607
"""How the blocks of each language are run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import threading
from pathlib import Path

import yaml
from blocks import Block
from gate import ROOT, Gate

OUT = ROOT / "target/docs/run"
LINKING = threading.Lock()
MODULES = ROOT / "node/node_modules"
# Stand-ins for the clients of secrets managers, as packages.
SECRETS = ROOT / "tests/docs/secrets"
# The package of another project that a page compares with.
KLING_API = "kling-api@1.0.0"
SECONDS = 60
PYTHONPATH = f"{ROOT / 'python'}:{ROOT / 'python/gate'}"
# The comment after a statement that prints.
PROMISED = re.compile(r"^ *(?:print|console\.log)\(.*\);?  ?(?:#|//) (.*)$", re.M)


class Failed(Exception):
    """A block failed, or did not do what its page says."""


def run(command: list, gate: Gate, cwd: Path | str, **more: str) -> str:
    """Runs a program, and returns its standard output."""
    environment = {**gate.environment, **more}
    done = subprocess.run(
        command, env=environment, cwd=cwd, capture_output=True, text=True, timeout=SECONDS
    )
    if done.returncode:
        raise Failed(textwrap.indent(f"{done.stdout}{done.stderr}".strip()[-3000:], "  "))
    return done.stdout


def compare(printed: str, promised: list[str]) -> None:
    """Compares the output with the comments after ``print``, up to ``…``."""
    lines = printed.splitlines()
    if len(lines) != len(promised) or not all(
        line.startswith(start.rstrip("… ")) for line, start in zip(lines, promised)
    ):
        raise Failed(f"  printed {lines}\n  and not {promised}")


# Python: the blocks of a page run in order, in one program.


def run_python(blocks: list[Block], gate: Gate) -> None:
    program = "\n".join(placed(block) for block in blocks)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory, "page.py")
        path.write_text(program, "utf-8")
        command = [sys.executable, "-W", "ignore::kling_auth.KlingAuthWarning", path]
        printed = run(command, gate, directory, PYTHONPATH=PYTHONPATH)
    compare(printed, [line for block in blocks for line in PROMISED.findall(block.code)])


def placed(block: Block) -> str:
    """Code that runs a block, with a name that shows its line in tracebacks."""
    return f"exec(compile({block.whole()!r}, {str(block)!r}, 'exec'))"


# JavaScript: each block is a module.


def modules() -> None:
    """Links the packages that a block imports: ours, those of the tests, and stand-ins."""
    with LINKING:  # the first blocks run at the same time
        link_modules()


def link_modules() -> None:
    directory = OUT / "node_modules"
    if directory.exists():
        return
    (directory / "@types").mkdir(parents=True)
    (directory / "kling-auth").symlink_to(ROOT / "node")
    for package in ("axios", "express", "got", "jsonwebtoken", "ky", "undici", "@types/node"):
        (directory / package).symlink_to(MODULES / package)
    for package in ("@aws-sdk", "@azure", "@google-cloud", "node-vault"):
        (directory / package).symlink_to(SECRETS / package)
    (OUT / "package.json").write_text('{"private": true, "imports": {"#block": "./none.mjs"}}')


def run_javascript(block: Block, gate: Gate) -> None:
    modules()
    run_module(block, block.whole(), gate)


def run_module(block: Block, code: str, gate: Gate, name: str = "block") -> None:
    with tempfile.TemporaryDirectory(dir=OUT, prefix=f"{block.page.stem}-{block.line}-") as place:
        directory = Path(place)
        (directory / f"{name}.mjs").write_text(code, "utf-8")
        entry = directory / f"{name}.mjs"
        if "use" in block.asks:
            entry = directory / "use.mjs"
            entry.write_text(block.asks["use"].replace("#block", f"./{name}.mjs"), "utf-8")
        printed = run(["node", entry], gate, directory, NODE_NO_WARNINGS="1")
    # A test says by its exit status whether it failed.
    if "'node:test'" not in block.code:
        compare(printed, PROMISED.findall(block.code))


def run_typescript(block: Block, gate: Gate) -> None:
    """Checks its types with the strictest options, and runs it."""
    modules()
    with tempfile.TemporaryDirectory(dir=OUT, prefix=f"{block.page.stem}-{block.line}-") as place:
        source = Path(place, "block.mts")
        source.write_text(block.whole(), "utf-8")
        options = ["--noEmit", "--strict", "--exactOptionalPropertyTypes", "--skipLibCheck"]
        options += ["--module", "nodenext", "--target", "es2022", "--types", "node"]
        run([MODULES / "typescript/bin/tsc", *options, source], gate, OUT)
        code = run([MODULES / ".bin/esbuild", "--loader:.mts=ts", source], gate, OUT)
    run_module(block, code, gate)


# Rust: all blocks are doctests of one crate.


def run_rust(blocks: list[Block]) -> list[str]:
    crate = ROOT / "target/docs/rust"
    shutil.rmtree(crate, ignore_errors=True)
    (crate / "src").mkdir(parents=True)
    manifest = Path(__file__).with_name("Cargo.toml").read_text("utf-8")
    (crate / "Cargo.toml").write_text(manifest.replace("../..", str(ROOT)), "utf-8")
    shutil.copy(ROOT / "Cargo.lock", crate)
    tests = []
    for block in blocks:
        name = f"{re.sub(r'[^a-z0-9]', '_', block.page.stem.lower())}_{block.line}"
        attributes = block.more.removeprefix(",")
        doc = f"```rust,{attributes}\n{block.code}```\n"
        tests.append(f'#[doc = r####"{doc}"####]\npub mod {name} {{}}\n')
    (crate / "src/lib.rs").write_text("".join(tests), "utf-8")
    done = subprocess.run(
        ["cargo", "test", "--quiet", "--doc", "--manifest-path", crate / "Cargo.toml"],
        env={**os.environ, "CARGO_TARGET_DIR": str(ROOT / "target")},
        capture_output=True,
        text=True,
    )
    passed = sum(map(int, re.findall(r"(\d+) passed", done.stdout)))
    if done.returncode or passed != len(blocks):
        return [f"FAILED Rust: {passed} of {len(blocks)} passed\n{done.stdout}{done.stderr}"]
    return []


# Shell: a script, or a transcript whose output is compared.


def run_shell(block: Block, gate: Gate) -> None:
    shell(block.whole(), gate)


def shell(script: str, gate: Gate) -> str:
    with tempfile.TemporaryDirectory() as directory:
        path = f"{ROOT / '.venv/bin'}:{ROOT / 'target/debug'}:{os.environ['PATH']}"
        script = f"exec 2>&1; set -euo pipefail\n{script}"
        return run(["bash", "-c", script], gate, directory, PATH=path, HOME=directory, COLUMNS="90")


def run_transcript(block: Block, gate: Gate) -> None:
    """Runs the commands after ``$``, and compares their output: line breaks and values of numbers
    are ignored, and ``…`` matches anything.
    """
    commands = re.split(r"^\$ ", block.code, flags=re.M)[1:]
    script, expected = [block.asks.get("before", "")], []
    for command in commands:
        line, _, output = command.partition("\n")
        script.append(f"{line} || true; echo ----")
        expected.append(output)
    printed = shell("\n".join(script), gate).split("----\n")
    for command, wanted, got in zip(commands, expected, printed):
        pattern = ".*?".join(map(re.escape, plain(wanted).split("…")))
        if not re.fullmatch(pattern, plain(got), re.S):
            raise Failed(f"  $ {command.splitlines()[0]}\n  printed\n{got}\n  and not\n{wanted}")


def plain(output: str) -> str:
    return " ".join(re.sub(r"\d+", "0", output).split())


# A diff: both sides run, the old one with the library that it replaces.


def run_diff(block: Block, gate: Gate) -> None:
    language = block.asks.get("diff of")
    if not language:
        raise Failed("  a diff of what? `<!-- diff of LANGUAGE -->` is missing")
    for gone, sign in (("+", "-"), ("-", "+")):
        lines = [line for line in block.code.splitlines() if not line.startswith(gone)]
        code = "\n".join(line[1:] if line[:1] in " +-" else line for line in lines)
        side = Block(block.page, block.line, language, "", code, dict(block.asks))
        try:
            run_side(side, gate)
        except Failed as failed:
            raise Failed(f"  the side of {sign}:\n{failed}") from failed


def run_side(side: Block, gate: Gate) -> None:
    if side.language == "python":
        run_python([side], gate)
    else:
        modules()
        if "kling-api" in side.code and not (OUT / "node_modules/kling-api").exists():
            install = ["npm", "install", "--no-audit", "--no-fund", "--prefix", OUT.parent / "peer"]
            subprocess.run([*install, KLING_API], check=True, capture_output=True)
            (OUT / "node_modules/kling-api").symlink_to(OUT.parent / "peer/node_modules/kling-api")
        run_module(side, side.whole(), gate)


# Files that are parsed.


def run_dotenv(block: Block, gate: Gate) -> None:
    """Checks that the credentials are found in a ``.env``."""
    with tempfile.TemporaryDirectory() as directory:
        Path(directory, ".env").write_text(block.code, "utf-8")
        source = "from kling_auth import KlingAuth\nprint(KlingAuth().source)"
        environment = {k: v for k, v in gate.environment.items() if not k.startswith("KLING")}
        done = subprocess.run(
            [sys.executable, "-c", source],
            env={**environment, "PYTHONPATH": str(ROOT / "python"), "HOME": directory},
            cwd=directory,
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
        if done.returncode or ".env" not in done.stdout:
            raise Failed(f"  {done.stdout}{done.stderr}")


def read_yaml(block: Block, gate: Gate) -> None:
    """Parses it. The scripts of a workflow's steps run as shell against the gate."""
    try:
        documents = list(yaml.safe_load_all(block.code))
    except yaml.YAMLError as error:
        raise Failed(f"  {error}") from error
    for document in documents:
        for job in (document or {}).get("jobs", {}).values():
            for step in job["steps"]:
                script = step.get("run")
                if script and "install" not in script:
                    shell(script, gate)


# By language: functions that run one block, functions that run all blocks of a page, no code.
LANGUAGES = {
    "console": run_transcript,
    "diff": run_diff,
    "dotenv": run_dotenv,
    "js": run_javascript,
    "sh": run_shell,
    "ts": run_typescript,
    "yaml": read_yaml,
}
SHARED = {"python": run_python}
PROSE = {"text"}
