"""Fetching and verifying status lists, each once in a run."""

from collections.abc import Callable
from typing import TypeAlias, TypeVar

from intaglio.documents import JsonObject, parse_object
from intaglio.errors import IntaglioError, InvalidProof, MalformedInput, Unavailable
from intaglio.fetch.rules import show
from intaglio.fetch.source import Source
from intaglio.status.credential import StatusListContent, read_list
from intaglio.status.evaluate import revoked_credentials
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
MAX_UNPACKED = 64 * 1024 * 1024
"""Of all lists of one run together, in bytes. A few kilobytes can unpack to 16 MB, and one input can name many such lists."""

_BitList: TypeAlias = tuple[StatusListContent, str | None]
_Revoked: TypeAlias = dict[str, list[JsonObject]]
_T = TypeVar("_T")


class StatusLists:
    """The status lists of one run. `verify` reports on the credential that a list is published in."""

    def __init__(self, source: Source, verify: Callable[[bytes], Report]) -> None:
        self._source = source
        self._verify = verify
        self._bit_lists: dict[str, _BitList | IntaglioError] = {}
        self._revocation_lists: dict[str, _Revoked | IntaglioError] = {}
        self._unpacked = 0

    def verified(self, url: str) -> _BitList:
        """Return the content of the bit list at `url`, verified, and its issuer.

        :raises Unavailable: ``status-list-unchecked`` where it cannot be had or its proof cannot be checked; ``lookup-limit``.
        :raises InvalidProof: ``status-list-refused`` where its proof, its issuer's key or its dates do not hold.
        :raises MalformedInput: where it is no status list.
        """
        return _once(self._bit_lists, url, self._load_bits)

    def revocation_list(self, url: str, credential_id: object) -> JsonObject:
        """Return what a ``1EdTechRevocationList`` says about one credential, as a list of the same form. It is not signed.

        :raises Unavailable: ``status-list-unchecked``
        :raises MalformedInput: ``status-list-malformed``
        """
        # Looked up by name: to read a list of a megabyte anew for each credential of a record would take an hour.
        revoked = _once(self._revocation_lists, url, self._load_revoked)
        return {"revokedCredentials": revoked.get(credential_id, []) if isinstance(credential_id, str) else []}

    def _load_bits(self, url: str) -> _BitList:
        if self._unpacked > MAX_UNPACKED:
            raise Unavailable("lookup-limit", f"{show(url)}: the status lists before it were too large.")
        report = self._verify(self._fetch(url))
        if report.outcome is not Outcome.VERIFIED:
            raise _refusal(url, report)
        document = report.verified_document()
        try:
            content = read_list(document)
        except IntaglioError as error:
            raise _of_list(url, error) from None
        self._unpacked += len(content.bits)
        return content, issuer_of(document)

    def _load_revoked(self, url: str) -> _Revoked:
        body = self._fetch(url)
        try:
            items = revoked_credentials(parse_object(body))
        except MalformedInput as error:
            problem = error.problem
            raise MalformedInput("status-list-malformed", f"{show(url)}: {problem.title} {problem.detail}") from None
        revoked: _Revoked = {}
        for item in items:
            revoked.setdefault(item["id"], []).append(item)
        return revoked

    def _fetch(self, url: str) -> bytes:
        try:
            return self._source.get(url, accept=_MEDIA_TYPES).body
        except Unavailable as error:
            detail = f"{error.problem.title} {error.problem.detail}"
            raise Unavailable("status-list-unchecked", detail) from None


def _once(known: dict[str, _T | IntaglioError], url: str, load: Callable[[str], _T]) -> _T:
    """Return what `load` returned, or raise what it raised, when this was asked first."""
    if url not in known:
        try:
            known[url] = load(url)
        except IntaglioError as error:
            known[url] = error
    found = known[url]
    if isinstance(found, IntaglioError):
        raise found.with_traceback(None)
    return found


def _refusal(url: str, report: Report) -> IntaglioError:
    """Say of a list that is not verified what is wrong with it, in the words of its own first bad check."""
    worst = CheckOutcome.FAILED if report.outcome is Outcome.NOT_VERIFIED else CheckOutcome.UNKNOWN
    problem = next(check.problem for check in report.checks if check.outcome is worst and check.problem)
    detail = f"{show(url)}: {problem.title} {problem.detail}"
    if worst is CheckOutcome.UNKNOWN:
        return Unavailable("status-list-unchecked", detail)
    if report.document is None:
        return MalformedInput("status-list-malformed", detail)
    if problem.kind in ("expired", "proof-expired"):
        return InvalidProof("status-list-expired", detail)
    return InvalidProof("status-list-refused", detail)


def _of_list(url: str, error: IntaglioError) -> IntaglioError:
    """Say of which list an error speaks; a pointer into the list would be read as one into the credential."""
    place = f" (at {error.problem.pointer})" if error.problem.pointer else ""
    return type(error)(error.problem.kind, f"{show(url)}: {error.problem.detail}{place}")
