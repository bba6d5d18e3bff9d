"""Authentication for the Kling AI API: from a credential to an accepted request.

>>> from kling_auth import KlingAuth
>>> auth = KlingAuth("0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210")
>>> auth.headers["Authorization"].startswith("Bearer eyJ")
True

The drop-in for PyJWT is ``from kling_auth import jwt``.
"""

from ._native import KlingAuth, __version__, generate_kling_token
from .errors import (
    ArgumentError,
    ArgumentTypeError,
    CredentialError,
    KlingAuthError,
    KlingAuthWarning,
    TokenError,
)

__all__ = [
    "ArgumentError",
    "ArgumentTypeError",
    "CredentialError",
    "KlingAuth",
    "KlingAuthError",
    "KlingAuthWarning",
    "TokenError",
    "__version__",
    "generate_kling_token",
]
