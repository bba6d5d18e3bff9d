"""``check`` and ``acheck`` with a user's own client, which sends the bearer of the check."""

import asyncio
import base64
import time
import urllib.request

import aiohttp
import httpx
import httpx2
import httpxyz
import pytest
import requests
import trio
from test_check import AK_SK, answering, dripping

from kling_auth import ArgumentTypeError, KlingAuth, acheck, check

KEYS = "0" * 31 + "a", "0" * 31 + "b"
OTHER = "0" * 31 + "c"
BASIC = "somebody", "a password"
CLOSED = "http://127.0.0.1:9"
HTTPX = {"httpx": httpx, "httpx2": httpx2, "httpxyz": httpxyz}


pytestmark = pytest.mark.filterwarnings("ignore:.*aiohttp.encode_basic_auth:DeprecationWarning")


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def by_requests(auth, *, own=None, proxy=None, headers=(), **options):
    with requests.Session() as session:
        session.auth = own
        session.headers.update(headers)
        session.proxies = {"http": proxy, "https": proxy} if proxy else {}
        return check(auth, client=session, **options)


def with_a_client(of):
    def by_httpx(auth, *, own=None, proxy=None, headers=(), **options):
        settings = {"auth": own, "proxy": proxy, "headers": dict(headers)}
        with of.Client(follow_redirects=True, **settings) as client:
            return check(auth, client=client, **options)

    return by_httpx


def with_an_async_client(of, run=asyncio.run):
    def by_httpx(auth, *, own=None, proxy=None, headers=(), **options):
        settings = {"auth": own, "proxy": proxy, "headers": dict(headers)}

        async def ask():
            async with of.AsyncClient(follow_redirects=True, **settings) as client:
                return await acheck(auth, client=client, **options)

        return run(ask)

    return by_httpx


def by_aiohttp(auth, *, own=None, proxy=None, headers=(), **options):
    is_ours = isinstance(own, KlingAuth)
    settings = {
        "auth": aiohttp.BasicAuth(*own) if own and not is_ours else None,
        "middlewares": [own] if is_ours else [],
    }

    async def ask():
        async with aiohttp.ClientSession(
            proxy=proxy, headers=dict(headers), raise_for_status=True, trust_env=True, **settings
        ) as session:
            return await acheck(auth, client=session, **options)

    return asyncio.run(ask())


def by_urllib(auth, *, own=None, proxy=None, headers=(), **options):
    handlers = [urllib.request.ProxyHandler({"http": proxy, "https": proxy} if proxy else {})]
    if isinstance(own, KlingAuth):
        opener = own.opener(*handlers)
    else:
        passwords = urllib.request.HTTPPasswordMgrWithPriorAuth()
        if own:
            passwords.add_password(None, auth.base_url, *own, is_authenticated=True)
        basic = urllib.request.HTTPBasicAuthHandler(passwords)
        opener = urllib.request.build_opener(basic, *handlers)
    opener.addheaders += headers
    before = [(handler, handler.parent) for handler in opener.handlers]
    result = check(auth, client=opener, **options)
    assert before == [(handler, handler.parent) for handler in opener.handlers]
    return result


CLIENTS = {
    "requests": by_requests,
    **{name: with_a_client(of) for name, of in HTTPX.items()},
    **{
        f"{name} async": with_an_async_client(of, lambda ask: asyncio.run(ask()))
        for name, of in HTTPX.items()
    },
    "httpx on trio": with_an_async_client(httpx, trio.run),
    "aiohttp": by_aiohttp,
    "urllib": by_urllib,
}


@pytest.fixture(params=CLIENTS)
def over(request):
    """Check an auth with one of the clients."""
    return CLIENTS[request.param]


def auth_of(gate, **options):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url, **options)


def test_valid_credentials(gate, over):
    result = over(auth_of(gate))
    assert (result.cause, result.requests, bool(result)) == ("accepted", 1, True)
    assert gate.seen() == [[200, 0, 1]]


@pytest.mark.parametrize("path", ["/v1/videos/text2video", None])
def test_invalid_credentials(gate, over, path):
    auth = KlingAuth(gate.access_key, OTHER, base_url=gate.url)
    result = over(auth, path=path)
    assert (result.cause, result.verdict.code, result.requests) == ("wrong_secret_key", 1000, 1)


