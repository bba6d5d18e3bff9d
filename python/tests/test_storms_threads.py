"""Threads read when tokens expire, while other threads correct the clock, rotate and refresh.

Each token is complete, from one minting. The number of mintings depends on the events, not on the
number of reads.
"""

import random
import sys
from concurrent.futures import ThreadPoolExecutor
from email.utils import formatdate

import pytest
from conftest import TALLIES
from storms import FIRST, KEYS, Clock, bearer_of, claims_of

from kling_auth import KlingAuth

THREADS = 8
ROUNDS = 2_000  # of each thread; a round reads the token, the headers and the expiry
READS = THREADS * ROUNDS * 3

EXPIRED = b'{"code":1004,"message":"Authorization has expired"}'
NOT_YET = b'{"code":1003,"message":"Authorization is not active"}'


@pytest.fixture(autouse=True)
def hurried():
    """Switch between threads a thousand times as often as usual."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 1000)
    yield
    sys.setswitchinterval(usual)


def in_threads(work):
    """Run the same work in all threads, and return their results."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(work, range(THREADS)))


def test_the_clock_passes_the_expiry_of_tokens():
    clock = Clock()
    auth = KlingAuth(*FIRST, clock=clock)

    def read(_):
        tokens = set()
        for _ in range(ROUNDS):
            for look in (lambda: auth.token, lambda: bearer_of(auth.headers)):
                token = look()
                assert clock.seen + 300 <= claims_of(token)["exp"] <= clock.seen + 1800
                tokens.add(token)
            end = auth.expires_at
            assert clock.seen + 300 <= end <= clock.seen + 1800
        return tokens

    tokens = set().union(*in_threads(read))
    # One per 1501 seconds. A thread that read the clock before another one minted takes that for
    # a clock that went back and mints as well: at most once for each token.
    seconds = clock() - min(claims_of(token)["exp"] - 1800 for token in tokens)
    assert seconds // 1501 <= len(tokens) <= (seconds // 1501 + 1) * THREADS
    TALLIES["storms"]["threads at the end"] += READS


def test_threads_that_disturb_each_other():
    clock = Clock(step=0)
    auth = KlingAuth(*FIRST, clock=clock)

    def leap(rng):
        clock.leapt += rng.choice([-3600, -1, 1, 1499, 1500, 1800, 3600])

    def correct(rng):
        refused = auth.token
        date = formatdate(clock() + rng.randrange(-7200, 7200), usegmt=True)
        verdict = auth.handle_response(
            401, {"Date": date}, rng.choice([EXPIRED, NOT_YET]), token=refused
        )
        assert verdict.action in ("retry", "fail")

    def rotate(rng):
        auth.rotate(*rng.choice(list(KEYS.items())))

    def refresh(_):
        claims_of(auth.refresh())

    def storm(thread):
        rng, tokens, upsets = random.Random(thread), set(), 0  # noqa: S311
        for number in range(ROUNDS):
            tokens |= {auth.token, bearer_of(auth.headers)}
            assert auth.expires_at > 0 and auth.access_key in KEYS
            if number % 16 == thread:
                rng.choice([leap, correct, rotate, refresh])(rng)
                upsets += 1
        return tokens, upsets

    outcomes = in_threads(storm)
    tokens = set().union(*(tokens for tokens, _ in outcomes))
    upsets = sum(upsets for _, upsets in outcomes)
    assert {claims_of(token)["iss"] for token in tokens} == set(KEYS)
    assert len(tokens) <= 2 * upsets
    TALLIES["storms"]["threads that disturb"] += READS + upsets
