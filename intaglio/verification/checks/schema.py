"""Does it say what its kind asks for?"""

from intaglio.openbadges.findings import findings
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, failed, passed

NAME = "schema"


def check(examination: Examination) -> Check:
    """Compare a badge, endorsement or learner record with the models of Open Badges 3.0 and CLR 2.0."""
    found = findings(examination.document)
    return failed(NAME, *found.problems) if found.problems else passed(NAME)
