"""Documents whose words do not mean what a reader takes them for, or mean nothing, so that no signature covers them."""

from typing import Any

import pytest

from intaglio.documents import JsonObject
from tests.verification.builders import (
    AT,
    DATA_INTEGRITY,
    OPEN_BADGES,
    V1,
    V2,
    assert_doubted,
    assert_refused,
    assert_verified,
    badge,
    old_badge,
    presentation,
    problem_of,
    signed,
    token,
    verify,
)

_TERMS = "https://school.example/terms#"


def _added(**members: Any) -> JsonObject:
    """Return a sealed badge with members that were added afterwards."""
    return {**signed(badge()), **members}


def test_a_member_that_no_context_defines_added_to_a_sealed_badge() -> None:
    report = verify(_added(honours="summa cum laude"))

    assert_refused(report, "format", "undefined-term", "/honours")
    assert problem_of(report, "proof").kind == "undefined-term"


@pytest.mark.parametrize("seal", ["eddsa-jcs-2022", "token"])
def test_a_member_that_no_context_defines_is_refused_in_signed_plain_json_too(seal: str) -> None:
    document = badge(honours="summa cum laude")
    sealed = token(document) if seal == "token" else signed(document, suite=seal)

    report = verify(sealed)

    assert_refused(report, "format", "undefined-term", "/honours")
    assert report.check("proof") is not None
    assert verify(sealed, only=frozenset({"proof"})).verified


def test_a_member_spelled_as_its_own_address() -> None:
    document = signed(badge(validUntil="2026-10-01T00:00:00Z"))
    literal = {"@type": "http://www.w3.org/2001/XMLSchema#dateTime", "@value": document.pop("validUntil")}
    report = verify({**document, "https://www.w3.org/2018/credentials#validUntil": literal})

    assert_refused(report, "format", "disguised-word", "/https:~1~1www.w3.org~12018~1credentials#validUntil")


def test_a_type_that_no_context_defines() -> None:
    document = _added(type=["VerifiableCredential", "OpenBadgeCredential", "GoldenBadge"])

    assert_refused(verify(document), "format", "undefined-type", "/type/2")


def test_an_identifier_that_is_only_half_an_address() -> None:
    document = signed(badge())
    document["credentialSubject"]["achievement"]["id"] = "achievements/critical-thinking"

    assert_refused(verify(document), "format", "relative-iri", "/credentialSubject/achievement/id")


@pytest.mark.parametrize(
    ("member", "place"),
    [
        ({"id": "_:b0"}, "/id"),
        ({"issuer": {"id": "_:b0", "type": ["Profile"]}}, "/issuer"),
        ({"issuer": "_:b0"}, "/issuer"),
        ({"credentialSubject": {"id": "_:b0", "type": ["AchievementSubject"]}}, "/credentialSubject/id"),
        ({"evidence": [{"id": "_:b0", "type": ["Evidence"]}]}, "/evidence/0/id"),
    ],
)
def test_a_blank_node_label_as_an_id(member: JsonObject, place: str) -> None:
    kind = "vc-issuer" if "issuer" in member else "vc-id"

    assert_refused(verify(signed(badge(), expires=None) | member), "format", kind, place)


def test_a_blank_node_label_deep_inside() -> None:
    document = signed(badge())
    document["credentialSubject"]["achievement"]["creator"] = {"id": "_:b0", "type": ["Profile"]}

    report = verify(document)

    assert_refused(report, "format", "blank-node-identifier", "/credentialSubject/achievement/creator/id")


@pytest.mark.parametrize("subject", [{}, [], [{}], None, "did:example:learner", [{"id": "did:example:1"}, {}]])
def test_a_credential_that_says_nothing_about_anybody(subject: Any) -> None:
    report = verify({**signed(badge()), "credentialSubject": subject})
    place = "/credentialSubject"
    if isinstance(subject, list) and subject:
        place += f"/{len(subject) - 1}"

    assert_refused(report, "format", "vc-subject", place)


def test_a_context_that_redefines_a_protected_word() -> None:
    document = _added(**{"@context": [V2, OPEN_BADGES, {"name": f"{_TERMS}nickname"}]})

    assert_refused(verify(document), "format", "protected-term", "/@context/2")


def test_a_context_that_smuggles_a_word_for_what_was_added() -> None:
    document = _added(**{"@context": [V2, OPEN_BADGES, {"honours": f"{_TERMS}honours"}], "honours": "summa cum laude"})

    report = verify(document)

    assert_refused(report, "proof", "bad-signature", "/proof")


def test_a_context_that_turns_a_word_into_nothing() -> None:
    document = _added(**{"@context": [V2, OPEN_BADGES, {"honours": None}], "honours": "summa cum laude"})

    report = verify(document)

    assert_refused(report, "format", "undefined-term", "/honours")


@pytest.mark.parametrize("vocabulary", [_TERMS, "_:", ""])
def test_a_context_that_gives_every_word_a_meaning(vocabulary: str) -> None:
    document = _added(**{"@context": [V2, OPEN_BADGES, {"@vocab": vocabulary}], "honours": "summa cum laude"})

    report = verify(document)

    assert not report.verified
    assert problem_of(report, "format").kind in ("context-vocab", "bad-json-ld", "context-feature")


def test_a_context_inside_the_subject_that_changes_its_words() -> None:
    document = signed(badge())
    document["credentialSubject"]["@context"] = {"name": f"{_TERMS}nickname"}

    report = verify(document)

    assert not report.verified
    assert problem_of(report, "format").kind in ("protected-term", "bad-json-ld")


