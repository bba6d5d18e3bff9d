"""Writes and checks the header (JOSE, RFC 7515, section 4), by PyJWT's rules."""

from __future__ import annotations

from ._json import dumps
from .exceptions import (
    DetachedPayloadError,
    InvalidAlgorithmError,
    InvalidTokenError,
    UnsupportedAlgorithmError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from json import JSONEncoder
    from typing import Any, Container

ONLY_HS256 = "only HS256 is supported, the algorithm of Kling: use PyJWT for any other"

#: A dict, so that an unhashable name raises a `TypeError`, as in PyJWT.
_SUPPORTED = {"HS256": True}

#: The usual header, also of Kling's guide.
USUAL = {"alg": "HS256", "typ": "JWT"}
USUAL_JSON = dumps(USUAL, None, sort_keys=True)


def encode_header(
    algorithm: str | None,
    headers: dict[str, Any] | None,
    json_encoder: type[JSONEncoder] | None,
    sort_headers: bool,
) -> bytes:
    """Return the JSON of a header: ``alg`` and ``typ``, and the changes in ``headers``.

    Raises `InvalidTokenError` if ``kid`` is not a string, `DetachedPayloadError` if ``b64`` is
    false, and `UnsupportedAlgorithmError`.
    """
    is_usual = headers == USUAL if headers else algorithm == "HS256"
    if is_usual and sort_headers and json_encoder is None:
        return USUAL_JSON
    if headers:
        algorithm = headers.get("alg") or algorithm
    json = dumps(_merged(algorithm, headers), json_encoder, sort_headers)
    require_supported(algorithm)
    return json


def _merged(algorithm: str | None, headers: dict[str, Any] | None) -> dict[str, Any]:
    header: dict[str, Any] = {"typ": "JWT", "alg": algorithm}
    if headers:
        _check_kid(headers)
        header.update(headers)
    if not header["typ"]:
        del header["typ"]
    if header.pop("b64", True) is False:  # true is the default, which is not written
        raise DetachedPayloadError("a detached payload (b64: false): use PyJWT for it")
    return header


def check_received(header: dict[str, Any]) -> None:
    """Raise `InvalidTokenError` if a received header has an invalid ``kid`` or ``crit``."""
    _check_kid(header)
    if "crit" in header:
        _check_crit(header, header["crit"])


def check_algorithm(header: dict[str, Any], allowed: Container[str]) -> None:
    """Raise `InvalidAlgorithmError` unless ``alg`` is present, allowed and HS256."""
    if "alg" not in header:
        raise InvalidAlgorithmError("Algorithm not specified")
    if not header["alg"] or header["alg"] not in allowed:
        remedy = "" if "HS256" in allowed else ONLY_HS256
        raise InvalidAlgorithmError("The specified alg value is not allowed", remedy=remedy)
    require_supported(header["alg"])


def require_supported(algorithm: object) -> None:
    """Raise `UnsupportedAlgorithmError` for all but HS256, and `TypeError` for a list or dict.

    The message does not contain the name: if two arguments are swapped, it is the key.
    """
    if algorithm not in _SUPPORTED:
        raise UnsupportedAlgorithmError("Algorithm not supported", remedy=ONLY_HS256)


def _check_kid(header: dict[str, Any]) -> None:
    if not isinstance(header.get("kid", ""), str):
        raise InvalidTokenError("Key ID header parameter must be a string", "ERR_TOKEN_HEADER")


def _check_crit(header: dict[str, Any], critical: object) -> None:
    """Check ``crit``, the required extensions (RFC 7515, section 4.1.11). Only b64 is known."""
    if not isinstance(critical, list) or not critical:
        raise InvalidTokenError(
            "Invalid 'crit' header: must be a non-empty list", "ERR_TOKEN_HEADER"
        )
    for name in critical:
        if not isinstance(name, str):
            message = "Invalid 'crit' header: values must be strings"
        elif name != "b64":
            message = f"Unsupported critical extension: {name}"
        elif name not in header:
            message = f"Critical extension '{name}' is missing from headers"
        else:
            continue
        raise InvalidTokenError(message, "ERR_TOKEN_HEADER")
