"""One award as its page shows it: what it says, where it is, what became of it, and how its learner gets it."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.server.languages import gettext as _
from intaglio.server.languages import mark
from issuer.access import Scope
from issuer.achievements.definition import Definition
from issuer.achievements.models import AchievementVersion
from issuer.delivery.showing import Handover, handover_of
from issuer.issuance.browsing import Row, award_for
from issuer.issuance.facts import list_url
from issuer.issuance.models import Award, AwardStatus, SealedCopy, StatusChange, StatusEntry, StatusList
from issuer.issuance.status import Change, possible
from issuer.organizations.models import Organization, Staff
from issuer.settings import IssuerSettings


class Event(TypedDict):
    """Something that happened, as the component ``timeline`` takes it, with the time for the page to write."""

    at: datetime
    title: str
    detail: str
    kind: str


@dataclass(frozen=True)
class AwardShown:
    """Everything about one award. `changes` are those that the reader may make now."""

    award: Award
    definition: Definition
    copies: list[SealedCopy]
    events: list[Event]
    changes: tuple[Change, ...]
    handover: Handover
    list_address: str
    list_index: int

    @property
    def state(self) -> str:
        """One of `issuer.issuance.browsing.STATES`."""
        return Row(self.award, self.definition.name).state


def shown(db: Session, settings: IssuerSettings, scope: Scope, award_id: UUID, *, now: datetime) -> AwardShown:
    """Return an award that the actor may look at.

    :raises NotFound: ``no-such-page``
    """
    award = award_for(db, scope, award_id, now)
    definition = Definition.from_json(db.get_one(AchievementVersion, award.version_id).definition)
    entry = db.exec(select(StatusEntry).where(StatusEntry.award_id == award.id)).one()
    organization = db.get_one(Organization, award.organization_id)
    copies = db.exec(select(SealedCopy).where(SealedCopy.award_id == award.id).order_by(col(SealedCopy.sealed_at)))
    handover = handover_of(db, settings, award, now=now)
    return AwardShown(
        award,
        definition,
        list(copies),
        _events(db, award, handover),
        changes_for(scope, entry, award),
        handover,
        list_url(settings, organization, db.get_one(StatusList, entry.list_id)),
        entry.index,
    )


def changes_for(scope: Scope, entry: StatusEntry, award: Award) -> tuple[Change, ...]:
    """Return what somebody may do to an award: the office anything that is possible, a teacher with what she awarded herself."""
    if not (scope.is_office or award.assessor_id == scope.actor.staff_id):
        return ()
    return possible(entry.purpose, award)


_TITLES = {
    AwardStatus.REVOKED: mark("Withdrawn"),
    AwardStatus.SUSPENDED: mark("Paused"),
    AwardStatus.VALID: mark("Reinstated"),
}
_KINDS = {AwardStatus.REVOKED: "bad", AwardStatus.SUSPENDED: "unsure", AwardStatus.VALID: "good"}


def _events(db: Session, award: Award, handover: Handover) -> list[Event]:
    names = {staff.id: staff.name for staff in db.exec(select(Staff).where(col(Staff.id).in_(_people(db, award))))}
    events = [_event(award.awarded_at, _("Awarded"), _by(names, award.assessor_id))]
    if award.sealed_at is not None:
        events.append(_event(award.sealed_at, _("Issued"), kind="good"))
    if handover.mail is not None and handover.mail.sent_at is not None:
        events.append(_event(handover.mail.sent_at, _("Mail with the link sent")))
    if handover.collected_at is not None:
        events.append(_event(handover.collected_at, _("Collected by the learner"), kind="good"))
    for change in db.exec(select(StatusChange).where(StatusChange.award_id == award.id)):
        after = AwardStatus(change.after)
        detail = ". ".join(filter(None, (_by(names, change.staff_id), change.reason)))
        events.append(_event(change.at, _(_TITLES[after]), detail, _KINDS[after]))
    return sorted(events, key=lambda event: event["at"])


def _event(at: datetime, title: str, detail: str = "", kind: str = "info") -> Event:
    return {"at": at, "title": title, "detail": detail, "kind": kind}


def _people(db: Session, award: Award) -> set[UUID | None]:
    changes = db.exec(select(StatusChange.staff_id).where(StatusChange.award_id == award.id))
    return {award.assessor_id, *changes}


def _by(names: dict[UUID, str], staff_id: UUID | None) -> str:
    return _("By %(name)s") % {"name": names[staff_id]} if staff_id in names else ""
