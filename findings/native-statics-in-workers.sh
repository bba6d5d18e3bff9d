#!/usr/bin/env bash
# Guess: a worker thread loads a native add-on anew, as it does each JavaScript module, so the
# statics of the add-on are its own.
# Seen: in Node 26.10.0, Bun 1.4.5 and Deno 2.9.6 alike, the library is loaded once a process. Its
# statics are shared by all workers, at the same time; only the exports are new.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 bun@1.4.5 deno@2.9.6 node-api-headers@1.9.0
cat >count.c <<'END'
#include <node_api.h>
static int calls;
static napi_value count(napi_env env, napi_callback_info info) {
  napi_value value;
  return napi_create_int32(env, ++calls, &value), value;
}
NAPI_MODULE_INIT() {
  napi_value function;
  return napi_create_function(env, "count", NAPI_AUTO_LENGTH, count, NULL, &function), function;
}
END
cc -shared -fPIC -I node_modules/node-api-headers/include -o count.node count.c
cat >main.cjs <<'END'
const { Worker, isMainThread, parentPort } = require("node:worker_threads");
const count = require("./count.node");
if (!isMainThread) parentPort.postMessage(count());
else new Worker(__filename, count(), count()).on("message", (worker) => {
  console.log("main 2, worker", worker, "main", count());
  process.exit();
});
END
seen=$(node_modules/node/bin/node main.cjs && node_modules/.bin/bun main.cjs && node_modules/.bin/deno run -qA main.cjs)
echo "$seen"
diff - <(echo "$seen") <<'END'
main 2, worker 3 main 4
main 2, worker 3 main 4
main 2, worker 3 main 4
END
