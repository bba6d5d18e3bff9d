"""What Envoy sends with the filter, and what it never sends."""

import base64
import json
import time

import pytest
from conftest import PAIR, UNKNOWN
from gateway import (
    RETRY,
    TYPE,
    Envoy,
    NotStartedError,
    cluster,
    free_ports,
    listener,
    refusal,
    route,
    wasm,
)
from server import Server

ACCESS_KEY, SECRET_KEY = PAIR.values()


@pytest.fixture
def start(server):
    """Start Envoy with a configuration of the filter, in front of the server."""
    running = []

    def start(configuration=None, *routes, variables=None, level="info", filters=()):
        (port,) = free_ports(1)
        if isinstance(configuration, dict):
            configuration = {"base_url": server.url, **configuration}
        own = [] if configuration is None else [wasm(configuration, variables)]
        envoy = Envoy(
            [listener(port, list(routes) or [route("kling", server.host)], *filters)],
            [cluster("kling", server.url, *own)],
            level=level,
        )
        envoy.port = port
        running.append(envoy)
        return envoy

    yield start
    for envoy in running:
        envoy.__exit__()


def claims(authorization):
    scheme, token = authorization.split(" ")
    assert scheme == "Bearer"
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


def send(envoy, **headers):
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return envoy.client(envoy.port).send(headers=names)


def test_a_token_for_the_access_key(start, server):
    assert send(start(PAIR)).status == 200
    found = claims(server.seen[0][0]["authorization"])
    assert found["iss"] == ACCESS_KEY
    assert found["exp"] - found["nbf"] == 1805
    assert abs(found["nbf"] + 5 - time.time()) <= 2


def test_answers_are_not_compressed(start, server):
    """Most clients allow it, and a compressed refusal would not be understood."""
    envoy = start(PAIR)
    send(envoy, accept_encoding="gzip, deflate, br")
    send(envoy)
    assert [seen["accept-encoding"] for seen, _ in server.seen] == ["identity"] * 2


@pytest.mark.parametrize("value", ["Bearer of-the-client", "Basic dXNlcjpwYXNz", ""])
def test_the_clients_authorization_is_replaced(start, server, value):
    send(start(PAIR), authorization=value)
    assert claims(server.seen[0][0]["authorization"])["iss"] == ACCESS_KEY


def test_or_refused(start, server):
    envoy = start({**PAIR, "client_authorization": "refuse"})
    answer = send(envoy, authorization="Bearer of-the-client")
    assert (answer.status, answer.json["code"]) == (403, "ERR_CLIENT_AUTHORIZATION")
    assert "of-the-client" not in answer.body.decode()
    assert server.seen == []
    assert send(envoy).status == 200


def test_the_bearer_of_an_attempt_before_is_not_the_clients(start, server):
    envoy = start({**PAIR, "client_authorization": "refuse"})
    late = {"date": "Thu, 01 Jan 2026 00:00:00 GMT"}
    server.answers = [(401, {**late, "date": date_in(3600)}, b'{"code":1004,"message":"expired"}')]
    assert send(envoy).status == 200
    assert len(server.seen) == 2


def date_in(seconds):
    return time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(time.time() + seconds))


def test_the_host_that_the_client_wrote_does_not_count(start, server):
    """Without ``host_rewrite_literal`` it is what the server gets: so nothing is signed for it."""
    as_written = {"match": {"prefix": "/"}, "route": {"cluster": "kling"}}
    envoy = start(PAIR, as_written)
    for host in ("evil.example", "api.klingai.com.evil.example", f"{server.host}@evil.example"):
        answer = send(envoy, host=host)
        assert answer.status in (400, 403), host
        assert answer.status == 400 or answer.json["code"] == "ERR_ORIGIN"
    rewritten = start(PAIR)
    assert send(rewritten, host="evil.example").status == 200
    assert [seen["host"] for seen, _ in server.seen] == [server.host]


def test_in_a_listener_it_signs_nothing(start, server):
    envoy = start(None, filters=[wasm({**PAIR, "base_url": server.url})])
    answer = send(envoy, host=server.host)
    assert (answer.status, answer.json["code"]) == (500, "ERR_CONFIGURATION")
    assert "cluster" in answer.json["message"]
    assert server.seen == []


