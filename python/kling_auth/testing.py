"""Test your code without Kling: ``pip install 'kling-auth[testing]'``."""

try:
    from kling_gate import *  # noqa: F403
    from kling_gate import __all__ as __all__
except ImportError as _error:
    raise ImportError("to test with a stand-in: pip install 'kling-auth[testing]'") from _error
