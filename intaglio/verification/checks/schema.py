"""Does it say what its kind asks for, and what it says that it keeps to?"""

from intaglio.openbadges.credential_schema import MAX_SCHEMA_BYTES, check_schemas
from intaglio.openbadges.findings import findings
from intaglio.openbadges.kinds import Kind
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, failed, passed, unknown

NAME = "schema"
_MEDIA_TYPES = ("application/schema+json", "application/json", "application/ld+json", "text/plain")


def check(examination: Examination) -> Check:
    """Compare a badge, endorsement or learner record with our models, and any credential with the schemas that it names."""

    def load(url: str) -> bytes:
        return examination.means.source.get(url, accept=_MEDIA_TYPES, max_bytes=MAX_SCHEMA_BYTES).body

    found = findings(examination.document)
    named = check_schemas(examination.document, load)
    broken = [entry.problem for entry in named if entry.outcome == "failed" and entry.problem]
    if found.problems or broken:
        return failed(NAME, *found.problems, *broken)
    doubts = [entry.problem for entry in named if entry.outcome == "unknown" and entry.problem]
    if doubts:
        return unknown(NAME, *doubts)
    if found.kind is Kind.OTHER and not named:
        return passed(NAME, "It is no Open Badge and names no schema, so there was nothing to compare it with.")
    return passed(NAME)
