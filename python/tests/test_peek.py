"""A refused response stays readable, as without the auth: whole, compressed, cut off or endless."""

import asyncio
import gzip
import hashlib
import itertools
import resource
import time
import zlib

import httpx
import pytest
import reading
import requests
from abuse import Server, repeated
from conftest import TALLIES

from kling_auth import KlingAuth, RefusedError, raise_for_kling
from kling_auth._native import MAX_BODY

HEAD = b"HTTP/1.1 401 Unauthorized\r\nserver: hostile\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n"
MIB = 1024 * 1024
REFUSAL = b'{"code":1103,"message":"no permission"}'
# Lines that compress badly: more than MAX_BODY, compressed or not.
LONG = b"".join(hashlib.sha256(b"%d" % n).hexdigest().encode() + b"\n" for n in range(MIB // 65))
BLANK = (b" " * 63 + b"\n") * (MIB // 64)  # little of it on the way
KEYS = "0" * 31 + "a", "0" * 31 + "b"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def by_length(body, headers=b""):
    return HEAD + headers + b"content-length: %d\r\n\r\n" % len(body) + body


def by_chunks(body, headers=b"", size=5000):
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
    return CHUNKED + headers + b"\r\n" + chunks + b"0\r\n\r\n"


def by_close(body, headers=b""):
    return HEAD + headers + b"connection: close\r\n\r\n" + body


FRAMES = {"a length": by_length, "chunks": by_chunks, "the end": by_close}
ENCODINGS = {
    b"": bytes,
    b"content-encoding: gzip\r\n": gzip.compress,
    b"content-encoding: deflate\r\n": zlib.compress,
}
BODIES = {
    "short": REFUSAL,
    "empty": b"",
    "as long as is looked at": b" " * (MAX_BODY - len(REFUSAL)) + REFUSAL,
    "a byte longer": b" " * (MAX_BODY - len(REFUSAL) + 1) + REFUSAL,
    "long": LONG,
    "blank": BLANK,
}
WHOLE = {
    f"{name}, {(headers.split() or [b'plain'])[-1].decode()}, by {frame}": frames(
        encode(body), headers
    )
    for frame, frames in FRAMES.items()
    for headers, encode in ENCODINGS.items()
    for name, body in BODIES.items()
    if b"deflate" not in headers or frames is by_length
}
BROKEN = {
    "cut": by_length(REFUSAL)[:-1],
    "cut, long": by_length(LONG)[:-1],
    "cut before the body": by_length(REFUSAL)[: -len(REFUSAL)],
    "cut in a chunk": by_chunks(REFUSAL)[:-10],
    "cut in a late chunk": by_chunks(LONG)[:-10],
    "cut between chunks": by_chunks(REFUSAL)[:-5],
    "a chunk of no size": CHUNKED + b"\r\nzz\r\n{",
    "a late chunk of no size": by_chunks(LONG)[:-5] + b"zz\r\n{",
    "not gzip": by_length(REFUSAL, b"content-encoding: gzip\r\n"),
    "not gzip, long": by_length(LONG, b"content-encoding: gzip\r\n"),
    "gzip, cut inside": by_length(gzip.compress(REFUSAL)[:-9], b"content-encoding: gzip\r\n"),
    "gzip, cut": by_chunks(gzip.compress(LONG), b"content-encoding: gzip\r\n")[:-50],
}
ANSWERS = {**WHOLE, **BROKEN}


def anybody(url):
    return KlingAuth(*KEYS, base_url=url)


@pytest.mark.parametrize("client, way", reading.WAYS, ids=str)
def test_a_refusal_is_read_as_without_the_auth(client, way):
    for name, answer in ANSWERS.items():
        if client == "aiohttp" and name == "a late chunk of no size":
            continue  # a plain one waits there for ever
        with Server(lambda answer=answer: [answer]) as url:
            auth = anybody(url)
            plain = reading.read_by(client, way, None, url)
            assert reading.read_by(client, way, auth, url) == plain, name
        TALLIES["abuse"]["bodies to be read"] += 1


SEEN = [name for name in WHOLE if name.startswith(("short", "as long as"))]
TOO_LONG = [name for name in WHOLE if name.startswith(("a byte longer", "long", "blank"))]
CUT = ["cut", "cut before the body", "cut in a chunk", "cut between chunks", "a chunk of no size"]


@pytest.mark.parametrize("client", reading.CLIENTS)
def test_what_the_core_gets(client):
    """The whole decoded body if it is short; of a long body, more than the limit."""
    way = next(iter(reading.CLIENTS[client][1]))
    causes = {
        **dict.fromkeys(SEEN, "no_permission"),
        **dict.fromkeys(TOO_LONG, "not_kling"),
        **dict.fromkeys(CUT),
    }
    for name, cause in causes.items():
        with Server(lambda name=name: [ANSWERS[name]]) as url:
            auth = anybody(url)
            reading.read_by(client, way, auth, url)
        if client == "urllib" and cause and "plain" not in name:
            cause = "not_kling"  # it does not ask for an encoding, and does not decode
        assert getattr(auth.last_verdict, "cause", None) == cause, name


# An endless body: the server sends until the client closes the connection.
GZIPPED = gzip.compress(BLANK)
ENDLESS = {
    "chunks": lambda: repeated(CHUNKED + b"\r\n", b"100000\r\n" + BLANK + b"\r\n"),
    "small chunks": lambda: repeated(CHUNKED + b"\r\n", b"1\r\nx\r\n" * 10_000),
    "a body": lambda: repeated(HEAD + b"\r\n", BLANK),
    "gzip": lambda: repeated(
        CHUNKED + b"content-encoding: gzip\r\n\r\n", b"%x\r\n%s\r\n" % (len(GZIPPED), GZIPPED)
    ),
}
# Endless frames, where our code reads them: httpx and aiohttp read frames themselves.
ENDLESS_FRAMES = {
    "wide chunks": lambda: repeated(CHUNKED + b"\r\n", b"1;" + b"x" * 8000 + b"\r\nx\r\n"),
    "a trailer": lambda: repeated(CHUNKED + b"\r\n0\r\n", b"x-many: x\r\n" * 1000),
}
PATIENCE = 2


def nothing(response):
    return None


async def nothing_async(response):
    return None


@pytest.mark.parametrize(
    "client, answer",
    [
        *itertools.product(reading.CLIENTS, ENDLESS),
        *itertools.product(("requests", "urllib"), ENDLESS_FRAMES),
    ],
)
def test_an_endless_body(client, answer):
    send, _ = reading.CLIENTS[client]
    is_async = client in ("httpx async", "aiohttp")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with Server({**ENDLESS, **ENDLESS_FRAMES}[answer]) as url:
        auth = anybody(url)
        assert send(nothing_async if is_async else nothing, auth, url) == (401, None)
    # Without a limit it would read for ever. A busy machine needs time for 64 KiB.
    assert time.monotonic() - start < 10 * PATIENCE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024
    assert auth.last_verdict.cause == "not_kling"
    TALLIES["abuse"]["endless refusals"] += 1


# A refused request that is repeated: its connection is reused or closed.


@pytest.mark.parametrize("client", ["requests", "httpx", "httpx async", "aiohttp"])
@pytest.mark.parametrize("frame", ["a length", "chunks"])
def test_a_repeated_request_reuses_the_connection(client, frame):
    """urllib has one connection for each request."""
    expired = b'{"code":1004,"message":"authorization expired"}'
    accepted = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"
    date = b"date: Fri, 01 Jan 2027 00:00:00 GMT\r\n"
    connections = []

    class Repeating(Server):
        def _answer(self, connection):
            connections.append(connection)
            with connection:
                for answer in (FRAMES[frame](expired, date), accepted):
                    if not connection.recv(65536):
                        return
                    connection.sendall(answer)
                connection.recv(65536)

    way = next(iter(reading.CLIENTS[client][1]))
    with Repeating(None) as url:
        auth = KlingAuth(*KEYS, base_url=url, clock=lambda: 1798761600 - 7200)
        assert reading.read_by(client, way, auth, url)[0] == 200
    assert auth.last_verdict.cause == "token_expired"
    assert len(connections) == 1


# An endless refusal of a request that lost its bearer: the request is repeated.


def test_a_lost_bearer_of_requests(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login user password other")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    found = (
        b"HTTP/1.1 302 Found\r\nlocation: /there\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
    answers = iter([lambda: [found], ENDLESS["chunks"], lambda: [b"HTTP/1.1 200 OK\r\n\r\n{}"]])
    with Server(lambda: next(answers)()) as url:
        response = requests.get(url, auth=anybody(url), stream=True, timeout=PATIENCE)
    assert (response.status_code, response.content) == (200, b"{}")


class Endless(httpx.SyncByteStream, httpx.AsyncByteStream):
    """Counts the bytes that were read, and records whether it was closed."""

    chunks = 0
    is_closed = False

    def __iter__(self):
        while True:
            self.chunks += 1
            yield b"x" * 1024

    async def __aiter__(self):
        for chunk in self:
            yield chunk

    def close(self):
        self.is_closed = True

    async def aclose(self):
        self.is_closed = True


@pytest.mark.parametrize("is_async", [False, True])
def test_a_lost_bearer_of_httpx(is_async):
    refused = Endless()
    seen = []

    def answer(request):
        seen.append("Authorization" in request.headers)
        if request.url.host == "api-singapore.klingai.com":
            return httpx.Response(307, headers={"location": "https://api.klingai.com/"})
        if len(seen) == 2:
            return httpx.Response(401, stream=refused)
        return httpx.Response(200)

    options = {
        "auth": KlingAuth(*KEYS),
        "transport": httpx.MockTransport(answer),
        "follow_redirects": True,
    }

    async def send():
        async with httpx.AsyncClient(**options) as client:
            return await client.get("https://api-singapore.klingai.com/")

    if is_async:
        response = asyncio.run(send())
    else:
        response = httpx.Client(**options).get("https://api-singapore.klingai.com/")
    assert response.status_code == 200
    assert seen == [True, False, True]
    assert refused.is_closed and refused.chunks == MAX_BODY // 1024 + 1


@pytest.mark.parametrize("client", ["requests", "urllib"])
@pytest.mark.parametrize("has_auth", [False, True])
def test_raise_for_kling_has_the_same_limit(client, has_auth):
    def judge(response):
        for _ in range(3):
            with pytest.raises(RefusedError) as refusal:
                raise_for_kling(response)
            assert refusal.value.verdict.cause == "not_kling"

    with Server(ENDLESS["chunks"]) as url:
        outcome = reading.CLIENTS[client][0](judge, anybody(url) if has_auth else None, url)
    assert outcome == (401, None)


@pytest.mark.parametrize("has_auth", [False, True])
def test_raise_for_kling_leaves_the_body(has_auth):
    def read(response):
        with pytest.raises(RefusedError):
            raise_for_kling(response)
        return response.read()

    with Server(lambda: [by_chunks(LONG)]) as url:
        assert reading.by_urllib(read, anybody(url) if has_auth else None, url) == (401, LONG)
