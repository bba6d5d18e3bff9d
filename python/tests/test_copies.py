"""Copies, pickles, hashes and comparisons of results and errors; none shows a secret."""

from __future__ import annotations

import concurrent.futures
import copy
import gc
import io
import multiprocessing
import pickle
import urllib.error
import weakref
from typing import Any, Callable

import pydantic
import pytest

import kling_auth
from kling_auth import (
    CheckResult,
    KlingAuth,
    RefusedError,
    Verdict,
    Webhook,
    check,
    errors,
    generate_kling_token,
    inspect,
    jwt,
    raise_for_kling,
    verdict,
    verify_webhook,
)

KEYS = "0123456789abcdef0123456789abcdef", "canary0canary0canary0canary0cana"
NOW = 1_800_000_000
TOKEN = generate_kling_token(*KEYS, now=NOW)
USED_UP = b'{"code":1102,"message":"r\\u00e9source \\\\ \\"used\\" up","request_id":"req-1"}'


def handled() -> Verdict:
    auth = KlingAuth(*KEYS, clock=lambda: NOW)
    body = b'{"code":1004,"message":"token expired: ' + auth.token.encode() + b'"}'
    found = auth.handle_response(401, {"Date": "Fri, 15 Jan 2027 09:00:00 GMT"}, body)
    assert found.action == "retry"
    return found


def failed() -> CheckResult:
    return check(KlingAuth(*KEYS, base_url="http://127.0.0.1:9"), timeout=5)


def webhook(now: int = 1614265335) -> Webhook:
    headers = {
        "Webhook-Id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "Webhook-Timestamp": "1614265330",
        "Webhook-Signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    return verify_webhook(secret, headers, b'{"test": 2432232314}', now=now)


RESULTS: dict[str, Callable[[], Any]] = {
    "accepted": lambda: verdict(200, b'{"code":0}'),
    "refused": lambda: verdict(429, USED_UP),
    "not Kling's": lambda: verdict(502, b"<html>"),
    "handled": handled,
    "check": failed,
    "inspection": lambda: inspect(TOKEN, KEYS[1], now=NOW + 1),
    "inspection without a key": lambda: inspect(TOKEN, now=NOW + 9_999),
    "webhook": webhook,
}

DUPLICATES: list[Callable[[Any], Any]] = [copy.copy, copy.deepcopy]
DUPLICATES += [
    lambda value, protocol=protocol: pickle.loads(pickle.dumps(value, protocol))  # noqa: S301
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1)
]


def public(value: object) -> dict[str, object]:
    values = {name: getattr(value, name) for name in dir(value) if not name.startswith("_")}
    return {name: value for name, value in values.items() if not callable(value)}


@pytest.mark.parametrize("name", RESULTS)
def test_a_result_is_a_value(name: str) -> None:
    value, twin = RESULTS[name](), RESULTS[name]()
    assert value == twin
    assert hash(value) == hash(twin)
    assert len({value, twin}) == 1
    for duplicate in DUPLICATES:
        again = duplicate(value)
        assert type(again) is type(value)
        assert again == value
        assert hash(again) == hash(value)
        assert public(again) == public(value)
        assert (str(again), repr(again)) == (str(value), repr(value))
    others = [make() for other, make in RESULTS.items() if other != name]
    assert value not in [*others, None, "accepted", 0]


def test_a_check_of_the_gate(gate: Any) -> None:
    auth = KlingAuth(gate.access_key, "b" * 32, base_url=gate.url)
    for value in (check(auth), check(KlingAuth(api_key=gate.api_key, base_url=gate.url))):
        assert value.verdict is not None
        for duplicate in DUPLICATES:
            again = duplicate(value)
            assert again == value
            assert public(again) == public(value)
            assert str(again) == str(value)
            assert bool(again) is bool(value)


@pytest.mark.parametrize("name", RESULTS)
def test_no_secret_is_pickled(name: str) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        pickled = pickle.dumps(RESULTS[name](), protocol)
        assert b"canary" not in pickled
        assert b"eyJ" not in pickled


def test_a_pickle_of_a_later_version_is_refused() -> None:
    function, (name, values) = verdict(200, b"").__reduce__()  # type: ignore[misc]
    for member in ("cause", "action"):
        with pytest.raises(ValueError, match="a later version of kling_auth"):
            function(name, {**values, member: "of_tomorrow"})
    with pytest.raises(ValueError, match="a later version of kling_auth"):
        function("Tomorrow", {})


