"""Edge cases of the adapters: huge and broken responses, foreign redirects, error reports."""

import asyncio
import traceback
import urllib.error
import urllib.request

import aiohttp
import httpx
import pytest
import requests
from clients import BROKEN

from kling_auth import KlingAuth
from kling_auth.adapters.urllib import KlingHandler

HUGE = {"code": 1103, "pad": 3_000_000}
PATH = "/v1/videos/text2video"
KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


class TestLongAnswers:
    """A response that is too long to be Kling's is not read."""

    def test_requests(self, auth, gate):
        gate.prepare(answers=[HUGE])
        with requests.get(gate.url + PATH, auth=auth, stream=True, timeout=10) as response:
            assert response.raw.tell() == 0
            assert len(response.content) > 3_000_000
        assert auth.last_verdict.cause == "not_kling"

    def test_httpx(self, auth, gate):
        gate.prepare(answers=[HUGE])
        with httpx.stream("GET", gate.url + PATH, auth=auth) as response:
            assert response.num_bytes_downloaded == 0
            assert len(b"".join(response.iter_raw())) > 3_000_000

    def test_aiohttp(self, auth, gate):
        gate.prepare(answers=[HUGE])

        async def read():
            session = aiohttp.ClientSession(middlewares=[auth])
            async with session, session.get(gate.url + PATH) as response:
                assert response.content.total_bytes < 1_000_000
                return len(await response.read())

        assert asyncio.run(read()) > 3_000_000

    def test_urllib(self, auth, gate):
        gate.prepare(answers=[HUGE])
        with pytest.raises(urllib.error.HTTPError) as error:
            auth.opener().open(gate.url + PATH, timeout=10)
        assert len(error.value.read()) > 3_000_000


class TestBrokenAnswers:
    """If a body is incomplete, the reader gets the error, and still has the status."""

    def test_urllib(self, auth, gate):
        gate.prepare(answers=[{"code": 5001, "cut": True}])
        with pytest.raises(urllib.error.HTTPError) as error:
            auth.opener().open(gate.url + PATH, timeout=10)
        assert error.value.code == 503
        with pytest.raises(BROKEN):
            error.value.read()

    def test_aiohttp(self, auth, gate):
        gate.prepare(answers=[{"code": 5001, "cut": True}])

        async def read():
            session = aiohttp.ClientSession(middlewares=[auth])
            async with session, session.get(gate.url + PATH) as response:
                assert response.status == 503
                with pytest.raises(BROKEN):
                    await response.read()

        asyncio.run(read())


class TestForeignRedirects:
    """A host that redirects a client to Kling does not make it send the bearer."""

    @pytest.mark.parametrize(
        "get",
        [
            lambda url, auth: requests.get(url, auth=auth, timeout=10),
            lambda url, auth: httpx.get(url, auth=auth, follow_redirects=True),
        ],
        ids=["requests", "httpx"],
    )
    def test_to_kling(self, auth, gate, other, get):
        headers = {"location": gate.url + PATH}
        other.prepare(answers=[{"status": 302, "body": "", "headers": headers}])
        assert get(other.url + "/video.mp4", auth).status_code == 401
        assert gate.seen() == [[401, 1001, None]]


class TestUrllibProxies:
    def test_no_bearer_that_a_proxy_would_see(self):
        auth = KlingAuth(*KEYS, base_url="https://gateway.example")
        request = urllib.request.Request("https://gateway.example/tasks")
        request.set_proxy("proxy.example:3128", "http")
        request.set_proxy("proxy.example:3128", "http")  # as urllib does at a second opening
        assert request.type == "http"
        KlingHandler(auth).http_request(request)
        assert not request.unredirected_hdrs

    def test_the_repeated_request_is_a_new_object(self, auth, gate):
        gate.prepare(skew=3600)
        seen = []

        class Witness(urllib.request.BaseHandler):
            def http_request(self, request):
                seen.append(request)
                return request

        request = urllib.request.Request(gate.url + PATH, b"{}", {"X-Mine": "1"}, method="PUT")  # noqa: S310
        with pytest.raises(urllib.error.HTTPError):
            auth.opener(Witness()).open(request, timeout=10)
        first, second = seen
        assert first is request and second is not request
        assert (second.get_method(), second.data, second.headers) == ("PUT", b"{}", request.headers)


class TestErrorReports:
    """Error reports of clients and tools do not contain the bearer."""

    def test_an_error_of_aiohttp(self, auth, gate):
        gate.prepare(answers=[{"code": 1103}])

        async def fail():
            async with aiohttp.ClientSession(middlewares=[auth], raise_for_status=True) as session:
                await session.get(gate.url + PATH)

        with pytest.raises(aiohttp.ClientResponseError) as error:
            asyncio.run(fail())
        assert "eyJ" not in repr(error.value) + str(error.value)

    def test_our_own_frames(self):
        closed = KlingAuth(*KEYS, base_url="http://127.0.0.1:9")
        for send in (
            lambda: requests.get("http://127.0.0.1:9", auth=closed, timeout=10),
            lambda: httpx.get("http://127.0.0.1:9", auth=closed),
            lambda: closed.opener().open("http://127.0.0.1:9", timeout=10),
        ):
            with pytest.raises(BROKEN) as error:
                send()
            report = traceback.TracebackException.from_exception(error.value, capture_locals=True)
            while report is not None:
                for frame in report.stack:
                    if "kling_auth" in frame.filename:
                        assert "eyJ" not in str(frame.locals)
                report = report.__context__


def test_an_echoed_key_is_not_shown():
    key = "sk-live-0123456789abcdef0123456789abcdef"
    with pytest.warns(UserWarning):
        auth = KlingAuth(api_key=key)
    body = f'{{"code":1002,"message":"api key not found: {key}"}}'
    verdict = auth.handle_response(401, {}, body)
    assert key not in str(verdict) + str(auth.last_verdict)
    assert verdict.cause == "unknown_api_key"
    assert key not in auth.handle_response(403, {}, body).message
