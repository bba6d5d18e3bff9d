"""``check`` and what can go wrong: what it sends, how long it waits, and how it names a failure.

The core's part is tested in Rust.
"""

import socket
import threading
import time

import pytest
from conftest import Gate

from kling_auth import ArgumentError, ArgumentTypeError, CheckResult, KlingAuth, check

AK_SK = "Authentication error. The current API does not support AK/SK"

CODES = [
    (1000, "wrong_secret_key", False),
    (1001, "authorization_missing", False),
    (1002, "authorization_invalid", False),
    (1100, "account_abnormal", False),
    (1101, "account_in_arrears", True),
    (1102, "resource_pack_used_up", True),
    (1103, "no_permission", False),
    (1200, "invalid_parameters", True),
    (1201, "invalid_parameters", True),
    (1202, "method_not_found", True),
    (1203, "resource_not_found", True),
    (1300, "policy_violation", True),
    (1301, "content_unsafe", True),
    (1302, "rate_limited", True),
    (1303, "too_many_concurrent", True),
    (1304, "ip_not_allowed", False),
    (5000, "server_fault", False),
    (5001, "server_unavailable", False),
    (5002, "server_timeout", False),
]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def auth_of(gate, **options):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url, **options)


def paths_of(gate):
    return [entry["path"] for entry in gate._control("GET", "log")]


def anybody(base_url):
    return KlingAuth("anybodys-access-key", "anybodys-secret-key", base_url=base_url)


@pytest.mark.filterwarnings("ignore::kling_auth.KlingAuthWarning")
class TestCheck:
    def test_valid_credentials(self, gate):
        result = check(auth_of(gate))
        assert result and isinstance(result, CheckResult)
        assert (result.cause, result.requests, result.verdict.action) == ("accepted", 1, "accept")
        assert (result.base_url, result.access_key) == (gate.url, "AKga…0001")
        assert (result.source, result.region) == ("arguments", None)
        assert result.remedy == "" and "remedy" not in str(result)
        assert "/tasks" in result.warning and result.warning in str(result)
        assert gate.seen() == [[200, 0, 1]]

    def test_an_api_key(self, gate):
        assert check(KlingAuth(api_key=gate.api_key, base_url=gate.url)).cause == "accepted"
        unknown = check(KlingAuth(api_key="api-key-kling-nobodys", base_url=gate.url))
        assert (bool(unknown), unknown.cause) == (False, "unknown_api_key")
        assert unknown.warning is None

    def test_an_api_key_refused_like_a_key_pair(self, gate):
        gate.prepare(answers=[{"status": 401, "code": 1002, "message": AK_SK}] * 2)
        result = check(KlingAuth(api_key=gate.api_key, base_url=gate.url))
        assert (result.cause, "key pair" in result.remedy) == ("unknown_api_key", False)
        assert check(auth_of(gate)).cause == "wrong_scheme"

    def test_a_path(self, gate):
        check(auth_of(gate), path="/v1/videos/image2video?pageSize=1")
        assert check(auth_of(gate), path=None).cause == "accepted"
        assert paths_of(gate) == ["/v1/videos/image2video", "/v1/videos/text2video"]

    def test_below_the_path_of_the_base_url(self, gate):
        auth = KlingAuth(gate.access_key, gate.secret_key, base_url=f"{gate.url}/kling/v1")
        assert check(auth).cause == "method_not_found"
        assert check(auth, path="/v1/models").cause == "method_not_found"
        assert paths_of(gate) == ["/kling/v1/videos/text2video", "/kling/v1/models"]

    @pytest.mark.parametrize(
        ("status", "cause"),
        [
            (400, "relay_refused"),
            (401, "relay_key_refused"),
            (403, "relay_forbidden"),
            (404, "relay_not_found"),
            (429, "relay_rate_limited"),
            (503, "relay_failed"),
        ],
    )
    def test_a_relay(self, gate, status, cause):
        body = '{"error":{"message":"the words of a relay","type":"new_api_error"}}'
        gate.prepare(answers=[{"status": status, "body": body}])
        result = check(KlingAuth(api_key=gate.api_key, base_url=gate.url))
        assert (result.cause, bool(result), result.requests) == (cause, False, 1)
        assert "the words of a relay" in str(result) and "relay" in result.remedy

    @pytest.mark.parametrize(("code", "cause", "is_valid"), CODES)
    def test_every_code(self, gate, code, cause, is_valid):
        gate.prepare(answers=[{"code": code}])
        result = check(auth_of(gate))
        assert (result.cause, result.is_valid, result.requests) == (cause, is_valid, 1)
        assert result.remedy in str(result)

    @pytest.mark.parametrize("skew", [3600, -3600])
    def test_a_wrong_clock(self, gate, skew):
        gate.prepare(skew=skew)
        auth, start = auth_of(gate), time.monotonic()
        result = check(auth)
        assert (result.cause, result.is_valid, result.requests) == ("clock_skew", True, 2)
        assert abs(result.clock_offset - skew) <= 2
        assert time.monotonic() - start >= 1  # one request a second
        assert auth.clock_offset == 0

    def test_the_clock_of_the_auth(self, gate):
        result = check(auth_of(gate, clock=lambda: time.time() + 3600))
        assert (result.cause, result.requests) == ("clock_skew", 2)

    def test_a_redirect_is_not_followed(self, gate, other):
        location = f"{other.url}/v1/videos/text2video?signature=canary"
        gate.prepare(answers=[{"status": 307, "body": "", "headers": {"location": location}}])
        result = check(auth_of(gate))
        assert (result.cause, result.is_valid) == ("redirect", False)
        assert other.url in result.remedy and "canary" not in str(result)
        assert other.seen() == []

    def test_another_region(self, gate, tmp_path):
        accounts = tmp_path / "accounts.json"
        accounts.write_text("{}")
        elsewhere = Gate("--accounts", str(accounts))
        try:
            auth = KlingAuth(gate.access_key, gate.secret_key, base_url=elsewhere.url)
            assert check(auth).cause == "unknown_access_key"
            assert check(auth, regions=True).cause == "unknown_access_key"  # no region knows it
            assert gate.seen() == []
            result = check(auth, regions=gate.url)
            assert (result.cause, result.region) == ("wrong_region", gate.url)
        finally:
            elsewhere.stop()

    def test_a_long_body_is_not_read(self, gate):
        gate.prepare(answers=[{"pad": 3_000_000}])
        assert check(auth_of(gate)).cause == "accepted"

    def test_an_incomplete_body(self, gate):
        gate.prepare(answers=[{"cut": True}])
        result = check(auth_of(gate))
        assert (result.cause, result.verdict) == ("connection", None)
        assert "ended before the response" in result.remedy

    @pytest.mark.parametrize("answer", [{"delay": 5}, {"stall": 5}])
    def test_no_response(self, gate, answer):
        gate.prepare(answers=[answer])
        start = time.monotonic()
        assert check(auth_of(gate), timeout=0.3).cause == "timeout"
        assert time.monotonic() - start < 3

    def test_a_slow_body_ends_at_the_timeout(self):
        start = time.monotonic()
        with dripping() as url:
            assert check(anybody(url), timeout=0.5).cause == "timeout"
        assert time.monotonic() - start < 3

    @pytest.mark.parametrize("timeout", [1e8, 1e12, 1e18])
    def test_a_huge_timeout(self, gate, timeout):
        assert check(auth_of(gate), timeout=timeout).cause == "accepted"

    def test_a_refused_connection(self):
        result = check(anybody("http://127.0.0.1:9"))
        assert (result.cause, "connection refused" in result.remedy) == ("connection", True)

    def test_an_unknown_host(self):
        assert check(anybody("https://nobody.invalid")).cause == "dns"

    def test_a_server_without_tls(self, gate):
        url = gate.url.replace("http:", "https:")
        assert check(anybody(url)).cause == "tls"

    @pytest.mark.parametrize(
        "proxy",
        ["http://127.0.0.1:9", "gopher://127.0.0.1:9", "http://"],
    )
    @pytest.mark.parametrize("name", ["http_proxy", "ALL_PROXY"])
    def test_an_unusable_proxy(self, gate, monkeypatch, proxy, name):
        monkeypatch.setenv(name, proxy)
        assert check(auth_of(gate)).cause == "proxy"
        monkeypatch.setenv("no_proxy", "127.0.0.1")
        assert check(auth_of(gate)).cause == "accepted"

    def test_an_unknown_proxy(self, monkeypatch):
        monkeypatch.setenv("HTTPS_PROXY", "http://nobody.invalid:1")
        assert check(anybody("https://api.klingai.com")).cause == "proxy"

    def test_no_proxy_for_this_machine(self, gate, monkeypatch):
        monkeypatch.setenv("http_proxy", "http://nobody.invalid:1")
        assert check(auth_of(gate)).cause == "accepted"

    def test_a_proxy_with_a_password(self, gate, monkeypatch):
        with answering(
            b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"
        ) as url:
            monkeypatch.setenv("http_proxy", url)
            assert check(auth_of(gate)).cause == "proxy"
            monkeypatch.setenv("https_proxy", url)
            assert check(anybody("https://api.klingai.com")).cause == "proxy"


