import gzip
import socket
import ssl
import struct
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
import trustme

from intaglio.errors import Unavailable
from intaglio.fetch.body import Collector
from intaglio.fetch.network import Network, NetworkSettings
from tests.fetch.conftest import HOST, local_network
from tests.fetch.servers import Respond, Server, answer, drip, raw_answer, serving

JSON = ("application/json",)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def refusal(network: Network, url: str, *, max_bytes: int = 100_000) -> str:
    with pytest.raises(Unavailable) as caught:
        network.get(url, accept=JSON, max_bytes=max_bytes)
    return caught.value.problem.kind


@pytest.mark.parametrize(
    "location",
    [
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/latest/meta-data/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "http://127.0.0.1:8000/",
        "https://school.example:22/",
        "https://user@school.example/",
        "file:///etc/passwd",
    ],
)
def test_a_redirect_to_a_forbidden_place_is_not_followed(ca_file: Path, tls: ssl.SSLContext, location: str) -> None:
    settings = NetworkSettings(allow_http_loopback=True, ca_file=ca_file)
    network = Network(settings, resolver=lambda host, _port: ["127.0.0.1"] if host == HOST else [host])
    with serving(answer(b"", f"Location: {location}", status="302 Found"), tls) as server:
        assert refusal(network, server.url(HOST)) == "forbidden-address"
    assert len(server.heads) == 1


def test_loopback_is_not_asked_unless_the_reader_said_so(ca_file: Path, tls: ssl.SSLContext) -> None:
    network = Network(NetworkSettings(ca_file=ca_file), resolver=lambda _host, _port: ["127.0.0.1"])
    with serving(answer(), tls) as server:
        assert refusal(network, server.url(HOST)) == "forbidden-address"
        assert refusal(network, server.url("127.0.0.1")) == "forbidden-address"
        assert refusal(network, server.url("localhost", "/", "http")) == "forbidden-address"
    assert server.heads == []


def test_a_name_with_one_address_inside_the_house_is_not_asked(ca_file: Path, tls: ssl.SSLContext) -> None:
    settings = NetworkSettings(allow_http_loopback=True, ca_file=ca_file)
    network = Network(settings, resolver=lambda _host, _port: ["127.0.0.1", "10.0.0.1"])
    with serving(answer(), tls) as server:
        assert refusal(network, server.url(HOST)) == "forbidden-address"
    assert server.heads == []


@pytest.mark.parametrize(
    "headers",
    [[], ["Location: /a", "Location: /b"], ["Location: https://b.example/\tx"], ["Location: https://schüler.example/"]],
)
def test_a_redirect_that_does_not_lead_to_one_place_is_broken(
    network: Network, tls: ssl.SSLContext, headers: list[str]
) -> None:
    with serving(answer(b"", *headers, status="302 Found"), tls) as server:
        assert refusal(network, server.url(HOST)) == "broken-answer"


@pytest.mark.parametrize("name", ["other.example", "*.example.org"])
def test_a_certificate_for_another_name_does_not_hold(
    network: Network, tls_for: Callable[[str], ssl.SSLContext], name: str
) -> None:
    with serving(answer(), tls_for(name)) as server, pytest.raises(Unavailable) as caught:
        network.get(server.url(HOST), accept=JSON)
    assert caught.value.problem.kind == "unreachable"
    assert "certificate does not hold" in caught.value.problem.detail
    assert server.heads == []


def test_a_certificate_of_an_unknown_authority_does_not_hold(network: Network) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HOST).configure_cert(context)
    with serving(answer(), context) as server:
        assert refusal(network, server.url(HOST)) == "unreachable"
    assert server.heads == []


def test_a_server_without_tls_is_not_taken_for_one_with(network: Network) -> None:
    with serving(answer(), greeting=b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}") as server:
        assert refusal(network, server.url(HOST)) == "unreachable"


