"""What `make newest` tests: lists that are maintained manually."""

from typing import NamedTuple


class Tested(NamedTuple):
    """A package, and the tests to run with it."""

    name: str
    tests: "list[str]"
    only: str = ""
    """A filter on the names of the tests: pytest's `-k`, or a pattern of Node's."""


# Python: every test of these files with the client in its name.
_CLIENTS = [
    *("test_scenarios.py", "test_redirects.py", "test_asynchronous.py", "test_raise_for_kling.py"),
    *("test_sent_header.py", "test_adapters_edges.py", "test_peek.py", "test_types.py"),
    *("test_requests.py", "test_httpx.py", "test_aiohttp.py"),
]
PYTHON = [
    Tested("requests", _CLIENTS, "requests"),
    Tested("httpx", _CLIENTS, "httpx and not httpx2 and not httpxyz"),
    Tested("httpx2", _CLIENTS, "httpx2"),
    Tested("httpxyz", _CLIENTS, "httpxyz"),
    Tested("aiohttp", _CLIENTS, "aiohttp"),
    Tested("trio", ["test_asynchronous.py"], "trio"),
    Tested("gunicorn", ["test_storms_fork.py"], "gunicorn"),
    Tested("fastapi", ["test_webhook_examples.py"]),
    Tested("starlette", ["test_webhook_examples.py"]),
    Tested("flask", ["test_webhook_examples.py"]),
    Tested("standardwebhooks", ["test_webhook.py", "test_webhook_examples.py"]),
    Tested("freezegun", ["test_moved_time.py"]),
    Tested("time-machine", ["test_moved_time.py"]),
    Tested(
        "PyJWT",
        [
            *("test_jwt_surface.py", "test_jwt_encode.py", "test_jwt_decode.py"),
            *("test_jwt_messages.py", "test_jwt_usual.py", "test_token.py", "test_examples.py"),
        ],
    ),
]

# In an environment of its own, as in `test_niquests.py`.
NIQUESTS = Tested(
    "niquests",
    ["test_scenarios.py", "test_asynchronous.py", "test_redirects.py", "of_niquests.py"],
)

# Their own tests, with our package instead of PyJWT: tests/dependents.
DEPENDENTS = ["PyJWT", "flask-jwt-extended", "djangorestframework-simplejwt"]

# Python blocks on these pages of docs/pages.
DOCUMENTED = [
    Tested("curl_cffi", ["migration.md", "python.md"]),
    Tested("pyreqwest", ["migration.md", "python.md"]),
    Tested("wreq", ["migration.md", "python.md"]),
    Tested("zapros", ["migration.md", "python.md"]),
    Tested("Django", ["callbacks.md", "frameworks.md"]),
]

# Node: by the name in node/package.json. If there are several majors of a package, the highest is
# updated to the newest release, and the others within their major.
# Each of these files needs a test with the client in its name: Node 26 hangs in a file without one.
_SHARED = [
    *("scenarios.test.mjs", "redirects.test.mjs", "reload.test.mjs", "adapters.test.mjs"),
]
_RAISE, _SENT, _UNDICI = "raise.test.mjs", "sent.test.mjs", "adapters.undici.test.mjs"
_GOT_AND_KY = [*_SHARED, _SENT, "adapters.got.ky.test.mjs"]
NODE = [
    Tested("axios", [*_SHARED, _RAISE, _SENT, "adapters.axios.test.mjs"], "axios"),
    Tested("undici6", [*_SHARED, _RAISE, _UNDICI], "undici 6"),
    Tested("undici", [*_SHARED, _RAISE, _SENT, _UNDICI], "undici(?! [68])"),
    Tested("undici8", [*_SHARED, _UNDICI], "undici 8"),
    Tested("got", [*_GOT_AND_KY, _RAISE], r"\bgot(?! 16)"),
    Tested("got16", _GOT_AND_KY, "got 16"),
    Tested("ky", [*_GOT_AND_KY, _RAISE], r"\bky(?! 2)"),
    Tested("ky2", _GOT_AND_KY, "ky 2"),
    Tested("express", ["webhook.examples.test.mjs"]),
    Tested("standardwebhooks", ["webhook.test.mjs", "webhook.examples.test.mjs"]),
    Tested("@sinonjs/fake-timers", ["moved-time.test.mjs"]),
    Tested("jose", ["jose.test.mjs"]),
    Tested("ms", ["jwt.timespan.test.mjs"]),
    Tested(
        "jsonwebtoken",
        [
            *("jwt.sign.test.mjs", "jwt.verify.test.mjs", "jwt.decode.test.mjs"),
            *("jwt.errors.test.mjs", "jwt.deviations.test.mjs", "token.test.mjs"),
        ],
    ),
]

# Known failures, by the start of name and version, with the reason. It is an error if one of them
# passes.
FAILS = {
    "httpx 1.0.dev": "another library under the same name: no `Auth`, no `AsyncClient`",
    "ms 4.0.0-nightly": "no default export; jsonwebtoken asks for ms 2",
}

# Why a pin is not updated to the newest release.
STAYS = {
    "pyo3": "0.30 no longer serves CPython 3.8",
    "@types/node": "what we use must be there in Node 20",
    "spin": "a second one: lol_alloc asks for 0.9",
}

# In addition to the crates of the manifests.
CRATES = ["reqwest"]

# Which HTTP client a framework requires, itself or with an extra.
FRAMEWORKS = {
    "openai": {"httpx2", "aiohttp (aiohttp)", "urllib3 (bedrock)"},
    "anthropic": {"httpx2", "aiohttp (aiohttp)"},
    "mcp": {"httpx2"},
    "starlette": {"httpx (full)", "httpx2 (full)"},
}

# Packages that are forks or replacements of another, by the name of the other.
KIN = {
    "pypi": {
        "httpx": ["httpx2", "httpxyz"],
        "requests": ["niquests"],
        "PyJWT": ["joserfc", "oxyjwt", "pyjwt-rs"],
    },
    "npm": {
        "jsonwebtoken": ["@node-rs/jsonwebtoken", "fast-jwt", "jose"],
    },
}
