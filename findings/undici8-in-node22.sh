#!/usr/bin/env bash
# Guess: `fetch(url, { dispatcher })` takes the Agent of any undici, as the documentation shows it.
# Seen: the fetch of Node 22.23.3 (undici 6 inside) with undici 8.13.1 is "fetch failed" (invalid
# onRequestStart method); with undici 7.30.2 it works, and Node 26.10.0's works with 8.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --force node@26.10.0 node22@npm:node@22.23.3 undici@8.13.1 undici7@npm:undici@7.30.2
cat >fetch.mjs <<'END'
import { createServer } from "node:http";
const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  const { Agent } = await import(process.argv[2]);
  const url = `http://127.0.0.1:${server.address().port}/`, node = process.version.split(".")[0];
  try {
    console.log(node, process.argv[2], (await fetch(url, { dispatcher: new Agent() })).status);
  } catch (error) {
    console.log(node, process.argv[2], error.message, "-", error.cause.message);
  }
  process.exit();
});
END
seen=$(
  node_modules/node22/bin/node fetch.mjs undici7
  node_modules/node22/bin/node fetch.mjs undici
  node_modules/node/bin/node fetch.mjs undici
)
echo "$seen"
diff - <(echo "$seen") <<'END'
v22 undici7 200
v22 undici fetch failed - invalid onRequestStart method
v26 undici 200
END
