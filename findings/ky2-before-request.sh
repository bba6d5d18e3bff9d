#!/usr/bin/env bash
# Guess: ky runs the beforeRequest hook before each request that it sends, its own retries included.
# Seen: ky 2.1.0 runs it once however often it retries; ky 1.14.3 ran it each time. A token set there
# is sent again after a long wait, and only beforeRetry can replace it.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --force node@26.10.0 ky@2.1.0 ky1@npm:ky@1.14.3
cat >ky.mjs <<'END'
import { createServer } from "node:http";
let requests = 0;
const server = createServer((_, response) => {
  response.statusCode = ++requests % 3 ? 503 : 200;
  response.end();
}).listen(0, "127.0.0.1", async () => {
  for (const name of ["ky1", "ky"]) {
    const { default: ky } = await import(name);
    let beforeRequest = 0, beforeRetry = 0;
    const hooks = { beforeRequest: [() => void beforeRequest++], beforeRetry: [() => void beforeRetry++] };
    await ky(`http://127.0.0.1:${server.address().port}/`, { hooks, retry: { limit: 2, delay: () => 1 } });
    console.log(name, { beforeRequest, beforeRetry });
  }
  process.exit();
});
END
seen=$(node_modules/node/bin/node ky.mjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
ky1 { beforeRequest: 3, beforeRetry: 2 }
ky { beforeRequest: 1, beforeRetry: 2 }
END
