"""What a reader of a shared link sees of each badge."""

from dataclasses import dataclass

from markupsafe import Markup

from intaglio.openbadges.contents import Contents, contents_of
from intaglio.server.markdown import to_html
from intaglio.verification.policy import Registry
from intaglio.verification.reading import read
from wallet.holdings.keeping import open_document
from wallet.holdings.models import Holding
from wallet.holdings.service import ShownBadge, shown
from wallet.sharing.service import OpenShare


@dataclass(frozen=True)
class ReadBadge:
    """A badge with all that it says."""

    holding: Holding
    shown: ShownBadge
    contents: Contents
    criteria: Markup
    narrative: Markup


def shown_badges(share: OpenShare, registry: Registry | None) -> list[ReadBadge]:
    """Return the badges of a share as a reader sees them."""
    return [_read(share, holding, registry) for holding in share.holdings]


def _read(share: OpenShare, holding: Holding, registry: Registry | None) -> ReadBadge:
    contents = contents_of(read(open_document(share.vault, holding)).document)
    return ReadBadge(
        holding,
        shown(share.vault, holding, registry),
        contents,
        to_html(contents.criteria),
        to_html(contents.narrative),
    )
