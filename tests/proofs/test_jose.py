import hmac
import json
from itertools import permutations
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from hypothesis import given, settings
from hypothesis import strategies as st
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from intaglio.errors import IntaglioError, MalformedInput, SigningFailed
from intaglio.multikey import Algorithm, PublicKey, decode_base64url, ecdsa_raw_to_der, encode_base64url
from intaglio.proofs import jose
from tests.guards import ends
from tests.proofs.tokens import NAMES, part, private_key, signer, token

all_algorithms = pytest.mark.parametrize("algorithm", Algorithm)
_HEADER = {"alg": "EdDSA"}
_PAYLOAD = {"iss": "did:example:school", "name": "Zoë 😀", "n": [1, 2.5, None, True]}
_RFC_7515_PAYLOAD = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ"


def _kind_of(attempt: Any, *arguments: Any) -> str:
    with pytest.raises(IntaglioError) as caught:
        attempt(*arguments)
    assert len(str(caught.value)) < 600
    return caught.value.problem.kind


def _verify(compact: str, algorithm: Algorithm = Algorithm.ED25519) -> None:
    jose.verify(jose.decode(compact), signer(algorithm).public_key)


# — round trips —


@all_algorithms
def test_a_token_verifies_as_it_was_signed(algorithm: Algorithm) -> None:
    compact = jose.sign({"alg": NAMES[algorithm], "kid": "did:example:school#1"}, _PAYLOAD, signer(algorithm))
    jws = jose.decode(compact)
    assert jws.header == {"alg": NAMES[algorithm], "kid": "did:example:school#1"}
    assert jws.payload == _PAYLOAD
    jose.verify(jws, signer(algorithm).public_key)


@all_algorithms
def test_an_independent_library_verifies_what_we_sign(algorithm: Algorithm) -> None:
    theirs = JWS()
    theirs.deserialize(jose.sign({"alg": NAMES[algorithm]}, _PAYLOAD, signer(algorithm)))
    theirs.verify(JWK(**signer(algorithm).public_key.to_jwk()))
    assert json.loads(theirs.payload) == _PAYLOAD


@all_algorithms
def test_we_verify_what_an_independent_library_signs(algorithm: Algorithm) -> None:
    theirs = JWS(json.dumps(_PAYLOAD))
    theirs.add_signature(JWK.from_pyca(private_key(algorithm)), None, json.dumps({"alg": NAMES[algorithm]}))
    compact = theirs.serialize(compact=True)
    assert jose.decode(compact).payload == _PAYLOAD
    _verify(compact, algorithm)


@settings(deadline=None)
@given(payload=st.dictionaries(st.text(), st.text() | st.floats(allow_nan=False, allow_infinity=False) | st.booleans()))
def test_any_unicode_is_signed_and_read_as_it_was(payload: dict[str, Any]) -> None:
    compact = jose.sign(_HEADER, payload, signer(Algorithm.ED25519))
    assert jose.decode(compact).payload == payload
    _verify(compact)


@settings(deadline=None)
@given(data=st.data())
def test_a_token_with_one_character_changed_does_not_verify(data: Any) -> None:
    compact = jose.sign(_HEADER, _PAYLOAD, signer(Algorithm.ED25519))
    place = data.draw(st.integers(0, len(compact) - 1))
    other = data.draw(st.sampled_from("ABCXYZabcxyz0189-_.=").filter(lambda character: character != compact[place]))
    with pytest.raises(IntaglioError):
        _verify(compact[:place] + other + compact[place + 1 :])


# — published examples —


def test_the_rs256_example_of_rfc_7515_appendix_a_2() -> None:
    key = PublicKey.from_jwk(
        {
            "kty": "RSA",
            "n": (
                "ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yR"
                "T-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXB"
                "dQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9ia"
                "GNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"
            ),
            "e": "AQAB",
        }
    )
    signature = (
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CU"
        "Ar7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_d"
        "O--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0ig"
        "cN_IoypGlUPQGe77Rw"
    )
    jose.verify(jose.decode(f"eyJhbGciOiJSUzI1NiJ9.{_RFC_7515_PAYLOAD}.{signature}"), key)


