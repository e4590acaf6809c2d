import dataclasses
import json
from pathlib import Path

import pytest

from intaglio.errors import MalformedInput
from intaglio.status.bitstring import SHORTEST_IN_USE, StatusList, expand
from intaglio.status.credential import StatusListContent, read_list
from intaglio.status.entries import ListEntry, ListKind, RevocationListEntry, UnknownEntry, parse_entries
from intaglio.status.evaluate import (
    Meaning,
    StatusFinding,
    evaluate,
    evaluate_revocation_list,
    evaluate_unknown,
)

ENTRY = ListEntry(
    kind=ListKind.BITSTRING,
    purpose="revocation",
    index=94567,
    list_url="https://example.com/credentials/status/3",
    size=1,
    messages=(),
    pointer="/credentialStatus",
)
REVOCATIONS = RevocationListEntry("https://example.edu/revocations", "/credentialStatus")
FOUR = ("pending", "accepted", "rejected", "undefined")


def content(*set_indexes: int, purpose: str = "revocation", size: int = 1, value: int = 1) -> StatusListContent:
    bits = StatusList(size=size)
    bits.set_many(set_indexes, value)
    return StatusListContent(ListKind.BITSTRING, (purpose,), None, None, (), expand(bits.encode()))


def refusal(entry: ListEntry, found: StatusListContent) -> tuple[str, str | None]:
    with pytest.raises(MalformedInput) as raised:
        evaluate(entry, found)
    return raised.value.problem.kind, raised.value.problem.pointer


def test_an_unset_bit_is_clear() -> None:
    assert evaluate(ENTRY, content(94566, 94568)) == StatusFinding("revocation", Meaning.CLEAR, 0)


@pytest.mark.parametrize(("purpose", "kind"), [("revocation", "revoked"), ("suspension", "suspended")])
def test_a_set_bit_revokes_or_suspends(purpose: str, kind: str) -> None:
    finding = evaluate(dataclasses.replace(ENTRY, purpose=purpose), content(94567, purpose=purpose))

    assert (finding.meaning, finding.value) == (Meaning.REFUSED, 1)
    assert finding.problem is not None
    assert (finding.problem.kind, finding.problem.pointer) == (kind, "/credentialStatus")


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_value_but_0_revokes(value: int) -> None:
    entry = dataclasses.replace(ENTRY, size=2, messages=FOUR)
    finding = evaluate(entry, content(94567, size=2, value=value))

    assert (finding.meaning, finding.value, finding.message) == (Meaning.REFUSED, value, FOUR[value])


def test_a_refresh_informs() -> None:
    entry = dataclasses.replace(ENTRY, purpose="refresh")

    assert evaluate(entry, content(94567, purpose="refresh")) == StatusFinding("refresh", Meaning.NOTICE, 1)
    assert evaluate(entry, content(purpose="refresh")) == StatusFinding("refresh", Meaning.CLEAR, 0)


def test_a_message_informs_with_its_text() -> None:
    entry = dataclasses.replace(ENTRY, purpose="message", size=2, messages=FOUR)

    found = evaluate(entry, content(94567, purpose="message", size=2, value=2))
    assert found == StatusFinding("message", Meaning.NOTICE, 2, "rejected")
    found = evaluate(entry, content(purpose="message", size=2))
    assert found == StatusFinding("message", Meaning.NOTICE, 0, "pending")


def test_a_message_of_one_bit_without_texts_is_set_or_unset() -> None:
    entry = dataclasses.replace(ENTRY, purpose="message")

    assert evaluate(entry, content(94567, purpose="message")) == StatusFinding("message", Meaning.NOTICE, 1, "set")
    assert evaluate(entry, content(purpose="message")) == StatusFinding("message", Meaning.CLEAR, 0, "unset")


def test_an_empty_message_stays_empty() -> None:
    entry = dataclasses.replace(ENTRY, purpose="message", size=2, messages=("", "", "", ""))
    found = evaluate(entry, content(94567, purpose="message", size=2, value=3))

    assert found == StatusFinding("message", Meaning.NOTICE, 3, "")


def test_the_texts_of_the_list_serve_where_the_entry_has_none() -> None:
    entry = dataclasses.replace(ENTRY, purpose="message")
    listed = dataclasses.replace(content(94567, purpose="message"), messages=("early", "late"))

    assert evaluate(entry, listed).message == "late"
    assert evaluate(dataclasses.replace(entry, messages=("no", "yes")), listed).message == "yes"


