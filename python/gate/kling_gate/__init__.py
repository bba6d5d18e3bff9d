"""A local stand-in for Kling's API, to test programs that use it.

    from kling_auth.testing import KlingGate

    with KlingGate() as gate:
        gate.refuse(1004)                     # the next request: the token has expired
        ...                                   # run the program under test
        assert gate.requests[-1].status == 200

With pytest, ask for the fixture ``kling_gate``.
"""

from .callback import Callback, Response, SentCallback
from .clock import Clock
from .errors import KlingGateError
from .gate import Account, KlingGate, Received

__all__ = [
    "Account",
    "Callback",
    "Clock",
    "KlingGate",
    "KlingGateError",
    "Received",
    "Response",
    "SentCallback",
]