def test_the_es256_example_of_rfc_7515_appendix_a_3() -> None:
    key = PublicKey.from_jwk(
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        }
    )
    signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
    jws = jose.decode(f"eyJhbGciOiJFUzI1NiJ9.{_RFC_7515_PAYLOAD}.{signature}")
    assert jws.payload == {"iss": "joe", "exp": 1300819380, "http://example.com/is_root": True}
    jose.verify(jws, key)


def test_the_eddsa_example_of_rfc_8037_appendix_a_4() -> None:
    key = PublicKey.from_jwk({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"
    compact = f"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.{signature}"
    jose.verify(jose.Jws(compact, {"alg": "EdDSA"}, {}, decode_base64url(signature)), key)
    # Its payload is a plain sentence, and what we read is always an object.
    assert _kind_of(jose.decode, compact) == "not-json"


# — algorithm attacks —


@pytest.mark.parametrize("name", ["none", "None", "NONE", "nOnE"])
@pytest.mark.parametrize("signature", [b"", b"x", None])
def test_alg_none_in_any_case_is_refused(name: str, signature: bytes | None) -> None:
    assert _kind_of(_verify, token({"alg": name}, _PAYLOAD, signature=signature)) == "forbidden-algorithm"


@pytest.mark.parametrize("name", ["none ", " none", "n\0ne", "nonе", "", "NoneNone", "null"])
def test_what_only_looks_like_alg_none_is_not_known(name: str) -> None:
    assert _kind_of(_verify, token({"alg": name}, _PAYLOAD, signature=b"")) == "unknown-algorithm"


@pytest.mark.parametrize(("name", "digest"), [("HS256", "sha256"), ("hs384", "sha384"), ("HS512", "sha512")])
@all_algorithms
def test_an_hmac_made_with_the_public_key_as_secret_is_refused(algorithm: Algorithm, name: str, digest: str) -> None:
    public = private_key(algorithm).public_key()
    pem = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    key = signer(algorithm).public_key
    for secret in (pem, pem.strip(), key.data, json.dumps(key.to_jwk()).encode(), b""):
        signing_input = f"{part({'alg': name})}.{part(_PAYLOAD)}"
        mac = hmac.new(secret, signing_input.encode(), digest).digest()
        assert _kind_of(_verify, f"{signing_input}.{encode_base64url(mac)}", algorithm) == "forbidden-algorithm"


@pytest.mark.parametrize(("algorithm", "claimed"), list(permutations(Algorithm, 2)))
def test_a_header_cannot_choose_how_a_key_is_used(algorithm: Algorithm, claimed: Algorithm) -> None:
    compact = token({"alg": NAMES[claimed]}, _PAYLOAD, algorithm)
    assert _kind_of(_verify, compact, algorithm) == "wrong-key-for-suite"


@pytest.mark.parametrize(("algorithm", "other"), list(permutations(Algorithm, 2)))
def test_a_token_is_not_verified_with_a_key_of_another_kind(algorithm: Algorithm, other: Algorithm) -> None:
    compact = jose.sign({"alg": NAMES[algorithm]}, _PAYLOAD, signer(algorithm))
    assert _kind_of(_verify, compact, other) == "wrong-key-for-suite"


@pytest.mark.parametrize(
    "name", ["ES256K", "ES512", "PS256", "RS384", "RS512", "RS1", "eddsa", "es256", "Ed448", "A128KW", "dir"]
)
def test_an_algorithm_that_is_not_ours_is_unknown(name: str) -> None:
    assert _kind_of(_verify, token({"alg": name}, _PAYLOAD)) == "unknown-algorithm"


def test_an_algorithm_of_a_megabyte_is_refused_in_a_short_sentence() -> None:
    assert _kind_of(jose.algorithm_of, {"alg": "x" * 1_000_000}) == "unknown-algorithm"


@pytest.mark.parametrize("name", [None, 5, ["EdDSA"], {"EdDSA": 1}, True])
def test_an_algorithm_that_is_no_text_is_refused(name: object) -> None:
    assert _kind_of(_verify, token({"alg": name}, _PAYLOAD)) == "not-a-jws"
    assert _kind_of(_verify, token({}, _PAYLOAD)) == "not-a-jws"


def test_the_fully_specified_name_of_rfc_9864_is_read_but_not_written() -> None:
    _verify(token({"alg": "Ed25519"}, _PAYLOAD))
    with pytest.raises(SigningFailed):
        jose.sign({"alg": "Ed25519"}, _PAYLOAD, signer(Algorithm.ED25519))


def test_a_signature_by_somebody_else_is_refused() -> None:
    stranger = {"alg": "EdDSA", "jwk": signer(Algorithm.ED25519).public_key.to_jwk()}
    compact = token(stranger, _PAYLOAD)
    other = PublicKey.from_multikey("z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")
    assert _kind_of(jose.verify, jose.decode(compact), other) == "bad-signature"


@pytest.mark.parametrize(("algorithm", "size"), [(Algorithm.P256, 32), (Algorithm.P384, 48)])
def test_an_ecdsa_signature_in_der_is_refused(algorithm: Algorithm, size: int) -> None:
    jws = jose.decode(token({"alg": NAMES[algorithm]}, _PAYLOAD, algorithm))
    der = ecdsa_raw_to_der(jws.signature, size)
    assert _kind_of(_verify, token({"alg": NAMES[algorithm]}, _PAYLOAD, signature=der), algorithm) == "bad-signature"


@all_algorithms
@pytest.mark.parametrize("signature", [b"", b"\0", bytes(64), bytes(96), b"\xff" * 64, bytes(256)])
def test_an_empty_or_constant_signature_is_refused(algorithm: Algorithm, signature: bytes) -> None:
    compact = token({"alg": NAMES[algorithm]}, _PAYLOAD, signature=signature)
    assert _kind_of(_verify, compact, algorithm) == "bad-signature"


# — header attacks —


@pytest.mark.parametrize("crit", [["b64"], ["exp"], [], ["alg"], "b64", None, {"b64": True}])
def test_whatever_a_header_calls_critical_is_refused(crit: object) -> None:
    compact = token({"alg": "EdDSA", "crit": crit, "b64": True}, _PAYLOAD)
    assert _kind_of(_verify, compact) == "critical-header"


def test_an_unencoded_payload_is_refused() -> None:
    # RFC 7797: with b64 false the payload stands in the token as it is, and means another thing to a reader who ignores b64.
    header = part({"alg": "EdDSA", "b64": False, "crit": ["b64"]})
    payload = '{"iss":"x"}'
    signature = encode_base64url(signer(Algorithm.ED25519).sign(f"{header}.{payload}".encode()))
    assert _kind_of(_verify, f"{header}.{payload}.{signature}") == "not-a-jws"
    assert _kind_of(_verify, token({"alg": "EdDSA", "b64": False, "crit": ["b64"]}, _PAYLOAD)) == "critical-header"


def test_a_header_with_one_name_twice_is_refused() -> None:
    for header in (
        b'{"alg":"EdDSA","alg":"none"}',
        b'{"alg":"none","\\u0061lg":"EdDSA"}',
        b'{"alg":"EdDSA","alg":"EdDSA"}',
    ):
        assert _kind_of(_verify, token(header, _PAYLOAD)) == "duplicate-member"


def test_a_payload_with_one_name_twice_is_refused() -> None:
    assert _kind_of(_verify, token(_HEADER, b'{"iss":"a","iss":"b"}')) == "duplicate-member"


@pytest.mark.parametrize(
    "header", [b"", b"[]", b'"EdDSA"', b"null", b"{", b"\xff", b"[" * 10_000, {"alg": float("nan")}]
)
def test_a_header_that_is_no_object_is_refused(header: object) -> None:
    with pytest.raises(MalformedInput):
        jose.decode(token(header, _PAYLOAD))


def test_a_huge_header_is_refused() -> None:
    assert _kind_of(jose.decode, token({"alg": "EdDSA", "x": "x" * 20_000}, _PAYLOAD)) == "too-large"


def test_a_huge_token_is_refused_before_it_is_looked_at() -> None:
    with ends():
        assert _kind_of(jose.decode, "A" * 16_000_000) == "too-large"


def test_millions_of_points_take_no_time() -> None:
    with ends():
        assert _kind_of(jose.decode, "." * 15_000_000) == "not-a-jws"


# — form attacks —


def _good() -> list[str]:
    return jose.sign(_HEADER, _PAYLOAD, signer(Algorithm.ED25519)).split(".")


@pytest.mark.parametrize("count", [0, 1, 2, 4, 5])
def test_a_token_has_three_parts(count: int) -> None:
    parts = (_good() * 2)[:count]
    assert _kind_of(jose.decode, ".".join(parts)) == "not-a-jws"


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize(
    "change", ["{}=", "{}==", " {}", "{} ", "{}\n", "\n{}", "{}\t", "{}\r\n", "{}\0", "{}é", "{}+", "{}/", "{}A/"]
)
def test_padding_white_space_and_other_characters_in_a_part_are_refused(place: int, change: str) -> None:
    parts = _good()
    parts[place] = change.format(parts[place])
    assert _kind_of(jose.decode, ".".join(parts)) == "not-a-jws"


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.P256])
def test_stray_bits_at_the_end_of_a_signature_give_it_no_second_spelling(algorithm: Algorithm) -> None:
    # 64 bytes end in a character of which two bits are used.
    compact = jose.sign({"alg": NAMES[algorithm]}, _PAYLOAD, signer(algorithm))
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    last = alphabet.index(compact[-1])
    for stray in range(1, 16):
        assert _kind_of(jose.decode, compact[:-1] + alphabet[last ^ stray]) == "not-a-jws"


