import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from intaglio.custody.local import LocalSigner, PrivateKey, generate
from intaglio.errors import Unsupported
from intaglio.multikey import Algorithm
from intaglio.proofs.signer import Signer

all_algorithms = pytest.mark.parametrize("algorithm", Algorithm)


@all_algorithms
def test_a_new_key_is_of_the_kind_that_was_asked_for_and_never_the_same(algorithm: Algorithm) -> None:
    first, second = (LocalSigner.over(generate(algorithm)) for _ in range(2))
    assert first.algorithm is second.algorithm is algorithm
    assert first.public_key != second.public_key


@all_algorithms
def test_what_is_signed_verifies(algorithm: Algorithm) -> None:
    signer: Signer = LocalSigner.over(generate(algorithm))
    for message in (b"", b"message", bytes(100_000)):
        assert signer.public_key.verify(signer.sign(message), message)


@all_algorithms
def test_signing_twice_gives_the_same_signature(algorithm: Algorithm) -> None:
    signer = LocalSigner.over(generate(algorithm))
    assert signer.sign(b"message") == signer.sign(b"message")
    assert signer.sign(b"message") != signer.sign(b"messagf")


_P256 = 0xC9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721
_P384 = int("6B9D3DAD2E1B8C1C05B19875B6659F4DE23C3B667BF297BA9AA47740787137D8" + "96D5724E4C70A825F872C9EA60D2EDF5", 16)


@pytest.mark.parametrize(
    ("curve", "scalar", "message", "signature"),
    [
        (
            ec.SECP256R1(),
            _P256,
            b"sample",
            (
                "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716"
                "F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8"
            ),
        ),
        (
            ec.SECP256R1(),
            _P256,
            b"test",
            (
                "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367"
                "019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083"
            ),
        ),
        (
            ec.SECP384R1(),
            _P384,
            b"sample",
            (
                "94EDBB92A5ECB8AAD4736E56C691916B3F88140666CE9FA73D64C4EA95AD133C81A648152E44ACF96E36DD1E80FABE46"
                "99EF4AEB15F178CEA1FE40DB2603138F130E740A19624526203B6351D0A3A94FA329C145786E679E7B82C71A38628AC8"
            ),
        ),
        (
            ec.SECP384R1(),
            _P384,
            b"test",
            (
                "8203B63D3C853E8D77227FB377BCF7B7B772E97892A80F36AB775D509D7A5FEB0542A7F0812998DA8F1DD3CA3CF023DB"
                "DDD0760448D42D8A43AF45AF836FCE4DE8BE06B485E9B61B827C2F13173923E06A739F040649A667BF3B828246BAA5A5"
            ),
        ),
    ],
)
def test_ecdsa_signs_as_rfc_6979_appendix_a_2(
    curve: ec.EllipticCurve, scalar: int, message: bytes, signature: str
) -> None:
    signer = LocalSigner.over(ec.derive_private_key(scalar, curve))
    assert signer.sign(message).hex().upper() == signature
    assert signer.public_key.verify(bytes.fromhex(signature), message)


@all_algorithms
def test_the_text_form_of_a_signer_shows_no_key(algorithm: Algorithm) -> None:
    signer = LocalSigner.over(generate(algorithm))
    for text in (repr(signer), str(signer), f"{signer!r:>10}"):
        assert "key=<" not in text
        assert "rivateKey" not in text
        assert signer.verification_method in text


def test_the_text_form_does_not_hold_the_bytes_of_the_key() -> None:
    signer = LocalSigner.over(ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32))
    assert "kkkk" not in repr(signer)
    assert (b"k" * 32).hex() not in repr(signer)


@all_algorithms
def test_without_a_verification_method_a_signer_goes_by_its_own_key(algorithm: Algorithm) -> None:
    signer = LocalSigner.over(generate(algorithm))
    if algorithm is Algorithm.RSA:
        assert signer.verification_method.startswith("did:jwk:")
    else:
        multikey = signer.public_key.to_multikey()
        assert signer.verification_method == f"did:key:{multikey}#{multikey}"
    assert LocalSigner.over(generate(algorithm), "https://a.example/k").verification_method == "https://a.example/k"


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP256K1()), ec.generate_private_key(ec.SECP521R1())])
def test_a_key_on_another_curve_cannot_sign_here(key: PrivateKey) -> None:
    with pytest.raises(Unsupported) as caught:
        LocalSigner.over(key)
    assert caught.value.problem.kind == "unknown-key-type"
