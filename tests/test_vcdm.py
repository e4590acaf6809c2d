import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput
from intaglio.vcdm import (
    CONTEXT_V1,
    CONTEXT_V2,
    Period,
    Version,
    findings,
    holder_of,
    is_presentation,
    is_url,
    issuer_of,
    period_of,
    subjects_of,
    types_of,
    version_of,
)
from tests.guards import ends

_V2: JsonObject = {
    "@context": [
        CONTEXT_V2,
        "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
        {"local": "https://a.example/#l"},
    ],
    "id": "urn:uuid:0f0c3e4a-7e9d-4d6e-9b7b-2d1c5a6b7c8d",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "did:web:school.example", "type": ["Profile"]},
    "validFrom": "2026-06-30T12:00:00Z",
    "validUntil": "2030-06-30T12:00:00Z",
    "name": "Teamwork",
    "credentialSubject": {"id": "did:example:learner", "type": ["AchievementSubject"]},
    "credentialStatus": [{"type": "BitstringStatusListEntry", "statusPurpose": "revocation"}],
    "evidence": [{"type": ["Evidence"], "id": "https://a.example/e"}],
}
_V1: JsonObject = {
    "@context": [CONTEXT_V1],
    "id": "https://school.example/1",
    "type": ["VerifiableCredential"],
    "issuer": "https://school.example",
    "issuanceDate": "2020-01-01T00:00:00Z",
    "expirationDate": "2021-01-01T00:00:00",
    "credentialSubject": [{"degree": "B. A."}, {"id": "did:example:other"}],
}
_PRESENTATION: JsonObject = {
    "@context": CONTEXT_V2,
    "type": "VerifiablePresentation",
    "holder": "did:example:learner",
    "verifiableCredential": [_V2],
}


def _found(base: JsonObject, **changes: Any) -> list[tuple[str, str | None]]:
    document = {name.replace("_at_", "@"): value for name, value in {**base, **changes}.items() if value is not ...}
    problems = findings(document)
    assert all(problem.title for problem in problems)
    return [(problem.kind, problem.pointer) for problem in problems]


def test_well_formed_documents_have_no_findings() -> None:
    for document in (_V2, _V1, _PRESENTATION):
        assert findings(document) == []


def test_the_published_credentials_have_no_findings(vectors: Path) -> None:
    for path in (vectors / "w3c").glob("vc-di-e*dsa/**/signed*.json"):
        assert findings(json.loads(path.read_text())) == [], path


@pytest.mark.parametrize(
    ("context", "version"),
    [
        (CONTEXT_V2, Version.V2_0),
        ([CONTEXT_V2], Version.V2_0),
        ([CONTEXT_V2, CONTEXT_V1], Version.V2_0),
        ([CONTEXT_V1, CONTEXT_V2], Version.V1_1),
        (["https://a.example", CONTEXT_V2], None),
        ([{"@vocab": "x"}, CONTEXT_V2], None),
        (CONTEXT_V2 + "/", None),
        ([[CONTEXT_V2]], None),
        ([], None),
        (None, None),
        (2, None),
    ],
)
def test_the_first_context_names_the_version(context: object, version: Version | None) -> None:
    assert version_of({"@context": context}) is version
    if version is None:
        assert _found(_V2, _at_context=context) == [("vc-context", "/@context")]


def test_a_document_without_a_context_is_not_looked_into_further() -> None:
    assert _found({}) == [("vc-context", "/@context")]


@pytest.mark.parametrize("context", [None, 1, "relative", "_:b0", ["https://a.example"], True, ""])
def test_a_context_is_a_url_or_an_object(context: object) -> None:
    assert _found(_V2, _at_context=[CONTEXT_V2, {}, context]) == [("vc-context", "/@context/2")]


@pytest.mark.parametrize(
    ("kinds", "count"),
    [
        (..., 1),
        ([], 1),
        (None, 1),
        ("OpenBadgeCredential", 1),
        (["verifiablecredential"], 1),
        (["VerifiableCredential", 5], 1),
        (["VerifiableCredential", None], 1),
        ([["VerifiableCredential"]], 2),
        ({"@id": "VerifiableCredential"}, 2),
    ],
)
def test_a_credential_calls_itself_one(kinds: object, count: int) -> None:
    assert _found(_V2, type=kinds) == [("vc-type", "/type")] * count


