"""What an administrator does with the wallet's keys from the command line."""

from intaglio.server.database import Database
from intaglio.server.storage import open_database
from wallet.holders.rotation import rewrap_all
from wallet.holders.wrapping import Keyring
from wallet.settings import WalletSettings


def rewrap(settings: WalletSettings | None = None) -> int:
    """Wrap every data key with the present wrapping key, and return how many were wrapped with another.

    Beforehand, the settings name the new key as ``wrapping_key_uri`` and the old one among ``previous_wrapping_key_uris``;
    where the old one was the default, that is ``file:`` and ``wallet.wrapping-key`` in the data folder.

    :raises Unavailable: ``wrapping-key-missing``
    """
    chosen = settings or WalletSettings()
    with open_database(chosen) as url:
        database = Database(url)
        try:
            with database.session() as db:
                return rewrap_all(db, Keyring.of(chosen))
        finally:
            database.close()
