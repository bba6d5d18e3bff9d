"""The stand-in, as ``pip install 'kling-auth[testing]'`` brings it."""

from kling_auth import KlingAuth, check
from kling_auth.testing import KlingGate

with KlingGate() as gate:
    gate.skew(3600)
    if not check(KlingAuth()):
        raise SystemExit("the stand-in refuses")
    if [request.code for request in gate.requests] != [1004, 0]:
        raise SystemExit("the clock was not corrected")