def test_a_type_may_be_a_single_text() -> None:
    assert _found(_V2, type="VerifiableCredential") == []


def test_nothing_is_a_credential_and_a_presentation_at_once() -> None:
    kinds = ["VerifiableCredential", "VerifiablePresentation"]
    assert ("vc-type", "/type") in _found(_V2, type=kinds)
    assert ("vc-type", "/type") in _found(_PRESENTATION, type=kinds)


@pytest.mark.parametrize(
    "name", ["", "relative", "_:b0", "has space:x", "http://a.example/ ", 5, None, ["urn:x:1"], {}, True]
)
def test_an_id_is_one_absolute_url(name: object) -> None:
    assert _found(_V2, id=name) == [("vc-id", "/id")]
    assert _found(_V2, credentialSubject={"id": name, "a": 1}) == [("vc-id", "/credentialSubject/id")]
    assert _found(_V2, credentialSubject=[{"a": 1}, {"id": name}]) == [("vc-id", "/credentialSubject/1/id")]
    assert _found(_V2, evidence={"type": "Evidence", "id": name}) == [("vc-id", "/evidence/id")]
    assert _found(_PRESENTATION, id=name) == [("vc-id", "/id")]


@pytest.mark.parametrize("issuer", [..., None, "", "School", "_:b0", {}, {"id": None}, {"id": "x"}, [], ["did:a:b"], 5])
def test_an_issuer_is_named_by_a_url(issuer: object) -> None:
    assert _found(_V2, issuer=issuer) == [("vc-issuer", "/issuer")]


@pytest.mark.parametrize("holder", [None, "", "Learner", {}, {"id": "_:b0"}, ["did:a:b"]])
def test_a_holder_where_one_is_named_is_named_by_a_url(holder: object) -> None:
    assert _found(_PRESENTATION, holder=holder) == [("vc-holder", "/holder")]
    assert _found(_PRESENTATION, holder=...) == []
    assert _found(_PRESENTATION, holder={"id": "did:a:b"}) == []


@pytest.mark.parametrize("subject", [..., None, []])
def test_a_credential_about_nobody_is_refused(subject: object) -> None:
    kinds = _found(_V2, credentialSubject=subject)
    assert ("vc-subject", "/credentialSubject") in kinds


@pytest.mark.parametrize("subject", [{}, "did:example:learner", 5, [[]], [None], [{}]])
def test_a_subject_about_which_nothing_is_said_is_refused(subject: object) -> None:
    place = "/credentialSubject/0" if isinstance(subject, list) else "/credentialSubject"
    assert _found(_V2, credentialSubject=subject) == [("vc-subject", place)]
    assert _found(_V2, credentialSubject=[{"a": 1}, subject]) == [("vc-subject", "/credentialSubject/1")]


def test_a_million_subjects_are_not_all_looked_at() -> None:
    with ends():
        assert _found(_V2, credentialSubject=[{}] * 1_000_000)[0] == ("vc-member", "/credentialSubject")


def test_a_period_is_read_in_either_version() -> None:
    start, end = datetime(2026, 6, 30, 12, tzinfo=UTC), datetime(2030, 6, 30, 12, tzinfo=UTC)
    assert period_of(_V2) == Period(start, end)
    assert period_of({"@context": CONTEXT_V2}) == Period(None, None)
    assert period_of(_V1) == Period(datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC))


def test_where_a_document_has_the_dates_of_both_versions_the_shorter_period_counts() -> None:
    both = {**_V1, "validFrom": "2020-06-01T00:00:00Z", "validUntil": "2020-07-01T00:00:00Z"}
    assert period_of(both) == Period(datetime(2020, 6, 1, tzinfo=UTC), datetime(2020, 7, 1, tzinfo=UTC))


