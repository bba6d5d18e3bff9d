"""A typed program may pass the auth to every client."""

import os
import subprocess
import sys

import pytest
from conftest import ROOT

PROGRAM = """
import aiohttp
import httpx
import httpx2
import requests
import urllib.request
import httpxyz
import requests.auth
from typing import AsyncGenerator, Generator

from kling_auth import Cause, CheckCause, Action, SourceKind, acheck, check, inspect_token
from kling_auth import KlingAuth, RefusedError, Verdict, raise_for_kling, verdict

auth = KlingAuth("access-key", "secret-key", base_url="https://api.klingai.com")
response: requests.Response = raise_for_kling(requests.get(auth.base_url, auth=auth))
session = requests.Session()
session.auth = auth
prepared: requests.PreparedRequest = auth(requests.PreparedRequest())
client = httpx.Client(auth=auth)
client.get("/", auth=auth)
httpx.AsyncClient(auth=auth)
request = client.build_request("GET", "/")
flow: Generator[httpx.Request, httpx.Response, None] = auth.sync_auth_flow(request)
httpx2.get("/", auth=auth)
httpx2.Client(auth=auth).get("/", auth=auth)
httpx2.AsyncClient(auth=auth)
opener: urllib.request.OpenerDirector = auth.opener(urllib.request.ProxyHandler)

of_httpx: httpx.Auth = auth
of_httpx2: httpx2.Auth = auth
of_httpxyz: httpxyz.Auth = auth
of_requests: requests.auth.AuthBase = auth
kind: SourceKind = auth.source_kind
cause: CheckCause = check(auth, client=session).cause
said: Cause = inspect_token(auth.token).cause
table: dict[str, object] = verdict(200).to_dict()

def what_to_do(found: Verdict) -> int:
    match found.action:
        case "accept":
            return 0
        case "retry" | "backoff":
            return 1
        case "fail":
            return 2

async def fetch() -> tuple[str, str]:
    return "access-key", "secret-key"

async def main() -> None:
    made: KlingAuth = await KlingAuth.afrom(fetch, buffer_sec=60, base_url=auth.base_url)
    await made.arotate()
    seen: Verdict = await made.ahandle_response(200, {}, b"", sent="")
    await KlingAuth.afrom(lambda: "api-key")
    valid: bool = (await acheck(auth, timeout=1)).is_valid
    async with httpx2.AsyncClient(auth=made) as other:
        await other.get("/", auth=auth)
    session = aiohttp.ClientSession(middlewares=[auth])
    session = aiohttp.ClientSession(middlewares=(auth,))
    async with session.get("/", middlewares=(auth,)) as answer:
        found: Verdict = auth.handle_response(answer.status, answer.headers, await answer.read())
        status, headers = response.status_code, response.headers
        auth.handle_response(status, headers, response.content, token=auth.token)
        auth.handle_response(200, [("Date", "x")], "{}")
        raise_for_kling(answer, await answer.read()).status

class Extended(KlingAuth):
    def __init__(self, account: str) -> None:
        super().__init__(account, "secret-key")

try:
    print(verdict(200, sent="").cause, auth.last_verdict, auth.clock_offset + 1)
    print(auth.headers_for("x")["y"])
except RefusedError as error:
    print(error.verdict.remedy)
"""


WRONG = """
from kling_auth import KlingAuth, Action, verdict

auth = KlingAuth("access-key", "secret-key")
print(auth.tokn)
if verdict(200).action == "again":
    print("of no such name")
"""


def checked(program, *options, **environment):
    """Run mypy on a program."""
    command = [sys.executable, "-m", "mypy", "--strict", *options, str(program)]
    environment = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, env=environment)  # noqa: S603


def test_types(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    run = checked(tmp_path / "program.py")
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("is_alone", [False, True], ids=["with clients", "without a client"])
def test_type_errors(tmp_path, is_alone):
    """Also if no client is installed, so that no base class has the type Any."""
    (tmp_path / "program.py").write_text(WRONG)
    options = ["--no-site-packages", "--follow-imports", "silent"] if is_alone else []
    run = checked(tmp_path / "program.py", *options, MYPYPATH=str(ROOT / "python"))
    lines = run.stdout.splitlines()
    errors = [line.partition("error: ")[2] for line in lines if "program.py" in line]
    assert errors[0] == '"KlingAuth" has no attribute "tokn"  [attr-defined]', run.stdout
    assert "Non-overlapping equality check" in errors[1] and len(errors) == 2, run.stdout
