"""Sealed credentials whose members were renamed, so that the signature still fits and the checks no longer see them."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from intaglio.documents import JsonObject, as_list
from intaglio.schemas import Contexts
from intaglio.verification.report import CheckOutcome
from tests.verification.builders import (
    LIST_URL,
    OPEN_BADGES,
    SCHOOL,
    V2,
    assert_refused,
    assert_verified,
    badge,
    check_of,
    entry,
    learner_record,
    signed,
    status_list,
    verify,
    with_status,
)

_CREDENTIALS = "https://www.w3.org/2018/credentials#"
_STATUS = f"{_CREDENTIALS}credentialStatus"
_DATE = {"@id": f"{_CREDENTIALS}validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
_RECORDS = "https://purl.imsglobal.org/spec/vc/clr/vocab.html#ClrCredential"


def _withdrawn() -> JsonObject:
    return signed(with_status(entry(7)))


def _look(document: JsonObject) -> Any:
    return verify(document, {LIST_URL: signed(status_list([7]))})


def _without(document: JsonObject, name: str, terms: JsonObject | None = None, **members: Any) -> JsonObject:
    """Return a document without one of its members, with others in its place, and terms of its own."""
    kept = {key: value for key, value in document.items() if key != name}
    return {**kept, "@context": [*kept["@context"], *([terms] if terms else [])], **members}


_HIDING_PLACES: dict[str, tuple[Callable[[Any], JsonObject], JsonObject | None, str]] = {
    "the-full-address": (lambda value: {_STATUS: value}, None, "/" + _STATUS.replace("/", "~1")),
    "a-term-of-its-own": (lambda value: {"x": value}, {"x": {"@id": _STATUS, "@type": "@id"}}, "/@context/3/x"),
    "a-prefix": (lambda value: {"p:credentialStatus": value}, {"p": _CREDENTIALS}, "/p:credentialStatus"),
    "a-term-through-a-prefix": (
        lambda value: {"x": value},
        {"p": _CREDENTIALS, "x": {"@id": "p:credentialStatus", "@type": "@id"}},
        "/@context/3/x",
    ),
    "a-term-through-two-prefixes": (
        lambda value: {"x": value},
        {"w": "https://www.w3.org/", "p": {"@id": "w:2018/credentials#", "@prefix": True}, "x": "p:credentialStatus"},
        "/@context/3/x",
    ),
    "nest": (lambda value: {"@nest": {"credentialStatus": value}}, None, "/@nest"),
    "nest-by-another-name": (lambda value: {"n": {"credentialStatus": value}}, {"n": "@nest"}, "/@context/3/n"),
}


@pytest.mark.parametrize("place", _HIDING_PLACES)
def test_a_withdrawal_is_not_hidden_behind(place: str) -> None:
    sealed = _withdrawn()
    assert_refused(_look(sealed), "status", "revoked", "/credentialStatus")
    disguise, terms, pointer = _HIDING_PLACES[place]

    report = _look(_without(sealed, "credentialStatus", terms, **disguise(sealed["credentialStatus"])))

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert check_of(report, "status").outcome is CheckOutcome.PASSED
    assert_refused(report, "format", "disguised-word", pointer)


def test_a_withdrawal_is_not_hidden_in_a_node_of_the_same_name() -> None:
    sealed = _withdrawn()
    twin = {"id": sealed["id"], "type": "VerifiableCredential", "credentialStatus": sealed["credentialStatus"]}

    report = _look(_without(sealed, "credentialStatus", **{"@included": [twin]}))

    assert not report.verified
    assert check_of(report, "format").outcome is CheckOutcome.FAILED


def test_a_chain_of_more_prefixes_than_are_followed() -> None:
    sealed = _withdrawn()
    chain = {f"p{step}": {"@id": f"p{step + 1}:", "@prefix": True} for step in range(20)}
    terms = {**chain, "p20": _CREDENTIALS, "x": {"@id": "p0:credentialStatus", "@type": "@id"}}

    report = _look(_without(sealed, "credentialStatus", terms, x=sealed["credentialStatus"]))

    assert not report.verified
    assert check_of(report, "format").outcome is CheckOutcome.FAILED


def test_a_word_that_stands_for_another_word() -> None:
    sealed = signed(badge())

    report = verify(_without(sealed, "name", {"nickname": {"@id": "name"}}, nickname=sealed["name"]))

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_refused(report, "format", "disguised-word", "/@context/2/nickname")


def test_the_end_of_its_validity_is_not_hidden() -> None:
    sealed = signed(badge(validUntil="2026-10-01T00:00:00Z"))
    hidden = _without(sealed, "validUntil", {"bestBefore": _DATE}, bestBefore=sealed["validUntil"])

    report = verify(hidden)

    assert check_of(report, "validity").outcome is CheckOutcome.PASSED
    assert_refused(report, "format", "disguised-word", "/@context/2/bestBefore")


def test_the_end_of_a_proof_is_not_hidden() -> None:
    sealed = signed(badge(), expires="2026-10-01T00:00:00Z")
    term = {"@id": "https://w3id.org/security#expiration", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
    proof = {name: value for name, value in sealed["proof"].items() if name != "expires"}
    hidden = _without(sealed, "proof", {"until": term}, proof={**proof, "until": sealed["proof"]["expires"]})

    report = verify(hidden)

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert_refused(report, "format", "disguised-word", "/@context/2/until")


@pytest.mark.parametrize(
    ("kind", "terms", "pointer"),
    [
        (_RECORDS, None, "/type"),
        ("p:ClrCredential", {"p": _RECORDS.removesuffix("ClrCredential")}, "/type"),
        ("Folder", {"Folder": _RECORDS}, "/@context/3/Folder"),
    ],
)
def test_the_kind_of_a_record_is_not_hidden_to_spare_what_it_holds(
    kind: str, terms: JsonObject | None, pointer: str
) -> None:
    inner = signed(badge(validUntil="2026-10-01T00:00:00Z"))
    sealed = signed(learner_record(inner))
    assert not verify(sealed).verified

    report = verify(_without(sealed, "type", terms, type=["VerifiableCredential", kind]))

    assert check_of(report, "proof").outcome is CheckOutcome.PASSED
    assert report.credentials == ()
    assert_refused(report, "format", "disguised-word", pointer)


def test_a_kind_that_stands_under_a_keyword() -> None:
    sealed = signed(learner_record(signed(badge())))

    report = verify(_without(sealed, "type", **{"type": "VerifiableCredential", "@type": "ClrCredential"}))

    assert_refused(report, "format", "disguised-word", "/@type")


def test_credentials_that_stand_in_a_set() -> None:
    sealed = signed(learner_record(signed(badge(validUntil="2026-10-01T00:00:00Z"))))
    report = verify(_without(sealed, "credentialSubject", credentialSubject={"@set": [sealed["credentialSubject"]]}))

    assert not report.verified
    assert check_of(report, "format").problem is not None


def test_a_word_for_the_opposite_direction() -> None:
    term = {"holds": {"@reverse": "https://school.example/terms#heldBy"}}

    report = verify({**signed(badge(), suite="eddsa-jcs-2022"), "@context": [V2, OPEN_BADGES, term]})

    assert_refused(report, "format", "disguised-word", "/@context/2/holds")


def test_another_kind_of_thing_that_calls_itself_a_badge() -> None:
    terms = {"OpenBadgeCredential": "https://school.example/terms#LunchVoucher"}
    voucher = {"@context": [V2, terms], "issuer": SCHOOL, "credentialSubject": {"id": SCHOOL}}

    report = verify(signed(badge(**voucher), suite="eddsa-jcs-2022"))

    assert_refused(report, "format", "disguised-word", "/@context/1/OpenBadgeCredential")


def test_one_word_with_two_meanings() -> None:
    terms = [{"grade": "https://school.example/terms#grade"}, {"grade": "https://school.example/terms#taste"}]

    report = verify(signed(badge(**{"@context": [V2, OPEN_BADGES, *terms], "grade": "A"})))

    assert_refused(report, "format", "disguised-word", "/@context/3/grade")


def test_a_disguise_in_a_context_of_an_inner_object() -> None:
    terms = {"nickname": "https://schema.org/name"}
    document = badge()
    document["credentialSubject"]["achievement"]["@context"] = terms

    report = verify(signed(document))

    assert_refused(report, "format", "disguised-word", "/credentialSubject/achievement/@context/nickname")


def test_a_disguise_in_a_context_that_is_scoped_to_a_word() -> None:
    inner = {"nickname": "https://schema.org/name"}
    terms = {"pet": {"@id": "https://school.example/terms#pet", "@context": inner}}

    report = verify(signed(badge(**{"@context": [V2, OPEN_BADGES, terms], "pet": {"nickname": "Rex"}})))

    assert_refused(report, "format", "disguised-word", "/@context/2/pet/@context/nickname")


def test_words_of_its_own_are_allowed_and_noted() -> None:
    terms = {
        "@version": 1.1,
        "id": "@id",
        "type": "@type",
        "xs": "http://www.w3.org/2001/XMLSchema#",
        "school": "https://school.example/terms#",
        "homeroom": "school:homeroom",
        "school:desk": {"@type": "@id"},
        "name": "https://schema.org/name",
        "desk": {"@id": "https://school.example/terms#desk", "@type": "xs:integer"},
    }

    report = verify(signed(badge(**{"@context": [V2, OPEN_BADGES, terms]}, homeroom="4b", desk="7")))

    assert_verified(report)
    expected = (
        "It defines words of its own, which may be called otherwise than when it was signed: "
        "“xs”, “school”, “homeroom”, “name”, “desk”."
    )
    assert check_of(report, "format").note == expected


def test_typed_texts_and_their_languages_are_no_disguise() -> None:
    name = {"@value": "يصغي إلى آراء الآخرين", "@language": "ar", "@direction": "rtl"}

    assert_verified(verify(signed(badge(name=name))))


def test_a_type_of_the_issuers_own_may_be_an_address() -> None:
    kinds = ["VerifiableCredential", "OpenBadgeCredential", "https://school.example/types#Portrait"]

    assert_verified(verify(signed(badge(type=kinds))))


_READ_BY_CHECKS = {
    "credentialStatus",
    "credentialSubject",
    "expirationDate",
    "expires",
    "holder",
    "issuanceDate",
    "issuer",
    "proof",
    "validFrom",
    "validUntil",
    "verifiableCredential",
    "ClrCredential",
    "EndorsementCredential",
    "VerifiableCredential",
    "VerifiablePresentation",
}


def test_the_bundled_contexts_give_no_word_that_the_checks_read_a_second_name() -> None:
    meanings: dict[str, set[str]] = {}
    prefixes = {"cred": _CREDENTIALS, "sec": "https://w3id.org/security#"}
    for url in Contexts.bundled():
        for word, target in _definitions(Contexts.bundled().get(url)["@context"]):
            prefix, colon, rest = target.partition(":")
            meanings.setdefault(prefixes[prefix] + rest if colon and prefix in prefixes else target, set()).add(word)

    read = {address: words for address, words in meanings.items() if words & _READ_BY_CHECKS}
    assert {word for words in read.values() for word in words} == _READ_BY_CHECKS
    keywords = {address: words for address, words in meanings.items() if address.startswith("@")}
    assert keywords == {"@id": {"id"}, "@type": {"type"}}


def _definitions(context: Any) -> Iterator[tuple[str, str]]:
    for item in as_list(context):
        for word, definition in item.items():
            target = definition.get("@id") if isinstance(definition, dict) else definition
            if isinstance(target, str):
                yield word, target
            if isinstance(definition, dict):
                yield from _definitions(definition.get("@context"))
