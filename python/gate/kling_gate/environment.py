"""The environment of a program under test: the stand-in's URL and account, and no other."""

from __future__ import annotations

import os
import threading

from . import guard

PROXIES = ("NO_PROXY", "no_proxy")
# Without a proxy: the stand-in's host, and Kling's, which a proxy would look up past the guard.
# Some clients want a domain with a dot before it, others without.
DIRECT = ("127.0.0.1", "localhost", *(dot + one for one in guard.DOMAINS for dot in ("", ".")))
# What a stand-in sets.
NAMES = (
    "KLING_ACCESS_KEY",
    "KLING_SECRET_KEY",
    "KLING_API_KEY",
    "KLING_API_BASE",
    "KLING_WEBHOOK_SECRET",
    *PROXIES,
)

_lock = threading.Lock()
# What the variables were before the first stand-in started.
_original: dict[str, str] = {}
# The variables of each running stand-in. The last one applies.
_running: list[dict[str, str]] = []


def push(variables: dict[str, str]) -> None:
    """Set the variables of a stand-in that starts."""
    with _lock:
        if not _running:
            _original.clear()
            _original.update({name: os.environ[name] for name in os.environ if _is_ours(name)})
            guard.install()
        _running.append(variables)
        _apply()


def refresh() -> None:
    """Set the variables again, after a stand-in has changed its own."""
    with _lock:
        _apply()


def pop(variables: dict[str, str]) -> None:
    """Restore what was there before, when a stand-in stops."""
    with _lock:
        _running[:] = [one for one in _running if one is not variables]
        if not _running:
            guard.remove()
        _apply()


def names() -> set[str]:
    """Return the variables that a stand-in sets or hides."""
    return {*NAMES, *filter(_is_ours, os.environ)}


def _is_ours(name: str) -> bool:
    return (name.startswith("KLING") and name != "KLING_GATE") or name in PROXIES


def _apply() -> None:
    wanted = dict(_original)
    if _running:
        # Clients prefer the one in lower case.
        hosts = _original.get("no_proxy") or _original.get("NO_PROXY") or ""
        direct = hosts if hosts.strip() == "*" else ",".join([*filter(None, [hosts]), *DIRECT])
        wanted = {**_running[-1], **dict.fromkeys(PROXIES, direct)}
    for name in [name for name in os.environ if _is_ours(name) and name not in wanted]:
        del os.environ[name]
    os.environ.update(wanted)
