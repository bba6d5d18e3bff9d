"""Where credentials are found, and what is corrected, refused or warned of."""

import base64
import contextlib
import copy
import logging
import os
import pickle
import threading
import warnings

import pytest
from conftest import vectors
from outputs import logged

from kling_auth import (
    ArgumentError,
    ArgumentTypeError,
    CredentialError,
    KlingAuth,
    KlingAuthWarning,
    generate_kling_token,
)

ACCESS_KEY = "access0123456789access0123456789"
SECRET_KEY = "canary0123456789canary0123456789"
NOW = 1_800_000_000


@pytest.fixture(autouse=True)
def machine(tmp_path, monkeypatch):
    """A machine without credentials: an empty environment, home and project."""
    for name in list(os.environ):
        if name.startswith("KLING"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path


@contextlib.contextmanager
def recorded():
    """Collects codes and texts of the warnings."""
    texts = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield texts
    for warning in caught:
        assert warning.category is KlingAuthWarning
        assert warning.filename == __file__
        texts.append(str(warning.message))


def lay_out(case, root, monkeypatch):
    for path, text in case.get("files", {}).items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode())
        if path in case.get("modes", {}):
            file.chmod(int(case["modes"][path], 8))
    for name, value in case.get("env", {}).items():
        monkeypatch.setenv(name, value.replace("{root}", str(root)))
    monkeypatch.chdir(root / case.get("cwd", "project"))


def kind_of(source):
    """The source kind of a source text."""
    if source == "arguments" or source.startswith("environment ("):
        return source.partition(" ")[0]
    return "profile" if source.endswith("]") else "dotenv"


@pytest.mark.parametrize("case", vectors("sources.json"), ids=lambda case: case["name"])
def test_every_case(case, machine, monkeypatch):
    if case.get("unix_only") and os.name != "posix":
        pytest.skip("files have no permissions here")
    lay_out(case, machine, monkeypatch)
    given = case.get("given", {})
    if "code" in case:
        with pytest.raises((CredentialError, ArgumentError)) as refusal:
            KlingAuth(**given)
        assert refusal.value.code == case["code"]
        shown = f"{refusal.value} {refusal.value!r}"
    else:
        with recorded() as texts:
            auth = KlingAuth(**given)
        assert auth.access_key == case.get("access_key")
        assert (auth.access_key is None) == case.get("api_key", False)
        assert auth.source == case["source"].replace("{root}", str(machine))
        assert auth.source_kind == kind_of(auth.source)
        assert auth.base_url == case.get("base_url", "https://api-singapore.klingai.com")
        codes = [text.rpartition("(")[2].rstrip(")") for text in texts]
        assert codes == case.get("warnings", [])
        shown = f"{texts} {auth!r}"
    assert "canary" not in shown
    for mention in case.get("mentions", []):
        assert mention.replace("{root}", str(machine)) in shown


@pytest.mark.parametrize("case", vectors("dotenv.json"), ids=lambda case: case["name"])
def test_dotenv(case, machine):
    content = base64.b64decode(case["base64"]) if "base64" in case else case["text"].encode()
    (machine / "project" / ".env").write_bytes(content)
    ours = case["ours"]
    if "code" in ours:
        with pytest.raises(CredentialError) as refusal:
            KlingAuth()
        assert refusal.value.code == ours["code"]
        shown = f"{refusal.value} {refusal.value!r}"
    else:
        with recorded() as texts:
            auth = KlingAuth(clock=lambda: NOW)
        assert auth.access_key == ours.get("access_key", ACCESS_KEY)
        codes = [text.rpartition("(")[2].rstrip(")") for text in texts]
        assert codes == ours.get("warnings", [])
        with recorded():
            expected = generate_kling_token(auth.access_key, SECRET_KEY, now=NOW)
        is_expected = auth.token == expected
        assert is_expected == ("secret_key" not in ours)
        shown = f"{texts} {auth!r}"
    assert "canary" not in shown
    for mention in ours.get("mentions", []):
        assert mention in shown


def test_one_token_has_the_same_sources(machine):
    (machine / "project" / ".env").write_text(
        f"KLING_ACCESS_KEY={ACCESS_KEY}\nKLING_SECRET_KEY={SECRET_KEY}\n"
    )
    assert generate_kling_token(now=NOW) == generate_kling_token(ACCESS_KEY, SECRET_KEY, now=NOW)


def test_one_token_warns_too():
    with recorded() as texts:
        generate_kling_token(ACCESS_KEY, SECRET_KEY + "\n")
    assert texts == ["secret key: removed white space around the value (WARN_CLEANED)"]


def test_a_mounted_secret_is_read_again_when_it_changes(machine, monkeypatch):
    clock = [NOW]
    for name, value in (("ak", ACCESS_KEY), ("sk", SECRET_KEY)):
        (machine / name).write_text(value)
    monkeypatch.setenv("KLING_ACCESS_KEY_FILE", str(machine / "ak"))
    monkeypatch.setenv("KLING_SECRET_KEY_FILE", str(machine / "sk"))
    auth = KlingAuth(clock=lambda: clock[-1])
    first = auth.token

    (machine / "sk").write_text("")
    clock.append(NOW + 60)
    with logged(logging.WARNING) as lines:
        assert auth.token == first
    assert "WARN_RELOAD_FAILED" in lines[0]
    assert "KLING_SECRET_KEY_FILE" in lines[0]

    (machine / "ak").write_text(ACCESS_KEY[::-1])
    (machine / "sk").write_text(SECRET_KEY[::-1])
    assert auth.token == first, "files are checked once a minute"
    clock.append(NOW + 120)
    assert auth.token != first
    assert auth.access_key == ACCESS_KEY[::-1]


