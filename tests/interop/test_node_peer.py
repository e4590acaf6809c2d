"""The worker itself: one process, many requests, no network."""

import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest

from tests.interop import peer as peer_module
from tests.interop.peer import FOLDER, NodePeer, PeerFailed, PeerGone, messages, why_not
from tests.interop.samples import CONTEXTS, NOW, open_badge, published_contexts, status_entry


def test_one_process_answers_every_request(node: NodePeer) -> None:
    node.ask("jcs", value={})
    first = node.pid
    for number in range(100):
        assert node.ask("jcs", value=[number]) == f"[{number}]"
    assert node.pid == first


def test_text_survives_the_pipe_whatever_it_holds(node: NodePeer) -> None:
    text = "a\u2028b\u2029c\r\n\x00\x1b\x7f\x85\ud83d\ude00 \U0001f600 \ufffe"
    assert node.ask("jcs", value=[text.encode("utf-16", "surrogatepass").decode("utf-16")]).startswith(
        '["a\u2028b\u2029c'
    )


def test_a_large_request_and_a_large_answer_pass(node: NodePeer) -> None:
    value = ["x" * 3_000_000]
    assert len(node.ask("jcs", value=value)) == 3_000_004


def test_an_unknown_command_is_an_error_and_the_process_lives_on(node: NodePeer) -> None:
    with pytest.raises(PeerFailed, match="Unknown command"):
        node.ask("toString")
    assert node.ask("jcs", value=1) == "1"


def test_an_error_carries_what_lies_inside_it(node: NodePeer) -> None:
    with pytest.raises(PeerFailed, match=r"jsonld\.ValidationError") as caught:
        node.ask("canonize", document={"@context": CONTEXTS, "id": "urn:a", "unheardOf": 1})
    assert any("invalid property" in cause for cause in caught.value.causes)


def test_messages_are_collected_from_the_outside_in() -> None:
    errors: list[dict[str, Any]] = [
        {"message": "a", "causes": [{"message": "b", "causes": [{"message": "c"}]}]},
        {"message": "d"},
    ]
    assert messages(errors) == ["a", "b", "c", "d"]


def test_a_process_that_does_not_answer_in_time_is_killed() -> None:
    if why_not():
        pytest.skip(str(why_not()))
    with NodePeer(timeout=0) as peer:
        peer._running()
        pid = peer.pid
        assert pid is not None
        with pytest.raises(PeerGone, match="did not answer within 0 s"):
            peer.ask("jcs", value=1)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
        assert peer.pid is None


def test_after_a_process_ended_the_next_request_starts_another() -> None:
    if why_not():
        pytest.skip(str(why_not()))
    with NodePeer() as peer:
        process = peer._running()
        process.kill()
        process.wait()
        with pytest.raises(PeerGone, match="it ended"):
            peer.ask("jcs", value=1)
        assert peer.ask("jcs", value=1) == "1"


def test_no_way_out_of_the_process_is_open(node: NodePeer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        tried = node.ask("reach", host="127.0.0.1", port=server.getsockname()[1])
        with pytest.raises(BlockingIOError):
            server.accept()
    closed = "This process has no network."
    assert {way: tried[way] for way in ("socket", "http", "lookup")} == dict.fromkeys(
        ("socket", "http", "lookup"), closed
    )
    assert tried["fetch"] == "404"
    assert "404" in tried["client"]


@pytest.mark.parametrize("command", ["vc_verify", "verifier_core_credential"])
def test_no_command_opens_a_connection(node: NodePeer, command: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        here = f"http://127.0.0.1:{server.getsockname()[1]}"
        badge = open_badge(
            here,
            **{
                "@context": [*CONTEXTS, f"{here}/context"],
                "credentialStatus": status_entry(f"{here}/status", 1),
                "credentialSchema": {"id": f"{here}/schema", "type": "1EdTechJsonSchemaValidator2019"},
                "proof": {
                    "type": "DataIntegrityProof",
                    "cryptosuite": "eddsa-rdfc-2022",
                    "proofPurpose": "assertionMethod",
                    "verificationMethod": f"{here}/key",
                    "proofValue": "z3",
                },
            },
        )
        answer = node.ask(command, document=badge, now=NOW)
        assert answer.get("verified") is not True
        assert answer["errors"]
        with pytest.raises(BlockingIOError):
            server.accept()


def test_the_clock_of_a_request_does_not_reach_the_next(node: NodePeer) -> None:
    badge = open_badge("did:example:a", validUntil="2025-01-01T00:00:00Z")
    early = node.ask("vc_verify", document=badge, now="2024-12-31T00:00:00Z")
    late = node.ask("vc_verify", document=badge, now="2025-12-31T00:00:00Z")
    expired = 'is after "validUntil"'
    assert not any(expired in text for text in messages(early["errors"]))
    assert any(expired in text for text in messages(late["errors"]))
    with pytest.raises(PeerFailed, match="is no date"):
        node.ask("jcs", value=1, now="yesterday")


def test_the_contexts_in_the_packages_are_the_published_ones(node: NodePeer, vectors: Path) -> None:
    published = published_contexts()
    installed = node.ask("contexts")
    assert set(CONTEXTS) <= set(installed)
    assert {url for url, document in installed.items() if url in published and document != published[url]} == set()
    # An address of 2022 that was a draft; nothing here signs with it.
    assert set(installed) - set(published) == {"https://imsglobal.github.io/openbadges-specification/ob_v3p0.html"}


def test_a_document_of_the_request_goes_before_an_installed_one(node: NodePeer) -> None:
    own = {"@context": {"id": "@id", "name": "https://school.example/terms#name"}}
    document = {"@context": CONTEXTS[0], "id": "urn:a", "name": "x"}
    ours = node.ask("canonize", document=document, documents={CONTEXTS[0]: own})
    assert ours == '<urn:a> <https://school.example/terms#name> "x" .\n'
    assert node.ask("canonize", document=document) == '<urn:a> <https://schema.org/name> "x" .\n'


def test_what_is_missing_on_this_machine_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(peer_module, "FOLDER", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: f"/bin/{name}")
    assert why_not() == "the Node packages are not installed: run `make peers`"
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert why_not() == "node is not installed"


def test_the_lock_file_names_no_registry_and_every_hash() -> None:
    text = (FOLDER / "package-lock.json").read_text()
    assert '"resolved"' not in text
    assert text.count('"integrity"') == text.count('    "node_modules/')
