import gzip
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.exchange import Deadline, system_addresses
from intaglio.fetch.network import Network, NetworkSettings
from intaglio.fetch.source import Fetched
from tests.fetch.conftest import HOST
from tests.fetch.servers import answer, serving

JSON = ("application/json", "application/did+json")


def test_a_document_comes_over_tls_under_the_hosts_name(network: Network, tls: ssl.SSLContext) -> None:
    with serving(answer(b'{"id": 1}', content_type="Application/JSON; charset=utf-8"), tls) as server:
        fetched = network.get(server.url(HOST, "/did.json#key-1"), accept=JSON)
    assert fetched == Fetched(server.url(HOST, "/did.json"), b'{"id": 1}', "application/json")


def test_a_request_says_nothing_about_the_reader(network: Network, tls: ssl.SSLContext) -> None:
    with serving(answer(), tls) as server:
        network.get(server.url(HOST, "/a?b=c#secret"), accept=JSON)
    assert server.heads == [
        b"GET /a?b=c HTTP/1.1\r\n"
        b"Host: school.example:%d\r\n"
        b"Accept: application/json, application/did+json\r\n"
        b"Accept-Encoding: identity\r\n"
        b"User-Agent: intaglio\r\n\r\n" % server.port
    ]


def test_proxies_and_authorities_of_the_environment_are_not_asked(
    network: Network, tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    with serving(answer(), tls) as server:
        assert network.get(server.url(HOST), accept=JSON).body == b"{}"


def test_cookies_are_not_sent_back(network: Network, tls: ssl.SSLContext) -> None:
    def respond(head: bytes, connection: socket.socket) -> None:
        if b"GET / " in head:
            raw = b"HTTP/1.1 302 Found\r\nLocation: /next\r\nSet-Cookie: id=learner\r\nContent-Length: 0\r\n\r\n"
            connection.sendall(raw)
        else:
            answer(b"{}", "Set-Cookie: id=learner")(head, connection)

    with serving(respond, tls) as server:
        for _ in range(2):
            network.get(server.url(HOST), accept=JSON)
    assert len(server.heads) == 4
    assert not any(b"cookie" in head.lower() for head in server.heads)


def test_three_redirects_are_followed_and_the_last_address_is_told(network: Network, tls: ssl.SSLContext) -> None:
    with serving(_counting_down, tls) as server:
        assert network.get(server.url(HOST, "/3"), accept=JSON).url == server.url(HOST, "/0")
        with pytest.raises(Unavailable) as caught:
            network.get(server.url(HOST, "/4"), accept=JSON)
    assert caught.value.problem.kind == "too-many-redirects"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_every_kind_of_redirect_is_followed_with_a_get(network: Network, tls: ssl.SSLContext, status: int) -> None:
    def respond(head: bytes, connection: socket.socket) -> None:
        moved = answer(b"gone", "Location: /there", status=f"{status} Moved")
        (answer() if b"/there" in head else moved)(head, connection)

    with serving(respond, tls) as server:
        network.get(server.url(HOST), accept=JSON)
    assert all(head.startswith(b"GET ") for head in server.heads)


def test_http_to_loopback_works_where_the_reader_said_so(network: Network) -> None:
    with serving(answer()) as server:
        assert network.get(server.url("localhost", "/", "http"), accept=JSON).body == b"{}"


def test_a_document_that_is_stored_compressed_is_unpacked(network: Network, tls: ssl.SSLContext) -> None:
    with serving(answer(gzip.compress(b'{"a": 1}'), "Content-Encoding: GZIP"), tls) as server:
        assert network.get(server.url(HOST), accept=JSON).body == b'{"a": 1}'


def test_a_chunked_answer_is_put_together(network: Network, tls: ssl.SSLContext) -> None:
    raw = (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"
    )
    with serving(lambda _head, connection: connection.sendall(raw), tls) as server:
        assert network.get(server.url(HOST), accept=JSON).body == b"{}"


def test_a_second_address_is_tried_where_the_first_does_not_answer(ca_file: Path, tls: ssl.SSLContext) -> None:
    settings = NetworkSettings(allow_http_loopback=True, ca_file=ca_file)
    network = Network(settings, resolver=lambda _host, _port: ["::1", "127.0.0.1"])
    with serving(answer(), tls) as server:
        assert network.get(server.url(HOST), accept=JSON).body == b"{}"


def test_a_name_is_resolved_once_and_the_checked_address_is_the_one_that_is_asked(
    ca_file: Path, tls: ssl.SSLContext
) -> None:
    """A rebinding name server answers first with what passes the check, and then with what it wants to reach."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    asked: list[tuple[str, int]] = []

    def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append((host, port))
        return next(answers)

    network = Network(NetworkSettings(allow_http_loopback=True, ca_file=ca_file), resolver=rebinding)
    with serving(answer(), tls) as server:
        assert network.get(server.url(HOST), accept=JSON).body == b"{}"
        assert asked == [(HOST, server.port)]
        with pytest.raises(Unavailable) as caught:
            network.get(server.url(HOST), accept=JSON)
    assert caught.value.problem.kind == "forbidden-address"
    assert len(server.heads) == 1


def test_the_systems_resolver_answers_for_addresses_themselves() -> None:
    assert system_addresses("127.0.0.1", 443) == ["127.0.0.1"]


def test_the_systems_resolver_is_asked_where_no_other_is_given(
    tls_for: Callable[[str], ssl.SSLContext], ca_file: Path
) -> None:
    network = Network(NetworkSettings(allow_http_loopback=True, ca_file=ca_file))
    with serving(answer(), tls_for("127.0.0.1")) as server:
        assert network.get(server.url("127.0.0.1"), accept=JSON).body == b"{}"


def test_a_broken_file_of_authorities_is_said_to_be_so(tmp_path: Path) -> None:
    empty = tmp_path / "empty.pem"
    empty.write_text("nothing")
    for file in (empty, tmp_path / "missing.pem"):
        with pytest.raises(MalformedInput) as caught:
            Network(NetworkSettings(ca_file=file)).get("https://127.0.0.1/", accept=JSON)
        assert caught.value.problem.kind == "broken-ca-file"


def test_the_http_library_is_imported_only_when_something_is_asked() -> None:
    code = (
        "import sys, intaglio.fetch.network, intaglio.fetch.sources, intaglio.fetch.stored, intaglio.dids.resolver;"
        "intaglio.fetch.network.Network();"
        "sys.exit(not {'httpx', 'httpcore', 'ssl', 'certifi'}.isdisjoint(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own interpreter


def test_a_deadline_that_has_passed_leaves_nothing() -> None:
    assert Deadline(60).left(5) == 5
    with pytest.raises(Unavailable) as caught:
        Deadline(0).left()
    assert caught.value.problem.kind == "timed-out"


def test_a_resolver_that_hangs_does_not_hang_the_reader() -> None:
    released = threading.Event()

    def hang(_host: str, _port: int) -> Sequence[str]:
        released.wait(60)
        return []

    try:
        with pytest.raises(Unavailable) as caught:
            Network(NetworkSettings(total_seconds=0.1), resolver=hang).get("https://school.example/", accept=JSON)
    finally:
        released.set()
    assert caught.value.problem.kind == "timed-out"


def _counting_down(head: bytes, connection: socket.socket) -> None:
    number = int(head.split()[1][1:])
    reply = answer(b"", f"Location: /{number - 1}", status="302 Found") if number else answer()
    reply(head, connection)
