"""Verifying a credential or presentation: from bytes to a report.

`docs/how-a-credential-is-checked.md` tells the way by file and function.
"""

from collections.abc import Iterable, Iterator
from functools import cached_property

from intaglio.canonical import Canonicalizer, GeneralCanonicalizer
from intaglio.dids.resolver import Resolver
from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import IntaglioError, MalformedInput, Problem
from intaglio.fetch.source import Source
from intaglio.fetch.sources import Offline
from intaglio.openbadges.kinds import Embedded, embedded_credentials
from intaglio.proofs.suites import Suites
from intaglio.schemas import Contexts
from intaglio.vcdm import is_presentation
from intaglio.verification.canonical_forms import CanonicalForms
from intaglio.verification.checks import (
    controller,
    holder,
    issuer,
    proof,
    schema,
    status,
    validity,
)
from intaglio.verification.checks import (
    format as format_check,
)
from intaglio.verification.examination import Examination, Means, ProofEvidence
from intaglio.verification.keys import KeyFinder
from intaglio.verification.policy import CREDENTIAL_CHECKS, PRESENTATION_CHECKS, Policy
from intaglio.verification.reading import Reading, read, read_object, read_token
from intaglio.verification.report import Check, Report, Role, failed, from_error
from intaglio.verification.schema_documents import SchemaDocuments
from intaglio.verification.status_lists import StatusLists

MAX_DEPTH = 6
"""How deep credentials may stand in credentials: a presentation, a learner record, a badge, its endorsements."""
MAX_DOCUMENTS = 1000
"""How many credentials may stand inside one input."""
_LIST_CHECKS = frozenset({"format", "proof", "controller", "validity"})


class Verifier:
    """Verifies for one reader and one run: what it looked up once, it does not look up again."""

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        source: Source | None = None,
        contexts: Contexts | None = None,
        resolver: Resolver | None = None,
        canonicalizer: Canonicalizer | None = None,
    ) -> None:
        """Without a `source`, nothing is looked up anywhere; without a `policy`, the default one holds, at the present time."""
        self._policy = policy or Policy.now()
        self._source = source or Offline()
        self._canonicalizer = canonicalizer or GeneralCanonicalizer(contexts or Contexts.bundled())
        self._keys = KeyFinder(resolver or Resolver(self._source))

    def verify(self, data: bytes) -> Report:
        """Verify a credential or presentation in any form: JSON-LD, token, baked PNG or SVG.

        Never raises for what `data` holds; whatever it is, there is a report.
        """
        run = _Run(self._means(self._policy), self._lists, SchemaDocuments(self._source))
        try:
            reading = read(data)
        except IntaglioError as error:
            return _unreadable(error, Role.CREDENTIAL, "")
        return run.report(reading, Role.CREDENTIAL, "", 0)

    @cached_property
    def _lists(self) -> StatusLists:
        policy = Policy(at=self._policy.at, only=_LIST_CHECKS)
        return StatusLists(self._source, _ListVerifier(self._means(policy)).verify)

    def _means(self, policy: Policy) -> Means:
        """Return means with a measure of work of their own, so that one input cannot spend what belongs to the next."""
        forms = CanonicalForms(self._canonicalizer)
        return Means(policy=policy, canonicalizer=forms, suites=Suites(forms), keys=self._keys)


