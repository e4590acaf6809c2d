"""Staff, and what they are in which organization."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import Request
from sqlmodel import Session, col, select

from intaglio.server.errors import SignInNeeded
from intaglio.server.features import NavItem
from intaglio.server.languages import mark
from intaglio.server.sign_ins import SignedIn
from issuer.organizations.models import Membership, Organization, Role, Staff

_REACH_DOWN = frozenset({Role.ADMINISTRATOR, Role.REGISTRAR})
_MAX_LEVELS = 8


@dataclass(frozen=True)
class Actor:
    """A member of staff who is signed in, with the present memberships as pairs of organization and role.

    `staff_id` is None for a machine that awards with a key of the organization.
    """

    staff_id: UUID | None
    name: str
    memberships: tuple[tuple[UUID, Role], ...]


def actor_of(request: Request, db: Session, signed_in: SignedIn) -> Actor:
    """Return the member of staff behind a sign-in.

    :raises SignInNeeded: ``sign-in-needed`` for somebody who no longer works here.
    """
    staff = db.get(Staff, signed_in.account_id)
    if staff is None or not staff.active:
        raise SignInNeeded("sign-in-needed", "This account is no longer in use.")
    request.state.account = {"name": staff.name, "links": ((mark("My account"), "/account"),)}
    rows = db.exec(select(Membership).where(Membership.staff_id == staff.id, col(Membership.ended_at).is_(None)))
    return Actor(staff.id, staff.name, tuple((row.organization_id, row.role) for row in rows))


def roles_in(db: Session, actor: Actor, organization: Organization) -> frozenset[Role]:
    """Return what an actor is in an organization: by itself, or by one above it."""
    own = {role for where, role in actor.memberships if where == organization.id}
    above = {ancestor.id for ancestor in ancestors(db, organization)}
    return frozenset(own | {role for where, role in actor.memberships if where in above and role in _REACH_DOWN})


def ancestors(db: Session, organization: Organization) -> list[Organization]:
    """Return the organizations above one, the nearest first."""
    found: list[Organization] = []
    parent_id = organization.parent_id
    while parent_id is not None and len(found) < _MAX_LEVELS:
        parent = db.get(Organization, parent_id)
        if parent is None:
            break
        found.append(parent)
        parent_id = parent.parent_id
    return found


def navigation(organization: Organization) -> tuple[NavItem, ...]:
    """Return the entries of the navigation inside an organization."""
    base = f"/o/{organization.id}"
    return (
        NavItem(mark("Overview"), base),
        NavItem(mark("Roster"), f"{base}/roster"),
        NavItem(mark("Achievements"), f"{base}/achievements"),
        NavItem(mark("Badges"), f"{base}/awards"),
    )
