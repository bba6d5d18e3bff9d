"""A bearer for Kling's hosts is sent by TLS."""

import ssl

from conftest import KLING, PAIR
from gateway import TYPE, Envoy, cluster, free_ports, listener, route, wasm
from server import Server


def context(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate["certificate_chain"], certificate["private_key"])
    return context


def socket_for(certificate):
    """The transport socket of the example."""
    kind = f"{TYPE}envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"
    trusted = {"trusted_ca": {"filename": str(certificate["certificate_chain"])}}
    return {
        "name": "tls",
        "typed_config": {
            "@type": kind,
            "sni": KLING,
            "auto_sni_san_validation": True,
            "common_tls_context": {"validation_context": trusted},
        },
    }


def test_by_tls(certificate):
    server = Server(tls=context(certificate))
    (port,) = free_ports(1)
    to = cluster("kling", server.url, wasm(PAIR), transport_socket=socket_for(certificate))
    with Envoy([listener(port, [route("kling", KLING)])], [to]) as envoy:
        client = envoy.client(port)
        assert [client.send().status for _ in range(3)] == [200] * 3
        assert all("authorization" in seen for seen, _ in server.seen)
    server.close()


def test_another_servers_certificate(certificate):
    """The handshake fails, so the bearer is not sent."""
    server = Server(tls=context(certificate))
    (port,) = free_ports(1)
    other = socket_for(certificate)
    other["typed_config"]["sni"] = "api-beijing.klingai.com"
    to = cluster("kling", server.url, wasm(PAIR), transport_socket=other)
    with Envoy([listener(port, [route("kling", "api-beijing.klingai.com")])], [to]) as envoy:
        assert envoy.client(port).send().status == 503
    assert server.seen == []
    server.close()


def test_without_tls_no_second_bearer_is_sent():
    """Only an open connection shows that there is no TLS, so one bearer was sent by then."""
    server = Server()
    (port,) = free_ports(1)
    to = cluster("kling", server.url, wasm(PAIR))
    with Envoy([listener(port, [route("kling", KLING)])], [to]) as envoy:
        client = envoy.client(port)
        assert client.send().status == 200
        answers = [client.send() for _ in range(3)]
        assert {answer.json["code"] for answer in answers} == {"ERR_CONFIGURATION"}
        assert "add a transport_socket" in envoy.log()
    assert len(server.seen) == 1
    server.close()
