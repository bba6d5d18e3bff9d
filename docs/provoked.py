# ruff: noqa: S101, S106, S603, S607
"""Causes each error and each warning on purpose, and returns its message, for troubleshooting.py
and messages.py.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "python"))

from kling_auth import KlingAuth, KlingAuthError, _native, inspect, verify_webhook  # noqa: E402

ACCESS, SECRET = "0123456789abcdef0123456789abcdef", "fedcba9876543210fedcba9876543210"
PAIR = {"access_key": ACCESS, "secret_key": SECRET}
API_KEY = "api-key-kling-00000000000000000000000000000000000000000000"
WEBHOOK = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_800_000_000
GOOD = {"webhook-id": "msg_1", "webhook-timestamp": str(NOW), "webhook-signature": "v1,AAAA"}
JWT = KlingAuth(ACCESS, SECRET, clock=lambda: NOW).token
HEADER, CLAIMS, SIGNATURE = JWT.split(".")

# Invalid values of a key, by the end of their error code.
FAULTS = {
    "EMPTY": "",
    "TOO_LONG": "a" * 10_000,
    "CHARACTER": "a key",
    "PLACEHOLDER": "ak_your_access_key_here",
    "VARIABLE": "${KLING_KEY}",
    "MASKED": "****************",
    "JWT": JWT,
    "KIND": API_KEY,
}

# Texts for errors that cannot be caused here.
WORDS = {
    "ERR_API_KEY_KIND": "Reserved: the kind of an API key is recognized by its form.",
    "ERR_DESTINATION": "Only in Rust's core: the buffer for a token is too small. Size it with "
    "`encoded_len`, or give `decode` and `verify` as many bytes as the token has.",
    "ERR_INTERNAL": "The command line: an internal error, or output that could not be written.",
    "ERR_KLING_AUTH": "The base of all codes. If it occurs alone, it is a bug in the package.",
    "ERR_NATIVE_BROKEN": "Node: the native build does not load on this machine, and there is no "
    "WebAssembly either: install again, on the machine that will run it.",
    "ERR_REFUSED": "Kling refused a request that `raise_for_kling` (`raiseForKling`) checked: "
    "its verdict has one of [the causes above](#what-kling-says).",
    "ERR_WASM_BROKEN": "Node: the package's WebAssembly does not load: install again.",
}


def credentials() -> dict[str, str]:
    found = {}
    for end, value in FAULTS.items():
        texts = dict(refused(partial(KlingAuth, **{**PAIR, **{field: value}})) for field in PAIR)
        texts |= dict([refused(partial(KlingAuth, api_key=value))])
        texts.pop(None, None)  # the value of KIND is a valid API key
        assert all(code.endswith(f"_KEY_{end}") for code in texts), (end, texts)
        found[", ".join(texts)] = next(iter(texts.values()))
    code, text = refused(partial(KlingAuth, ACCESS, ACCESS))
    return {**found, code: text}


def searched() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as directory, environment(HOME=directory):
        os.chdir(directory)
        store = Path(directory, ".config/kling")
        store.mkdir(parents=True)
        profile = store / ".credentials"

        def held(text: str, mode: int = 0o600, encoding: str = "utf-8") -> Callable[[], object]:
            def go() -> object:
                profile.write_text(text, encoding)
                profile.chmod(mode)
                return KlingAuth()

            return go

        def with_variables(**variables: str) -> Callable[[], object]:
            def go() -> object:
                with environment(HOME=directory, **variables):
                    return KlingAuth()

            return go

        def moved() -> None:
            with environment(HOME=directory, KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY=SECRET):
                auth = KlingAuth()
                os.environ["KLING_REGION"] = "beijing"
                auth.rotate()

        pair = f"access_key_id = {ACCESS}\nsecret_access_key = {SECRET}\n"
        found = dict(
            map(
                refused,
                [
                    KlingAuth,
                    with_variables(KLING_ACCESS_KEY=ACCESS),
                    lambda: KlingAuth(ACCESS, SECRET, api_key=API_KEY),
                    lambda: KlingAuth(ACCESS, SECRET).rotate(),
                    with_variables(KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY_FILE="secret"),
                    with_variables(
                        KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY_FILE="/nowhere/secret"
                    ),
                    held(f"[default]\n{pair}", 0o644),
                    held("#" * 2_000_000),
                    held("[default\n"),
                    held("[default]\n", encoding="utf-16"),
                    moved,
                    held(f"[other]\n{pair}"),
                ],
            )
        )
        if "ERR_FILE_NO_PROFILE" not in found:
            found |= dict([refused(with_variables(KLING_PROFILE="work"))])
        os.chdir(ROOT)
        found.pop(None, None)
        return {code: text.replace(directory, "/home/you") for code, text in found.items()}


def arguments() -> dict[str, str]:
    return dict(
        map(
            refused,
            [
                lambda: KlingAuth(ACCESS, SECRET, lifetime=3600),
                lambda: KlingAuth(ACCESS, SECRET, buffer_sec=-1),
                lambda: inspect(JWT, now=NOW * 1000),
                lambda: KlingAuth(ACCESS, SECRET, base_url="http://example.com"),
                lambda: KlingAuth(ACCESS, SECRET, region="frankfurt"),
                lambda: KlingAuth(ACCESS, SECRET).headers_for("https://cdn.example/result.mp4"),
                lambda: KlingAuth(1, SECRET),
            ],
        )
    )


def tokens() -> dict[str, str]:
    other = "eyJhbGciOiJIUzM4NCJ9"

    def callback(
        secret: str = WEBHOOK, now: int = NOW, **headers: str | None
    ) -> Callable[[], object]:
        sent = {name: value for name, value in {**GOOD, **headers}.items() if value is not None}
        return lambda: verify_webhook(secret, sent, b"{}", now=now)

    native = _native.jwt_verify_signature
    return dict(
        map(
            refused,
            [
                lambda: inspect("not-a-token"),
                lambda: inspect(f"{HEADER}.{CLAIMS}.+{SIGNATURE[1:]}"),
                lambda: inspect(f"bm8.{CLAIMS}.{SIGNATURE}"),
                lambda: inspect(f"{HEADER}.bm8.{SIGNATURE}"),
                lambda: native(f"{other}.{CLAIMS}.{SIGNATURE}".encode(), SECRET.encode()),
                lambda: native(JWT.encode(), b"another key"),
                callback(secret="whsec_!"),
                callback(**dict.fromkeys(GOOD)),
                callback(**{"webhook-id": None}),
                callback(now=NOW + 3600),
                callback(),
            ],
        )
    )


def commands() -> dict[str, str]:
    def ran(*arguments: str, given: bytes = b"", **variables: str) -> tuple[str, str]:
        done = subprocess.run(
            [sys.executable, "-m", "kling_auth", *arguments, "--json"],
            env={
                "PYTHONPATH": str(ROOT / "python"),
                "PATH": os.environ["PATH"],
                "HOME": "/",
                **variables,
            },
            input=given,
            capture_output=True,
        )
        error = json.loads(done.stderr)["error"]
        return error["code"], error["message"]

    keys = {"KLING_ACCESS_KEY": ACCESS, "KLING_SECRET_KEY": SECRET}
    terminal = _native.Cli(["token", "--json"], False, True, False)
    with environment(**keys):
        shown = json.loads(
            re.search(r'\{"error".*\}', str(terminal.start()))[0].replace("\\'", "'")
        )
    signed = ("webhook", "--id", "m", "--timestamp", "1", "--signature", "v1,AAAA")
    return dict(
        [
            ran("token", "--colour"),
            ran("token", "--secret-key", "x"),
            (shown["error"]["code"], shown["error"]["message"]),
            ran("inspect", KLING_API_KEY=API_KEY),
            ran(*signed, given=b" " * 20_000_000, KLING_WEBHOOK_SECRET=WEBHOOK),
        ]
    )


def node() -> dict[str, str]:
    script = """
      const { KlingAuth } = require('./src/index.cjs');
      const { check } = require('./src/edge/check.cjs');
      const texts = {};
      const refused = (call) => {
        try { call(); } catch ({ code, message }) { texts[code] = message; }
      };
      refused(() => check());
      globalThis.window = { document: {} };
      refused(() => new KlingAuth('a', 'b'));
      console.log(JSON.stringify(texts));
    """
    done = subprocess.run(
        ["node", "-e", script], cwd=ROOT / "node", capture_output=True, text=True, check=True
    )
    return json.loads(done.stdout)


def gateway() -> dict[str, str]:
    """What the filter for Envoy answers itself, from its sources: nothing here runs it."""
    files = (ROOT / "bindings/envoy/src" / name for name in ("outgoing.rs", "callback.rs"))
    source = "".join(file.read_text("utf-8") for file in files)

    def text(name: str) -> str:
        found = re.search(rf'^const {name}: &str = "(.*?)";$', source, re.DOTALL | re.MULTILINE)
        return re.sub(r"\\\n\s*", "", found[1])

    return {
        "ERR_ACCOUNT": f"{text('NO_ACCOUNT')}x-kling-account",
        "ERR_CLIENT_AUTHORIZATION": text("CLIENT_AUTHORIZATION"),
        "ERR_WEBHOOK_SIZE": text("TOO_LONG"),
        "ERR_CONFIGURATION": f"{text('NOT_UPSTREAM')}. Or: {text('NOT_TLS')}. Or, in Envoy's log, "
        "what to change in [the filter's configuration](gateway.md#configuration)",
    }


def warned() -> dict[str, str]:
    def failing() -> str:
        if calls:
            raise RuntimeError
        calls.append(1)
        return API_KEY

    calls: list[int] = []
    with environment(KLING_ACCESS_KEY=ACCESS, KLING_SECRET_KEY=SECRET, KLING_API_KEY=API_KEY):
        found = emitted(KlingAuth)
    with environment(KLING_ACCESS_KEY=ACCESS, KLINGAI_SECRET_KEY=SECRET):
        found |= emitted(KlingAuth)
    found |= ambiguous()
    found |= emitted(lambda: KlingAuth(f" {ACCESS} ", SECRET))
    found |= emitted(lambda: KlingAuth("access-key", SECRET))
    found |= emitted(lambda: KlingAuth(f"sk_{ACCESS}", f"ak_{SECRET}"))
    auth = KlingAuth(ACCESS, SECRET)
    found |= emitted(
        lambda: _native.should_handle_response(auth, "https://gateway.example/v1/videos", 401)
    )
    kept = KlingAuth(credentials=failing)
    unknown = b'{"code":1002,"message":"api key not found"}'
    found |= emitted(lambda: kept.handle_response(401, {}, unknown))
    found |= events()
    found["WARN_WASM"] = (
        "Node: the native build is missing, so it runs as WebAssembly; the text says what to do"
    )
    return found


def events() -> dict[str, str]:
    """Events that are only logged."""
    auth = KlingAuth(ACCESS, SECRET, clock=lambda: NOW)
    late = b'{"code":1004,"message":"Authorization has expired"}'
    found = emitted(lambda: KlingAuth(ACCESS, SECRET))
    found |= emitted(lambda: auth.token)
    found |= emitted(
        lambda: auth.handle_response(401, {"Date": "Fri, 15 Jan 2027 09:00:00 GMT"}, late)
    )
    return found | emitted(lambda: auth.rotate(SECRET, ACCESS))


def ambiguous() -> dict[str, str]:
    with tempfile.TemporaryDirectory() as directory, environment(HOME=directory):
        text = f"KLING_ACCESS_KEY={ACCESS}#work\nKLING_SECRET_KEY={SECRET}\n"
        Path(directory, ".env").write_text(text, "utf-8")
        os.chdir(directory)
        found = emitted(KlingAuth)
        os.chdir(ROOT)
    return {code: text.replace(directory, "/home/you") for code, text in found.items()}


def emitted(call: Callable[[], object]) -> dict[str, str]:
    with warnings.catch_warnings(record=True) as caught, logged() as lines:
        warnings.simplefilter("always")
        call()
    messages = [str(each.message) for each in caught] + lines
    texts = [re.fullmatch(r"(.*) \(((?:WARN|INFO|DEBUG)_\w+)\)", each, re.S) for each in messages]
    return {match[2]: match[1] for match in texts if match}


@contextlib.contextmanager
def logged() -> Iterator[list[str]]:
    """The lines that are logged in the meantime."""
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("kling_auth")
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    try:
        yield lines
    finally:
        logger.removeHandler(handler)


def refused(call: Callable[[], object]) -> tuple[str | None, str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            call()
        except KlingAuthError as error:
            return error.code, str(error)
    return None, ""


@contextlib.contextmanager
def environment(**variables: str) -> Iterator[None]:
    """An environment with these variables and no other `KLING…`."""
    before = dict(os.environ)
    for name in [name for name in before if name.startswith("KLING")]:
        del os.environ[name]
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
