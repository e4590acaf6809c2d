from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.dids.controller import MAX_METHODS, RELATIONSHIPS, ControllerDocument, parse
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unsupported
from intaglio.multikey import Algorithm, PublicKey
from tests.dids.samples import (
    ED25519,
    ED25519_JWK,
    ISSUER,
    OTHER_ED25519,
    P256,
    P256_JWK,
    P384,
    P384_JWK,
    SCHOOL,
    X25519_JWK,
    document,
    method,
)

KEY_1 = f"{SCHOOL}#key-1"


def with_key(**members: Any) -> ControllerDocument:
    return parse(document(verificationMethod=[method(**members)]), SCHOOL)


def problem_of(parsed: ControllerDocument, url: str = KEY_1, purpose: str = "assertionMethod") -> tuple[type, str]:
    with pytest.raises(IntaglioError) as caught:
        parsed.method_for(url, purpose)
    return type(caught.value), caught.value.problem.kind


@pytest.mark.parametrize(
    ("members", "key"),
    [
        ({"type": "Multikey", "publicKeyMultibase": ED25519}, ED25519),
        ({"type": "Multikey", "publicKeyMultibase": P256}, P256),
        ({"type": "Multikey", "publicKeyMultibase": P384}, P384),
        ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": ED25519}, ED25519),
        ({"type": "JsonWebKey", "publicKeyJwk": ED25519_JWK}, ED25519),
        ({"type": "JsonWebKey2020", "publicKeyJwk": {**P256_JWK, "alg": "ES256", "use": "sig"}}, P256),
        ({"type": "JsonWebKey", "publicKeyJwk": {**P384_JWK, "key_ops": ["verify"], "kid": "key-1"}}, P384),
        ({"type": "JsonWebKey", "publicKeyJwk": {**P384_JWK, "key_ops": "verify"}}, P384),
    ],
)
def test_a_key_is_read_in_each_form_that_is_published(members: dict[str, Any], key: str) -> None:
    found = with_key(**members).method_for(KEY_1, "assertionMethod")
    assert found.key == PublicKey.from_multikey(key)
    assert (found.id, found.controller, found.expires, found.revoked) == (KEY_1, SCHOOL, None, None)


def test_when_a_key_ends_is_read_as_points_in_time() -> None:
    ends = {"expires": "2027-01-01T00:00:00Z", "revoked": "2026-06-01T02:00:00+02:00"}
    found = with_key(type="Multikey", publicKeyMultibase=ED25519, **ends).find(KEY_1)
    assert found.expires == datetime(2027, 1, 1, tzinfo=UTC)
    assert found.revoked == datetime(2026, 6, 1, tzinfo=UTC)


def test_relative_and_absolute_references_meet() -> None:
    parsed = parse(document(authentication=[KEY_1]), SCHOOL)
    assert parsed.method_for(KEY_1, "assertionMethod") == parsed.method_for(KEY_1, "authentication")


def test_a_key_inside_a_relationship_is_for_that_alone() -> None:
    inside = method("#key-2", type="Multikey", publicKeyMultibase=P256)
    parsed = parse(document(authentication=[inside]), SCHOOL)
    assert parsed.method_for(f"{SCHOOL}#key-2", "authentication").key.algorithm is Algorithm.P256
    assert problem_of(parsed, f"{SCHOOL}#key-2") == (InvalidProof, "method-not-for-purpose")


def test_the_same_key_may_stand_in_several_relationships() -> None:
    parsed = parse(document(verificationMethod=[], assertionMethod=[method()], authentication=[method()]), SCHOOL)
    assert parsed.method_for(KEY_1, "assertionMethod") == parsed.method_for(KEY_1, "authentication")


def test_members_may_be_single_where_json_ld_would_write_them_so() -> None:
    parsed = parse(document(verificationMethod=method(), assertionMethod="#key-1"), SCHOOL)
    assert parsed.method_for(KEY_1, "assertionMethod")


def test_also_known_as_is_kept() -> None:
    assert parse(document(alsoKnownAs=[ISSUER, 1]), SCHOOL).also_known_as == (ISSUER,)
    assert parse(document(alsoKnownAs=ISSUER), SCHOOL).also_known_as == (ISSUER,)


def test_a_key_of_a_kind_that_we_do_not_know_spoils_only_itself() -> None:
    old = method(
        "#old", type="Ed25519VerificationKey2018", publicKeyBase58="4zvwRjXUKGfvwnParsHAS3HuSVzV5cA4McphgmoCtajS"
    )
    parsed = parse(document(verificationMethod=[old, method()], assertionMethod=["#old", "#key-1"]), SCHOOL)
    assert parsed.method_for(KEY_1, "assertionMethod")
    assert [unreadable.id for unreadable in parsed.unreadable] == [f"{SCHOOL}#old"]
    for _ in range(2):
        assert problem_of(parsed, f"{SCHOOL}#old") == (Unsupported, "unknown-key-type")
    assert problem_of(parsed, f"{SCHOOL}#gone") == (InvalidProof, "method-not-found")


