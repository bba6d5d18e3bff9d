#!/usr/bin/env python3
"""Installs each artifact of ``target/dist`` in a clean environment, and runs the guide's examples.

``run.py [python] [node] [rust]``, all by default, after ``.ci/dist.sh``. Each row has a gate of its
own, and an interpreter or runtime with nothing but the artifact. What cannot run here is listed,
too, and is a failure if ``CI`` is set. The table goes to docs/INSTALLED.md.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "gate")]

import foreign  # noqa: E402
from cpython import interpreter  # noqa: E402
from gate import Gate  # noqa: E402

HERE = Path(__file__).resolve().parent
DIST = ROOT / "target" / "dist"
PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
STARTS = 15
ABSENT = "not here"
EMULATED = "native, under QEMU"
UNTRIED = "built and checked, not run"


def run(command, **options):
    """Run a command, and return its output. An error contains the output."""
    ran = subprocess.run(  # noqa: S603
        [str(part) for part in command], capture_output=True, text=True, check=False, **options
    )
    if ran.returncode != 0:
        raise SystemExit(f"{command} in {options.get('cwd', '.')}:\n{ran.stdout}{ran.stderr}")
    return ran.stdout


# So that an artifact does not find the machine's own credentials.
ALONE = {"KLING_STORAGE_ROOT": "/nonexistent", "NO_COLOR": "1"}


def size_of(place):
    files = [place] if place.is_file() else place.rglob("*")
    return sum(path.stat().st_size for path in files if path.is_file())


def one(pattern):
    """The newest artifact of this name. It is an error if there is none."""
    found = sorted(DIST.glob(pattern), key=lambda path: path.stat().st_mtime)
    if not found:
        raise SystemExit(f"no {pattern} in target/dist: run make dist")
    return found[-1]


def median_of_starts(command, **options):
    """The median of the times that new processes measure themselves, in milliseconds."""
    return statistics.median(float(run(command, **options)) for _ in range(STARTS))


IMPORT = """import time
start = time.perf_counter()
import kling_auth
print((time.perf_counter() - start) * 1e3)"""


def in_python(version, artifact, place):
    python = interpreter(version)
    if python is None and foreign.is_here("x86_64") and artifact.suffix == ".whl":
        return in_foreign_python(*foreign.newest_python(version), "x86_64", artifact, place)
    if python is None:
        return {"runtime": f"CPython {version}", "artifact": artifact.name, "state": ABSENT}
    run([python, "-m", "venv", place])
    inside = [place / "bin" / "python"]
    # The registry is only used for the build requirements of the sdist.
    offline = ["--no-index"] if artifact.suffix == ".whl" else []
    run([*inside, "-m", "pip", "install", "--quiet", *offline, "--no-cache-dir", artifact])
    row = guided(inside, artifact, place, place / "bin" / "kling-auth")
    start = median_of_starts([*inside, "-I", "-c", IMPORT], cwd=place)
    return {**row, "start": start, "state": "native"}


def in_python_of_arm(artifact, place):
    if not foreign.is_here("aarch64"):
        return {"runtime": "CPython, aarch64", "artifact": artifact.name, "state": ABSENT}
    row = in_foreign_python(*foreign.python_of_arm(), "aarch64", artifact, place)
    return {**row, "runtime": f"{row['runtime']}, aarch64", "state": EMULATED}


def in_foreign_python(start, program, machine, artifact, place):
    """A venv of a Python that needs a loader or emulator; this machine's pip installs into it."""
    run([*start, program, "-m", "venv", "--without-pip", place])
    site = next(place.glob("lib/python3.*/site-packages"))
    version = site.parent.name.removeprefix("python")
    only = ["--platform", f"manylinux2014_{machine}", "--python-version", version]
    only += ["--only-binary", ":all:", "--no-index", "--target", site]
    run([sys.executable, "-m", "pip", "install", "--quiet", *only, artifact])
    inside = [*start, place / "bin" / "python"]
    row = guided(inside, artifact, place, *inside, "-m", "kling_auth")
    return {**row, "state": "native"}


