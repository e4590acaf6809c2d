"""How a badge stands, in words for its owner. Each is translated when it is said."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from intaglio.server.languages import gettext as _
from wallet.holdings.models import Standing

Tone = Literal["good", "unsure", "bad"]


@dataclass(frozen=True)
class Words:
    """A word for lists, a heading and a sentence for the badge's own page, and how to colour them."""

    word: str
    title: str
    sentence: str
    tone: Tone


def words_for(
    standing: str, issuer: str, *, answered: bool = True, is_known: bool = True, has_name: bool = True
) -> Words:
    """Return how a badge stands.

    `answered` tells whether the issuer's list answered when it was last asked, `is_known` whether its name is more than its own
    word: anybody can call themselves a school. Whoever has no name (`has_name`) does not even do that.
    """
    is_known = is_known or not has_name
    named = issuer if is_known else _("%(issuer)s, as it calls itself,") % {"issuer": issuer}
    if standing == Standing.GOOD and not answered:
        return _silent(named)
    if standing == Standing.GOOD and not is_known:
        return _good_by_a_stranger(issuer)
    return _WORDS[Standing(standing)]({"issuer": named})


def _good(of: dict[str, str]) -> Words:
    return Words("", _("Confirmed"), _("%(issuer)s issued this badge, and it is good.") % of, "good")


def _good_by_a_stranger(issuer: str) -> Words:
    sentence = _("%(issuer)s, as it calls itself, issued this badge, and it is good. We don’t know this school yet.")
    return Words("", _("Confirmed"), sentence % {"issuer": issuer}, "good")


def _silent(issuer: str) -> Words:
    sentence = _("%(issuer)s did not answer just now. That changes nothing about your badge; we ask again later.")
    return Words("", _("Good when we last could ask"), sentence % {"issuer": issuer}, "unsure")


def _paused(of: dict[str, str]) -> Words:
    sentence = _("%(issuer)s has paused it. Ask them why; a paused badge can become good again.")
    return Words(_("Paused"), _("This badge is paused"), sentence % of, "unsure")


def _withdrawn(of: dict[str, str]) -> Words:
    sentence = _("%(issuer)s has taken it back. If you think that is a mistake, ask them.")
    return Words(_("Withdrawn"), _("This badge was withdrawn"), sentence % of, "bad")


def _ended(of: dict[str, str]) -> Words:
    sentence = _("It is genuine, and its time is over. Ask %(issuer)s if there is a newer one.")
    return Words(_("Run out"), _("This badge has run out"), sentence % of, "unsure")


def _broken(of: dict[str, str]) -> Words:
    sentence = _("Something about it does not hold any more. Ask %(issuer)s to issue it again.")
    return Words(_("No longer confirmed"), _("This badge can no longer be confirmed"), sentence % of, "bad")


def _unsure(of: dict[str, str]) -> Words:
    sentence = _("You kept it all the same. We ask again from time to time whether %(issuer)s stands behind it.")
    return Words(_("Not checked"), _("We could not check this badge yet"), sentence % of, "unsure")


_WORDS: dict[Standing, Callable[[dict[str, str]], Words]] = {
    Standing.GOOD: _good,
    Standing.UNSURE: _unsure,
    Standing.PAUSED: _paused,
    Standing.WITHDRAWN: _withdrawn,
    Standing.EXPIRED: _ended,
    Standing.BROKEN: _broken,
}