def test_an_end_that_moved_into_a_part_with_the_id_of_the_whole_is_refused() -> None:
    service = {"id": _V2["id"], "type": ["1EdTechCredentialRefresh"]}
    assert _found(_V2, refreshService=service) == []
    hidden = {
        "id": _V2["id"],
        "type": ["1EdTechCredentialRefresh", "VerifiableCredential"],
        "validUntil": "2020-01-01T00:00:00Z",
    }
    assert _found(_V2, refreshService=hidden) == [("vc-id", "/refreshService/id")]
    assert _found(_V2, evidence=[{"type": ["Evidence"], "more": [hidden]}]) == [("vc-id", "/evidence/0/more/0/id")]


@pytest.mark.parametrize("text", ["2026-06-30", "2026-06-30T12:00:00", None, 5, "", "tomorrow"])
def test_a_date_of_version_2_that_is_not_a_time_stamp_is_refused(text: object) -> None:
    assert _found(_V2, validFrom=text) == [("bad-time", "/validFrom")]
    assert _found(_V2, validUntil=text) == [("bad-time", "/validUntil")]
    with pytest.raises(MalformedInput):
        period_of({**_V2, "validUntil": text})


def test_a_credential_of_version_1_1_states_when_it_was_issued() -> None:
    assert _found(_V1, issuanceDate=...) == [("vc-date", "/issuanceDate")]
    assert _found(_V1, expirationDate=...) == []
    assert _found(_V1, expirationDate="2021-13-01T00:00:00Z") == [("bad-time", "/expirationDate")]
    assert _found(_V2, validFrom=..., validUntil=...) == []


def test_a_credential_that_ends_before_it_begins_is_refused() -> None:
    assert _found(_V2, validUntil="2026-06-30T11:59:59Z") == [("vc-date", "/validUntil")]
    assert _found(_V2, validUntil="2026-06-30T13:00:00+02:00") == [("vc-date", "/validUntil")]
    assert _found(_V2, validUntil="2026-06-30T12:00:00Z") == []
    assert _found(_V1, expirationDate="2019-12-31T23:59:59Z") == [("vc-date", "/expirationDate")]


@pytest.mark.parametrize("name", ["credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence"])
@pytest.mark.parametrize("item", [None, "https://a.example", 5, {}, {"id": "urn:x:1"}, {"type": []}, {"type": 5}, [[]]])
def test_each_part_of_a_credential_is_an_object_with_a_type(name: str, item: object) -> None:
    single = f"/{name}/0" if isinstance(item, list) else f"/{name}"
    assert _found(_V2, **{name: item}) == [("vc-member", single)]
    good = {"type": "Kind", "id": "https://a.example/1"}
    assert _found(_V2, **{name: [good, item]}) == [("vc-member", f"/{name}/1")]
    assert _found(_V2, **{name: [good, good]}) == []
    assert _found(_V2, **{name: []}) == []


def test_a_schema_is_named_by_a_url_and_in_version_1_1_a_refresh_service_too() -> None:
    nameless = {"type": "Kind"}
    assert _found(_V2, credentialSchema=nameless) == [("vc-member", "/credentialSchema/id")]
    assert _found(_V2, credentialSchema=[{"type": "K", "id": "x"}]) == [("vc-member", "/credentialSchema/0/id")]
    assert _found(_V1, credentialSchema=nameless) == [("vc-member", "/credentialSchema/id")]
    assert _found(_V1, refreshService=nameless) == [("vc-member", "/refreshService/id")]
    assert _found(_V2, refreshService=nameless) == []


@pytest.mark.parametrize("name", ["name", "description"])
def test_a_name_is_a_text_or_texts_with_their_languages(name: str) -> None:
    english, arabic = {"@value": "a", "@language": "en"}, {"@value": "b", "@language": "ar", "@direction": "rtl"}
    for good in ("text", "", english, [english, arabic], ["a", english]):
        assert _found(_V2, **{name: good}) == []
    for bad in (None, 5, {}, {"@value": 5}, {"en": "a"}):
        assert _found(_V2, **{name: bad}) == [("vc-member", f"/{name}")]
        assert _found(_V2, **{name: ["a", bad]}) == [("vc-member", f"/{name}/1")]
        assert _found(_V1, **{name: bad}) == []


