"""Prepare: the rehearsal before a seal, and the only way to a signature on an award.

A credential is signed with throwaway keys and put through our own verifier and schemas. Only what passes becomes a `Prepared`,
which holds frozen bytes and can be redeemed once. The rehearsal uses the real verification-method ids, resolved from documents
in memory that hold the throwaway keys; nothing is fetched. The real signature is verified again, under the true key, before it
leaves.
"""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from intaglio.canonical import GeneralCanonicalizer
from intaglio.custody.local import LocalSigner, generate
from intaglio.dids.controller import ControllerDocument, VerificationMethod
from intaglio.dids.resolver import BareKey, Resolver
from intaglio.documents import JsonObject, parse_object
from intaglio.errors import IntaglioError, MalformedInput, NotSealable, Problem, SigningFailed
from intaglio.fetch.source import Source
from intaglio.fetch.sources import Offline
from intaglio.multikey import Algorithm, PublicKey
from intaglio.proofs.proof_set import add_proof
from intaglio.proofs.signer import Signer
from intaglio.proofs.suites import Suites
from intaglio.schemas import Contexts
from intaglio.sealing.plan import SealPlan, make_token
from intaglio.times import format_time
from intaglio.vcdm import Version, is_presentation, period_of, version_of
from intaglio.verification.policy import Policy
from intaglio.verification.reading import Reading, read
from intaglio.verification.report import Check, CheckOutcome, Outcome, Report, Role
from intaglio.verification.verify import Verifier

_OF_THE_SEAL = frozenset({"proof", "controller"})
_MUST_PASS = frozenset({"format", "validity", "schema"}) | _OF_THE_SEAL
_SELF_CERTIFYING = ("did:key:", "did:jwk:")
_REHEARSAL_RSA_BITS = 2048


class Prepared:
    """A credential that passed its rehearsal. It can be redeemed for one seal. Only a `SealingDesk` makes one."""

    def __init__(self, plans: tuple[SealPlan, ...], sign: Callable[[Sequence[Signer]], bytes]) -> None:
        self._plans = plans
        self._sign: Callable[[Sequence[Signer]], bytes] | None = sign

    def seal(self, signers: Sequence[Signer]) -> bytes:
        """Sign with the real keys, in the order of the plans, and return the sealed credential.

        It is JSON, or a compact JWS where the last plan asks for a token.

        :raises SigningFailed: ``already-sealed``, ``not-the-planned-key``, and what the signers raise.
        :raises NotSealable: where what was signed does not verify under the true keys.
        """
        if self._sign is None:
            raise SigningFailed("already-sealed", "This preparation was redeemed before.")
        planned = [(plan.algorithm, plan.verification_method) for plan in self._plans]
        if [(signer.algorithm, signer.verification_method) for signer in signers] != planned:
            raise SigningFailed("not-the-planned-key", "The rehearsal was for other keys.")
        sign, self._sign = self._sign, None
        return sign(signers)


class SealingDesk:
    """Prepares credentials for sealing.

    `source` may hold the status lists that they name, and other documents; without one, nothing is looked up. A status list
    that is not there leaves the status unknown, which is no reason to refuse; one that says “withdrawn” is.
    """

    def __init__(self, *, contexts: Contexts | None = None, source: Source | None = None) -> None:
        self._source = source or Offline()
        self._canonicalizer = GeneralCanonicalizer(contexts or Contexts.bundled())
        self._suites = Suites(self._canonicalizer)

    def prepare(self, credential: JsonObject, plans: Sequence[SealPlan], *, created: datetime) -> Prepared:
        """Rehearse the sealing of a credential.

        `created` is the time that the proofs will state. More than one plan makes a proof set; a token, which wraps what was
        sealed before it, comes last.

        :raises NotSealable: what a verifier would not accept, each with its place in the credential.
        :raises SigningFailed: ``seal-form`` for a combination that no document can carry, ``wrong-key-for-suite``.
        """
        _check_plans(plans)
        frozen = _freeze(credential)
        throwaways = _throwaways(plans)
        # Its status lists and the credentials inside it were signed with real keys, perhaps the very one that is rehearsed.
        around = _refusals(self._verify(frozen, frozen, created, Resolver(self._source)), besides=_OF_THE_SEAL)
        try:
            problems = self._own_refusals(frozen, self._sign(frozen, plans, throwaways, created), created, throwaways)
        except NotSealable as error:
            problems = list(error.problems)
        _refuse([*problems, *around])
        return Prepared(tuple(plans), partial(self._sign_and_verify, frozen, tuple(plans), created))

    def _sign_and_verify(
        self, frozen: bytes, plans: Sequence[SealPlan], created: datetime, signers: Sequence[Signer]
    ) -> bytes:
        """Sign what was prepared, and verify it under the true keys.

        A did:key or did:jwk has to be the key's own; other verification methods are taken at their word, since their
        documents may be published after the first signature.
        """
        sealed = self._sign(frozen, plans, signers, created)
        published = [signer for signer in signers if not signer.verification_method.startswith(_SELF_CERTIFYING)]
        _refuse(self._own_refusals(frozen, sealed, created, published))
        return sealed

    def _sign(self, frozen: bytes, plans: Sequence[SealPlan], signers: Sequence[Signer], created: datetime) -> bytes:
        document = parse_object(frozen)
        options = {"created": format_time(created), "proofPurpose": "assertionMethod"}
        try:
            for plan, signer in zip(plans, signers, strict=True):
                if plan.suite is None:
                    return make_token(document, plan, signer).encode()
                document = add_proof(document, self._suites.by_name(plan.suite), options, signer)
        except SigningFailed:
            raise
        except IntaglioError as error:
            raise NotSealable(error.problem) from error
        return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"

    def _own_refusals(
        self, frozen: bytes, sealed: bytes, created: datetime, signers: Sequence[Signer]
    ) -> list[Problem]:
        """Return what stands against the seal itself, where the keys of the signers are those that are published."""
        checks = [c for c in self._verify(frozen, sealed, created, _Overlay(signers)).checks if c.name in _MUST_PASS]
        if {c.name for c in checks if c.outcome is CheckOutcome.PASSED} == _MUST_PASS:
            return []
        # Absence fails closed: a check that nobody made is a reason too.
        stated = [problem for check in checks for problem in _stated(check)]
        return stated or [Problem("not-verified", "Not everything that must pass was checked.")]

    def _verify(self, frozen: bytes, sealed: bytes, created: datetime, resolver: Resolver) -> Report:
        # A credential may begin to be good later on: then it is rehearsed as of its first moment.
        policy = Policy(at=max(created, _start(frozen) or created))
        verifier = Verifier(policy, source=self._source, resolver=resolver, canonicalizer=self._canonicalizer)
        return verifier.verify(sealed)


