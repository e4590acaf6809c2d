"""What ``intaglio user`` does: whoever can run commands on the machine may let the first administrator in."""

import re
from datetime import datetime

from sqlmodel import Session, select

from intaglio.errors import MalformedInput
from intaglio.server.clock import system_clock
from intaglio.server.commands.config import read_settings
from intaglio.server.database import Database
from intaglio.server.errors import NotFound
from intaglio.server.migrate import check_current
from intaglio.server.signing_in.invitations import invite
from intaglio.server.storage import open_database
from issuer.organizations.models import Kind, Organization, Role, Staff
from issuer.organizations.profiles import ProfileForm, create_organization
from issuer.organizations.staffing import find_or_add_staff, give_role
from issuer.settings import IssuerSettings

_SLUG = re.compile(r"(?=.{1,60}$)[a-z0-9]+(-[a-z0-9]+)*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_MAX_LENGTH = 200


def add_user(
    email: str,
    *,
    name: str,
    role: str,
    organization: str,
    organization_name: str | None = None,
    organization_kind: str = Kind.STATE,
) -> str:
    """Add a member of staff with a role in an organization (its slug), and return a link to sign in by.

    With `organization_name`, the first organization of an empty issuer is made. Who is there already gets what is missing.

    :raises MalformedInput: ``bad-staff``, ``bad-organization``
    :raises NotFound: ``no-such-organization``
    :raises Unavailable: ``old-database``, ``no-database``
    """
    settings, now = read_settings("issuer"), system_clock()
    assert isinstance(settings, IssuerSettings)  # noqa: S101 - for mypy
    with open_database(settings) as url:
        check_current(url, "issuer")
        database = Database(url)
        try:
            with database.session() as db:
                where = _organization(db, settings, organization, organization_name, Kind(organization_kind), now)
                staff = _staff(db, email, name, now)
                give_role(db, where, staff, Role(role), by=None, now=now)
                token = invite(db, staff.id, now=now)
                db.commit()
        finally:
            database.close()
    return f"{settings.origin}/welcome/{token}"


def _organization(
    db: Session, settings: IssuerSettings, slug: str, name: str | None, kind: Kind, now: datetime
) -> Organization:
    found = db.exec(select(Organization).where(Organization.slug == slug)).first()
    if found is not None:
        return found
    if name is None or db.exec(select(Organization)).first() is not None:
        raise NotFound("no-such-organization", f"There is none with the short name {slug}.")
    form = ProfileForm(name)
    if not _SLUG.fullmatch(slug) or form.findings():
        raise MalformedInput(
            "bad-organization", "Its short name is of small letters, digits and hyphens, its name not too long."
        )
    return create_organization(db, settings, form, kind=kind, parent=None, staff_id=None, now=now, slug=slug)


def _staff(db: Session, email: str, name: str, now: datetime) -> Staff:
    if not _EMAIL.fullmatch(email.strip()) or not name.strip() or max(len(email), len(name)) > _MAX_LENGTH:
        raise MalformedInput("bad-staff", "A member of staff has a name, and an e-mail address to sign in with.")
    staff, _ = find_or_add_staff(db, email=email, name=name, now=now)
    staff.active = True
    db.add(staff)
    return staff
