"""``httpx2.Auth``, or an empty class."""

try:
    from httpx2 import *  # noqa: F403
except ImportError:
    from .absent import OfHttpx2 as Auth  # type: ignore[assignment]  # noqa: F401
