#!/usr/bin/env bash
# Guess: in a worker, performance.now() counts from the worker's start: timeOrigin is its own, as
# browsers have it.
# Seen: Node 22.23.3's and 26.10.0's worker threads have the main thread's origin, so a worker that
# has just begun is as old as the process. Bun 1.4.5 and Deno 2.9.6 give each worker its own.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 node22@npm:node@22.23.3 bun@1.4.5 deno@2.9.6
cat >origin.mjs <<'END'
import { Worker, isMainThread, parentPort } from "node:worker_threads";
if (isMainThread) {
  await new Promise((resolve) => setTimeout(resolve, 200));
  new Worker(new URL(import.meta.url)).on("message", (origin) => {
    console.log(origin === performance.timeOrigin ? "the main thread's" : "its own");
    process.exit();
  });
} else parentPort.postMessage(performance.timeOrigin);
END
seen=$(
  echo node22 "$(node_modules/node22/bin/node origin.mjs)"
  echo node26 "$(node_modules/node/bin/node origin.mjs)"
  echo bun "$(node_modules/.bin/bun origin.mjs)"
  echo deno "$(node_modules/.bin/deno run -qA origin.mjs)"
)
echo "$seen"
diff - <(echo "$seen") <<'END'
node22 the main thread's
node26 the main thread's
bun its own
deno its own
END
