"""An achievement as pages show it: words instead of terms, criteria as HTML."""

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from intaglio.server.languages import gettext, mark
from intaglio.server.markdown import to_html
from issuer.achievements.addresses import is_web_address
from issuer.achievements.definition import PERIOD, Alignment, Definition, ResultDescription
from issuer.achievements.models import AchievementState
from issuer.achievements.vocabulary import ACHIEVEMENT_TYPES, RESULT_TYPES

STATES: Mapping[str, tuple[str, str]] = {
    AchievementState.DRAFT: (mark("Draft"), "unsure"),
    AchievementState.PUBLISHED: (mark("Published"), "good"),
    AchievementState.RETIRED: (mark("No longer awarded"), "info"),
}
"""For each state its word, and its kind for `mark.html`."""
_PERIODS: Mapping[str, tuple[str, str]] = {
    "D": (mark("1 day"), mark("%(number)s days")),
    "M": (mark("1 month"), mark("%(number)s months")),
    "Y": (mark("1 year"), mark("%(number)s years")),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """One version, ready for a page. `image_url` and `owner` are empty where there is nothing to show."""

    definition: Definition
    criteria: Markup
    image_url: str
    owner: str

    @classmethod
    def of(cls, definition: Definition, *, image_url: str = "", owner: str = "") -> "Shown":
        """Prepare a definition."""
        return cls(definition, to_html(definition.criteria), image_url, owner)

    @property
    def kind(self) -> str:
        """What sort of achievement it is, in a word."""
        return _word(ACHIEVEMENT_TYPES, self.definition.achievement_type)

    @property
    def good_for(self) -> str:
        """How long its badges are good for, in words; empty for ever."""
        match = PERIOD.match(self.definition.valid_for)
        if match is None:
            return ""
        one, many = _PERIODS[match[2]]
        return gettext(one) if match[1] == "1" else gettext(many) % {"number": match[1]}

    @staticmethod
    def link_of(alignment: Alignment) -> str:
        """Return where an alignment leads; nowhere for what a draft may hold until it is published, such as ``javascript:``."""
        return alignment.target_url if is_web_address(alignment.target_url) else ""

    @staticmethod
    def result_kind(result: ResultDescription) -> str:
        """How something is judged, in a word."""
        return _word(RESULT_TYPES, result.result_type)


def _word(words: Mapping[str, str], term: str) -> str:
    return gettext(words[term]) if term in words else term.removeprefix("ext:")
