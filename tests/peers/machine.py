"""The machine and the versions of a measurement."""

import json
import os
import platform
import re
import subprocess
from datetime import datetime, timezone
from pathlib import Path

CRATES = ("aws-lc-rs", "hmac", "jsonwebtoken", "jwt-compact", "jwt-simple", "ring", "sha2")


def facts(root: Path, tools: "object", is_quick: bool) -> "dict":
    def output(*command: str) -> str:
        return subprocess.run(  # noqa: S603
            command, check=True, capture_output=True, text=True, cwd=root
        ).stdout.strip()

    cpu = re.search(r"^model name\s*: (.+)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    flags = Path("/proc/cpuinfo").read_text().partition("flags")[2].partition("\n")[0].split()
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d"),
        "commit": output("git", "rev-parse", "--short", "HEAD"),
        "is_quick": is_quick,
        "cpu": cpu[1] if cpu else platform.machine(),
        "sha_instructions": "sha_ni" in flags,
        "cores": os.cpu_count(),
        # Other processes widen the spread.
        "load": round(os.getloadavg()[0], 1),
        "os": f"{platform.system()} {platform.release()}, {os_name()}",
        "rust": output("rustc", "--version").split()[1],
        "python": output(str(tools.python), "--version").split()[1],
        "node": output("node", "--version").lstrip("v"),
        "peers": {"rust": crates(root), "python": packages(tools), "node": modules(root)},
    }


def os_name() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except (OSError, AttributeError):
        return platform.platform()


def crates(root: Path) -> "dict[str, str]":
    lock = (root / "tests" / "peers" / "rust" / "Cargo.lock").read_text("utf-8")
    locked = dict(re.findall(r'^name = "(.+)"\nversion = "(.+)"', lock, re.MULTILINE))
    return {name: locked[name] for name in CRATES}


def packages(tools: "object") -> "dict[str, str]":
    wanted = (line.split("==") for line in tools.requirements())
    return {name: version for name, version in wanted if (tools.peers / name).exists()}


def modules(root: Path) -> "dict[str, str]":
    package = root / "tests" / "peers" / "node" / "package.json"
    return json.loads(package.read_text("utf-8"))["dependencies"]
