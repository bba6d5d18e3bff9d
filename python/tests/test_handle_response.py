"""Verdicts, the corrected clock, reloads, and where the bearer is sent."""

import copy
import logging
import pickle

import pytest
from outputs import logged

import kling_auth
from kling_auth import (
    ArgumentError,
    ArgumentTypeError,
    KlingAuth,
    OriginError,
    Verdict,
    verdict,
)

KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
OTHER_KEYS = "00112233445566778899aabbccddeeff", "ffeeddccbbaa99887766554433221100"
NOW = 1_800_000_000
AN_HOUR_LATER = "Fri, 15 Jan 2027 09:00:00 GMT"
EXPIRED = b'{"code":1004,"message":"Authorization has expired"}'
UNKNOWN = b'{"code":1002,"message":"access key not exist"}'


class Clock:
    now = NOW

    def __call__(self):
        return self.now


def test_attributes_of_a_verdict():
    body = b'{"code":1102,"message":"resource pack exhausted","request_id":"req-7"}'
    found = verdict(429, body)
    assert (found.cause, found.action) == ("resource_pack_used_up", "fail")
    assert (found.status, found.code, found.request_id) == (429, 1102, "req-7")
    assert found.message == "resource pack exhausted"
    assert found.remedy.startswith("the resource pack is used up")
    assert str(found) == (
        f'HTTP 429, code 1102, "resource pack exhausted": {found.remedy} (request req-7)'
    )
    assert repr(found) == (
        "Verdict(cause='resource_pack_used_up', action='fail', status=429, code=1102)"
    )


def test_verdicts_are_compared():
    assert verdict(401, EXPIRED) == verdict(401, EXPIRED)
    assert verdict(401, EXPIRED) != verdict(401, UNKNOWN)
    assert verdict(401, EXPIRED) != "token_expired"


def test_a_verdict_is_read_only_and_made_by_the_package():
    with pytest.raises(AttributeError):
        verdict(200).cause = "accepted"
    with pytest.raises(TypeError):
        Verdict()


def test_a_body_that_is_not_a_body():
    assert verdict(200).cause == "accepted"
    assert verdict(502).cause == "not_kling"
    assert repr(verdict(502)) == "Verdict(cause='not_kling', action='fail', status=502, code=None)"


@pytest.mark.parametrize("as_body", [bytes, bytearray, memoryview, lambda body: body.decode()])
def test_forms_of_a_body(as_body):
    assert verdict(401, as_body(EXPIRED)).code == 1004


def test_a_large_body_takes_no_time():
    assert verdict(401, b"x" * 50_000_000).cause == "not_kling"


@pytest.mark.parametrize(
    "headers",
    [
        {"Date": AN_HOUR_LATER},
        {"dAtE": AN_HOUR_LATER, "Server": "x"},
        [("Server", "x"), ("date", AN_HOUR_LATER)],
        [(b"DATE", AN_HOUR_LATER.encode())],
    ],
)
def test_forms_of_headers(headers):
    auth = KlingAuth(*KEYS, clock=Clock())
    refused = auth.token
    assert auth.handle_response(401, headers, EXPIRED, token=refused).action == "retry"
    assert auth.clock_offset == 3600
    assert auth.expires_at == NOW + 3600 + 1800
    assert auth.token != refused


def test_the_last_verdict():
    auth = KlingAuth(*KEYS)
    assert auth.last_verdict is None
    auth.handle_response(200, {}, b'{"code":0}')
    assert auth.last_verdict is None
    found = auth.handle_response(429, {}, b'{"code":1302}')
    assert auth.last_verdict == found
    auth.handle_response(200, {}, b'{"code":0}')
    assert auth.last_verdict == found


@pytest.mark.parametrize(
    "arguments, code",
    [
        ((200, 3), "ERR_TYPE"),
        ((200, [3]), "ERR_TYPE"),
        ((200, {}, 3), "ERR_TYPE"),
        ((200, {}, ["{}"]), "ERR_TYPE"),
        ((200, [{"date": 1, "server": 2}]), "ERR_TYPE"),
        (("200",), "ERR_TYPE"),
        ((-1,), "ERR_TYPE"),
        ((70_000,), "ERR_TYPE"),
    ],
)
def test_arguments_of_the_wrong_type(arguments, code):
    with pytest.raises(ArgumentTypeError) as refusal:
        KlingAuth(*KEYS).handle_response(*arguments)
    assert refusal.value.code == code


def test_a_token_is_a_str():
    with pytest.raises(ArgumentTypeError, match="token"):
        KlingAuth(*KEYS).handle_response(401, {}, EXPIRED, token=b"x")


# Where the bearer is sent.


def test_the_base_url_by_default(monkeypatch):
    monkeypatch.delenv("KLING_API_BASE", raising=False)
    auth = KlingAuth(*KEYS)
    assert auth.base_url == "https://api-singapore.klingai.com"
    assert auth.headers_for("https://api.klingai.com/v1/videos/text2video") == auth.headers