@pytest.mark.parametrize("value", [0, 1])
def test_a_purpose_of_the_issuers_own_is_unknown_even_where_it_is_unset(value: int) -> None:
    entry = dataclasses.replace(ENTRY, purpose="active")
    finding = evaluate(entry, content(94567, purpose="active", value=value))

    assert (finding.meaning, finding.value) == (Meaning.UNKNOWN, value)
    assert finding.problem is not None
    assert (finding.problem.kind, finding.problem.pointer) == ("status-purpose", "/credentialStatus/statusPurpose")


def test_a_list_of_another_purpose_cannot_clear_a_credential() -> None:
    assert refusal(ENTRY, content(purpose="suspension")) == (
        "status-purpose-mismatch",
        "/credentialStatus/statusPurpose",
    )


def test_purposes_are_compared_to_the_letter() -> None:
    assert refusal(ENTRY, content(purpose="Revocation"))[0] == "status-purpose-mismatch"


def test_a_list_of_several_purposes_serves_each() -> None:
    both = dataclasses.replace(content(94567), purposes=("suspension", "revocation"))

    assert evaluate(ENTRY, both).meaning is Meaning.REFUSED


def test_the_detail_of_a_mismatch_is_short_whatever_the_list_holds() -> None:
    many = dataclasses.replace(content(), purposes=("x" * 10_000,) * 1000)
    with pytest.raises(MalformedInput) as raised:
        evaluate(ENTRY, many)

    assert len(raised.value.problem.detail) < 1000


def test_a_short_list_cannot_single_a_learner_out() -> None:
    short = dataclasses.replace(content(), bits=bytes(16_383))

    assert refusal(dataclasses.replace(ENTRY, index=1), short) == (
        "status-list-too-short",
        "/credentialStatus/statusListCredential",
    )


def test_an_older_list_may_be_shorter() -> None:
    entry = dataclasses.replace(ENTRY, kind=ListKind.STATUS_LIST_2021, index=1)
    short = dataclasses.replace(content(), kind=ListKind.STATUS_LIST_2021, bits=b"\x40")

    assert evaluate(entry, short).meaning is Meaning.REFUSED
    assert refusal(dataclasses.replace(entry, index=8), short)[0] == "status-index-out-of-range"


def test_an_index_beyond_the_list_is_not_unset() -> None:
    assert refusal(dataclasses.replace(ENTRY, index=131_072), content()) == (
        "status-index-out-of-range",
        "/credentialStatus/statusListIndex",
    )


def test_a_list_of_the_other_generation_is_refused() -> None:
    older = dataclasses.replace(content(), kind=ListKind.STATUS_LIST_2021)

    assert refusal(ENTRY, older) == ("status-list-mismatch", "/credentialStatus/statusListCredential")


def test_a_list_of_wider_entries_is_not_read_bit_by_bit() -> None:
    wider = dataclasses.replace(content(size=2), size=2)

    assert refusal(ENTRY, wider) == ("status-size-mismatch", "/credentialStatus/statusSize")
    assert evaluate(ENTRY, dataclasses.replace(content(), size=1)).meaning is Meaning.CLEAR


def test_a_finding_cannot_be_mistaken_for_a_yes_or_no() -> None:
    with pytest.raises(TypeError):
        bool(StatusFinding("revocation", Meaning.CLEAR))


@pytest.mark.parametrize(
    ("name", "meaning"),
    [
        ("v1__v1Revoked", Meaning.REFUSED),
        ("v1__v1RevokedAndExpired", Meaning.REFUSED),
        ("v1__v1WithValidStatus", Meaning.CLEAR),
        ("v2__v2Revoked", Meaning.REFUSED),
        ("v2__v2RevokedAndExpired", Meaning.REFUSED),
        ("v2__v2WithValidStatus", Meaning.CLEAR),
        ("eddsa__v2__v2EddsaWithValidStatus", Meaning.CLEAR),
        ("v2__didWeb__v2didWebWithValidStatus", Meaning.CLEAR),
    ],
)
def test_the_credentials_of_the_digital_credentials_consortium_have_the_status_that_they_say(
    vectors: Path, name: str, meaning: Meaning
) -> None:
    credential = json.loads((vectors / "dcc-verifier-core" / f"{name}.json").read_bytes())
    published = json.loads((vectors / "status/dcc/verifier-core-e5WK8CbZ1GjycuPombrj.json").read_bytes())

    (entry,) = parse_entries(credential)

    assert isinstance(entry, ListEntry)
    assert evaluate(entry, read_list(published), minimum=SHORTEST_IN_USE).meaning is meaning
    assert refusal(entry, read_list(published))[0] == "status-list-too-short"


