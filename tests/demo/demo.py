"""The demo in Python: a token accepted, a wrong secret refused and why, an expired token renewed, a
slow clock corrected.
"""

import json
import os
import time
import urllib.error
import urllib.request

from kling_auth import KlingAuth, generate_kling_token

GATE = os.environ["GATE"]
URL = f"{GATE}/v1/videos/text2video"
ACCESS_KEY, SECRET_KEY = os.environ["KLING_ACCESS_KEY"], os.environ["KLING_SECRET_KEY"]
NOW = int(os.environ["NOW"])


def ask(request, send=urllib.request.urlopen):
    """Send a request, and print the response."""
    try:
        response = send(request)
    except urllib.error.HTTPError as error:
        response = error
    with response:
        answer = json.load(response)
    return f"{response.status} code {answer['code']}, {answer['message']}"


def with_bearer(token):
    """Return a request with an explicit bearer token."""
    return urllib.request.Request(URL, headers={"Authorization": f"Bearer {token}"})  # noqa: S310


token = generate_kling_token(now=NOW)
print(f"  token     {token}")
print(f"  accepted  {ask(with_bearer(token))}")

wrong = KlingAuth(ACCESS_KEY, "0000WrongSecretKeyOfThisDemo0000", base_url=GATE)
print(f"  refused   {ask(URL, wrong.opener().open)}  (a wrong secret key)")
print(f"  because   {wrong.last_verdict.remedy}")

readings = iter([time.time() - 3600, time.time()])
auth = KlingAuth(ACCESS_KEY, SECRET_KEY, clock=lambda: next(readings))
print(f"  expired   {ask(with_bearer(auth.token))}  (its token of an hour ago)")
print(f"  renewed   {ask(with_bearer(auth.token))}  (the same object, now)")

auth = KlingAuth(ACCESS_KEY, SECRET_KEY, base_url=GATE, clock=lambda: time.time() - 3600)
print(
    f"  corrected {ask(URL, auth.opener().open)}  (a clock an hour slow: one refusal set it right)"
)
