"""Text to bytes, without the text in the error: it is a key or a token."""

from __future__ import annotations


def utf8(secret: str) -> bytes:
    """The bytes of ``secret``.

    What has no UTF-8 is a `UnicodeEncodeError`, as PyJWT's users know it; but Python's own holds
    and prints all of the text that it is about. This one holds none.
    """
    try:
        return secret.encode()
    except UnicodeEncodeError as error:
        start, end = error.start, error.end
    # Out here the first error is no longer the context of the second.
    raise UnicodeEncodeError("utf-8", "", start, end, "surrogates not allowed [text elided]")