def test_empty_parts_are_refused() -> None:
    header, payload, signature = _good()
    assert _kind_of(jose.decode, f".{payload}.{signature}") == "not-json"
    assert _kind_of(jose.decode, f"{header}..{signature}") == "not-json"
    assert _kind_of(_verify, f"{header}.{payload}.") == "bad-signature"
    assert _kind_of(jose.decode, "..") == "not-json"


def test_parts_of_two_tokens_do_not_make_a_third() -> None:
    header, payload, signature = _good()
    other = jose.sign({"alg": "EdDSA", "kid": "x"}, {"iss": "y"}, signer(Algorithm.ED25519)).split(".")
    for mixed in ((other[0], payload, signature), (header, other[1], signature), (header, payload, other[2])):
        assert _kind_of(_verify, ".".join(mixed)) == "bad-signature"


def test_a_detached_or_json_serialized_token_is_no_compact_one() -> None:
    header, payload, signature = _good()
    for text in (
        json.dumps({"protected": header, "payload": payload, "signature": signature}),
        json.dumps({"payload": payload, "signatures": [{"protected": header, "signature": signature}]}),
        "",
    ):
        assert _kind_of(jose.decode, text) == "not-a-jws"


def test_the_bytes_that_are_verified_are_those_that_arrived() -> None:
    # The same JSON with other white space is another signing input.
    loose = token(b'{ "alg" : "EdDSA" }', b' { "iss" : "x" } ')
    _verify(loose)
    jws = jose.decode(loose)
    assert jws.signing_input == loose.rpartition(".")[0].encode()
    tight = jose.Jws(f"{part(jws.header)}.{part(jws.payload)}.x", jws.header, jws.payload, jws.signature)
    assert _kind_of(jose.verify, tight, signer(Algorithm.ED25519).public_key) == "bad-signature"


