"""Results for programs and notebooks: as truth values, as a ``dict``, as HTML."""

import html.parser
import json
import subprocess

import pydantic
import pytest
from test_check import no_proxy  # noqa: F401
from test_commands import program
from test_copies import KEYS, NOW, RESULTS, TOKEN, USED_UP, webhook

from kling_auth import KlingAuth, check, inspect, verdict


def printed(*arguments, **environment):
    """The JSON output of the command line."""
    run = subprocess.run(  # noqa: S603
        [program(), *arguments, "--json"], env=environment, capture_output=True, timeout=60
    )
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    ("status", "body", "is_accepted"),
    [(200, b'{"code":0}', True), (200, b'{"code":1102}', False), (401, b"", False)],
)
def test_a_verdict_is_true_if_accepted(status, body, is_accepted):
    found = verdict(status, body)
    assert (found.is_accepted, bool(found)) == (is_accepted, is_accepted)


def test_a_check_as_a_dict(gate):
    auth = KlingAuth(gate.access_key, gate.secret_key, base_url=gate.url)
    result = check(auth)
    as_dict = result.to_dict()
    keys = {"KLING_ACCESS_KEY": gate.access_key, "KLING_SECRET_KEY": gate.secret_key}
    there = printed("check", **keys, KLING_API_BASE=gate.url)
    assert list(as_dict) == list(there)
    as_dict.update(source=there["source"], source_kind=there["source_kind"])
    as_dict["verdict"]["request_id"] = there["verdict"]["request_id"]
    assert as_dict == there
    assert (result.source_kind, there["source_kind"]) == ("arguments", "environment")
    assert result.to_dict()["verdict"] == result.verdict.to_dict()
    assert check(auth, timeout=5).to_dict() is not result.to_dict()


def test_an_inspection_as_a_dict():
    found = inspect(TOKEN, KEYS[1], now=NOW)
    keys = {"KLING_ACCESS_KEY": KEYS[0], "KLING_SECRET_KEY": KEYS[1]}
    there = printed("inspect", TOKEN, **keys)
    as_dict = found.to_dict()
    assert list(as_dict) == list(there)
    for name in ("now", "cause", "reason"):
        assert as_dict.pop(name) == getattr(found, name)
        there.pop(name)
    assert as_dict == there


def test_integers_of_any_length():
    token = "eyJhbGciOiJIUzI1NiJ9.eyJuIjoxMjM0NTY3ODkwMTIzNDU2Nzg5MDEyMzQ1Njc4OTB9.AA"
    assert inspect(token).to_dict()["claims"] == {"n": 123456789012345678901234567890}


@pytest.mark.parametrize("name", RESULTS)
def test_a_dict_has_the_values_of_the_attributes(name):
    value = RESULTS[name]()
    as_dict = value.to_dict()
    public = {name for name in dir(value) if not name.startswith("_")} - {"to_dict"}
    others = {"access_key"} if name.startswith("inspection") else set()
    assert set(as_dict) == public | others
    if name.startswith("inspection"):  # as in the command line's JSON, the access key is masked
        assert as_dict["issuer"] == as_dict["access_key"] == as_dict["claims"]["iss"]
        public -= {"issuer", "claims"}
    for attribute in public - {"verdict"}:
        assert as_dict[attribute] == getattr(value, attribute), attribute
    json.dumps(as_dict)
    as_dict.clear()
    assert value.to_dict() != {}


class Read(html.parser.HTMLParser):
    """The tags of an HTML text, and the text between them."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.texts = set(), []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        assert attributes == []
        self.tags.add(tag)

    def handle_data(self, data):
        self.texts.append(data)


@pytest.mark.parametrize("name", RESULTS)
def test_a_notebook_shows_a_table(name):
    value = RESULTS[name]()
    shown = Read(value._repr_html_())
    assert shown.tags == {"table", "caption", "tr", "th", "td"}
    assert shown.texts[0] == type(value).__name__
    as_dict = value.to_dict()
    assert set(shown.texts[1::2]) == {name for name in as_dict if as_dict[name] not in (None, "")}
    assert "canary" not in value._repr_html_() and "eyJ" not in value._repr_html_()


def test_texts_of_a_server_are_escaped():
    evil = "<script>alert('&\\\"')</script>"
    found = verdict(429, f'{{"code":1102,"message":"{evil}","request_id":"<b>"}}'.encode())
    shown = found._repr_html_()
    assert evil.replace("\\", "") in Read(shown).texts
    assert "<script" not in shown and "<b>" not in shown and "'" not in shown
    assert verdict(429, USED_UP)._repr_html_() != shown


def test_a_webhook_as_a_dict():
    found = webhook()
    assert found.to_dict() == {"id": found.id, "timestamp": found.timestamp}


def test_djangos_templates_do_not_call_it():
    """As ``django.template.base.Variable`` does it."""
    auth = KlingAuth(*KEYS)
    assert callable(auth) and auth.do_not_call_in_templates is True


class Settings(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(arbitrary_types_allowed=True)

    auth: KlingAuth = KlingAuth(*KEYS)


def test_pydantic_copies_a_default_as_the_same_object():
    assert Settings().auth is Settings().auth
    assert Settings().auth.__deepcopy__() is Settings().auth


def test_source_kind(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert KlingAuth(*KEYS).source_kind == "arguments"
    auth = KlingAuth(credentials=lambda: KEYS)
    assert auth.source_kind == "function"
    auth.rotate(*KEYS)
    assert auth.source_kind == "arguments"
