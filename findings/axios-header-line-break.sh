#!/usr/bin/env bash
# Guess: a line break inside a header's value is refused, as Node, fetch and requests refuse it.
# Seen, axios 1.21.1: it is taken out without a word, and the rest is sent as one value. A key pasted
# over two lines works here and nowhere else.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 axios@1.21.1
cat >header.mjs <<'END'
import { createServer } from "node:http";
import axios from "axios";
const server = createServer((request, response) => {
  response.end(request.headers.authorization);
}).listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}/`, headers = { authorization: "Bearer ab\ncd" };
  console.log("axios sends", (await axios.get(url, { headers })).data);
  console.log("fetch", await fetch(url, { headers }).catch((error) => error.name));
  process.exit();
});
END
seen=$(node_modules/node/bin/node header.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
axios sends Bearer abcd
fetch TypeError
END
