"""A program that uses every public name: strict type checkers have to accept it.

mypy and pyright check it with an installed wheel (``judge.sh``); it never runs. Each variable has
the documented type; if a checker finds another type or ``Any``, the package has a bug.
"""
# pyright: strict

from __future__ import annotations

import time
import urllib.request
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import aiohttp
import httpx
import httpx2
import kling_auth
import requests
from kling_auth import (
    ArgumentError,
    ArgumentTypeError,
    Cause,
    CheckCause,
    CheckResult,
    CredentialError,
    Inspection,
    KlingAuth,
    KlingAuthError,
    KlingAuthWarning,
    Action,
    OriginError,
    RefusedError,
    SourceKind,
    TokenError,
    Verdict,
    Webhook,
    WebhookError,
    acheck,
    check,
    generate_kling_token,
    inspect,
    inspect_token,
    jwt,
    raise_for_kling,
    verdict,
    verify_webhook,
)
from kling_auth.jwt.types import Options
from requests.auth import AuthBase

version: str = kling_auth.__version__


def from_the_vault() -> tuple[str, str]:
    return "access-key", "secret-key"


def managers() -> list[KlingAuth]:
    return [
        KlingAuth(),
        KlingAuth("access-key", "secret-key", 60),
        KlingAuth(api_key="api-key", base_url="https://api.klingai.com"),
        KlingAuth(credentials=from_the_vault, buffer_sec=None, lifetime=900.5, clock=time.time),
        KlingAuth(credentials=lambda: "api-key", lifetime=None),
    ]


class Account(KlingAuth):
    """A subclass may have its own parameters."""

    def __init__(self, account: str, *, retries: int = 3) -> None:
        super().__init__(f"access-key-of-{account}", "secret-key")
        self.retries = retries


account: Account = Account("one", retries=2)
auth: KlingAuth = account


def attributes_of_a_manager() -> None:
    token: str = auth.token
    header: str = auth.headers["Authorization"]
    headers: dict[str, str] = auth.headers_for("https://api.klingai.com/v1/videos")
    ends: int | None = auth.expires_at
    key: str | None = auth.access_key
    places: tuple[str, str, int] = (auth.source, auth.base_url, auth.clock_offset)
    last: Verdict | None = auth.last_verdict
    kind: SourceKind = auth.source_kind
    renewed: str = auth.refresh()
    auth.rotate("access-key", "secret-key")
    auth.rotate(api_key="api-key")
    print(token, header, headers, ends, key, places, last, renewed, kind)


def tokens() -> None:
    token: str = generate_kling_token("access-key", "secret-key", lifetime=60, now=1_800_000_000)
    found: Inspection = inspect(token, "secret-key", now=time.time())
    claims: dict[str, Any] = found.claims
    header: dict[str, Any] = found.header
    signed: bool | None = found.is_signature_valid
    times: tuple[int | None, int | None, int] = (found.not_before, found.expires_at, found.now)
    texts: tuple[Cause, str, str | None] = (found.cause, found.reason, found.issuer)
    same: Inspection = inspect_token(token)
    print(claims, header, signed, times, texts, same.to_dict())


def judged(body: bytes) -> Verdict:
    found: Verdict = verdict(401, body)
    texts: tuple[str, str, str, str] = (found.cause, found.action, found.message, found.remedy)
    numbers: tuple[int, int | None] = (found.status, found.code)
    request: str | None = found.request_id
    accepted: bool = found.is_accepted and bool(found)
    table: dict[str, Any] = found.to_dict()
    print(accepted, table, what_to_do(found.action))
    print(texts, numbers, request, found == verdict(200), verdict(200, "{}", sent=""))
    return auth.handle_response(401, {"Date": "Thu, 01 Jan 2026 00:00:00 GMT"}, body, token=auth.token)


def what_to_do(following: Action) -> int:
    """An exhaustive match: a checker reports a missing case."""
    match following:
        case "accept":
            return 0
        case "retry" | "backoff":
            return 1
        case "fail":
            return 2


def checked() -> bool:
    result: CheckResult = check(auth, timeout=2.5, regions=True)
    texts: tuple[str, str, str, str] = (
        result.cause,
        result.remedy,
        result.base_url,
        result.source,
    )
    numbers: tuple[int, int] = (result.clock_offset, result.requests)
    details: tuple[str | None, str | None, Verdict | None] = (
        result.region,
        result.access_key,
        result.verdict,
    )
    found: CheckCause = check(auth, client=requests.Session()).cause
    print(texts, numbers, details, found, result.source_kind, result.to_dict())
    return bool(result) and result.is_valid


