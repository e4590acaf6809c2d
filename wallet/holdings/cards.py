"""What lists and headings show of a badge: a small part of it, kept beside it so that a list opens no documents."""

from dataclasses import asdict, dataclass
from typing import Any

from intaglio.openbadges.contents import Contents
from intaglio.server.languages import gettext as _
from intaglio.verification.policy import Registry


@dataclass(frozen=True)
class Card:
    """A badge at a glance. `issued` is a time as the badge writes it, or None; `level` and `of` are 0 where there are none.

    `bound` tells whether the badge names its learner by a key of this wallet.
    """

    credential_id: str
    name: str
    issuer_id: str
    issuer_name: str
    issued: str | None
    valid_from: str | None
    level_name: str = ""
    level: int = 0
    of: int = 0
    bound: bool = False

    @classmethod
    def of_contents(cls, contents: Contents, *, bound: bool, fallback_id: str) -> "Card":
        """Make the card of a badge. Where a badge has no id, its seal is drawn from `fallback_id`."""
        result = next((item for item in contents.results if item.value), None)
        issued = contents.awarded_at or contents.valid_from
        return cls(
            credential_id=contents.credential_id or fallback_id,
            name=contents.name,
            issuer_id=contents.issuer_id,
            issuer_name=contents.issuer_name,
            issued=issued.isoformat() if issued else None,
            valid_from=contents.valid_from.isoformat() if contents.valid_from else None,
            level_name=result.value if result else "",
            level=result.achieved if result else 0,
            of=result.levels if result else 0,
            bound=bound,
        )

    @classmethod
    def from_json(cls, members: dict[str, Any]) -> "Card":
        """Read what `to_json` wrote."""
        return cls(**members)

    def to_json(self) -> dict[str, Any]:
        """Return the members."""
        return asdict(self)

    def issuer_in(self, registry: Registry | None) -> tuple[str, bool]:
        """Return the name to show for the issuer, and whether it is one we know; a known name wins over the badge's own words."""
        known = registry.names.get(self.issuer_id) if registry is not None else None
        return (known, True) if known else (self.issuer_name or _("An issuer without a name"), False)
