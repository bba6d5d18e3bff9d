#!/usr/bin/env bash
# Guess: a module of a worker can read the clock while it is loaded.
# Seen, workerd 1.20261117.1: Date.now() is 0 there, without an error, while HMAC works; so a token
# signed at top level is one of 1970. In a handler the clock is right. performance.timeOrigin is 0
# in both, and performance.now() the time since 1970.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent workerd@1.20261117.1
cat >worker.mjs <<'END'
const key = await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
const signature = await crypto.subtle.sign("HMAC", key, new Uint8Array());
const atTop = `top level: Date.now() ${Date.now()}, a signature of ${signature.byteLength} bytes`;
const year = (time) => new Date(time).getFullYear() > 2025;
export default {
  fetch: () => new Response(`${atTop}\nhandler: ${year(Date.now())}, timeOrigin ${performance.timeOrigin}, now() ${year(performance.now())}`),
};
END
cat >config.capnp <<'END'
using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = (modules = [(name = "worker.mjs", esModule = embed "worker.mjs")], compatibilityDate = "2026-11-01"))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
END
node_modules/.bin/workerd serve --control-fd=3 config.capnp 3>control 2>log &
server=$!
for _ in $(seq 200); do port=$(sed -n 's/.*"port":\([0-9]*\).*/\1/p' control); [ -n "$port" ] && break; sleep 0.1; done
seen=$(curl -s "http://127.0.0.1:$port/")
echo "$seen"
diff - <(echo "$seen") <<'END'
top level: Date.now() 0, a signature of 32 bytes
handler: true, timeOrigin 0, now() true
END
