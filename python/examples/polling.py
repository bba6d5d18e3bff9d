"""Makes a video: submits a task, waits for it, downloads the result.

The session gets the KlingAuth, so each request has a current token, however long the task takes.
"""

import sys
import time

import requests

from kling_auth import KlingAuth, RefusedError, raise_for_kling


def make(prompt, path, *, interval=5.0):
    auth = KlingAuth()
    videos = f"{auth.base_url}/v1/videos/text2video"
    with requests.Session() as session:
        session.auth = auth
        body = {"model_name": "kling-v1", "prompt": prompt}
        task = raise_for_kling(session.post(videos, json=body, timeout=30)).json()["data"]
        while task["task_status"] in ("submitted", "processing"):
            time.sleep(interval)
            answer = session.get(f"{videos}/{task['task_id']}", timeout=30)
            task = raise_for_kling(answer).json()["data"]
        if task["task_status"] != "succeed":
            raise SystemExit(task.get("task_status_msg", "the task failed"))
        # The result is on another host. The session does not send the token there.
        with open(path, "wb") as file:
            file.write(session.get(task["task_result"]["videos"][0]["url"], timeout=60).content)


if __name__ == "__main__":
    try:
        make(*sys.argv[1:3])
    except RefusedError as error:
        raise SystemExit(f"{error.verdict.cause}: {error.verdict.remedy}") from None
