import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput
from intaglio.multikey import Algorithm, PublicKey
from intaglio.proofs import jose
from intaglio.proofs.vc_jwt import Profile, Unpacked, check_claims, pack_badge, unpack
from tests.proofs.tokens import signer, token

_START, _END = 1_782_820_800, 1_909_051_200  # 2026-06-30T12:00:00Z and 2030-06-30T12:00:00Z
_BADGE: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "https://school.example/badges/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://school.example", "type": ["Profile"]},
    "validFrom": "2026-06-30T12:00:00Z",
    "validUntil": "2030-06-30T12:00:00Z",
    "credentialSubject": {"id": "did:example:learner", "type": ["AchievementSubject"]},
}
_CLAIMS: JsonObject = {
    "iss": "https://school.example",
    "sub": "did:example:learner",
    "jti": "https://school.example/badges/1",
    "nbf": _START,
    "exp": _END,
}
_CREDENTIAL: JsonObject = {**_BADGE, "type": ["VerifiableCredential", "SomeCredential"]}
_PRESENTATION: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": "did:example:learner",
}
_V1: JsonObject = {
    "@context": ["https://www.w3.org/2018/credentials/v1"],
    "id": "https://school.example/badges/1",
    "type": ["VerifiableCredential", "OpenBadgeCredential"],
    "issuer": {"id": "https://school.example"},
    "issuanceDate": "2026-06-30T12:00:00Z",
    "expirationDate": "2030-06-30T12:00:00Z",
    "credentialSubject": {"id": "did:example:learner"},
}


def _read(payload: JsonObject, **header: Any) -> Unpacked:
    """Unpack and compare, as a verifier does."""
    jws = jose.decode(token({"alg": "EdDSA", **header}, payload))
    unpacked = unpack(jws)
    check_claims(jws, unpacked)
    return unpacked


def _refusal(payload: JsonObject, **header: Any) -> tuple[str, str | None]:
    with pytest.raises(IntaglioError) as caught:
        _read(payload, **header)
    expected = InvalidProof if caught.value.problem.kind == "jwt-claim-mismatch" else MalformedInput
    assert type(caught.value) is expected
    assert len(str(caught.value)) < 500
    return caught.value.problem.kind, caught.value.problem.pointer


# — which profile —


def test_a_badge_is_read_from_a_plain_jwt() -> None:
    for header in ({}, {"typ": "JWT"}, {"typ": "jwt"}, {"typ": "application/jwt"}):
        unpacked = _read({**_BADGE, **_CLAIMS}, kid="https://school.example/keys/1", **header)
        assert unpacked.profile is Profile.OPEN_BADGES
        assert unpacked.document == _BADGE
        assert unpacked.claims == _CLAIMS
        assert unpacked.not_before == datetime(2026, 6, 30, 12, tzinfo=UTC)
        assert unpacked.not_after == datetime(2030, 6, 30, 12, tzinfo=UTC)


@pytest.mark.parametrize("typ", ["vc+jwt", "VC+JWT", "application/vc+jwt", "Application/VC+jwt"])
def test_a_credential_is_the_payload_of_a_vc_jwt(typ: str) -> None:
    unpacked = _read(_BADGE, typ=typ)
    assert unpacked == Unpacked(Profile.VC_JOSE_COSE, _BADGE, {}, None, None)


def test_a_presentation_is_the_payload_of_a_vp_jwt() -> None:
    unpacked = _read({**_PRESENTATION, "iss": "did:example:learner", "aud": "a", "nonce": "n"}, typ="vp+jwt")
    assert unpacked.document == _PRESENTATION
    assert unpacked.claims == {"iss": "did:example:learner", "aud": "a", "nonce": "n"}


def test_a_credential_of_version_1_1_is_the_claim_vc() -> None:
    unpacked = _read({**_CLAIMS, "vc": _V1}, typ="JWT", kid="any", cty="headers are free here")
    assert unpacked.profile is Profile.VC_1_1
    assert unpacked.document == _V1


def test_a_presentation_of_version_1_1_is_the_claim_vp() -> None:
    presentation = {"@context": _V1["@context"], "type": "VerifiablePresentation", "verifiableCredential": ["a.b.c"]}
    unpacked = _read({"iss": "did:example:learner", "jti": "urn:x:1", "aud": "a", "nonce": "n", "vp": presentation})
    assert unpacked.document == {**presentation, "holder": "did:example:learner", "id": "urn:x:1"}
    assert unpacked.claims["nonce"] == "n"


