from collections.abc import Callable
from typing import Any

import pytest

from intaglio.openbadges import baking
from tests.cli.conftest import Done, Run
from tests.openbadges.baking.images import png, svg
from tests.verification.builders import (
    LEARNER,
    SCHOOL,
    as_bytes,
    badge,
    badge_token,
    endorsement,
    envelope,
    learner_record,
    presentation,
    signed,
    token,
)

GOOD = signed(badge())


@pytest.fixture
def show(intaglio: Run, write: Callable[..., str]) -> Callable[..., Done]:
    """Return what shows a document."""
    return lambda document: intaglio("show", write("file", document))


@pytest.mark.parametrize(
    "document",
    [
        badge(),
        GOOD,
        {**GOOD, "validUntil": "1999-01-01T00:00:00Z"},
        token(badge()),
        badge_token(),
        envelope(token(badge())),
        baking.bake(png(), as_bytes(GOOD)),
        baking.bake(svg("", attributes=""), as_bytes(GOOD)),
        presentation(GOOD),
        presentation(token(badge())),
        presentation(envelope(token(badge()))),
        token(presentation(envelope(token(badge()))), "learner"),
        learner_record(GOOD),
    ],
    ids=[
        "unsigned",
        "signed",
        "changed",
        "token",
        "token of open badges",
        "envelope",
        "png",
        "svg",
        "presentation",
        "of a token",
        "of an envelope",
        "in a token",
        "record",
    ],
)
def test_a_badge_in_any_form_says_what_it_says(show: Callable[..., Done], document: Any) -> None:
    done = show(document)
    assert (done.status, done.err) == (0, "")
    assert "description       Weighs evidence before judging." in done.out
    assert "criteria          Defended a thesis." in done.out


def test_what_is_shown_begins_with_a_warning_and_is_indented_by_depth(show: Callable[..., Done]) -> None:
    lines = show(presentation(GOOD)).out.splitlines()
    assert lines[:3] == [
        "It says, in its own words (nothing of this was checked; “intaglio verify” does that):",
        "",
        "  presentation      of one credential",
    ]
    assert lines[3:5] == [f"  presented by      {LEARNER}", "    name              Critical thinking"]
    assert any(line.strip() == SCHOOL for line in lines)


def test_an_endorsement_is_shown(show: Callable[..., Done]) -> None:
    out = show(endorsement()).out
    assert "comment           Seen." in out
    assert f"about             {badge()['id']}" in out


def test_what_cannot_be_opened_inside_is_told(show: Callable[..., Done]) -> None:
    out = show(presentation("a.b.c", 7, {"type": "EnvelopedVerifiableCredential", "id": "data:image/png,"}, GOOD)).out
    assert out.count("something that cannot be opened") == 3
    assert "Critical thinking" in out


@pytest.mark.parametrize("document", [{}, {"type": "VerifiableCredential"}, {"name": ""}], ids=str)
def test_a_document_that_says_nothing_is_told_as_such(show: Callable[..., Done], document: Any) -> None:
    done = show(document)
    assert (done.status, done.out.splitlines()[-1]) == (0, "  nothing that we know how to show")


def test_a_hundred_thousand_lines_are_cut_off(show: Callable[..., Done]) -> None:
    lines = show(badge(evidence=[{"type": "Evidence", "name": "E"}] * 40_000)).out.splitlines()
    assert len(lines) < 1010
    assert lines[-1] == "There is more; the first 1,000 lines are shown."


@pytest.mark.parametrize(
    ("document", "status", "words"),
    [
        (b"", 2, "This is not a credential in any form that we know."),
        (b"\xff\xfe", 2, "This is not a credential"),
        (b"{", 2, "This document is not JSON."),
        (b"[]", 2, "This is not a credential"),
        (b'{"a": 1, "a": 2}', 2, "A name stands twice"),
        (png(), 2, "There is no badge in this image."),
        (b"<html></html>", 2, "This is not a credential in any form that we know."),
        (b"eyJhbGciOiJub25lIn0.e30", 2, "This is not a credential"),
        (b"eyJhbGciOiJub25lIn0.e30.~x", 1, "selective disclosure"),
    ],
)
def test_what_is_no_credential_is_refused(show: Callable[..., Done], document: bytes, status: int, words: str) -> None:
    done = show(document)
    assert (done.status, done.out) == (status, "")
    assert words in done.err


@pytest.mark.parametrize("value", [None, True, 7, "text", [], [[1]], {}, [{}], {"id": {"@value": "x"}}], ids=str)
@pytest.mark.parametrize(
    "member", ["issuer", "credentialSubject", "evidence", "credentialStatus", "name", "type", "holder"]
)
def test_hostile_types_never_end_in_a_traceback(show: Callable[..., Done], member: str, value: Any) -> None:
    for document in (badge(), presentation(GOOD), learner_record(GOOD)):
        assert show({**document, member: value}).status == 0