@pytest.mark.parametrize(
    ("first", "piece"),
    [
        pytest.param(b"", b"X", id="status line"),
        pytest.param(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", id="header"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="endless continue"),
        pytest.param(HEAD + b"Content-Length: 90000\r\n\r\n", b" ", id="body"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", id="chunks"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Slow: a\r\n", id="trailers"),
    ],
)
def test_a_server_that_drips_does_not_hold_the_reader_up(
    ca_file: Path, tls: ssl.SSLContext, first: bytes, piece: bytes
) -> None:
    """Each single read succeeds in time; only a limit on the whole stops this."""
    holder: list[Server] = []
    with serving(drip(first, piece, lambda: holder[0].stopping), tls) as server:
        holder.append(server)
        assert refusal(local_network(ca_file, total_seconds=0.3), server.url(HOST)) == "timed-out"


@pytest.mark.parametrize("secured", [True, False])
def test_a_server_that_says_nothing_does_not_hold_the_reader_up(
    ca_file: Path, tls: ssl.SSLContext, *, secured: bool
) -> None:
    """Without TLS on its side, the silence falls into the handshake."""
    holder: list[Server] = []

    def wait(_head: bytes, _connection: socket.socket) -> None:
        holder[0].stopping.wait(60)

    with serving(wait, tls if secured else None) as server:
        holder.append(server)
        assert refusal(local_network(ca_file, total_seconds=0.3), server.url(HOST)) == "timed-out"


def test_an_endless_body_is_cut_off(network: Network, tls: ssl.SSLContext) -> None:
    def pour(_head: bytes, connection: socket.socket) -> None:
        connection.sendall(HEAD + b"\r\n")
        while True:
            connection.sendall(b" " * 65536)

    with serving(pour, tls) as server:
        assert refusal(network, server.url(HOST)) == "answer-too-large"


def test_an_endless_header_is_cut_off(network: Network, tls: ssl.SSLContext) -> None:
    def pour(_head: bytes, connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while True:
            connection.sendall(b"X: " + b"a" * 65536 + b"\r\n")

    with serving(pour, tls) as server:
        assert refusal(network, server.url(HOST)) == "unreachable"


def test_a_connection_that_is_torn_down_is_unreachable(network: Network) -> None:
    def tear(_head: bytes, connection: socket.socket) -> None:
        # Lingering for no time makes closing a reset.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with serving(tear) as server, pytest.raises(Unavailable) as caught:
        network.get(server.url("localhost", "/", "http"), accept=JSON)
    assert caught.value.problem.kind == "unreachable"
    assert "the connection broke" in caught.value.problem.detail


def test_thousands_of_headers_cost_no_time(network: Network, tls: ssl.SSLContext) -> None:
    with serving(raw_answer(HEAD + b"a:\r\n" * 20_000 + b"Content-Length: 2\r\n\r\n{}"), tls) as server:
        assert network.get(server.url(HOST), accept=JSON).body == b"{}"


def test_a_gzip_bomb_is_not_unpacked(network: Network, tls: ssl.SSLContext) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    with serving(answer(bomb, "Content-Encoding: gzip"), tls) as server:
        assert refusal(network, server.url(HOST)) == "answer-too-large"


def test_a_gzip_bomb_costs_no_memory() -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    tracemalloc.start()
    try:
        collector = Collector("https://school.example/", ["gzip"], 100_000)
        with pytest.raises(Unavailable):
            collector.add(bomb)
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    "coding", ["gzip, gzip", "br", "deflate", "zstd", "identity, gzip", "gzip\r\nContent-Encoding: gzip"]
)
def test_codings_that_were_not_asked_for_are_refused(network: Network, tls: ssl.SSLContext, coding: str) -> None:
    body = gzip.compress(gzip.compress(b"{}"))
    with serving(answer(body, f"Content-Encoding: {coding}"), tls) as server:
        assert refusal(network, server.url(HOST)) == "broken-answer"


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(gzip.compress(b"{}")[:-3], id="cut short"),
        pytest.param(gzip.compress(b"{}") + b"more", id="something behind it"),
        pytest.param(gzip.compress(b"{}") * 2, id="two members"),
        pytest.param(b"{}", id="not compressed"),
        pytest.param(b"", id="empty"),
    ],
)
def test_a_compressed_body_must_be_whole_and_alone(network: Network, tls: ssl.SSLContext, body: bytes) -> None:
    with serving(answer(body, "Content-Encoding: gzip"), tls) as server:
        assert refusal(network, server.url(HOST)) == "broken-answer"


@pytest.mark.parametrize(
    "reply",
    [
        answer(content_type="text/html"),
        answer(content_type="image/png"),
        answer(content_type="application/jsonp"),
        answer(content_type="text/plain; application/json"),
        answer(content_type=None),
        answer(b"{}", "Content-Type: text/html"),
    ],
)
def test_an_upload_is_not_taken_for_a_document(network: Network, tls: ssl.SSLContext, reply: Respond) -> None:
    with serving(reply, tls) as server:
        assert refusal(network, server.url(HOST)) == "wrong-content-type"


@pytest.mark.parametrize(
    "status", ["201 Created", "204 No Content", "206 Partial Content", "304 Not Modified", "404 Not Found", "500 Oops"]
)
def test_only_200_is_an_answer(network: Network, tls: ssl.SSLContext, status: str) -> None:
    with serving(answer(b"" if status[:3] in ("204", "304") else b"{}", status=status), tls) as server:
        assert refusal(network, server.url(HOST)) == "http-status"


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"SSH-2.0-OpenSSH_9.6\r\n", id="another protocol"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n{}", id="two lengths"),
        pytest.param(HEAD + b"Content-Length: 5\r\n\r\n{}", id="cut short"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", id="broken chunk"),
        pytest.param(b"HTTP/1.1 101 Switching Protocols\r\n\r\n", id="another protocol on request"),
    ],
)
def test_what_is_not_http_is_not_read(network: Network, tls: ssl.SSLContext, raw: bytes) -> None:
    with serving(raw_answer(raw), tls) as server:
        assert refusal(network, server.url(HOST)) in ("unreachable", "http-status")


def test_a_host_that_does_not_exist_is_unreachable() -> None:
    def missing(_host: str, _port: int) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    for resolver in (missing, lambda _host, _port: []):
        assert refusal(Network(resolver=resolver), "https://nowhere.example/") == "unreachable"


def test_a_port_that_nobody_listens_on_is_unreachable(network: Network) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert refusal(network, f"https://school.example:{port}/") == "unreachable"
