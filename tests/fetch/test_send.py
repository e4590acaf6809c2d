import gzip
import socket
import ssl
import threading
from pathlib import Path

import pytest

from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.messages import MAX_HEADER, Request, Response, sendable
from intaglio.fetch.network import Network, NetworkSettings
from tests.fetch.conftest import HOST, local_network
from tests.fetch.servers import Respond, answer, drip, raw_answer, serving

FORM = "application/x-www-form-urlencoded"


def reading(body: list[bytes], respond: Respond) -> Respond:
    """Return what reads the body of a request, by its Content-Length, before it answers."""

    def read(head: bytes, connection: socket.socket) -> None:
        head, _, received = head.partition(b"\r\n\r\n")
        length = next(int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:"))
        while len(received) < length:
            received += connection.recv(4096)
        body.append(received)
        respond(head, connection)

    return read


def test_a_post_carries_its_body_and_the_headers_that_it_was_given(network: Network, tls: ssl.SSLContext) -> None:
    bodies: list[bytes] = []
    with serving(reading(bodies, answer(b'{"a": 1}')), tls) as server:
        url = server.url(HOST, "/token?a=b#secret")
        headers = {"Content-Type": FORM, "Authorization": "Bearer abc"}
        response = network.send(Request("POST", url, headers, b"code=1"))
    assert response == Response(
        server.url(HOST, "/token?a=b"),
        200,
        {"content-length": ("8",), "connection": ("close",), "content-type": ("application/json",)},
        b'{"a": 1}',
    )
    assert response.content_type == "application/json"
    assert bodies == [b"code=1"]
    assert server.heads[0].startswith(
        b"POST /token?a=b HTTP/1.1\r\n"
        b"Host: school.example:%d\r\n"
        b"Content-Type: application/x-www-form-urlencoded\r\n"
        b"Authorization: Bearer abc\r\n"
        b"Accept-Encoding: identity\r\n"
        b"User-Agent: intaglio\r\n"
        b"Content-Length: 6\r\n\r\n" % server.port
    )


def test_a_post_without_a_body_says_so(network: Network, tls: ssl.SSLContext) -> None:
    with serving(answer(), tls) as server:
        assert network.send(Request("POST", server.url(HOST))).body == b"{}"
    assert b"\r\nContent-Length: 0\r\n" in server.heads[0]


def test_a_large_body_arrives_whole(network: Network, tls: ssl.SSLContext) -> None:
    bodies: list[bytes] = []
    sent = b"x" * 3_000_000
    with serving(reading(bodies, answer()), tls) as server:
        network.send(Request("POST", server.url(HOST), {}, sent))
    assert bodies == [sent]


def test_a_get_says_nothing_about_the_sender(network: Network, tls: ssl.SSLContext) -> None:
    with serving(answer(), tls) as server:
        network.send(Request("GET", server.url(HOST), {"Accept": "application/json"}))
    assert server.heads == [
        b"GET / HTTP/1.1\r\nHost: school.example:%d\r\nAccept: application/json\r\n"
        b"Accept-Encoding: identity\r\nUser-Agent: intaglio\r\n\r\n" % server.port
    ]


@pytest.mark.parametrize("status", [201, 400, 401, 404, 429, 500, 503])
def test_an_answer_of_any_status_comes_with_its_body(network: Network, tls: ssl.SSLContext, status: int) -> None:
    with serving(answer(b'{"error": "invalid_grant"}', status=f"{status} Word"), tls) as server:
        response = network.send(Request("POST", server.url(HOST)))
    assert (response.status, response.body) == (status, b'{"error": "invalid_grant"}')


def test_an_answer_without_content_is_empty(network: Network, tls: ssl.SSLContext) -> None:
    with serving(raw_answer(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"), tls) as server:
        response = network.send(Request("POST", server.url(HOST)))
    assert (response.status, response.body, response.content_type) == (204, b"", "")


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_the_token_goes_nowhere_else(
    network: Network, tls: ssl.SSLContext, status: int, method: str
) -> None:
    with serving(answer(), tls) as elsewhere:
        moved = answer(b"", f"Location: {elsewhere.url(HOST)}", status=f"{status} Moved")
        with serving(moved, tls) as server:
            request = Request("GET" if method == "GET" else "POST", server.url(HOST), {"Authorization": "Bearer abc"})
            response = network.send(request)
        assert (response.status, elsewhere.heads) == (status, [])
    assert response.headers["location"] == (elsewhere.url(HOST),)


def test_cookies_are_neither_kept_nor_sent(network: Network, tls: ssl.SSLContext) -> None:
    with serving(answer(b"{}", "Set-Cookie: id=learner"), tls) as server:
        for _ in range(2):
            assert network.send(Request("POST", server.url(HOST))).headers["set-cookie"] == ("id=learner",)
    assert not any(b"cookie" in head.lower() for head in server.heads)


def test_one_layer_of_gzip_is_undone(network: Network, tls: ssl.SSLContext) -> None:
    with serving(answer(gzip.compress(b'{"a": 1}'), "Content-Encoding: gzip", status="400 Bad"), tls) as server:
        assert network.send(Request("POST", server.url(HOST))).body == b'{"a": 1}'


@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request", "302 Found"])
def test_an_answer_larger_than_the_limit_is_refused_whatever_its_status(
    network: Network, tls: ssl.SSLContext, status: str
) -> None:
    with serving(answer(b"x" * 101, status=status), tls) as server:
        request = Request("POST", server.url(HOST))
        assert problem_of(network, request, max_bytes=100) == "answer-too-large"
        assert network.send(request, max_bytes=101).body == b"x" * 101


def test_a_bomb_in_an_error_is_refused(network: Network, tls: ssl.SSLContext) -> None:
    bomb = gzip.compress(b"\0" * 10_000_000)
    with serving(answer(bomb, "Content-Encoding: gzip", status="400 Bad"), tls) as server:
        assert problem_of(network, Request("POST", server.url(HOST)), max_bytes=1000) == "answer-too-large"


def test_a_server_that_drips_gains_nothing_by_it(ca_file: Path, tls: ssl.SSLContext) -> None:
    stopping: list[threading.Event] = []
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n"
    with serving(drip(head, b"x", lambda: stopping[0]), tls) as server:
        stopping.append(server.stopping)
        assert problem_of(local_network(ca_file, total_seconds=0.3), Request("POST", server.url(HOST))) == "timed-out"


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://school.example/token", "forbidden-address"),
        ("https://school.example:22/token", "forbidden-address"),
        ("https://user@school.example/token", "forbidden-address"),
        ("file:///etc/passwd", "forbidden-address"),
        ("https://school.example\\@evil.example/", "bad-address"),
        ("https://127.0.0.1/token", "forbidden-address"),
        ("https://169.254.169.254/latest", "forbidden-address"),
        ("https://[::ffff:10.0.0.1]/", "forbidden-address"),
    ],
)
def test_a_post_goes_nowhere_where_a_get_may_not_go(url: str, kind: str) -> None:
    strict = Network(NetworkSettings())
    assert problem_of(strict, Request("POST", url, {"Authorization": "Bearer abc"}, b"secret")) == kind


def test_a_name_that_leads_inside_the_network_is_not_asked() -> None:
    rebound = Network(NetworkSettings(), resolver=lambda _host, _port: ["93.184.216.34", "10.0.0.8"])
    assert problem_of(rebound, Request("POST", "https://school.example/token")) == "forbidden-address"


def test_a_connection_that_breaks_is_no_answer(network: Network, tls: ssl.SSLContext) -> None:
    with serving(raw_answer(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"), tls) as server:
        assert problem_of(network, Request("POST", server.url(HOST))) == "unreachable"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "b\r\nX-Evil: c"},
        {"X-A": "b\nc"},
        {"X-A": "\0"},
        {"X-A": " b"},
        {"X-A": ""},
        {"X-A": "ñ"},
        {"X-A": "x" * (MAX_HEADER + 1)},
        {"X-A\r\nX-Evil": "b"},
        {"X A": "b"},
        {"": "b"},
        {"Host": "evil.example"},
        {"content-length": "5"},
        {"Transfer-Encoding": "chunked"},
        {"Connection": "upgrade"},
        {"Cookie": "a=b"},
        {"User-Agent": "me"},
        {"Accept": "a", "accept": "b"},
    ],
)
def test_a_header_that_would_be_another_request_is_not_sent(headers: dict[str, str]) -> None:
    with pytest.raises(MalformedInput) as caught:
        sendable(Request("POST", "https://school.example/", headers))
    assert caught.value.problem.kind == "unsendable-header"