@pytest.mark.parametrize("purpose", ["authentication", "keyAgreement", "service", "", "verificationMethod"])
def test_a_key_for_assertions_is_for_nothing_else(purpose: str) -> None:
    assert problem_of(parse(document(), SCHOOL), purpose=purpose) == (InvalidProof, "method-not-for-purpose")


def test_a_key_that_is_listed_for_nothing_is_for_nothing() -> None:
    parsed = parse(document(assertionMethod=[]), SCHOOL)
    assert parsed.find(KEY_1)
    assert problem_of(parsed) == (InvalidProof, "method-not-for-purpose")


@pytest.mark.parametrize(
    "url", ["#key-1", "key-1", f"{SCHOOL}#key-2", f"{SCHOOL}#KEY-1", f"{SCHOOL}/#key-1", f"{ISSUER}#key-1"]
)
def test_a_key_that_is_not_listed_is_not_found(url: str) -> None:
    assert problem_of(parse(document(), SCHOOL), url) == (InvalidProof, "method-not-found")


def test_an_identifier_without_a_fragment_names_no_key() -> None:
    assert problem_of(parse(document(), SCHOOL), SCHOOL) == (MalformedInput, "bad-identifier")


def test_to_list_a_strangers_key_is_not_to_own_it() -> None:
    """An attacker lists a school's key in a document of their own, and signs nothing, or the school lists the attacker's."""
    parsed = parse(document(verificationMethod=[method(controller=ISSUER)]), SCHOOL)
    assert parsed.find(KEY_1)
    assert problem_of(parsed) == (InvalidProof, "method-of-another-controller")


def test_a_document_cannot_speak_for_the_keys_of_another() -> None:
    """The poisoned cache of Controlled Identifiers 1.0, section 3.3: the victim's method identifier with the attacker's key."""
    victim = f"{ISSUER}#key-1"
    forged = parse(document(verificationMethod=[method(victim)], assertionMethod=[victim]), SCHOOL)
    assert problem_of(forged, victim) == (InvalidProof, "method-of-another-controller")


def test_a_reference_to_a_key_elsewhere_does_not_bring_it_here() -> None:
    elsewhere = f"{ISSUER}#key-1"
    parsed = parse(document(assertionMethod=[elsewhere]), SCHOOL)
    assert problem_of(parsed, elsewhere) == (InvalidProof, "method-not-found")


@pytest.mark.parametrize(
    "stated", [ISSUER, "did:web:SCHOOL.example", f"{SCHOOL}#", f"{SCHOOL}/", "", None, 1, [SCHOOL]]
)
def test_the_document_of_another_is_not_taken(stated: Any) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse(document(stated), SCHOOL)
    assert caught.value.problem.kind == "controller-document-id"


def test_a_document_of_nobody_is_not_taken() -> None:
    with pytest.raises(MalformedInput) as caught:
        parse({"keys": [ED25519_JWK]}, ISSUER)
    assert caught.value.problem.kind == "controller-document-id"


@pytest.mark.parametrize(
    "members",
    [
        {"verificationMethod": ["#key-1"]},
        {"verificationMethod": [1]},
        {"verificationMethod": [{"type": "Multikey"}]},
        {"verificationMethod": [{"id": 1}]},
        {"verificationMethod": "#key-1"},
        {"assertionMethod": [1]},
        {"assertionMethod": [{}]},
        {"assertionMethod": [["#key-1"]]},
    ],
)
def test_a_broken_structure_breaks_the_document(members: dict[str, Any]) -> None:
    with pytest.raises(MalformedInput) as caught:
        parse(document(**members), SCHOOL)
    assert caught.value.problem.kind == "bad-controller-document"


@pytest.mark.parametrize("second", ["#key-1", KEY_1])
def test_two_keys_under_one_name_break_the_document(second: str) -> None:
    other = method(second, type="Multikey", publicKeyMultibase=OTHER_ED25519)
    for members in ({"verificationMethod": [method(), other]}, {"authentication": [other]}):
        with pytest.raises(MalformedInput) as caught:
            parse(document(**members), SCHOOL)
        assert caught.value.problem.kind == "bad-controller-document"


def test_a_document_with_thousands_of_keys_is_not_read() -> None:
    methods = [method(f"#key-{number}") for number in range(MAX_METHODS + 1)]
    assert parse(document(verificationMethod=methods[:-1]), SCHOOL).find(f"{SCHOOL}#key-{MAX_METHODS - 1}")
    with pytest.raises(MalformedInput) as caught:
        parse(document(verificationMethod=methods), SCHOOL)
    assert caught.value.problem.kind == "bad-controller-document"


