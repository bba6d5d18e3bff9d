"""Encodes text without showing it in an error, since it is a key or a token."""

from __future__ import annotations


def utf8(secret: str) -> bytes:
    """Return ``secret`` in UTF-8.

    A lone surrogate raises a `UnicodeEncodeError`, as in PyJWT. Python's own error contains the
    whole text; this one does not.
    """
    try:
        return secret.encode()
    except UnicodeEncodeError as error:
        start, end = error.start, error.end
    # Raised outside the `except`, so that the first error is not its context.
    raise UnicodeEncodeError("utf-8", "", start, end, "surrogates not allowed [text elided]")