def test_the_clients_auth_is_not_used(gate, over):
    right, wrong = auth_of(gate), KlingAuth(gate.access_key, OTHER, base_url=gate.url)
    assert over(right, own=right).cause == "accepted"
    assert over(right, own=wrong).cause == "accepted"
    assert over(wrong, own=right).cause == "wrong_secret_key"
    assert over(right, own=BASIC).cause == "accepted"
    assert over(right, headers=[("Authorization", "Bearer other")]).cause == "accepted"
    assert len(gate.seen()) == 5
    assert (right.last_verdict, wrong.last_verdict) == (None, None)


def test_a_netrc_is_not_used(gate, over, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    assert over(auth_of(gate)).cause == "accepted"


def test_a_wrong_clock(gate, over):
    gate.prepare(skew=3600)
    auth, start = auth_of(gate), time.monotonic()
    result = over(auth, own=auth)
    assert (result.cause, result.requests, len(gate.seen())) == ("clock_skew", 2, 2)
    assert time.monotonic() - start >= 1
    assert auth.clock_offset == 0


def test_an_api_key_refused_like_a_key_pair(gate, over):
    gate.prepare(answers=[{"status": 401, "code": 1002, "message": AK_SK}])
    result = over(KlingAuth(api_key=gate.api_key, base_url=gate.url))
    assert result.cause == "unknown_api_key"


def test_a_redirect_is_not_followed(gate, other, over):
    location = f"{other.url}/v1/videos/text2video"
    gate.prepare(answers=[{"status": 307, "body": "", "headers": {"location": location}}])
    result = over(auth_of(gate))
    assert (result.cause, other.url in result.remedy) == ("redirect", True)
    assert other.seen() == []


def test_a_long_body_is_not_read(gate, over):
    gate.prepare(answers=[{"pad": 3_000_000}])
    assert over(auth_of(gate)).cause == "accepted"


def test_an_incomplete_body(gate, over):
    gate.prepare(answers=[{"cut": True}])
    result = over(auth_of(gate))
    assert (result.cause, "ended before the response" in result.remedy) == ("connection", True)


@pytest.mark.parametrize("answer", [{"delay": 5}, {"stall": 5}])
def test_no_response(gate, over, answer):
    gate.prepare(answers=[answer])
    start = time.monotonic()
    assert over(auth_of(gate), timeout=0.3).cause == "timeout"
    assert time.monotonic() - start < 3


def test_a_slow_body_ends_at_the_timeout(over):
    start = time.monotonic()
    with dripping() as url:
        assert over(KlingAuth(*KEYS, base_url=url), timeout=0.5).cause == "timeout"
    assert time.monotonic() - start < 3


@pytest.mark.parametrize(
    ("url", "cause", "words"),
    [
        (CLOSED, "connection", "connection refused"),
        ("https://nobody.invalid", "dns", "cannot be resolved"),
    ],
)
def test_an_unreachable_host(over, url, cause, words):
    result = over(KlingAuth(*KEYS, base_url=url))
    assert (result.cause, words in result.remedy, result.verdict) == (cause, True, None)


def test_a_server_without_tls(gate, over):
    url = gate.url.replace("http:", "https:")
    assert over(KlingAuth(*KEYS, base_url=url)).cause == "tls"


@pytest.mark.parametrize("proxy", [CLOSED, "http://nobody.invalid:1"])
@pytest.mark.parametrize("url", ["http://localhost:1", "https://api.klingai.com"])
def test_an_unusable_proxy(over, proxy, url):
    assert over(KlingAuth(*KEYS, base_url=url), proxy=proxy).cause == "proxy"


def test_a_proxy_with_a_password(gate, over):
    refusal = b"HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"
    with answering(refusal) as proxy:
        assert over(auth_of(gate), proxy=proxy).cause == "proxy"
        assert over(KlingAuth(*KEYS), proxy=proxy).cause == "proxy"


def test_an_earlier_error_is_not_named(gate, over):
    gate.prepare(answers=[{"delay": 5}])
    try:
        raise ConnectionRefusedError("of somebody else")
    except ConnectionRefusedError:
        assert over(auth_of(gate), timeout=0.3).cause == "timeout"


def test_the_clients_proxy_is_used(gate, over):
    """The gate is the proxy here, and gets the URL of another host."""
    auth = KlingAuth(gate.access_key, gate.secret_key, base_url="http://localhost:1")
    assert over(auth, proxy=gate.url).verdict is not None
    assert len(gate.seen()) == 1


def test_a_hook_that_raises(gate):
    def raises(response, *_, **__):
        response.raise_for_status()

    async def araises(response):
        response.raise_for_status()

    auth = KlingAuth(gate.access_key, OTHER, base_url=gate.url)
    with requests.Session() as session:
        session.hooks["response"].append(raises)
        assert check(auth, client=session).verdict.status == 401
    for of in HTTPX.values():
        with of.Client(event_hooks={"response": [raises]}) as client:
            assert check(auth, client=client).verdict.status == 401

        async def ask(of=of):
            async with of.AsyncClient(event_hooks={"response": [araises]}) as client:
                return await acheck(auth, client=client)

        assert asyncio.run(ask()).verdict.status == 401


def test_other_middlewares_still_run(gate):
    seen = []

    async def watches(request, handler):
        seen.append(request.url.path)
        return await handler(request)

    async def ask():
        auth = auth_of(gate)
        async with aiohttp.ClientSession(middlewares=[watches, auth]) as session:
            return await acheck(auth, client=session)

    assert asyncio.run(ask()).cause == "accepted"
    assert seen == ["/v1/videos/text2video"]


@pytest.mark.parametrize("of", HTTPX.values(), ids=HTTPX)
def test_a_mock(of):
    def answers(request):
        assert request.headers["Authorization"].startswith("Bearer eyJ")
        return of.Response(429, json={"code": 1102, "message": "exhausted", "request_id": "r-1"})

    with of.Client(transport=of.MockTransport(answers), auth=BASIC) as client:
        result = check(KlingAuth(*KEYS), client=client)
    assert (result.cause, result.verdict.request_id) == ("resource_pack_used_up", "r-1")


def test_an_error_of_a_mock_is_raised():
    def broken(request):
        raise LookupError("of the mock")

    client = httpx.Client(transport=httpx.MockTransport(broken))
    with client, pytest.raises(LookupError, match="of the mock"):
        check(KlingAuth(*KEYS), client=client)


def test_a_subclass_of_a_client(gate):
    class Client(httpx2.Client):
        pass

    with Client() as client:
        assert check(auth_of(gate), client=client).cause == "accepted"


def test_without_a_client_the_event_loop_is_not_blocked(gate):
    auth = auth_of(gate)
    gate.prepare(answers=[{"delay": 0.5}])

    async def ask():
        task = asyncio.ensure_future(acheck(auth))
        turns = 0
        while not task.done():
            await asyncio.sleep(0.01)
            turns += 1
        return await task, turns

    result, turns = asyncio.run(ask())
    assert (result.cause, turns > 5) == ("accepted", True)
    assert trio.run(lambda: acheck(auth)).cause == "accepted"
    assert asyncio.run(acheck(KlingAuth(*KEYS, base_url=CLOSED))).cause == "connection"


def test_a_cancelled_check_does_not_wait(gate):
    gate.prepare(answers=[{"delay": 5}])

    async def ask():
        await asyncio.wait_for(acheck(auth_of(gate)), 0.2)

    start = time.monotonic()
    with pytest.raises(asyncio.TimeoutError):
        asyncio.run(ask())
    assert time.monotonic() - start < 3


def test_an_object_that_is_not_a_client(gate):
    auth = auth_of(gate)

    async def of_both(client):
        async with client:
            with pytest.raises(ArgumentTypeError, match=r"pass this one to `await acheck"):
                check(auth, client=client)
        with pytest.raises(ArgumentTypeError, match=r"pass this one to `check\("):
            await acheck(auth, client=requests.Session())

    async def of_all():
        for client in (httpx.AsyncClient(), httpx2.AsyncClient(), aiohttp.ClientSession()):
            await of_both(client)

    asyncio.run(of_all())
    for client in (requests, auth, "canary", object(), httpx.Client):
        with pytest.raises(ArgumentTypeError, match="client must be a") as error:
            check(auth, client=client)
        assert (error.value.code, "canary" in str(error.value)) == ("ERR_TYPE", False)
        with pytest.raises(ArgumentTypeError, match="client must be a"):
            asyncio.run(acheck(auth, client=client))
    assert gate.seen() == []


def test_no_failure_shows_the_bearer(over):
    result = over(KlingAuth(*KEYS, base_url=CLOSED), own=BASIC)
    shown = repr(result) + str(result) + str(result.to_dict())
    assert "eyJ" not in shown and KEYS[1] not in shown
    assert base64.b64encode(":".join(BASIC).encode()).decode() not in shown
