"""The demo in Python: a token accepted, a wrong secret refused, an expired token renewed."""

import json
import os
import time
import urllib.error
import urllib.request

from kling_auth import KlingAuth, generate_kling_token

GATE = os.environ["GATE"]
ACCESS_KEY, SECRET_KEY = os.environ["KLING_ACCESS_KEY"], os.environ["KLING_SECRET_KEY"]
NOW = int(os.environ["NOW"])


def ask(token):
    """Send a request with a bearer token, and say what came back."""
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{GATE}/v1/videos/text2video", headers=headers)  # noqa: S310
    try:
        response = urllib.request.urlopen(request)  # noqa: S310
    except urllib.error.HTTPError as error:
        response = error
    with response:
        answer = json.load(response)
    return f"{response.status} code {answer['code']}, {answer['message']}"


token = generate_kling_token(now=NOW)
print(f"  token     {token}")
print(f"  accepted  {ask(token)}")

wrong = KlingAuth(ACCESS_KEY, "0000WrongSecretKeyOfThisDemo0000")
print(f"  refused   {ask(wrong.token)}  (a wrong secret key)")

readings = iter([time.time() - 3600, time.time()])
auth = KlingAuth(ACCESS_KEY, SECRET_KEY, clock=lambda: next(readings))
print(f"  expired   {ask(auth.token)}  (its token of an hour ago)")
print(f"  renewed   {ask(auth.token)}  (the same object, now)")
