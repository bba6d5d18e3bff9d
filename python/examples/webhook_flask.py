"""Callbacks of Kling's in Flask: KLING_WEBHOOK_SECRET=whsec_… flask --app webhook_flask run"""

import json
import os

from flask import Flask, request
from kling_auth import WebhookError, verify_webhook

app = Flask(__name__)


@app.post("/kling")
def callback():
    # The bytes as they arrived, not request.json: no signature fits what is written again. Once
    # request.form was read, nothing is left of them.
    body = request.get_data()
    try:
        webhook = verify_webhook(os.environ["KLING_WEBHOOK_SECRET"], request.headers, body)
    except WebhookError as error:
        return error.code, 400
    task = json.loads(body)
    print(webhook.id, task["task_status"])
    return ""
