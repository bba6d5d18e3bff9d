"""On any chain of redirects, the bearer is sent to its own origin, and to no other."""

import asyncio
import contextlib
import copy
import importlib.util
import ssl
import urllib.error
import urllib.request

import pytest
import requests
from conftest import TALLIES
from redirects import HERE, Origins, certificate, chains

from kling_auth import KlingAuth, OriginError

KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
BODIES = {"GET": None, "POST": b"{}"}


@pytest.fixture(scope="module")
def tls(tmp_path_factory):
    return certificate(tmp_path_factory.mktemp("tls"))


# Clients: a context that yields a function, which sends one request and follows redirects.


def with_a_session(of, **options):
    @contextlib.contextmanager
    def client(auth, trusted):
        with of.Session() as session:
            session.auth = auth
            for name, value in options.items():
                setattr(session, name, value)
            # For each request: a bundle in the environment replaces that of a session.
            more = {"timeout": 10, "verify": str(trusted)}
            yield lambda method, url: session.request(method, url, data=BODIES[method], **more)

    return client


@contextlib.contextmanager
def run_in_a_loop(make):
    """A client from a coroutine function, with one event loop for all requests."""
    loop = asyncio.new_event_loop()
    session, send = loop.run_until_complete(make())
    try:
        yield lambda method, url: loop.run_until_complete(send(method, url))
    finally:
        loop.run_until_complete(session.__aexit__(None, None, None))
        loop.close()


def by_async_niquests(auth, trusted):
    import niquests

    async def make():
        session = niquests.AsyncSession()
        session.auth = auth

        async def send(method, url):
            more = {"timeout": 10, "verify": str(trusted)}
            await session.request(method, url, data=BODIES[method], **more)

        return session, send

    return run_in_a_loop(make)


def with_a_client(of, **options):
    @contextlib.contextmanager
    def client(auth, trusted):
        context = ssl.create_default_context(cafile=trusted)
        with of.Client(auth=auth, verify=context, follow_redirects=True) as session:
            for name, value in options.items():
                setattr(session, name, value)
            yield lambda method, url: session.request(method, url, content=BODIES[method])

    return client


def with_an_async_client(of, **options):
    def client(auth, trusted):
        async def make():
            context = ssl.create_default_context(cafile=trusted)
            session = of.AsyncClient(auth=auth, verify=context, follow_redirects=True)
            for name, value in options.items():
                setattr(session, name, value)

            async def send(method, url):
                await session.request(method, url, content=BODIES[method])

            return session, send

        return run_in_a_loop(make)

    return client


def by_aiohttp(auth, trusted):
    async def make():
        context = ssl.create_default_context(cafile=trusted)
        connector = aiohttp.TCPConnector(ssl=context)
        session = aiohttp.ClientSession(middlewares=(auth,), connector=connector)

        async def send(method, url):
            async with session.request(method, url, data=BODIES[method]) as response:
                await response.read()

        return session, send

    return run_in_a_loop(make)


@contextlib.contextmanager
def by_urllib(auth, trusted):
    context = ssl.create_default_context(cafile=trusted)
    opener = auth.opener(urllib.request.HTTPSHandler(context=context))

    def send(method, url):
        request = urllib.request.Request(url, BODIES[method], method=method)  # noqa: S310
        try:
            opener.open(request, timeout=10).close()
        except urllib.error.HTTPError as error:
            error.close()  # it follows no 307 or 308 of a POST

    yield send


def keep_it(request, url, method):
    """A client that a user has changed to send all headers everywhere."""
    headers = request.headers.copy()
    headers["host"] = url.netloc.decode("ascii")
    if method == "GET":
        headers.pop("content-length", None)
    return headers


# The changed clients are protected only by our guard.
KEEPING = {"rebuild_auth": lambda request, response: None}
if importlib.util.find_spec("niquests"):
    import niquests

    CLIENTS = {
        "niquests": with_a_session(niquests),
        "niquests that keeps it": with_a_session(niquests, **KEEPING),
        "niquests async": by_async_niquests,
        "requests beside niquests": with_a_session(requests),
    }
else:
    import aiohttp
    import httpx
    import httpx2

    CLIENTS = {
        "requests": with_a_session(requests),
        "requests that keeps it": with_a_session(requests, **KEEPING),
        "httpx": with_a_client(httpx),
        "httpx async": with_an_async_client(httpx),
        "httpx2": with_a_client(httpx2),
        "httpx2 that keeps it": with_a_client(httpx2, _redirect_headers=keep_it),
        "httpx2 async": with_an_async_client(httpx2),
        "httpx2 async that keeps it": with_an_async_client(httpx2, _redirect_headers=keep_it),
        "aiohttp": by_aiohttp,
        "urllib": by_urllib,
    }

CHAINS = list(chains())


