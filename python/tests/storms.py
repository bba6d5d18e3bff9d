"""What the storms share: keys, a clock that goes on with each look, and what a token must be.

They run on every CPython from 3.8 on (``tests/interpreters.sh``), so they use nothing newer, and
none of the tools that only the newest have.
"""

import functools
import itertools
import threading

import jwt

NOW = 1_800_000_000

# By the access key, so that a token names the secret that must have signed it.
KEYS = {f"storm{n:027}": f"{n:027}storm" for n in range(8)}
FIRST = next(iter(KEYS.items()))


class Clock:
    """Unix seconds: one more with each look, and what leaps add. Each thread keeps what it saw."""

    def __init__(self, step=1):
        self._ticks = itertools.count(NOW, step)
        self._own = threading.local()
        self.leapt = 0

    def __call__(self):
        self._own.now = next(self._ticks) + self.leapt
        return self._own.now

    @property
    def seen(self):
        """What this thread was told last."""
        return self._own.now


@functools.lru_cache(maxsize=None)
def claims_of(token):
    """Return the claims of a token that is whole: all of one minting, signed by its own key."""
    issuer = jwt.decode(token, options={"verify_signature": False})["iss"]
    unbound = {"verify_exp": False, "verify_nbf": False}
    claims = jwt.decode(token, KEYS[issuer], algorithms=["HS256"], options=unbound)
    assert set(claims) == {"iss", "exp", "nbf"}
    assert claims["exp"] - claims["nbf"] == 1805
    return claims


def bearer_of(headers):
    """Return the token in headers that are the guide's two."""
    assert set(headers) == {"Authorization", "Content-Type"}
    scheme, _, token = headers["Authorization"].partition(" ")
    assert scheme == "Bearer"
    return token
