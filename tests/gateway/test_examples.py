# ruff: noqa: S603
"""The files of ``bindings/envoy/examples``, and the programs on the documentation's page.

In a file only ports are replaced, the address of Kling's host, and the file of root certificates.
In Kling's place there is a gate behind TLS, with a certificate for Kling's host.
"""

import contextlib
import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from email.utils import formatdate
from pathlib import Path
from urllib.error import HTTPError

import pytest
from conftest import KLING, PAIR, UNKNOWN
from gateway import FILTER, ROOT, TYPE, Envoy, cluster, free_ports, listener, refusal, wait_until
from server import Server
from test_callbacks import BODY, SECRET, signed

EXAMPLES = ROOT / "bindings/envoy/examples"
PAGE = ROOT / "docs/pages/gateway.md"
LIST = "/v1/videos/text2video"
# Only API keys are accepted there.
NEW_LIST = "/tasks?task_ids=1"
KEYS = {f"KLING_{name.upper()}": key for name, key in PAIR.items()}
TASK = b'{"model_name":"kling-v1","prompt":"a cat"}'


class Example(Envoy):
    """Envoy with files as they are written."""

    config = "envoy.yaml"

    def __init__(self, files, environment, level="info"):
        self._folder = tempfile.TemporaryDirectory(prefix="gateway-")
        self.folder = Path(self._folder.name)
        for name, text in files.items():
            (self.folder / name).write_text(text)
        (self.folder / FILTER.name).symlink_to(FILTER)
        (self.admin,) = free_ports(1)
        address = {"socket_address": {"address": "127.0.0.1", "port_value": self.admin}}
        admin = json.dumps({"admin": {"address": address}})
        self._arguments = ["--concurrency", "1", "-l", level, "--config-yaml", admin]
        self._environment = environment
        self._clients = []
        self.start()

    def move(self, name, text):
        """Replace a file as the page says: write it beside, then move it to its name."""
        new = self.folder / "new.yaml"
        new.write_text(text)
        new.replace(self.folder / name)


def at_port(port):
    """What to replace in an example, so that Envoy listens at another port than 10000."""
    return {"port_value: 10000": f"port_value: {port}", "127.0.0.1:10000": f"127.0.0.1:{port}"}


def replaced(text, by):
    for old, new in by.items():
        assert old in text, old
        text = text.replace(old, str(new))
    return text


@contextlib.contextmanager
def behind_tls(url, certificate):
    """A server that stands in for Kling."""
    (port,) = free_ports(1)
    tls = listener(port, [{"match": {"prefix": "/"}, "route": {"cluster": "server"}}])
    files = {name: {"filename": str(path)} for name, path in certificate.items()}
    kind = f"{TYPE}envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
    context = {"@type": kind, "common_tls_context": {"tls_certificates": [files]}}
    tls["filter_chains"][0]["transport_socket"] = {"name": "tls", "typed_config": context}
    with Envoy([tls], [cluster("server", url)]) as envoy:
        envoy.port, envoy.certificate = port, certificate["certificate_chain"]
        yield envoy


@pytest.fixture(scope="module")
def kling(a_gate, certificate):
    with behind_tls(a_gate.url, certificate) as kling:
        yield kling


def to_the_gate(text, kling):
    by = {
        f"address: {KLING}, port_value: 443": f"address: 127.0.0.1, port_value: {kling.port}",
        "/etc/ssl/certs/ca-certificates.crt": kling.certificate,
    }
    return replaced(text, by)


def start(text, kling, environment, level="info"):
    (port,) = free_ports(1)
    text = replaced(to_the_gate(text, kling), at_port(port))
    envoy = Example({"envoy.yaml": text}, environment, level)
    envoy.port = port
    return envoy


def read(name):
    return (EXAMPLES / name).read_text()


def keys(gate):
    return {"KLING_ACCESS_KEY": gate.access_key, "KLING_SECRET_KEY": gate.secret_key}


@pytest.fixture(scope="module")
def envoy(kling, a_gate):
    with start(read("envoy.yaml"), kling, keys(a_gate), "trace") as envoy:
        yield envoy


def check(envoy, gate):
    """It signs, and corrects the clock."""
    client = envoy.client(envoy.port)
    answer = client.send(LIST)
    assert (answer.status, answer.json["code"], answer.of_ours()) == (200, 0, {})
    gate.prepare(skew=7200)
    answer = client.send(LIST, "POST", TASK, {"content-type": "application/json"})
    assert answer.json["code"] == 0
    assert [status for status, *_ in gate.seen()] == [401, 200]


def test_envoy_yaml(kling, gate):
    with start(read("envoy.yaml"), kling, keys(gate)) as envoy:
        check(envoy, gate)
        assert envoy.counters() == {"minted": 2, "corrected": 1, "refused.token_expired": 1}


def test_a_picture_is_sent_again(certificate):
    """A body that is longer than what Envoy keeps by default."""
    server = Server()
    later = formatdate(time.time() + 7200, usegmt=True)
    server.answers = [(401, {"date": later}, b'{"code":1004,"message":"expired"}')]
    picture = b"x" * 10_000_000
    with behind_tls(server.url, certificate) as kling, start(
        read("envoy.yaml"), kling, KEYS
    ) as envoy:
        assert envoy.client(envoy.port).send(LIST, "POST", picture).status == 200
    server.close()
    assert [len(body) for _, body in server.seen] == [10_000_000] * 2


def test_the_admin_interface_shows_counters_alone(envoy):
    assert "kling_auth.minted" in envoy.get("/stats")
    for path in ("/config_dump", "/logging", "/quitquitquit"):
        with pytest.raises(HTTPError, match="403"):
            envoy.get(path, "POST")


