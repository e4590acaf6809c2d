"""The schools that a roster brings along."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from intaglio.errors import MalformedInput
from issuer.access import Scope
from issuer.organizations.models import Kind, Organization
from issuer.organizations.profiles import ProfileForm, create_organization
from issuer.roster.merging import MakeSchool
from issuer.settings import IssuerSettings


def trial_school(db: Session, district: Organization, now: datetime) -> MakeSchool:
    """Return what stands in for a new school where everything is taken back: without a key, which a rollback would not."""

    def make(sourced_id: str, name: str) -> UUID:
        _may_add_school(district, name)
        slug = f"trial-{district.id}-{sourced_id}"
        school = Organization(kind=Kind.SCHOOL, parent_id=district.id, name=name, slug=slug, created_at=now)
        db.add(school)
        db.flush()
        db.expunge(school)
        return school.id

    return make


def lasting_school(
    db: Session, settings: IssuerSettings, scope: Scope, district: Organization, now: datetime
) -> MakeSchool:
    """Return what makes a school with a key of its own, and with the district's choices."""

    def make(sourced_id: str, name: str) -> UUID:
        _may_add_school(district, name)
        form = ProfileForm(
            name=name, seals_tokens=district.seals_tokens, asks_parents=district.asks_parents, is_test=district.is_test
        )
        school = create_organization(
            db,
            settings,
            form,
            kind=Kind.SCHOOL,
            parent=district,
            staff_id=scope.actor.staff_id,
            now=now,
            sourced_id=sourced_id,
        )
        db.flush()
        return school.id

    return make


def _may_add_school(keeper: Organization, name: str) -> None:
    """Refuse a roster that brings further schools to one that stands alone.

    :raises MalformedInput: ``roster-other-school``
    """
    if keeper.kind == Kind.SCHOOL:
        raise MalformedInput("roster-other-school", f"It lists “{name[:80]}”, and you are “{keeper.name}”.")
