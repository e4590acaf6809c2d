"""Wrapping every data key anew, after a new wrapping key was set. What the data keys protect is not touched."""

from sqlmodel import Session, col, select

from wallet.holders.accounts import HOLDER_PLACE, SERVICE_PLACE
from wallet.holders.models import Holder, ServiceKey
from wallet.holders.wrapping import Keyring

_AT_ONCE = 500


def rewrap_all(db: Session, keyring: Keyring) -> int:
    """Wrap with the present key whatever is wrapped with one from before, and commit. Return how many keys that were.

    It can be stopped at any time and run again; afterwards the settings need to name the previous keys no more.

    :raises Unavailable: ``wrapping-key-missing``
    """
    count = 0
    for service_key in db.exec(select(ServiceKey).with_for_update()):
        if not keyring.is_present(service_key.wrapped_key):
            place = SERVICE_PLACE.format(service_key.name)
            service_key.wrapped_key = keyring.wrap(place, keyring.unwrap(place, service_key.wrapped_key))
            count += 1
    db.commit()
    return count + _rewrap_holders(db, keyring)


def _rewrap_holders(db: Session, keyring: Keyring) -> int:
    count = 0
    query = select(Holder).order_by(col(Holder.id)).limit(_AT_ONCE)
    rows = db.exec(query.with_for_update()).all()
    while rows:
        for holder in rows:
            if not keyring.is_present(holder.wrapped_key):
                place = HOLDER_PLACE.format(holder.id)
                holder.wrapped_key = keyring.wrap(place, keyring.unwrap(place, holder.wrapped_key))
                count += 1
        db.commit()
        rows = db.exec(query.where(col(Holder.id) > rows[-1].id).with_for_update()).all()
    return count
