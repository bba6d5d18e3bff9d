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
    generate_kling_token,
    verdict,
    verify_webhook,
)
from ._native import __version__ as __version__
from ._native import inspect as inspect
from ._native import inspect as inspect_token

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
    from .names import Action, Cause, CheckCause, SourceKind
    from .probe import acheck, check
    from .refused import raise_for_kling

# Without ``inspect``, and with its other name: an import of all hides no module of Python's.
__all__ = [
    "Action",
    "ArgumentError",
    "ArgumentTypeError",
    "Cause",
    "CheckCause",
    "CheckResult",
    "CredentialError",
    "Inspection",
    "KlingAuth",
    "KlingAuthError",
    "KlingAuthWarning",
    "OriginError",
    "RefusedError",
    "SourceKind",
    "TokenError",
    "Verdict",
    "Webhook",
    "WebhookError",
    "acheck",
    "check",
    "generate_kling_token",
    "inspect_token",
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
        late = {"KlingAuth": "auth", "raise_for_kling": "refused"}
        late.update(acheck="probe", check="probe")
        late.update(Cause="names", CheckCause="names", Action="names", SourceKind="names")
        # What an import statement does: importlib would be one more module to import.
        module = __import__(late.get(name, "errors"), globals(), None, (name,), 1)
        found = globals()[name] = getattr(module, name)
        return found

    def __dir__():
        own = (name for name in globals() if name[:2] == "__")
        return sorted({*own, *__all__, "errors", "inspect", "jwt"})
