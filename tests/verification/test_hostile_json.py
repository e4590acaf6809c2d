"""Documents that are broken, or built to be read differently by different readers, before any signature is looked at."""

import json

import pytest

from intaglio.verification.report import CheckOutcome
from tests.verification.builders import as_bytes, assert_refused, badge, check_of, signed, verify


def _text(**changes: object) -> str:
    return json.dumps({**signed(badge()), **changes})


def test_a_second_name_hidden_behind_the_first() -> None:
    text = _text().replace('"name": "Critical thinking"', '"name": "Critical thinking", "name": "Anything"', 1)

    assert_refused(verify(text), "format", "duplicate-member")


def test_a_second_name_spelled_with_an_escape() -> None:
    text = _text().replace('"name": "Critical thinking"', '"name": "Critical thinking", "n\\u0061me": "Anything"', 1)

    assert_refused(verify(text), "format", "duplicate-member")


def test_a_second_proof_member_beside_the_first() -> None:
    assert_refused(verify(_text()[:-1] + ', "proof": []}'), "format", "duplicate-member")


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "Infinity", "9007199254740993", "1" * 100_000])
def test_a_number_that_two_readers_read_differently(number: str) -> None:
    text = _text()[:-1] + f', "awardedNumber": {number}' + "}"

    assert_refused(verify(text), "format", "number-out-of-range")


def test_half_a_character_in_a_name() -> None:
    text = _text().replace("Critical thinking", "\\ud800", 1)

    assert_refused(verify(text), "format", "lone-surrogate", "/name")


@pytest.mark.parametrize("opening", ['{"a":', "["])
def test_ten_thousand_levels(opening: str) -> None:
    assert_refused(verify('{"deep":' + opening * 10_000), "format", "too-deep")


def test_a_document_nested_just_too_deep() -> None:
    assert_refused(verify('{"deep":' + "[" * 100 + "]" * 100 + "}"), "format", "too-deep")


def test_more_megabytes_than_are_read() -> None:
    assert_refused(verify(_text(image="A" * 11_000_000)), "format", "too-large")


def test_a_million_values_in_a_few_megabytes() -> None:
    assert_refused(verify(_text(evidence=[{}] * 250_000)), "format", "too-large")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "not-a-credential"),
        (b"null", "not-a-credential"),
        (b"[]", "not-a-credential"),
        (b"\xef\xbb\xbf{}", "not-a-credential"),
        (b"\xff\xfe{\x00}\x00", "not-a-credential"),
        (b"{", "not-json"),
        (b'{"a": 1} {"a": 2}', "not-json"),
        (b'{"a": "\xff"}', "not-utf8"),
        (b"<html>404</html>", "not-a-credential"),
        (b"a.b", "not-a-credential"),
        (b"a.b.c.d.e", "not-a-credential"),
        (b"....", "not-a-credential"),
        ("é.é.é".encode(), "not-a-credential"),
    ],
)
def test_what_is_no_credential_at_all(data: bytes, kind: str) -> None:
    assert_refused(verify(data), "format", kind)


def test_an_empty_object_is_not_a_credential() -> None:
    report = verify(b"{}")

    assert_refused(report, "format", "vc-context", "/@context")
    assert check_of(report, "proof").outcome is CheckOutcome.FAILED


@pytest.mark.parametrize("place", ["awardedDate", "description", "credentialSchema"])
def test_a_null_member_added_to_a_sealed_badge(place: str) -> None:
    assert_refused(verify(_text(**{place: None})), "format", _kind_of_null(place), f"/{place}")


def _kind_of_null(place: str) -> str:
    # Where the data model says what must stand there, that is said first.
    return "vc-member" if place in ("description", "credentialSchema") else "null-member"


def test_a_null_deep_inside() -> None:
    document = signed(badge())
    document["credentialSubject"]["achievement"]["tag"] = [None]

    assert_refused(verify(document), "format", "null-member", "/credentialSubject/achievement/tag/0")


def test_a_proto_member_added_to_a_sealed_badge() -> None:
    text = _text()[:-1] + ', "__proto__": {"name": "Anything"}}'

    assert_refused(verify(text), "format", "undefined-term", "/__proto__")


def test_a_constructor_member_added_to_a_sealed_badge() -> None:
    assert_refused(verify(_text(constructor={"prototype": {}})), "format", "undefined-term", "/constructor")


def test_a_five_megabyte_name_is_signed_like_any_other() -> None:
    assert verify(signed(badge(name="A" * 5_000_000))).verified


def test_a_five_megabyte_name_that_nobody_signed_is_refused() -> None:
    assert_refused(verify(_text(name="A" * 5_000_000)), "proof", "bad-signature", "/proof")


def test_a_five_megabyte_member_name_is_refused() -> None:
    assert_refused(verify(_text(**{"a" * 5_000_000: 1})), "format", "undefined-term", "")


def test_white_space_around_a_document_changes_nothing() -> None:
    assert verify(b"\r\n\t " + as_bytes(signed(badge())) + b"\n\n").verified
