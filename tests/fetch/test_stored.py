import json
import os
from pathlib import Path
from typing import Any

import pytest

from intaglio.errors import MalformedInput, Unavailable
from intaglio.fetch.source import Fetched
from intaglio.fetch.stored import StoredDocuments

JSON = ("application/json",)
URL = "https://school.example/status/1"
DID = "did:web:school.example"


def store(folder: Path, index: Any) -> Path:
    (folder / "index.json").write_text(json.dumps(index))
    return folder


def test_a_stored_document_answers_for_a_url_and_for_a_did(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "did.json").write_bytes(b"{}")
    (tmp_path / "status.json").write_bytes(b"[]")
    stored = StoredDocuments(store(tmp_path, {DID: "keys/did.json", URL: "status.json"}))
    assert stored.get(DID, accept=JSON) == Fetched(DID, b"{}", "")
    assert stored.get(URL, accept=JSON).body == b"[]"


def test_an_index_may_have_another_name(vectors: Path) -> None:
    index = vectors / "documents.json"
    stored = StoredDocuments.from_index(index)
    for url in json.loads(index.read_bytes()):
        assert json.loads(stored.get(url, accept=JSON).body)


def test_what_is_not_in_the_index_is_not_to_be_had(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        StoredDocuments(store(tmp_path, {})).get(URL, accept=JSON)
    assert caught.value.problem.kind == "not-stored"


def test_a_stored_document_keeps_to_the_limit(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_bytes(b"12345")
    stored = StoredDocuments(store(tmp_path, {URL: "status.json"}))
    assert stored.get(URL, accept=JSON, max_bytes=5).body == b"12345"
    with pytest.raises(Unavailable) as caught:
        stored.get(URL, accept=JSON, max_bytes=4)
    assert caught.value.problem.kind == "answer-too-large"


@pytest.mark.parametrize("name", ["../secret.json", "/etc/passwd", "a/../../secret.json", "link.json", "loop.json"])
def test_a_file_name_does_not_lead_out_of_the_folder(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (tmp_path / "secret.json").write_bytes(b"{}")
    (folder / "link.json").symlink_to(tmp_path / "secret.json")
    (folder / "loop.json").symlink_to(folder / "loop.json")
    assert broken(store(folder, {URL: name}))


@pytest.mark.parametrize("index", [[], {URL: 1}, {URL: None}, {URL: ""}, {URL: "a\0b"}, {URL: {"file": "a"}}])
def test_an_index_that_is_no_map_to_file_names_is_broken(tmp_path: Path, index: Any) -> None:
    assert broken(store(tmp_path, index))


@pytest.mark.parametrize("raw", [b"", b"{", b'{"a": "b", "a": "c"}', b"\xff", b"[" * 100_000, b" " * 5_000_000])
def test_an_index_that_is_no_json_is_broken(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "index.json").write_bytes(raw)
    assert broken(tmp_path)


def test_a_folder_without_an_index_is_broken(tmp_path: Path) -> None:
    assert broken(tmp_path)


def broken(folder: Path) -> bool:
    with pytest.raises(MalformedInput) as caught:
        StoredDocuments(folder)
    return caught.value.problem.kind == "broken-index"


def test_a_file_that_is_missing_does_not_send_the_question_to_the_network(tmp_path: Path) -> None:
    with pytest.raises(MalformedInput):
        StoredDocuments(store(tmp_path, {URL: "gone.json"})).get(URL, accept=JSON)


def test_a_pipe_that_nobody_writes_to_does_not_hang_the_reader(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    with pytest.raises(MalformedInput):
        StoredDocuments(store(tmp_path, {URL: "pipe.json"})).get(URL, accept=JSON)


def test_a_file_that_cannot_be_opened_is_said_to_be_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "status.json").write_bytes(b"{}")
    stored = StoredDocuments(store(tmp_path, {URL: "status.json"}))

    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(MalformedInput) as caught:
        stored.get(URL, accept=JSON)
    assert caught.value.problem.kind == "broken-index"
