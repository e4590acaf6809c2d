import json
import tracemalloc
from functools import cache
from itertools import islice
from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given

from intaglio.documents import JsonObject
from intaglio.openbadges import shape
from intaglio.openbadges.formats import FORMATS, is_date, is_date_time, is_date_time_stamp, matches
from intaglio.openbadges.kinds import class_of
from intaglio.openbadges.models.generate import schemas
from tests.openbadges import samples
from tests.openbadges.test_official_schemas import SLICE, WHOLE


@cache
def _library(name: str, schema: str) -> Any:
    both = schemas()[schema]
    return jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/$defs/{name}", "$defs": both["$defs"]}, validate_formats=True, formats=dict(FORMATS)
    )


def _agree(document: JsonObject) -> None:
    name = class_of(document)
    for schema in (shape.STRICT, shape.COMPACTED) if name else ():
        first = next(shape.problems(name or "", document, schema=schema), None)
        assert (first is None) == _library(name or "", schema).is_valid(document), first
    if name and next(shape.problems(name, document), None) is None:
        assert next(shape.problems(name, document, schema=shape.COMPACTED), None) is None


@SLICE
@given(samples.broken(samples.everything()))
def test_our_reader_and_the_library_agree_on_broken_credentials(document: JsonObject) -> None:
    _agree(document)


@pytest.mark.exhaustive
@WHOLE
@given(samples.broken(samples.everything()))
def test_our_reader_and_the_library_agree_on_very_many_broken_credentials(document: JsonObject) -> None:
    _agree(document)


@SLICE
@given(samples.broken(samples.everything()))
def test_every_pointer_leads_somewhere(document: JsonObject) -> None:
    name = class_of(document)
    for problem in islice(shape.problems(name, document), 20) if name else ():
        samples.at(document, problem.pointer or "")


@pytest.mark.parametrize(
    ("name", "value", "kind", "pointer", "detail"),
    [
        ("Profile", "x", "schema-type", "", "Expected Profile, found a text."),
        ("Profile", {"type": "Profile"}, "schema-missing", "", "The member “id” is missing."),
        ("Profile", {"id": None, "type": "Profile"}, "schema-type", "/id", "Expected an address or identifier, found null."),
        ("Profile", {"id": "x", "type": "Org"}, "schema-value", "/type", "Expected “Profile”, found “Org”."),
        ("Profile", {"id": "x", "type": ["Org"]}, "schema-missing", "/type", "None of the items is “Profile”."),
        ("Profile", {"id": "x", "type": ["Profile", 1]}, "schema-type", "/type/1",
         "Expected the name of a type, found a number."),
        ("Image", {"id": "x", "type": "Image", "a/b": 1}, "schema-extra", "/a~1b",
         "“a/b” is not one of the members of this class."),
        ("Text", {"eng": "x"}, "schema-value", "", "“eng” is not a language such as en or es-MX."),
        ("Text", {"en": 1}, "schema-type", "/en", "Expected a text, found a number."),
        ("LanguageCode", "x" * 99, "schema-value", "", f"“{'x' * 59}…” is not a language such as en, es-MX or zh-Hant."),
        ("DateTimeZ", "2026-01-01", "schema-value", "",
         "“2026-01-01” is not a time with its offset, such as 2026-06-30T12:00:00Z."),
        ("IdentityObject", {"type": "IdentityObject", "hashed": 0, "identityHash": "x", "identityType": "name"}, "schema-type",
         "/hashed", "Expected true or false, found a number."),
        ("ResultStatus", "Done", "schema-value", "",
         "Expected one of “Completed”, “Enrolled”, “Failed” and 4 more, found “Done”."),
        ("AlignmentTargetType", "Item", "schema-value", "",
         ("Expected one of “ceasn:Competency”, “ceterms:Credential”, “CFItem” and 4 more, or a term of an extension, "
          "which begins with ext:, found “Item”.")),
        ("ClrSubject", {"type": "ClrSubject", "verifiableCredential": []}, "schema-missing", "/verifiableCredential",
         "Here are 0 items; 1 are the least."),
    ],
)  # fmt: skip
def test_each_deviation_is_named_in_words_and_by_a_pointer(
    name: str, value: Any, kind: str, pointer: str, detail: str
) -> None:
    (problem,) = shape.problems(name, value)

    assert (problem.kind, problem.pointer, problem.detail) == (kind, pointer, detail)


