"""Was nothing changed since it was signed?"""

from collections.abc import Sequence
from datetime import UTC, datetime

from intaglio.documents import JsonObject
from intaglio.errors import IntaglioError, Problem, Unavailable, Unsupported
from intaglio.multikey import PublicKey
from intaglio.proofs import jose
from intaglio.proofs.proof_set import Expectations, ProofVerifier
from intaglio.times import parse_time
from intaglio.verification.examination import Examination, ProofEvidence
from intaglio.verification.keys import KeyEvidence
from intaglio.verification.report import Check, failed, passed, unknown

NAME = "proof"


def gather(examination: Examination) -> tuple[ProofEvidence, ...]:
    """Verify the token, where there is one, and every embedded proof.

    :raises MalformedInput: ``proof-list``
    """
    return (*_of_token(examination), *_embedded(examination))


def check(evidence: Sequence[ProofEvidence]) -> Check:
    """Judge a proof set: at least one proof can be checked, and every one that can be checked holds.

    A proof of a kind that is not known here is reported and decides nothing.
    """
    if not evidence:
        return failed(NAME, Problem("no-proof", "It carries no proof at all.", "/proof"))
    broken = [proof for proof in evidence if proof.error and not _uncheckable(proof.error)]
    unchecked = [proof for proof in evidence if proof.error and _uncheckable(proof.error)]
    if broken:
        return failed(NAME, *_problems(broken))
    if len(unchecked) == len(evidence):
        return unknown(NAME, *_problems(unchecked))
    if unchecked:
        first = _problems(unchecked)[0]
        return passed(NAME, f"{len(unchecked)} of {len(evidence)} proofs could not be checked. {first.detail}")
    return passed(NAME)


def _of_token(examination: Examination) -> list[ProofEvidence]:
    jws = examination.reading.jws
    if jws is None:
        return []
    key: KeyEvidence | None = None
    try:
        key = examination.means.keys.for_token(jws, examination.signer, examination.purpose)
        jose.verify(jws, key.key)
    except IntaglioError as error:
        return [ProofEvidence("", error, key)]
    return [ProofEvidence("", None, key, _issued_at(jws))]


def _issued_at(jws: jose.Jws) -> datetime | None:
    """Return when a token says that it was made (RFC 7519, section 4.1.6), or None where it does not say so properly."""
    seconds = jws.payload.get("iat")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _embedded(examination: Examination) -> list[ProofEvidence]:
    # A token may hold a document that was sealed before (Open Badges 3.0, "Create the JWT Payload").
    policy, found = examination.policy, dict[int, KeyEvidence]()

    def find_key(proof: JsonObject) -> PublicKey:
        evidence = examination.means.keys.for_proof(proof)
        found[id(proof)] = evidence
        return evidence.key

    # Whom a presentation answers is said by its token, where it has one; embedded proofs then need not repeat it.
    asked = examination.reading.jws is None and examination.purpose == "authentication"
    expected = Expectations(
        purpose=examination.purpose,
        at=policy.at,
        domain=policy.domain if asked else None,
        challenge=policy.challenge if asked else None,
    )
    results = ProofVerifier(examination.means.suites, expected, find_key).verify(examination.document)
    return [
        ProofEvidence(
            pointer=result.pointer,
            error=result.error,
            key=found.get(id(result.proof)),
            moment=None if result.error or "created" not in result.proof else parse_time(result.proof["created"]),
        )
        for result in results
    ]


def _problems(evidence: Sequence[ProofEvidence]) -> list[Problem]:
    return [proof.problem for proof in evidence if proof.problem]


def _uncheckable(error: IntaglioError) -> bool:
    return isinstance(error, Unavailable | Unsupported)