def test_an_account_by_a_header_or_by_the_route(start, server):
    accounts = {"one": PAIR, "two": {"api_key": f"api-key-kling-{UNKNOWN}"}}
    named = {"header": {"key": "x-kling-account", "value": "two"}}
    named["append_action"] = "OVERWRITE_IF_EXISTS_OR_ADD"
    two = route("kling", server.host, "/two", request_headers_to_add=[named])
    envoy = start({"accounts": accounts}, two, route("kling", server.host))
    client = envoy.client(envoy.port)
    assert client.send("/", headers={"x-kling-account": "one"}).status == 200
    assert client.send("/two", headers={"x-kling-account": "one"}).status == 200
    bearers = [seen["authorization"] for seen, _ in server.seen]
    assert claims(bearers[0])["iss"] == ACCESS_KEY
    assert bearers[1] == f"Bearer api-key-kling-{UNKNOWN}"
    assert not any("x-kling-account" in seen for seen, _ in server.seen)
    for other in ("three", "", "one,two"):
        answer = client.send("/", headers={"x-kling-account": other})
        assert (answer.status, answer.json["code"]) == (403, "ERR_ACCOUNT"), other
    assert client.send("/").status == 403
    assert len(server.seen) == 2


def test_the_second_attempt_is_for_the_same_account(start, server):
    other = {"access_key": "AKgatewayTest0000000000000000002", "secret_key": SECRET_KEY}
    envoy = start({"accounts": {"one": PAIR, "two": other}})
    server.answers = [(401, {"date": date_in(-3600)}, b'{"code":1003,"message":"not yet"}')]
    answer = send(envoy, x_kling_account="two")
    assert answer.status == 200
    assert [claims(seen["authorization"])["iss"][-1] for seen, _ in server.seen] == ["2", "2"]
    # The other account's clock was not corrected: it has an engine of its own.
    send(envoy, x_kling_account="one")
    assert claims(server.seen[2][0]["authorization"])["nbf"] > time.time() - 60


def test_a_server_cannot_ask_for_another_attempt(start, server):
    """Otherwise it could make Envoy send a request twice that was done, and billed."""
    envoy = start(PAIR)
    json_type = {"content-type": "application/json", "x-kling-auth-action": "retry"}
    for status, body in (
        (200, b'{"code":0,"message":"SUCCEED"}'),
        (201, b"{}"),
        (302, b""),
        (429, b'{"code":1303,"message":"busy"}'),
    ):
        server.seen.clear()
        server.answers = [(status, json_type, body)]
        answer = send(envoy)
        assert answer.status == status
        assert answer.headers.get("x-kling-auth-action") in (None, "backoff")
        assert len(server.seen) == 1


def test_without_verdict_headers_the_retry_still_works(start, server):
    envoy = start({**PAIR, "verdict_headers": False})
    refused = (401, {"date": date_in(3600)}, b'{"code":1004,"message":"expired"}')
    server.answers = [refused]
    assert send(envoy).status == 200
    server.answers = [(401, {}, b'{"code":1000,"message":"signature is invalid"}')]
    answer = send(envoy)
    assert (answer.status, answer.of_ours()) == (401, {})


def test_counters(start, server):
    envoy = start(PAIR)
    assert envoy.counters() == {"minted": 0, "corrected": 0}
    wrong = b'{"code":1000,"message":"signature is invalid"}'
    server.answers = [(200, {}, b"{}"), (401, {}, wrong), (401, {}, wrong)]
    server.answers += [(401, {"date": date_in(3600)}, b'{"code":1004}')]
    client = envoy.client(envoy.port)
    for _ in range(4):
        client.send()
    counted = {"minted": 2, "corrected": 1, "refused.wrong_secret_key": 2}
    assert envoy.counters() == {**counted, "refused.token_expired": 1}


def test_credentials_from_variables(start, server):
    variables = {"KLING_ACCESS_KEY": ACCESS_KEY, "KLING_SECRET_KEY": f"{SECRET_KEY}\n"}
    send(start({}, variables=variables))
    named = {"access_key_env": "ONE", "secret_key_env": "TWO"}
    send(start(named, variables={"ONE": ACCESS_KEY, "TWO": SECRET_KEY}))
    assert [claims(seen["authorization"])["iss"] for seen, _ in server.seen] == [ACCESS_KEY] * 2


def test_credentials_from_envoys_environment(server):
    (port,) = free_ports(1)
    names = ["KLING_ACCESS_KEY", "KLING_SECRET_KEY"]
    own = wasm({"base_url": server.url})
    own["typed_config"]["config"]["vm_config"]["environment_variables"] = {"host_env_keys": names}
    keys = dict(zip(names, (ACCESS_KEY, SECRET_KEY)))
    listeners = [listener(port, [route("kling", server.host)])]
    with Envoy(listeners, [cluster("kling", server.url, own)], environment=keys) as envoy:
        assert envoy.client(port).send().status == 200
        assert claims(server.seen[0][0]["authorization"])["iss"] == ACCESS_KEY
        everything = envoy.get("/config_dump?include_eds") + envoy.get("/stats") + envoy.log()
        assert SECRET_KEY not in everything