def guided(inside, artifact, place, *program):
    """Run the guide's examples in this Python, with this command for the command line."""
    asked = "import kling_auth; print(kling_auth.__path__[0])"
    bytes_installed = size_of(Path(run([*inside, "-I", "-c", asked], cwd=place).strip()))
    examples = ROOT / "python" / "examples"
    with Gate() as gate:
        guide = [*inside, "-I", HERE / "python" / "guide.py", examples, gate.url, *program]
        run(guide, cwd=place, env={**gate.environment, **ALONE})
    return {
        "runtime": f"CPython {run([*inside, '-V']).split()[1]}",
        "artifact": artifact.name,
        "installed": bytes_installed,
    }


def tested_in_python(place):
    """The stand-in as its users install it, in a clean environment."""
    python = interpreter("3.13") or sys.executable
    run([python, "-m", "venv", place])
    inside = place / "bin" / "python"
    offline = ["--no-index", "--find-links", DIST, "--no-cache-dir"]
    run([inside, "-m", "pip", "install", "--quiet", *offline, "kling-auth[testing]"])
    run([inside, "-I", HERE / "python" / "testing.py"], cwd=place, env=ALONE)
    return {
        "runtime": "`kling-auth[testing]`",
        "artifact": one("kling_gate-*-manylinux*_x86_64.whl").name,
        "installed": size_of(place / "bin" / "kling-gate")
        + size_of(next(place.glob("lib/*/site-packages/kling_gate"))),
        "state": "native",
    }


def python():
    old, new = (one(f"*-{abi}-abi3-manylinux*_x86_64.whl") for abi in ("cp38", "cp310"))
    # The wheels that pip would choose.
    rows = [(version, old if version in ("3.8", "3.9") else new) for version in PYTHONS]
    rows += [("3.13", old), ("3.13", one("kling_auth-*.tar.gz"))]
    for number, (version, artifact) in enumerate(rows):
        with tempfile.TemporaryDirectory() as folder:
            yield in_python(version, artifact, Path(folder) / str(number))
    for artifact in sorted(DIST.glob("kling_auth-*-manylinux*_aarch64.whl")):
        with tempfile.TemporaryDirectory() as folder:
            yield in_python_of_arm(artifact, Path(folder) / "arm64")
    for artifact in sorted(DIST.glob("kling_auth-*-musllinux*.whl")):
        # No registry has a Python for musl; the release workflow tests it in Alpine.
        yield {"runtime": "CPython, musl", "artifact": artifact.name, "state": UNTRIED}
    with tempfile.TemporaryDirectory() as folder:
        yield tested_in_python(Path(folder) / "testing")


REQUIRE = (
    "const { performance: p } = require('node:perf_hooks'); const t = p.now();"
    "require('kling-auth'); console.log(p.now() - t)"
)
# The name that each example has to export for the tests.
EXPORTS = {"token": "generateKlingToken", "manager": "KlingAuth", "check": None}


def runtimes():
    """The programs of the runtimes, which `make test-runtimes` uses, too."""
    module = (ROOT / "node" / "tests" / "runtimes" / "install.mjs").as_uri()
    script = f"console.log(JSON.stringify((await import('{module}')).install()))"
    found = json.loads(run(["node", "--input-type=module", "-e", script], cwd=ROOT / "node"))
    node = {each["version"].split(".")[0]: each["program"] for each in found["nodes"]}
    return [
        ("Node 18", [node["18"]], "native"),
        ("Node 26", [node["26"]], "native"),
        ("Node 26, without optional packages", [node["26"]], "WebAssembly"),
        ("Bun", [found["bun"]["program"], "run"], "native"),
        (
            "Deno",
            [found["deno"]["program"], "run", "--allow-all", "--node-modules-dir=manual"],
            "WebAssembly",
        ),
    ]


def node_project(place, tarballs, *flags):
    """An npm project with the packages, and the guide's examples in it."""
    place.mkdir()
    (place / "package.json").write_text('{ "private": true, "type": "module" }\n')
    # The packages of other platforms are optional, and not available offline.
    quiet = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    run(["npm", "install", *quiet, *flags, *tarballs], cwd=place)
    for name, exported in EXPORTS.items():
        example = (ROOT / "node" / "examples" / f"guide_{name}.mjs").read_text("utf-8")
        tail = f"\nexport {{ {exported} }};\n" if exported else ""
        (place / f"guide_{name}.mjs").write_text(example + tail)
    shutil.copy(HERE / "node" / "guide.mjs", place)
    return place


