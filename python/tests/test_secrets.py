"""No error, warning, traceback, log line or output of the package contains a secret."""

import logging
import warnings

import pytest
from clients import CLIENTS, Call
from conftest import vectors
from outputs import outputs_of

from kling_auth import KlingAuth, KlingAuthError, KlingAuthWarning, _native, generate_kling_token

# In two parts, so that this line is not found in a traceback.
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
def test_no_call_shows_a_secret(call, capfd):
    count = 0
    for arguments in REFUSED + MISUSED:
        if call is generate_kling_token and "api_key" in arguments:
            continue
        texts = outputs_of(call, arguments)
        count += len(texts)
        for text in texts:
            assert CANARY not in text, text
    assert count > 50
    assert CANARY not in "".join(capfd.readouterr())


def test_this_test_would_find_one():
    def leak(secret_key):
        raise ValueError(f"bad key {secret_key}")

    assert any(CANARY in text for text in outputs_of(leak, {"secret_key": SECRET_KEY}))


def test_no_attribute_shows_one():
    for auth in (KlingAuth(ACCESS_KEY, SECRET_KEY), KlingAuth(api_key=API_KEY)):
        hidden = {"token", "headers", "refresh"}  # their purpose is to return it
        shown = [repr(getattr(auth, name)) for name in dir(auth) if name not in hidden]
        assert not any(CANARY in text for text in [repr(auth), str(auth), f"{auth}", *shown])
        with pytest.raises(TypeError):
            vars(auth)


# The clients: a bearer is a secret until it expires, and an API key is one always.


def failing(error):
    """A secrets manager that works once, and then raises an error that contains a secret."""
    answers = [API_KEY]

    def fetch():
        if answers:
            return answers.pop()
        raise error

    return fetch


def outputs_of_request(auth, send, call, is_error):
    """All that is outputs_of of a request, with warnings as such or as errors."""

    def request():
        warnings.simplefilter("error" if is_error else "always", KlingAuthWarning)
        send(auth, [call])

    return outputs_of(request, {})


@pytest.mark.parametrize("is_error", [False, True])
@pytest.mark.parametrize("client", CLIENTS)
def test_no_client_shows_a_bearer(client, is_error, gate, other, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    send, path = CLIENTS[client], "/v1/videos/text2video"
    auth = KlingAuth(credentials=failing(ValueError(API_KEY)), base_url=gate.url)
    own_header = {"Authorization": auth.headers["Authorization"]}
    refused = outputs_of_request(auth, send, Call("GET", gate.url + path, {}), is_error)
    withheld = outputs_of_request(auth, send, Call("GET", other.url + path, {}), is_error)
    stopped = outputs_of_request(auth, send, Call("GET", other.url + path, own_header), is_error)
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


def test_no_refused_url_is_shown():
    auth = KlingAuth(api_key=API_KEY)
    for call in (
        lambda: auth.headers_for(f"https://example.com/?key={API_KEY}"),
        lambda: auth.headers_for(f"https://user:{API_KEY}@example.com/"),
        lambda: auth.headers_for(f"{API_KEY}\ud800"),
        lambda: auth.headers_for(API_KEY.encode()),
        lambda: _native.authorize(auth, "https://example.com/", f"Bearer {API_KEY}"),
        lambda: KlingAuth(api_key=API_KEY, base_url=f"https://user:{API_KEY}@example.com"),
        lambda: auth.handle_response(401, API_KEY, API_KEY.encode(), token=API_KEY.encode()),
    ):
        with pytest.raises(KlingAuthError):
            call()
        for text in outputs_of(call, {}):
            assert CANARY not in text, text