# — signing —


@all_algorithms
def test_a_header_must_name_the_algorithm_of_the_key(algorithm: Algorithm) -> None:
    for name in {*NAMES.values(), "none", "HS256", None, 5} - {NAMES[algorithm]}:
        assert _kind_of(jose.sign, {"alg": name}, _PAYLOAD, signer(algorithm)) == "wrong-key-for-suite"
    assert _kind_of(jose.sign, {}, _PAYLOAD, signer(algorithm)) == "wrong-key-for-suite"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800", b"bytes", {1, 2}])
def test_what_no_token_can_hold_is_refused_before_it_is_signed(value: object) -> None:
    assert _kind_of(jose.sign, _HEADER, {"a": value}, signer(Algorithm.ED25519)) == "not-json"


def test_a_payload_that_holds_itself_is_refused_before_it_is_signed() -> None:
    payload: dict[str, Any] = {}
    payload["a"] = payload
    assert _kind_of(jose.sign, _HEADER, payload, signer(Algorithm.ED25519)) == "not-json"


@all_algorithms
def test_signing_twice_gives_the_same_token(algorithm: Algorithm) -> None:
    once, twice = (jose.sign({"alg": NAMES[algorithm]}, _PAYLOAD, signer(algorithm)) for _ in range(2))
    assert once == twice
