#!/usr/bin/env bash
# Guess: the mocked timers of node:test move Date, setTimeout and what is built on them.
# Seen: AbortSignal.timeout follows them in Node 26.10.0; in 22.23.3 it waits for real time while
# Date has moved on. A test of a deadline passes on one and waits on the other.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 node22@npm:node@22.23.3
cat >mock.mjs <<'END'
import { mock } from "node:test";
mock.timers.enable();
const signal = AbortSignal.timeout(60_000);
mock.timers.tick(60_001);
console.log(process.version.split(".")[0], "Date", Date.now(), "aborted", signal.aborted);
process.exit();
END
seen=$(node_modules/node22/bin/node mock.mjs 2>stderr && node_modules/node/bin/node mock.mjs 2>stderr)
echo "$seen"
diff - <(echo "$seen") <<'END'
v22 Date 60001 aborted false
v26 Date 60001 aborted true
END
