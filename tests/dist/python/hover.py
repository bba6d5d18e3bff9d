"""Checks that editors show a text for every public name: hover.py PYTHON LANGUAGE_SERVER

It requests hover texts from pyright's language server, as an editor does, for each symbol of
``kling_auth`` and each attribute of its classes.
"""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import kling_auth

# An expression for an object of each class that programs do not construct themselves.
OBJECTS = {
    "Verdict": "kling_auth.verdict(200)",
    "Inspection": 'kling_auth.inspect("")',
    "Webhook": 'kling_auth.verify_webhook("", {}, b"")',
    "CheckResult": "kling_auth.check(kling_auth.KlingAuth())",
    "KlingAuth": "kling_auth.KlingAuth()",
    "RefusedError": 'kling_auth.RefusedError(kling_auth.verdict(200), "")',
    "KlingAuthError": "kling_auth.KlingAuthError()",
}


class Server:
    """A language server, with JSON-RPC over its standard streams."""

    def __init__(self, command: list[str], root: Path) -> None:
        self._pipe = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._id = 0
        self.ask("initialize", processId=None, rootUri=root.as_uri(), capabilities={})
        self.notify("initialized")

    def notify(self, method: str, **params: Any) -> None:
        """Send a notification."""
        self._write({"method": method, "params": params})

    def ask(self, method: str, **params: Any) -> Any:
        """Send a request, and return its result."""
        self._id += 1
        self._write({"id": self._id, "method": method, "params": params})
        while True:
            message = self._read()
            if message.get("id") == self._id and "method" not in message:
                return message.get("result")
            if "id" in message:
                items = message.get("params", {}).get("items", [])
                self._write({"id": message["id"], "result": [None for _ in items]})

    def close(self) -> None:
        """Stop the server."""
        self.ask("shutdown")
        self.notify("exit")
        self._pipe.communicate(timeout=30)

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._pipe.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))  # type: ignore[union-attr]
        self._pipe.stdin.flush()  # type: ignore[union-attr]

    def _read(self) -> Any:
        length = 0
        while line := self._pipe.stdout.readline().strip():  # type: ignore[union-attr]
            name, _, value = line.partition(b": ")
            length = int(value) if name == b"Content-Length" else length
        return json.loads(self._pipe.stdout.read(length))  # type: ignore[union-attr]


def program() -> list[str]:
    """Return the lines of a program; each ends with a name to check."""
    lines = ["import kling_auth"]
    lines += [f"kling_auth.{name}" for name in [*kling_auth.__all__, "inspect", "__version__"]]
    for name, made in OBJECTS.items():
        variable = f"of_{name.lower()}"
        lines.append(f"{variable} = {made}")
        cls = getattr(kling_auth, name)
        known = {member for base in cls.__mro__ for member in inspect.get_annotations(base)}
        members = {*dir(cls), *known} - {*dir(Exception)}
        lines += [f"{variable}.{member}" for member in sorted(members) if member[0] != "_"]
    return lines


def main() -> int:
    """Print each name that has no text, and return the exit status."""
    python, *command = sys.argv[1:]
    lines = program()
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory).resolve()
        (root / "pyrightconfig.json").write_text("{}")
        file = root / "program.py"
        file.write_text("\n".join(lines) + "\n")
        server = Server([*command, "--stdio"], root)
        settings = {"python": {"pythonPath": python}}
        server.notify("workspace/didChangeConfiguration", settings=settings)
        document = {"uri": file.as_uri(), "languageId": "python", "version": 1}
        server.notify(
            "textDocument/didOpen", textDocument={**document, "text": file.read_text("utf-8")}
        )
        silent = [line for number, line in enumerate(lines) if not says(server, file, number, line)]
        server.close()
    for line in silent:
        print(f"no text for {line}")
    names = [line for line in lines if " " not in line]
    print(f"hover: a text for {len(names) - len(silent)} of {len(names)} names")
    return 1 if silent else 0


def says(server: Server, file: Path, number: int, line: str) -> bool:
    """Return whether the hover text has more than the type. Other lines count as True."""
    if " " in line:
        return True
    position = {"line": number, "character": len(line) - 1}
    shown = server.ask(
        "textDocument/hover", textDocument={"uri": file.as_uri()}, position=position
    )
    if shown is None:
        return False
    text = shown["contents"]["value"]
    # In plain text, the type is followed by an empty line.
    return len(text.strip().split("\n\n")) > 1 or "---" in text


if __name__ == "__main__":
    sys.exit(main())
