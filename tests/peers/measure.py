"""Builds and installs the contenders, and collects a line for each figure."""

import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from cpython import interpreter  # noqa: E402

AK, SK = "AKbenchmark000000000000000000001", "SKbenchmark000000000000000000001"
CLAIMS = f"dict(iss={AK!r}, exp=int(time.time()) + 1800, nbf=int(time.time()) - 5)"
KINDS = ("Signer", "TokenProvider", "KlingAuth", "KlingAuth, read again", "Accounts")

# A program for each: import it, and make one token.
PYTHON_PROGRAMS = {
    "empty program": "",
    "kling-auth": f"from kling_auth import KlingAuth\nKlingAuth({AK!r}, {SK!r}).token",
    "PyJWT": f"import jwt, time\njwt.encode({CLAIMS}, {SK!r})",
    "python-jose": f"from jose import jwt\nimport time\njwt.encode({CLAIMS}, {SK!r})",
    "joserfc": "from joserfc import jwt\nfrom joserfc.jwk import OctKey\nimport time\n"
    f"jwt.encode(dict(alg='HS256', typ='JWT'), {CLAIMS}, OctKey.import_key({SK!r}))",
    "pyjwt-rs": f"import jwt_rs, time\njwt_rs.encode({CLAIMS}, {SK!r})",
    "oxyjwt": f"import oxyjwt, time\noxyjwt.encode({CLAIMS}, {SK!r})",
    "ryjwt": "import ryjwt, time\n"
    f"ryjwt.SecretKey({SK.encode()!r}, algorithms=['HS256']).encode({CLAIMS})",
    "stdlib": "import base64, hashlib, hmac, json, time\ne = base64.urlsafe_b64encode\n"
    f"i = e(b'{{}}') + b'.' + e(json.dumps({CLAIMS}).encode())\n"
    f"e(hmac.digest({SK.encode()!r}, i, 'sha256'))",
}
JS_CLAIMS = (
    f"{{iss: '{AK}', exp: (Date.now() / 1000 | 0) + 1800, nbf: (Date.now() / 1000 | 0) - 5}}"
)
NODE_PROGRAMS = {
    "empty program": "",
    "kling-auth": "const { KlingAuth } = require('kling-auth');\n"
    f"new KlingAuth('{AK}', '{SK}').token;",
    "jsonwebtoken": f"require('jsonwebtoken').sign({JS_CLAIMS}, '{SK}');",
    "fast-jwt": f"require('fast-jwt').createSigner({{ key: '{SK}' }})({JS_CLAIMS});",
    "@node-rs/jsonwebtoken": f"require('@node-rs/jsonwebtoken').signSync({JS_CLAIMS}, '{SK}');",
    "jose": f"import('jose').then(({{ SignJWT }}) => new SignJWT({JS_CLAIMS})\n"
    f"  .setProtectedHeader({{ alg: 'HS256' }}).sign(Buffer.from('{SK}')));",
    "node:crypto": "const { createHmac } = require('node:crypto');\n"
    f"createHmac('sha256', '{SK}').update(JSON.stringify({JS_CLAIMS})).digest('base64url');",
}


class Tools:
    """The paths of builds and installed packages."""

    def __init__(self, root: Path):
        self.root = root
        self.work = root / "target" / "peers"
        self.rust = self.work / "rust" / "release" / "kling-peers"
        self.venv = self.work / "venv"
        self.python = self.venv / "bin" / "python"
        self.peers = self.work / "python"
        self.node_modules = HERE / "node" / "node_modules"

    def requirements(self) -> "list[str]":
        lines = (HERE / "python" / "requirements.txt").read_text("utf-8").splitlines()
        return [line for line in lines if line and not line.startswith("#")]


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def run(*command: "str | Path", **options) -> str:
    done = subprocess.run(  # noqa: S603
        list(map(str, command)), check=True, stdout=subprocess.PIPE, text=True, **options
    )
    return done.stdout


