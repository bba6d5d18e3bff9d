"""While a stand-in runs, no request goes to Kling itself: it could cost money."""

from __future__ import annotations

import socket
from typing import Any

from .errors import KlingGateError

DOMAINS = ("klingai.com", "kling.ai")

_socket: Any = socket
_getaddrinfo = socket.getaddrinfo


def install() -> None:
    """Refuse to look up Kling's hosts."""
    _socket.getaddrinfo = _look_up


def remove() -> None:
    """Allow it again."""
    _socket.getaddrinfo = _getaddrinfo


def _look_up(host: Any, *args: Any, **options: Any) -> Any:
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host)
    labels = "." + name.rstrip(".").lower()
    if any(labels.endswith("." + domain) for domain in DOMAINS):
        raise KlingGateError(
            f"a request to {name} while a stand-in runs. The program made its KlingAuth before: "
            "import it in the test. Or it has this host in it: use auth.base_url"
        )
    return _getaddrinfo(host, *args, **options)