@pytest.mark.parametrize("proof", [None, "proof", {}, {"type": []}, 5])
def test_each_proof_is_an_object_with_a_type(proof: object) -> None:
    assert _found(_V2, proof=proof) == [("proof-list", "/proof")]
    assert _found(_V2, proof=[{"type": "DataIntegrityProof"}, proof]) == [("proof-list", "/proof/1")]
    assert _found(_PRESENTATION, proof=proof) == [("proof-list", "/proof")]
    assert _found(_V2, proof=[]) == []  # that there must be one is the business of the check of proofs


def test_a_presentation_holds_objects_and_in_version_1_1_tokens_too() -> None:
    assert _found(_PRESENTATION, verifiableCredential=...) == []
    assert _found(_PRESENTATION, verifiableCredential=[_V2, "a.b.c"]) == [("vc-member", "/verifiableCredential/1")]
    assert _found(_PRESENTATION, verifiableCredential=None) == [("vc-member", "/verifiableCredential")]
    older = {**_PRESENTATION, "@context": CONTEXT_V1}
    assert _found(older, verifiableCredential=[_V1, "a.b.c"]) == []
    assert _found(older, verifiableCredential=[5]) == [("vc-member", "/verifiableCredential/0")]


def test_every_fault_is_named_at_once() -> None:
    kinds = _found(_V2, id="x", issuer=..., credentialSubject={}, validFrom="x", proof="x")
    assert kinds == [
        ("vc-id", "/id"),
        ("vc-issuer", "/issuer"),
        ("vc-subject", "/credentialSubject"),
        ("bad-time", "/validFrom"),
        ("proof-list", "/proof"),
    ]


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        *((url, True) for url in ("https://a.example", "did:key:z6Mk", "urn:uuid:1", "mailto:a@b.example", "a:b")),
        *((url, True) for url in ("https://école.example/ü", "http://[::1]/", "data:,x")),
        *((url, False) for url in ("", "a", "/path", "//host/path", "?q", "#f", "_:b0", "_:", ":x", "https:", "1a:b")),
        *(
            (url, False)
            for url in ("a b:c", "https://a.example/\n", "\thttps://a.example", "https://a\0b", "http://[::1")
        ),
        *((value, False) for value in (None, 1, True, [], {}, b"https://a.example")),
    ],
)
def test_what_counts_as_a_url(value: object, verdict: bool) -> None:
    assert is_url(value) is verdict


@settings(deadline=None)
@given(st.text() | st.text(alphabet="ahtps:/[]@?#._-0%"))
def test_whether_a_text_is_a_url_can_always_be_told(text: str) -> None:
    assert is_url(text) in (True, False)


def test_who_and_what_is_named_is_read_from_either_form() -> None:
    assert issuer_of(_V2) == "did:web:school.example"
    assert issuer_of(_V1) == "https://school.example"
    assert issuer_of({"issuer": {"id": 5}}) is None
    assert issuer_of({}) is None
    assert holder_of(_PRESENTATION) == "did:example:learner"
    assert types_of({"type": ["A", 5, "B"]}) == ["A", "B"]
    assert is_presentation(_PRESENTATION)
    assert not is_presentation(_V2)
    assert subjects_of(_V1) == _V1["credentialSubject"]
    assert subjects_of({"credentialSubject": ["x", {"a": 1}]}) == [{"a": 1}]


_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from([CONTEXT_V2, "VerifiableCredential"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "type", "@value"]), inner),
    max_leaves=5,
)


@settings(deadline=None)
@given(
    st.sampled_from([_V2, _V1, _PRESENTATION]),
    st.dictionaries(st.sampled_from(sorted({*_V2, *_V1, *_PRESENTATION, "proof", "credentialSchema"})), _VALUES),
)
def test_whatever_a_member_holds_there_are_findings_and_no_crash(base: JsonObject, changes: JsonObject) -> None:
    assert all(problem.pointer is not None for problem in findings({**base, **changes}))
