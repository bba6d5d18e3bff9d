"""A refusal is looked at without taking its body from the caller, who reads it as by a plain
client: whole, compressed, cut, or without end.
"""

import gzip
import hashlib
import resource
import time
import zlib

import pytest
import reading
from abuse import Server, repeated
from conftest import TALLIES

from kling_auth import KlingAuth
from kling_auth._native import MAX_BODY

HEAD = b"HTTP/1.1 401 Unauthorized\r\nserver: hostile\r\n"
CHUNKED = HEAD + b"transfer-encoding: chunked\r\n"
MIB = 1024 * 1024
REFUSAL = b'{"code":1103,"message":"no permission"}'
# Lines that do not compress well: more than MAX_BODY either way.
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
def test_a_refusal_is_read_as_by_a_plain_client(client, way):
    for name, answer in ANSWERS.items():
        with Server(lambda answer=answer: [answer]) as url:
            auth = anybody(url)
            plain = reading.read_by(client, way, None, url)
            assert reading.read_by(client, way, auth, url) == plain, name
        TALLIES["abuse"]["bodies to be read"] += 1


@pytest.mark.parametrize("client", reading.CLIENTS)
def test_what_is_looked_at(client):
    """What came whole and is not too long, decoded; of what is too long the status alone."""
    way = next(iter(reading.CLIENTS[client][1]))
    for name, answer in ANSWERS.items():
        with Server(lambda answer=answer: [answer]) as url:
            auth = anybody(url)
            reading.read_by(client, way, auth, url)
        if name.startswith(("short", "as long as")):
            # urllib asks for no encoding, and decodes none.
            is_seen = client != "urllib" or "plain" in name
            assert auth.last_verdict.cause == ("no_permission" if is_seen else "not_kling"), name
        elif name in BROKEN and "not" not in name and "inside" not in name and "long" not in name:
            assert auth.last_verdict is None or auth.last_verdict.cause == "not_kling", name
        else:
            assert auth.last_verdict is None or auth.last_verdict.cause == "not_kling", name


# Without end: what the server sends until the other side hangs up.
GZIPPED = gzip.compress(BLANK)
ENDLESS = {
    "chunks": lambda: repeated(CHUNKED + b"\r\n", b"100000\r\n" + BLANK + b"\r\n"),
    "small chunks": lambda: repeated(CHUNKED + b"\r\n", b"1\r\nx\r\n" * 10_000),
    "a body": lambda: repeated(HEAD + b"\r\n", BLANK),
    "gzip": lambda: repeated(
        CHUNKED + b"content-encoding: gzip\r\n\r\n", b"%x\r\n%s\r\n" % (len(GZIPPED), GZIPPED)
    ),
}
PATIENCE = 2


def nothing(response):
    return None


async def nothing_async(response):
    return None


@pytest.mark.parametrize("answer", ENDLESS)
@pytest.mark.parametrize("client", reading.CLIENTS)
def test_without_end(client, answer):
    send, _ = reading.CLIENTS[client]
    is_async = client in ("httpx async", "aiohttp")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.monotonic()
    with Server(ENDLESS[answer]) as url:
        auth = anybody(url)
        assert send(nothing_async if is_async else nothing, auth, url) == (401, None)
    assert time.monotonic() - start < PATIENCE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 32 * 1024
    assert auth.last_verdict.cause == "not_kling"
    TALLIES["abuse"]["refusals without end"] += 1
