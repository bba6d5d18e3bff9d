#!/usr/bin/env bash
# Guess: enableNetConnect("127.0.0.1") of undici's MockAgent lets a test reach a server on this
# machine at any port, as the call of the same name in nock does.
# Seen: undici 8.13.1 compares the text with host and port, so nothing passes; "127.0.0.1:PORT" and a
# RegExp do. nock 15.0.6 takes the text for a part of both.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 undici@8.13.1 nock@15.0.6
cat >allow.mjs <<'END'
import { createServer } from "node:http";
import { fetch as fetchOfUndici, MockAgent } from "undici";
const server = createServer((_, response) => response.end()).listen(0, "127.0.0.1", async () => {
  const { port } = server.address(), url = `http://127.0.0.1:${port}/`;
  const hosts = { "127.0.0.1": "127.0.0.1", "127.0.0.1:PORT": `127.0.0.1:${port}`, RegExp: /^127\.0\.0\.1:/ };
  const seen = (response) => response.then(() => "passes", () => "refused");
  for (const [name, host] of Object.entries(hosts)) {
    const dispatcher = new MockAgent();
    dispatcher.disableNetConnect();
    dispatcher.enableNetConnect(host);
    console.log("undici", name, await seen(fetchOfUndici(url, { dispatcher })));
  }
  const { default: nock } = await import("nock");
  for (const [name, host] of Object.entries({ none: /^$/, ...hosts })) {
    nock.disableNetConnect();
    nock.enableNetConnect(host);
    console.log("nock", name, await seen(fetch(url)));
  }
  process.exit();
});
END
seen=$(node_modules/node/bin/node allow.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
undici 127.0.0.1 refused
undici 127.0.0.1:PORT passes
undici RegExp passes
nock none refused
nock 127.0.0.1 passes
nock 127.0.0.1:PORT passes
nock RegExp passes
END
