"""If access key and secret key are swapped, no output contains the secret.

The access key is unmasked only where code reads it: ``auth.access_key``, a token's claims.
"""

import copy
import json
import pickle
import subprocess
import sys

import pytest

from kling_auth import KlingAuth, check, inspect

# In two parts, so that this line is not found in a traceback.
SECRET = "sec" + "ret0123456789abcdef0123456789"
ACCESS = "0123456789abcdef0123456789abcdef"
CLOSED = "http://127.0.0.1:9"


@pytest.fixture
def auth():
    return KlingAuth(SECRET, ACCESS, base_url=CLOSED)


def shown(thing):
    """Return the texts of an object in a console, a log or a message."""
    lines = [repr(thing), str(thing), f"{thing}", "%s %r" % (thing, thing)]  # noqa: UP031
    lines += [str(thing.to_dict()), thing._repr_html_()] if hasattr(thing, "to_dict") else []
    return "\n".join(lines)


def test_the_manager(auth):
    assert SECRET not in shown(auth)
    assert repr(auth) == "KlingAuth(access_key='secr…6789', source='arguments')"
    assert auth.access_key == SECRET


def test_a_check(auth):
    result = check(auth)
    assert result.access_key == "secr…6789"
    for one in (result, copy.copy(result), pickle.loads(pickle.dumps(result))):  # noqa: S301
        assert SECRET not in shown(one)
    assert SECRET.encode() not in pickle.dumps(result)


def test_an_inspection(auth):
    inspection = inspect(auth.token)
    assert SECRET not in shown(inspection)
    assert '"secr…6789"' in str(inspection)
    assert inspection.issuer == inspection.claims["iss"] == SECRET


@pytest.mark.parametrize("json_too", [[], ["--json"]], ids=["for people", "for programs"])
@pytest.mark.parametrize("command", ["check", "inspect"])
def test_the_command_line(auth, command, json_too):
    environment = {"KLING_ACCESS_KEY": SECRET, "KLING_SECRET_KEY": ACCESS, "KLING_API_BASE": CLOSED}
    arguments = [command, *json_too]
    stdin = auth.token if command == "inspect" else ""
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "kling_auth", *arguments, *(["-"] if stdin else [])],
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
    )
    assert "secr…6789" in ran.stdout
    assert SECRET not in ran.stdout + ran.stderr
    if json_too:
        json.loads(ran.stdout)
