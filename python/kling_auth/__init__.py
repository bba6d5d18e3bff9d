"""Authentication for the Kling AI API: from a credential to an accepted request.

>>> from kling_auth import KlingAuth
>>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
>>> auth.headers["Authorization"].startswith("Bearer eyJ")
True

It is the auth of requests, httpx, httpx2, aiohttp, niquests and urllib:
``requests.get(url, auth=auth)``. The drop-in for PyJWT is ``from kling_auth import jwt``.
"""

try:
    from . import _native as _native
except ImportError as _error:
    from .missing import explained

    raise explained(_error) from _error

from ._native import (
    CheckResult,
    Inspection,
    Verdict,
    Webhook,
    __version__,
    generate_kling_token,
    inspect,
    verdict,
    verify_webhook,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import errors as errors
    from . import jwt as jwt
    from .auth import KlingAuth
    from .errors import (
        ArgumentError,
        ArgumentTypeError,
        CredentialError,
        KlingAuthError,
        KlingAuthWarning,
        OriginError,
        RefusedError,
        TokenError,
        WebhookError,
    )
    from .probe import check
    from .refused import raise_for_kling

__all__ = [
    "ArgumentError",
    "ArgumentTypeError",
    "CheckResult",
    "CredentialError",
    "Inspection",
    "KlingAuth",
    "KlingAuthError",
    "KlingAuthWarning",
    "OriginError",
    "RefusedError",
    "TokenError",
    "Verdict",
    "Webhook",
    "WebhookError",
    "__version__",
    "check",
    "generate_kling_token",
    "inspect",
    "raise_for_kling",
    "verdict",
    "verify_webhook",
]

if not TYPE_CHECKING:  # to a type checker it would be any name, of any type

    def __getattr__(name):
        """Import what is not native when it is first asked for.

        A cold start that needs a token reads this file, and no other file of Python.
        """
        if name in ("errors", "jwt"):
            __import__(f"{__name__}.{name}")
            return globals()[name]
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        late = {"KlingAuth": "auth", "check": "probe", "raise_for_kling": "refused"}
        # What an import statement does: importlib would be one more module to import.
        module = __import__(late.get(name, "errors"), globals(), None, (name,), 1)
        found = globals()[name] = getattr(module, name)
        return found

    def __dir__():
        return sorted({*globals(), *__all__, "errors", "jwt"})
