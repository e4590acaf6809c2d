import json
import socket
import ssl
from pathlib import Path

import pytest
import trustme

from intaglio.dids.resolver import BareKey, Resolver
from intaglio.errors import Unavailable
from intaglio.fetch.network import Network, NetworkSettings
from intaglio.fetch.sources import Budget, Cached, FirstOf, Memory
from intaglio.multikey import PublicKey
from tests.dids.samples import P256_JWK, document
from tests.fetch.servers import answer, serving


def test_a_did_web_and_an_issuers_address_are_resolved_over_tls(tmp_path: Path) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("school.example").configure_cert(tls)
    settings = NetworkSettings(allow_http_loopback=True, ca_file=tmp_path / "ca.pem")
    network = Network(settings, resolver=lambda _host, _port: ["127.0.0.1"])

    def respond(head: bytes, connection: socket.socket) -> None:
        path = head.split()[1].decode()
        documents = {
            "/org/1/did.json": (document(did), "application/did+json"),
            "/issuers/1": (document(issuer), "application/json; charset=utf-8"),
            "/keys/1": (P256_JWK, "application/jwk+json"),
        }
        body, content_type = documents[path]
        answer(json.dumps(body).encode(), content_type=content_type)(head, connection)

    with serving(respond, tls) as server:
        did = f"did:web:school.example%3A{server.port}:org:1"
        issuer = server.url("school.example", "/issuers/1")
        resolver = Resolver(FirstOf(Memory({}), Cached(Budget(network))))
        for controller in (did, issuer):
            assert resolver.method(f"{controller}#key-1", "assertionMethod").controller == controller
        address = server.url("school.example", "/keys/1")
        assert resolver.resolve(address) == BareKey(address, PublicKey.from_jwk(P256_JWK))


@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/octet-stream", "image/svg+xml"])
def test_an_upload_on_somebodys_site_publishes_no_keys(content_type: str) -> None:
    network = Network(NetworkSettings(allow_http_loopback=True), resolver=lambda _host, _port: ["127.0.0.1"])

    def respond(head: bytes, connection: socket.socket) -> None:
        answer(json.dumps(document(issuer)).encode(), content_type=content_type)(head, connection)

    with serving(respond) as server:
        issuer = server.url("localhost", "/uploads/1", "http")
        with pytest.raises(Unavailable) as caught:
            Resolver(network).method(f"{issuer}#key-1", "assertionMethod")
    assert caught.value.problem.kind == "wrong-content-type"
