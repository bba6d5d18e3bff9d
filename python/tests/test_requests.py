"""requests: hooks, streams, files, ``~/.netrc``."""

import io

import pytest
import requests
from requests.adapters import HTTPAdapter

from kling_auth import KlingAuth

PATH = "/v1/videos/text2video"
TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'
A_REDIRECT = {"status": 307, "body": "", "headers": {"location": PATH}}


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


@pytest.fixture
def session(auth):
    with requests.Session() as session:
        session.auth = auth
        yield session


def test_one_request(gate, auth):
    response = requests.get(gate.url + PATH, auth=auth, timeout=10)
    assert (response.status_code, response.json()["code"]) == (200, 0)


def test_a_stream_stays_a_stream(gate, session):
    response = session.get(gate.url + PATH, stream=True)
    assert not response._content_consumed
    assert b'"code":0' in response.raw.read()


def test_a_refused_stream_stays_readable(gate, session):
    gate.prepare(answers=[{"code": 1103}])
    response = session.get(gate.url + PATH, stream=True)
    assert b'"code":1103' in b"".join(response.iter_content(7))
    assert response.json()["code"] == 1103


def test_the_refused_response_is_in_the_history(gate, session):
    gate.prepare(skew=3600)
    response = session.get(gate.url + PATH)
    refused = response.history[0]
    assert (response.status_code, refused.status_code, refused.json()["code"]) == (200, 401, 1004)
    assert response.request.headers["Authorization"] != refused.request.headers["Authorization"]


@pytest.mark.parametrize("start", [0, 5])
def test_a_file_is_rewound(gate, session, start):
    gate.prepare(skew=3600)
    body = io.BytesIO(b" " * start + TASK)
    body.seek(start)
    response = session.post(gate.url + PATH, data=body)
    assert response.status_code == 200
    assert [status for status, _, _ in gate.seen()] == [401, 200]


def test_a_file_that_cannot_be_rewound(gate, session):
    class Pipe(io.BytesIO):
        """Its position cannot be read or changed."""

    def refuse():
        raise OSError

    body = Pipe(TASK)
    body.tell = refuse
    gate.prepare(skew=3600)
    assert session.post(gate.url + PATH, data=body).status_code == 401
    assert len(gate.seen()) == 1


def test_a_form_is_sent_again(gate, session):
    gate.prepare(skew=3600)
    response = session.post(gate.url + PATH, files={"image": ("a.png", io.BytesIO(b"png"))})
    assert len(response.history) == 1
    assert response.request.body == response.history[0].request.body


def test_hooks_of_the_user_get_the_last_response(gate, session):
    gate.prepare(skew=3600)
    seen = []
    session.hooks["response"] = [lambda response, **_: seen.append(response.status_code)]
    session.get(gate.url + PATH)
    assert seen == [200]


def test_options_are_kept(gate, session):
    class Recorder(HTTPAdapter):
        options = ()

        def send(self, request, **options):
            self.options += (options,)
            return super().send(request, **options)

    adapter = Recorder()
    session.mount("http://", adapter)
    gate.prepare(skew=3600)
    session.get(gate.url + PATH, timeout=(3, 7), verify=False)
    assert len(adapter.options) == 2
    assert adapter.options[0] == adapter.options[1]
    assert adapter.options[1]["timeout"] == (3, 7)


def test_cookies_of_a_refusal_are_kept(gate, session):
    answer = {"code": 1004, "headers": {"set-cookie": "route=a"}}
    gate.prepare(skew=3600, answers=[answer])
    response = session.get(gate.url + PATH)
    assert response.request.headers["Cookie"] == "route=a"
    assert session.cookies["route"] == "a"


def test_a_prepared_request_is_sent_again_later(gate, auth):
    with requests.Session() as session:
        prepared = session.prepare_request(requests.Request("GET", gate.url + PATH, auth=auth))
        assert session.send(prepared).status_code == 200
        gate.prepare(skew=3600)
        assert session.send(prepared).status_code == 200


@pytest.fixture
def netrc(tmp_path, monkeypatch):
    path = tmp_path / "netrc"
    path.write_text("machine 127.0.0.1 login somebody password something\n")
    monkeypatch.setenv("NETRC", str(path))


def test_netrc_does_not_override(netrc, gate, session):
    assert session.get(gate.url + PATH).status_code == 200
    assert gate.seen() == [[200, 0, 1]]


def test_netrc_after_a_redirect(netrc, gate, session):
    """requests replaces any bearer by the password, just before it sends the request."""
    gate.prepare(answers=[A_REDIRECT])
    assert session.get(gate.url + PATH).status_code == 200
    assert gate.seen()[::2] == [[307, None, 1], [200, 0, 1]]
    assert len(gate.seen()) == 3


def test_a_refusal_of_head_has_a_length_and_no_body(gate):
    auth = KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)
    response = requests.head(f"{gate.url}/v1/none", auth=auth, timeout=5)
    assert (response.status_code, response.content) == (404, b"")
    assert int(response.headers["Content-Length"]) > 0
