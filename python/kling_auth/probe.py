"""``check``: whether a credential is right and, if not, why. The guide's step 3."""

from __future__ import annotations

from ._native import Probe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._native import CheckResult
    from .auth import KlingAuth


def check(
    auth: KlingAuth,
    *,
    timeout: float = 10,
    regions: bool | str = False,
    path: str | None = None,
) -> CheckResult:
    """Ask Kling whether a credential is right and, if not, why.

    Sends one ``GET``, which costs nothing, and a second one a second later if the clock is wrong.
    ``timeout`` is in seconds, for each. ``regions=True`` asks the other region's host as well where
    this one does not know the key, and a base URL asks that host: it shows the credential to both.
    ``path`` is asked in place of Kling's list of tasks; it begins with ``/`` and stands below the
    base URL, for relays that do not have the list. ``auth`` itself is left as it is.

    The result is true if Kling took the credential; ``result.cause`` and ``result.remedy`` tell
    what is wrong: the secret key, the region, the clock, the network. ``result.warning`` tells what
    a valid credential cannot do all the same.

    >>> from kling_auth import KlingAuth, check
    >>> keys = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
    >>> result = check(KlingAuth(*keys, base_url="http://127.0.0.1:9"))  # connection refused
    >>> bool(result), result.cause
    (False, 'connection')
    """
    import time

    from .client import Failure, send

    probe = Probe(auth, timeout, regions, path)
    while True:
        request = probe.request()
        time.sleep(request.wait)
        try:
            response = send(request)
        except Failure as failure:
            return probe.fail(failure.name, failure.has_proxy)
        result = probe.take(response)
        if result is not None:
            return result
