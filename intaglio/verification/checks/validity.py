"""Is it good at this time?"""

from datetime import datetime

from intaglio.documents import JsonObject, pointer
from intaglio.errors import IntaglioError, Problem
from intaglio.times import format_time
from intaglio.vcdm import Period, is_presentation, period_of
from intaglio.verification.examination import Examination
from intaglio.verification.report import Check, failed, from_error, passed

NAME = "validity"
_STARTS, _ENDS = ("issuanceDate", "validFrom"), ("expirationDate", "validUntil")
_CLAIMS = ("/nbf", "/exp")


def check(examination: Examination) -> Check:
    """Compare the reference time with the credential's own dates, and with those of the token around it."""
    document, token = examination.document, examination.reading.token
    at = examination.policy.at
    problem: Problem | None = None
    if not is_presentation(document):
        try:
            problem = _problem(period_of(document), at, (_place(document, _STARTS), _place(document, _ENDS)))
        except IntaglioError as error:
            return from_error(NAME, error)
    if token is not None:
        problem = problem or _problem(Period(token.not_before, token.not_after), at, _CLAIMS)
    return failed(NAME, problem) if problem else passed(NAME)


def _place(document: JsonObject, names: tuple[str, ...]) -> str:
    return pointer(next(name for name in names if name in document or name == names[-1]))


def _problem(period: Period, at: datetime, places: tuple[str, str]) -> Problem | None:
    start, end = places
    if period.start is not None and at < period.start:
        return Problem("not-yet-valid", f"It is good from {format_time(period.start)} on.", start)
    # It is good until the moment itself, included (VC Data Model 2.0, section 4.9).
    if period.end is not None and at > period.end:
        return Problem("expired", f"It was good until {format_time(period.end)}.", end)
    return None
