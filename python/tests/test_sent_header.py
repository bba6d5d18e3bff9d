"""A client sent other credentials in place of the bearer: the scheme is shown, never the value."""

import asyncio
import base64
import urllib.error
import urllib.request

import aiohttp
import httpx
import httpx2
import pytest
import requests
from conftest import vectors

from kling_auth import KlingAuth, RefusedError, raise_for_kling, verdict

PATH = "/v1/videos/text2video"
BASIC = "the client sent `Basic` instead of the bearer"
SECRET = "c29tZXRoaW5n"
KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


@pytest.fixture(params=["machine 127.0.0.1", "default"])
def netrc(request, tmp_path, monkeypatch):
    path = tmp_path / "netrc"
    path.write_text(f"{request.param} login somebody password {SECRET}\n")
    monkeypatch.setenv("NETRC", str(path))


@pytest.mark.parametrize("case", vectors("sent.json"), ids=lambda case: case["name"])
def test_every_case(case):
    code, sent = case["code"], case["sent"]
    body = "<html>" if code is None else f'{{"code":{code},"message":"refused"}}'
    status = 200 if code == 0 else 401
    plain = verdict(status, body)
    auth = KlingAuth(*KEYS)
    for found in (
        verdict(status, body, sent=sent),
        auth.handle_response(status, {}, body, sent=sent),
        asyncio.run(auth.ahandle_response(status, {}, body, sent=sent)),
    ):
        if case["says"] is None:
            assert found.remedy == plain.remedy
        else:
            assert case["says"] in found.remedy
            assert found.remedy in str(found) and auth.last_verdict in (None, found)
        assert (found.cause, found.status) == (plain.cause, status)
        assert len(sent) < 12 or sent.split()[-1] not in str(found)


def refused_by(response):
    with pytest.raises(RefusedError) as refusal:
        raise_for_kling(response)
    text = str(refusal.value)
    password = base64.b64encode(f"somebody:{SECRET}".encode()).decode()
    assert SECRET not in text and password not in text
    return text


class TestNetrc:
    """requests reads a password from it, unless an auth is passed."""

    def test_headers_of_requests(self, netrc, gate, auth):
        for headers in (auth.headers, auth.headers_for(gate.url + PATH)):
            response = requests.get(gate.url + PATH, headers=headers, timeout=10)
            text = refused_by(response)
            assert BASIC in text and "auth=auth" in text and "proxy" not in text

    def test_an_explicit_auth(self, netrc, gate, auth):
        assert requests.get(gate.url + PATH, auth=auth, timeout=10).status_code == 200
        with requests.Session() as session:
            session.trust_env = False
            response = session.get(gate.url + PATH, headers=auth.headers)
            assert raise_for_kling(response).status_code == 200

    def test_aiohttp_raises(self, netrc, gate, auth):
        """It raises an error before the middleware is called, and sends nothing."""

        async def send(**options):
            async with aiohttp.ClientSession(trust_env=True, **options) as session:
                return (await session.get(gate.url + PATH)).status

        with pytest.raises(ValueError, match="AUTHORIZATION header"):
            asyncio.run(send(headers=auth.headers))
        assert gate.seen() == []
        assert asyncio.run(send(middlewares=[auth])) == 200

    @pytest.mark.parametrize("of", [httpx, httpx2])
    def test_httpx_does_not_read_it(self, netrc, gate, auth, of):
        assert of.get(gate.url + PATH, headers=auth.headers).status_code == 200

    def test_urllib_does_not_read_it(self, netrc, gate, auth):
        request = urllib.request.Request(gate.url + PATH, headers=auth.headers)  # noqa: S310
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            assert raise_for_kling(response).status == 200


# A password in the URL, or passed besides the bearer.


@pytest.mark.parametrize("of", [httpx, httpx2])
def test_httpx(gate, auth, of):
    """It uses the password of the URL or `auth=` in place of the header."""
    url = gate.url.replace("//", f"//somebody:{SECRET}@") + PATH
    assert BASIC in refused_by(of.get(url, headers=auth.headers))
    assert BASIC in refused_by(
        of.get(gate.url + PATH, headers=auth.headers, auth=("somebody", SECRET))
    )
    assert of.get(gate.url + PATH, auth=auth).status_code == 200


def test_aiohttp(gate, auth):
    async def send(**options):
        session = aiohttp.ClientSession()
        async with session, session.get(gate.url + PATH, **options) as response:
            await response.read()
            return refused_by(response)

    basic = "Basic " + base64.b64encode(f"somebody:{SECRET}".encode()).decode()
    assert BASIC in asyncio.run(send(headers={"Authorization": basic}))
    assert "sent no Authorization header" in asyncio.run(send())


def test_a_bearer_that_a_proxy_removed(gate, auth):
    """The client did send it, so the remedy names a proxy."""
    refusal = {"code": 1001, "message": "Authorization is empty"}
    gate.prepare(answers=[refusal] * 6)

    async def by_aiohttp():
        session = aiohttp.ClientSession(middlewares=[auth])
        async with session, session.get(gate.url + PATH) as response:
            await response.read()
            return refused_by(response)

    for text in (
        refused_by(requests.get(gate.url + PATH, auth=auth, timeout=10)),
        refused_by(httpx.get(gate.url + PATH, auth=auth)),
        refused_by(httpx2.get(gate.url + PATH, auth=auth)),
        asyncio.run(by_aiohttp()),
    ):
        assert "look for a proxy" in text
    with pytest.raises(urllib.error.HTTPError) as error:
        auth.opener().open(gate.url + PATH, timeout=10)
    assert "look for a proxy" in refused_by(error.value)


def test_adapters_show_it_too(gate, auth):
    """A user's hook replaces the bearer at the last moment."""

    def replace(request):
        request.headers["Authorization"] = f"Token {SECRET}"

    gate.prepare(answers=[{"code": 1001}] * 2)
    with httpx2.Client(auth=auth, event_hooks={"request": [replace]}) as client:
        client.get(gate.url + PATH)
    assert "the client sent `Token` instead of the bearer" in auth.last_verdict.remedy


def test_a_redirect_that_removed_the_bearer(gate, auth):
    """requests removes it between two names of this machine."""
    elsewhere = gate.url.replace("127.0.0.1", "localhost") + PATH
    gate.prepare(answers=[{"status": 302, "body": "", "headers": {"location": elsewhere}}])
    response = requests.get(gate.url + PATH, headers=auth.headers, timeout=10)
    assert "the client sent no Authorization header" in refused_by(response)


def test_headers_that_are_bytes(gate, auth):
    response = requests.Response()
    response.status_code, response._content = 401, b'{"code":1001}'
    response.request = requests.Request(
        "GET", gate.url, headers={"Authorization": b"Basic eA=="}
    ).prepare()
    assert BASIC in refused_by(response)
