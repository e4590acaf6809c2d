"""The complete test vectors of vc-di-eddsa and vc-di-ecdsa: every intermediate value, byte for byte, both ways."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from intaglio.custody.local import LocalSigner
from intaglio.documents import JsonObject, as_list
from intaglio.errors import IntaglioError
from intaglio.multikey import decode_base58btc
from intaglio.proofs.data_integrity import SignatureSuite
from intaglio.proofs.ed25519_signature_2020 import Ed25519Signature2020
from intaglio.proofs.proof_set import Expectations, ProofVerifier, add_proof
from tests.proofs.published import key_in, secret_signer, suites_for_examples

_AT = datetime(2026, 11, 22, tzinfo=UTC)


def _load(path: Path) -> JsonObject:
    found: JsonObject = json.loads(path.read_text())
    return found


def _errors(document: JsonObject) -> list[IntaglioError | None]:
    verifier = ProofVerifier(suites_for_examples(), Expectations("assertionMethod", _AT), key_in)
    return [result.error for result in verifier.verify(document)]


@dataclass(frozen=True)
class _Case:
    """One published walk from an unsigned document to a signed one; `suffix` ends the names of its files."""

    folder: str
    suffix: str
    keys: str

    def __str__(self) -> str:
        return self.folder.partition("/")[2].replace("/", "-")


_CASES = [
    _Case("vc-di-eddsa/eddsa-rdfc-2022", "DataInt", "keyPair.json"),
    _Case("vc-di-eddsa/eddsa-rdfc-2022/employ", "DataInt", "keyPair.json"),
    _Case("vc-di-eddsa/eddsa-jcs-2022", "JCS", "keyPair.json"),
    _Case("vc-di-eddsa/Ed25519Signature2020", "EdSig", "keyPair.json"),
    _Case("vc-di-ecdsa/ecdsa-rdfc-2019-p256", "ECDSAP256", "p256KeyPair.json"),
    _Case("vc-di-ecdsa/ecdsa-rdfc-2019-p256/employ", "ECDSAP256", "p256KeyPair.json"),
    _Case("vc-di-ecdsa/ecdsa-rdfc-2019-p384", "ECDSAP384", "p384KeyPair.json"),
    _Case("vc-di-ecdsa/ecdsa-rdfc-2019-p384/employ", "ECDSAP384", "p384KeyPair.json"),
    _Case("vc-di-ecdsa/ecdsa-jcs-2019-p256", "JCSECDSAP256", "p256KeyPair.json"),
    _Case("vc-di-ecdsa/ecdsa-jcs-2019-p384", "JCSECDSAP384", "p384KeyPair.json"),
]


@dataclass(frozen=True)
class _Published:
    """What the folder of a case holds."""

    root: Path
    case: _Case

    def text(self, stem: str) -> str:
        return (self.root / self.case.folder / f"{stem}{self.case.suffix}.txt").read_text()

    def json(self, stem: str) -> JsonObject:
        return _load(self.root / self.case.folder / f"{stem}{self.case.suffix}.json")

    @property
    def unsigned(self) -> JsonObject:
        specification = self.root / self.case.folder.partition("/")[0]
        document = _load(specification / ("employmentAuth.json" if "employ" in self.case.folder else "unsigned.json"))
        # The older suite needs its own context, with which the unsigned document is only published as part of the signed one.
        return {**document, "@context": self.json("signed")["@context"]}

    @property
    def signer(self) -> LocalSigner:
        return secret_signer(_load(self.root / self.case.folder.partition("/")[0] / self.case.keys))

    @property
    def suite(self) -> SignatureSuite:
        suite = suites_for_examples().of_proof(self.json("proofConfig"))
        found = suite.suite if isinstance(suite, Ed25519Signature2020) else suite
        assert isinstance(found, SignatureSuite)
        return found


@pytest.fixture(params=_CASES, ids=str)
def published(vectors: Path, request: pytest.FixtureRequest) -> _Published:
    return _Published(vectors / "w3c", request.param)


def test_every_value_on_the_way_to_the_signature_is_as_published(published: _Published) -> None:
    signer = published.signer
    data = published.suite.hash_data(published.unsigned, published.json("proofConfig"), signer.algorithm)
    assert data.canonical_document.decode() == published.text("canonDoc")
    assert data.canonical_options.decode() == published.text("proofCanon")
    assert data.document_hash.hex() == published.text("docHash")
    assert data.options_hash.hex() == published.text("proofHash")
    assert data.combined.hex() == published.text("combinedHash")
    assert signer.sign(data.combined).hex() == published.text("sigHex")


def test_the_proof_and_the_signed_document_are_made_as_published(published: _Published) -> None:
    proof = published.suite.create_proof(published.unsigned, published.json("proofConfig"), published.signer)
    assert proof["proofValue"] == published.text("sigBTC58")
    assert decode_base58btc(proof["proofValue"]).hex() == published.text("sigHex")
    assert {**published.unsigned, "proof": proof} == published.json("signed")


def test_every_published_signed_document_verifies(published: _Published) -> None:
    assert _errors(published.json("signed")) == [None]


def test_no_published_document_verifies_with_anything_changed(published: _Published) -> None:
    signed = published.json("signed")
    for changed in (
        {**signed, "validFrom": "2023-01-01T00:00:01Z"},
        {**signed, "id": "urn:uuid:00000000-0000-0000-0000-000000000000"},
        {**signed, "proof": {**signed["proof"], "created": "2023-02-24T23:36:39Z"}},
        {**signed, "proof": {**signed["proof"], "id": "urn:uuid:00000000-0000-0000-0000-000000000000"}},
    ):
        (error,) = _errors(changed)
        assert error is not None
        assert error.problem.kind == "bad-signature"


# — proof sets and chains —


@pytest.fixture
def chain(vectors: Path) -> Path:
    return vectors / "w3c" / "vc-di-eddsa" / "proof-set-chain"


@pytest.mark.parametrize(
    ("pair", "before", "kind", "number"),
    [
        (1, "unsigned", "Set", 1),
        (2, "signedProofSet1", "Set", 2),
        (3, "signedProofSet2", "Chain", 1),
        (4, "signedProofChain1", "Chain", 2),
    ],
)
def test_each_link_of_the_published_chain_is_added_as_published(
    chain: Path, pair: int, before: str, kind: str, number: int
) -> None:
    signer = secret_signer(_load(chain / "multiKeyPairs.json")[f"keyPair{pair}"])
    options = _load(chain / f"proof{kind}Config{number}.json")
    suite = suites_for_examples().by_name(options["cryptosuite"])
    signed = add_proof(_load(chain / f"{before}.json"), suite, options, signer)
    proofs = as_list(signed["proof"])
    assert proofs[-1] == _load(chain / f"proof{kind}ConfigSigned{number}.json")
    assert proofs == as_list(_load(chain / f"signedProof{kind}{number}.json")["proof"])


@pytest.mark.parametrize(("pair", "number"), [(3, 1), (4, 2)])
def test_a_proof_in_a_chain_covers_the_document_that_is_published_for_it(chain: Path, pair: int, number: int) -> None:
    signer = secret_signer(_load(chain / "multiKeyPairs.json")[f"keyPair{pair}"])
    options = _load(chain / f"proofChainConfig{number}.json")
    suite = suites_for_examples().by_name(options["cryptosuite"])
    proof = suite.create_proof(_load(chain / f"proofChainTempDoc{number}.json"), options, signer)
    assert proof == _load(chain / f"proofChainConfigSigned{number}.json")


@pytest.mark.parametrize(
    ("name", "count"),
    [("signedProofSet1", 1), ("signedProofSet2", 2), ("signedProofChain1", 3), ("signedProofChain2", 4)],
)
def test_every_published_set_and_chain_verifies(chain: Path, name: str, count: int) -> None:
    assert _errors(_load(chain / f"{name}.json")) == [None] * count


def test_the_published_chain_breaks_where_a_link_is_removed(chain: Path) -> None:
    document = _load(chain / "signedProofChain2.json")
    for index in range(3):
        shortened = {**document, "proof": [proof for place, proof in enumerate(document["proof"]) if place != index]}
        assert any(error and error.problem.kind == "previous-proof-missing" for error in _errors(shortened))
    # The last link is nobody's previous proof: without it, a shorter chain remains.
    assert _errors({**document, "proof": document["proof"][:-1]}) == [None] * 3
