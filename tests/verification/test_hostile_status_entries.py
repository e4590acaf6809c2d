"""Status entries that point nowhere, to several places, or into another list than they say; and lists by name."""

import json
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.status.bitstring import StatusList
from intaglio.status.credential import list_credential
from intaglio.verification.report import CheckOutcome, Report
from tests.verification.builders import (
    AT,
    LIST_URL,
    SCHOOL,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    entry,
    presentation,
    problem_of,
    signed,
    status_list,
    verify,
    with_status,
)

_REVOKED_URL = "https://school.example/revoked.json"


def _look(published: Any, *entries: Any, **policy: Any) -> Report:
    """Verify a badge with entries (by default, number 7 of the list) against what is published at the list's address."""
    documents = {} if published is None else {LIST_URL: published}
    return verify(signed(with_status(*(entries or [entry()]))), documents, **policy)


def test_an_index_behind_the_end_of_the_list() -> None:
    report = _look(signed(status_list()), entry(131_072))

    assert_refused(report, "status", "status-index-out-of-range", "/credentialStatus/statusListIndex")


@pytest.mark.parametrize("index", ["-1", "7.0", "seven", "", 7, [], "٧", "7\n"])
def test_an_index_that_is_no_number_in_text(index: Any) -> None:
    report = _look(signed(status_list()), {**entry(), "statusListIndex": index})

    assert check_of(report, "status").problem is not None
    assert (problem_of(report, "status").kind, problem_of(report, "status").pointer) == (
        "status-malformed",
        "/credentialStatus/statusListIndex",
    )
    assert not report.verified


def test_an_index_of_a_million_digits() -> None:
    report = _look(signed(status_list()), {**entry(), "statusListIndex": "9" * 1_000_000})

    assert_refused(report, "status", "status-index-out-of-range", "/credentialStatus/statusListIndex")


def test_entries_of_a_width_that_the_list_does_not_have() -> None:
    listed = list_credential(
        StatusList(), url=LIST_URL, issuer=SCHOOL, purposes=["message"], valid_from=AT, messages=("a", "b")
    )
    wide = {"statusSize": 2, "statusMessage": [{"status": f"0x{n}", "message": str(n)} for n in range(4)]}

    report = _look(signed(listed), entry(purpose="message", **wide))

    assert_refused(report, "status", "status-size-mismatch", "/credentialStatus/statusSize")


@pytest.mark.parametrize("value", [[], [[]], "list", 7, {}])
def test_a_status_that_is_there_and_says_nothing(value: Any) -> None:
    report = verify({**signed(badge()), "credentialStatus": value})

    assert check_of(report, "status").outcome is CheckOutcome.FAILED
    assert problem_of(report, "status").kind == "status-malformed"


def test_more_entries_than_are_looked_up() -> None:
    report = _look(None, *[entry()] * 33)

    assert_refused(report, "status", "status-malformed", "/credentialStatus")


def test_an_entry_of_an_unknown_kind_alone_is_unknown() -> None:
    report = _look(None, {"id": "https://school.example/other", "type": "1EdTechCredentialRefresh"})

    assert_doubted(report, "status", "status-type", "/credentialStatus/type")


def test_an_entry_of_two_kinds_of_which_a_reader_takes_one() -> None:
    report = _look(signed(status_list([7])), {**entry(), "type": ["BitstringStatusListEntry", "1EdTechRevocationList"]})

    assert_refused(report, "status", "status-malformed", "/credentialStatus/type")


def test_no_status_at_all_passes_and_says_so() -> None:
    report = verify(signed(badge()))

    assert_verified(report)
    expected = "It names no list of withdrawn credentials, so it cannot be withdrawn."
    assert check_of(report, "status").note == expected


def _look_up_by_name(published: Any, **changes: Any) -> Report:
    listed = {"id": _REVOKED_URL, "type": "1EdTechRevocationList"}
    documents = {} if published is None else {_REVOKED_URL: published}
    return verify(signed(with_status(listed, **changes)), documents)


def _revocations(*ids: Any) -> JsonObject:
    return {"id": _REVOKED_URL, "issuer": SCHOOL, "revokedCredentials": [{"id": item} for item in ids]}


def test_a_credential_that_a_revocation_list_names() -> None:
    good = _look_up_by_name(_revocations("urn:uuid:another"))
    assert_verified(good)

    report = _look_up_by_name(_revocations("urn:uuid:another", badge()["id"]))

    assert_refused(report, "status", "revoked", "/credentialStatus")


def test_a_revocation_list_that_does_not_answer_is_unknown() -> None:
    assert_doubted(_look_up_by_name(None), "status", "status-list-unchecked", "/credentialStatus")


@pytest.mark.parametrize(
    "published", [b"<html>", b"[]", b"{}", {"revokedCredentials": "urn:1"}, _revocations({}), _revocations(None)]
)
def test_a_revocation_list_that_cannot_be_read(published: Any) -> None:
    assert_refused(_look_up_by_name(published), "status", "status-list-malformed", "/credentialStatus")


def test_a_credential_without_an_id_that_no_revocation_list_can_name() -> None:
    report = _look_up_by_name(_revocations(), id=None)

    assert_refused(report, "status", "status-malformed", "/id")


def test_a_thousand_credentials_on_one_long_revocation_list_are_looked_up_once_each() -> None:
    names = [f"urn:uuid:{number}" for number in range(100_000)]
    published = json.dumps(_revocations(*names)).encode()
    listed = {"id": _REVOKED_URL, "type": "1EdTechRevocationList"}
    badges = [with_status(*[listed] * 32, id=f"urn:uuid:{number}") for number in range(40)]

    report = verify(presentation(*badges), {_REVOKED_URL: published})

    assert {problem_of(inner, "status").kind for inner in report.credentials} == {"revoked"}
