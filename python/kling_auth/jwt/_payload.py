"""Prepares claims for JSON, as PyJWT does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def ready(payload: dict[str, Any]) -> dict[str, Any]:
    """Return a copy of the claims, with `datetime` in ``exp``, ``iat`` and ``nbf`` as Unix seconds.

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
    """Convert a `datetime` to Unix seconds, as UTC if it has no zone. Return other values as is."""
    from datetime import datetime  # imported late: most programs use seconds

    if not isinstance(value, datetime):
        return value
    from calendar import timegm

    return timegm(value.utctimetuple())
