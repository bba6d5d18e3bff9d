"""Validates the registered claims (RFC 7519, section 4.1) of a token."""

from __future__ import annotations

import time
from collections.abc import Iterable

from .exceptions import (
    DecodeError,
    ExpiredSignatureError,
    ImmatureSignatureError,
    InvalidAudienceError,
    InvalidIssuedAtError,
    InvalidIssuerError,
    InvalidJTIError,
    InvalidSubjectError,
    MissingRequiredClaimError,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta
    from typing import Any, Container

    from .types import Options


def validate(
    claims: dict[str, Any],
    options: Options,
    audience: str | Iterable[str] | None,
    issuer: str | Container[str] | None,
    subject: str | None,
    leeway: float | timedelta,
) -> None:
    """Raise the first error of ``claims``, in PyJWT's order.

    ``leeway`` is the number of seconds by which the two clocks may differ.
    """
    leeway = _seconds(leeway)
    if audience is not None and not isinstance(audience, Iterable):
        raise TypeError("audience must be a string, iterable or None")
    for name in options["require"]:
        if claims.get(name) is None:
            raise MissingRequiredClaimError(name)
    _check_times(claims, options, time.time(), leeway)
    if options["verify_iss"] and issuer is not None:
        _check_issuer(claims, issuer)
    if options["verify_aud"]:
        _check_audience(claims, audience, options["strict_aud"])
    if options["verify_sub"] and "sub" in claims:
        _check_subject(claims["sub"], subject)
    if options["verify_jti"] and not isinstance(claims.get("jti", ""), str):
        raise InvalidJTIError("JWT ID must be a string")


def _seconds(leeway: float | timedelta) -> float:
    if isinstance(leeway, (int, float)):
        return leeway
    from datetime import timedelta

    return leeway.total_seconds() if isinstance(leeway, timedelta) else leeway


def _check_times(claims: dict[str, Any], options: Options, now: float, leeway: float) -> None:
    if "iat" in claims and options["verify_iat"] and _time(claims, "iat") > now + leeway:
        raise ImmatureSignatureError("The token is not yet valid (iat)")
    if "nbf" in claims and options["verify_nbf"] and _time(claims, "nbf") > now + leeway:
        raise ImmatureSignatureError("The token is not yet valid (nbf)")
    if "exp" in claims and options["verify_exp"] and _time(claims, "exp") <= now - leeway:
        raise ExpiredSignatureError("Signature has expired")


_NAMES = {"iat": "Issued At", "nbf": "Not Before", "exp": "Expiration Time"}


def _time(claims: dict[str, Any], name: str) -> int:
    try:
        return int(claims[name])
    except (ValueError, TypeError, OverflowError):
        message = f"{_NAMES[name]} claim ({name}) must be an integer."
    if name == "iat":
        raise InvalidIssuedAtError(message)
    raise DecodeError(message, "ERR_CLAIM_TYPE")


def _check_issuer(claims: dict[str, Any], expected: str | Container[str]) -> None:
    if "iss" not in claims:
        raise MissingRequiredClaimError("iss")
    issuer = claims["iss"]
    if not isinstance(issuer, str):
        raise InvalidIssuerError("Payload Issuer (iss) must be a string")
    try:
        matches = issuer == expected if isinstance(expected, str) else issuer in expected
    except TypeError:
        raise InvalidIssuerError('Issuer param must be "str" or "Container[str]"') from None
    if not matches:
        raise InvalidIssuerError("Invalid issuer")


def _check_audience(
    claims: dict[str, Any], expected: str | Iterable[str] | None, strict: bool
) -> None:
    audience = claims.get("aud")
    if expected is None:
        if audience:
            raise InvalidAudienceError(
                "Invalid audience", remedy="the token has an audience (aud): pass it as audience="
            )
        return
    if not audience:
        raise MissingRequiredClaimError("aud")
    if strict:
        if not isinstance(expected, str):
            raise InvalidAudienceError("Invalid audience (strict)")
        if not isinstance(audience, str):
            raise InvalidAudienceError("Invalid claim format in token (strict)")
        if audience != expected:
            raise InvalidAudienceError("Audience doesn't match (strict)")
        return
    if isinstance(audience, str):
        audience = [audience]
    if not isinstance(audience, list) or not all(isinstance(name, str) for name in audience):
        raise InvalidAudienceError("Invalid claim format in token")
    if isinstance(expected, str):
        expected = [expected]
    if not any(name in audience for name in expected):
        raise InvalidAudienceError("Audience doesn't match")


def _check_subject(subject: object, expected: str | None) -> None:
    if not isinstance(subject, str):
        raise InvalidSubjectError("Subject must be a string")
    if expected is not None and subject != expected:
        raise InvalidSubjectError("Invalid subject")