def test_a_value_that_cannot_be_sent_is_not_shown_either() -> None:
    with pytest.raises(MalformedInput) as caught:
        sendable(Request("POST", "https://school.example/", {"Authorization": "Bearer hidden\n"}))
    assert "hidden" not in str(caught.value)


def test_a_get_has_no_body() -> None:
    with pytest.raises(MalformedInput, match="A GET has no body"):
        sendable(Request("GET", "https://school.example/", {}, b"x"))


def test_what_may_be_secret_is_not_in_the_text_form() -> None:
    request = Request("POST", "https://school.example/", {"Authorization": "Bearer hidden"}, b"hidden")
    response = Response("https://school.example/", 200, {"set-cookie": ("hidden",)}, b"hidden")
    assert "hidden" not in repr(request) + repr(response)


@pytest.mark.parametrize(
    ("stated", "essence"),
    [((), ""), (("A/B; c=d",), "a/b"), (("a/b", "c/d"), "")],
)
def test_the_media_type_is_told_where_one_was_stated(stated: tuple[str, ...], essence: str) -> None:
    assert Response("https://school.example/", 200, {"content-type": stated}).content_type == essence


def problem_of(network: Network, request: Request, *, max_bytes: int = 1000) -> str:
    """Return the kind of problem that sending ends with."""
    with pytest.raises((Unavailable, MalformedInput)) as caught:
        network.send(request, max_bytes=max_bytes)
    return caught.value.problem.kind
