"""The options of `decode`, as types. Nothing imports this module at run time but your own code."""

from __future__ import annotations

from typing import Iterable, TypedDict


class Options(TypedDict, total=False):
    """What `decode` checks; each is optional.

    A ``verify_`` option for a claim is true by default, or false if ``verify_signature`` is.
    Except for ``iss`` and ``aud`` that the caller expects, a claim that is absent passes its
    check: name it in ``require`` to have it.
    """

    #: Whether the key has to have signed the token. Default: true.
    verify_signature: bool
    #: ``exp`` is a number in the future.
    verify_exp: bool
    #: ``nbf`` is a number in the past.
    verify_nbf: bool
    #: ``iat`` is a number in the past.
    verify_iat: bool
    #: ``aud`` names one of the expected audiences; without any, it is absent.
    verify_aud: bool
    #: ``iss`` is the expected issuer.
    verify_iss: bool
    #: ``sub`` is a string, and the expected subject.
    verify_sub: bool
    #: ``jti`` is a string.
    verify_jti: bool
    #: The claims that have to be there, whatever else is checked. Default: none.
    require: Iterable[str]
    #: One expected audience, one ``aud``, equal: no lists. Default: false.
    strict_aud: bool
    #: A key of fewer than 32 bytes is an `InvalidKeyError`, not a warning. Default: false.
    enforce_minimum_key_length: bool
