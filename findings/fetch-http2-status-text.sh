#!/usr/bin/env bash
# Guess: `fetch` of a newer Node sends the same HTTP/1.1 request and gives the same response.
# Seen: Node 26.10.0 (undici 8 inside) speaks HTTP/2 wherever the server does: header names arrive in
# small letters, and `response.statusText` is empty, where Node 22.23.3 gave "Unauthorized".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 node22@npm:node@22.23.3
openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost \
  -addext subjectAltName=DNS:localhost 2>openssl.log
cat >fetch.mjs <<'END'
import { createSecureServer } from "node:http2";
import { readFileSync } from "node:fs";
const options = { key: readFileSync("key.pem"), cert: readFileSync("cert.pem"), allowHTTP1: true };
const server = createSecureServer(options, (request, response) => {
  const name = request.rawHeaders.find((text) => text.toLowerCase() === "authorization");
  response.setHeader("x-seen", `HTTP/${request.httpVersion} ${name}`);
  response.statusCode = 401;
  response.end();
}).listen(0, async () => {
  const url = `https://localhost:${server.address().port}/`;
  const response = await fetch(url, { headers: { Authorization: "Bearer token" } });
  const node = process.version.split(".")[0];
  console.log(node, response.headers.get("x-seen"), response.status, JSON.stringify(response.statusText));
  process.exit();
});
END
export NODE_EXTRA_CA_CERTS=cert.pem
seen=$(node_modules/node22/bin/node fetch.mjs && node_modules/node/bin/node fetch.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
v22 HTTP/1.1 Authorization 401 "Unauthorized"
v26 HTTP/2.0 authorization 401 ""
END
