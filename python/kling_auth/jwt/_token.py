"""Splits and verifies tokens with the native core, and raises PyJWT's errors."""

from __future__ import annotations

import json

from .._native import jwt_decode, jwt_verify_signature
from ..errors import KlingAuthError
from ._header import USUAL, USUAL_JSON, check_received
from ._text import utf8
from .exceptions import DecodeError, InvalidSignatureError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

_NOT_EMPTY = "Payload segment must be empty when 'b64' is false."


def load(jwt: str | bytes) -> tuple[bytes, dict[str, Any], bytes, bytes]:
    """Return the token as bytes, the header, the payload as JSON, and the signature: unverified.

    Raises `DecodeError` if it is not a token, and `InvalidTokenError` for an invalid ``kid`` or
    ``crit``.
    """
    if isinstance(jwt, str):
        jwt = utf8(jwt)
    elif not isinstance(jwt, bytes):
        raise DecodeError(f"Invalid token type. Token must be a {bytes}", "ERR_TOKEN_SEGMENTS")
    refused = None
    try:
        header_json, payload, signature = jwt_decode(jwt)
    except KlingAuthError as error:
        refused = str(error), error.code
    if refused:  # outside the `except`, so that the first error is not the context
        _explain(jwt, *refused)
    if header_json == USUAL_JSON:  # nothing in it has to be checked
        return jwt, USUAL.copy(), payload, signature
    header = parse_object(header_json, "header", "ERR_TOKEN_HEADER")
    if payload and header.get("b64", True) is False:
        raise DecodeError(_NOT_EMPTY, "ERR_TOKEN_HEADER")
    check_received(header)
    return jwt, header, payload, signature


def _explain(jwt: bytes, remedy: str, code: str) -> NoReturn:
    """Raise PyJWT's error for a malformed token, about its first invalid part."""
    if jwt.count(b".") < 2:
        raise DecodeError("Not enough segments", code, remedy)
    signing_input, signature = jwt.rsplit(b".", 1)
    header, payload = signing_input.split(b".", 1)
    header_json = _decoded("header", header, remedy)
    if parse_object(header_json, "header", "ERR_TOKEN_HEADER").get("b64", True) is not False:
        _decoded("payload", payload, remedy)
    elif payload:
        raise DecodeError(_NOT_EMPTY, "ERR_TOKEN_HEADER")
    _decoded("crypto", signature, remedy)
    raise DecodeError("Not enough segments", code, remedy)  # not reached: one part is invalid


def _decoded(part: str, segment: bytes, remedy: str) -> bytes:
    try:
        return jwt_decode(segment + b"..")[0]
    except KlingAuthError as error:
        code = error.code
    raise DecodeError(f"Invalid {part} padding", code, remedy)


def verify(token: bytes, key: bytes) -> None:
    """Raise `InvalidSignatureError` unless ``key`` signed ``token``. ``alg`` is ignored."""
    try:
        jwt_verify_signature(token, key)
    except KlingAuthError as error:
        raise InvalidSignatureError(
            "Signature verification failed", error.code, str(error)
        ) from None


def parse_object(text: bytes, part: str, code: str) -> dict[str, Any]:
    """Return the JSON object in a part of a token, or raise a `DecodeError` with ``code``."""
    try:
        value = _loads(text)
    except (ValueError, RecursionError) as error:
        raise DecodeError(f"Invalid {part} string: {error}", code) from error
    if not isinstance(value, dict):
        raise DecodeError(f"Invalid {part} string: must be a json object", code)
    return value


_scan = json.JSONDecoder().scan_once  # type: ignore[attr-defined]


def _loads(text: bytes) -> Any:
    """Do what `json.loads` does, without its five Python frames for a JSON object in UTF-8.

    If the scanner fails, `json.loads` raises its own error.
    """
    if text.startswith(b'{"'):
        try:
            value, end = _scan(string := text.decode(), 0)
        except (ValueError, StopIteration):
            return json.loads(text)
        if end == len(string):
            return value
    return json.loads(text)
