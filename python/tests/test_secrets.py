"""No error, warning, traceback, log or output of the package holds a secret."""

import logging
import warnings

import pytest
from clients import CLIENTS, Call
from conftest import vectors
from telling import told

from kling_auth import KlingAuth, KlingAuthError, KlingAuthWarning, generate_kling_token

# In two parts, so that the lines of this file in a traceback do not hold it.
CANARY = "can" + "ary"
ACCESS_KEY = "0123456789abcdef0123456789abcdef"
SECRET_KEY = f"{CANARY}0123456789{CANARY}0123456789"
API_KEY = f"api-key-kling-{CANARY}"

REFUSED = [
    {name: value for name, value in case.items() if name != "code"}
    for case in vectors("refusals.json")["credentials"]
]
MISUSED = [
    {"access_key": SECRET_KEY, "secret_key": SECRET_KEY},
    {"access_key": [SECRET_KEY], "secret_key": SECRET_KEY},
    {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY.encode()},
    {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY + "\ud800"},
    {"access_key": ACCESS_KEY, "secret_key": f"Bearer {SECRET_KEY}\n"},
    {"access_key": ACCESS_KEY, "secret_key": SECRET_KEY, "lifetime": SECRET_KEY},
    {"api_key": f"{ACCESS_KEY}:{SECRET_KEY}"},
    {"api_key": f"{ACCESS_KEY}:{SECRET_KEY} {SECRET_KEY}"},
    {"api_key": f"{SECRET_KEY}:"},
    {"api_key": API_KEY, "secret_key": SECRET_KEY},
]


CALLS = [KlingAuth, KlingAuth(ACCESS_KEY, SECRET_KEY).rotate, generate_kling_token]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.__name__)
def test_no_call_tells_a_secret(call, capfd):
    heard = 0
    for arguments in REFUSED + MISUSED:
        if call is generate_kling_token and "api_key" in arguments:
            continue
        texts = told(call, arguments)
        heard += len(texts)
        for text in texts:
            assert CANARY not in text, text
    assert heard > 50
    assert CANARY not in "".join(capfd.readouterr())


def test_this_test_would_find_one():
    def leak(secret_key):
        raise ValueError(f"bad key {secret_key}")

    assert any(CANARY in text for text in told(leak, {"secret_key": SECRET_KEY}))


def test_no_attribute_shows_one():
    for auth in (KlingAuth(ACCESS_KEY, SECRET_KEY), KlingAuth(api_key=API_KEY)):
        hidden = {"token", "headers", "refresh"}  # what it is there to hand out
        shown = [repr(getattr(auth, name)) for name in dir(auth) if name not in hidden]
        assert not any(CANARY in text for text in [repr(auth), str(auth), f"{auth}", *shown])
        with pytest.raises(TypeError):
            vars(auth)


# The clients: a bearer is as good as a secret until it ends, and an API key is one.


def failing(error):
    """A secrets manager that works once, and later tells too much."""
    answers = [API_KEY]

    def fetch():
        if answers:
            return answers.pop()
        raise error

    return fetch


def all_of(auth, send, call, is_error):
    """All that is told of a request, with warnings as such or as errors."""

    def request():
        warnings.simplefilter("error" if is_error else "always", KlingAuthWarning)
        send(auth, [call])

    return told(request, {})


@pytest.mark.parametrize("is_error", [False, True])
@pytest.mark.parametrize("client", CLIENTS)
def test_no_client_tells_a_bearer(client, is_error, gate, other, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    send, path = CLIENTS[client], "/v1/videos/text2video"
    auth = KlingAuth(credentials=failing(ValueError(API_KEY)), base_url=gate.url)
    by_hand = {"Authorization": auth.headers["Authorization"]}
    refused = all_of(auth, send, Call("GET", gate.url + path, {}), is_error)
    withheld = all_of(auth, send, Call("GET", other.url + path, {}), is_error)
    stopped = all_of(auth, send, Call("GET", other.url + path, by_hand), is_error)
    for texts, code in (
        (refused, "WARN_RELOAD_FAILED"),
        (withheld, "WARN_WITHHELD"),
        (stopped, "no"),
    ):
        assert any(code in text for text in texts)
        for text in texts:
            assert CANARY not in text, text
    shown = [repr(auth.last_verdict), str(auth.last_verdict), *map(str, caplog.records)]
    assert not any(CANARY in text for text in [*shown, *capfd.readouterr()])


def test_no_refusal_of_a_url_tells_one():
    auth = KlingAuth(api_key=API_KEY)
    for call in (
        lambda: auth.headers_for(f"https://example.com/?key={API_KEY}"),
        lambda: auth.headers_for(f"https://user:{API_KEY}@example.com/"),
        lambda: auth.headers_for(f"{API_KEY}\ud800"),
        lambda: auth.headers_for(API_KEY.encode()),
        lambda: auth._authorize("https://example.com/", f"Bearer {API_KEY}"),
        lambda: KlingAuth(api_key=API_KEY, base_url=f"https://user:{API_KEY}@example.com"),
        lambda: auth.handle_response(401, API_KEY, API_KEY.encode(), token=API_KEY.encode()),
    ):
        with pytest.raises(KlingAuthError):
            call()
        for text in told(call, {}):
            assert CANARY not in text, text