@pytest.mark.parametrize(
    "typ", ["", "JWS", "JOSE", "at+jwt", "dc+sd-jwt", "vc+sd-jwt", "vc", "text/vc+jwt", "vc+jwt ", "x" * 5000]
)
def test_a_token_for_another_use_is_no_credential(typ: str) -> None:
    payload = {**_BADGE, **_CLAIMS}
    if typ == "":
        assert _read(payload, typ=typ).profile is Profile.OPEN_BADGES
    else:
        assert _refusal(payload, typ=typ) == ("jwt-type", "/typ")


@pytest.mark.parametrize("typ", [5, True, ["JWT"], {"JWT": 1}])
def test_a_type_that_is_no_text_is_refused(typ: object) -> None:
    assert _refusal({**_BADGE, **_CLAIMS}, typ=typ) == ("jwt-type", "/typ")


@pytest.mark.parametrize("claim", ["vc", "vp"])
@pytest.mark.parametrize("typ", ["vc+jwt", "vp+jwt"])
def test_a_document_beside_the_claim_vc_or_vp_would_be_two_documents(typ: str, claim: str) -> None:
    document = _CREDENTIAL if typ == "vc+jwt" else _PRESENTATION
    for inner in (_V1, {}, None):
        assert _refusal({**document, claim: inner}, typ=typ)[0] == "jwt-type"


def test_a_credential_does_not_pass_as_a_presentation_nor_the_other_way_round() -> None:
    assert _refusal(_PRESENTATION, typ="vc+jwt") == ("jwt-type", "/type")
    assert _refusal(_CREDENTIAL, typ="vp+jwt") == ("jwt-type", "/type")
    assert _refusal({}, typ="vc+jwt") == ("jwt-type", "/type")
    assert _refusal({"type": {"VerifiableCredential": 1}}, typ="vc+jwt") == ("jwt-type", "/type")


@pytest.mark.parametrize("claim", ["vc", "vp"])
@pytest.mark.parametrize("value", [None, "text", [], 5, [_V1]])
def test_a_claim_vc_that_is_no_object_is_refused(claim: str, value: object) -> None:
    assert _refusal({**_CLAIMS, claim: value}) == ("jwt-claim", f"/{claim}")


@pytest.mark.parametrize("header", ["x5c", "x5u", "jku", "cty", "iss", "b64", "zip", "__proto__"])
def test_open_badges_allow_no_other_headers(header: str) -> None:
    assert _refusal({**_BADGE, **_CLAIMS}, **{header: "x"}) == ("jwt-header", f"/{header}")
    assert _read(_CREDENTIAL, typ="vc+jwt", **{header: "x"}).profile is Profile.VC_JOSE_COSE


def test_the_place_of_a_header_is_a_pointer_whatever_its_name() -> None:
    assert _refusal({**_BADGE, **_CLAIMS}, **{"a/b~c": "x"}) == ("jwt-header", "/a~1b~0c")


# — claims and document —


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        *(("iss", value) for value in ("https://other.example", "https://school.example/", None, 5, {"id": "x"}, [])),
        *(("sub", value) for value in ("did:example:other", "", None, ["did:example:learner"])),
        *(("jti", value) for value in ("https://school.example/badges/2", "HTTPS://school.example/badges/1", None)),
        *((claim, value) for claim in ("nbf", "exp") for value in (_START + 1, _START - 1, _END - 1, _END + 1, 0, -1)),
    ],
)
def test_a_claim_that_contradicts_the_badge_is_refused(claim: str, value: object) -> None:
    assert _refusal({**_BADGE, **_CLAIMS, claim: value}) == ("jwt-claim-mismatch", f"/{claim}")
    assert _refusal({**_CLAIMS, claim: value, "vc": _V1}) == ("jwt-claim-mismatch", f"/{claim}")


@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", "https://other.example"), ("sub", "did:example:other"), ("jti", "https://school.example/badges/2")],
)
def test_a_claim_that_contradicts_a_credential_of_version_2_is_refused(claim: str, value: object) -> None:
    assert _refusal({**_CREDENTIAL, claim: value}, typ="vc+jwt") == ("jwt-claim-mismatch", f"/{claim}")


