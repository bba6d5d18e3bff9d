"""The exceptions and the warning of ``kling_auth``, each with a stable ``code`` and a ``help_url``.

An error about an argument is also a ``ValueError`` or a ``TypeError``, so that ``except
ValueError`` works. The codes are the same in Rust, Python and Node.

>>> from kling_auth import KlingAuth, KlingAuthError
>>> try:
...     KlingAuth("access-key", "")
... except KlingAuthError as error:
...     print(error.code, error.help_url.rpartition("/")[2])
ERR_SECRET_KEY_EMPTY troubleshooting.md#err_secret_key_empty
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ._native import Verdict

# The page that explains every code, under an anchor that is the code in lower case.
_HELP = "https://github.com/kling-auth/kling-auth/blob/main/docs/pages/troubleshooting.md"


class KlingAuthError(Exception):
    """The base class of all exceptions of ``kling_auth``.

    The message says what to do. It never contains a secret. Programs compare the ``code``, which
    stays the same between versions.
    """

    code: str = "ERR_KLING_AUTH"
    """The stable name of the error, such as ``ERR_LIFETIME``: the same in Rust, Python and Node."""

    def __init__(self, message: str = "", code: str | None = None) -> None:
        super().__init__(message)
        if code is not None:
            self.code = code

    @property
    def help_url(self) -> str:
        """The URL of the documentation for this error's ``code``."""
        return f"{_HELP}#{self.code.lower()}"


class CredentialError(KlingAuthError, ValueError):
    """A credential is missing, incomplete or malformed."""


class ArgumentError(KlingAuthError, ValueError):
    """An argument is out of range or invalid: a lifetime, a buffer, a time, a URL or a region."""


class ArgumentTypeError(KlingAuthError, TypeError):
    """An argument has the wrong type."""


class TokenError(KlingAuthError):
    """A token is malformed, or its signature does not match."""


class OriginError(KlingAuthError, ValueError):
    """A request would send the token to a host that must not see it."""


class WebhookError(KlingAuthError):
    """A callback does not come from Kling: not signed, signed with another secret, or too old."""


class RefusedError(KlingAuthError):
    """Kling refused a request: ``verdict`` says why. Raised by ``raise_for_kling``."""

    code: str = "ERR_REFUSED"
    """Always ``ERR_REFUSED``. The reason is ``verdict.cause``."""
    verdict: Verdict
    """Why the request was refused, and what to do next."""
    response: Any
    """The client's response, still readable; ``None`` after pickling and in a copy."""

    def __init__(self, verdict: Verdict, response: Any) -> None:
        """The message is the text of the verdict."""
        super().__init__(str(verdict))
        self.verdict = verdict
        self.response = response

    @property
    def help_url(self) -> str:
        """The URL of the documentation for the ``cause`` of the verdict."""
        return f"{_HELP}#{self.verdict.cause}"

    def __reduce__(self) -> tuple[type[RefusedError], tuple[Verdict, None], dict[str, Any]]:
        # A response cannot be pickled. All other attributes are.
        state = {**self.__dict__, "args": self.args}
        del state["verdict"], state["response"]
        return type(self), (self.verdict, None), state


class KlingAuthWarning(UserWarning):
    """A credential was corrected, looks unusual, could not be read again or was not sent."""

    code: str = ""
    """The stable name of the warning, such as ``WARN_CLEANED``. The message ends with it."""

    def __init__(self, message: str = "", code: str = "") -> None:
        super().__init__(message)
        self.code = code

    @property
    def help_url(self) -> str:
        """The URL of the documentation for this warning's ``code``."""
        return f"{_HELP}#{self.code.lower() or 'warnings'}"
