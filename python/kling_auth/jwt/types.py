"""The options of `decode`, as types. Only your own code imports this module."""

from __future__ import annotations

from typing import Iterable, TypedDict


class Options(TypedDict, total=False):
    """The options of `decode`. All of them are optional.

    A ``verify_`` option of a claim is true by default, and false if ``verify_signature`` is false.
    A missing claim passes its check, except for an expected ``iss`` or ``aud``: list it in
    ``require``.
    """

    #: Check the signature. Default: true.
    verify_signature: bool
    #: Check that ``exp`` is a number in the future.
    verify_exp: bool
    #: Check that ``nbf`` is a number in the past.
    verify_nbf: bool
    #: Check that ``iat`` is a number in the past.
    verify_iat: bool
    #: Check that ``aud`` has an expected audience; if none is expected, that ``aud`` is missing.
    verify_aud: bool
    #: Check that ``iss`` is the expected issuer.
    verify_iss: bool
    #: Check that ``sub`` is a string, and the expected subject.
    verify_sub: bool
    #: Check that ``jti`` is a string.
    verify_jti: bool
    #: The claims that are required. Default: none.
    require: Iterable[str]
    #: Require one expected audience and an equal ``aud``, without lists. Default: false.
    strict_aud: bool
    #: Raise an `InvalidKeyError` for a key below 32 bytes, not a warning. Default: false.
    enforce_minimum_key_length: bool