def test_in_version_2_nbf_and_exp_are_limits_of_the_signature_and_not_of_the_credential() -> None:
    unpacked = _read({**_CREDENTIAL, "nbf": _START + 60, "exp": _START + 120, "iat": _START}, typ="vc+jwt")
    assert unpacked.not_before == datetime(2026, 6, 30, 12, 1, tzinfo=UTC)
    assert unpacked.not_after == datetime(2026, 6, 30, 12, 2, tzinfo=UTC)


def test_a_presentation_that_names_another_holder_than_its_token_is_refused() -> None:
    assert _refusal({**_PRESENTATION, "iss": "did:example:thief"}, typ="vp+jwt") == ("jwt-claim-mismatch", "/iss")
    # Nor does a member `issuer`, which a presentation does not have, help the thief.
    smuggled = {**_PRESENTATION, "iss": "did:example:thief", "issuer": "did:example:thief"}
    assert _refusal(smuggled, typ="vp+jwt") == ("jwt-claim-mismatch", "/iss")


@pytest.mark.parametrize("claim", ["iss", "sub", "jti", "nbf", "exp"])
def test_a_badge_lacking_a_claim_is_refused(claim: str) -> None:
    without = {name: value for name, value in _CLAIMS.items() if name != claim}
    assert _refusal({**_BADGE, **without}) == ("jwt-claim", f"/{claim}")


def test_a_badge_needs_no_claim_for_what_it_does_not_say() -> None:
    badge = {**_BADGE, "credentialSubject": {"identifier": [{"type": "IdentityObject"}]}}
    del badge["validUntil"]
    claims = {name: _CLAIMS[name] for name in ("iss", "jti", "nbf")}
    unpacked = _read({**badge, **claims})
    assert unpacked.not_after is None


def test_an_expiry_that_only_the_token_states_is_kept_as_its_limit() -> None:
    badge = {name: value for name, value in _BADGE.items() if name != "validUntil"}
    assert _read({**badge, **_CLAIMS}).not_after == datetime(2030, 6, 30, 12, tzinfo=UTC)


def test_a_credential_that_is_no_badge_may_leave_the_claims_out() -> None:
    older = {**_V1, "type": ["VerifiableCredential"]}
    assert _read({"vc": older}).document == older
    assert _read(_CREDENTIAL).profile is Profile.OPEN_BADGES
    for kinds in ("OpenBadgeCredential", ["X", "ClrCredential"], ["EndorsementCredential"], ["AchievementCredential"]):
        assert _refusal({"vc": {**_V1, "type": kinds}}) == ("jwt-claim", "/iss")


def test_an_issuer_written_as_a_text_is_compared_too() -> None:
    assert _read({**_BADGE, **_CLAIMS, "issuer": "https://school.example"})
    assert _refusal({**_BADGE, **_CLAIMS, "issuer": "https://other.example"}) == ("jwt-claim-mismatch", "/iss")


def test_a_single_subject_in_a_list_is_compared_too() -> None:
    badge = {**_BADGE, **_CLAIMS, "credentialSubject": [_BADGE["credentialSubject"]]}
    assert _read(badge)
    assert _refusal({**badge, "sub": "did:example:other"}) == ("jwt-claim-mismatch", "/sub")
    assert _refusal({name: value for name, value in badge.items() if name != "sub"}) == ("jwt-claim", "/sub")


