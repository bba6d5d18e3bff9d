#!/usr/bin/env bash
# Guess: openai 3 depends on httpx2 and not on httpx, so http_client=httpx.Client() is refused.
# Seen, openai 3.57.0 with httpx 0.28.1 installed beside: it is taken and used, auth and all; code
# written for openai 2 runs on a mix of both libraries, and only its `except` clauses change kind.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile openai==3.57.0 httpx==0.28.1 httpx2==2.16.2
seen=$("$folder/bin/python" - <<'END'
import importlib.metadata, re, httpx, openai

needs = {re.split(r"[^\w-]", line)[0] for line in importlib.metadata.requires("openai")}
print("needs", sorted(needs & {"httpx", "httpx2"}))

class Bearer(httpx.Auth):
    def auth_flow(self, request):
        request.headers["Authorization"] = "Bearer fresh"
        yield request

def answer(request):
    print("sent", request.headers["authorization"])
    return httpx.Response(200, json={"id": "1", "object": "chat.completion", "choices": []})

def unreachable(request):
    raise httpx.ConnectError("no route")

for handler in (answer, unreachable):
    client = httpx.Client(auth=Bearer(), transport=httpx.MockTransport(handler))
    api = openai.OpenAI(api_key="key", base_url="http://localhost/", http_client=client, max_retries=0)
    try:
        print(type(api.chat.completions.create(model="m", messages=[])).__name__)
    except Exception as error:
        print(type(error).__name__, "of", type(error.__cause__).__module__)
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
needs ['httpx2']
sent Bearer fresh
ChatCompletion
APIConnectionError of httpx
END
