"""An object that is not a request of the client is refused, and the message lists the clients."""

import aiohttp
import httpx
import httpx2
import pytest
import requests

from kling_auth import ArgumentTypeError, KlingAuth

URL = "https://api.klingai.com/"
OF_REQUESTS = requests.Request("GET", URL).prepare()
CLIENTS = ["requests", "niquests", "httpx", "httpx2", "httpxyz", "aiohttp", "urllib", "headers_for"]


@pytest.fixture(scope="module")
def auth():
    return KlingAuth("0" * 31 + "a", "0" * 31 + "b")


async def handler(request):
    raise AssertionError("it is not called")


def refused(call, *values):
    with pytest.raises(ArgumentTypeError) as error:
        call(*values)
    assert error.value.code == "ERR_TYPE"
    assert [name for name in CLIENTS if name not in str(error.value)] == []
    assert "canary" not in str(error.value)


@pytest.mark.parametrize(
    "request_",
    ["canary", None, 1, object(), {}, httpx.Request("GET", URL), httpx2.Request("GET", URL)],
    ids=lambda value: type(value).__module__,
)
def test_not_a_request_of_requests(auth, request_):
    refused(auth, request_)


@pytest.mark.parametrize("request_", ["canary", None, {}, OF_REQUESTS, httpx.Request("GET", URL)])
def test_not_a_request_of_aiohttp(auth, request_):
    refused(auth, request_, handler)


@pytest.mark.parametrize("request_", ["canary", None, {}, OF_REQUESTS, aiohttp.ClientRequest])
def test_not_a_request_of_httpx(auth, request_):
    refused(auth.sync_auth_flow, request_)
    refused(auth.async_auth_flow, request_)


def test_requests_of_each_client(auth):
    assert auth(OF_REQUESTS.copy()).headers["Authorization"].startswith("Bearer eyJ")
    for module in (httpx, httpx2):
        request = next(auth.sync_auth_flow(module.Request("GET", URL)))
        assert request.headers["Authorization"].startswith("Bearer eyJ")
