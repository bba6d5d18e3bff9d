#!/usr/bin/env bash
# Guess: sending the config of a failed request again, with a stream as its body, is an error, since
# the stream was read.
# Seen, axios 1.21.1: it sends the request with an empty body (content-length 0), and says nothing.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 axios@1.21.1
cat >replay.mjs <<'END'
import { createServer } from "node:http";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import axios from "axios";
let requests = 0;
const server = createServer(async (request, response) => {
  console.log("body", JSON.stringify(await text(request)), "length", request.headers["content-length"]);
  response.statusCode = requests++ ? 200 : 401;
  response.end();
}).listen(0, "127.0.0.1", async () => {
  const client = axios.create();
  client.interceptors.response.use(null, (error) => client(error.config));
  const sent = await client.post(`http://127.0.0.1:${server.address().port}/`, Readable.from(["text"]));
  console.log(sent.status);
  process.exit();
});
END
seen=$(node_modules/node/bin/node replay.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
body "text" length undefined
body "" length 0
200
END
