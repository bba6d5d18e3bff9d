"""What breaks around the filter: servers, Envoy itself, and many clients at one moment."""

import asyncio
import http.client
import signal
import time

import pytest
from conftest import PAIR, TALLIES
from gateway import Envoy, cluster, free_ports, listener, route, wasm
from server import Server


@pytest.fixture
def envoy(server):
    with started(server.url) as envoy:
        yield envoy


def started(url, configuration=PAIR, timeout="20s", **options):
    (port,) = free_ports(1)
    to = route("kling", url.removeprefix("http://"), route={"timeout": timeout})
    own = wasm({"base_url": url, **configuration})
    envoy = Envoy([listener(port, [to])], [cluster("kling", url, own)], **options)
    envoy.port = port
    return envoy


def test_the_server_is_gone_and_comes_back():
    server = Server()
    with started(server.url) as envoy:
        client = envoy.client(envoy.port)
        assert client.send().status == 200
        server.close()
        assert client.send().status == 503
        again = Server(server.port)
        assert client.send().status == 200
        assert "authorization" in again.seen[0][0]
        again.close()


def test_the_gate_is_slower_than_the_routes_timeout(gate):
    keys = {"access_key": gate.access_key, "secret_key": gate.secret_key}
    with started(gate.url, keys, timeout="2s") as envoy:
        client = envoy.client(envoy.port)
        gate.prepare(answers=[{"code": 0, "delay": 4}, {"code": 1004, "stall": 4}])
        assert client.send().status == 504
        # Half of a refusal came in time: it is none.
        answer = client.send()
        assert (answer.status, answer.of_ours()) == (504, {})
        assert client.send().status == 200


@pytest.mark.parametrize(
    ("length", "cause"),
    [(65_536, "wrong_secret_key"), (65_537, "not_kling"), (900_000, "not_kling")],
)
def test_64_kib_of_a_body_are_read(envoy, server, length, cause):
    start = b'{"code":1000,"message":"signature is invalid","padding":"'
    body = start + b"x" * (length - len(start) - 2) + b'"}'
    server.answers = [(401, {}, body)]
    answer = envoy.client(envoy.port).send()
    assert answer.headers["x-kling-auth-cause"] == cause
    assert answer.body == body


def test_an_answer_without_a_body(envoy, server):
    server.answers = [(401, {}, b""), (204, {}, b"")]
    client = envoy.client(envoy.port)
    assert client.send().headers["x-kling-auth-cause"] == "not_kling"
    assert client.send().status == 204


def test_a_client_that_goes_away(envoy, server):
    """Nothing of its request is left to be mixed up with others."""
    for _ in range(20):
        connection = http.client.HTTPConnection("127.0.0.1", envoy.port)
        connection.request("GET", "/")
        connection.close()
    assert envoy.client(envoy.port).send().status == 200


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_envoy_is_restarted(envoy, how):
    assert envoy.client(envoy.port).send().status == 200
    envoy.process.send_signal(how)
    envoy.process.wait(20)
    with pytest.raises(OSError):
        envoy.client(envoy.port).send()
    envoy.start()
    assert envoy.client(envoy.port).send().status == 200


def test_1000_connections_at_the_moment_of_expiry(gate):
    """A token is renewed every second here, by each worker for itself. None is sent too late."""
    keys = {"access_key": gate.access_key, "secret_key": gate.secret_key}
    with started(gate.url, {**keys, "lifetime": 11, "buffer_sec": 10}, workers=2) as envoy:
        begin = time.monotonic()
        statuses = asyncio.run(flood(envoy.port, connections=1000, rounds=4))
        seconds = time.monotonic() - begin
        counters = envoy.counters()
    assert statuses == {200: 4000}
    assert not any(name.startswith("refused") for name in counters)
    # Each round begins with a second, and needs a new token.
    assert 4 <= counters["minted"] <= 2 * (seconds + 2)
    TALLIES["storms"] += sum(statuses.values())


async def flood(port, connections, rounds):
    """Send requests on all connections at once, just when a second begins."""
    counts = {}
    pairs = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]

    async def send(reader, writer):
        writer.write(b"GET /v1/videos/text2video HTTP/1.1\r\nhost: gateway\r\n\r\n")
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 60)
        lines = head.decode().lower().split("\r\n")
        length = next(
            int(line.split(":")[1]) for line in lines if line.startswith("content-length")
        )
        await reader.readexactly(length)
        status = int(lines[0].split()[1])
        counts[status] = counts.get(status, 0) + 1

    for _ in range(rounds):
        await asyncio.sleep(1 - time.time() % 1)
        await asyncio.gather(*(send(*pair) for pair in pairs))
    for _, writer in pairs:
        writer.close()
    return counts
