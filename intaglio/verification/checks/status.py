"""Has the issuer withdrawn or paused it?

A list that does not answer leaves the status unknown. A list that answers, but with something that its issuer did not sign or
that has run out, is refused: then the check fails, with a problem that says that it is the list and not the credential.
"""

from intaglio.errors import IntaglioError, Unavailable, Unsupported
from intaglio.fetch.rules import show
from intaglio.status.entries import ListEntry, RevocationListEntry, StatusEntry, parse_entries
from intaglio.status.evaluate import Meaning, StatusFinding, evaluate, evaluate_revocation_list, evaluate_unknown
from intaglio.vcdm import issuer_of
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, failed, from_error, passed, unknown
from intaglio.verification.status_lists import StatusLists

NAME = "status"


def check(examination: Examination, lists: StatusLists) -> Check:
    """Look up every entry: each of them can withdraw the credential, whatever the others say."""
    try:
        entries = parse_entries(examination.document)
    except IntaglioError as error:
        return from_error(NAME, error)
    if not entries:
        return passed(NAME, "It names no list of withdrawn credentials, so it cannot be withdrawn.")
    notes: list[str] = []
    found = [_look_up(entry, examination, lists, notes) for entry in entries]
    errors = [item for item in found if isinstance(item, IntaglioError)]
    findings = [item for item in found if isinstance(item, StatusFinding)]
    bad = [finding.problem for finding in findings if finding.meaning is Meaning.REFUSED and finding.problem]
    bad += [error.problem for error in errors if not isinstance(error, Unavailable | Unsupported)]
    if bad:
        return failed(NAME, *bad)
    doubts = [finding.problem for finding in findings if finding.meaning is Meaning.UNKNOWN and finding.problem]
    doubts += [error.problem for error in errors]
    if doubts:
        return unknown(NAME, *doubts)
    notes += [_note(finding) for finding in findings if finding.meaning is Meaning.NOTICE]
    return passed(NAME, " ".join(notes) or None)


def _look_up(
    entry: StatusEntry, examination: Examination, lists: StatusLists, notes: list[str]
) -> StatusFinding | IntaglioError:
    try:
        if isinstance(entry, ListEntry):
            content, list_issuer = lists.verified(entry.list_url)
            if list_issuer != issuer_of(examination.document):
                # Common in the field, and allowed: the credential itself names the list that its issuer trusts.
                notes.append(f"The list is kept by {show(list_issuer or 'nobody')}.")
            return evaluate(entry, content, minimum=examination.policy.shortest_status_list)
        if isinstance(entry, RevocationListEntry):
            credential_id = examination.document.get("id")
            document = lists.revocation_list(entry.list_url, credential_id)
            return evaluate_revocation_list(entry, document, credential_id)
        return evaluate_unknown(entry)
    except IntaglioError as error:
        problem = error.problem
        return error if problem.pointer else type(error)(problem.kind, problem.detail, pointer=entry.pointer)


def _note(finding: StatusFinding) -> str:
    if finding.message is not None:
        return f"The issuer notes: {show(finding.message)}."
    return f"The issuer has set its mark {show(finding.purpose or '')}."
