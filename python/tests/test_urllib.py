"""urllib: handlers, and errors that are responses."""

import json
import urllib.error
import urllib.request
from urllib.request import BaseHandler, HTTPHandler, Request, build_opener

import pytest

from kling_auth import KlingAuth, OriginError
from kling_auth.adapters.urllib import KlingHandler

PATH = "/v1/videos/text2video"
TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


def test_one_request(gate, auth):
    with auth.opener().open(gate.url + PATH) as response:
        assert json.load(response)["code"] == 0


def test_an_opener_of_the_user(gate, auth):
    gate.prepare(skew=3600)
    with build_opener(KlingHandler(auth)).open(gate.url + PATH, TASK) as response:
        assert json.load(response)["code"] == 0
    assert [status for status, _, _ in gate.seen()] == [401, 200]


def test_an_error_stays_readable(gate, auth):
    gate.prepare(answers=[{"code": 1103}])
    with pytest.raises(urllib.error.HTTPError) as refusal:
        auth.opener().open(gate.url + PATH)
    with refusal.value as error:
        assert (error.code, error.reason) == (403, "Forbidden")
        assert error.headers["content-type"] == "application/json"
        assert json.load(error)["code"] == 1103
    assert auth.last_verdict.cause == "no_permission"


def test_the_body_of_an_error_in_parts(gate, auth):
    gate.prepare(answers=[{"status": 403, "body": "one\ntwo\nthree"}])
    with pytest.raises(urllib.error.HTTPError) as refusal:
        auth.opener().open(gate.url + PATH)
    with refusal.value as error:
        assert error.read(2) == b"on"
        assert error.readline() == b"e\n"
        assert list(error) == [b"two\n", b"three"]


def test_timeouts_are_kept(gate, auth):
    timeouts = []

    class Recorder(HTTPHandler):
        def http_open(self, request):
            timeouts.append(request.timeout)
            return super().http_open(request)

    gate.prepare(skew=3600)
    auth.opener(Recorder).open(gate.url + PATH, timeout=7).close()
    assert timeouts == [7, 7]


def test_other_handlers_get_the_response(gate, auth):
    statuses = []

    class Last(BaseHandler):
        handler_order = 900

        def http_response(self, request, response):
            statuses.append(response.status)
            return response

    gate.prepare(skew=3600)
    auth.opener(Last()).open(gate.url + PATH).close()
    assert set(statuses) == {200}


def test_a_request_is_used_again(gate, auth):
    request = Request(gate.url + PATH, TASK)  # noqa: S310
    opener = auth.opener()
    for skew in (3600, 0, 3600):
        gate.prepare(skew=skew)
        opener.open(request).close()
        assert [status for status, _, _ in gate.seen()] == [401, 200]


def test_a_request_used_again_for_another_host(gate, other, auth):
    request = Request(gate.url + PATH)  # noqa: S310
    auth.opener().open(request).close()
    request.add_header("Authorization", "Basic dXNlcjpwYXNz")
    request.full_url = other.url + "/video.mp4"
    with pytest.raises(OriginError):
        auth.opener().open(request)
    assert other.seen() == []


def test_a_header_set_by_the_user_is_not_redirected(gate, other, auth):
    """urllib itself would send it to any host that a redirect names."""
    gate.prepare(answers=[{"status": 302, "body": "", "headers": {"location": other.url}}])
    with pytest.raises(OriginError):
        auth.opener().open(Request(gate.url + PATH, headers=auth.headers))  # noqa: S310
    assert other.seen() == []


def test_other_schemes(auth):
    with auth.opener().open("data:text/plain,hello") as response:
        assert response.read() == b"hello"
