"""What every check may look at: one document, what it came in, and the reader's means."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from intaglio.canonical import Canonicalizer
from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, Problem
from intaglio.proofs.suites import Suites
from intaglio.vcdm import holder_of, is_presentation, issuer_of
from intaglio.verification.keys import KeyEvidence, KeyFinder
from intaglio.verification.policy import Policy
from intaglio.verification.reading import Reading


@dataclass(frozen=True, slots=True)
class Means:
    """What a reader verifies with, the same for all documents of one run."""

    policy: Policy
    canonicalizer: Canonicalizer
    suites: Suites
    keys: KeyFinder


@dataclass(frozen=True, slots=True)
class ProofEvidence:
    """One proof, as far as it could be checked. It holds where `error` is None; then `key` is there.

    `moment` is when the proof says that it was made, or None; it is only its maker's word.
    """

    pointer: str
    error: IntaglioError | None
    key: KeyEvidence | None
    moment: datetime | None = None

    @property
    def problem(self) -> Problem | None:
        """What is wrong, with its place in the document: low down, each proof is simply ``/proof``, or has no place."""
        if self.error is None:
            return None
        problem = self.error.problem
        place = "/proof" if problem.pointer is None else problem.pointer
        if not self.pointer or not place.startswith("/proof"):
            return problem
        return Problem(problem.kind, problem.detail, self.pointer + place.removeprefix("/proof"))


@dataclass(frozen=True, slots=True)
class Examination:
    """One document under examination."""

    reading: Reading
    means: Means

    @property
    def document(self) -> JsonObject:
        """The credential or presentation."""
        return self.reading.document

    @property
    def policy(self) -> Policy:
        """What the reader asks."""
        return self.means.policy

    @property
    def purpose(self) -> str:
        """The purpose that a proof on this document must have (Data Integrity 1.0, section 2.5)."""
        return "authentication" if is_presentation(self.document) else "assertionMethod"

    @property
    def signer(self) -> str | None:
        """Who must have made the proof: the issuer of a credential, the holder of a presentation, where one is named."""
        return holder_of(self.document) if is_presentation(self.document) else issuer_of(self.document)

    def deciding(self, evidence: Sequence[ProofEvidence]) -> Sequence[ProofEvidence]:
        """Return the proofs that tell who issues or presents it: all of them, but for presentations in tokens.

        Whom a presentation answers is said by its token. The proofs inside one may be those of an older presentation, which
        somebody has taken and now wraps in a token of their own.
        """
        if self.reading.jws is not None and is_presentation(self.document):
            return [proof for proof in evidence if not proof.pointer]
        return evidence