def guided_in_node(runtime, command, place, build):
    """Run the guide's examples with this command, which has to load this build of the core."""
    with Gate() as gate:
        options = {"cwd": place, "env": {**gate.environment, **ALONE}}
        ran = run([*command, "guide.mjs", gate.url], **options).split()[-1]
    if ran != build:
        raise SystemExit(f"{runtime} ran {ran} instead of {build}")
    return {
        "runtime": runtime,
        "artifact": one("kling-auth-[0-9]*.tgz").name,
        "installed": size_of(place / "node_modules"),
        "state": ran,
    }


def node():
    main = one("kling-auth-[0-9]*.tgz")
    native = one("kling-auth-linux-x64-gnu-*.tgz")
    with tempfile.TemporaryDirectory() as folder:
        whole = node_project(Path(folder) / "whole", [main, native])
        alone = node_project(Path(folder) / "alone", [main])
        for runtime, command, build in runtimes():
            place = alone if "without" in runtime else whole
            row = guided_in_node(runtime, command, place, build)
            if runtime.startswith("Node"):
                start = [*command, "--no-warnings", "-e", REQUIRE]
                row["start"] = median_of_starts(start, cwd=place)
            yield row
        yield tested_in_node(Path(folder) / "testing", [main, native])
        for target, here in FOREIGN.items():
            for native in DIST.glob(f"kling-auth-linux-{target}-[0-9]*.tgz"):
                yield in_foreign(*here, Path(folder) / target, main, native)
        for bundler, count in bundled(whole):
            yield {
                "runtime": bundler,
                "artifact": main.name,
                "installed": count,
                "state": "WebAssembly",
            }


def tested_in_node(place, packages):
    """The stand-in as its users install it."""
    gate, binary = one("kling-gate-[0-9]*.tgz"), one("kling-auth-gate-linux-x64-gnu-*.tgz")
    node_project(place, [*packages, gate, binary])
    shutil.copy(HERE / "node" / "testing.mjs", place)
    run(["node", "testing.mjs"], cwd=place, env={"PATH": os.environ["PATH"], **ALONE})
    modules = place / "node_modules"
    return {
        "runtime": "`kling-gate` in Node",
        "artifact": binary.name,
        "installed": sum(map(size_of, (modules / "kling-gate", *modules.glob("@kling-auth/gate-*")))),
        "state": "native",
    }


# Runtimes for the native builds that this machine's Node cannot load: machine, name, command.
FOREIGN = {
    "arm64-gnu": ("aarch64", "Node 26, aarch64", foreign.node_of_arm),
    "x64-musl": ("x86_64", "Bun, musl", lambda: foreign.bun_on_musl("x86_64")),
    "arm64-musl": ("aarch64", "Bun, musl, aarch64", lambda: foreign.bun_on_musl("aarch64")),
}


def in_foreign(machine, runtime, command, place, main, native):
    if not foreign.is_here(machine):
        return {"runtime": runtime, "artifact": native.name, "state": ABSENT}
    node_project(place, [main, native], "--force")  # otherwise npm refuses packages of other platforms
    row = guided_in_node(runtime, command(), place, "native")
    state = EMULATED if machine == "aarch64" else row["state"]
    return {**row, "artifact": native.name, "state": state}


BUNDLED = """import { KlingAuth, verdict } from 'kling-auth';
import jwt from 'kling-auth/jwt';
const auth = new KlingAuth('access-key', 'secret-key', { clock: () => 1800000000 });
if (jwt.decode(auth.token).exp !== 1800001800) throw new Error(auth.token);
console.log(auth.token, verdict(401, '{"code":1002}').cause);
"""


