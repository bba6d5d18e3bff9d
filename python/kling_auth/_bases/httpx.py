"""``httpx.Auth``, or an empty class."""

try:
    from httpx import *  # noqa: F403
except ImportError:
    from .absent import OfHttpx as Auth  # type: ignore[assignment]  # noqa: F401
