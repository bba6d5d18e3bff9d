"""Any arguments to a public function: the result, or a documented exception.

That is a `KlingAuthError`, a `TypeError` or a `ValueError`; an exception of the caller's own object
is raised unchanged. There is never a panic, and no text contains the secret. The drop-in may also
raise what PyJWT raises for the same arguments.
"""

import contextlib
import types
import warnings

import jwt as pyjwt
import pytest
from conftest import TALLIES
from hypothesis import given
from hypothesis import strategies as st
from jwt_strategies import any_text, any_values, examples
from outputs import texts_of

import kling_auth
from kling_auth import KlingAuth, KlingAuthError, jwt

# In two parts, so that this line is not found in a traceback.
CANARY = "can" + "ary"
ACCESS_KEY = "0123456789abcdef0123456789abcdef"
SECRET_KEY = f"{CANARY}0123456789{CANARY}0123456789"
NOBODY = "http://127.0.0.1:9"


class CallersError(Exception):
    """An exception of the caller's own object."""


class Hostile:
    """Looks like a number, a mapping, a buffer and a callable, but is not."""

    def fail(self, *_, **__):
        raise CallersError

    __call__ = __float__ = __index__ = __int__ = __iter__ = __len__ = __next__ = __bytes__ = fail
    __getitem__ = __contains__ = __bool__ = __eq__ = __hash__ = fail
    items = keys = get = read = __buffer__ = fail


class LongerThanItSays:
    """Has more members than its length says."""

    def __len__(self):
        return 2

    def __getitem__(self, index):
        return "x" * [0, 1, 2, 3][index]


def mostly(right, odd):
    """Draw a valid value seven times out of eight, so that few of many arguments are invalid."""
    return st.integers(0, 7).flatmap(lambda number: right if number else odd)


invalid_values = st.one_of(
    any_values,
    any_text,
    st.binary(max_size=12),
    st.binary(max_size=12).map(bytearray),
    st.binary(max_size=12).map(memoryview),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.builds(Hostile),
    st.builds(LongerThanItSays),
    st.sampled_from(
        [CallersError, CallersError(), Ellipsis, type, len, range(3), iter(()), 2**16, 2**64, -1]
    ),
)
# The secret as it is, changed, or not as text.
odd_secrets = st.one_of(
    any_text.map(lambda text: SECRET_KEY + text),
    any_text.map(lambda text: text + SECRET_KEY),
    st.sampled_from(["\n", " ", '"', "•", "\ud800", ":", "\0"]).map(lambda c: SECRET_KEY + c),
    st.just(SECRET_KEY.encode()),
    st.just([SECRET_KEY]),
    st.just({"key": SECRET_KEY}),
)
secrets = st.booleans().flatmap(lambda is_whole: st.just(SECRET_KEY) if is_whole else odd_secrets)
values = st.one_of(invalid_values, odd_secrets)
# Public values: never the secret, since an access key is shown.
keys = mostly(st.just(ACCESS_KEY), st.one_of(any_text, invalid_values))
numbers = mostly(st.integers(1, 1800), st.one_of(st.floats(), values))
headers = st.one_of(
    st.dictionaries(any_text, values, max_size=3),
    st.lists(st.tuples(any_text | st.binary(max_size=8), values), max_size=3),
    st.lists(values, max_size=3),
    st.just({"Date": "Fri, 15 Jan 2027 09:00:00 GMT"}),
    st.fixed_dictionaries(
        {"webhook-id": values, "webhook-timestamp": values, "webhook-signature": values}
    ),
    values,
)
bodies = st.one_of(
    st.sampled_from([b'{"code":1004}', '{"code":1002,"message":"\ud800"}', b"[" * 5000]),
    values,
)


def functions(returned):
    """Functions that return these or other values, and other objects."""
    return mostly(mostly(returned, values).map(lambda value: lambda: value), values)


