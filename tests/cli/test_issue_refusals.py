import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from intaglio.documents import JsonObject
from tests.cli.conftest import Done, Run
from tests.verification.builders import (
    LIST_URL,
    OPEN_BADGES,
    V2,
    badge,
    entry,
    old_badge,
    presentation,
    signed,
    status_list,
    with_status,
)

Issue = Callable[..., Done]


@pytest.fixture
def issue(intaglio: Run, make_key: Callable[..., str], write: Callable[..., str]) -> Issue:
    """Return what seals a document by a new key, which takes the place of the issuer unless the document names another."""
    issuer = make_key()

    def run(document: object, *more: str, own: bool = True) -> Done:
        if own and isinstance(document, dict):
            document = {**document, "issuer": {"id": issuer, "type": ["Profile"], "name": "A"}}
        name = write("badge.json", document)
        return intaglio("issue", name, "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022", *more)

    return run


def _without(document: JsonObject, *path: str) -> JsonObject:
    changed: JsonObject = json.loads(json.dumps(document))
    parent = changed
    for step in path[:-1]:
        parent = parent[step]
    del parent[path[-1]]
    return changed


@pytest.mark.parametrize(
    ("document", "words", "place"),
    [
        (badge(nickname="CT"), "A member has a name that nothing defines", "/nickname"),
        (badge(issuer="x", id="badge-1"), "An identifier is not a web address", "/id"),
        (
            badge(credentialSubject={**badge()["credentialSubject"], "image": {"id": "a.png", "type": "Image"}}),
            "An identifier is incomplete",
            "/credentialSubject/image/id",
        ),
        (badge(validUntil="2020-01-01T00:00:00Z", validFrom=None), "It has expired.", None),
        (badge(validFrom="soon"), "is not of the form 2026-06-30T12:00:00Z", "/validFrom"),
        (
            _without(badge(), "credentialSubject", "achievement", "criteria"),
            "The member “criteria” is missing.",
            "/credentialSubject/achievement",
        ),
        (
            badge(**{"@context": [V2, "https://words.example/1"]}),
            "words from a list that we do not have",
            "/@context/1",
        ),
        (old_badge(), "Write it by version 2.0.", "/@context"),
        (presentation(signed(badge())), "A presentation is signed by its holder", "/type"),
        (signed(badge()), "Begin with the credential without its proof.", "/proof"),
        (badge(proof=[]), "Begin with the credential without its proof.", "/proof"),
        (_without(badge(), "type"), "The document does not say what it is.", "/type"),
        (badge(**{"@context": [OPEN_BADGES]}), "by which rules it is to be read", "/@context"),
        (with_status({**entry(), "statusListIndex": "x"}), "statusListIndex", "/credentialStatus/statusListIndex"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_says_what_is_wrong_and_where(issue: Issue, document: Any, words: str, place: str | None) -> None:
    done = issue(document)
    assert (done.status, done.out) == (1, "")
    lines = done.err.splitlines()
    assert all(line.startswith("intaglio: ") for line in lines)
    assert any(words in line and (place is None or f"(at {place})" in line) for line in lines), done.err


def test_every_finding_is_printed_once(issue: Issue) -> None:
    subject = {
        **_without(badge(), "credentialSubject", "achievement", "criteria")["credentialSubject"],
        "colour": "red",
    }
    done = issue(badge(credentialSubject=subject, validFrom="soon"))
    lines = done.err.splitlines()
    assert len(lines) == len(set(lines))
    for place in ("/credentialSubject/colour", "/credentialSubject/achievement", "/validFrom"):
        assert any(f"(at {place})" in line for line in lines), place


def test_an_issuer_is_not_told_to_ask_the_issuer(issue: Issue) -> None:
    for document in (badge(nickname="CT"), b'{"a": 1, "a": 2}', badge(validFrom="soon")):
        done = issue(document)
        assert done.err
        assert "Ask the" not in done.err


def test_an_issuer_who_is_not_the_key_is_refused(issue: Issue) -> None:
    done = issue(badge(), own=False)
    assert (done.status, done.out) == (1, "")
    assert "It was signed by somebody other than the issuer that it names." in done.err


def test_nothing_is_left_behind_by_a_refusal(issue: Issue, folder: Path) -> None:
    assert issue(badge(nickname="CT"), "--out", "sealed.json").status == 1
    assert not (folder / "sealed.json").exists()


def test_a_status_list_at_hand_that_says_withdrawn_is_a_reason_to_refuse(
    issue: Issue, write: Callable[..., str]
) -> None:
    write("at-hand/list.json", signed(status_list(set_at=[7]))), write("at-hand/index.json", {LIST_URL: "list.json"})
    document = with_status(entry(7))
    assert issue(document).status == 0
    done = issue(document, "--documents", "at-hand")
    assert (done.status, done.out) == (1, "")
    assert "The issuer has withdrawn this credential." in done.err
    assert issue(with_status(entry(8)), "--documents", "at-hand").status == 0


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This document is not JSON."),
        (b"[]", "The outermost value is not a JSON object."),
        (b'{"name": "a", "name": "b"}', "A name stands twice in the same object"),
        (b'{"name": 1e400}', "A number is written that not every reader can hold."),
        (b'{"name": "\\ud800"}', "half a character"),
        (b'{"name": "\xff"}', "not UTF-8"),
        (b'{"a":' * 200 + b"1" + b"}" * 200, "nests too deeply"),
        (b"eyJhbGciOiJub25lIn0.e30.", "not JSON"),
    ],
)
def test_what_is_no_document_is_an_input_that_cannot_be_read(issue: Issue, data: bytes, words: str) -> None:
    done = issue(data)
    assert (done.status, done.out) == (2, "")
    assert words in done.err


@pytest.mark.parametrize("name", ["nowhere.json", ".", "no\0where"])
def test_a_file_that_cannot_be_opened_is_an_input_that_cannot_be_read(
    intaglio: Run, make_key: Callable[..., str], name: str
) -> None:
    make_key()
    done = intaglio("issue", name, "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
    assert (done.status, done.out) == (2, "")
    assert "The file cannot be opened." in done.err


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("file:nowhere.pem", "The key file cannot be opened."),
        ("school.pem", "We do not know where this key is kept."),
        ("file:badge.json", "PKCS#8"),
    ],
)
def test_a_key_that_cannot_be_used_is_refused(
    intaglio: Run, badge_of: Callable[..., str], folder: Path, uri: str, words: str
) -> None:
    document = badge_of("did:web:school.example")
    (folder / document).chmod(0o600)
    done = intaglio("issue", document, "--key", uri, "--suite", "eddsa-rdfc-2022")
    assert (done.status, done.out) == (1, "")
    assert words in done.err


def test_a_key_of_another_kind_than_the_suite_is_refused(
    intaglio: Run, make_key: Callable[..., str], badge_of: Callable[..., str]
) -> None:
    done = intaglio("issue", badge_of(make_key()), "--key", "file:school.pem", "--suite", "ecdsa-rdfc-2019")
    assert (done.status, done.out) == (1, "")
    assert "ecdsa-rdfc-2019 does not sign with a ed25519 key" in done.err


@pytest.mark.parametrize("folder_name", ["nowhere", "badge.json"])
@pytest.mark.parametrize("option", ["--documents", "--contexts"])
def test_a_folder_that_is_none_is_an_input_that_cannot_be_read(issue: Issue, option: str, folder_name: str) -> None:
    done = issue(badge(), option, folder_name)
    assert (done.status, done.out) == (2, "")
    assert "cannot be read" in done.err
