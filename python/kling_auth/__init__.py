"""Authentication for the Kling AI API: from a credential to an accepted request.

>>> from kling_auth import KlingAuth
>>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
>>> auth.headers["Authorization"].startswith("Bearer eyJ")
True

It is the auth of requests, httpx, aiohttp and urllib: ``requests.get(url, auth=auth)``. The
drop-in for PyJWT is ``from kling_auth import jwt``.
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