options = st.fixed_dictionaries(
    {},
    optional={
        "buffer_sec": numbers,
        "lifetime": numbers,
        "base_url": mostly(st.just(NOBODY), st.one_of(any_text.map("https://{}".format), values)),
        "clock": functions(numbers),
    },
)
constructions = st.one_of(
    st.tuples(keys, secrets, options).map(
        lambda drawn: {"access_key": drawn[0], "secret_key": drawn[1], **drawn[2]}
    ),
    st.tuples(secrets, options).map(lambda drawn: {"api_key": drawn[0], **drawn[1]}),
    st.tuples(functions(st.tuples(keys, secrets)), options).map(
        lambda drawn: {"credentials": drawn[0], **drawn[1]}
    ),
)


@pytest.fixture(autouse=True, scope="module")
def nowhere(tmp_path_factory):
    """Hide the credentials of this machine, and show all warnings."""
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.chdir(tmp_path_factory.mktemp("nowhere"))
        patch.setenv("HOME", str(tmp_path_factory.mktemp("home")))
        yield


def tried(call, *arguments, **named):
    """Return the result of a call, or an allowed exception."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            outcome = call(*arguments, **named)
            texts = [] if isinstance(outcome, str) else [repr(outcome), str(outcome)]
        except Exception as error:
            outcome = error
            assert isinstance(error, (KlingAuthError, TypeError, ValueError, CallersError)), repr(
                error
            )
            if isinstance(error, KlingAuthError):
                assert error.code.startswith("ERR_")
            texts = list(texts_of(error))
    for text in (*texts, *(str(warning.message) for warning in caught)):
        assert CANARY not in text, text
    TALLIES["fuzz"][call.__name__] += 1
    return outcome


def read(auth):
    """Read all tokens of a manager, and return none."""
    assert auth.headers["Authorization"] == f"Bearer {auth.token}"
    assert auth.expires_at is None or auth.expires_at > 0


def headers_for(url):
    """Create headers, and do not return them."""
    assert KlingAuth(ACCESS_KEY, SECRET_KEY).headers_for(url)


def fuzz(number, **strategies):
    """Run a property with this many inputs."""
    return lambda test: examples(number)(given(**strategies)(test))


@fuzz(200, arguments=constructions)
def test_construction_and_methods(arguments):
    auth = tried(KlingAuth, **arguments)
    if isinstance(auth, KlingAuth):
        tried(auth.refresh)
        tried(read, auth)
        assert CANARY not in auth.source + str(auth.access_key if "api_key" in arguments else "")


@fuzz(150, access_key=keys, secret_key=secrets, lifetime=numbers, now=numbers)
def test_generate_kling_token(access_key, secret_key, lifetime, now):
    tried(kling_auth.generate_kling_token, access_key, secret_key, lifetime=lifetime)
    tried(kling_auth.generate_kling_token, access_key, secret_key, now=now)


@fuzz(150, access_key=keys, secret_key=secrets, api_key=st.one_of(st.none(), secrets))
def test_rotate(access_key, secret_key, api_key):
    auth = KlingAuth(ACCESS_KEY, SECRET_KEY)
    if isinstance(tried(auth.rotate, access_key, secret_key, api_key=api_key), Exception):
        assert auth.access_key == ACCESS_KEY  # unchanged


@fuzz(200, status=st.one_of(st.just(401), numbers), headers=headers, body=bodies, token=keys)
def test_handle_response_and_verdict(status, headers, body, token):
    auth = KlingAuth(ACCESS_KEY, SECRET_KEY)
    tried(auth.handle_response, status, headers, token=token)
    tried(auth.handle_response, 401, headers, body)
    found = tried(kling_auth.verdict, status)
    assert isinstance(found, (kling_auth.Verdict, Exception))
    # A verdict shows Kling's message, which may contain anything.
    if not isinstance(body, (str, bytes)):
        tried(kling_auth.verdict, 401, body)
    assert auth.token


@fuzz(150, url=st.one_of(any_text.map("https://api.klingai.com{}".format), values))
def test_headers_for(url):
    tried(headers_for, url)


TOKEN = kling_auth.generate_kling_token(ACCESS_KEY, SECRET_KEY, now=1_800_000_000)


@fuzz(200, token=st.one_of(any_text, st.just(TOKEN), values), secret_key=secrets, now=numbers)
def test_inspect(token, secret_key, now):
    tried(kling_auth.inspect, token, secret_key)
    tried(kling_auth.inspect, TOKEN, secret_key, now=now)


@fuzz(200, secret=st.one_of(st.lists(secrets, max_size=3), secrets), headers=headers, body=bodies)
def test_verify_webhook(secret, headers, body):
    tried(kling_auth.verify_webhook, secret, headers, body)
    published = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    tried(kling_auth.verify_webhook, published, headers, body, now=1614265335)


responses = st.builds(
    types.SimpleNamespace, status_code=st.one_of(numbers), content=bodies
) | st.builds(types.SimpleNamespace, status=numbers, _body=bodies, content=values)


@fuzz(200, response=st.one_of(responses, invalid_values))
def test_raise_for_kling(response):
    # The exception shows the response, which contains no secret of ours.
    with contextlib.suppress(KlingAuthError, TypeError, ValueError, CallersError):
        kling_auth.raise_for_kling(response)
    TALLIES["fuzz"]["raise_for_kling"] += 1


@fuzz(100, timeout=st.one_of(st.floats(), st.sampled_from([1e9, 1e12, 1e18]), invalid_values))
def test_check(timeout):
    auth = KlingAuth(ACCESS_KEY, SECRET_KEY, base_url=NOBODY)
    found = tried(kling_auth.check, auth, timeout=timeout)
    assert isinstance(found, Exception) or found.cause in ("connection", "timeout")


@fuzz(100, auth=invalid_values, regions=invalid_values)
def test_check_of_any_object(auth, regions):
    tried(kling_auth.check, auth)
    tried(kling_auth.check, KlingAuth(ACCESS_KEY, SECRET_KEY, base_url=NOBODY), regions=regions)


# The drop-in


def tried_as_pyjwt(name, *arguments, **named):
    """Do what `tried` does; PyJWT's exceptions are documented too."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            outcome = getattr(jwt, name)(*arguments, **named)
        except (KlingAuthError, TypeError, ValueError, CallersError) as error:
            outcome = error
        except Exception as error:
            outcome = error
            with pytest.raises(type(error)):
                getattr(pyjwt, name)(*arguments, **named)
    if isinstance(outcome, Exception):
        # As in PyJWT, the key is an argument of Python functions, so it is a local variable.
        for text in texts_of(outcome, with_locals=False):
            assert CANARY not in text, text
    TALLIES["fuzz"][f"jwt.{name}"] += 1


