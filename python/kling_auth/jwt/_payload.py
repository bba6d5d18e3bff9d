"""The claims as PyJWT makes them ready for JSON."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def ready(payload: dict[str, Any]) -> dict[str, Any]:
    """A copy of the claims, each `datetime` in ``exp``, ``iat`` and ``nbf`` in Unix seconds.

    Raises `TypeError` if ``payload`` is not a dict or its ``iss`` not a string.
    """
    if not isinstance(payload, dict):
        raise TypeError("Expecting a dict object, as JWT only supports JSON objects as payloads.")
    payload = payload.copy()
    for claim in ("exp", "iat", "nbf"):
        value = payload.get(claim, 0)
        if type(value) is not int:
            payload[claim] = _seconds(value)
    if "iss" in payload and not isinstance(payload["iss"], str):
        raise TypeError("Issuer (iss) must be a string.")
    return payload


def _seconds(value: Any) -> Any:
    """A `datetime`, which is UTC if it names no zone, in Unix seconds; other values as they are."""
    from datetime import datetime  # late: most programs count in seconds

    if not isinstance(value, datetime):
        return value
    from calendar import timegm

    return timegm(value.utctimetuple())
