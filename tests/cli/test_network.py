"""With the network: a server on this machine, which has to be allowed."""

from collections.abc import Callable

import pytest

from tests.cli.conftest import AT, Run
from tests.fetch.servers import Server, answer, serving
from tests.verification.builders import as_bytes, entry, signed, status_list, with_status

NEVER_ANSWERS = "http://127.0.0.1:1/list"


def _badge(server: Server) -> bytes:
    return as_bytes(signed(with_status(entry(7, url=server.url("127.0.0.1", "/list", "http")))))


@pytest.mark.parametrize(("revoked", "status"), [((), 0), ((7,), 1)])
def test_a_status_list_is_asked_for_over_the_network_once_for_all_files(
    intaglio: Run, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch, revoked: tuple[int, ...], status: int
) -> None:
    monkeypatch.setenv("INTAGLIO_ALLOW_HTTP_LOOPBACK", "1")
    body = as_bytes(signed(status_list(set_at=revoked)))
    with serving(answer(body, content_type="application/vc")) as server:
        names = [write(name, _badge(server)) for name in ("one.json", "two.json")]
        done = intaglio("verify", "--at", AT, *names)
    assert (done.status, done.err) == (status, "")
    assert len(server.heads) == 1


@pytest.mark.parametrize("allowed", ["", "0", "true"])
def test_servers_on_this_machine_are_not_asked_unless_they_are_allowed(
    intaglio: Run, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch, allowed: str
) -> None:
    monkeypatch.setenv("INTAGLIO_ALLOW_HTTP_LOOPBACK", allowed)
    with serving(answer(as_bytes(signed(status_list())))) as server:
        done = intaglio("verify", "--at", AT, write("one.json", _badge(server)))
    assert (done.status, server.heads) == (3, [])


def test_off_line_nobody_is_asked(intaglio: Run, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAGLIO_ALLOW_HTTP_LOOPBACK", "1")
    with serving(answer(as_bytes(signed(status_list())))) as server:
        done = intaglio("verify", "--offline", "--at", AT, write("one.json", _badge(server)))
    assert (done.status, server.heads) == (3, [])


def test_stored_documents_answer_before_the_network(
    intaglio: Run, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAGLIO_ALLOW_HTTP_LOOPBACK", "1")
    with serving(answer(as_bytes(signed(status_list(set_at=[7]))))) as server:
        document = write("one.json", _badge(server))
        write("at-hand/list.json", signed(status_list()))
        write("at-hand/index.json", {server.url("127.0.0.1", "/list", "http"): "list.json"})
        assert intaglio("verify", "--at", AT, "--documents", "at-hand", document).status == 0
        assert server.heads == []


def test_a_server_that_does_not_answer_leaves_it_open(
    intaglio: Run, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAGLIO_ALLOW_HTTP_LOOPBACK", "1")
    done = intaglio("verify", "--json", "--at", AT, write("one.json", signed(with_status(entry(url=NEVER_ANSWERS)))))
    assert (done.status, done.report["outcome"]) == (3, "unknown")


def test_issuing_asks_nobody(
    intaglio: Run, make_key: Callable[..., str], write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTAGLIO_ALLOW_HTTP_LOOPBACK", "1")
    with serving(answer(as_bytes(signed(status_list(set_at=[7]))))) as server:
        url = server.url("127.0.0.1", "/list", "http")
        document = write("badge.json", with_status(entry(7, url=url), issuer=make_key()))
        done = intaglio("issue", document, "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
    assert (done.status, server.heads) == (0, [])