def called_back(headers: dict[str, str], body: bytes) -> None:
    webhook: Webhook = verify_webhook("whsec_secret", headers, body)
    either: Webhook = verify_webhook(["whsec_old", "whsec_new"], headers.items(), "{}", now=1)
    name: str = webhook.id
    at: int = either.timestamp
    print(name, at, webhook == either)


def drop_in(key: str) -> None:
    token: str = jwt.encode({"iss": "access-key"}, key, algorithm="HS256", headers={"kid": "1"})
    options: Options = {"verify_exp": False, "require": ["iss"]}
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["HS256"], options=options, leeway=timedelta(seconds=5)
    )
    complete: dict[str, Any] = jwt.decode_complete(token.encode(), key, ["HS256"], audience="me")
    header: dict[str, Any] = jwt.get_unverified_header(token)
    try:
        jwt.PyJWT({"verify_aud": False}).decode(token, key, ["HS256"], issuer=("one", "two"))
    except (jwt.ExpiredSignatureError, jwt.InvalidAudienceError) as error:
        code: str = error.code
        print(code)
    except jwt.MissingRequiredClaimError as error:
        claim: str = error.claim
        print(claim)
    except jwt.PyJWTError as error:
        base: KlingAuthError = error
        print(base)
    print(claims, complete, header, jwt.InsecureKeyLengthWarning)


def clients() -> None:
    session = requests.Session()
    session.auth = auth
    bases: tuple[httpx.Auth, httpx2.Auth, AuthBase] = (auth, auth, auth)
    answer: requests.Response = raise_for_kling(requests.get(auth.base_url, auth=auth))
    prepared: requests.PreparedRequest = auth(requests.PreparedRequest())
    client = httpx.Client(auth=auth)
    httpx.AsyncClient(auth=auth)
    request = client.build_request("GET", "/")
    flow: Generator[httpx.Request, httpx.Response, None] = auth.sync_auth_flow(request)
    httpx2.get("/", auth=auth)
    httpx2.stream("GET", "/", auth=auth)
    fork = httpx2.Client(auth=auth)
    fork.get("/", auth=auth)
    httpx2.AsyncClient(auth=auth)
    forked: Generator[httpx2.Request, httpx2.Response, None] = auth.sync_auth_flow(
        fork.build_request("GET", "/")
    )
    opener: urllib.request.OpenerDirector = auth.opener(urllib.request.ProxyHandler)
    auth.handle_response(answer.status_code, answer.headers, answer.content)
    print(prepared, flow, forked, opener, bases)


async def from_another_vault() -> tuple[str, str]:
    return "access-key", "secret-key"


async def one_key() -> str:
    return "api-key"


async def awaited() -> Verdict:
    made: KlingAuth = await KlingAuth.afrom(from_another_vault, buffer_sec=60, lifetime=600)
    await KlingAuth.afrom(one_key, clock=time.time, base_url="https://api.klingai.com")
    await KlingAuth.afrom(lambda: ("access-key", "secret-key"))
    own: Account = await Account.afrom(from_another_vault)
    await own.arotate()
    async with httpx2.AsyncClient(auth=made) as client:
        found: CheckResult = await acheck(made, client=client)
        print(found, await acheck(made, timeout=1))
        answer = await client.get("/", auth=auth)
    return await made.ahandle_response(answer.status_code, answer.headers, answer.content, sent="")


async def asynchronous() -> int:
    session = aiohttp.ClientSession(middlewares=[auth])
    async with session.get("/", middlewares=(auth,)) as answer:
        auth.handle_response(answer.status, answer.headers, await answer.read())
        return raise_for_kling(answer, await answer.read()).status


def refused() -> str:
    try:
        clients()
    except RefusedError as error:
        found: Verdict = error.verdict
        return found.remedy
    except (CredentialError, ArgumentError, OriginError) as error:
        value: ValueError = error
        return str(value)
    except ArgumentTypeError as error:
        kind: TypeError = error
        return str(kind)
    except (TokenError, WebhookError) as error:
        base: KlingAuthError = error
        return base.code
    warning: type[UserWarning] = KlingAuthWarning
    return warning.__name__
