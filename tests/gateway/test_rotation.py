"""New credentials by a new configuration, while requests are sent: none fails."""

import json
import threading

import pytest
from conftest import TALLIES, _python_tests
from gateway import Client, Envoy, cluster, free_ports, listener, refusal, route, wait_until, wasm

TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'
PAIRS = [
    {
        "access_key": f"AKrotation000000000000000000000{n:02}",
        "secret_key": f"SKrotation000000000000000000000{n:02}",
    }
    for n in range(6)
]


@pytest.fixture
def gate(tmp_path):
    """A gate that knows all the pairs."""
    file = tmp_path / "accounts.json"
    file.write_text(json.dumps({"key_pairs": PAIRS, "api_keys": []}))
    gate = _python_tests.Gate("--accounts", str(file))
    yield gate
    gate.stop()


class Load:
    """Clients that send requests until they are stopped."""

    def __init__(self, port, clients=4):
        self.answers = []
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(port,)) for _ in range(clients)]
        for thread in self._threads:
            thread.start()

    def _run(self, port):
        client = Client(port)
        while not self._stop.is_set():
            try:
                answer = client.send(method="POST", body=TASK)
                self.answers.append((answer.status, answer.json.get("code")))
            except Exception as error:
                self.answers.append((type(error).__name__, str(error)))
        client.close()

    def wait_for(self, requests):
        """Wait until this many more requests were answered."""
        end = len(self.answers) + requests
        assert wait_until(lambda: len(self.answers) >= end, 20)

    def stop(self):
        self._stop.set()
        for thread in self._threads:
            thread.join()
        return self.answers


def kling(gate, configuration):
    return cluster("kling", gate.url, wasm({"base_url": gate.url, **configuration}))


@pytest.mark.parametrize("workers", [1, 2])
def test_none_fails(gate, workers):
    (port,) = free_ports(1)
    listeners = [listener(port, [route("kling", gate.url.removeprefix("http://"))])]
    first = kling(gate, PAIRS[0])
    with Envoy(listeners, [first], workers=workers, watches_clusters=True) as envoy:
        load = Load(port)
        for number, pair in enumerate(PAIRS[1:], 2):
            load.wait_for(100)
            envoy.publish_clusters(kling(gate, pair))
            assert is_used(envoy, number)
        load.wait_for(100)
        answers = load.stop()
    assert set(answers) == {(200, 0)}
    bearers = {entry["bearer"] for entry in gate._control("GET", "log")}
    assert len(bearers) >= len(PAIRS)
    TALLIES["rotations"] += len(PAIRS) - 1
    TALLIES["requests during rotations"] += len(answers)


def test_a_wrong_configuration_leaves_the_one_before(gate):
    (port,) = free_ports(1)
    listeners = [listener(port, [route("kling", gate.url.removeprefix("http://"))])]
    with Envoy(listeners, [kling(gate, PAIRS[0])], watches_clusters=True) as envoy:
        client = envoy.client(port)
        assert client.send().status == 200
        wrong = {**PAIRS[1], "secret_key": "sk_your_secret_key_here"}
        envoy.publish_clusters(kling(gate, wrong))
        assert wait_until(lambda: refusal(envoy.log()), 20)
        assert "secret_key: the secret key is a placeholder" in refusal(envoy.log())
        assert wait_until(lambda: envoy.cluster_updates("rejected") == 1, 20)
        assert client.send().status == 200
        envoy.publish_clusters(kling(gate, PAIRS[2]))
        assert is_used(envoy, 2)
        assert client.send().status == 200


def is_used(envoy, number):
    """Whether Envoy uses its configuration with this number, after a while."""
    return wait_until(lambda: envoy.cluster_updates("success") == number, 20)
