"""What holds for every document, not just for those that somebody thought of."""

import copy
import json
import string
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intaglio.documents import JsonObject
from intaglio.multikey import decode_base58btc, encode_base58btc, encode_base64url
from intaglio.verification.report import Outcome
from tests.verification.builders import (
    LIST_URL,
    as_bytes,
    assert_verified,
    badge,
    badge_token,
    endorsement,
    entry,
    envelope,
    learner_record,
    presentation,
    signed,
    status_list,
    token,
    verify,
    with_status,
)

_SUITES = ["eddsa-rdfc-2022", "eddsa-jcs-2022"]
_SEALED = {suite: signed(with_status(entry(), endorsement=[endorsement()]), suite=suite) for suite in _SUITES}
_SEALS: dict[str, Any] = {**_SEALED, "token": token(badge())}
_DOCUMENTS = {LIST_URL: signed(status_list())}

_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_text, inner, max_size=4),
    max_leaves=12,
)
_WORDS = st.sampled_from(
    [
        "@context", "@graph", "@id", "@included", "@index", "@list", "@nest", "@none", "@reverse", "@set", "@type", "@value",
        "__proto__", "achievement", "credentialSchema", "credentialStatus", "credentialSubject", "cryptosuite", "endorsement",
        "endorsementJwt", "evidence", "expirationDate", "holder", "id", "issuanceDate", "issuer", "name", "proof",
        "proofPurpose", "proofValue", "statusListCredential", "statusListIndex", "statusPurpose", "type", "validFrom",
        "validUntil", "verifiableCredential", "verificationMethod",
    ]
)  # fmt: skip
_VALUES = st.sampled_from(
    [
        "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/2018/credentials/v1", "VerifiableCredential",
        "VerifiablePresentation", "OpenBadgeCredential", "ClrCredential", "EndorsementCredential", "DataIntegrityProof",
        "EnvelopedVerifiableCredential", "BitstringStatusListEntry", "1EdTechRevocationList", "JsonSchema", "eddsa-rdfc-2022",
        "assertionMethod", "authentication", "data:application/vc+jwt,a.b.c", "did:key:z6Mk", "did:web:a.example#b", "_:b0",
        "2026-06-01T00:00:00Z", "a.b.c", "", LIST_URL,
    ]
)  # fmt: skip
_like_a_credential = st.recursive(
    _VALUES | st.none() | st.booleans() | st.integers(-10, 10) | _text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_WORDS, inner, max_size=6),
    max_leaves=25,
)


