#!/usr/bin/env bash
# Guess: an Authorization header given explicitly wins over `user:password@` in the URL.
# Seen: it loses in requests 2.34.2, niquests 3.21.2, httpx 0.28.1 and httpx2 2.16.2, and in
# axios 1.21.1, got 14.6.6; in got 16.1.0 it wins. Each sends Basic without a word.
# (aiohttp 3.14.5 and Node's fetch refuse such a request.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile requests==2.34.2 niquests==3.21.2 httpx==0.28.1 httpx2==2.16.2
npm install --silent --force node@26.10.0 axios@1.21.1 got@16.1.0 got14@npm:got@14.6.6
cat >clients.py <<'END'
import sys, httpx, httpx2, niquests, requests
for client in (requests, niquests, httpx, httpx2):
    print(client.__name__, client.get(sys.argv[1], headers={"Authorization": "Bearer token"}).text)
END
cat >clients.mjs <<'END'
import { createServer } from "node:http";
import { promisify } from "node:util";
import { execFile } from "node:child_process";
import axios from "axios";
import got from "got";
import got14 from "got14";
const server = createServer((request, response) => response.end(request.headers.authorization.split(" ")[0]));
await promisify(server.listen.bind(server, 0, "127.0.0.1"))();
const url = `http://user:password@127.0.0.1:${server.address().port}/`, headers = { authorization: "Bearer token" };
process.stdout.write((await promisify(execFile)("bin/python", ["clients.py", url])).stdout);
console.log("axios", (await axios.get(url, { headers })).data);
console.log("got 14", (await got14(url, { headers })).body);
console.log("got 16", (await got(url, { headers })).body);
process.exit();
END
seen=$(node_modules/node/bin/node clients.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
requests Basic
niquests Basic
httpx Basic
httpx2 Basic
axios Basic
got 14 Basic
got 16 Bearer
END
