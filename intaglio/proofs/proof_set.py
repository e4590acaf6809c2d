"""Adding and verifying proofs, proof sets and proof chains (Verifiable Credential Data Integrity 1.0, sections 4.2 to 4.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from intaglio.documents import JsonObject, as_list
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, SigningFailed, Unavailable, Unsupported
from intaglio.multikey import PublicKey
from intaglio.proofs.cryptosuite import Cryptosuite
from intaglio.proofs.signer import Signer
from intaglio.proofs.suites import Suites
from intaglio.times import parse_time

MAX_PROOFS = 32
"""More proofs than this on one document are refused: each costs a canonicalization."""

KeyLookup = Callable[[JsonObject], PublicKey]
"""Finds the key that a proof names; raises what it meets on the way."""


@dataclass(frozen=True, slots=True)
class Expectations:
    """What the reader expects of every proof. `domain` and `challenge` are compared only where the reader gave one."""

    purpose: str
    at: datetime
    domain: str | None = None
    challenge: str | None = None


@dataclass(frozen=True, slots=True)
class ProofResult:
    """What became of one proof; `error` is None where it holds."""

    pointer: str
    proof: JsonObject
    error: IntaglioError | None


def add_proof(document: JsonObject, suite: Cryptosuite, options: JsonObject, signer: Signer) -> JsonObject:
    """Return `document` with one more proof (sections 4.2 and 4.3). The first stands alone, further ones make a list.

    `options` are the members of the new proof but for its value; ``verificationMethod`` is the signer's where it is not given.
    With ``previousProof`` the new proof covers the proofs of those ids, which makes a chain.

    :raises SigningFailed: ``previous-proof-missing``, and what the signer raises.
    """
    proofs = as_list(document.get("proof"))
    covered = _covered(document, _matching_proofs(options, proofs, SigningFailed))
    stated = {"verificationMethod": signer.verification_method, **options}
    proof = suite.create_proof(covered, stated, signer)
    # Section 4.2, steps 2 to 4: what was asked for is what the proof states.
    for name in ("type", "verificationMethod", "proofPurpose"):
        if not isinstance(proof.get(name), str):
            raise SigningFailed("proof-incomplete", f"The proof would not state its {name}.")
    return {**document, "proof": [*proofs, proof] if proofs else proof}


@dataclass(frozen=True, slots=True)
class ProofVerifier:
    """Verifies the proofs of documents for one reader; `find_key` answers with the key that a proof names, or raises."""

    suites: Suites
    expected: Expectations
    find_key: KeyLookup

    def verify(self, document: JsonObject) -> tuple[ProofResult, ...]:
        """Verify every proof of a document, each on its own (sections 4.4 and 4.5). An empty result means that it has none.

        A proof with ``previousProof`` holds only if the proofs that it builds on hold too.

        :raises MalformedInput: ``proof-list`` where ``proof`` is neither an object nor a list of objects, or too long a list.
        """
        proofs = as_list(document.get("proof"))
        if len(proofs) > MAX_PROOFS or not all(isinstance(proof, dict) for proof in proofs):
            raise MalformedInput(
                "proof-list", f"Expected one to {MAX_PROOFS} proofs, each an object.", pointer="/proof"
            )
        single = not isinstance(document.get("proof"), list)
        results = [
            ProofResult("/proof" if single else f"/proof/{index}", proof, self._error_of(document, proofs, proof))
            for index, proof in enumerate(proofs)
        ]
        return _with_chains_broken(results)

    def _error_of(self, document: JsonObject, proofs: list[JsonObject], proof: JsonObject) -> IntaglioError | None:
        try:
            suite = self.suites.of_proof(proof)
            check_options(proof, self.expected)
            covered = _covered(document, _matching_proofs(proof, proofs, InvalidProof))
            suite.verify_proof(covered, proof, self.find_key(proof))
        except IntaglioError as error:
            return error
        return None


def check_options(proof: JsonObject, expected: Expectations) -> None:
    """Check what a proof states about itself against what the reader expects (section 4.4, steps 4 to 7, and 2.1).

    :raises MalformedInput: ``proof-incomplete``, ``bad-time``
    :raises InvalidProof: ``proof-purpose``, ``proof-expired``, ``wrong-domain``, ``wrong-challenge``
    """
    for name in proof:
        if ":" in name or (name.startswith("@") and name != "@context"):
            # Over RDF a name and the address behind it are signed alike: “expires” could be made to go unnoticed.
            raise MalformedInput(
                "proof-incomplete", "A member of the proof does not go by its plain name.", pointer="/proof"
            )
    for name in ("verificationMethod", "proofPurpose"):
        if not isinstance(proof.get(name), str):
            raise MalformedInput("proof-incomplete", f"The proof does not state its {name}.", pointer=f"/proof/{name}")
    if proof["proofPurpose"] != expected.purpose:
        detail = f"It was made for “{proof['proofPurpose'][:80]}”, not for “{expected.purpose}”."
        raise InvalidProof("proof-purpose", detail, pointer="/proof/proofPurpose")
    if "created" in proof:
        parse_time(proof["created"], pointer="/proof/created")
    # The format of `expires` is not enough: the moment itself decides.
    if "expires" in proof and parse_time(proof["expires"], pointer="/proof/expires") <= expected.at:
        raise InvalidProof("proof-expired", f"It was good until {proof['expires']}.", pointer="/proof/expires")
    if expected.domain is not None and as_list(proof.get("domain")) != [expected.domain]:
        raise InvalidProof("wrong-domain", f"It was not made for {expected.domain}.", pointer="/proof/domain")
    if expected.challenge is not None and proof.get("challenge") != expected.challenge:
        raise InvalidProof("wrong-challenge", "It does not answer the challenge.", pointer="/proof/challenge")


def _covered(document: JsonObject, previous: list[JsonObject]) -> JsonObject:
    """Return what a proof is about: the document without its proofs, but with those that this one builds on."""
    unsecured = {name: value for name, value in document.items() if name != "proof"}
    return {**unsecured, "proof": previous} if previous else unsecured


def _matching_proofs(options: JsonObject, proofs: list[Any], error: type[IntaglioError]) -> list[JsonObject]:
    """Return the proofs that ``previousProof`` names, in their order in the document (section 4.3, steps 4 and 5)."""
    wanted = as_list(options.get("previousProof"))
    if len(wanted) > MAX_PROOFS:
        # A list of millions of names would be compared with every proof, again and again.
        raise error("previous-proof-missing", "It builds on too many proofs.", pointer="/proof/previousProof")
    found = [proof for proof in proofs if isinstance(proof, dict) and proof.get("id") in wanted and "id" in proof]
    ids = [proof["id"] for proof in found]
    if any(name not in ids for name in wanted):
        raise error("previous-proof-missing", "It builds on a proof that is not there.", pointer="/proof/previousProof")
    if any(ids.count(name) > 1 for name in ids):
        raise error(
            "previous-proof-missing", "Two proofs share the id that it builds on.", pointer="/proof/previousProof"
        )
    return found


def _with_chains_broken(results: list[ProofResult]) -> tuple[ProofResult, ...]:
    """Let each failure pass on to the proofs that build on it, until nothing changes; a chain may not bite its own tail."""
    settled = {result.pointer: result for result in results if result.error}
    while len(settled) < len(results):
        waiting = [result for result in results if result.pointer not in settled]
        ready = [result for result in waiting if all(place in settled for place in _previous(result, results))]
        # Where none is ready, each of them builds on itself by some way round.
        settled |= {
            result.pointer: _after([settled[place] for place in _previous(result, results)], result) for result in ready
        } or {result.pointer: _broken(result, InvalidProof) for result in waiting}
    return tuple(settled[result.pointer] for result in results)


def _after(previous: list[ProofResult], result: ProofResult) -> ProofResult:
    """Return the result of a proof that holds by itself, given what became of those that it builds on."""
    errors = [before.error for before in previous if before.error]
    if not errors:
        return result
    # Where what it builds on could only not be checked, then nor could it.
    unchecked = all(isinstance(error, Unsupported | Unavailable) for error in errors)
    return _broken(result, Unsupported if unchecked else InvalidProof)


def _broken(result: ProofResult, kind: type[IntaglioError]) -> ProofResult:
    error = kind("previous-proof-failed", "It builds on one that does not hold.")
    return ProofResult(result.pointer, result.proof, error)


def _previous(result: ProofResult, results: list[ProofResult]) -> list[str]:
    """Return the places of the proofs that a proof builds on."""
    wanted = as_list(result.proof.get("previousProof"))
    return [other.pointer for other in results if other.proof.get("id") in wanted and "id" in other.proof]
