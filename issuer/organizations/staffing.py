"""Who works where: members of staff are added, and their roles end."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.server.errors import Conflict, NotFound
from intaglio.server.languages import mark
from intaglio.server.sign_ins import sign_out_everywhere
from intaglio.server.texts import clean_line
from issuer.organizations.audit import note
from issuer.organizations.models import Membership, Organization, Role, Staff
from issuer.organizations.people import ancestors


def find_or_add_staff(
    db: Session, *, email: str, name: str, now: datetime, origin: Organization | None = None
) -> tuple[Staff, bool]:
    """Return the member of staff with an e-mail address, and whether it is a new one. The caller commits.

    `origin` is the organization that a new account is made by; None for the command line.
    """
    email = clean_line(email).lower()
    staff = db.exec(select(Staff).where(Staff.email == email)).first()
    if staff is not None:
        return staff, False
    staff = Staff(email=email, name=clean_line(name), origin_id=origin.id if origin else None, created_at=now)
    db.add(staff)
    db.flush()
    return staff, True


def take_in(
    db: Session, organization: Organization, role: Role, *, email: str, name: str, by: UUID | None, now: datetime
) -> tuple[Staff, bool]:
    """Give somebody a role by e-mail address, and return who it is, and whether the account is new. The caller commits.

    Whoever made an account may have chosen its password: so no organization trusts one that another made, unless that one is
    above it.

    :raises Conflict: ``staff-elsewhere``
    """
    staff, is_new = find_or_add_staff(db, email=email, name=name, now=now, origin=organization)
    trusted = {None, organization.id, *(above.id for above in ancestors(db, organization))}
    if staff.origin_id not in trusted:
        raise Conflict("staff-elsewhere", mark("The address is known here already."))
    give_role(db, organization, staff, role, by=by, now=now)
    return staff, is_new


def give_role(
    db: Session, organization: Organization, staff: Staff, role: Role, *, by: UUID | None, now: datetime
) -> Membership:
    """Give somebody a role; who has it already keeps it. The caller commits."""
    present = db.exec(
        select(Membership).where(
            Membership.staff_id == staff.id,
            Membership.organization_id == organization.id,
            Membership.role == role,
            col(Membership.ended_at).is_(None),
        )
    ).first()
    if present is not None:
        return present
    membership = Membership(staff_id=staff.id, organization_id=organization.id, role=role, began_at=now)
    db.add(membership)
    note(
        db,
        action="role.given",
        subject=staff.id,
        organization_id=organization.id,
        staff_id=by,
        now=now,
        role=role.value,
    )
    return membership


def end_role(db: Session, organization: Organization, membership_id: UUID, *, by: UUID | None, now: datetime) -> None:
    """End a role, and commit; whoever has none left is signed out.

    :raises NotFound: ``no-such-page``
    :raises Conflict: ``last-administrator``
    """
    # One after the other: two last administrators who end each other at once would both see that the other one stays.
    db.exec(select(Organization.id).where(Organization.id == organization.id).with_for_update()).one()
    membership = db.get(Membership, membership_id, populate_existing=True)
    if membership is None or membership.organization_id != organization.id or membership.ended_at is not None:
        raise NotFound("no-such-page", "There is no such role.")
    if (
        membership.role == Role.ADMINISTRATOR
        and organization.parent_id is None
        and _count_administrators(db, organization) == 1
    ):
        raise Conflict("last-administrator", f"{organization.name} would have nobody left who can add people.")
    membership.ended_at = now
    db.add(membership)
    db.flush()
    if not _present_roles(db, membership.staff_id):
        sign_out_everywhere(db, membership.staff_id)
    note(
        db,
        action="role.ended",
        subject=membership.staff_id,
        organization_id=organization.id,
        staff_id=by,
        now=now,
        role=str(membership.role),
    )
    db.commit()


def members(db: Session, organization: Organization) -> list[tuple[Membership, Staff]]:
    """Return who works in an organization, by name."""
    wanted = (
        select(Membership, Staff)
        .join(Staff)
        .where(Membership.organization_id == organization.id, col(Membership.ended_at).is_(None))
        .order_by(col(Staff.name), col(Membership.role))
    )
    return [(membership, staff) for membership, staff in db.exec(wanted)]


def _count_administrators(db: Session, organization: Organization) -> int:
    return sum(membership.role == Role.ADMINISTRATOR for membership, _ in members(db, organization))


def _present_roles(db: Session, staff_id: UUID) -> bool:
    wanted = select(Membership.id).where(Membership.staff_id == staff_id, col(Membership.ended_at).is_(None))
    return db.exec(wanted).first() is not None