@pytest.mark.parametrize("cause", ["clock_skew", "wrong_region", "redirect", "proxy", "tls"])
def test_each_cause_of_a_check(cause: str) -> None:
    function, (name, values) = failed().__reduce__()  # type: ignore[misc]
    assert function(name, {**values, "cause": cause}).cause == cause


def errors_of(module: Any) -> list[type[BaseException]]:
    return [
        each
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, (errors.KlingAuthError, Warning))
    ]


CLASSES = [*errors_of(errors), *errors_of(jwt.exceptions), *errors_of(jwt.warnings)]


@pytest.mark.parametrize("error", CLASSES, ids=lambda each: each.__name__)
def test_an_error_keeps_its_class_and_attributes(error: type[BaseException]) -> None:
    if error is RefusedError:
        value: BaseException = RefusedError(verdict(429, USED_UP), io.BytesIO())
    else:
        value = error("what is wrong")
    value.__dict__["place"] = "a value of the caller's"
    if isinstance(value, errors.KlingAuthError):
        value.code = "ERR_OF_ITS_OWN"
    for duplicate in DUPLICATES:
        again = duplicate(value)
        assert type(again) is error
        assert (str(again), again.args) == (str(value), value.args)
        expected = {**vars(value), "response": None} if error is RefusedError else vars(value)
        assert vars(again) == expected


class OwnError(RefusedError):
    """A subclass in a user's program."""


def refuse(kind: str) -> None:
    body = io.BytesIO(USED_UP)
    response = urllib.error.HTTPError("https://api.klingai.com", 429, "", {}, body)  # type: ignore[arg-type]
    if kind == "credential":
        KlingAuth("access-key", "")
    if kind == "own":
        raise OwnError(verdict(429, USED_UP), response)
    raise_for_kling(response)


def results() -> list[Any]:
    return [make() for make in RESULTS.values()]


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_results_and_errors_from_a_process_pool(method: str) -> None:
    context = multiprocessing.get_context(method)
    with concurrent.futures.ProcessPoolExecutor(1, context) as pool:
        assert pool.submit(results).result() == results()
        with pytest.raises(RefusedError) as refusal:
            pool.submit(refuse, "kling").result()
        assert type(refusal.value) is RefusedError
        assert refusal.value.verdict == verdict(429, USED_UP)
        assert refusal.value.verdict.request_id == "req-1"
        assert refusal.value.response is None
        assert str(refusal.value) == str(verdict(429, USED_UP))
        with pytest.raises(OwnError):
            pool.submit(refuse, "own").result()
        with pytest.raises(kling_auth.CredentialError) as credential:
            pool.submit(refuse, "credential").result()
        assert credential.value.code == "ERR_SECRET_KEY_EMPTY"


class Options(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)

    auth: KlingAuth
    found: Verdict


class Tenant(KlingAuth):
    def __init__(self, account: str) -> None:
        super().__init__(*KEYS)
        self.account = account


def test_a_copy_of_a_klingauth_is_the_same_object(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KLING_ACCESS_KEY", KEYS[0])
    monkeypatch.setenv("KLING_SECRET_KEY", KEYS[1])
    for auth in (KlingAuth(*KEYS), KlingAuth(), KlingAuth(credentials=lambda: KEYS), Tenant("a")):
        assert copy.copy(auth) is auth
        assert copy.deepcopy(auth) is auth
        assert copy.deepcopy({"options": [auth, auth]})["options"] == [auth, auth]
        options = Options(auth=auth, found=verdict(200, b""))
        assert options.auth is auth
        twin = options.model_copy(deep=True)
        assert twin.auth is auth
        assert twin.found == options.found


@pytest.mark.parametrize(
    "auth", [KlingAuth(*KEYS), KlingAuth(api_key="api-key-kling-canary"), Tenant("a")]
)
def test_explicit_credentials_cannot_be_pickled(auth: KlingAuth) -> None:
    with pytest.raises(
        TypeError, match=r"create one in each process .* in the environment"
    ) as refusal:
        pickle.dumps(auth)
    assert "canary" not in str(refusal.value)


def test_weak_references() -> None:
    auth = KlingAuth(*KEYS)
    gone: list[str] = []
    held = weakref.WeakKeyDictionary({auth: "an account"})
    reference = weakref.ref(auth, lambda _: gone.append("auth"))
    assert reference() is auth
    assert held[auth] == "an account"
    del auth
    gc.collect()
    assert (reference(), gone, len(held)) == (None, ["auth"], 0)
