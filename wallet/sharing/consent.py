"""May this learner show badges by herself?

Where a district asks for a parent's consent before somebody of 13 to 17 shares for the first time, the wallet does not share for
minors at all until such a consent can be given here. Everything that shares asks here first.
"""

from datetime import date

from intaglio.server.errors import Refused
from wallet.holders.accounts import is_minor
from wallet.holders.models import Holder
from wallet.settings import WalletSettings


def may_share(settings: WalletSettings, holder: Holder, today: date) -> bool:
    """Tell whether a learner may share without anybody else's consent."""
    return not (settings.parents_agree_to_sharing and is_minor(holder, today))


def require_consent(settings: WalletSettings, holder: Holder, today: date) -> None:
    """Refuse a share that a parent would have to agree to.

    :raises Refused: ``parents-consent``
    """
    if not may_share(settings, holder, today):
        raise Refused("parents-consent", "A parent has to agree before the first badge is shared.")
