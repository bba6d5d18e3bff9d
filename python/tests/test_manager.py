"""`KlingAuth`: the cached token with a test clock, headers, rotation, secrets."""

import gc
import inspect
import pickle
import sys
import threading
import time
import weakref

import pytest
from conftest import vectors

from kling_auth import ArgumentTypeError, CredentialError, KlingAuth, KlingAuthError

REFUSALS = vectors("refusals.json")
KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
OTHER_KEYS = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
NOW = 1_800_000_000


class Clock:
    """A clock that a test sets."""

    def __init__(self, now=NOW):
        self.now = now

    def __call__(self):
        return self.now


@pytest.mark.parametrize("case", vectors("renewal.json"), ids=lambda case: case["name"])
def test_renewal(case):
    clock = Clock()
    auth = KlingAuth(*KEYS, case.get("buffer"), lifetime=case["lifetime"], clock=clock)
    minted_at = None
    for now, happens in case["readings"]:
        clock.now = now
        minted_at = now if happens == "minted" else minted_at
        assert auth.expires_at == minted_at + case["lifetime"]


def test_the_system_clock_by_default():
    auth = KlingAuth(*KEYS)
    assert abs(auth.expires_at - time.time() - 1800) < 5
    assert auth.token == auth.token


def test_the_two_headers():
    auth = KlingAuth(*KEYS, clock=Clock())
    expected = {"Authorization": f"Bearer {auth.token}", "Content-Type": "application/json"}
    assert auth.headers == expected
    auth.headers["Authorization"] = "changed by a caller"
    assert auth.headers == expected


def test_refresh_mints_at_once():
    clock = Clock()
    auth = KlingAuth(*KEYS, clock=clock)
    first = auth.token
    clock.now += 1
    assert auth.token == first
    assert auth.refresh() == auth.token != first


def test_the_token_of_an_api_key():
    auth = KlingAuth(api_key="api-key-kling-1")
    assert auth.token == auth.refresh() == "api-key-kling-1"
    assert auth.expires_at is None
    assert auth.access_key is None
    assert repr(auth) == "KlingAuth(api_key=[elided], source='arguments')"


def test_rotation():
    auth = KlingAuth(*KEYS, clock=Clock())
    before = auth.token
    auth.rotate(*OTHER_KEYS)
    assert auth.access_key == OTHER_KEYS[0]
    assert auth.token != before
    auth.rotate(api_key="api-key-kling-1")
    assert auth.token == "api-key-kling-1"
    with pytest.raises(CredentialError):
        auth.rotate("half")
    assert auth.token == "api-key-kling-1"


def test_the_environment(monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", KEYS[0])
    monkeypatch.setenv("KLING_SECRET_KEY", KEYS[1])
    clock = Clock()
    assert KlingAuth(clock=clock).token == KlingAuth(*KEYS, clock=clock).token


@pytest.mark.parametrize("case", REFUSALS["credentials"])
def test_refused_credentials(case):
    arguments = {name: value for name, value in case.items() if name != "code"}
    with pytest.raises(CredentialError) as refusal:
        KlingAuth(**arguments)
    assert refusal.value.code == case["code"]
    assert isinstance(refusal.value, ValueError)
    assert "canary" not in f"{refusal.value} {refusal.value!r}"


def test_lone_surrogates_are_refused():
    with pytest.raises(CredentialError) as refusal:
        KlingAuth("access-key", "canary\ud800")
    assert refusal.value.code == "ERR_SECRET_KEY_CHARACTER"
    assert "canary" not in f"{refusal.value!r} {refusal.value.__context__!r}"


@pytest.mark.parametrize(
    "value, code", [*REFUSALS["buffer"], [float("nan"), "ERR_BUFFER"], [-(10**400), "ERR_BUFFER"]]
)
def test_refused_buffers(value, code):
    with pytest.raises(KlingAuthError) as refusal:
        KlingAuth(*KEYS, value)
    assert refusal.value.code == code


@pytest.mark.parametrize("value, code", REFUSALS["lifetime"])
def test_refused_lifetimes(value, code):
    with pytest.raises(KlingAuthError) as refusal:
        KlingAuth(*KEYS, lifetime=value)
    assert refusal.value.code == code


@pytest.mark.parametrize("value, code", REFUSALS["now"])
def test_refused_clock_readings(value, code):
    auth = KlingAuth(*KEYS, clock=lambda: value)
    with pytest.raises(KlingAuthError) as refusal:
        _ = auth.token
    assert refusal.value.code == code


def test_a_clock_is_a_function():
    with pytest.raises(ArgumentTypeError, match="clock must be"):
        KlingAuth(*KEYS, clock=NOW)


def test_an_error_of_the_clock_is_raised():
    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        _ = KlingAuth(*KEYS, clock=broken).token


def test_a_secret_is_not_pickled():
    with pytest.raises(TypeError, match=r"holds a secret .* create one in each process"):
        pickle.dumps(KlingAuth(*KEYS))


def test_nothing_shows_the_secret():
    auth = KlingAuth(KEYS[0], "canary0123456789canary0123456789")
    assert repr(auth) == "KlingAuth(access_key='0123…cdef', source='arguments')"
    assert not hasattr(auth, "__dict__")
    shown = [str(getattr(auth, name)) for name in dir(auth)]
    assert not any("canary" in text for text in shown)


def test_a_subclass():
    class Traced(KlingAuth):
        def __init__(self, account):
            super().__init__(*KEYS, lifetime=600)
            self.account = account
            self.reads = 0

        @property
        def token(self):
            self.reads += 1
            return super().token

    auth = Traced("a")
    assert auth.token.count(".") == 2
    assert (auth.account, auth.reads) == ("a", 1)
    assert abs(auth.expires_at - time.time() - 600) < 5


def test_a_subclass_that_does_not_call_init():
    class WithoutInit(KlingAuth):
        def __init__(self):
            pass

    auth = WithoutInit()
    for use in (lambda: auth.token, lambda: auth.headers, auth.refresh, lambda: repr(auth)):
        with pytest.raises(RuntimeError, match="super"):
            use()


def test_init_can_be_called_only_once():
    auth = KlingAuth(*KEYS)
    with pytest.raises(TypeError, match="rotate"):
        auth.__init__(*OTHER_KEYS)
    assert auth.access_key == KEYS[0]


def test_a_cycle_through_the_clock_is_collected():
    class Client:
        def __init__(self):
            self.auth = KlingAuth(*KEYS, clock=self.now)

        def now(self):
            return NOW

    client = weakref.ref(Client())
    gc.collect()
    assert client() is None


@pytest.mark.skipif(
    sys.version_info < (3, 10), reason="CPython keeps no signature of such classes before 3.10"
)
def test_the_signature_shows_the_defaults():
    assert str(inspect.signature(KlingAuth)) == (
        "(access_key=None, secret_key=None, buffer_sec=300, *, "
        "api_key=None, lifetime=1800, credentials=None, clock=None, base_url=None, "
        "region=None)"
    )


def test_threads_share_it():
    clock = Clock()
    auth = KlingAuth(*KEYS, clock=clock)
    seen = set()

    def read():
        for _ in range(2000):
            seen.add(auth.token)

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {auth.token}


def test_errors_survive_pickling():
    with pytest.raises(CredentialError) as refusal:
        KlingAuth("", "secret")
    copied = pickle.loads(pickle.dumps(refusal.value))  # noqa: S301
    assert (type(copied), str(copied)) == (CredentialError, str(refusal.value))
    assert copied.code == "ERR_ACCESS_KEY_EMPTY"
