#!/usr/bin/env bash
# Guess: an Authorization header given explicitly is sent; ~/.netrc serves requests without one.
# Seen: requests 2.34.2 replaces it by Basic of the netrc entry; niquests 3.21.2, its drop-in,
# keeps it; httpx2 2.16.2 keeps it and reads no netrc; aiohttp 3.14.5 with trust_env=True raises
# ValueError and sends nothing. A `default` entry, meant for another host, is enough for it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder"
python3 -m pip --python "$folder" install -q --no-compile requests==2.34.2 niquests==3.21.2 httpx2==2.16.2 aiohttp==3.14.5
echo "default login me password mine" >"$folder/netrc"
chmod 600 "$folder/netrc"
seen=$(NETRC="$folder/netrc" "$folder/bin/python" - <<'END'
import asyncio, http.server, threading, aiohttp, httpx2, niquests, requests

class Echo(http.server.BaseHTTPRequestHandler):
    log_message = lambda *_: None
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.headers["authorization"].split()[0].encode())

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Echo)
threading.Thread(target=server.serve_forever, daemon=True).start()
url, headers = f"http://127.0.0.1:{server.server_port}/", {"Authorization": "Bearer token"}

async def by_aiohttp():
    async with aiohttp.ClientSession(trust_env=True) as session:
        await session.get(url, headers=headers)

for client in (requests, niquests, httpx2):
    print(client.__name__, client.get(url, headers=headers).text)
try:
    asyncio.run(by_aiohttp())
except ValueError as error:
    print("aiohttp", error)
END
)
echo "$seen"
diff - <(echo "$seen") <<'END'
requests Basic
niquests Bearer
httpx2 Bearer
aiohttp Cannot combine AUTHORIZATION header with AUTH argument or credentials encoded in URL
END
