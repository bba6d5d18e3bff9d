"""What the package raises: one base class, each error with a stable code.

A bad argument is also the built-in error that a caller would expect of it, so that
``except ValueError`` keeps working. Codes are the same in Rust, Python and Node.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._native import Verdict


class KlingAuthError(Exception):
    """Something that kling_auth refuses, with what to do about it.

    ``code`` is stable between versions (``ERR_...``); the message is for people. No message
    holds a secret.
    """

    code: str = "ERR_KLING_AUTH"
    """The stable name of what is wrong, the same in Rust, Python and Node."""

    def __init__(self, message: str = "", code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code


class CredentialError(KlingAuthError, ValueError):
    """A credential is missing, is half there, or cannot be what Kling's console gave."""


class ArgumentError(KlingAuthError, ValueError):
    """A lifetime, buffer or time is out of its bounds, or a base URL is none."""


class ArgumentTypeError(KlingAuthError, TypeError):
    """An argument is of the wrong type."""


class TokenError(KlingAuthError):
    """A token is malformed, or its signature does not match."""


class OriginError(KlingAuthError, ValueError):
    """The bearer was to go to a host that must not see it."""


class WebhookError(KlingAuthError):
    """A callback is not Kling's: not signed, signed with another secret, or too old."""


class RefusedError(KlingAuthError):
    """A request was refused; ``verdict`` tells why, and ``response`` is the client's own.

    In another process and in a copy, ``response`` is ``None``. Raised by ``raise_for_kling`` alone.
    """

    code: str = "ERR_REFUSED"
    """Always ``ERR_REFUSED``; why, the verdict tells."""
    verdict: Verdict
    """Why the request was refused, and what to do next."""
    response: Any
    """The client's own response, still readable; ``None`` in another process and in a copy."""

    def __init__(self, verdict: Verdict, response: Any) -> None:
        """Take the verdict, whose text becomes the message, and the response it is on."""
        super().__init__(str(verdict))
        self.verdict = verdict
        self.response = response

    def __reduce__(self) -> tuple[type[RefusedError], tuple[Verdict, None], dict[str, Any]]:
        # A response is of its process: elsewhere it is ``None``. All else goes along.
        state = {**self.__dict__, "args": self.args}
        del state["verdict"], state["response"]
        return type(self), (self.verdict, None), state


class KlingAuthWarning(UserWarning):
    """A key was mended, looks odd, could not be read again, or was withheld: no failure."""