def prepare(root: Path) -> Tools:
    """Builds the product, and installs the peers that are not installed yet."""
    tools = Tools(root)
    say("build: Rust")
    manifest = HERE / "rust" / "Cargo.toml"
    build = ("cargo", "build", "--release", "--locked", "--quiet", "--manifest-path", manifest)
    run(*build, "--target-dir", tools.work / "rust")
    prepare_python(tools)
    prepare_node(tools)
    return tools


def newest_python() -> str:
    """The newest CPython here, since not every peer supports older ones."""
    found = map(interpreter, ("3.14", "3.13", "3.12"))
    return next(filter(None, found), sys.executable)


def prepare_python(tools: Tools) -> None:
    say("build and install: Python")
    if not tools.python.exists():
        run(newest_python(), "-m", "venv", tools.venv)
    install_python(tools, tools.root, tools.peers / "kling-auth")
    constraints = HERE / "python" / "constraints.txt"
    for requirement in tools.requirements():
        name, _, version = requirement.partition("==")
        mark = tools.peers / f".{name}-{version}"
        if mark.exists():
            continue
        try:
            pip(tools, tools.peers / name, "--constraint", constraints, requirement)
            mark.touch()
        except subprocess.CalledProcessError:
            say(f"NOT MEASURED: {requirement} cannot be installed here")


def install_python(tools: Tools, root: Path, where: Path) -> None:
    """Builds the Python package of a checkout, ours or another one, and installs it."""
    wheels = tools.work / "dist"
    shutil.rmtree(wheels, ignore_errors=True)
    maturin = tools.root / ".venv" / "bin" / "maturin"
    options = ("--release", "--locked", "--quiet", "--interpreter", tools.python, "--out", wheels)
    run(maturin, "build", *options, cwd=root / "python")
    shutil.rmtree(where, ignore_errors=True)
    pip(tools, where, next(wheels.glob("*.whl")))


def pip(tools: Tools, where: Path, *what: "str | Path") -> None:
    command = (tools.python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    options = ("--root-user-action=ignore", "--no-warn-script-location", "--upgrade", "--target")
    run(*command, *options, where, *what)


def prepare_node(tools: Tools) -> None:
    say("install: Node")
    mark = tools.node_modules / ".installed"
    lock = HERE / "node" / "package-lock.json"
    if not mark.exists() or mark.stat().st_mtime < lock.stat().st_mtime:
        # Not `npm ci`: npm leaves @node-rs of other platforms out of the lock file, and then refuses
        # it. The packages in the lock file are installed as locked.
        run("npm", "install", "--no-save", "--no-audit", "--no-fund", cwd=HERE / "node")
        mark.touch()
    install_node(tools, tools.root, tools.node_modules)


def install_node(tools: Tools, root: Path, modules: Path) -> None:
    """Installs the built Node package of a checkout as it is published, which has other files than
    the checkout: the main package and the one of this platform."""
    for place in own_node_packages(modules):
        if place.is_symlink():
            place.unlink()
        shutil.rmtree(place, ignore_errors=True)
    packed = tools.work / "npm"
    packed.mkdir(exist_ok=True)
    host = run("rustc", "-vV").split("host: ")[1].split()[0]
    native = f"{host}={root / 'node' / 'kling-auth.node'}"
    run("node", root / ".ci" / "dist" / "npm.mjs", packed, native)
    for manifest in (packed / "staged").glob("*/package.json"):
        name = json.loads(manifest.read_text("utf-8"))["name"]
        shutil.copytree(manifest.parent, modules / name)


def own_node_packages(modules: Path) -> "tuple[Path, Path]":
    """The main package, and the folder of the platform's package."""
    return modules / "kling-auth", modules / "@kling-auth"


def everything(tools: Tools, is_quick: bool) -> "list[dict]":
    rounds, starts = (20, 3) if is_quick else (600, 25)
    lines = timed(tools, rounds)
    lines += accounts(tools, is_quick)
    lines += instructions(tools)
    lines += started(tools, "python", starts)
    lines += started(tools, "node", starts)
    return lines + sizes(tools)


def parsed(output: str) -> "list[dict]":
    return [json.loads(line) for line in output.splitlines()]


def timed(tools: Tools, rounds: int) -> "list[dict]":
    say(f"time: Rust, {rounds} rounds")
    lines = parsed(run(tools.rust, "time", str(rounds)))
    say(f"time: Python, {rounds} rounds")
    lines += parsed(
        run(tools.python, HERE / "python" / "timed.py", str(rounds), env=python_env(tools))
    )
    say(f"time: Node, {rounds} rounds")
    return lines + parsed(run("node", HERE / "node" / "timed.cjs", str(rounds)))


def python_env(tools: Tools, *who: str) -> "dict[str, str]":
    """An environment with these packages, or with all."""
    names = who or [each.name for each in sorted(tools.peers.iterdir()) if each.is_dir()]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(str(tools.peers / name) for name in names)}