def test_a_context_that_is_emptied_in_the_middle() -> None:
    document = _added(**{"@context": [V2, OPEN_BADGES, None]})

    assert not verify(document).verified


def test_a_context_of_the_same_words_in_another_order() -> None:
    report = verify(_added(**{"@context": [OPEN_BADGES, V2]}))

    assert_refused(report, "format", "vc-context", "/@context")


@pytest.mark.parametrize("context", [7, True, ["x"], "not a url", ""])
def test_a_context_that_is_neither_address_nor_object(context: Any) -> None:
    report = verify(_added(**{"@context": [V2, context]}))

    assert_refused(report, "format", "vc-context", "/@context/1")


def test_an_unknown_context_is_unknown() -> None:
    document = signed(badge(), suite="eddsa-jcs-2022")
    document["@context"] = [*document["@context"], "https://school.example/context.json"]

    report = verify(document)

    assert_doubted(report, "format", "unknown-context", "/@context/2")


def test_an_unknown_context_does_not_excuse_a_bad_signature() -> None:
    document = signed(badge(), suite="eddsa-jcs-2022")
    document["@context"] = [*document["@context"], "https://school.example/context.json"]

    assert_refused(verify({**document, "name": "Forged"}), "proof", "bad-signature", "/proof")


def test_an_unknown_context_is_looked_up_nowhere() -> None:
    address = "https://school.example/context.json"
    document = token(badge(**{"@context": [V2, OPEN_BADGES, address]}))

    report = verify(document, {address: {"@context": {}}})

    assert_doubted(report, "format", "unknown-context", "/@context/2")


@pytest.mark.parametrize("contexts", [[V2, V1], [V1, V2], [V2], [V1], [V2, OPEN_BADGES], [V2, DATA_INTEGRITY]])
def test_the_end_of_an_old_badge_is_not_hidden_by_the_words_of_the_new_version(contexts: list[str]) -> None:
    sealed = signed(old_badge(expirationDate="2026-10-01T00:00:00Z"))
    assert_refused(verify(sealed), "validity", "expired", "/expirationDate")

    assert not verify({**sealed, "@context": [*contexts, OPEN_BADGES, DATA_INTEGRITY]}).verified


@pytest.mark.parametrize("contexts", [[V1, V2], [V1], [V1, DATA_INTEGRITY]])
def test_the_end_of_a_badge_is_not_hidden_by_the_words_of_the_old_version(contexts: list[str]) -> None:
    sealed = signed(badge(validUntil="2026-10-01T00:00:00Z"))

    assert not verify({**sealed, "@context": [*contexts, OPEN_BADGES]}).verified


def test_three_thousand_contexts() -> None:
    contexts = [V2, OPEN_BADGES, *({f"term{index}": f"{_TERMS}{index}"} for index in range(3000))]

    report = verify(_added(**{"@context": contexts}))

    assert_refused(report, "format", "too-many-contexts", "/@context/0")


def test_one_context_three_thousand_times() -> None:
    report = verify(_added(**{"@context": [V2, *[OPEN_BADGES] * 3000]}))

    assert_refused(report, "format", "too-many-contexts", "/@context/0")


def test_a_poisoned_graph() -> None:
    report = verify(_poisoned(12))

    assert_refused(report, "format", "graph-too-complex", None)


def test_several_poisoned_graphs_in_one_presentation() -> None:
    report = verify(presentation(*[_poisoned(12)] * 3))

    for inner in report.credentials:
        assert_refused(inner, "format", "graph-too-complex", None)


def _poisoned(size: int) -> JsonObject:
    """Return a badge of many results without names, each with alignments without names, which all look the same."""
    alignment = {"type": ["Alignment"], "targetName": "A", "targetUrl": "https://school.example/a"}
    result = {"type": ["Result"], "alignment": [alignment] * size}
    subject = {"type": ["AchievementSubject"], "result": [result] * size}
    return signed(badge(id=None, credentialSubject=subject), suite="eddsa-jcs-2022")


def test_dates_that_end_before_they_begin() -> None:
    document = signed(badge(validUntil="2026-01-01T00:00:00Z"))

    assert_refused(verify(document), "format", "vc-date", "/validUntil")


def test_a_date_without_its_offset() -> None:
    report = verify(signed(badge(validFrom="2026-06-01T00:00:00")))

    assert_refused(report, "format", "bad-time", "/validFrom")
    assert problem_of(report, "validity").kind == "bad-time"


def test_a_credential_that_has_expired() -> None:
    assert_refused(verify(signed(badge(validUntil="2026-11-21T23:59:59Z"))), "validity", "expired", "/validUntil")


def test_a_credential_that_is_not_valid_yet() -> None:
    assert_refused(verify(signed(badge(validFrom="2026-11-22T00:00:01Z"))), "validity", "not-yet-valid", "/validFrom")


def test_a_credential_is_good_until_the_very_moment_that_it_states() -> None:
    assert_verified(verify(signed(badge(validFrom="2026-11-22T00:00:00Z", validUntil="2026-11-22T00:00:00Z")), at=AT))


def test_a_credential_that_calls_itself_a_presentation_too() -> None:
    document = badge(type=["VerifiableCredential", "VerifiablePresentation", "OpenBadgeCredential"])

    assert_refused(verify(signed(document)), "format", "vc-type", "/type")


def test_a_credential_without_an_issuer_is_nobodys() -> None:
    report = verify(signed(badge(issuer=None)))

    assert_refused(report, "format", "vc-issuer", "/issuer")
    assert problem_of(report, "controller").kind == "not-the-controller"
    assert not verify(signed(badge(issuer=None)), only=frozenset({"proof", "controller"})).verified
