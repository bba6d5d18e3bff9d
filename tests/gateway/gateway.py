# ruff: noqa: S603
"""Envoy with the filter, as a process, and what a plain client sends through it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
ENVOY = ROOT / "target/gateway/venv/bin/envoy"
FILTER = ROOT / "target/wasm32-unknown-unknown/wasm/kling_auth_envoy.wasm"
TYPE = "type.googleapis.com/"
HTTP = f"{TYPE}envoy.extensions.filters.http"


def typed(name: str, kind: str, **fields: Any) -> dict:
    """Return an extension of Envoy's configuration."""
    return {"name": name, "typed_config": {"@type": kind, **fields}}


def wasm(configuration: dict | str, variables: dict | None = None, **fields: Any) -> dict:
    """Return the filter with a configuration, and the variables that Envoy gives to it."""
    if not isinstance(configuration, str):
        configuration = json.dumps(configuration)
    return typed(
        "kling-auth",
        f"{HTTP}.wasm.v3.Wasm",
        config={
            "allow_on_headers_stop_iteration": True,
            "configuration": {
                "@type": f"{TYPE}google.protobuf.StringValue",
                "value": configuration,
            },
            "vm_config": {
                "runtime": "envoy.wasm.runtime.v8",
                "code": {"local": {"filename": str(FILTER)}},
                "environment_variables": {"key_values": variables or {}},
            },
            **fields,
        },
    )


def cluster(name: str, url: str, *filters: dict, **fields: Any) -> dict:
    """Return a cluster for the host of a URL, with filters of its own."""
    host, port = url.removeprefix("http://").split(":")
    address = {"socket_address": {"address": host, "port_value": int(port)}}
    options = f"{TYPE}envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
    codec = typed("codec", f"{HTTP}.upstream_codec.v3.UpstreamCodec")
    return {
        "name": name,
        "type": "STATIC",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{"lb_endpoints": [{"endpoint": {"address": address}}]}],
        },
        "typed_extension_protocol_options": {
            options.removeprefix(TYPE): {
                "@type": options,
                "explicit_http_config": {"http_protocol_options": {}},
                "http_filters": [*filters, codec],
            }
        },
        **fields,
    }


RETRY = {
    "retry_on": "retriable-headers",
    "retriable_headers": [{"name": "x-kling-auth-action", "string_match": {"exact": "retry"}}],
    "num_retries": 1,
}


def route(to: str, host: str, prefix: str = "/", **fields: Any) -> dict:
    """Return a route to a cluster, with the host that its server expects."""
    action = {"cluster": to, "host_rewrite_literal": host, "timeout": "20s", "retry_policy": RETRY}
    return {"match": {"prefix": prefix}, "route": {**action, **fields.pop("route", {})}, **fields}


def listener(port: int, routes: list, *filters: dict, **fields: Any) -> dict:
    """Return a listener for HTTP."""
    manager = (
        f"{TYPE}envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager"
    )
    hosts = [{"name": "all", "domains": ["*"], "routes": routes}]
    http = typed(
        "http",
        manager,
        stat_prefix="http",
        route_config={"name": "routes", "validate_clusters": False, "virtual_hosts": hosts},
        http_filters=[*filters, typed("router", f"{HTTP}.router.v3.Router")],
        **fields,
    )
    address = {"socket_address": {"address": "127.0.0.1", "port_value": port}}
    return {"name": f"at-{port}", "address": address, "filter_chains": [{"filters": [http]}]}


GIVEN: set[int] = set()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, and that were not returned before."""
    ports: list[int] = []
    with contextlib.ExitStack() as stack:
        while len(ports) < count:
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            port = server.getsockname()[1]
            if port not in GIVEN:
                GIVEN.add(port)
                ports.append(port)
    return ports


class Answer(NamedTuple):
    status: int
    headers: dict
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    def of_ours(self) -> dict:
        """Return what the filter says about the response."""
        start = "x-kling-auth-"
        return {
            name.removeprefix(start): v
            for name, v in self.headers.items()
            if name.startswith(start)
        }


class Client:
    """A client that knows nothing of Kling. It keeps its connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, path="/v1/videos/text2video", method="GET", body=None, headers=None) -> Answer:
        self._connection.request(method, path, body, headers or {})
        response = self._connection.getresponse()
        found = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, found, response.read())

    def close(self) -> None:
        self._connection.close()


