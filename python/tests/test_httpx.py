"""What is special to httpx: it has to see an ``httpx.Auth``, and follows redirects by itself."""

import asyncio
import copy
import pickle
import subprocess
import sys
import textwrap

import httpx
import pytest
from telling import logged

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


def test_a_stream_stays_one(gate, auth):
    with httpx.Client(auth=auth) as client, client.stream("GET", gate.url + PATH) as response:
        assert not response.is_stream_consumed
        assert b'"code":0' in response.read()


def test_a_refusal_of_a_stream_is_to_be_read(gate, auth):
    gate.prepare(answers=[{"code": 1103}] * 2)
    with httpx.Client(auth=auth) as client, client.stream("GET", gate.url + PATH) as response:
        assert response.json()["code"] == 1103
        assert b"".join(response.iter_bytes()) == response.content

    async def send():
        client = httpx.AsyncClient(auth=auth)
        async with client, client.stream("GET", gate.url + PATH) as response:
            return response.json()["code"]

    assert asyncio.run(send()) == 1103


def test_the_refused_one_is_in_the_history(gate, auth):
    gate.prepare(skew=3600)
    response = httpx.get(gate.url + PATH, auth=auth)
    assert [refused.json()["code"] for refused in response.history] == [1004]


def test_a_file_is_not_sent_again(gate, auth, tmp_path):
    """httpx would send what follows of it: nothing."""
    gate.prepare(skew=3600)
    (tmp_path / "task.json").write_text("{}")
    with (tmp_path / "task.json").open("rb") as file:
        assert httpx.post(gate.url + PATH, content=file, auth=auth).status_code == 401
    assert len(gate.seen()) == 1


# Redirects, without a network.


def answers(auth, *responses):
    """Send a POST through a client that is answered so; return what was sent, and the last."""
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


def test_what_was_answered_is_not_asked_for_again():
    """After 303 the task is made. Only its state was refused."""
    sent, response = answers(
        KlingAuth(*KEYS, clock=lambda: 1_800_000_000),
        httpx.Response(303, headers={"Location": "/v1/x/1"}),
        httpx.Response(401, headers={"Date": AN_HOUR_LATER}, json={"code": 1004}),
        httpx.Response(200, json={"code": 0}),
    )
    assert response.status_code == 200
    assert [method for method, _, _ in sent] == ["POST", "GET", "GET"]


def test_from_one_host_of_klings_to_another():
    """httpx takes the bearer off, though Kling has to see it."""
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


# Being an httpx.Auth.


class Extended(KlingAuth):
    """An extension with a name, a registry and a state of its own."""

    heirs = ()

    def __init_subclass__(cls, **options):
        super().__init_subclass__(**options)
        Extended.heirs += (cls,)

    def __init__(self):
        super().__init__(*KEYS)
        self.name = self.__class__.__name__


def test_it_is_an_auth_and_still_itself():
    auth = KlingAuth(*KEYS)
    assert isinstance(auth, httpx.Auth)
    assert isinstance(auth, KlingAuth)
    assert type(auth) is KlingAuth
    assert not isinstance(auth, httpx.BasicAuth)
    assert not issubclass(KlingAuth, httpx.Auth)
    assert auth.__class__ is auth.__class__
    assert repr(auth.__class__) == repr(KlingAuth)
    assert repr(auth) == "KlingAuth(access_key='0123…cdef', source='arguments')"


def test_extensions_are_too():
    auth = Extended()
    assert isinstance(auth, httpx.Auth)
    assert isinstance(auth, Extended)
    assert issubclass(auth.__class__, Extended)
    assert (auth.name, auth.__class__.__qualname__) == ("Extended", "Extended")
    assert Extended.heirs == ()


def test_it_is_copied_as_what_it_is(monkeypatch):
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


# The fork that is maintained, and another one: each has an ``Auth`` of its own.

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
        # This one gives itself out for httpx, if it comes first.
        ("import httpxyz, httpx; assert httpx is httpxyz", "httpx httpxyz"),
        ("import httpxyz, httpx2", "httpx2 httpxyz"),
        (
            "import httpx2; httpx2.alias_httpx(); import httpx; assert httpx is httpx2",
            "httpx httpx2",
        ),
        ("assert isinstance(auth, KlingAuth); import httpx2; httpx2.alias_httpx()", "httpx2"),
    ],
)
def test_beside_one_another(gate, before, names):
    uses = "; ".join(f"assert use(sys.modules['{name}'])" for name in names.split())
    uses += "; print(len(auth.__class__.__mro__))"
    assert run(ALL.format(before, uses), gate.access_key, gate.secret_key, gate.url).strip()


@pytest.mark.parametrize("later", ["httpx2", "httpxyz"])
def test_another_may_be_imported_later(gate, later):
    uses = f"""use(httpx)
    before = auth.__class__
    import {later}
    assert use({later}) and use(httpx)
    print(before is not auth.__class__, auth.__class__ is auth.__class__)"""
    program = ALL.format("import httpx", uses)
    assert run(program, gate.access_key, gate.secret_key, gate.url) == "True True\n"


def test_aliased_in_the_middle(gate):
    """From then on httpx is httpx2, and an auth that was there before goes on with both."""
    uses = """use(httpx2)
    httpx2.alias_httpx()
    import httpx
    assert httpx is httpx2 and use(httpx)
    print(isinstance(auth, httpx.Auth))"""
    program = ALL.format("import httpx2", uses)
    assert run(program, gate.access_key, gate.secret_key, gate.url) == "True\n"


def test_a_request_of_ones_own_class(gate, auth):
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


def test_by_a_proxy_the_bearer_is_for_the_other_side(gate):
    """A request that a proxy forwards is of the proxy's URL, but for what it asks for."""
    auth = KlingAuth(gate.access_key, gate.secret_key, base_url="http://127.0.0.1:9")
    import httpx2

    with httpx2.Client(auth=auth, proxy=gate.url) as client:
        client.get("http://127.0.0.1:9/v1/videos/text2video")
        with logged() as lines:
            client.get("http://127.0.0.2:9/v1/videos/text2video")
    assert "WARN_WITHHELD" in lines[-1]
    assert [bearer for _, _, bearer in gate.seen()] == [1, None]
