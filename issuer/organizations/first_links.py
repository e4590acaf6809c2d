"""Links for the first sign-in of members of staff who have no way to sign in yet, such as the teachers of a roster."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.server.errors import Conflict, NotFound
from intaglio.server.languages import mark
from intaglio.server.signing_in.invitations import invite
from intaglio.server.tables import ExternalIdentity, Passkey, Password
from issuer.access import Scope
from issuer.organizations.audit import note
from issuer.organizations.models import Membership, Organization, Role, Staff
from issuer.organizations.people import Actor, roles_in

_WAYS = (Password.account_id, Passkey.account_id, ExternalIdentity.account_id)


def first_link(db: Session, scope: Scope, membership_id: UUID, *, now: datetime) -> tuple[Staff, str]:
    """Return a member of staff, and the token of a link for the first sign-in; commit. Older links end.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``staff-signs-in``, ``staff-elsewhere``
    """
    membership = db.get(Membership, membership_id)
    if membership is None or membership.organization_id != scope.organization.id or membership.ended_at is not None:
        raise NotFound("no-such-page", "There is no such role.")
    staff = db.get_one(Staff, membership.staff_id, with_for_update=True)
    if not without_way(db, [staff.id]):
        raise Conflict("staff-signs-in", mark("A link for the first sign-in is not given a second time."))
    if not _administers(db, scope.actor, staff):
        raise Conflict("staff-elsewhere", mark("The person works somewhere else too, or the account comes from there."))
    token = invite(db, staff.id, now=now)
    note(
        db,
        action="staff.invited",
        subject=staff.id,
        organization_id=scope.organization.id,
        staff_id=scope.actor.staff_id,
        now=now,
    )
    db.commit()
    return staff, token


def linkable(db: Session, scope: Scope, members: Iterable[Staff]) -> frozenset[UUID]:
    """Return those of these members who may get a link for the first sign-in from this administrator."""
    by_id = {staff.id: staff for staff in members}
    return frozenset(one for one in without_way(db, list(by_id)) if _administers(db, scope.actor, by_id[one]))


def without_way(db: Session, staff_ids: list[UUID]) -> frozenset[UUID]:
    """Return who of them has no password, no passkey and no account elsewhere to sign in with."""
    able: set[UUID] = set()
    for column in _WAYS:
        able |= set(db.exec(select(column).where(col(column).in_(staff_ids))))
    return frozenset(staff_ids) - able


def _administers(db: Session, actor: Actor, staff: Staff) -> bool:
    """Tell whether an actor is administrator of all that an account opens, and of where it comes from.

    Who holds the link can sign in as that person. An account of the command line is trusted everywhere: only there is its link
    made anew.
    """
    if staff.origin_id is None:
        return False
    held = select(Membership.organization_id).where(Membership.staff_id == staff.id, col(Membership.ended_at).is_(None))
    where = db.exec(select(Organization).where(col(Organization.id).in_({staff.origin_id, *db.exec(held)})))
    return all(Role.ADMINISTRATOR in roles_in(db, actor, organization) for organization in where)
