"""Is it good at this time?"""

from intaglio.errors import IntaglioError, Problem
from intaglio.times import format_time
from intaglio.vcdm import Period, is_presentation, period_of
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, failed, from_error, passed

NAME = "validity"


def check(examination: Examination) -> Check:
    """Compare the reference time with the credential's own dates, and with those of the token around it."""
    document, token = examination.document, examination.reading.token
    try:
        periods = [] if is_presentation(document) else [period_of(document)]
    except IntaglioError as error:
        return from_error(NAME, error)
    if token is not None:
        periods.append(Period(token.not_before, token.not_after))
    for period in periods:
        problem = _problem(period, examination)
        if problem is not None:
            return failed(NAME, problem)
    return passed(NAME)


def _problem(period: Period, examination: Examination) -> Problem | None:
    at = examination.policy.at
    if period.start is not None and at < period.start:
        return Problem("not-yet-valid", f"It is good from {format_time(period.start)} on.")
    # It is good until the moment itself, included (VC Data Model 2.0, section 4.9).
    if period.end is not None and at > period.end:
        return Problem("expired", f"It was good until {format_time(period.end)}.")
    return None
