#!/usr/bin/env bash
# Guess: niquests is a drop-in for requests, so a response hook reads `response.content`, bytes.
# Seen, niquests 3.21.2: under AsyncSession the hook gets an AsyncResponse, whose `content` is a
# coroutine; `len(response.content)` is a TypeError. Under Session it is bytes.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile niquests==3.21.2
seen=$("$folder/bin/python" - <<'END'
import asyncio, http.server, inspect, threading, niquests

class Answer(http.server.BaseHTTPRequestHandler):
    log_message = lambda *_: None
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"{}")

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Answer)
threading.Thread(target=server.serve_forever, daemon=True).start()
url = f"http://127.0.0.1:{server.server_port}/"

def hook(response, **_):
    content = response.content
    print(type(response).__name__, type(content).__name__)
    if inspect.iscoroutine(content):
        content.close()

async def in_async():
    async with niquests.AsyncSession() as session:
        await session.get(url, hooks={"response": [hook]})

niquests.get(url, hooks={"response": [hook]})
asyncio.run(in_async())
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
Response bytes
AsyncResponse coroutine
END