def _places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Yield the path of every value under the root."""
    if path:
        yield path
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, member in members:
        yield from _places(member, (*path, step))


def _claims(document: JsonObject, suite: str) -> list[tuple[str | int, ...]]:
    """Return the paths of what a seal covers: over RDF, that are not the contexts but what they make of the rest."""
    paths = sorted(_places(document), key=str)
    return [path for path in paths if suite != "eddsa-rdfc-2022" or "@context" not in path]


def _at(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def _changed(document: JsonObject, path: tuple[str | int, ...], value: Any) -> JsonObject:
    changed = copy.deepcopy(document)
    _at(changed, path[:-1])[path[-1]] = value
    return changed


def _means_the_same(before: Any, after: Any) -> bool:
    """Tell whether a proof over RDF cannot tell two values apart: JSON-LD reads one as a list of one, and sorts most lists."""

    def flat(value: Any) -> list[str]:
        return sorted(json.dumps(item, sort_keys=True) for item in (value if isinstance(value, list) else [value]))

    return flat(before) == flat(after)


def _is_empty(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_empty, value))


def test_the_documents_that_are_changed_here_are_verified_as_they_are() -> None:
    for sealed in _SEALS.values():
        assert_verified(verify(sealed, _DOCUMENTS))


@pytest.mark.parametrize("suite", _SUITES)
@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_badge_with_any_one_value_changed_is_not_verified(suite: str, data: st.DataObject) -> None:
    sealed = _SEALED[suite]
    path = data.draw(st.sampled_from(_claims(sealed, suite)))
    value = data.draw(_VALUES | _json)
    if _means_the_same(_at(sealed, path), value):
        return

    assert not verify(_changed(sealed, path, value), _DOCUMENTS).verified


@pytest.mark.parametrize("suite", _SUITES)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_badge_with_any_one_member_taken_away_is_not_verified(suite: str, data: st.DataObject) -> None:
    changed = copy.deepcopy(_SEALED[suite])
    path = data.draw(st.sampled_from(_claims(changed, suite)))
    del _at(changed, path[:-1])[path[-1]]

    assert not verify(changed, _DOCUMENTS).verified


@pytest.mark.parametrize("suite", _SUITES)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_a_badge_with_any_member_added_is_not_verified(suite: str, data: st.DataObject) -> None:
    sealed = _SEALED[suite]
    objects = [(), *(path for path in _places(sealed) if isinstance(_at(sealed, path), dict))]
    path = data.draw(st.sampled_from(sorted(objects, key=str)))
    name = data.draw((_WORDS | _text).filter(lambda word: word not in _at(sealed, path)))
    value = data.draw(_VALUES | _json)
    if suite == "eddsa-rdfc-2022" and (name == "@context" or _is_empty(value)):
        return  # a context that is there already, and an empty list, say nothing to anybody

    assert not verify(_changed(sealed, (*path, name), value), _DOCUMENTS).verified


@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_any_one_letter_of_a_token_changed_does_not_verify(data: st.DataObject) -> None:
    sealed = _SEALS["token"]
    index = data.draw(st.integers(0, len(sealed) - 1))
    letter = data.draw(st.sampled_from(string.ascii_letters + string.digits + "-_.~="))
    if letter == sealed[index]:
        return

    assert not verify(sealed[:index] + letter + sealed[index + 1 :]).verified


@given(bit=st.integers(0, 511))
@settings(max_examples=40, deadline=None)
def test_any_one_bit_of_a_signature_turned_does_not_verify(bit: int) -> None:
    sealed = signed(badge())
    value = bytearray(decode_base58btc(sealed["proof"]["proofValue"]))
    value[bit // 8] ^= 1 << bit % 8

    assert not verify(_changed(sealed, ("proof", "proofValue"), encode_base58btc(bytes(value)))).verified


@pytest.mark.parametrize("suite", _SUITES)
@given(name=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=50))
@settings(max_examples=60, deadline=None)
def test_any_text_can_be_sealed_and_verified(suite: str, name: str) -> None:
    assert verify(signed(badge(name=name), suite=suite)).verified


@given(data=st.binary(max_size=200))
@settings(deadline=None)
def test_any_bytes_are_answered_by_a_report(data: bytes) -> None:
    assert verify(data).outcome in (Outcome.NOT_VERIFIED, Outcome.UNKNOWN)


@given(value=_json)
@settings(deadline=None)
def test_any_json_is_answered_by_a_report(value: Any) -> None:
    assert not verify(json.dumps(value).encode()).verified


@given(value=st.dictionaries(_WORDS, _like_a_credential, max_size=12))
@settings(max_examples=150, deadline=None)
def test_any_json_in_the_words_of_credentials_is_answered_by_a_report(value: JsonObject) -> None:
    assert not verify(value, _DOCUMENTS).verified


@given(header=st.dictionaries(st.sampled_from(["alg", "typ", "kid", "jwk", "x5c", "crit"]), _like_a_credential | _json),
       payload=st.dictionaries(_WORDS | st.sampled_from(["iss", "sub", "jti", "nbf", "exp", "iat", "vc", "vp"]),
                               _like_a_credential, max_size=12),
       signature=st.binary(max_size=64))  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_any_token_is_answered_by_a_report(header: JsonObject, payload: JsonObject, signature: bytes) -> None:
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)

    assert not verify(".".join(map(encode_base64url, parts))).verified


_WHOLE: list[JsonObject] = [
    _SEALED["eddsa-rdfc-2022"],
    signed(learner_record(signed(badge()), signed(endorsement(), "stranger"))),
    signed(
        presentation(signed(badge()), signed(learner_record(signed(badge())))), "learner", challenge="c", domain="d"
    ),
    envelope(badge_token()),
    signed(status_list([7])),
]


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_good_document_with_several_things_exchanged_is_answered_by_a_report(data: st.DataObject) -> None:
    changed = copy.deepcopy(data.draw(st.sampled_from(_WHOLE)))
    for _ in range(data.draw(st.integers(1, 4))):
        paths = sorted(_places(changed), key=str)
        source, target = data.draw(st.sampled_from(paths)), data.draw(st.sampled_from(paths))
        value = data.draw(st.just(_at(changed, source)) | _like_a_credential | _json)
        changed = _changed(changed, target, copy.deepcopy(value))

    report = verify(changed, {**_DOCUMENTS, LIST_URL: changed}, challenge="c", domain="d")

    assert report.outcome in Outcome


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_good_document_with_bytes_exchanged_is_answered_by_a_report(data: st.DataObject) -> None:
    raw = bytearray(as_bytes(data.draw(st.sampled_from(_WHOLE))))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    assert verify(bytes(raw)).outcome in Outcome


@given(changes=st.dictionaries(_WORDS, _like_a_credential, max_size=4))
@settings(max_examples=100, deadline=None)
def test_a_hostile_status_list_is_answered_by_a_report(changes: JsonObject) -> None:
    sealed = signed(with_status(entry()))

    assert verify(sealed, {LIST_URL: {**signed(status_list()), **changes}}).outcome in Outcome


@given(
    document=st.dictionaries(
        _WORDS | st.sampled_from(["assertionMethod", "verificationMethod"]), _like_a_credential, max_size=5
    )
)
@settings(max_examples=100, deadline=None)
def test_a_hostile_controller_document_is_answered_by_a_report(document: JsonObject) -> None:
    sealed = badge(issuer="did:web:school.example", proof=_proof_of_a_web_issuer())

    assert not verify(sealed, {"did:web:school.example": {"id": "did:web:school.example", **document}}).verified


def _proof_of_a_web_issuer() -> JsonObject:
    proof: JsonObject = signed(badge())["proof"]
    return {**proof, "verificationMethod": "did:web:school.example#key-1"}
