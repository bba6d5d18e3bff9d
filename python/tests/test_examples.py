"""The guide's examples, under PyJWT and under this package."""

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
    """The example calls Kling's own address; its requests are led to the gate."""
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
    """The guide's class, over our `jwt`, over PyJWT, and our class in its place."""
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
