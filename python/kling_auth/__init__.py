"""Authentication for the Kling AI API: from a credential to an accepted request.

>>> from kling_auth import KlingAuth
>>> auth = KlingAuth("access-key", "secret-key")
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
    TokenError,
)

__all__ = [
    "ArgumentError",
    "ArgumentTypeError",
    "CredentialError",
    "KlingAuth",
    "KlingAuthError",
    "TokenError",
    "__version__",
    "generate_kling_token",
]
