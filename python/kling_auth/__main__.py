"""The command line: ``kling-auth``, or ``python -m kling_auth``."""

from __future__ import annotations

import os
import sys

from ._native import Cli

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._native import Request

# The exit status if output cannot be written.
UNWRITTEN = 1
# The exit status after Ctrl-C, as in a shell.
INTERRUPTED = 130


def main() -> int:
    """Run the command line, and return its exit status."""
    try:
        cli = Cli(
            sys.argv[1:], is_terminal(sys.stdin), is_terminal(sys.stdout), is_terminal(sys.stderr)
        )
        kind, *values = cli.start()
        while kind != "exit":
            kind, *values = send(cli, *values) if kind == "send" else read(cli, *values)
        return write(*values)
    except KeyboardInterrupt:
        return INTERRUPTED


def is_terminal(stream: Any) -> bool:
    """Say whether a stream is a terminal. Without a console, the stream is ``None``."""
    return stream is not None and not stream.closed and stream.isatty()


def send(cli: Cli, request: Request, notice: str) -> Any:
    """Send a request, and pass the response or the failure to the core."""
    write_to(sys.stderr, notice)
    import time

    from .client import send
    from .failure import Failure

    time.sleep(request.wait)
    try:
        response = send(request)
    except Failure as failure:
        return cli.fail(failure.name, failure.has_proxy)
    return cli.take(response)


def read(cli: Cli, limit: int) -> Any:
    """Read standard input, and pass it to the core. If it cannot be read, it is empty."""
    try:
        data = sys.stdin.buffer.read(limit)
    except (AttributeError, OSError):
        data = b""
    return cli.read(data)


def write(status: int, stdout: str, stderr: str) -> int:
    """Write the core's output as UTF-8, without changing line ends, and return the exit status."""
    # If standard error is closed, the exit status still says that something failed.
    write_to(sys.stderr, stderr)
    return status if write_to(sys.stdout, stdout) else UNWRITTEN


def write_to(stream: Any, text: str) -> bool:
    """Write a text, and say whether that worked."""
    if not text:
        return True
    try:
        stream.buffer.write(text.encode())
        stream.flush()
    except (AttributeError, OSError, ValueError):
        # Or Python would flush again at exit, and print an error.
        if stream is not None:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
