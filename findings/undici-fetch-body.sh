#!/usr/bin/env bash
# Guess: an interceptor of undici sees the body that was given, a string, and can send it again.
# Seen, undici 8.13.1: of `request` it is the string; `fetch` hands dispatchers an AsyncGenerator,
# which can be read once. A second dispatch of the same POST has nothing left to send.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0
npm install --silent --force undici@8.13.1
cat >body.mjs <<'END'
import { createServer } from "node:http";
import { Agent, fetch, request } from "undici";
const server = createServer((_, response) => response.end("ok")).listen(0, "127.0.0.1", async () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  const look = (dispatch) => (options, handler) => {
    console.log(Object.prototype.toString.call(options.body));
    return dispatch(options, handler);
  };
  const options = { method: "POST", body: "text", dispatcher: new Agent().compose(look) };
  await request(url, options);
  await fetch(url, options);
  process.exit();
});
END
seen=$(node_modules/node/bin/node body.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
[object String]
[object AsyncGenerator]
END
