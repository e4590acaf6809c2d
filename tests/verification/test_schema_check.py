"""Comparing a credential with the models of its standard and with the schemas that it names itself."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import Unavailable
from intaglio.verification.report import Check, CheckOutcome, Outcome
from intaglio.verification.schema_documents import MAX_SCHEMAS, SchemaDocuments
from tests.verification.builders import (
    EXTENSIONS,
    OPEN_BADGES,
    SCHOOL,
    V2,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    presentation,
    signed,
    stored,
    verify,
)

_URL = "https://school.example/schemas/badge.json"
_OFFICIAL = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_NAMED: JsonObject = {"$schema": _DRAFT, "required": ["name"]}


def _badge(*urls: str, kind: str = "JsonSchema", **changes: Any) -> JsonObject:
    return signed(badge(credentialSchema=[{"id": url, "type": kind} for url in urls], **changes))


def _schema(document: JsonObject, documents: JsonObject | None = None) -> Check:
    return check_of(verify(document, documents), "schema")


def test_a_badge_that_keeps_to_its_standard() -> None:
    check = _schema(signed(badge()))

    assert (check.outcome, check.note) == (CheckOutcome.PASSED, None)


def test_a_badge_that_breaks_its_standard_says_all_of_it() -> None:
    check = _schema(signed(badge(id=None, validFrom=None)))

    assert check.outcome is CheckOutcome.FAILED
    assert check.problem is not None
    found = [(problem.kind, problem.detail) for problem in (check.problem, *check.further)]
    assert found == [
        ("schema-missing", "The member “id” is missing."),
        ("schema-missing", "The member “validFrom” is missing."),
    ]


def test_a_credential_of_another_standard_has_nothing_to_be_compared_with_and_says_so() -> None:
    check = _schema(
        signed(badge(**{"@context": V2}, type="VerifiableCredential", issuer=SCHOOL, credentialSubject={"id": SCHOOL}))
    )

    expected = "It is no badge, endorsement or learner record, and names no schema to compare it with."
    assert (check.outcome, check.note) == (CheckOutcome.PASSED, expected)


def test_a_badge_that_keeps_to_the_schema_that_it_names() -> None:
    assert _schema(_badge(_URL), {_URL: _NAMED}) == Check("schema", CheckOutcome.PASSED)


def test_the_schemas_of_1edtech_are_known_without_looking_anything_up() -> None:
    kind = "1EdTechJsonSchemaValidator2019"

    assert _schema(_badge(_OFFICIAL, kind=kind, **{"@context": [V2, OPEN_BADGES, EXTENSIONS]})) == Check(
        "schema", CheckOutcome.PASSED
    )


def test_a_badge_that_breaks_the_schema_that_it_names_is_verified_by_default() -> None:
    schema = {"$schema": _DRAFT, "required": ["homeroom"]}
    sealed = _badge(_URL)

    assert_verified(verify(sealed, {_URL: schema}))
    report = verify(sealed, {_URL: schema}, require=frozenset({"schema"}))
    assert_refused(report, "schema", "schema-mismatch", "")


def test_a_schema_that_cannot_be_had_is_unknown() -> None:
    report = verify(_badge(_URL), require=frozenset({"schema"}))

    assert_doubted(report, "schema", "not-stored", "/credentialSchema/0")


def test_a_broken_standard_is_heard_of_before_an_unknown_schema() -> None:
    check = _schema(_badge(_URL, id=None))

    assert check.outcome is CheckOutcome.FAILED
    assert check.problem is not None
    assert check.problem.kind == "schema-missing"


def test_a_schema_that_takes_for_ever_is_stopped() -> None:
    definitions = {f"d{step}": {"allOf": [{"$ref": f"#/$defs/d{step + 1}"}] * 2} for step in range(40)}
    bomb = {"$schema": _DRAFT, "$ref": "#/$defs/d0", "$defs": {**definitions, "d40": {"required": ["name"]}}}

    report = verify(_badge(_URL, _URL), {_URL: bomb})

    assert report.outcome is Outcome.VERIFIED
    check = check_of(report, "schema")
    assert check.outcome is CheckOutcome.UNKNOWN
    assert check.problem is not None
    assert check.problem.kind == "schema-unsafe"


def test_one_input_asks_for_so_many_schemas_and_no_more() -> None:
    schemas = SchemaDocuments(stored({_URL: _NAMED}))
    for _ in range(MAX_SCHEMAS):
        assert b"required" in schemas.load(_URL)

    with pytest.raises(Unavailable) as refused:
        schemas.load(_URL)
    assert refused.value.problem.kind == "lookup-limit"


def test_many_badges_with_many_schemas_in_one_presentation() -> None:
    item = badge(credentialSchema=[{"id": _URL, "type": "JsonSchema"}] * 8)

    report = verify(presentation(*[item] * 4))

    kinds = []
    for inner in report.credentials:
        check = check_of(inner, "schema")
        assert check.problem is not None
        kinds += [problem.kind for problem in (check.problem, *check.further)]
    assert kinds == ["not-stored"] * 16 + ["lookup-limit"] * 16