class NotStartedError(Exception):
    """Envoy ended at once. Its log says why."""


class Envoy:
    """A running Envoy."""

    config = "envoy.json"

    def __init__(
        self,
        listeners: list,
        clusters: list,
        *,
        workers: int = 1,
        environment: dict | None = None,
        level: str = "info",
        watches_clusters: bool = False,
        secrets: list | None = None,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="gateway-")
        self.folder = Path(self._folder.name)
        (self.admin,) = free_ports(1)
        address = {"socket_address": {"address": "127.0.0.1", "port_value": self.admin}}
        bootstrap = {
            "admin": {"address": address},
            "node": {"id": "test", "cluster": "test"},
            "static_resources": {
                "listeners": listeners,
                "clusters": clusters,
                "secrets": secrets or [],
            },
        }
        if watches_clusters:
            bootstrap["static_resources"].pop("clusters")
            file = {"path": str(self.folder / "clusters.json")}
            bootstrap["dynamic_resources"] = {"cds_config": {"path_config_source": file}}
            self.publish_clusters(*clusters)
        self._write("envoy.json", bootstrap)
        self._arguments = ["--concurrency", str(workers), "-l", level]
        self._environment = environment or {}
        self._clients: list[Client] = []
        self.start()

    def start(self) -> None:
        self._log = (self.folder / "log").open("ab")
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self.process = subprocess.Popen(
            [
                envoy_program(),
                "-c",
                self.config,
                "--disable-hot-restart",
                *self._arguments,
            ],
            cwd=self.folder,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**kept, **self._environment},
        )
        if not wait_until(self._is_ready, 60):
            self.stop()
            raise NotStartedError(self._last_lines())

    def _is_ready(self) -> bool:
        if self.process.poll() is not None:
            raise NotStartedError(self._last_lines())
        try:
            return self.get("/ready") == "LIVE\n"
        except OSError:
            return False

    def stop(self) -> None:
        for client in self._clients:
            client.close()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._log.close()

    def __enter__(self) -> Envoy:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._folder.cleanup()

    def get(self, path: str, method: str = "GET") -> str:
        """Ask the admin interface."""
        url = f"http://127.0.0.1:{self.admin}{path}"
        with urllib.request.urlopen(
            urllib.request.Request(url, method=method), timeout=10
        ) as answer:
            return answer.read().decode()

    def counters(self) -> dict[str, int]:
        """Return the filter's counters."""
        lines = self.get("/stats?filter=kling_auth").splitlines()
        pairs = (line.rsplit(": ", 1) for line in lines)
        return {name.removeprefix("wasmcustom.kling_auth."): int(value) for name, value in pairs}

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8", "replace")

    def _last_lines(self) -> str:
        lines = [line for line in self.log().splitlines() if "[info]" not in line]
        return "\n".join(lines[-10:])

    def client(self, port: int) -> Client:
        self._clients.append(Client(port))
        return self._clients[-1]

    def _write(self, name: str, value: Any) -> None:
        """Write a file as Envoy wants to see it: beside, then moved to its name."""
        new = self.folder / f"{name}.new"
        new.write_text(json.dumps(value, indent=1))
        new.chmod(0o600)
        new.replace(self.folder / name)

    def publish_clusters(self, *clusters: dict) -> None:
        """Write the clusters that Envoy watches."""
        kind = f"{TYPE}envoy.config.cluster.v3.Cluster"
        resources = [{"@type": kind, **each} for each in clusters]
        self._write("clusters.json", {"version_info": str(time.time_ns()), "resources": resources})

    def cluster_updates(self, result: str) -> int:
        """Return how often new clusters were used (success) or refused (rejected)."""
        return int(self.get(f"/stats?filter=^cluster_manager.cds.update_{result}$").split(": ")[1])


def envoy_program() -> Path:
    """Return the program itself: the package's script starts it as a child."""
    folder = next((ENVOY.parent.parent / "lib").glob("python3*"))
    return folder / "site-packages/envoy/_bin/envoy"


def wait_until(is_so, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if is_so():
            return True
        time.sleep(0.02)
    return False


def refusal(log: str) -> str:
    """Return why the filter refused its configuration, from Envoy's log."""
    found = re.findall(r"kling-auth refuses its configuration: (.*)", log)
    return found[-1] if found else ""