def test_the_base_url_of_the_environment(monkeypatch):
    monkeypatch.setenv("KLING_API_BASE", "https://gateway.example.com/kling/")
    auth = KlingAuth(*KEYS)
    assert auth.base_url == "https://gateway.example.com/kling"
    assert auth.headers_for("https://gateway.example.com/x") == auth.headers
    assert KlingAuth(*KEYS, base_url="http://127.0.0.1:9").base_url == "http://127.0.0.1:9"
    monkeypatch.setenv("KLING_API_BASE", "")
    assert KlingAuth(*KEYS).base_url == "https://api-singapore.klingai.com"


def test_an_invalid_base_url(monkeypatch):
    with pytest.raises(ArgumentError) as refusal:
        KlingAuth(*KEYS, base_url="http://example.com")
    assert refusal.value.code == "ERR_BASE_URL"
    with pytest.raises(ArgumentTypeError):
        KlingAuth(*KEYS, base_url=3)
    monkeypatch.setenv("KLING_API_BASE", "example.com")
    with pytest.raises(ArgumentError, match="KLING_API_BASE"):
        KlingAuth(*KEYS)


def test_other_hosts_do_not_get_the_bearer():
    auth = KlingAuth(*KEYS)
    url = "https://cdn.example.com/video.mp4?signature=secret"
    with pytest.raises(OriginError) as refusal:
        auth.headers_for(url)
    assert isinstance(refusal.value, ValueError)
    assert "cdn.example.com" in str(refusal.value)
    assert "secret" not in str(refusal.value)


def test_a_base_url_is_pickled(monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", KEYS[0])
    monkeypatch.setenv("KLING_SECRET_KEY", KEYS[1])
    auth = KlingAuth(base_url="https://gateway.example.com")
    for duplicate in (copy.copy(auth), pickle.loads(pickle.dumps(auth))):  # noqa: S301
        assert type(duplicate) is KlingAuth
        assert duplicate.base_url == "https://gateway.example.com"


# If Kling does not know the credentials, they are reloaded.


class Vault:
    """A secrets manager that counts calls and may fail."""

    def __init__(self):
        self.keys = KEYS
        self.calls = 0
        self.error = None

    def __call__(self):
        self.calls += 1
        if self.error:
            raise self.error
        return self.keys


def test_a_rotated_key_is_fetched():
    vault, clock = Vault(), Clock()
    auth = KlingAuth(credentials=vault, clock=clock)
    refused, vault.keys = auth.token, OTHER_KEYS
    assert auth.handle_response(401, {}, UNKNOWN, token=refused).action == "fail"
    assert (vault.calls, auth.access_key) == (2, OTHER_KEYS[0])
    # A late response to the old key does not concern the new one.
    clock.now += 100
    auth.handle_response(401, {}, UNKNOWN, token=refused)
    assert vault.calls == 2


def test_a_reload_once_a_minute():
    vault, clock = Vault(), Clock()
    auth = KlingAuth(credentials=vault, clock=clock)
    for seconds, calls in ((0, 2), (1, 2), (59, 2), (60, 3), (119, 3), (120, 4)):
        clock.now = NOW + seconds
        auth.handle_response(401, {}, UNKNOWN)
        assert vault.calls == calls


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1004])
def test_no_reload_for_other_causes(code):
    vault = Vault()
    auth = KlingAuth(credentials=vault)
    auth.handle_response(401, {}, f'{{"code":{code}}}')
    auth.handle_response(401, {}, '{"code":1002,"message":"does not support AK/SK"}')
    assert vault.calls == 1


def test_credentials_are_kept_if_it_fails():
    vault, clock = Vault(), Clock()
    auth = KlingAuth(credentials=vault, clock=clock)
    vault.error = RuntimeError("vault token s.canary is expired")
    with logged(logging.WARNING) as lines:
        assert auth.handle_response(401, {}, UNKNOWN).action == "fail"
    assert lines == [
        "WARNING the credentials function raised RuntimeError; "
        "the previous credentials stay in use (WARN_RELOAD_FAILED)"
    ]
    assert auth.access_key == KEYS[0]
    clock.now += 60
    vault.error, vault.keys = None, ("half",)
    with logged(logging.WARNING) as lines:
        auth.handle_response(401, {}, UNKNOWN)
    assert "WARN_RELOAD_FAILED" in lines[0]
    assert auth.access_key == KEYS[0]


def test_an_interrupt_is_not_swallowed():
    vault = Vault()
    auth = KlingAuth(credentials=vault)
    vault.error = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        auth.handle_response(401, {}, UNKNOWN)


def test_a_subclass_that_does_not_call_init():
    class WithoutInit(KlingAuth):
        def __init__(self):
            pass

    for use in (
        lambda auth: auth.base_url,
        lambda auth: auth.clock_offset,
        lambda auth: auth.last_verdict,
        lambda auth: auth.handle_response(200),
        lambda auth: auth.headers_for("https://api.klingai.com"),
    ):
        with pytest.raises(RuntimeError, match="super"):
            use(WithoutInit())


def test_reads_stay_native():
    for name in ("token", "headers", "refresh", "handle_response", "headers_for"):
        assert name not in vars(KlingAuth)
    assert KlingAuth.__module__ == "kling_auth"
    assert kling_auth.KlingAuth.__slots__ == ("__weakref__",)
