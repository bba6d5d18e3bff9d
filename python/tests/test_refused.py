"""``raise_for_kling`` for the response of every client."""

import asyncio
import copy
import io
import json
import pickle
import urllib.error

import aiohttp
import httpx
import pytest
import requests

from kling_auth import ArgumentTypeError, KlingAuth, KlingAuthError, RefusedError, raise_for_kling

PATH = "/v1/videos/text2video"
ACCEPTED = {"code": 0}
REFUSED = {"code": 1102}
REFUSED_WITH_200 = {"status": 200, "code": 1201}
REFUSED_INSIDE = {"data": {"code": 1103, "msg": "no permission"}}


def by_requests(auth, url):
    response = requests.get(url, auth=auth, timeout=10)
    assert raise_for_kling(response) is response
    return response.json()


def by_stream_of_requests(auth, url):
    response = requests.get(url, auth=auth, timeout=10, stream=True)
    assert raise_for_kling(response) is response
    return response.json()


def by_httpx(auth, url):
    response = httpx.get(url, auth=auth)
    assert raise_for_kling(response) is response
    return response.json()


def by_async_httpx(auth, url):
    async def send():
        async with httpx.AsyncClient(auth=auth) as client:
            return raise_for_kling(await client.get(url)).json()

    return asyncio.run(send())


def by_aiohttp(auth, url):
    async def send():
        session = aiohttp.ClientSession(middlewares=[auth])
        async with session, session.get(url) as response:
            await response.read()
            assert raise_for_kling(response) is response
            return await response.json()

    return asyncio.run(send())


def by_aiohttp_with_body(auth, url):
    async def send():
        session = aiohttp.ClientSession(middlewares=[auth])
        async with session, session.get(url) as response:
            body = await response.content.read() or await response.read()
            assert raise_for_kling(response, body) is response
            return json.loads(body)

    return asyncio.run(send())


def by_urllib(auth, url):
    try:
        response = auth.opener().open(url)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        assert raise_for_kling(response) is response
        return json.load(response)


CLIENTS = [
    by_requests,
    by_stream_of_requests,
    by_httpx,
    by_async_httpx,
    by_aiohttp,
    by_aiohttp_with_body,
    by_urllib,
]


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


@pytest.mark.parametrize("send", CLIENTS, ids=lambda send: send.__name__)
@pytest.mark.parametrize(
    "answer, cause",
    [
        (ACCEPTED, None),
        (REFUSED, "resource_pack_used_up"),
        (REFUSED_WITH_200, "invalid_parameters"),
        (REFUSED_INSIDE, "no_permission"),
    ],
)
def test_every_client(send, answer, cause, gate, auth):
    gate.prepare(answers=[answer])
    if cause is None:
        assert send(auth, gate.url + PATH)["code"] == 0
        return
    with pytest.raises(RefusedError) as refusal:
        send(auth, gate.url + PATH)
    error = refusal.value
    assert error.verdict.cause == cause
    assert error.code == "ERR_REFUSED"
    assert str(error) == str(error.verdict)
    assert isinstance(error, KlingAuthError)
    assert error.response is not None


def test_the_body_of_a_refusal_is_still_there(gate, auth):
    gate.prepare(answers=[REFUSED])
    with pytest.raises(urllib.error.HTTPError) as raised:
        auth.opener().open(gate.url + PATH)
    for _ in range(2):
        with pytest.raises(RefusedError) as refusal:
            raise_for_kling(raised.value)
    with refusal.value.response as error:
        assert json.load(error)["code"] == 1102


def test_what_was_read_before_of_urllib(gate, auth):
    with auth.opener().open(gate.url + PATH) as response:
        body = response.read()
        with pytest.raises(ArgumentTypeError, match="read already"):
            raise_for_kling(response)
        assert raise_for_kling(response, body) is response


def test_what_was_read_by_pieces_of_requests(gate, auth):
    response = requests.get(gate.url + PATH, headers=auth.headers, timeout=10, stream=True)
    list(response.iter_content(10))
    with pytest.raises(ArgumentTypeError, match="`body`"):
        raise_for_kling(response)


def test_an_empty_answer_of_urllib(gate, auth):
    gate.prepare(answers=[{"body": ""}])
    with auth.opener().open(gate.url + PATH) as response:
        assert raise_for_kling(response) is response


@pytest.mark.parametrize("response", [None, object(), "200", {"status": 200}])
@pytest.mark.parametrize("body", [None, b""])
def test_what_is_no_response(response, body):
    with pytest.raises(ArgumentTypeError, match="response must be") as refusal:
        raise_for_kling(response, body)
    assert refusal.value.code == "ERR_TYPE"


def test_it_goes_to_other_processes_without_the_response():
    response = urllib.error.HTTPError("https://…", 403, "", {}, io.BytesIO(b'{"code":1103}'))
    with pytest.raises(RefusedError) as refusal:
        raise_for_kling(response)
    for duplicate in (copy.copy(refusal.value), pickle.loads(pickle.dumps(refusal.value))):  # noqa: S301
        assert type(duplicate) is RefusedError
        assert (str(duplicate), duplicate.code) == (str(refusal.value), "ERR_REFUSED")
        assert duplicate.verdict == refusal.value.verdict
        assert duplicate.response is None