algorithms = st.one_of(st.just(["HS256"]), st.lists(any_text, max_size=2), invalid_values)
decoding = st.fixed_dictionaries(
    {},
    optional={
        "options": st.one_of(st.just({"verify_signature": False}), invalid_values),
        "audience": invalid_values,
        "issuer": invalid_values,
        "subject": invalid_values,
        "leeway": invalid_values,
        "detached_payload": invalid_values,
    },
)


@fuzz(200, payload=any_values, key=secrets, algorithm=st.one_of(st.just("HS256"), invalid_values))
def test_jwt_encode(payload, key, algorithm):
    tried_as_pyjwt("encode", payload, key)
    tried_as_pyjwt("encode", {}, key, algorithm)


@fuzz(200, token=st.one_of(st.just(TOKEN), any_text, invalid_values), key=secrets, named=decoding)
def test_jwt_decode(token, key, named):
    tried_as_pyjwt("decode", token, key, ["HS256"], **named)
    tried_as_pyjwt("decode_complete", TOKEN, key, ["HS256"], **named)
    tried_as_pyjwt("get_unverified_header", token)


@fuzz(150, key=secrets, algorithms=algorithms)
def test_jwt_algorithms(key, algorithms):
    tried_as_pyjwt("decode", TOKEN, key, algorithms)


def test_this_test_would_find_a_panic_and_a_secret():
    class Panic(BaseException):
        pass

    def panics():
        raise Panic

    def leaks():
        raise ValueError(SECRET_KEY)

    def breaks():
        raise RuntimeError

    with pytest.raises(Panic):
        tried(panics)
    for broken in (leaks, breaks):
        with pytest.raises(AssertionError):
            tried(broken)
