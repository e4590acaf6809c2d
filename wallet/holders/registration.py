"""Making a wallet: an account, and the link by which its owner chooses a way to sign in."""

from datetime import date, datetime, timedelta

from sqlmodel import Session, col, delete, or_, select

from intaglio.server.languages import current_language
from intaglio.server.rates import Rate
from intaglio.server.signing_in.invitations import LIFETIME as INVITATION_LIFETIME
from intaglio.server.signing_in.invitations import invite
from intaglio.server.tables import ExternalIdentity, Invitation, Passkey, Password
from wallet.holders.accounts import Profile, create_holder, delete_holder
from wallet.holders.forms import RegistrationForm
from wallet.holders.models import Holder
from wallet.holders.wrapping import Keyring

RATE = Rate("register", 500, timedelta(hours=1))
"""From one address; a whole school has one, and claims its badges on one morning."""


def register(db: Session, keyring: Keyring, form: RegistrationForm, born: date, *, now: datetime) -> str:
    """Make an account and commit. Return the token of ``/welcome/{token}``, where a passkey or password is chosen.

    :raises Conflict: ``sign-in-name-taken``
    """
    profile = Profile(form.name, form.sign_in_name)
    holder = create_holder(db, keyring, profile, language=current_language(), born=born, now=now)
    token = invite(db, holder.id, now=now)
    db.commit()
    return token


def forget_unfinished(db: Session, *, now: datetime) -> None:
    """Delete the accounts of those who never chose a way to sign in, once their links have run out. Commits."""
    ways = [col(Holder.id).in_(select(table.account_id)) for table in (Password, Passkey, ExternalIdentity, Invitation)]
    query = select(Holder.id).where(col(Holder.created_at) < now - INVITATION_LIFETIME, ~or_(*ways))
    db.execute(delete(Invitation).where(col(Invitation.expires_at) <= now))
    for holder_id in db.exec(query).all():
        delete_holder(db, holder_id)
    db.commit()
