# ruff: noqa: S603
"""Measures Envoy with the filter beside Envoy without one, and beside what it has itself.

All run at the same time and are asked in turn, by wrk. The server is an Envoy too, which answers as
Kling does. Ratios count, not times.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from gateway import FILTER, HTTP, TYPE, Envoy, cluster, free_ports, listener, typed, wasm

PAIR = {
    "access_key": "AKmeasure00000000000000000000001",
    "secret_key": "SKmeasure00000000000000000000001",
}
BODY = {
    "code": 0,
    "message": "SUCCEED",
    "request_id": "00000000-0000-4000-8000-000000000000",
    "data": {"task_id": "1", "task_status": "processing", "created_at": 1_800_000_000_000},
}
# What a user could do without the filter: a token that is right for half an hour.
TOKEN = "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + "x" * 150
ACCOUNTS = 10_000
OURS = "kling-auth"
WRK = shutil.which("wrk") or sys.exit("measure.py: wrk is needed (on Debian: apt-get install wrk)")


def lua() -> dict:
    code = f"function envoy_on_request(h) h:headers():replace('authorization', '{TOKEN}') end"
    kind = f"{HTTP}.lua.v3.Lua"
    return typed("lua", kind, default_source_code={"inline_string": code})


def injector() -> dict:
    secret = {"name": "credential", "generic_secret": {"secret": {"inline_string": TOKEN}}}
    generic = f"{TYPE}envoy.extensions.http.injected_credentials.generic.v3.Generic"
    credential = typed("generic", generic, credential={"name": "credential"})
    kind = f"{HTTP}.credential_injector.v3.CredentialInjector"
    return {**typed("injector", kind, overwrite=True, credential=credential), "_secret": secret}


def ours(url: str, accounts: int = 1) -> dict:
    if accounts == 1:
        return wasm({**PAIR, "base_url": url})
    each = (
        {"access_key": f"AKmeasure{n:023}", "secret_key": f"SKmeasure{n:023}"}
        for n in range(accounts)
    )
    return wasm(
        {"base_url": url, "accounts": {f"account-{n:05}": pair for n, pair in enumerate(each)}}
    )


def all_filters(url: str) -> dict[str, list]:
    return {"plain": [], OURS: [ours(url)], "Lua": [lua()], "injector": [injector()]}


LABELS = {
    "plain": "Envoy without a filter",
    OURS: "kling-auth",
    "Lua": "Envoy's Lua filter, a static token",
    "injector": "Envoy's credential injector, a static token",
}


class Figures(NamedTuple):
    rate: float
    p50: float
    p99: float
    cpu: float


def start_server(stack: contextlib.ExitStack) -> str:
    (port,) = free_ports(1)
    answer = {"status": 200, "body": {"inline_string": json.dumps(BODY, separators=(",", ":"))}}
    json_type = {"header": {"key": "content-type", "value": "application/json"}}
    route = {
        "match": {"prefix": "/"},
        "direct_response": answer,
        "response_headers_to_add": [{**json_type, "append_action": "OVERWRITE_IF_EXISTS_OR_ADD"}],
    }
    stack.enter_context(Envoy([listener(port, [route])], [], level="error"))
    return f"http://127.0.0.1:{port}"


def start(filters: list, url: str, workers: int = 1) -> Envoy:
    (port,) = free_ports(1)
    action = {"cluster": "kling", "host_rewrite_literal": url.removeprefix("http://")}
    own = [dict(each) for each in filters]
    secrets = [secret for each in own if (secret := each.pop("_secret", None))]
    envoy = Envoy(
        [listener(port, [{"match": {"prefix": "/"}, "route": action}])],
        [cluster("kling", url, *own)],
        workers=workers,
        level="error",
        secrets=secrets,
    )
    envoy.port = port
    return envoy


def ask(envoy: Envoy, seconds: float, connections: int) -> Figures:
    """Send as many requests as Envoy answers."""
    before = cpu_seconds(envoy)
    ran = subprocess.run(
        [
            WRK,
            "-t1",
            f"-c{connections}",
            f"-d{seconds:.0f}s",
            "--latency",
            f"http://127.0.0.1:{envoy.port}/v1/videos/text2video",
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    spent = cpu_seconds(envoy) - before
    if found := re.search(r"Non-2xx.*|Socket errors.*", ran):
        sys.exit(f"measure.py: {found[0]}")
    requests = int(re.search(r"(\d+) requests in", ran)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", ran)[1])
    return Figures(rate, latency(ran, 50), latency(ran, 99), spent / requests * 1e6)


def latency(ran: str, percent: int) -> float:
    """Return a latency in microseconds."""
    number, unit = re.search(rf"{percent}%\s+([\d.]+)(us|ms|s)", ran).groups()
    return float(number) * {"us": 1, "ms": 1e3, "s": 1e6}[unit]


def cpu_seconds(envoy: Envoy) -> float:
    fields = Path(f"/proc/{envoy.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory(filters: list, url: str, workers: int) -> float:
    """Return the resident memory of a new Envoy, in MB, after each worker answered."""
    with start(filters, url, workers) as envoy:
        account = {"x-kling-account": "account-00000"}
        for _ in range(20 * workers):
            client = envoy.client(envoy.port)
            client.send(headers=account)
            client.close()
        status = Path(f"/proc/{envoy.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status)[1]) / 1024


def measure_speed(url: str, workers: int, rounds: int, seconds: float) -> dict[str, Figures]:
    found: dict[str, list[Figures]] = {name: [] for name in LABELS}
    with contextlib.ExitStack() as stack:
        all_of_them = {
            name: stack.enter_context(start(filters, url, workers))
            for name, filters in all_filters(url).items()
        }
        for envoy in all_of_them.values():
            ask(envoy, 1, 32)
        for _ in range(rounds):
            for name, envoy in all_of_them.items():
                found[name].append(ask(envoy, seconds, 32 * workers))
    return {
        name: Figures(*map(statistics.median, zip(*figures))) for name, figures in found.items()
    }


def print_speed(speed: dict[str, Figures], workers: int) -> None:
    plain = speed["plain"]
    print(f"\n{workers} worker{'s' * (workers > 1)}, keep-alive; ratios to Envoy without a filter")
    print(f"{'':44} {'requests/s':>11} {'ratio':>6} {'p50':>6} {'p99':>6} {'CPU a request':>14}")
    for name, figures in speed.items():
        ratios = [of / base for of, base in zip(figures, plain)]
        print(
            f"{LABELS[name]:44} {figures.rate:11,.0f} {ratios[0]:6.2f} {ratios[1]:6.2f} "
            f"{ratios[2]:6.2f} {figures.cpu:8.1f} us {ratios[3]:.2f}"
        )


def print_memory(url: str) -> None:
    few, many = 1, 8
    found = {
        (name, workers): memory(filters, url, workers)
        for name, filters in {
            "plain": [],
            "one": [ours(url)],
            "many": [ours(url, ACCOUNTS)],
        }.items()
        for workers in (few, many)
    }

    def a_worker(name: str) -> float:
        return (found[name, many] - found[name, few]) / (many - few)

    print(f"\nmemory above Envoy without a filter (resident, {few} and {many} workers)")
    first = found["one", few] - found["plain", few]
    print(f"{'one worker, with the engine of WebAssembly':44} {first:7.1f} MB")
    print(f"{'each further worker':44} {a_worker('one') - a_worker('plain'):7.1f} MB")
    further = (a_worker("many") - a_worker("one")) * 2**20 / ACCOUNTS
    print(f"{f'each further account of {ACCOUNTS:,}, in each worker':44} {further:7.0f} bytes")
    print(f"{'the filter':44} {FILTER.stat().st_size:7,} bytes")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help="only show that it works")
    given = arguments.parse_args()
    rounds, seconds = (1, 1) if given.quick else (7, 3)
    with contextlib.ExitStack() as stack:
        url = start_server(stack)
        one = measure_speed(url, 1, rounds, seconds)
        print_speed(one, 1)
        two = measure_speed(url, 2, rounds, seconds)
        print_speed(two, 2)
        cores = f"{os.cpu_count()} cores, which wrk and the server share"
        print(f"\n2 workers compared with one, in requests/s ({cores})")
        for name in LABELS:
            print(f"{LABELS[name]:44} {two[name].rate / one[name].rate:11.2f}")
        print_memory(url)


if __name__ == "__main__":
    main()
