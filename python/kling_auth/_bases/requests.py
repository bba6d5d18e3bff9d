"""``requests.auth.AuthBase``, or an empty class."""

try:
    from requests.auth import *  # noqa: F403
except ImportError:
    from .absent import OfRequests as AuthBase  # type: ignore[assignment]  # noqa: F401