def accounts(tools: Tools, is_quick: bool) -> "list[dict]":
    say("many accounts: memory, two cores, uptime")
    few, many, rounds, renewals = (
        (1_000, 10_000, 3, 50) if is_quick else (10_000, 100_000, 15, 1_000)
    )
    lines = []
    for count in (few, many):
        for kind in KINDS:
            lines += parsed(run(tools.rust, "accounts", "memory", kind, str(count)))
        lines += parsed(run(tools.rust, "accounts", "speed", str(count), str(rounds)))
    for line in lines:
        # A quick run has fewer accounts, so names contain `few` and `many`.
        line["what"] = (
            line["what"].replace(f"_of_{many}", "_of_many").replace(f"_of_{few}", "_of_few")
        )
        line["who"] = {str(many): "many", str(few): "few"}.get(line["who"], line["who"])
        line["accounts"] = many if "many" in (line["who"], line["what"][-4:]) else few
    return lines + parsed(run(tools.rust, "accounts", "uptime", "1000", str(renewals)))


def instructions(tools: Tools) -> "list[dict]":
    if not shutil.which("valgrind"):
        say("NOT MEASURED: instructions, since valgrind is missing")
        return []
    say("instructions, by callgrind")

    def counted(name: str, times: int) -> int:
        command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
        command += [str(tools.rust), "count", name, str(times)]
        errors = subprocess.run(command, check=True, capture_output=True, text=True).stderr  # noqa: S603
        return int(errors.split("Collected : ")[1].split()[0])

    lines = []
    for name in (
        "floor/compressions",
        "sign_into/kling-auth",
        "mint/kling-auth",
        "refresh/kling-auth",
    ):
        # The start costs the same in both, and so does parsing numbers of equal length.
        count = (counted(name, 2000) - counted(name, 1000)) / 1000
        what, who = name.split("/")
        how = "under valgrind, whose processor has no SHA instructions"
        lines.append(line_of("rust", f"{what}_instructions", who, how, "instructions", [count]))
    return lines


def started(tools: Tools, language: str, rounds: int) -> "list[dict]":
    """CPU time (user and system) and peak memory of a process that makes one token."""
    say(f"start: {language}, {rounds} rounds")
    programs = PYTHON_PROGRAMS if language == "python" else NODE_PROGRAMS
    where = HERE / "node" if language == "node" else tools.work
    # Node looks for packages from the file's folder.
    files = tools.node_modules / ".start" if language == "node" else tools.work / "start"
    files.mkdir(exist_ok=True)
    commands = {}
    for number, (who, program) in enumerate(programs.items()):
        name = "nothing" if language == "python" and who in ("empty program", "stdlib") else who
        if language == "python" and name != "nothing" and not (tools.peers / name).exists():
            continue
        file = files / f"{number}.{'py' if language == 'python' else 'cjs'}"
        file.write_text(program + "\n", "utf-8")
        interpreter = str(tools.python) if language == "python" else shutil.which("node")
        env = python_env(tools, name) if language == "python" else dict(os.environ)
        commands[who] = (interpreter, str(file), env)
    samples = {who: [] for who in commands}
    for round_ in range(-1, rounds):
        for who, command in commands.items():
            cpu = spent(*command, where)
            if round_ >= 0:  # the first round only warms up files
                samples[who].append(cpu)
    lines = []
    empty = statistics.median(samples["empty program"])
    for who, sample in samples.items():
        over = [cpu - empty for cpu in sample] if who != "empty program" else sample
        lines.append(line_of(language, "start", who, "CPU over an empty program", "ms", over))
        peak = [peak_of(*commands[who], language) for _ in range(3)]
        lines.append(line_of(language, "peak", who, "peak resident memory", "MB", peak))
    return lines