@pytest.mark.parametrize("claim", ["nbf", "exp"])
@pytest.mark.parametrize(
    "value", ["1782820800", "", True, False, None, [], {}, [_START], 1e300, -1e300, 1e18, -1e13, 2**53 - 1]
)
def test_a_moment_that_is_no_number_or_no_time_is_refused(claim: str, value: object) -> None:
    for payload in ({**_BADGE, **_CLAIMS, claim: value}, {**_CLAIMS, claim: value, "vc": _V1}):
        assert _refusal(payload) == ("jwt-claim", f"/{claim}")
    assert _refusal({**_CREDENTIAL, claim: value}, typ="vc+jwt") == ("jwt-claim", f"/{claim}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_a_moment_that_json_does_not_have_is_refused_before(number: str) -> None:
    payload = json.dumps({**_BADGE, **_CLAIMS}).replace(str(_START), number)
    with pytest.raises(MalformedInput) as caught:
        jose.decode(token({"alg": "EdDSA"}, payload.encode()))
    assert caught.value.problem.kind == "number-out-of-range"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_nor_does_such_a_moment_pass_where_no_parser_stood_before(value: float) -> None:
    jws = jose.Jws("a.b.c", {"alg": "EdDSA"}, {**_BADGE, **_CLAIMS, "nbf": value}, b"")
    with pytest.raises(MalformedInput) as caught:
        unpack(jws)
    assert caught.value.problem.kind == "jwt-claim"


def test_fractions_of_a_second_are_cut_off_on_both_sides() -> None:
    assert _read({**_BADGE, **_CLAIMS, "nbf": _START + 0.25, "validFrom": "2026-06-30T12:00:00.75Z"})
    assert _read({**_BADGE, **_CLAIMS, "validFrom": "2026-06-30T14:00:00+02:00"})


@pytest.mark.parametrize("date", ["2026-06-30", "2026-06-30T12:00:00", 5, None, "x"])
def test_a_date_that_is_none_is_refused_where_a_claim_repeats_it(date: object) -> None:
    assert _refusal({**_BADGE, **_CLAIMS, "validFrom": date}) == ("bad-time", "/validFrom")
    assert _refusal({**_BADGE, **_CLAIMS, "validUntil": date}) == ("bad-time", "/validUntil")


def test_a_date_of_version_1_1_may_leave_its_offset_out() -> None:
    older = {**_V1, "issuanceDate": "2026-06-30T12:00:00"}
    assert _read({**_CLAIMS, "vc": older}).document == older


def test_in_version_1_1_nbf_repeats_the_issuance_date_and_not_another() -> None:
    both = {**_V1, "validFrom": "2020-01-01T00:00:00Z"}
    assert _read({**_CLAIMS, "vc": both}).document == both


# — what the claims complete —


def test_what_the_claims_state_may_be_left_out_of_a_credential_of_version_1_1() -> None:
    stated = {name: _V1[name] for name in ("@context", "type")}
    unpacked = _read({**_CLAIMS, "vc": {**stated, "credentialSubject": {"degree": "B. A."}}})
    assert unpacked.document == {
        **stated,
        "id": "https://school.example/badges/1",
        "issuer": "https://school.example",
        "issuanceDate": "2026-06-30T12:00:00Z",
        "expirationDate": "2030-06-30T12:00:00Z",
        "credentialSubject": {"id": "did:example:learner", "degree": "B. A."},
    }


def test_a_completed_credential_is_a_new_one() -> None:
    jws = jose.decode(
        token({"alg": "EdDSA"}, {**_CLAIMS, "vc": {"type": "VerifiableCredential", "credentialSubject": {}}})
    )
    unpack(jws)
    assert jws.payload["vc"] == {"type": "VerifiableCredential", "credentialSubject": {}}


def test_a_year_before_1000_is_completed_with_four_digits() -> None:
    unpacked = _read({"nbf": -62_135_596_800, "vc": {"type": "VerifiableCredential"}})
    assert unpacked.document["issuanceDate"] == "0001-01-01T00:00:00Z"


# — the payload of a badge —


def test_a_badge_is_packed_with_the_claims_that_repeat_it() -> None:
    assert pack_badge(_BADGE) == {**_BADGE, **_CLAIMS}
    compact = jose.sign({"alg": "EdDSA", "typ": "JWT"}, pack_badge(_BADGE), signer(Algorithm.ED25519))
    jws = jose.decode(compact)
    unpacked = unpack(jws)
    check_claims(jws, unpacked)
    assert unpacked.document == _BADGE


def test_a_badge_without_an_expiry_is_packed_without_exp() -> None:
    badge = {name: value for name, value in _BADGE.items() if name != "validUntil"}
    assert "exp" not in pack_badge(badge)


@pytest.mark.parametrize(("member", "place"), [("issuer", "/issuer/id"), ("id", "/id"), ("validFrom", "/validFrom")])
def test_a_badge_that_lacks_what_a_claim_repeats_cannot_be_packed(member: str, place: str) -> None:
    badge = {name: value for name, value in _BADGE.items() if name != member}
    with pytest.raises(MalformedInput) as caught:
        pack_badge(badge)
    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("jwt-claim", place)


def test_a_badge_for_a_learner_without_an_id_is_packed_without_sub() -> None:
    assert "sub" not in pack_badge({**_BADGE, "credentialSubject": {"type": ["AchievementSubject"]}})


def test_claims_that_a_badge_brings_along_are_written_over() -> None:
    assert pack_badge({**_BADGE, "iss": "https://other.example", "nbf": 0}) == {**_BADGE, **_CLAIMS}


@settings(deadline=None)
@given(
    moment=st.datetimes(timezones=st.just(UTC)),
    subject=st.text(min_size=1),
)
def test_whatever_a_badge_says_its_token_says_the_same(moment: datetime, subject: str) -> None:
    badge = {
        **_BADGE,
        "validFrom": moment.replace(tzinfo=None).isoformat() + "Z",
        "credentialSubject": {"id": subject},
        "validUntil": "9999-12-31T23:59:59Z",
    }
    jws = jose.decode(jose.sign({"alg": "EdDSA"}, pack_badge(badge), signer(Algorithm.ED25519)))
    check_claims(jws, unpack(jws))


_VALUES = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.lists(st.none(), max_size=2)
)


