"""niquests: two kinds of session with one kind of hook, and its own urllib3.

It runs only in the environment of niquests: ``test_niquests.py`` starts it.
"""

import asyncio
import gzip
import hashlib

import niquests
import pytest
import requests
from abuse import Server
from conftest import ROOT

from kling_auth import ArgumentTypeError, KlingAuth, RefusedError, acheck, check, raise_for_kling
from kling_auth._native import MAX_BODY

PATH = "/v1/videos/text2video"
TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'
HEAD = b"HTTP/1.1 401 Unauthorized\r\nserver: hostile\r\n"
REFUSAL = b'{"code":1103,"message":"no permission"}'
LONG = b"".join(hashlib.sha256(b"%d" % n).hexdigest().encode() for n in range(8000))
KEYS = "0" * 31 + "a", "0" * 31 + "b"


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


def test_one_request(gate, auth):
    assert niquests.get(gate.url + PATH, auth=auth, timeout=10).json()["code"] == 0
    response = asyncio.run(niquests.aget(gate.url + PATH, auth=auth, timeout=10))
    assert response.json()["code"] == 0


def test_the_refused_response_is_in_the_history(gate, auth):
    gate.prepare(skew=3600)
    with niquests.Session() as session:
        response = session.get(gate.url + PATH, auth=auth)
    assert response.status_code == 200
    assert [refused.json()["code"] for refused in response.history] == [1004]


def test_the_refused_response_is_in_the_history_of_an_async_session(gate, auth):
    gate.prepare(skew=3600)

    async def run():
        async with niquests.AsyncSession() as session:
            return await session.get(gate.url + PATH, auth=auth)

    response = asyncio.run(run())
    assert (response.status_code, len(response.history)) == (200, 1)


def test_a_file_is_rewound(gate, auth, tmp_path):
    gate.prepare(skew=3600)
    (tmp_path / "task.json").write_bytes(TASK)
    with (tmp_path / "task.json").open("rb") as file:
        assert niquests.post(gate.url + PATH, data=file, auth=auth).status_code == 200


def test_a_session_that_multiplexes(gate, auth):
    with niquests.Session(multiplexed=True) as session:
        sent = [session.get(gate.url + PATH, auth=auth) for _ in range(3)]
        session.gather()
        assert [response.status_code for response in sent] == [200] * 3


def test_a_hook_of_the_users(gate, auth):
    seen = []
    gate.prepare(skew=3600)
    with niquests.Session(hooks={"response": [lambda response, **_: seen.append(1)]}) as session:
        assert session.get(gate.url + PATH, auth=auth).status_code == 200
    assert seen == [1]


BODIES = {
    "short": REFUSAL,
    "empty": b"",
    "as long as is looked at": b" " * (MAX_BODY - len(REFUSAL)) + REFUSAL,
    "a byte longer": b" " * (MAX_BODY - len(REFUSAL) + 1) + REFUSAL,
    "long": LONG,
}
BY_SESSION = {
    "content": lambda response: response.content,
    "iter_content": lambda response: b"".join(response.iter_content(1000)),
    "iter_content as it comes": lambda response: b"".join(response.iter_content(-1)),
    "iter_lines": lambda response: b"\n".join(response.iter_lines()),
    "raw.read": lambda response: response.raw.read(decode_content=True),
    "raw.read of some": lambda response: b"".join(
        iter(lambda: response.raw.read(999, decode_content=True), b"")
    ),
    "raw.read1": lambda response: b"".join(
        iter(lambda: response.raw.read1(999, decode_content=True), b"")
    ),
    "raw.stream": lambda response: b"".join(response.raw.stream(1000, decode_content=True)),
}


async def of(iterator):
    return b"".join([part async for part in await iterator])


BY_ASYNC_SESSION = {
    "content": lambda response: response.content,
    "iter_content": lambda response: of(response.iter_content(1000)),
    "raw.read": lambda response: response.raw.read(decode_content=True),
}


