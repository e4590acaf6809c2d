"""The sentences of verdicts. Each is a function, since it is translated when it is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intaglio.errors import Problem
from intaglio.server.languages import _, ngettext

if TYPE_CHECKING:
    from verifier.checking.verdict import Verdict


@dataclass(frozen=True)
class Facts:
    """What sentences speak of: names as plain text, dates as words. `learner` may be empty."""

    issuer: str
    learner: str
    date: str
    now: str
    ends: str
    begins: str
    has_status: bool


TITLES: dict[str, Callable[[], str]] = {
    "genuine": lambda: _("Genuine."),
    "not_certain": lambda: _("Not certain."),
    "not_yet": lambda: _("Not valid yet."),
    "expired": lambda: _("No longer valid."),
    "paused": lambda: _("Paused."),
    "withdrawn": lambda: _("Withdrawn."),
    "not_confirmed": lambda: _("Not confirmed."),
    "not_genuine": lambda: _("Not genuine."),
    "unreadable": lambda: _("This cannot be read as a badge."),
}
TITLES_OF_SEVERAL: dict[str, Callable[[], str]] = {
    **TITLES,
    "genuine": lambda: _("All genuine."),
    "not_certain": lambda: _("Not certain of all."),
    "withdrawn": lambda: _("Not all are still good."),
    "paused": lambda: _("Not all are still good."),
    "expired": lambda: _("Not all are still good."),
    "not_yet": lambda: _("Not all are valid yet."),
    "not_genuine": lambda: _("Not genuine."),
}
PASSED: dict[str, Callable[[], str]] = {
    "format": lambda: _("It is written as the standard asks"),
    "proof": lambda: _("The seal is intact: nothing was changed"),
    "controller": lambda: _("The key belongs to the issuer"),
    "validity": lambda: _("It is valid at this time"),
    "status": lambda: _("It is neither withdrawn nor paused"),
    "schema": lambda: _("It says what a badge of its kind must say"),
    "issuer": lambda: _("The issuer is one that you recognize"),
    "holder": lambda: _("It comes from the wallet that it was issued to"),
}


def unchecked() -> str:
    """Return what is said of a check that nobody made."""
    return _("This was not checked")


def without_list() -> str:
    """Return what is said of a badge that names no list."""
    return _("It cannot be withdrawn: it names no list")


def how_to_compare() -> str:
    """Return what to do about an issuer that is not in the registry."""
    return _("That alone is no bad sign. Compare its web address with the one that you know of the school.")


def reason(problem: Problem | None) -> str:
    """Return why it is so, and what to do."""
    if problem is None:
        return _("Nothing that was asked for could be checked.")
    return f"{_(problem.title)} {_(problem.advice)}"


def uncertain(facts: Facts | None, problem: Problem | None) -> str:
    """Return what is missing, after what is known where the seal holds."""
    return f"{_issued(facts)}. {reason(problem)}" if facts else reason(problem)


def self_named(name: str, host: str) -> str:
    """Return how an issuer that nobody vouches for is called: by its own words and its web site."""
    if name and host:
        return f"{name} ({host})"
    if host:
        return host
    return _("somebody who goes by “%(name)s”") % {"name": name} if name else _("an issuer without a name")


def of_several(parts: "Sequence[Verdict]", problem: Problem | None) -> str:
    """Return how things stand with several badges at once."""
    if problem is not None:
        return reason(problem)
    good = sum(part.kind == "genuine" for part in parts)
    if good == len(parts):
        return ngettext("%(num)s badge, and it is genuine.", "%(num)s badges, and all are genuine.", good) % {
            "num": good
        }
    return _("%(good)s of %(all)s badges are genuine and still good. Each is told below.") % {
        "good": good,
        "all": len(parts),
    }


def _issued(facts: Facts) -> str:
    told = {"issuer": facts.issuer, "learner": facts.learner, "date": facts.date}
    if facts.learner and facts.date:
        return _("Issued by %(issuer)s on %(date)s for %(learner)s") % told
    if facts.date:
        return _("Issued by %(issuer)s on %(date)s for the learner it names") % told
    return _("Issued by %(issuer)s") % told


def _genuine(facts: Facts) -> str:
    if facts.has_status:
        return f"{_issued(facts)}, " + _("not withdrawn as of %(now)s.") % {"now": facts.now}
    return f"{_issued(facts)}."


SENTENCES: dict[str, Callable[[Facts], str]] = {
    "genuine": _genuine,
    "withdrawn": lambda facts: f"{_issued(facts)}. " + _("The issuer has withdrawn it since. Ask the issuer why."),
    "paused": lambda facts: f"{_issued(facts)}. " + _("The issuer has paused it for now. Ask the issuer until when."),
    "expired": lambda facts: f"{_issued(facts)}. " + _("It was good until %(ends)s.") % {"ends": facts.ends},
    "not_yet": lambda facts: f"{_issued(facts)}. " + _("It is good from %(begins)s on.") % {"begins": facts.begins},
}
