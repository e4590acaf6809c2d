import pytest

from intaglio.errors import IntaglioError, MalformedInput
from intaglio.multikey import Algorithm
from tests.proofs.samples import CREDENTIAL, jcs_suites, prove, rdfc_suites, refusal, verify, without
from tests.proofs.tokens import signer

_ADDED = "https://w3id.org/security/data-integrity/v2"


@jcs_suites
def test_a_jcs_proof_repeats_the_context_of_its_document(name: str, algorithm: Algorithm) -> None:
    assert prove(name, algorithm)["@context"] == CREDENTIAL["@context"]
    assert prove(name, algorithm, **{"@context": "https://a.example"})["@context"] == CREDENTIAL["@context"]


@jcs_suites
def test_contexts_added_behind_those_that_were_signed_are_no_change(name: str, algorithm: Algorithm) -> None:
    # vc-di-eddsa 1.0, section 3.3.2, step 4: another signer of a proof set may have needed more contexts.
    proof = prove(name, algorithm)
    for added in ([_ADDED], [{"x": "https://x.example"}], [_ADDED, _ADDED]):
        document = {**CREDENTIAL, "@context": [*CREDENTIAL["@context"], *added]}
        verify(document, proof, signer(algorithm).public_key)


@jcs_suites
def test_contexts_before_between_or_instead_of_those_that_were_signed_are_refused(
    name: str, algorithm: Algorithm
) -> None:
    signed = ["https://www.w3.org/ns/credentials/v2", "https://b.example"]
    original = {**CREDENTIAL, "@context": signed}
    proof = prove(name, algorithm, original)
    verify(original, proof, signer(algorithm).public_key)
    for contexts in ([_ADDED, *signed], [signed[0], _ADDED, signed[1]], signed[::-1], signed[:1], [], _ADDED, None):
        document = {**original, "@context": contexts}
        assert refusal(document, proof, signer(algorithm).public_key).problem.kind == "proof-context"
    bare = without(original, ("@context",))
    assert refusal(bare, proof, signer(algorithm).public_key).problem.kind == "proof-context"


@jcs_suites
def test_the_context_that_a_jcs_proof_repeats_cannot_be_changed_with_the_documents(
    name: str, algorithm: Algorithm
) -> None:
    proof = prove(name, algorithm)
    both = [*CREDENTIAL["@context"], _ADDED]
    document, changed = {**CREDENTIAL, "@context": both}, {**proof, "@context": both}
    assert refusal(document, changed, signer(algorithm).public_key).problem.kind == "bad-signature"
    bare = without(proof, ("@context",))
    assert refusal(CREDENTIAL, bare, signer(algorithm).public_key).problem.kind == "bad-signature"


@jcs_suites
def test_a_context_written_as_a_text_counts_as_a_list_of_one(name: str, algorithm: Algorithm) -> None:
    original = {**CREDENTIAL, "@context": CREDENTIAL["@context"][0]}
    proof = prove(name, algorithm, original)
    assert proof["@context"] == original["@context"]
    verify({**original, "@context": [original["@context"], _ADDED]}, proof, signer(algorithm).public_key)


@jcs_suites
def test_a_document_without_contexts_can_be_signed_as_plain_json(name: str, algorithm: Algorithm) -> None:
    plain = {"myWebsite": "https://hello.world.example/", "n": [1, 2.5, None, {"": True}]}
    proof = prove(name, algorithm, plain)
    assert "@context" not in proof
    verify(plain, proof, signer(algorithm).public_key)
    assert refusal({**plain, "@context": _ADDED}, proof, signer(algorithm).public_key).problem.kind == "bad-signature"


@jcs_suites
@pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53, "\ud800"])
def test_what_has_no_canonical_json_is_neither_signed_nor_verified(
    name: str, algorithm: Algorithm, value: object
) -> None:
    with pytest.raises(MalformedInput):
        prove(name, algorithm, {**CREDENTIAL, "name": value})
    with pytest.raises(MalformedInput):
        verify({**CREDENTIAL, "name": value}, prove(name, algorithm), signer(algorithm).public_key)


@rdfc_suites
def test_an_rdfc_proof_has_no_context_of_its_own(name: str, algorithm: Algorithm) -> None:
    for given_context in (CREDENTIAL["@context"], "https://a.example", None):
        assert "@context" not in prove(name, algorithm, **{"@context": given_context})


@rdfc_suites
def test_a_context_that_is_smuggled_into_an_rdfc_proof_is_refused(name: str, algorithm: Algorithm) -> None:
    # It would not be signed, while readers of JSON-LD would read the proof by it.
    proof = prove(name, algorithm)
    verify(CREDENTIAL, {**proof, "@context": CREDENTIAL["@context"]}, signer(algorithm).public_key)
    for context in ({"created": "https://x.example"}, [*CREDENTIAL["@context"], _ADDED], _ADDED, None, []):
        error = refusal(CREDENTIAL, {**proof, "@context": context}, signer(algorithm).public_key)
        assert error.problem.kind == "proof-context"


@rdfc_suites
def test_an_added_context_that_changes_no_meaning_is_no_change(name: str, algorithm: Algorithm) -> None:
    # What is signed is the meaning: a context of which nothing is used adds none.
    document = {**CREDENTIAL, "@context": [*CREDENTIAL["@context"], {"unused": "https://x.example/unused"}]}
    verify(document, prove(name, algorithm), signer(algorithm).public_key)


@rdfc_suites
def test_a_context_that_changes_a_meaning_is_refused(name: str, algorithm: Algorithm) -> None:
    inline = {"motto": "https://school.example/terms#motto"}
    document = {**CREDENTIAL, "@context": [*CREDENTIAL["@context"], inline], "motto": "Onward"}
    proof = prove(name, algorithm, document)
    other = {"motto": "https://school.example/terms#insult"}
    changed = {**document, "@context": [*CREDENTIAL["@context"], other]}
    assert refusal(changed, proof, signer(algorithm).public_key).problem.kind == "bad-signature"


@rdfc_suites
def test_an_undefined_member_cannot_ride_along_under_a_signature(name: str, algorithm: Algorithm) -> None:
    proof = prove(name, algorithm)
    for document in (
        {**CREDENTIAL, "salary": 5},
        {**CREDENTIAL, "credentialSubject": {**CREDENTIAL["credentialSubject"], "honours": "summa cum laude"}},
        {**CREDENTIAL, "type": ["VerifiableCredential", "MadeUpType"]},
    ):
        assert isinstance(refusal(document, proof, signer(algorithm).public_key), MalformedInput)
        with pytest.raises(MalformedInput):
            prove(name, algorithm, document)


@rdfc_suites
def test_a_document_without_contexts_means_nothing_and_is_not_signed(name: str, algorithm: Algorithm) -> None:
    with pytest.raises(IntaglioError):
        prove(name, algorithm, without(CREDENTIAL, ("@context",)))
