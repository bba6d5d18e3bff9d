"""``httpxyz.Auth``, or an empty class."""

try:
    from httpxyz import *  # noqa: F403
except ImportError:
    from .absent import OfHttpxyz as Auth  # type: ignore[assignment]  # noqa: F401