def bundled(place):
    """Bundles a program for browsers with each bundler, and runs it: the output is the same as Node's."""
    (place / "program.mjs").write_text(BUNDLED)
    expected = run(["node", "program.mjs"], cwd=place)
    binaries = DIST / "tools" / "node_modules" / ".bin"  # installed by judge.sh
    commands = {
        "esbuild": "program.mjs --bundle --format=esm --outfile=esbuild/out.mjs --log-level=error",
        "webpack": f"--config {HERE}/node/webpack.config.cjs",
        "vite": f"build --config {HERE}/node/vite.config.mjs --logLevel error",
    }
    for name, arguments in commands.items():
        run([binaries / name, *arguments.split()], cwd=place)
        out = place / name / "out.mjs"
        printed = run(["node", "--no-warnings", out], cwd=place.parent)
        if printed != expected:
            raise SystemExit(f"{name}: {printed!r}, and Node prints {expected!r}")
        yield name, out.stat().st_size


def rust():
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for crate in ("kling-jwt-core", "kling-gate", "kling-auth"):
            with tarfile.open(one(f"{crate}-[0-9]*.crate")) as packed:
                packed.extractall(place, filter="data")
        version = json.loads((ROOT / "node" / "package.json").read_text())["version"]
        (place / "Cargo.toml").write_text(f"""[package]
name = "consumer"
edition = "2024"
[[bin]]
name = "consumer"
path = "main.rs"
[dependencies]
kling-auth = {{ version = "{version}", features = ["check", "testing"] }}
kling-jwt-core = "{version}"
[patch.crates-io]
kling-auth = {{ path = "kling-auth-{version}" }}
kling-gate = {{ path = "kling-gate-{version}" }}
kling-jwt-core = {{ path = "kling-jwt-core-{version}" }}
[workspace]
""")
        shutil.copy(HERE / "rust" / "main.rs", place)
        # The versions that the checkout was tested with.
        shutil.copy(ROOT / "Cargo.lock", place)
        target = {"CARGO_TARGET_DIR": str(DIST / "cargo")}
        with Gate() as gate:
            environment = {**gate.environment, **ALONE, **target}
            run(["cargo", "run", "--quiet"], cwd=place, env=environment)
        yield {
            "runtime": run(["rustc", "--version"]).rsplit(" (", 1)[0],
            "artifact": one("kling-auth-[0-9]*.crate").name,
            "state": "native",
        }


def artifacts():
    """Each artifact, and its size in bytes."""
    kinds = ("*.whl", "*.tar.gz", "*.tgz", "*.crate")
    return sorted((path.name, path.stat().st_size) for kind in kinds for path in DIST.glob(kind))


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def short_name(artifact):
    """A short name for the table of runs, since names of wheels are long."""
    if not artifact.endswith(".whl"):
        return f"`{artifact}`"
    _, _, *tags, platform = artifact.removesuffix(".whl").split("-")
    return f"wheel `{'-'.join(tags)}`, {platform.split('.')[0]}"


def page(rows):
    skipped = DIST / "skipped.txt"
    built = table(["artifact", "bytes"], [(f"`{name}`", f"{size:,}") for name, size in artifacts()])
    ran = table(
        ["runs in", "from", "runs", "installed, bytes", "import, ms"],
        [
            (
                row["runtime"],
                short_name(row["artifact"]),
                row["state"],
                f"{row['installed']:,}" if row.get("installed") else "",
                f"{row['start']:.1f}" if row.get("start") else "",
            )
            for row in rows
        ],
    )
    left = (
        f"\nNot built on this machine:\n\n{skipped.read_text()}" if skipped.exists() else ""
    )
    return f"""# What you install

Written by `make dist`. It builds every artifact, installs each one into a clean environment, and
runs the examples of Kling's guide there, against a local stand-in for Kling.

{built}
{left}
{ran}

`import` is the median over {STARTS} new processes, each of which measures `import kling_auth` or
`require('kling-auth')` itself; it is not measured under QEMU. The row of a bundler is the complete
bundle of a program for browsers.
"""


def main(kinds):
    rows = []
    for kind in kinds or ("python", "node", "rust"):
        for row in {"python": python, "node": node, "rust": rust}[kind]():
            rows.append(row)
            print("{runtime}: {state}, {artifact}".format(**row), flush=True)
    if not kinds:
        text = page(rows)
        (ROOT / "docs" / "INSTALLED.md").write_text(text, "utf-8")
        print(text)
    absent = [row["runtime"] for row in rows if row["state"] == ABSENT]
    if absent:
        print(f"NOT RUN, since they are not available here: {', '.join(absent)}", file=sys.stderr)
    return 1 if absent and os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
