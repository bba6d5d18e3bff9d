"""httpx: it requires an ``httpx.Auth``, and follows redirects itself."""

import asyncio
import copy
import pickle
import subprocess
import sys
import textwrap

import httpx
import pytest
from outputs import logged

from kling_auth import KlingAuth

PATH = "/v1/videos/text2video"
AN_HOUR_LATER = "Fri, 15 Jan 2027 09:00:00 GMT"
KEYS = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"


@pytest.fixture
def auth(gate):
    return KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)


def test_one_request(gate, auth):
    assert httpx.get(gate.url + PATH, auth=auth).json()["code"] == 0
    with httpx.Client() as client:
        assert client.get(gate.url + PATH, auth=auth).json()["code"] == 0


def test_a_stream_stays_a_stream(gate, auth):
    with httpx.Client(auth=auth) as client, client.stream("GET", gate.url + PATH) as response:
        assert not response.is_stream_consumed
        assert b'"code":0' in response.read()


def test_a_refused_stream_stays_readable(gate, auth):
    gate.prepare(answers=[{"code": 1103}] * 2)
    with httpx.Client(auth=auth) as client, client.stream("GET", gate.url + PATH) as response:
        assert response.json()["code"] == 1103
        assert b"".join(response.iter_bytes()) == response.content

    async def send():
        client = httpx.AsyncClient(auth=auth)
        async with client, client.stream("GET", gate.url + PATH) as response:
            return response.json()["code"]

    assert asyncio.run(send()) == 1103


def test_the_refused_response_is_in_the_history(gate, auth):
    gate.prepare(skew=3600)
    response = httpx.get(gate.url + PATH, auth=auth)
    assert [refused.json()["code"] for refused in response.history] == [1004]


def test_a_file_is_not_sent_again(gate, auth, tmp_path):
    """httpx would send the rest of the file, which is empty."""
    gate.prepare(skew=3600)
    (tmp_path / "task.json").write_text("{}")
    with (tmp_path / "task.json").open("rb") as file:
        assert httpx.post(gate.url + PATH, content=file, auth=auth).status_code == 401
    assert len(gate.seen()) == 1


# Redirects, without a network.


def answers(auth, *responses):
    """Send a POST to a client with these responses. Return what was sent, and the last response."""
    sent, left = [], list(responses)

    def transport(request):
        sent.append((request.method, request.url.host, "Authorization" in request.headers))
        return left.pop(0)

    client = httpx.Client(
        auth=auth, transport=httpx.MockTransport(transport), follow_redirects=True
    )
    response = client.post("https://api.klingai.com/v1/x", content=b"{}")
    assert not left
    return sent, response


def test_an_answered_request_is_not_repeated():
    """After the 303 the task exists. Only the request of its state was refused."""
    sent, response = answers(
        KlingAuth(*KEYS, clock=lambda: 1_800_000_000),
        httpx.Response(303, headers={"Location": "/v1/x/1"}),
        httpx.Response(401, headers={"Date": AN_HOUR_LATER}, json={"code": 1004}),
        httpx.Response(200, json={"code": 0}),
    )
    assert response.status_code == 200
    assert [method for method, _, _ in sent] == ["POST", "GET", "GET"]


def test_a_redirect_between_hosts_of_kling():
    """httpx removes the bearer, but Kling has to get it."""
    sent, response = answers(
        KlingAuth(*KEYS),
        httpx.Response(307, headers={"Location": "https://api-singapore.klingai.com/v1/x"}),
        httpx.Response(401, json={"code": 1001, "message": "Authorization is empty"}),
        httpx.Response(200, json={"code": 0}),
    )
    assert response.status_code == 200
    assert sent == [
        ("POST", "api.klingai.com", True),
        ("POST", "api-singapore.klingai.com", False),
        ("POST", "api-singapore.klingai.com", True),
    ]


# KlingAuth is an httpx.Auth.


class Extended(KlingAuth):
    """A subclass with a name, a registry and state of its own."""

    heirs = ()

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        Extended.heirs += (cls,)

    def __init__(self):
        super().__init__(*KEYS)
        self.name = self.__class__.__name__


def test_it_is_an_auth_of_httpx_and_a_klingauth():
    auth = KlingAuth(*KEYS)
    assert isinstance(auth, httpx.Auth)
    assert isinstance(auth, KlingAuth)
    assert type(auth) is KlingAuth
    assert not isinstance(auth, httpx.BasicAuth)
    assert not issubclass(KlingAuth, httpx.Auth)
    assert auth.__class__ is auth.__class__
    assert repr(auth.__class__) == repr(KlingAuth)
    assert repr(auth) == "KlingAuth(access_key='0123…cdef', source='arguments')"


def test_a_subclass_is_an_auth_of_httpx_too():
    auth = Extended()
    assert isinstance(auth, httpx.Auth)
    assert isinstance(auth, Extended)
    assert issubclass(auth.__class__, Extended)
    assert (auth.name, auth.__class__.__qualname__) == ("Extended", "Extended")
    assert Extended.heirs == ()


