"""The guide's examples, with PyJWT and with this package."""

import runpy
import sys
import time

import jwt
import pytest
import requests
from conftest import ROOT

import kling_auth

GUIDE = ROOT / "tests" / "guide"
EXAMPLES = ROOT / "python" / "examples"
NAMES = ["guide_token.py", "guide_check.py", "guide_manager.py"]


def without_imports(path):
    lines = path.read_text("utf-8").splitlines()
    return [line for line in lines if not line.startswith(("import ", "from "))]


@pytest.fixture()
def environment(monkeypatch, gate):
    monkeypatch.setenv("KLING_ACCESS_KEY", gate.access_key)
    monkeypatch.setenv("KLING_SECRET_KEY", gate.secret_key)
    return gate


@pytest.mark.parametrize("name", NAMES)
def test_only_import_lines_differ(name):
    assert without_imports(EXAMPLES / name) == without_imports(GUIDE / name)


def test_token(environment, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    ours = runpy.run_path(str(EXAMPLES / "guide_token.py"))["token"]
    original = runpy.run_path(str(GUIDE / "guide_token.py"))["token"]
    assert ours == original
    headers = {"Authorization": f"Bearer {ours}"}
    assert environment.get("/v1/videos/text2video", headers) == (200, 0)


@pytest.mark.parametrize(
    "secret, printed",
    [
        (None, "Auth working — credentials valid\n"),
        ("fedcba9876543210fedcba9876543210", "Auth failed — check AK/SK values\n"),
    ],
)
def test_check(environment, monkeypatch, capsys, secret, printed):
    """The example calls Kling's own address. Its requests are sent to the gate."""
    send = requests.adapters.HTTPAdapter.send

    def to_the_gate(self, request, **options):
        request.url = request.url.replace("https://api.klingai.com", environment.url)
        return send(self, request, **options)

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", to_the_gate)
    if secret:
        monkeypatch.setenv("KLING_SECRET_KEY", secret)
    runpy.run_path(str(EXAMPLES / "guide_check.py"))
    assert capsys.readouterr().out == printed


def test_manager(environment, monkeypatch):
    """The guide's class with our `jwt`, with PyJWT, and our class in its place."""
    readings = [1_800_000_000]
    monkeypatch.setattr(time, "time", lambda: readings[-1])
    keys = environment.access_key, environment.secret_key
    over_ours = runpy.run_path(str(EXAMPLES / "guide_manager.py"))["KlingAuth"](*keys)
    original = runpy.run_path(str(GUIDE / "guide_manager.py"), {"jwt": jwt})["KlingAuth"](*keys)
    in_place = kling_auth.KlingAuth(*keys, clock=time.time)
    for seconds in (0, 1499, 1501, 9999):
        readings.append(1_800_000_000 + seconds)
        assert over_ours.headers == original.headers == in_place.headers


def test_the_examples_do_not_need_pyjwt(environment, monkeypatch):
    monkeypatch.setitem(sys.modules, "jwt", None)
    assert runpy.run_path(str(EXAMPLES / "guide_token.py"))["token"]


@pytest.fixture()
def example(environment, monkeypatch):
    """Load an example, and let it use the gate."""
    monkeypatch.setenv("KLING_API_BASE", environment.url)
    return lambda name: runpy.run_path(str(EXAMPLES / name))


def test_polling(example, tmp_path, gate):
    gate.prepare(skew=3600)
    example("polling.py")["make"]("a cat", tmp_path / "cat.mp4", interval=0)
    assert (tmp_path / "cat.mp4").read_bytes() == b"a video of the gate"
    # Submitted again after the clock was corrected, polled twice, downloaded without the bearer.
    assert [seen[0] for seen in gate.seen()] == [401, 200, 200, 200, 200]
    assert gate.seen()[-1] == [200, None, None]


def test_polling_that_fails(example, tmp_path, gate):
    gate._control("PUT", "tasks", {"fails": True})
    try:
        with pytest.raises(SystemExit, match="set to fail this task"):
            example("polling.py")["make"]("a cat", tmp_path / "cat.mp4", interval=0)
    finally:
        gate._control("PUT", "tasks", {"looks": 1})


def test_many_tenants(example, gate):
    module, fetched = example("many_tenants.py"), []

    def fetch(name):
        fetched.append(name)
        return (gate.access_key, gate.secret_key) if name != "stranger" else ("a" * 32, "b" * 32)

    tenants = module["Tenants"](fetch, base_url=gate.url)
    for _ in range(3):
        assert module["videos_of"](tenants, "one")["code"] == 0
    assert module["videos_of"](tenants, "stranger")["code"] == 1002
    assert fetched == ["one", "stranger", "stranger"], (
        "called again once, after Kling did not know the key"
    )
    assert tenants["one"] is not tenants["two"]


def test_fifty_at_once(example, gate):
    gate.prepare(skew=3600)
    import asyncio

    assert asyncio.run(example("at_once.py")["statuses"]()) == [200] * 50
    assert len(gate.seen()) <= 100
