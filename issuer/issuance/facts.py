"""What a credential says about an award, gathered from the tables of four features."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from issuer.achievements.composing import AwardedResult, AwardFacts, EvidenceLink, StatusPlace
from issuer.achievements.models import AchievementVersion
from issuer.achievements.publication import awarded_achievement, profile_of
from issuer.issuance.models import Award, StatusEntry, StatusList
from issuer.organizations.identity import profile_url
from issuer.organizations.models import Organization
from issuer.settings import IssuerSettings


@dataclass(frozen=True)
class Copy:
    """What tells the copies of an award apart."""

    valid_from: datetime
    holder: str | None = None


def list_url(settings: IssuerSettings, organization: Organization, status_list: StatusList) -> str:
    """Return the address where a status list is published; it is the list's id."""
    return f"{profile_url(settings, organization)}/status/{status_list.purpose}/{status_list.number}"


def facts_of(db: Session, settings: IssuerSettings, award: Award, copy: Copy) -> AwardFacts:
    """Return the facts of one copy of an award."""
    organization = db.get_one(Organization, award.organization_id)
    return AwardFacts(
        credential_id=award.credential_id,
        issuer=profile_of(settings, organization),
        achievement=awarded_achievement(db, settings, db.get_one(AchievementVersion, award.version_id)),
        learner_name=award.subject_name,
        awarded_at=award.awarded_at,
        valid_from=copy.valid_from,
        status=_place(db, settings, organization, award),
        holder=copy.holder,
        results=[AwardedResult(**result) for result in award.results],
        evidence=[_evidence(piece) for piece in award.evidence],
        narrative=award.narrative,
    )


def _place(db: Session, settings: IssuerSettings, organization: Organization, award: Award) -> StatusPlace:
    entry = db.exec(select(StatusEntry).where(StatusEntry.award_id == award.id)).one()
    return StatusPlace(list_url(settings, organization, db.get_one(StatusList, entry.list_id)), entry.index)


def _evidence(piece: dict[str, str]) -> EvidenceLink:
    return EvidenceLink(piece.get("name", ""), piece.get("url") or None, piece.get("description", ""))
