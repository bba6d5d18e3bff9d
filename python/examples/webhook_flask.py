"""Callbacks from Kling in Flask: KLING_WEBHOOK_SECRET=whsec_… flask --app webhook_flask run"""

import json
import os

from flask import Flask, request
from kling_auth import WebhookError, verify_webhook

app = Flask(__name__)


@app.post("/kling")
def callback():
    # The raw bytes, not request.json: the signature does not match what is serialized again. Call
    # this before request.form is read, which uses up the bytes.
    body = request.get_data()
    try:
        webhook = verify_webhook(os.environ["KLING_WEBHOOK_SECRET"], request.headers, body)
    except WebhookError as error:
        return error.code, 400
    task = json.loads(body)
    print(webhook.id, task["task_status"])
    return ""