@pytest.mark.parametrize("controller", [None, "", 1, [SCHOOL], {"id": SCHOOL}])
def test_a_key_whose_controller_is_not_stated_is_nobodys(controller: Any) -> None:
    parsed = parse(document(verificationMethod=[{**method(), "controller": controller}]), SCHOOL)
    assert problem_of(parsed) == (MalformedInput, "bad-verification-method")


def test_a_controller_is_not_inferred_from_the_document() -> None:
    bare = {name: value for name, value in method().items() if name != "controller"}
    assert problem_of(parse(document(verificationMethod=[bare]), SCHOOL)) == (MalformedInput, "bad-verification-method")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ED25519, "publicKeyJwk": P256_JWK},
            (MalformedInput, "bad-verification-method"),
            id="two keys in two forms",
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ED25519, "publicKeyBase58": "4zvw"},
            (MalformedInput, "bad-verification-method"),
            id="a second form that we do not read",
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyJwk": ED25519_JWK},
            (MalformedInput, "bad-verification-method"),
            id="the form of another type",
        ),
        pytest.param({"type": "Multikey"}, (MalformedInput, "bad-verification-method"), id="no key"),
        pytest.param(
            {"type": ["Multikey"], "publicKeyMultibase": ED25519},
            (MalformedInput, "bad-verification-method"),
            id="a list of types",
        ),
        pytest.param(
            {"type": "Ed25519VerificationKey2020", "publicKeyMultibase": P256},
            (MalformedInput, "bad-verification-method"),
            id="a P-256 key that calls itself Ed25519",
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ED25519[1:]},
            (MalformedInput, "bad-multibase"),
            id="no multibase",
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ["z"]}, (MalformedInput, "bad-multibase"), id="a list as a key"
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": "z6LSeu9HkTHSfLLeUs2nnzUSNedgDUevfNQgQjQC23ZCit6F"},
            (Unsupported, "unknown-key-type"),
            id="an X25519 key",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": {**P256_JWK, "d": "gPh-VvVS8MbvKQ9LSVVmfnxnKjHn4Tqj0bmbpehRlpc"}},
            (MalformedInput, "bad-public-key"),
            id="a published private JWK",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": P256_JWK, "secretKeyJwk": {}},
            (MalformedInput, "bad-public-key"),
            id="a private JWK beside it",
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ED25519, "secretKeyMultibase": "z3u2"},
            (MalformedInput, "bad-public-key"),
            id="a private Multikey beside it",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": "eyJrdHkiOiJPS1AifQ"},
            (MalformedInput, "bad-public-key"),
            id="text as JWK",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": {"kty": "oct", "k": "c2VjcmV0"}},
            (Unsupported, "unknown-key-type"),
            id="a shared secret",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": {**P256_JWK, "use": "enc"}},
            (InvalidProof, "method-not-for-purpose"),
            id="a key for encryption",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": {**P256_JWK, "key_ops": ["deriveKey"]}},
            (InvalidProof, "method-not-for-purpose"),
            id="a key for key agreement",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": {**P256_JWK, "key_ops": None}},
            (InvalidProof, "method-not-for-purpose"),
            id="a key for nothing",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": {**P256_JWK, "alg": "ES384"}},
            (Unsupported, "unknown-key-type"),
            id="a key for another algorithm",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": {**P256_JWK, "alg": ["ES256"]}},
            (Unsupported, "unknown-key-type"),
            id="a list of algorithms",
        ),
        pytest.param(
            {"type": "JsonWebKey", "publicKeyJwk": X25519_JWK}, (Unsupported, "unknown-key-type"), id="X25519"
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ED25519, "expires": "soon"},
            (MalformedInput, "bad-time"),
            id="no time",
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ED25519, "revoked": None},
            (MalformedInput, "bad-time"),
            id="null as time",
        ),
        pytest.param(
            {"type": "Multikey", "publicKeyMultibase": ED25519, "revoked": "2026-01-01T00:00:00"},
            (MalformedInput, "bad-time"),
            id="a time in no zone",
        ),
    ],
)
def test_a_key_that_cannot_be_used_says_why(members: dict[str, Any], expected: tuple[type, str]) -> None:
    parsed = with_key(**members)
    assert parsed.methods == ()
    assert problem_of(parsed) == expected


_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.sampled_from([SCHOOL, KEY_1, "#key-1", ED25519, "Multikey"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["id", "type", "controller", "publicKeyMultibase", "publicKeyJwk"]), inner)
    ),
)


@given(st.dictionaries(st.sampled_from(["verificationMethod", "alsoKnownAs", *RELATIONSHIPS]), _JSON))
def test_whatever_a_document_holds_only_our_errors_come_of_it(members: dict[str, Any]) -> None:
    try:
        parsed = parse(document(**members), SCHOOL)
        found = parsed.method_for(KEY_1, "assertionMethod")
    except IntaglioError:
        return
    assert found.controller == SCHOOL
    assert KEY_1 in parsed.relationships["assertionMethod"]
