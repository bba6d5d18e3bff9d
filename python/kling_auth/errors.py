"""What the package raises: one base class, each error with a stable code.

A bad argument is also the built-in error that a caller would expect of it, so that
``except ValueError`` keeps working. Codes are the same in Rust, Python and Node.
"""

from __future__ import annotations


class KlingAuthError(Exception):
    """Something that kling_auth refuses, with what to do about it.

    ``code`` is stable between versions (``ERR_...``); the message is for people. No message
    holds a secret.
    """

    code = "ERR_KLING_AUTH"

    def __init__(self, message: str = "", code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class CredentialError(KlingAuthError, ValueError):
    """A credential is missing, is half there, or cannot be what Kling's console gave."""


class ArgumentError(KlingAuthError, ValueError):
    """A lifetime, buffer or time is out of its bounds."""


class ArgumentTypeError(KlingAuthError, TypeError):
    """An argument is of the wrong type."""


class TokenError(KlingAuthError):
    """A token is malformed, or its signature does not match."""


class KlingAuthWarning(UserWarning):
    """A key was mended, looks odd, or could not be read again: worth a look, no failure."""
