#!/usr/bin/env bash
# Guess: as other costly things, WebAssembly is best compiled on the first request.
# Seen, workerd 1.20261117.1: `new WebAssembly.Module(bytes)` works at top level only. In a handler
# it, and WebAssembly.compile, are a CompileError: "Wasm code generation disallowed by embedder".
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent workerd@1.20261117.1
cat >worker.mjs <<'END'
const bytes = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
const atTop = new WebAssembly.Module(bytes);
const attempt = async (compile) => compile().then(String, (error) => error.name);
export default {
  async fetch() {
    const module = await attempt(async () => new WebAssembly.Module(bytes));
    const compiled = await attempt(() => WebAssembly.compile(bytes));
    return new Response(`top level: ${atTop}\nhandler: ${module}, ${compiled}`);
  },
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
top level: [object WebAssembly.Module]
handler: CompileError, CompileError
END
