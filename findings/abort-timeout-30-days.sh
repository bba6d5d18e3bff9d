#!/usr/bin/env bash
# Guess: AbortSignal.timeout takes up to 2^53 - 1 milliseconds, as its specification says, so one of
# 30 days is as good as none.
# Seen: in Node 26.10.0 and Deno 2.9.6 it aborts at once, like setTimeout (a warning on standard
# error in Node); in Bun 1.4.5 it waits.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 bun@1.4.5 deno@2.9.6
cat >abort.mjs <<'END'
const signal = AbortSignal.timeout(30 * 24 * 3600 * 1000);
setTimeout(() => {
  console.log(signal.aborted ? "aborted at once" : "waits");
  process.exit();
}, 500);
END
seen=$(
  echo node "$(node_modules/node/bin/node abort.mjs 2>stderr)"
  echo deno "$(node_modules/.bin/deno run -q abort.mjs 2>stderr)"
  echo bun "$(node_modules/.bin/bun abort.mjs)"
)
echo "$seen"
diff - <(echo "$seen") <<'END'
node aborted at once
deno aborted at once
bun waits
END
