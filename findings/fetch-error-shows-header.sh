#!/usr/bin/env bash
# Guess: the error for a header that cannot be sent names the header.
# Seen: Node 26.10.0's and Deno 2.9.6's TypeError shows its whole value, the bearer among them, and
# so brings a secret with a line break at its middle into logs. Bun 1.4.5 names the header alone.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent node@26.10.0 bun@1.4.5 deno@2.9.6
cat >header.mjs <<'END'
try {
  await fetch("http://127.0.0.1/", { headers: { authorization: "Bearer canary\nend" } });
} catch (error) {
  console.log(error.name, error.message.includes("canary") ? "shows the value" : error.message);
}
END
seen=$(
  echo node "$(node_modules/node/bin/node header.mjs)"
  echo deno "$(node_modules/.bin/deno run -q --allow-net header.mjs)"
  echo bun "$(node_modules/.bin/bun header.mjs)"
)
echo "$seen"
diff - <(echo "$seen") <<'END'
node TypeError shows the value
deno TypeError shows the value
bun TypeError Header 'Authorization' has invalid value
END
