"""Is it built as the data model asks, and does everything in it mean something?"""

from intaglio.documents import JsonObject, as_list
from intaglio.errors import IntaglioError
from intaglio.fetch.rules import show
from intaglio.proofs.vc_jwt import check_claims
from intaglio.vcdm import findings, is_presentation
from intaglio.verification import disguises
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, failed, from_error, passed

NAME = "format"
MAX_FINDINGS = 100
"""Nobody reads more, and a hostile document could hold many thousands."""
_MAX_WORDS = 8


def check(examination: Examination) -> Check:
    """Check the structure, then let JSON-LD read it in safe mode.

    What JSON-LD would drop is not signed by a proof over RDF, and what it lets a document call by another name is gone from the
    sight of the other checks. In the other forms all of it is signed, but two readers would read it differently. So it is
    refused in all forms.
    """
    problems = findings(examination.document)[:MAX_FINDINGS]
    if problems:
        return failed(NAME, *problems)
    reading = examination.reading
    try:
        if reading.jws is not None and reading.token is not None:
            check_claims(reading.jws, reading.token)
        examination.means.canonicalizer.canonicalize(_as_linked_data(examination))
        own_words = disguises.refuse(examination.document)
    except IntaglioError as error:
        return from_error(NAME, error)
    if own_words:
        shown = ", ".join(map(show, own_words[:_MAX_WORDS]))
        return passed(
            NAME, f"It defines words of its own, which may be called otherwise than when it was signed: {shown}."
        )
    return passed(NAME)


def _as_linked_data(examination: Examination) -> JsonObject:
    """Return what JSON-LD is to read: not the proofs, whose context their suites know.

    A presentation of version 1.1 in a token may hold tokens (section 6.3.1 there), which are text to JSON-LD. The outer token
    covers them, and each of them is read as a document of its own.
    """
    members = {name: value for name, value in examination.document.items() if name != "proof"}
    if examination.reading.jws is not None and is_presentation(members):
        presented = as_list(members.pop("verifiableCredential", None))
        objects = [item for item in presented if not isinstance(item, str)]
        if objects:
            members["verifiableCredential"] = objects
    return members