@settings(deadline=None)
@given(
    header=st.dictionaries(
        st.sampled_from(["typ", "cty", "kid", "jwk", "x5c"]), _VALUES | st.sampled_from(["vc+jwt", "JWT"])
    ),
    changes=st.dictionaries(st.sampled_from([*_CLAIMS, *_BADGE, "vc", "vp", "aud"]), _VALUES | st.just(_V1)),
)
def test_whatever_a_token_holds_it_is_read_or_refused(header: JsonObject, changes: JsonObject) -> None:
    jws = jose.Jws("a.b.c", {"alg": "EdDSA", **header}, {**_BADGE, **_CLAIMS, **changes}, b"")
    try:
        unpacked = unpack(jws)
        check_claims(jws, unpacked)
    except IntaglioError as error:
        problem = error.problem
    else:
        problem = None
        assert isinstance(unpacked.document, dict)
    assert problem is None or problem.kind.startswith("jwt-") or problem.kind == "bad-time"


# — samples of others —

_WITH_KEY = ["simple__bb3e2c.jwt", "simple_jwt__7f39f9.jwt", "simple_jwt_v1__47984f.jwt"]


@pytest.mark.parametrize("name", _WITH_KEY)
def test_the_samples_of_1edtech_verify_with_the_key_that_they_bring(vectors: Path, name: str) -> None:
    jws = jose.decode((vectors / "1edtech-jwt" / name).read_text().strip())
    jose.verify(jws, PublicKey.from_jwk(jws.header["jwk"]))
    theirs = JWS()
    theirs.deserialize(jws.compact)
    theirs.verify(JWK(**jws.header["jwk"]))
    assert unpack(jws).document["issuer"]["id"] == jws.payload["iss"]


@pytest.mark.parametrize("name", _WITH_KEY[1:])
def test_samples_of_1edtech_lack_the_claim_sub_that_1edtech_asks_for(vectors: Path, name: str) -> None:
    # Open Badges 3.0, "Verify a Credential VC-JWT Signature": the JSON object MUST have the `sub` claim.
    jws = jose.decode((vectors / "1edtech-jwt" / name).read_text().strip())
    assert "sub" not in jws.payload
    with pytest.raises(MalformedInput) as caught:
        check_claims(jws, unpack(jws))
    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("jwt-claim", "/sub")


@pytest.mark.parametrize("name", ["simple__bb3e2c.jwt", "simple__5b36be.jwt", "velocity__c38aca.jwt"])
def test_the_other_samples_agree_with_the_claims_around_them(vectors: Path, name: str) -> None:
    jws = jose.decode((vectors / "1edtech-jwt" / name).read_text().strip())
    unpacked = unpack(jws)
    check_claims(jws, unpacked)
    assert unpacked.profile is Profile.VC_1_1


def test_a_document_of_version_2_in_a_vc_claim_takes_its_dates_by_their_new_names() -> None:
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]}
    jws = jose.Jws("", {"alg": "ES256"}, {"vc": document, "nbf": 1_780_000_000, "exp": 1_790_000_000}, b"")
    unpacked = unpack(jws).document
    assert unpacked["validFrom"] == "2026-05-28T20:26:40Z"
    assert unpacked["validUntil"] == "2026-09-21T14:13:20Z"
    assert "issuanceDate" not in unpacked


def test_a_token_without_a_type_that_is_no_badge_may_have_other_headers() -> None:
    document = {"@context": ["https://www.w3.org/ns/credentials/v2"], "type": ["VerifiableCredential"]}
    jws = jose.Jws("", {"alg": "ES256", "cty": "vc"}, document, b"")
    check_claims(jws, unpack(jws))