def spent(interpreter: str, file: str, env: "dict[str, str]", where: Path) -> float:
    """The CPU time of a process in milliseconds."""
    child = subprocess.Popen([interpreter, file], env=env, cwd=where, stdout=subprocess.DEVNULL)  # noqa: S603
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"bench: {file} failed")
    return (usage.ru_utime + usage.ru_stime) * 1000


def peak_of(interpreter: str, file: str, env: "dict[str, str]", language: str) -> float:
    """Peak memory in MB, read by the process itself: what its parent reads includes the parent's."""
    read = {
        "python": "import sys, runpy; runpy.run_path(sys.argv[1]);"
        "print([l for l in open('/proc/self/status') if l.startswith('VmHWM')][0])",
        "node": "const file = process.argv[1]; require(file); setTimeout(() => "
        "console.log(require('fs').readFileSync('/proc/self/status', 'utf8').match(/VmHWM.*/)[0]), 50);",
    }[language]
    option = "-c" if language == "python" else "-e"
    printed = run(interpreter, option, read, file, env=env)
    return int(printed.split()[1]) / 1000


def size_of(directory: Path) -> int:
    files = (file for file in directory.rglob("*") if file.is_file() and not file.is_symlink())
    return sum(file.stat().st_size for file in files if "__pycache__" not in file.parts)


def sizes(tools: Tools) -> "list[dict]":
    say("installed size")
    how = "files of the package and of its dependencies"
    lines = [
        line_of("python", "size", directory.name, how, "MB", [size_of(directory) / 1e6])
        for directory in sorted(tools.peers.iterdir())
        if directory.is_dir()
    ]
    lock = json.loads((HERE / "node" / "package-lock.json").read_text("utf-8"))["packages"]
    for name in lock[""]["dependencies"]:
        installed = sum(size_of(HERE / "node" / place) for place in closure(lock, name))
        lines.append(line_of("node", "size", name, how, "MB", [installed / 1e6]))
    own = sum(map(size_of, own_node_packages(tools.node_modules)))
    return [*lines, line_of("node", "size", "kling-auth", how, "MB", [own / 1e6])]


def closure(lock: "dict", name: str) -> "set[str]":
    """The folders of a package and of all its dependencies, as Node finds them."""
    found: set[str] = set()

    def visit(name: str, parent: str) -> None:
        while True:
            place = f"{parent}/node_modules/{name}".lstrip("/")
            if place in lock or not parent:
                break
            parent = parent.rpartition("node_modules/")[0].rstrip("/")
        # Optional packages of other platforms are in the lock file, but not installed.
        if place in found or not (HERE / "node" / place).is_dir():
            return
        found.add(place)
        wanted = lock[place]
        for each in {**wanted.get("dependencies", {}), **wanted.get("optionalDependencies", {})}:
            visit(each, place)

    visit(name, "")
    return found


def line_of(
    language: str, what: str, who: str, how: str, unit: str, sample: "list[float]"
) -> "dict":
    first, median, third = statistics.quantiles(sample, n=4) if len(sample) > 1 else sample * 3
    line = {"language": language, "what": what, "who": who, "how": how, "unit": unit}
    return line | {"median": median, "quartiles": [first, third], "rounds": len(sample)}