def test_no_secret_in_the_finest_log(envoy, gate):
    envoy.client(envoy.port).send(LIST)
    log = envoy.log()
    assert "[trace]" in log
    assert gate.secret_key not in log
    assert "Bearer eyJ" not in log


def test_accounts_yaml(kling, gate):
    variables = {"TEAM_A_ACCESS_KEY": gate.access_key, "TEAM_A_SECRET_KEY": gate.secret_key}
    variables["TEAM_B_API_KEY"] = gate.api_key
    with start(read("accounts.yaml"), kling, variables) as envoy:
        client = envoy.client(envoy.port)
        team_b = {"x-kling-account": "team-b"}
        assert client.send(f"/team-a{LIST}").json["code"] == 0
        # The route overwrites what the client chose: its key pair is refused there.
        answer = client.send(f"/team-a{NEW_LIST}", headers=team_b)
        assert answer.of_ours()["cause"] == "wrong_scheme"
        assert client.send(f"/team-b{NEW_LIST}").json["code"] == 0
        assert client.send(f"/any{NEW_LIST}", headers=team_b).json["code"] == 0
        answer = client.send(f"/any{NEW_LIST}")
        assert (answer.status, answer.json["code"]) == (403, "ERR_ACCOUNT")
        assert client.send(LIST).status == 404


def test_rotation(kling, gate):
    (port,) = free_ports(1)
    clusters = to_the_gate(read("rotation/cds.yaml"), kling)

    def with_keys(access_key, secret_key):
        by = {"your-access-key": access_key, "your-secret-key": secret_key}
        return replaced(clusters, by)

    bootstrap = replaced(read("rotation/envoy.yaml"), at_port(port))
    files = {"envoy.yaml": bootstrap, "cds.yaml": with_keys(gate.access_key, UNKNOWN)}
    with Example(files, {}) as envoy:
        client = envoy.client(port)
        assert client.send(LIST).of_ours()["cause"] == "wrong_secret_key"
        envoy.move("cds.yaml", with_keys(gate.access_key, gate.secret_key))
        assert wait_until(lambda: envoy.cluster_updates("success") == 2, 20)
        assert client.send(LIST).json["code"] == 0
        # The example's placeholders are refused: nothing changes.
        envoy.move("cds.yaml", clusters)
        assert wait_until(lambda: envoy.cluster_updates("rejected") == 1, 20)
        assert "placeholder" in refusal(envoy.log())
        assert client.send(LIST).json["code"] == 0


def test_callbacks_yaml():
    (port,) = free_ports(1)
    program = Server()
    by = {"port_value: 10001": f"port_value: {port}"}
    text = replaced(
        read("callbacks.yaml"), {**by, "port_value: 8000": f"port_value: {program.port}"}
    )
    with Example({"envoy.yaml": text}, {"KLING_WEBHOOK_SECRET": SECRET}) as envoy:
        client = envoy.client(port)
        assert client.send("/kling/callback", "POST", BODY, signed()).status == 200
        answer = client.send("/kling/callback", "POST", BODY)
        assert (answer.status, answer.json["code"]) == (401, "ERR_WEBHOOK_UNSIGNED")
        assert client.send("/other", "POST", BODY, signed()).status == 404
        assert client.send("/other", "POST", BODY).status == 401
    program.close()
    [(headers, body)] = program.seen
    assert body == BODY.encode()
    assert headers["x-kling-auth-webhook-id"] == "msg_1"


def test_what_istio_yaml_gives_to_envoy(kling, gate):
    """The patches for Envoy, merged by hand into ``envoy.yaml``. Istio itself is not run."""
    cluster_patch, route_patch = (
        textwrap.dedent(value)
        for value in re.findall(r"^        value:\n((?: {10}.*\n)+)", read("istio.yaml"), re.M)
    )
    text = read("envoy.yaml")
    text = text[: text.index("      typed_extension_protocol_options:")]
    text += textwrap.indent(cluster_patch, 6 * " ")
    text = replaced(text, {f"/etc/kling-auth/{FILTER.name}": FILTER.name})
    policy = route_patch.removeprefix("route:\n")
    old = re.search(r"^ +retry_policy:\n(?: {30}.*\n)+", text, re.M)[0]
    text = replaced(text, {old: textwrap.indent(textwrap.dedent(policy), 28 * " ")})
    with start(text, kling, keys(gate)) as envoy:
        check(envoy, gate)


# The programs on the page.

COMMANDS = {
    "sh": ["bash", "-euo", "pipefail", "program.sh"],
    "python": [ROOT / ".venv/bin/python", "program.py"],
    "js": ["node", "program.mjs"],
    # Not every machine has it: `make test` does not ask for it.
    "java": ["java", "Program.java"],
}


def programs():
    found = []
    spec = importlib.util.spec_from_file_location("blocks", ROOT / "tests/docs/blocks.py")
    module = sys.modules["blocks"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for block in module.blocks_of(PAGE):
        command = COMMANDS.get(block.language)
        if command and shutil.which(command[0]) and "127.0.0.1:10000/" in block.code:
            found.append(block)
    return found


@pytest.mark.parametrize("block", programs(), ids=lambda block: block.language)
def test_a_program_of_the_page(block, envoy, gate, tmp_path):
    command = COMMANDS[block.language]
    code = block.code.replace("127.0.0.1:10000", f"127.0.0.1:{envoy.port}")
    (tmp_path / command[-1]).write_text(code)
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "SUCCEED" in done.stdout
    assert [status for status, *_ in gate.seen()] == [200]
