"""Fetching and verifying status lists, each once in a run."""

from collections.abc import Callable

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unavailable
from intaglio.fetch.source import Source
from intaglio.status.credential import StatusListContent, read_list
from intaglio.vcdm import issuer_of
from intaglio.verification.report import CheckOutcome, Outcome, Report

_MEDIA_TYPES = (
    "application/vc",
    "application/vc+jwt",
    "application/vc+ld+json",
    "application/ld+json",
    "application/json",
    "application/jwt",
    "text/plain",  # how the web sites of code repositories serve everything
)


class StatusLists:
    """The status lists of one run. `verify` reports on the credential that a list is published in."""

    def __init__(self, source: Source, verify: Callable[[bytes], Report]) -> None:
        self._source = source
        self._verify = verify
        self._found: dict[str, tuple[StatusListContent, str | None] | IntaglioError] = {}

    def verified(self, url: str) -> tuple[StatusListContent, str | None]:
        """Return the content of the bit list at `url`, verified, and its issuer.

        :raises Unavailable: where it cannot be had, or its proof cannot be checked.
        :raises InvalidProof: ``status-list-refused`` where its proof, its issuer's key or its dates do not hold.
        :raises MalformedInput: where it is no status list.
        """
        if url not in self._found:
            try:
                self._found[url] = self._load(url)
            except IntaglioError as error:
                self._found[url] = error
        found = self._found[url]
        if isinstance(found, IntaglioError):
            raise found.with_traceback(None)
        return found

    def revocation_list(self, url: str) -> JsonObject:
        """Return the JSON document of a ``1EdTechRevocationList``, which is not signed.

        :raises Unavailable, MalformedInput: where it cannot be had or is not a JSON object.
        """
        return parse_object(self._source.get(url, accept=_MEDIA_TYPES).body)

    def _load(self, url: str) -> tuple[StatusListContent, str | None]:
        report = self._verify(self._source.get(url, accept=_MEDIA_TYPES).body)
        if report.outcome is not Outcome.VERIFIED:
            raise _refusal(url, report)
        document = report.verified_document()
        return read_list(document), issuer_of(document)


def _refusal(url: str, report: Report) -> IntaglioError:
    """Say of a list that is not verified what is wrong with it, in the words of its own first bad check."""
    worst = CheckOutcome.FAILED if report.outcome is Outcome.NOT_VERIFIED else CheckOutcome.UNKNOWN
    problem = next(check.problem for check in report.checks if check.outcome is worst and check.problem)
    detail = f"{url}: {problem.title} {problem.detail}"
    if worst is CheckOutcome.UNKNOWN:
        return Unavailable("status-list-unchecked", detail)
    if problem.kind == "expired":
        return InvalidProof("status-list-expired", detail)
    if report.check("format") and problem.kind in ("not-json", "not-a-credential"):
        return MalformedInput("status-list-malformed", detail)
    return InvalidProof("status-list-refused", detail)