def answers():
    for name, body in BODIES.items():
        yield name, HEAD + b"content-length: %d\r\n\r\n" % len(body) + body
        parts = [body[start : start + 5000] for start in range(0, len(body), 5000)]
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts)
        yield (
            f"{name}, by chunks",
            HEAD + b"transfer-encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n",
        )
        packed = gzip.compress(body)
        head = HEAD + b"content-encoding: gzip\r\ncontent-length: %d\r\n\r\n" % len(packed)
        yield f"{name}, by gzip", head + packed
    yield "cut", HEAD + b"content-length: %d\r\n\r\n" % (len(REFUSAL) + 1) + REFUSAL
    yield "cut, long", HEAD + b"content-length: %d\r\n\r\n" % (len(LONG) + 1) + LONG
    yield "a chunk of no size", HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n{"
    yield "not gzip", HEAD + b"content-encoding: gzip\r\ncontent-length: 2\r\n\r\n{}"


ANSWERS = dict(answers())


def by_session(of, read, auth, url):
    with of.Session() as session:
        try:
            response = session.get(url, auth=auth, stream=True, timeout=10)
            return response.status_code, read(response)
        except Exception as error:
            return type(error)


def by_async_session(read, auth, url):
    async def run():
        async with niquests.AsyncSession() as session:
            try:
                response = await session.get(url, auth=auth, stream=True, timeout=10)
                return response.status_code, await read(response)
            except Exception as error:
                return type(error)

    return asyncio.run(run())


@pytest.mark.parametrize("name", ANSWERS)
def test_a_refusal_is_read_as_without_the_auth(name):
    """With both kinds of session, and with requests on the other urllib3."""
    ways = [(niquests, read) for read in BY_SESSION.values()]
    ways += [(requests, BY_SESSION[read]) for read in ("content", "iter_content", "raw.read")]
    with Server(lambda: [ANSWERS[name]]) as url:
        auth = KlingAuth(*KEYS, base_url=url)
        for module, read in ways:
            plain = by_session(module, read, None, url)
            assert by_session(module, read, auth, url) == plain
        for read in BY_ASYNC_SESSION.values():
            assert by_async_session(read, auth, url) == by_async_session(read, None, url)
    cause = getattr(auth.last_verdict, "cause", None)
    if name.startswith(("short", "as long")):
        assert cause == "no_permission"
    elif name.startswith(("a byte", "long")):
        assert cause == "not_kling"


def test_an_endless_body():
    """Of an endless body, 64 KiB are read."""

    def answer():
        yield HEAD + b"transfer-encoding: chunked\r\n\r\n"
        while True:
            yield b"400\r\n" + b"x" * 1024 + b"\r\n"

    for send in (
        lambda auth, url: by_session(niquests, lambda response: None, auth, url),
        lambda auth, url: by_session(requests, lambda response: None, auth, url),
    ):
        with Server(answer) as url:
            auth = KlingAuth(*KEYS, base_url=url)
            assert send(auth, url) == (401, None)
            assert auth.last_verdict.cause == "not_kling"


def test_raise_for_kling(gate, auth):
    gate.prepare(answers=[{"code": 1103}] * 2)
    with pytest.raises(RefusedError) as refusal:
        raise_for_kling(niquests.get(gate.url + PATH, auth=auth))
    assert refusal.value.verdict.cause == "no_permission"

    async def run():
        async with niquests.AsyncSession() as session:
            return raise_for_kling(await session.get(gate.url + PATH, auth=auth))

    with pytest.raises(RefusedError):
        asyncio.run(run())
    assert raise_for_kling(niquests.get(gate.url + PATH, auth=auth)).status_code == 200


def test_raise_for_kling_of_an_asynchronous_stream(gate, auth):
    async def run():
        gate.prepare(answers=[{"code": 1103}] * 2)
        async with niquests.AsyncSession() as session:
            response = await session.get(gate.url + PATH, auth=auth, stream=True)
            with pytest.raises(ArgumentTypeError, match="`await response"):
                raise_for_kling(response)
            with pytest.raises(RefusedError) as refusal:
                raise_for_kling(response, await response.content)
            with pytest.raises(RefusedError):
                raise_for_kling(response)
        return refusal.value.verdict.cause

    assert asyncio.run(run()) == "no_permission"


def test_a_netrc(gate, auth, tmp_path, monkeypatch):
    """Unlike requests, niquests does not replace a header that the user has set."""
    (tmp_path / "netrc").write_text("default login somebody password c29tZXRoaW5n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert niquests.get(gate.url + PATH, headers=auth.headers).status_code == 200
    with pytest.raises(RefusedError, match="the client sent `Basic` instead of the bearer"):
        raise_for_kling(niquests.get(gate.url + PATH))
    assert niquests.get(gate.url + PATH, auth=auth).status_code == 200


def test_the_block_of_the_documentation(gate, monkeypatch):
    page = (ROOT / "docs" / "pages" / "python.md").read_text("utf-8")
    (block,) = (part for part in page.split("```") if "import niquests" in part)
    monkeypatch.setenv("KLING_ACCESS_KEY", gate.access_key)
    monkeypatch.setenv("KLING_SECRET_KEY", gate.secret_key)
    monkeypatch.setenv("KLING_API_BASE", gate.url)
    names = {}
    exec(block.removeprefix("python\n"), names)  # noqa: S102
    assert names["tasks"]["code"] == 0
    assert [status for status, _, _ in gate.seen()] == [200, 200]


def checked(auth, own=None, proxy=None, **options):
    """The results of a check with a session and with an asynchronous session."""
    proxies = {"http": proxy, "https": proxy} if proxy else {}
    with niquests.Session() as session:
        session.auth, session.proxies = own, proxies
        yield check(auth, client=session, **options)

    async def ask():
        async with niquests.AsyncSession() as session:
            session.auth, session.proxies = own, proxies
            return await acheck(auth, client=session, **options)

    yield asyncio.run(ask())


def test_a_check(gate, auth, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login somebody password something")
    monkeypatch.setenv("NETRC", str(netrc))
    wrong = KlingAuth(gate.access_key, KEYS[1], base_url=gate.url)
    for own in (None, wrong, auth, ("somebody", "a password")):
        assert [result.cause for result in checked(auth, own)] == ["accepted"] * 2
        assert [result.cause for result in checked(wrong, own)] == ["wrong_secret_key"] * 2
    assert (len(gate.seen()), auth.last_verdict, wrong.last_verdict) == (16, None, None)


def test_a_check_of_a_clock(gate, auth):
    gate.prepare(skew=3600)
    assert [(r.cause, r.requests) for r in checked(auth, auth)] == [("clock_skew", 2)] * 2
    assert auth.clock_offset == 0


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        ({"cut": True}, "connection"),
        ({"stall": 5}, "timeout"),
        ({"pad": 3_000_000}, "accepted"),
        ({"status": 307, "body": "", "headers": {"location": "http://nobody.invalid"}}, "redirect"),
    ],
)
def test_a_check_of_answers(gate, auth, answer, cause):
    gate.prepare(answers=[answer] * 2)
    timeout = 0.5 if cause == "timeout" else 20
    assert [result.cause for result in checked(auth, timeout=timeout)] == [cause] * 2


def test_a_check_without_an_answer(gate):
    closed, nobody = "http://127.0.0.1:9", "https://nobody.invalid"
    for url, proxy, cause in (
        (closed, None, "connection"),
        (nobody, None, "dns"),
        (gate.url.replace("http:", "https:"), None, "tls"),
        ("http://localhost:1", closed, "proxy"),
        ("https://api.klingai.com", closed, "proxy"),
    ):
        found = list(checked(KlingAuth(*KEYS, base_url=url), proxy=proxy))
        assert [result.cause for result in found] == [cause] * 2, (url, proxy)


def test_a_check_with_the_wrong_kind_of_session(auth):
    with pytest.raises(ArgumentTypeError, match="await acheck"):
        check(auth, client=niquests.AsyncSession())
    with pytest.raises(ArgumentTypeError, match=r"to `check\("):
        asyncio.run(acheck(auth, client=niquests.Session()))


def test_a_check_over_a_session_that_multiplexes(auth):
    with niquests.Session(multiplexed=True) as session:
        assert check(auth, client=session).cause == "accepted"
