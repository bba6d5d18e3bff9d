"""A typed program may pass the auth to every client."""

import subprocess
import sys

PROGRAM = """
import aiohttp
import httpx
import httpx2
import requests
import urllib.request
from typing import AsyncGenerator, Generator

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

async def fetch() -> tuple[str, str]:
    return "access-key", "secret-key"

async def main() -> None:
    made: KlingAuth = await KlingAuth.afrom(fetch, buffer_sec=60, base_url=auth.base_url)
    await made.arotate()
    seen: Verdict = await made.aobserve(200, {}, b"", sent="")
    await KlingAuth.afrom(lambda: "api-key")
    async with httpx2.AsyncClient(auth=made) as other:
        await other.get("/", auth=auth)
    session = aiohttp.ClientSession(middlewares=[auth])
    session = aiohttp.ClientSession(middlewares=(auth,))
    async with session.get("/", middlewares=(auth,)) as answer:
        found: Verdict = auth.observe(answer.status, answer.headers, await answer.read())
        auth.observe(response.status_code, response.headers, response.content, token=auth.token)
        auth.observe(200, [("Date", "x")], "{}")
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


def test_types(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    command = [sys.executable, "-m", "mypy", "--strict", str(tmp_path / "program.py")]
    run = subprocess.run(command, capture_output=True, text=True)  # noqa: S603
    assert run.returncode == 0, run.stdout + run.stderr