class _Overlay(Resolver):
    """Resolves the controllers of the given signers from memory, and of all others only what needs no looking up."""

    def __init__(self, signers: Sequence[Signer]) -> None:
        super().__init__(Offline())
        keys: dict[str, dict[str, PublicKey]] = {}
        for signer in signers:
            controller = signer.verification_method.partition("#")[0]
            keys.setdefault(controller, {})[signer.verification_method] = signer.public_key
        self._overlay = {controller: _document(controller, methods) for controller, methods in keys.items()}

    def resolve(self, controller: str) -> ControllerDocument | BareKey:
        return self._overlay.get(controller) or super().resolve(controller)


def _document(controller: str, keys: dict[str, PublicKey]) -> ControllerDocument:
    methods = tuple(VerificationMethod(name, controller, key) for name, key in keys.items())
    return ControllerDocument(controller, methods, relationships={"assertionMethod": frozenset(keys)})


def _check_plans(plans: Sequence[SealPlan]) -> None:
    if not plans:
        raise SigningFailed("seal-form", "No key was named to seal it with.")
    if any(plan.suite is None for plan in plans[:-1]):
        raise SigningFailed("seal-form", "A token wraps all other proofs: there can be one, and it comes last.")
    if len({plan.verification_method for plan in plans}) < len({_key_of(plan) for plan in plans}):
        raise SigningFailed("seal-form", "One verification method names one key, not keys of two kinds.")


def _key_of(plan: SealPlan) -> tuple[Algorithm, str]:
    return plan.algorithm, plan.verification_method


def _freeze(credential: JsonObject) -> bytes:
    """Return the bytes that will be sealed: whoever holds the dict can change it, but not them.

    :raises NotSealable: for what a reader could not even parse, and for what is no credential, an old one, or a sealed one.
    """
    try:
        frozen = json.dumps(credential, ensure_ascii=False, allow_nan=False).encode()
        reading = read(frozen)
    except IntaglioError as error:
        raise NotSealable(error.problem) from error
    except (TypeError, ValueError, RecursionError) as error:
        raise NotSealable(Problem("not-json", f"JSON cannot hold it: {str(error)[:80]}.")) from None
    problem = _wrong_kind(reading)
    if problem is not None:
        raise NotSealable(problem)
    return frozen


def _wrong_kind(reading: Reading) -> Problem | None:
    if version_of(reading.document) is Version.V1_1:
        return Problem("old-version", "Credentials of version 1.1 are verified, but not issued any more.", "/@context")
    if is_presentation(reading.document):
        return Problem("vc-type", "A presentation is signed by its holder, not sealed by an issuer.", "/type")
    if reading.jws is not None:
        return Problem("already-sealed", "It is an envelope around a token.", "/id")
    if "proof" in reading.document:
        return Problem("already-sealed", "It carries a proof already.", "/proof")
    return None


def _throwaways(plans: Sequence[SealPlan]) -> list[Signer]:
    """Return a signer for each plan. Plans for the same key share one, as they will share the real one."""
    made: dict[tuple[Algorithm, str], Signer] = {}
    for plan in plans:
        if _key_of(plan) not in made:
            key = generate(plan.algorithm, rsa_bits=_REHEARSAL_RSA_BITS)
            made[_key_of(plan)] = LocalSigner.over(key, plan.verification_method)
    return [made[_key_of(plan)] for plan in plans]


def _start(frozen: bytes) -> datetime | None:
    try:
        return period_of(parse_object(frozen)).start
    except MalformedInput:
        return None  # the check of the format says what is wrong with it, and where


def _refusals(report: Report, *, besides: frozenset[str] = frozenset()) -> list[Problem]:
    """Return what stands against a seal: whatever failed, here or in a credential inside, and what must pass and did not.

    `besides` names checks of this document that are not looked at.
    """
    own = [problem for check in report.checks if check.name not in besides for problem in _stated(check)]
    inside = [
        Problem(problem.kind, problem.detail, inner.pointer + (problem.pointer or ""))
        for inner in report.credentials
        if inner.outcome is Outcome.NOT_VERIFIED and inner.role is not Role.ENDORSEMENT
        for problem in _refusals(inner)
    ]
    return own + inside


def _stated(check: Check) -> list[Problem]:
    """Return the problems of a check that stands against a seal."""
    if check.outcome is CheckOutcome.UNKNOWN and check.name not in _MUST_PASS:
        return []
    return [problem for problem in (check.problem, *check.further) if problem]


def _refuse(problems: Sequence[Problem]) -> None:
    """Raise where there are problems, with each of them once, since several checks may find the same."""
    if problems:
        raise NotSealable(*dict.fromkeys(problems))