def test_arguments_of_the_wrong_type(gate):
    with pytest.raises(TypeError):
        check("auth")
    auth = auth_of(gate)
    with pytest.raises(ArgumentTypeError, match="regions must be"):
        check(auth, regions=1)
    for path in (1, b"/v1", "", "v1/models", "https://evil.example/", "/a b", "/a#b"):
        with pytest.raises(ArgumentTypeError, match="path must be"):
            check(auth, path=path)
    for timeout in ("10", None, 0, -1, float("nan")):
        with pytest.raises(ArgumentTypeError, match="timeout must be"):
            check(auth, timeout=timeout)
    with pytest.raises(ArgumentError) as error:
        check(auth, regions="http://example.com")
    assert error.value.code == "ERR_BASE_URL"


def test_a_result_holds_no_secret(gate):
    for result in (check(auth_of(gate)), check(KlingAuth(api_key=gate.api_key, base_url=gate.url))):
        shown = repr(result) + str(result)
        assert gate.secret_key not in shown and gate.api_key not in shown and "eyJ" not in shown


def test_repr(gate):
    assert repr(check(auth_of(gate))) == "CheckResult(is_valid=True, cause='accepted')"


class answering:
    """A server that sends the same bytes to each connection."""

    def __init__(self, *parts, pause=0):
        self._parts, self._pause = parts, pause

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __exit__(self, *_):
        self._listener.close()

    def _serve(self):
        while True:
            try:
                connection, _ = self._listener.accept()
                with connection:
                    connection.recv(65536)
                    for part in self._parts:
                        connection.sendall(part)
                        time.sleep(self._pause)
            except OSError:
                return


def dripping():
    """A server that sends a body byte by byte, each within the timeout."""
    head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n"
    return answering(head, *[b"{"] * 100, pause=0.1)
