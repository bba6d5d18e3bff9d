"""The cache: the same token is the same object, and never an old one."""

from __future__ import annotations

import threading

from kling_auth import KlingAuth

KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
OTHERS = "another0access0key00000000000000", "another0secret0key00000000000000"
ENDED = b'{"code":1004,"message":"token expired"}'
NOW = 1_800_000_000


def test_the_same_token_is_the_same_string() -> None:
    auth = KlingAuth(*KEYS)
    assert auth.token is auth.token
    assert auth.headers["Authorization"] is auth.headers["Authorization"]
    assert auth.headers["Authorization"] == f"Bearer {auth.token}"
    key = KlingAuth(api_key="api-key-kling-0123456789")
    assert key.token is key.token == "api-key-kling-0123456789"


def test_a_caller_may_change_the_headers() -> None:
    auth = KlingAuth(*KEYS)
    headers = auth.headers
    headers["Authorization"] = "Basic"
    headers["X"] = "y"
    del headers["Content-Type"]
    assert auth.headers is not auth.headers
    expected = {"Authorization": f"Bearer {auth.token}", "Content-Type": "application/json"}
    assert list(auth.headers.items()) == list(expected.items())


def test_every_change_takes_effect_at_once() -> None:
    times = [NOW]
    auth = KlingAuth(*KEYS, clock=lambda: times[0])

    def sees_another(change: object) -> None:
        before = auth.token
        assert auth.headers["Authorization"] == f"Bearer {before}"
        change()  # type: ignore[operator]
        assert auth.token not in ("", before)
        assert auth.token is auth.token
        assert auth.headers["Authorization"] == f"Bearer {auth.token}"

    def refresh() -> None:
        times[0] += 1
        assert auth.refresh() == auth.token

    def handle_response() -> None:
        times[0] += 1
        assert auth.handle_response(401, {}, ENDED).action == "retry"

    def skew() -> None:
        date = {"Date": "Fri, 15 Jan 2027 09:00:00 GMT"}
        assert auth.handle_response(401, date, ENDED).action == "retry"
        assert auth.clock_offset > 3000

    sees_another(refresh)
    sees_another(handle_response)
    sees_another(lambda: auth.rotate(*OTHERS))
    sees_another(skew)
    sees_another(lambda: times.__setitem__(0, times[0] + 1501))  # 299 seconds remain
    sees_another(lambda: times.__setitem__(0, times[0] - 1))  # before it was minted
    sees_another(lambda: auth.rotate(api_key="api-key-kling-0123456789"))


def test_nothing_is_cached_with_a_buffer_above_the_lifetime() -> None:
    times = iter(range(NOW, NOW + 3))
    auth = KlingAuth(*KEYS, buffer_sec=1801, clock=lambda: next(times))
    assert len({auth.token, auth.token, auth.token}) == 3


def test_a_reload_by_a_function() -> None:
    given = [KEYS, OTHERS]
    auth = KlingAuth(credentials=lambda: given.pop(0), clock=lambda: NOW)
    before = auth.token
    auth.handle_response(401, {}, b'{"code":1002,"message":"access key not found"}')
    assert auth.access_key == OTHERS[0]
    assert auth.token == KlingAuth(*OTHERS, clock=lambda: NOW).token != before


def test_no_thread_reads_a_token_from_before_a_rotation() -> None:
    """A read after `rotate()` has returned gets a token of the new keys."""
    clock = lambda: NOW  # noqa: E731
    pairs = [KEYS, OTHERS]
    tokens = [KlingAuth(*pair, clock=clock).token for pair in pairs]
    auth = KlingAuth(*KEYS, clock=clock)
    done, wrong = threading.Event(), []

    def read() -> None:
        while not done.is_set():
            if auth.token not in tokens or auth.headers["Authorization"][7:] not in tokens:
                wrong.append("neither")

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(1, 2000):
        auth.rotate(*pairs[turn % 2])
        if (auth.token, auth.headers["Authorization"]) != (
            tokens[turn % 2],
            f"Bearer {tokens[turn % 2]}",
        ):
            wrong.append(f"stale in turn {turn}")
    done.set()
    for reader in readers:
        reader.join()
    assert wrong == []