def test_the_fixture_of_1edtech_with_a_number_for_an_index_is_refused(vectors: Path) -> None:
    credential = json.loads((vectors / "1edtech-ob30/bit-string-list__credential-status-revoked.json").read_bytes())
    with pytest.raises(MalformedInput) as raised:
        parse_entries(credential)

    assert raised.value.problem.pointer == "/credentialStatus/statusListIndex"


def revocations(*items: object) -> dict[str, object]:
    return {
        "id": REVOCATIONS.list_url,
        "issuer": "https://example.edu/issuers/1",
        "revokedCredentials": list(items),
    }


def test_a_credential_in_the_list_of_1edtech_is_revoked_with_its_reason() -> None:
    listed = revocations({"id": "urn:1"}, {"id": "urn:2", "revoked": True, "revocationReason": "Issued in error."})

    finding = evaluate_revocation_list(REVOCATIONS, listed, "urn:2")

    assert (finding.meaning, finding.message) == (Meaning.REFUSED, "Issued in error.")
    assert finding.problem is not None
    assert (finding.problem.kind, finding.problem.pointer) == ("revoked", "/credentialStatus")
    assert "Issued in error." in finding.problem.detail
    assert evaluate_revocation_list(REVOCATIONS, listed, "urn:1").meaning is Meaning.REFUSED


def test_a_credential_that_is_not_listed_or_not_revoked_any_more_is_clear() -> None:
    listed = revocations({"id": "urn:1"}, {"id": "urn:2", "revoked": False, "revocationReason": "A mistake."})

    assert evaluate_revocation_list(REVOCATIONS, listed, "urn:2").meaning is Meaning.CLEAR
    assert evaluate_revocation_list(REVOCATIONS, listed, "urn:3").meaning is Meaning.CLEAR


def test_listed_twice_one_revocation_is_enough() -> None:
    listed = revocations({"id": "urn:1", "revoked": False}, {"id": "urn:1", "revocationReason": 5})

    finding = evaluate_revocation_list(REVOCATIONS, listed, "urn:1")

    assert (finding.meaning, finding.message) == (Meaning.REFUSED, None)


def test_an_issuer_who_has_revoked_nothing_may_leave_the_list_out() -> None:
    listed = revocations()
    del listed["revokedCredentials"]

    assert evaluate_revocation_list(REVOCATIONS, listed, "urn:1").meaning is Meaning.CLEAR


@pytest.mark.parametrize(
    "page",
    [
        {},
        {"error": "not found"},
        {"id": "https://example.edu/revocations"},
        {**revocations(), "revokedCredentials": "urn:1"},
        {**revocations(), "revokedCredentials": {"id": "urn:1"}},
    ],
)
def test_an_error_page_is_not_an_empty_list(page: dict[str, object]) -> None:
    with pytest.raises(MalformedInput) as raised:
        evaluate_revocation_list(REVOCATIONS, page, "urn:1")

    assert (raised.value.problem.kind, raised.value.problem.pointer) == ("status-list-malformed", "/revokedCredentials")


@pytest.mark.parametrize(
    ("item", "pointer"),
    [
        ("urn:1", "/revokedCredentials/0"),
        ({}, "/revokedCredentials/0"),
        ({"id": 5}, "/revokedCredentials/0"),
        ({"id": "urn:1", "revoked": "false"}, "/revokedCredentials/0/revoked"),
        ({"id": "urn:1", "revoked": None}, "/revokedCredentials/0/revoked"),
    ],
)
def test_a_list_of_1edtech_with_a_broken_line_is_refused(item: object, pointer: str) -> None:
    with pytest.raises(MalformedInput) as raised:
        evaluate_revocation_list(REVOCATIONS, revocations(item), "urn:9")

    assert (raised.value.problem.kind, raised.value.problem.pointer) == ("status-list-malformed", pointer)


@pytest.mark.parametrize("identifier", [None, 5, ["urn:1"]])
def test_a_credential_without_an_id_cannot_pass_a_list_of_ids(identifier: object) -> None:
    with pytest.raises(MalformedInput) as raised:
        evaluate_revocation_list(REVOCATIONS, revocations(), identifier)

    assert (raised.value.problem.kind, raised.value.problem.pointer) == ("status-malformed", "/id")


def test_a_status_of_an_unknown_kind_is_unknown() -> None:
    finding = evaluate_unknown(UnknownEntry(("RevocationList2020Status",), "/credentialStatus/1"))

    assert finding.meaning is Meaning.UNKNOWN
    assert finding.problem is not None
    assert (finding.problem.kind, finding.problem.pointer) == ("status-type", "/credentialStatus/1/type")
    assert "RevocationList2020Status" in finding.problem.detail