class _ListVerifier:
    """Verifies the credentials of status lists. It does not look at their own status, or the search would have no end."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def verify(self, data: bytes) -> Report:
        try:
            reading = read(data)
        except IntaglioError as error:
            return _unreadable(error, Role.CREDENTIAL, "")
        examination = Examination(reading, self._means)
        evidence, proof_check = _prove(examination)
        checks = (
            format_check.check(examination),
            proof_check,
            controller.check(examination, evidence),
            validity.check(examination),
        )
        required = self._means.policy.required_of(CREDENTIAL_CHECKS)
        return Report(Role.CREDENTIAL, checks, required, document=reading.document)


class _Run:
    """One input on its way through the checks; counts the documents in it."""

    def __init__(self, means: Means, lists: StatusLists, schemas: SchemaDocuments) -> None:
        self._means = means
        self._lists = lists
        self._schemas = schemas
        self._documents = 0

    def report(self, reading: Reading, role: Role, place: str, depth: int) -> Report:
        examination = Examination(reading, self._means)
        if is_presentation(reading.document):
            return self._presentation(examination, place, depth)
        return self._credential(examination, role, place, depth)

    def _credential(self, examination: Examination, role: Role, place: str, depth: int) -> Report:
        evidence, proof_check = _prove(examination)
        checks = (
            format_check.check(examination),
            proof_check,
            controller.check(examination, evidence),
            validity.check(examination),
            status.check(examination, self._lists),
            schema.check(examination, self._schemas.load),
            issuer.check(examination),
        )
        found = embedded_credentials(examination.document)
        inside = tuple(self._nested(found, depth + 1))
        return self._assemble(examination, role, checks, inside, place)

    def _presentation(self, examination: Examination, place: str, depth: int) -> Report:
        evidence, proof_check = _prove(examination)
        form_check = format_check.check(examination)  # now, while its canonical form is at hand
        inside = tuple(self._nested(_presented(examination.document), depth + 1))
        checks = (
            form_check,
            proof_check,
            controller.check(examination, evidence),
            validity.check(examination),
            holder.check(examination, evidence, inside),
        )
        return self._assemble(examination, Role.PRESENTATION, checks, inside, place)

    def _assemble(
        self, examination: Examination, role: Role, checks: tuple[Check, ...], inside: tuple[Report, ...], place: str
    ) -> Report:
        policy = self._means.policy
        applicable = PRESENTATION_CHECKS if role is Role.PRESENTATION else CREDENTIAL_CHECKS
        return Report(
            role=role,
            checks=checks,
            required=policy.required_of(applicable),
            credentials=inside,
            pointer=place,
            document=examination.document,
        )

    def _nested(self, found: Iterable[Embedded], depth: int) -> Iterator[Report]:
        """Report on the credentials inside a document, until there are too many: the first too many ends it."""
        for embedded in found:
            self._documents += 1
            role = Role.ENDORSEMENT if embedded.is_endorsement else Role.CREDENTIAL
            try:
                if depth > MAX_DEPTH or self._documents > MAX_DOCUMENTS:
                    detail = f"More than {MAX_DOCUMENTS} of them, or more than {MAX_DEPTH} deep."
                    raise MalformedInput("too-many-credentials", detail)
                reading = _read_nested(embedded.value)
            except IntaglioError as error:
                yield _unreadable(error, role, embedded.pointer)
            else:
                yield self.report(reading, role, embedded.pointer, depth)
            if self._documents > MAX_DOCUMENTS:
                return


def _presented(document: JsonObject) -> Iterator[Embedded]:
    """Yield the credentials of a presentation (VC Data Model 2.0, section 4.13)."""
    value = document.get("verifiableCredential")
    for index, item in enumerate(as_list(value)):
        place = pointer("verifiableCredential", index) if isinstance(value, list) else "/verifiableCredential"
        yield Embedded(place, item, is_endorsement=False)


def _read_nested(value: object) -> Reading:
    """Read what stands where a credential should.

    :raises MalformedInput: ``not-a-credential``, also for a presentation: whom that one answers is another question.
    :raises IntaglioError: as `read_object` and `read_token` do.
    """
    if isinstance(value, dict):
        reading = read_object(value)
    elif isinstance(value, str):
        reading = read_token(value)
    else:
        raise MalformedInput("not-a-credential", "It is neither an object nor a token.")
    if is_presentation(reading.document):
        raise MalformedInput("not-a-credential", "It is a presentation.")
    return reading


def _prove(examination: Examination) -> tuple[tuple[ProofEvidence, ...], Check]:
    try:
        evidence = proof.gather(examination)
    except IntaglioError as error:
        return (), from_error(proof.NAME, error)
    return evidence, proof.check(evidence)


def _unreadable(error: IntaglioError, role: Role, place: str) -> Report:
    """Report on what could not be read at all: then its form decides, whatever else the reader wanted decided."""
    only_format = frozenset({format_check.NAME})
    return Report(role, (from_error(format_check.NAME, error),), only_format, pointer=place)


def unreadable_input(problem: Problem) -> Report:
    """Report on an input that could not even be opened."""
    only_format = frozenset({format_check.NAME})
    return Report(Role.CREDENTIAL, (failed(format_check.NAME, problem),), only_format)