def test_what_may_be_one_of_two_classes_is_named_as_such() -> None:
    document = samples.badge(issuer={"english": "x"})

    (problem,) = shape.problems("AchievementCredential", document, schema=shape.COMPACTED)

    assert (problem.pointer, problem.detail) == ("/issuer", "Expected Profile, or Uri, found an object.")


def test_a_badge_that_says_it_is_both_types_in_one_text_is_no_list_of_types() -> None:
    (problem,) = shape.problems("AchievementCredential", samples.badge(type="OpenBadgeCredential"))

    assert problem.detail == "Expected a list, found a text."


def test_every_deviation_of_a_document_is_named_in_the_order_of_the_document() -> None:
    document = samples.badge(name=1, validFrom="x", evidence=[{"type": "Evidence"}, {}, 5])

    found = [problem.pointer for problem in shape.problems("AchievementCredential", document)]

    assert found == ["/name", "/validFrom", "/evidence/1", "/evidence/2"]


def test_hostile_a_million_wrong_items_cost_no_memory() -> None:
    document = samples.badge(proof=[1] * 1_000_000)
    next(shape.problems("Profile", {}))  # what is read once stays
    tracemalloc.start()

    problems = list(islice(shape.problems("AchievementCredential", document), 1000))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(problems) == 1000
    assert peak < 2_000_000


def test_hostile_a_member_name_of_a_megabyte_is_not_repeated() -> None:
    (problem,) = shape.problems("Image", {"id": "x", "type": "Image", "n" * 1_000_000: 1})

    assert len(json.dumps(problem.to_json())) < 1000


def test_hostile_the_deepest_document_that_is_read_is_checked_to_its_end() -> None:
    profile: JsonObject = {"id": 1, "type": "Profile"}
    for _ in range(99):
        profile = {"id": "x", "type": "Profile", "parentOrg": profile}

    (problem,) = shape.problems("Profile", profile)

    assert problem.pointer == "/parentOrg" * 99 + "/id"


def test_hostile_endorsed_endorsers_are_checked_once_each() -> None:
    """With a schema of alternatives, each level would be evaluated for every alternative of the level above it."""
    credential = samples.endorsement(name=1)
    for _ in range(24):
        issuer = {"id": "x", "type": "Profile", "endorsement": credential}
        credential = samples.endorsement(issuer=issuer)

    for schema in (shape.STRICT, shape.COMPACTED):
        assert next(shape.problems("EndorsementCredential", credential, schema=schema)) is not None


@pytest.mark.parametrize("text", ["2026-06-30", "2024-02-29"])
def test_days_of_the_calendar_are_dates(text: str) -> None:
    assert is_date(text)


@pytest.mark.parametrize(
    "text", ["2026-02-29", "2026-6-30", "20260630", "2026-W01-1", "2026-06-30\n", "", "٢٠٢٦-٠١-٠١"]
)
def test_nothing_else_is_a_date(text: str) -> None:
    assert not is_date(text)


def test_only_a_stamp_needs_its_offset() -> None:
    assert is_date_time("2026-06-30T12:00:00")
    assert not is_date_time_stamp("2026-06-30T12:00:00")
    assert is_date_time_stamp("2026-06-30T12:00:00-06:00")
    assert not is_date_time("2026-06-31T12:00:00")


def test_a_pattern_ends_where_the_text_ends() -> None:
    assert matches("^a$", "a")
    assert not matches("^a$", "a\n")
    assert matches("a", "xay")
