"""What went wrong on the way of a badge into the wallet, in words for a learner: what to do, and that nothing is lost.

What stands here wins over the words for everybody (`intaglio.problems`). Each is translated when it is said.
"""

from collections.abc import Callable
from typing import NamedTuple

from intaglio.errors import Problem
from intaglio.server.languages import gettext as _


class Advice(NamedTuple):
    """A title, and what to do."""

    title: str
    text: str


def _unreachable() -> Advice:
    return Advice(_("The school did not answer"), _("Nothing is lost. Try again in some minutes."))


_ADVICE: dict[str, Callable[[], Advice]] = {
    "credential-offer": lambda: Advice(
        _("There is no badge in this link"), _("Scan the code again, or ask your teacher for a new link.")
    ),
    "grant-refused": lambda: Advice(
        _("That did not open it"),
        _(
            "Check the numbers from your teacher. If they are right, the link was used or has run out: ask for a new one."
        ),
    ),
    "transaction-code-missing": lambda: Advice(
        _("The numbers are missing"), _("Type the numbers that your teacher gave you.")
    ),
    "issuance-denied": lambda: Advice(_("The school keeps this badge for now"), _("Ask your teacher why.")),
    "issuance-timeout": lambda: Advice(
        _("That took too long"), _("Ask your teacher for a new link. What came in already is safe.")
    ),
    "wallet-full": lambda: Advice(_("Your wallet is full"), _("Remove a badge that you do not need, then try again.")),
    "claim-busy": lambda: Advice(_("We are collecting it right now"), _("Wait a moment, then look at your badges.")),
    "offline": _unreachable,
    "unreachable": _unreachable,
    "timed-out": _unreachable,
    "http-status": lambda: Advice(
        _("The school did not give it out"),
        _(
            "The link may be used, or have run out. Try again in some minutes; if it stays so, ask your teacher for a new one."
        ),
    ),
    "forbidden-address": lambda: Advice(
        _("We do not open addresses of this kind"), _("Check where the code came from, and ask your school.")
    ),
    "bad-signature": lambda: Advice(
        _("This badge was changed, or is not genuine"),
        _("We did not keep it. Ask whoever gave it to you for a new one."),
    ),
    "revoked": lambda: Advice(
        _("This badge was withdrawn"), _("We did not keep it. Ask your school if that is a mistake.")
    ),
    "suspended": lambda: Advice(
        _("This badge is paused"), _("It is genuine. Ask your school why it is paused; it can become good again.")
    ),
    "expired": lambda: Advice(_("This badge has run out"), _("It is genuine, and its time is over.")),
    "not-yet-valid": lambda: Advice(_("This badge is not good yet"), _("Try again on the day that it begins.")),
    "status-list-unchecked": lambda: Advice(
        _("We could not ask whether this badge is still good"),
        _("The school’s list did not answer. Try again in some minutes."),
    ),
    "not-one-badge": lambda: Advice(
        _("There are several badges in this file"), _("Add them one by one: each is a file of its own.")
    ),
}


def advice_for(problem: Problem | None) -> Advice:
    """Return what to say about a problem."""
    if problem is None:
        return Advice(_("This badge could not be confirmed"), _("Ask whoever gave it to you for a new one."))
    known = _ADVICE.get(problem.kind)
    return known() if known else Advice(_(problem.title), _(problem.advice))
