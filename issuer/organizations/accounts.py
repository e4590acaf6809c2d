"""Who may sign in to the issuer: members of staff, by their e-mail address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from intaglio.server.signing_in.accounts import AccountView
from issuer.organizations.models import Staff


class StaffAccounts:
    """Staff, for `intaglio.server.signing_in`."""

    def find(self, db: Session, identifier: str) -> UUID | None:
        """Return the member of staff with an e-mail address; capital letters do not count."""
        return db.exec(select(Staff.id).where(Staff.email == identifier.strip().lower())).first()

    def describe(self, db: Session, account_id: UUID) -> AccountView | None:
        """Return what the pages of an account show of a member of staff."""
        staff = db.get(Staff, account_id)
        return None if staff is None else AccountView(name=staff.name, identifier=staff.email, active=staff.active)

    def from_external(
        self, db: Session, issuer: str, subject: str, claims: Mapping[str, Any], now: datetime
    ) -> UUID | None:
        """Return the member of staff whose address the school's sign-in has verified; nobody is added by signing in.

        An address that the provider has not verified is only what somebody wrote into a profile (OpenID Connect Core 1.0,
        section 5.7).
        """
        _ = issuer, subject, now
        email = claims.get("email")
        if claims.get("email_verified") is not True or not isinstance(email, str) or not email.isprintable():
            return None
        found = self.find(db, email)
        staff = db.get(Staff, found) if found is not None else None
        return staff.id if staff is not None and staff.active else None
