"""Code in an error message works as the message says."""

import asyncio
import inspect
import re

import aiohttp
import httpx
import httpx2
import pytest
import requests

import kling_auth
from kling_auth import ArgumentTypeError, KlingAuth, raise_for_kling

KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
PATH = "/v1/videos/text2video"


def advice(error):
    """Return the code in a message."""
    return re.findall(r"`([^`]+)`", str(error.value))


async def follow(code, **names):
    """Run a line of code with these names."""
    found = eval(code.removeprefix("await "), {**vars(kling_auth), **names})  # noqa: S307
    return await found if code.startswith("await ") else found


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


async def unread(response):
    """Run the code in the message about a response that was not read."""
    with pytest.raises(ArgumentTypeError) as error:
        raise_for_kling(response)
    code, argument = advice(error)
    assert argument == "body"
    await follow(code, response=response)
    assert raise_for_kling(response) is response
    return code


@pytest.mark.parametrize("client", [httpx, httpx2], ids=lambda client: client.__name__)
def test_an_unread_stream(client, gate, auth):
    async def awaited():
        async with client.AsyncClient() as session:  # noqa: SIM117 - Python 3.8
            async with session.stream("GET", gate.url + PATH, headers=auth.headers) as response:
                return await unread(response)

    assert asyncio.run(awaited()) == "await response.aread()"
    with client.stream("GET", gate.url + PATH, headers=auth.headers) as response:
        assert asyncio.run(unread(response)) == "response.read()"


def test_aiohttp(gate, auth):
    async def run():
        async with aiohttp.ClientSession() as session:  # noqa: SIM117 - Python 3.8
            async with session.get(gate.url + PATH, headers=auth.headers) as response:
                return await unread(response)

    assert asyncio.run(run()) == "await response.read()"


async def fetch():
    return KEYS


def test_an_asynchronous_function():
    async def run():
        with pytest.raises(ArgumentTypeError) as error:
            KlingAuth(credentials=fetch)
        (making,) = advice(error)
        auth = await follow(making, function=fetch)
        with pytest.raises(ArgumentTypeError) as error:
            auth.rotate()
        (rotating,) = advice(error)
        await follow(rotating, auth=auth)
        return making, rotating, auth.source

    expected = "await KlingAuth.afrom(function)", "await auth.arotate()", "function"
    assert asyncio.run(run()) == expected


def test_the_class_in_place_of_an_object(gate):
    with pytest.raises(
        ArgumentTypeError, match="not PreparedRequest; did you pass the class"
    ) as it:
        requests.get(gate.url + PATH, auth=KlingAuth, timeout=10)
    assert "instead of KlingAuth()?" in str(it.value)


def test_a_clock_that_returns_nothing():
    auth = KlingAuth(*KEYS, clock=lambda: None)
    with pytest.raises(ArgumentTypeError) as error:
        auth.expires_at  # noqa: B018
    assert str(error.value) == "what clock() returns must be Unix seconds, not NoneType"


def test_all_code_in_messages_is_tested():
    """Each line of code in a message of the Python modules is run by a test above."""
    # The last is for niquests: of_niquests.py runs it.
    known = {"await response.aread()", "response.read()", "await response.read()"}
    known.add("await response.content")
    found = set()
    for name in ("response_body", "refusals", "errors", "async_function", "import_error"):
        source = inspect.getsource(__import__(f"kling_auth.{name}", fromlist=[name]))
        for text in re.findall(r'f?"([^"\n]+)"', source):
            found |= set(re.findall(r"^(?:await )?[\w.]+\(\)$|await \w+\.[\w.]+(?:\(\))?", text))
    assert found == known