def test_copies_have_the_same_class(monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", KEYS[0])
    monkeypatch.setenv("KLING_SECRET_KEY", KEYS[1])
    auth = KlingAuth()
    assert isinstance(auth, httpx.Auth)
    for duplicate in (copy.copy(auth), pickle.loads(pickle.dumps(auth))):  # noqa: S301
        assert type(duplicate) is KlingAuth
        assert duplicate.access_key == KEYS[0]


def run(program, *arguments):
    command = [sys.executable, "-c", textwrap.dedent(program), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603


def test_httpx_may_be_imported_later(gate):
    program = """
        import sys
        from kling_auth import KlingAuth
        auth = KlingAuth(*sys.argv[1:3], base_url=sys.argv[3])
        assert auth.__class__ is KlingAuth
        assert "httpx" not in sys.modules
        import httpx
        print(httpx.get(sys.argv[3] + "/v1/videos/text2video", auth=auth).status_code)
    """
    assert run(program, gate.access_key, gate.secret_key, gate.url) == "200\n"


def test_no_client_is_imported_before_it_is_used():
    program = """
        import sys
        import kling_auth
        auth = kling_auth.KlingAuth("access-key-of-a-test", "secret-key-of-a-test")
        auth.headers, auth.__class__, isinstance(auth, dict)
        auth.handle_response(401, {}, b'{"code":1002}')
        try:
            kling_auth.raise_for_kling(type("Response", (), {"status_code": 429, "content": b""}))
        except kling_auth.RefusedError:
            pass
        names = {name.partition(".")[0] for name in sys.modules}
        print(names & {"requests", "httpx", "aiohttp", "urllib", "http", "typing"})
        auth.opener()
        names = {name.partition(".")[0] for name in sys.modules}
        print(names & {"requests", "httpx", "aiohttp"})
    """
    program = "import warnings; warnings.simplefilter('ignore')\n" + textwrap.dedent(program)
    assert run(program) == "set()\nset()\n"


# The maintained fork and another fork: each has its own ``Auth``.

ALL = """
    import sys, asyncio
    from kling_auth import KlingAuth
    auth = KlingAuth(*sys.argv[1:3], base_url=sys.argv[3])
    url = sys.argv[3] + "/v1/videos/text2video"
    {}

    def use(of):
        async def asynchronously():
            async with of.AsyncClient(auth=auth) as client:
                return (await client.get(url)).status_code
        with of.Client(auth=auth) as client:
            found = [of.get(url, auth=auth).status_code, client.get(url).status_code]
        with of.stream("GET", url, auth=auth) as response:
            found.append(response.status_code)
        assert isinstance(auth, of.Auth) and type(auth) is KlingAuth
        return [*found, asyncio.run(asynchronously())] == [200] * 4

    {}
"""


@pytest.mark.parametrize(
    "before, names",
    [
        ("import httpx2", "httpx2"),
        ("import httpx, httpx2", "httpx httpx2"),
        ("import httpx, httpx2, httpxyz", "httpx httpx2 httpxyz"),
        # This one replaces httpx if it is imported first.
        ("import httpxyz, httpx; assert httpx is httpxyz", "httpx httpxyz"),
        ("import httpxyz, httpx2", "httpx2 httpxyz"),
        (
            "import httpx2; httpx2.alias_httpx(); import httpx; assert httpx is httpx2",
            "httpx httpx2",
        ),
        ("assert isinstance(auth, KlingAuth); import httpx2; httpx2.alias_httpx()", "httpx2"),
    ],
)
def test_several_in_one_process(gate, before, names):
    uses = "; ".join(f"assert use(sys.modules['{name}'])" for name in names.split())
    uses += "; print(len(auth.__class__.__mro__))"
    assert run(ALL.format(before, uses), gate.access_key, gate.secret_key, gate.url).strip()


@pytest.mark.parametrize("later", ["httpx2", "httpxyz"])
def test_a_fork_may_be_imported_later(gate, later):
    uses = f"""use(httpx)
    before = auth.__class__
    import {later}
    assert use({later}) and use(httpx)
    print(before is not auth.__class__, auth.__class__ is auth.__class__)"""
    program = ALL.format("import httpx", uses)
    assert run(program, gate.access_key, gate.secret_key, gate.url) == "True True\n"


def test_an_alias_of_httpx(gate):
    """After it, httpx is httpx2, and an existing auth works with both."""
    uses = """use(httpx2)
    httpx2.alias_httpx()
    import httpx
    assert httpx is httpx2 and use(httpx)
    print(isinstance(auth, httpx.Auth))"""
    program = ALL.format("import httpx2", uses)
    assert run(program, gate.access_key, gate.secret_key, gate.url) == "True\n"


def test_a_subclass_of_a_request(gate, auth):
    import httpx2

    class Mine(httpx2.Request):
        pass

    gate.prepare(skew=3600)
    with httpx2.Client(auth=auth) as client:
        assert client.send(Mine("GET", gate.url + PATH)).status_code == 200


@pytest.mark.parametrize("name", ["httpx", "httpx2"])
def test_a_trace_of_the_users_is_called(gate, auth, name):
    of = __import__(name)
    seen = []

    async def send():
        async def trace(event, info):
            seen.append(event)

        async with of.AsyncClient(auth=auth) as client:
            return await client.get(gate.url + PATH, extensions={"trace": trace})

    def trace(event, info):
        seen.append(event)

    with of.Client(auth=auth) as client:
        request = client.build_request("GET", gate.url + PATH, extensions={"trace": trace})
        for _ in range(3):
            seen.clear()
            assert client.send(request).status_code == 200
            once = len(seen)
    assert seen and len(seen) == once == len(set(seen))
    seen.clear()
    assert asyncio.run(send()).status_code == 200
    assert len(seen) == len(set(seen)) > 0


def test_a_proxy(gate):
    """A forwarded request has the proxy's URL, and the target's URL as its path."""
    auth = KlingAuth(gate.access_key, gate.secret_key, base_url="http://127.0.0.1:9")
    import httpx2

    with httpx2.Client(auth=auth, proxy=gate.url) as client:
        client.get("http://127.0.0.1:9/v1/videos/text2video")
        with logged() as lines:
            client.get("http://127.0.0.2:9/v1/videos/text2video")
    assert "WARN_WITHHELD" in lines[-1]
    assert [bearer for _, _, bearer in gate.seen()] == [1, None]
