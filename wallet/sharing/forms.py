"""Reading what somebody typed to share badges. Errors are by field, in the reader's language."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from intaglio.server.languages import gettext as _
from intaglio.server.rates import Rate
from wallet.sharing.service import MAX_BADGES, MAX_WORDS, Terms

OPENINGS = Rate("openings", 300, timedelta(minutes=10))
"""From one address; an admissions office reads many links in a morning."""
MAX_DAYS = 366
_DAYS = re.compile(r"[0-9]{1,3}\Z")


@dataclass
class ShareForm:
    """What was typed, and what is wrong with it. `chosen` and `terms` are there where nothing is."""

    badges: list[str] = field(default_factory=list)
    audience: str = ""
    purpose: str = ""
    days: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    chosen: list[UUID] = field(default_factory=list)

    @property
    def terms(self) -> Terms:
        """The terms, once they were checked."""
        return Terms(self.audience, self.purpose, int(self.days))

    def check(self) -> bool:
        """Tell whether everything is in order, and note what is not."""
        self.audience, self.purpose = " ".join(self.audience.split()), " ".join(self.purpose.split())
        self.chosen = [found for found in map(_uuid, self.badges) if found]
        if not 0 < len(self.chosen) <= MAX_BADGES:
            self.errors["badge"] = _("Choose at least one badge, and at most %(most)s.") % {"most": MAX_BADGES}
        if not 0 < len(self.audience) <= MAX_WORDS:
            self.errors["audience"] = _("Write who it is for, in a few words, so that you still know next month.")
        if len(self.purpose) > MAX_WORDS:
            self.errors["purpose"] = _("Write it in fewer words: up to %(most)s letters.") % {"most": MAX_WORDS}
        if not _DAYS.match(self.days) or not 1 <= int(self.days) <= MAX_DAYS:
            self.errors["days"] = _("Choose how long the link shall work.")
        return not self.errors


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
