"""Helpers of the storms: keys, a clock that advances with each reading, and checks of a token.

They run on every CPython from 3.8 on (``tests/interpreters.sh``), so they use no newer syntax and
no tools that need a newer one.
"""

import functools
import itertools
import threading

import jwt

NOW = 1_800_000_000

# By access key, since a token contains the access key but not the secret.
KEYS = {f"storm{n:027}": f"{n:027}storm" for n in range(8)}
FIRST = next(iter(KEYS.items()))


class Clock:
    """Unix seconds that advance with each reading. Each thread remembers its last reading."""

    def __init__(self, step=1):
        self._ticks = itertools.count(NOW, step)
        self._own = threading.local()
        self.leapt = 0

    def __call__(self):
        self._own.now = next(self._ticks) + self.leapt
        return self._own.now

    @property
    def seen(self):
        """The last reading of this thread."""
        return self._own.now


@functools.lru_cache(maxsize=None)
def claims_of(token):
    """Return the claims of a token, after checking its signature and that it was minted at once."""
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    unbound = {"verify_exp": False, "verify_nbf": False}
    claims = jwt.decode(token, KEYS[issuer], algorithms=["HS256"], options=unbound)
    assert set(claims) == {"iss", "exp", "nbf"}
    assert claims["exp"] - claims["nbf"] == 1805
    return claims


def bearer_of(headers):
    """Return the token in the two headers of the guide."""
    assert set(headers) == {"Authorization", "Content-Type"}
    scheme, _, token = headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    return token
