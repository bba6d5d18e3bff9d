"""Callbacks from Kling in FastAPI: KLING_WEBHOOK_SECRET=whsec_… fastapi run webhook_fastapi.py"""

import json
import os

from fastapi import FastAPI, HTTPException, Request, Response
from kling_auth import WebhookError, verify_webhook

app = FastAPI()


@app.post("/kling")
async def callback(request: Request):
    # The raw bytes. A model or a dict as parameter, and request.json(), parse the body, and the
    # signature does not match what is serialized again.
    body = await request.body()
    try:
        webhook = verify_webhook(os.environ["KLING_WEBHOOK_SECRET"], request.headers, body)
    except WebhookError as error:
        raise HTTPException(400, error.code) from error
    task = json.loads(body)
    print(webhook.id, task["task_status"])
    return Response()
