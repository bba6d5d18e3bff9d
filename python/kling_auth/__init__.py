"""Authentication for the Kling AI API: from a credential to an accepted request.

>>> from kling_auth import KlingAuth
>>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
>>> auth.headers["Authorization"].startswith("Bearer eyJ")
True

Pass the object to an HTTP client: ``requests.get(url, auth=auth)``, ``httpx2.Client(auth=auth)``,
``aiohttp.ClientSession(middlewares=[auth])``. ``help(KlingAuth)`` lists all of them.

- ``KlingAuth``: tokens and headers, renewed before they expire
- ``generate_kling_token()``: one token
- ``check()``, ``acheck()``: ask Kling whether the credentials are valid
- ``raise_for_kling()``: raise an error for a refused response
- ``verdict()``: explain a response
- ``inspect_token()``: explain a token
- ``verify_webhook()``: verify a callback from Kling
- ``kling_auth.jwt``: PyJWT's functions and exceptions for HS256

Every error is a ``KlingAuthError`` with a ``code`` and a ``help_url``.
"""

try:
    from . import _native as _native
except ImportError as _error:
    from .import_error import explained

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
    from .refusals import raise_for_kling

# ``inspect`` is left out, so that ``from kling_auth import *`` does not hide Python's own module.
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

if not TYPE_CHECKING:  # or a type checker would accept any name

    def __getattr__(name):
        """Import Python modules on first use, so that a cold start reads this file alone."""
        if name in ("errors", "jwt"):
            __import__(f"{__name__}.{name}")
            return globals()[name]
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        late = {"KlingAuth": "auth", "raise_for_kling": "refusals"}
        late.update(acheck="probe", check="probe")
        late.update(Cause="names", CheckCause="names", Action="names", SourceKind="names")
        # As an import statement does it. ``importlib`` would be one more module to import.
        module = __import__(late.get(name, "errors"), globals(), None, (name,), 1)
        found = globals()[name] = getattr(module, name)
        return found

    def __dir__():
        own = (name for name in globals() if name[:2] == "__")
        return sorted({*own, *__all__, "errors", "inspect", "jwt"})