def test_no_secret_and_no_token_in_what_an_admin_sees(start, server):
    variables = {"A": ACCESS_KEY, "S": SECRET_KEY}
    envoy = start(
        {"access_key_env": "A", "secret_key_env": "S", "debug_header": True}, variables=variables
    )
    refused = (401, {"date": date_in(3600)}, b'{"code":1004,"message":"expired"}')
    server.answers = [refused, (401, {}, b'{"code":1000,"message":"signature is invalid"}')]
    answer = send(envoy)
    bearers = [seen["authorization"].split()[1] for seen, _ in server.seen]
    seen = envoy.log() + envoy.get("/stats") + envoy.get("/clusters") + str(answer)
    # The dump has Envoy's configuration, with the variables' values.
    for secret in (SECRET_KEY, *bearers):
        assert secret not in seen
    assert not any(bearer in envoy.get("/config_dump") for bearer in bearers)


@pytest.mark.parametrize(
    ("configuration", "expected"),
    [
        ({}, "no credentials"),
        ("[]", "the configuration must be a JSON object"),
        ({**PAIR, "secret_key": "your-secret-key"}, "secret_key: the secret key is a placeholder"),
        ({**PAIR, "secret_keys": "x"}, "the configuration has an unknown member"),
        ({"access_key": ACCESS_KEY}, "access_key is set, but secret_key is not"),
        (
            {"access_key_env": "X", "secret_key_env": "Y"},
            "access_key_env names a variable that is not set",
        ),
        ({**PAIR, "lifetime": 1801}, "lifetime must be a whole number of seconds from 1 to 1800"),
        ({**PAIR, "base_url": "http://example.com"}, "the base URL must be https://HOST"),
        ('{"webhook_secrets": ["whsec_*"]}', "webhook_secrets: the webhook secret must be whsec_"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_wrong_configuration_is_refused(start, configuration, expected):
    with pytest.raises(NotStartedError) as raised:
        start(configuration)
    assert expected in refusal(str(raised.value))
    assert SECRET_KEY not in refusal(str(raised.value))


def test_a_struct_is_refused(server):
    """Envoy passes it on in protobuf's binary form: findings/envoy-wasm-struct-configuration.sh."""
    own = wasm("")
    struct = {"@type": f"{TYPE}google.protobuf.Struct", "value": PAIR}
    own["typed_config"]["config"]["configuration"] = struct
    with pytest.raises(NotStartedError) as raised:
        Envoy([], [cluster("kling", server.url, own)])
    assert "as a google.protobuf.StringValue, not as a Struct" in refusal(str(raised.value))


def test_several_filters_in_one_envoy(server):
    """Envoy runs filters with the same code in one module, each with a configuration of its own."""
    ports = free_ports(2)
    other = {"api_key": f"api-key-kling-{UNKNOWN}"}
    secret = {"webhook_secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]}
    listeners = [
        listener(ports[0], [route("one", server.host, "/one"), route("two", server.host)]),
        listener(ports[1], [route("one", server.host)], wasm(secret)),
    ]
    clusters = [
        cluster("one", server.url, wasm({**PAIR, "base_url": server.url})),
        cluster("two", server.url, wasm({**other, "base_url": server.url})),
    ]
    with Envoy(listeners, clusters, workers=2) as envoy:
        for _ in range(10):
            client = envoy.client(ports[0])
            assert client.send("/one").status == 200
            assert client.send("/two").status == 200
            assert envoy.client(ports[1]).send().status == 401
    bearers = [seen["authorization"] for seen, _ in server.seen]
    assert {claims(bearer)["iss"] for bearer in bearers[::2]} == {ACCESS_KEY}
    assert set(bearers[1::2]) == {f"Bearer api-key-kling-{UNKNOWN}"}


def test_10000_accounts(start, server):
    pair = {"secret_key": SECRET_KEY}
    accounts = {f"tenant-{n}": {**pair, "access_key": f"AKtenant{n:024}"} for n in range(10_000)}
    envoy = start({"accounts": accounts})
    client = envoy.client(envoy.port)
    for number in (0, 1, 4999, 9999):
        assert client.send(headers={"x-kling-account": f"tenant-{number}"}).status == 200
    issuers = [claims(seen["authorization"])["iss"] for seen, _ in server.seen]
    assert issuers == [f"AKtenant{n:024}" for n in (0, 1, 4999, 9999)]


def test_the_same_configuration_in_a_listener_too(server):
    """They share their state in Envoy, so the filter finds out each time where it is."""
    ports = free_ports(2)
    own = wasm({**PAIR, "base_url": server.url})
    listeners = [
        listener(ports[0], [route("kling", server.host)]),
        listener(ports[1], [route("other", server.host)], own),
    ]
    clusters = [cluster("kling", server.url, own), cluster("other", server.url)]
    with Envoy(listeners, clusters) as envoy:
        assert envoy.client(ports[0]).send().status == 200
        answer = envoy.client(ports[1]).send(headers={"host": server.host})
        assert (answer.status, answer.json["code"]) == (500, "ERR_CONFIGURATION")
    assert len(server.seen) == 1


def test_an_internal_redirect_needs_the_bearer_removed_by_the_route(server):
    """The filter's header is on the request that Envoy sends on; a route takes it off."""
    other = Server()
    policy = {"max_internal_redirects": 1, "allow_cross_scheme_redirect": True}
    policy["redirect_response_codes"] = [302]
    removed = {"request_headers_to_remove": ["authorization"]}
    to_other = {"match": {"prefix": "/other"}, "route": {"cluster": "other"}, **removed}
    to_kling = route("kling", server.host, route={"internal_redirect_policy": policy}, **removed)
    (port,) = free_ports(1)
    clusters = [
        cluster("kling", server.url, wasm({**PAIR, "base_url": server.url})),
        cluster("other", other.url),
    ]
    server.answers = [(302, {"location": "http://other.example/other"}, b"")]
    with Envoy([listener(port, [to_other, to_kling])], clusters) as envoy:
        assert envoy.client(port).send().status == 200
    assert claims(server.seen[0][0]["authorization"])["iss"] == ACCESS_KEY
    assert ["authorization" in seen for seen, _ in other.seen] == [False]
    other.close()


def test_a_route_that_allows_more_attempts(server):
    """The filter asks for one, whatever the route allows."""
    more = {"retry_policy": {**RETRY, "num_retries": 5}}
    (port,) = free_ports(1)
    to = route("kling", server.host, route=more)
    late = (401, {"date": date_in(3600)}, b'{"code":1004,"message":"expired"}')
    server.answers = [late] * 6
    with Envoy(
        [listener(port, [to])],
        [cluster("kling", server.url, wasm({**PAIR, "base_url": server.url}))],
    ) as envoy:
        answer = envoy.client(port).send()
    assert (answer.status, answer.headers["x-kling-auth-action"]) == (401, "fail")
    assert len(server.seen) == 2


def test_an_attempt_that_could_not_connect_does_not_count(server):
    """The attempt after it is the first that is refused, and so is followed by another."""
    # Envoy chooses one of two servers by turns, of which one is closed.
    policy = {**RETRY, "retry_on": "connect-failure,retriable-headers", "num_retries": 30}
    policy["retry_back_off"] = {"base_interval": "0.001s", "max_interval": "0.001s"}
    port, closed = free_ports(2)
    to = route("kling", server.host, route={"retry_policy": policy})
    kling = cluster("kling", server.url, wasm({**PAIR, "base_url": server.url}))
    (endpoints,) = kling["load_assignment"]["endpoints"]
    address = {"socket_address": {"address": "127.0.0.1", "port_value": closed}}
    endpoints["lb_endpoints"].append({"endpoint": {"address": address}})
    with Envoy([listener(port, [to])], [kling]) as envoy:
        client = envoy.client(port)
        for skew in (3600, 7200, 10_800, 14_400):
            late = (401, {"date": date_in(skew)}, b'{"code":1004,"message":"expired"}')
            server.answers = [late]
            assert client.send().status == 200
        assert "upstream_cx_connect_fail: 0" not in envoy.get("/stats?filter=kling.upstream_cx")


def test_programs_cannot_make_envoy_repeat_requests(server):
    """As the examples do it, in an Envoy that takes programs for internal ones."""
    (port,) = free_ports(1)
    theirs = {"x-envoy-retry-on": "5xx,retriable-status-codes", "x-envoy-max-retries": "5"}
    theirs["x-envoy-retriable-status-codes"] = "200"
    internal = {"cidr_ranges": [{"address_prefix": "127.0.0.0", "prefix_len": 8}]}
    plain = listener(
        port,
        [route("kling", server.host)],
        internal_address_config=internal,
        use_remote_address=True,
    )
    (filters,) = plain["filter_chains"]
    removed = ["x-envoy-retry-on", "x-envoy-retry-grpc-on", "x-envoy-max-retries"]
    routes = filters["filters"][0]["typed_config"]["route_config"]
    routes["request_headers_to_remove"] = [*removed, "x-envoy-hedge-on-per-try-timeout"]
    with Envoy(
        [plain], [cluster("kling", server.url, wasm({**PAIR, "base_url": server.url}))]
    ) as envoy:
        for status, body in ((503, b'{"code":5001}'), (200, b'{"code":0,"message":"SUCCEED"}')):
            server.seen.clear()
            server.answers = [(status, {}, body)]
            answer = envoy.client(port).send(method="POST", body=b"{}", headers=theirs)
            assert (answer.status, len(server.seen)) == (status, 1)
