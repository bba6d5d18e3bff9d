"""The guide's examples, run from an installed wheel: ``guide.py EXAMPLES GATE PROGRAM…``.

PROGRAM is the command ``kling-auth``, possibly with a loader in front.

It only needs the standard library: ``requests``, which the guide's check imports, is replaced by a
module with one function, based on urllib.
"""

import json
import os
import runpy
import subprocess
import sys
import types
import urllib.error
import urllib.request
from pathlib import Path

EXAMPLES, GATE, PROGRAM = Path(sys.argv[1]), sys.argv[2], sys.argv[3:]
PATH = "/v1/videos/text2video"


def get(url, headers):
    """Return status and Kling's code. The guide's URL is replaced by the gate's."""
    url = url.replace("https://api.klingai.com", GATE)
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, headers=headers))  # noqa: S310
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return answer.status, json.load(answer)["code"]


def accepted(headers):
    assert get(GATE + PATH, headers) == (200, 0)


def requests_over_urllib(statuses):
    module = types.ModuleType("requests")

    def answer(url, headers):
        status, _ = get(url, headers)
        statuses.append(status)
        return types.SimpleNamespace(status_code=status)

    module.get = answer
    return module


def main():
    import kling_auth

    # The checkout is near, so check that the installed package is used.
    assert Path(sys.prefix) in Path(kling_auth.__file__).parents, kling_auth.__file__
    token = runpy.run_path(str(EXAMPLES / "guide_token.py"))["token"]
    accepted({"Authorization": f"Bearer {token}"})
    keys = os.environ["KLING_ACCESS_KEY"], os.environ["KLING_SECRET_KEY"]
    accepted(runpy.run_path(str(EXAMPLES / "guide_manager.py"))["KlingAuth"](*keys).headers)
    accepted(kling_auth.KlingAuth().headers)
    statuses = []
    sys.modules["requests"] = requests_over_urllib(statuses)
    runpy.run_path(str(EXAMPLES / "guide_check.py"))
    os.environ["KLING_SECRET_KEY"] = keys[1][::-1]
    runpy.run_path(str(EXAMPLES / "guide_check.py"))
    assert statuses == [200, 401], statuses
    os.environ["KLING_SECRET_KEY"] = keys[1]
    done = subprocess.run([*PROGRAM, "check"], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.startswith("valid       yes"), done.stdout


main()
