"""Profiles of organizations: made, read and changed."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.multikey import Algorithm
from intaglio.server.errors import NotFound
from intaglio.server.languages import mark
from intaglio.server.texts import clean_line
from issuer.organizations import identity
from issuer.organizations.audit import note
from issuer.organizations.models import Kind, Organization, Role
from issuer.organizations.people import Actor, ancestors
from issuer.settings import IssuerSettings

_BELOW = {Kind.STATE: (Kind.DISTRICT, Kind.SCHOOL), Kind.DISTRICT: (Kind.SCHOOL,), Kind.SCHOOL: ()}
_MAX_NAME = 120
_MAX_SLUG = 60
_SLUG = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class ProfileForm:
    """What people enter about an organization."""

    name: str
    url: str = ""
    email: str = ""
    seals_tokens: bool = False
    asks_parents: bool = True
    is_test: bool = False

    def __post_init__(self) -> None:
        """Take out of the texts what nobody sees."""
        for name in ("name", "url", "email"):
            object.__setattr__(self, name, clean_line(getattr(self, name)))

    def findings(self) -> dict[str, str]:
        """Return what is wrong, by field, in English sentences that pages translate."""
        found = {}
        if not self.name.strip():
            found["name"] = mark("Enter the name as it shall stand on badges.")
        elif len(self.name) > _MAX_NAME:
            found["name"] = mark("This name is too long. 120 letters are enough.")
        if self.url and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+", self.url):
            found["url"] = mark("Enter a web address that begins with https://, or leave it empty.")
        if self.email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.email):
            found["email"] = mark("Enter an e-mail address such as office@school.org, or leave it empty.")
        return found


def create_organization(  # noqa: PLR0913 - what makes an organization, by name
    db: Session,
    settings: IssuerSettings,
    form: ProfileForm,
    *,
    kind: Kind,
    parent: Organization | None,
    staff_id: UUID | None,
    now: datetime,
    slug: str | None = None,
    sourced_id: str | None = None,
) -> Organization:
    """Make an organization with its first key. The caller commits."""
    organization = Organization(
        kind=kind,
        parent_id=parent.id if parent else None,
        name=form.name.strip(),
        slug=_free_slug(db, slug or form.name),
        url=form.url or None,
        email=form.email or None,
        is_test=form.is_test,
        seals_tokens=form.seals_tokens,
        asks_parents=form.asks_parents,
        sourced_id=sourced_id,
        created_at=now,
    )
    db.add(organization)
    db.flush()
    identity.add_key(db, settings, organization, Algorithm.ED25519, now=now)
    if form.seals_tokens:
        identity.add_key(db, settings, organization, Algorithm.RSA, now=now)
    note(
        db,
        action="organization.created",
        subject=organization.id,
        organization_id=organization.id,
        staff_id=staff_id,
        now=now,
    )
    return organization


def change_profile(
    db: Session,
    settings: IssuerSettings,
    organization: Organization,
    form: ProfileForm,
    *,
    staff_id: UUID | None,
    now: datetime,
) -> None:
    """Change what people see of an organization, and commit. What was sealed before keeps what it says."""
    organization.name, organization.url, organization.email = form.name.strip(), form.url or None, form.email or None
    organization.asks_parents = form.asks_parents
    if form.seals_tokens and not any(
        key.algorithm == Algorithm.RSA.value and key.door is None for key in identity.keys_of(db, organization.id)
    ):
        identity.add_key(db, settings, organization, Algorithm.RSA, now=now)
    organization.seals_tokens = form.seals_tokens
    db.add(organization)
    note(
        db,
        action="organization.changed",
        subject=organization.id,
        organization_id=organization.id,
        staff_id=staff_id,
        now=now,
    )
    db.commit()


def kinds_below(organization: Organization) -> tuple[Kind, ...]:
    """Return what an organization may have below it."""
    return _BELOW[Kind(organization.kind)]


def children(db: Session, organization_id: UUID) -> Sequence[Organization]:
    """Return the organizations directly below one, by name."""
    wanted = select(Organization).where(Organization.parent_id == organization_id).order_by(col(Organization.name))
    return db.exec(wanted).all()


def at_path(db: Session, path: str, slug: str) -> Organization:
    """Return the organization of a public address; a trial is not found where organizations are, nor the other way.

    :raises NotFound: ``no-such-page``
    """
    wanted = select(Organization).where(Organization.slug == slug)
    organization = db.exec(wanted).first() if _SLUG.fullmatch(slug) else None
    if organization is None or not f"{path}/".startswith(f"{identity.public_path(organization)}/"):
        raise NotFound("no-such-page", "There is no organization at this address.")
    return organization


def own_organizations(db: Session, actor: Actor) -> list[tuple[Organization, list[Role]]]:
    """Return the organizations where somebody works, with the roles there, by name."""
    roles: dict[UUID, list[Role]] = {}
    for where, role in actor.memberships:
        roles.setdefault(where, []).append(role)
    found = db.exec(select(Organization).where(col(Organization.id).in_(roles)).order_by(col(Organization.name)))
    return [(organization, sorted(roles[organization.id])) for organization in found]


def district_of(db: Session, organization: Organization) -> Organization:
    """Return the organization that keeps the roster: the district of a school, or itself (a charter, a district)."""
    above = [one for one in ancestors(db, organization) if one.kind == Kind.DISTRICT]
    return above[0] if organization.kind == Kind.SCHOOL and above else organization


def _free_slug(db: Session, name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_SLUG] or "school"
    taken = set(db.exec(select(Organization.slug).where(col(Organization.slug).startswith(base))))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)
