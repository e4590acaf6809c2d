"""Does the one who presents it speak for themself, now, to this reader?"""

from collections.abc import Sequence
from typing import Any

from intaglio.documents import JsonObject, as_list
from intaglio.errors import Problem
from intaglio.fetch.rules import show
from intaglio.vcdm import holder_of, subjects_of
from intaglio.verification.examination import Examination, ProofEvidence
from intaglio.verification.report import Check, Report, failed, passed, unknown

NAME = "holder"
_FOR_ANOTHER = ("wrong-challenge", "wrong-domain")


def check(examination: Examination, evidence: Sequence[ProofEvidence], inside: Sequence[Report]) -> Check:
    """Check that the holder signed, that the signature answers the reader's challenge, and whom the credentials are about.

    A credential about somebody else is *unknown*, not failed: a guardian may present it, and so may a thief.
    """
    answers = examination.deciding(evidence)
    wrong = _mismatch(answers) or _token_mismatch(examination)
    if wrong is not None:
        return failed(NAME, wrong)
    held = [proof.key for proof in answers if proof.error is None and proof.key is not None]
    if not held:
        return unknown(NAME, Problem("no-proof-holds", "No proof shows who presents it."))
    signers = {key.controller.id for key in held if key.controller is not None}
    holder = holder_of(examination.document)
    stranger = _stranger(signers, holder)
    if stranger is not None:
        return failed(NAME, stranger)
    doubt = _about_somebody_else(signers if holder is None else {holder}, inside)
    if not signers:
        doubt = Problem("holder-unproved", "Its key is vouched for by nobody.")
    if doubt is not None:
        return unknown(NAME, doubt)
    if examination.policy.challenge is None:
        return passed(NAME, "No challenge was asked for, so it may have been made for somebody else, some time ago.")
    return passed(NAME)


def _mismatch(answers: Sequence[ProofEvidence]) -> Problem | None:
    """Return what is wrong with an embedded proof that was made for another challenge or domain."""
    problems = (proof.problem for proof in answers)
    return next((problem for problem in problems if problem and problem.kind in _FOR_ANOTHER), None)


def _stranger(signers: set[str], holder: str | None) -> Problem | None:
    if holder is None or not signers or holder in signers:
        return None
    detail = f"It was signed by {show(min(signers))}, but names {show(holder)} as its holder."
    return Problem("not-the-holder", detail, "/holder")


def _token_mismatch(examination: Examination) -> Problem | None:
    """For tokens the challenge is ``nonce`` and the domain ``aud`` (OpenID4VP 1.0, section B.1.3.1.1).

    What embedded proofs answer was checked with each of them (`intaglio.proofs.proof_set.check_options`).
    """
    policy, jws = examination.policy, examination.reading.jws
    if jws is None:
        return None
    claims: JsonObject = jws.payload
    if policy.challenge is not None and claims.get("nonce") != policy.challenge:
        return Problem("wrong-challenge", "It does not answer the challenge.", "/nonce")
    audience: list[Any] = as_list(claims.get("aud"))
    if policy.domain is not None and policy.domain not in audience:
        return Problem("wrong-domain", f"It was not made for {show(policy.domain)}.", "/aud")
    return None


def _about_somebody_else(presenters: set[str], inside: Sequence[Report]) -> Problem | None:
    for report in inside:
        subjects = subjects_of(report.document or {})
        ids = {subject["id"] for subject in subjects if isinstance(subject.get("id"), str)}
        if not ids:
            return Problem("bearer-credential", "It names its learner in words, not by a key.", report.pointer)
        if not ids & presenters:
            return Problem("about-somebody-else", f"It is about {show(min(ids))}.", report.pointer)
    return None