def test_rotate_without_arguments_searches_again(machine, monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", ACCESS_KEY)
    monkeypatch.setenv("KLING_SECRET_KEY", SECRET_KEY)
    auth = KlingAuth()
    monkeypatch.setenv("KLING_ACCESS_KEY", ACCESS_KEY[::-1])
    auth.rotate()
    assert auth.access_key == ACCESS_KEY[::-1]
    monkeypatch.delenv("KLING_ACCESS_KEY")
    with pytest.raises(CredentialError) as refusal:
        auth.rotate()
    assert refusal.value.code == "ERR_CREDENTIALS_PARTIAL"
    assert auth.access_key == ACCESS_KEY[::-1]


def test_rotate_without_arguments_of_explicit_credentials():
    with pytest.raises(CredentialError) as refusal:
        KlingAuth(ACCESS_KEY, SECRET_KEY).rotate()
    assert refusal.value.code == "ERR_CREDENTIALS_NO_SOURCE"


def test_a_function_is_called_at_once_and_by_rotate():
    answers = [(ACCESS_KEY, SECRET_KEY), (ACCESS_KEY[::-1], SECRET_KEY), "api-key-kling-1"]
    auth = KlingAuth(credentials=lambda: answers.pop(0))
    assert auth.source == "function"
    assert auth.access_key == ACCESS_KEY
    auth.rotate()
    assert auth.access_key == ACCESS_KEY[::-1]
    auth.rotate()
    assert auth.token == "api-key-kling-1"


def test_a_function_that_fails_keeps_the_last_good_credentials():
    def secrets_manager():
        if calls:
            raise ConnectionError("secrets manager is away")
        calls.append(1)
        return ACCESS_KEY, SECRET_KEY

    calls = []
    auth = KlingAuth(credentials=secrets_manager)
    with pytest.raises(ConnectionError, match="away"):
        auth.rotate()
    assert auth.access_key == ACCESS_KEY


@pytest.mark.parametrize("returned", [None, 1, (ACCESS_KEY,), {"access_key": 1}, (None, "canary")])
def test_a_function_that_returns_something_else(returned):
    with pytest.raises(ArgumentTypeError) as refusal:
        KlingAuth(credentials=lambda: returned)
    assert refusal.value.code == "ERR_TYPE"
    assert "canary" not in str(refusal.value)


def test_a_function_and_keys_contradict():
    with pytest.raises(CredentialError) as refusal:
        KlingAuth(ACCESS_KEY, SECRET_KEY, credentials=lambda: (ACCESS_KEY, SECRET_KEY))
    assert refusal.value.code == "ERR_CREDENTIALS_CONFLICT"
    with pytest.raises(ArgumentTypeError):
        KlingAuth(credentials=(ACCESS_KEY, SECRET_KEY))


def test_a_pickle_contains_no_secret(monkeypatch):
    monkeypatch.setenv("KLING_ACCESS_KEY", ACCESS_KEY)
    monkeypatch.setenv("KLING_SECRET_KEY", SECRET_KEY)
    auth = KlingAuth(None, None, 60, lifetime=600)
    pickled = pickle.dumps(auth)
    assert b"canary" not in pickled
    again = pickle.loads(pickled)  # noqa: S301
    assert again.source == auth.source
    assert abs(again.expires_at - auth.expires_at) <= 1
    assert copy.deepcopy(auth).access_key == ACCESS_KEY
    monkeypatch.delenv("KLING_ACCESS_KEY")
    with pytest.raises(CredentialError):
        pickle.loads(pickled)  # noqa: S301


def test_a_subclass_defines_how_it_is_pickled(monkeypatch):
    class Tenant(KlingAuth):
        pass

    monkeypatch.setenv("KLING_ACCESS_KEY", ACCESS_KEY)
    monkeypatch.setenv("KLING_SECRET_KEY", SECRET_KEY)
    with pytest.raises(TypeError, match="__reduce__"):
        pickle.dumps(Tenant())


def test_a_warning_may_be_an_error():
    auth = KlingAuth(ACCESS_KEY, SECRET_KEY)
    with warnings.catch_warnings():
        warnings.simplefilter("error", KlingAuthWarning)
        with pytest.raises(KlingAuthWarning):
            KlingAuth(ACCESS_KEY, SECRET_KEY + " ")
        with pytest.raises(KlingAuthWarning):
            auth.rotate(ACCESS_KEY[::-1], SECRET_KEY + " ")
    assert auth.access_key == ACCESS_KEY, "what raised has changed nothing"


def test_a_slow_function_does_not_undo_a_newer_rotation():
    asked, answered = threading.Event(), threading.Event()
    calls = []

    def secrets_manager():
        calls.append(1)
        if len(calls) > 1:
            asked.set()
            assert answered.wait(10)
        return ACCESS_KEY, SECRET_KEY

    auth = KlingAuth(credentials=secrets_manager)
    slow = threading.Thread(target=auth.rotate)
    slow.start()
    assert asked.wait(10)
    auth.rotate(ACCESS_KEY[::-1], SECRET_KEY)
    answered.set()
    slow.join()
    assert auth.access_key == ACCESS_KEY[::-1]
