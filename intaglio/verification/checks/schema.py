"""Does it say what its kind asks for?"""

from collections.abc import Callable

from intaglio.openbadges.credential_schema import check_schemas
from intaglio.openbadges.findings import findings
from intaglio.openbadges.kinds import Kind
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, failed, passed, unknown

NAME = "schema"


def check(examination: Examination, load: Callable[[str], bytes]) -> Check:
    """Compare it with the models of Open Badges 3.0 and CLR 2.0, and with the schemas that it names itself.

    The models are for badges, endorsements and learner records; ``credentialSchema`` is section 4.11 of VC Data Model 2.0.
    `load` returns the schema at an address; it raises `Unavailable`, or `MalformedInput` for what is no address.
    """
    found = findings(examination.document)
    named = check_schemas(examination.document, load)
    bad = [*found.problems, *(each.problem for each in named if each.outcome == "failed" and each.problem)]
    if bad:
        return failed(NAME, *bad)
    doubts = [each.problem for each in named if each.problem]
    if doubts:
        return unknown(NAME, *doubts)
    if found.kind is Kind.OTHER and not named:
        return passed(NAME, "It is no badge, endorsement or learner record, and names no schema to compare it with.")
    return passed(NAME)