def test_the_chains():
    assert len(CHAINS) == len(set(CHAINS)) == 15 + 45 + 54 + 81
    for length in range(1, 5):
        of_length = [chain for chain in CHAINS if len(chain) == length]
        assert len({tuple(origin for origin, _ in chain) for chain in of_length}) == 3**length
        for place in range(length):
            assert len({chain[place] for chain in of_length}) == 3 * 5
    pairs = {(one[1], two[1]) for chain in CHAINS for one, two in zip(chain, chain[1:])}
    assert len(pairs) == 5 * 5


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_chains(client, scheme, tls):
    # Over HTTPS only a third of them, since each connection takes time.
    some = CHAINS if scheme == "http" else CHAINS[::3]
    followed = 0
    with Origins(tls if scheme == "https" else None) as origins:
        auth = KlingAuth(*KEYS, base_url=origins.urls[HERE])
        bearer = auth.headers["Authorization"]
        with CLIENTS[client](auth, tls[0]) as send:
            for method in BODIES:
                for chain in some:
                    url, name = origins.start(chain)
                    send(method, url)
                    seen = origins.seen[name]
                    assert seen[0] == (HERE, method, bearer)
                    for origin, _, sent in seen[1:]:
                        assert sent == "" or (origin, sent) == (HERE, bearer), (method, chain, seen)
                    followed += len(seen) - 1
    # On chains without another origin the bearer arrives, so the client works.
    assert followed > len(some) * 2
    TALLIES["redirects"][client] += 2 * len(some)


@pytest.mark.parametrize("client", CLIENTS)
def test_the_same_origin_gets_the_bearer(client, tls):
    with Origins() as origins:
        auth = KlingAuth(*KEYS, base_url=origins.urls[HERE])
        with CLIENTS[client](auth, tls[0]) as send:
            url, name = origins.start(((HERE, 302), (HERE, 307), (HERE, 308)))
            send("GET", url)
    bearer = auth.headers["Authorization"]
    assert origins.seen[name] == [(HERE, "GET", bearer)] * 4


def test_a_request_that_the_user_sends_again(tls):
    """The bearer was removed for another host, and is there for its own."""
    with Origins() as origins, requests.Session() as session:
        auth = KlingAuth(*KEYS, base_url=origins.urls[HERE])
        session.rebuild_auth = KEEPING["rebuild_auth"]
        url, name = origins.start((("host", 302), (HERE, 302)))
        prepared = session.prepare_request(requests.Request("GET", url, auth=auth))
        for _ in range(2):
            session.send(prepared)
    bearer = auth.headers["Authorization"]
    assert [sent for _, _, sent in origins.seen[name]] == [bearer, "", ""] * 2


@pytest.mark.parametrize("duplicate", [copy.copy, copy.deepcopy, lambda request: request.copy()])
def test_a_copy_of_a_request_is_guarded(duplicate):
    with Origins() as origins, requests.Session() as session:
        auth = KlingAuth(*KEYS, base_url=origins.urls[HERE])
        session.rebuild_auth = KEEPING["rebuild_auth"]
        first, _ = origins.start(())
        url, name = origins.start((("host", 302),))
        prepared = session.prepare_request(requests.Request("GET", first, auth=auth))
        again = duplicate(prepared)
        again.url = url
        session.send(again)
        assert isinstance(again, requests.PreparedRequest) and prepared.url == first
    bearer = auth.headers["Authorization"]
    assert [sent for _, _, sent in origins.seen[name]] == [bearer, ""]


def test_a_redirect_after_a_repeated_request(gate, other):
    """The session follows the response to the repeated request."""
    module = niquests if importlib.util.find_spec("niquests") else requests
    for place, arrives in ((other.url, [None]), (gate.url, [1, 2])):
        headers = {"location": f"{place}/v1/videos/text2video"}
        answers = [{"code": 1004}, {"status": 302, "body": "", "headers": headers}]
        gate.prepare(skew=3600, answers=answers)
        other.prepare(answers=[{"body": "a video"}])
        auth = KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)
        with module.Session() as session:
            session.rebuild_auth = KEEPING["rebuild_auth"]
            assert session.get(f"{gate.url}/v1/videos/text2video", auth=auth).status_code == 200
        seen = gate.seen() + other.seen()
        assert [bearer for _, _, bearer in seen] == [1, 2, *arrives]


def test_a_header_set_by_the_user(tls):
    """aiohttp and urllib send a new request for each redirect, so they raise an error."""
    if importlib.util.find_spec("niquests"):
        return
    with Origins() as origins:
        auth = KlingAuth(*KEYS, base_url=origins.urls[HERE])
        url, name = origins.start((("host", 302),))
        request = urllib.request.Request(url, headers=auth.headers)  # noqa: S310
        with pytest.raises(OriginError):
            auth.opener().open(request, timeout=10)
    assert [origin for origin, _, _ in origins.seen[name]] == [HERE]
