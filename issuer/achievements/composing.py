"""From an award to the credential that will be sealed: every member of an Open Badge that we write is written here.

VC Data Model 2.0 with Open Badges 3.0 (context 3.0.3), class AchievementCredential. One award becomes two documents with one
id (`docs/architecture.md`): the school's copy names its subject by an ``identifier`` alone, the learner's copy by her wallet's
DID as well. Neither carries a school number or an e-mail address: what is given here has no place for them, and what
looks like one is refused.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from intaglio.documents import JsonObject
from intaglio.openbadges.models.declarations import OPEN_BADGES
from intaglio.server.texts import clean_block, clean_line
from intaglio.status.credential import status_entry
from intaglio.times import format_time
from intaglio.vcdm import CONTEXT_V2
from issuer.achievements.addresses import is_urn, is_web_address
from issuer.achievements.definition import Definition, to_open_badge, valid_until
from issuer.achievements.results import AwardedResult, check, write_results

__all__ = [
    "SCHEMA",
    "AwardFacts",
    "AwardedAchievement",
    "AwardedResult",
    "EvidenceLink",
    "IssuerProfile",
    "StatusPlace",
    "compose",
]

SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
"""1EdTech's schema of badges; `intaglio.openbadges.credential_schema` answers for it without the network."""
_SCHEMA_TYPE = "1EdTechJsonSchemaValidator2019"
"""One schema must be of this type (Open Badges 3.0, class CredentialSchema), which only the context of extensions defines."""
_EXTENSIONS = "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json"
_MAX_EVIDENCE = 20
_MAX_NARRATIVE = 10_000
_MAX_LINE = 500
_DID = re.compile(r"did:[a-z0-9]+:[A-Za-z0-9._:%-]+\Z", re.ASCII)
_NUMBER = re.compile(r"\d{4}")
"""Longer than “3rd” in a name, and as long as the shortest school numbers."""


@dataclass(frozen=True, slots=True)
class IssuerProfile:
    """Who issues: the organization's DID, its name, its page, and the address of its picture."""

    did: str
    name: str
    url: str | None = None
    image_url: str | None = None

    def to_json(self) -> JsonObject:
        """Return the ``Profile`` (Open Badges 3.0, class Profile)."""
        profile: JsonObject = {"id": self.did, "type": ["Profile"], "name": self.name}
        if self.url is not None:
            profile["url"] = self.url
        if self.image_url is not None:
            profile["image"] = {"id": self.image_url, "type": "Image"}
        return profile


@dataclass(frozen=True, slots=True)
class AwardedAchievement:
    """The published version that is awarded. `address` is its public page, and its id.

    `creator` wrote it, where that is not who issues: a district, whose schools award its achievements.
    """

    address: str
    version: int
    definition: Definition
    image_address: str | None = None
    creator: IssuerProfile | None = None


@dataclass(frozen=True, slots=True)
class EvidenceLink:
    """A piece of work that the judgement rests on. `address` is a web address or a URN; without one it is told in words."""

    name: str = ""
    address: str | None = None
    narrative: str = ""


@dataclass(frozen=True, slots=True)
class StatusPlace:
    """Where the badge's status is kept: the address of the list, and the index of its entry."""

    list_url: str
    index: int


@dataclass(frozen=True, slots=True)
class AwardFacts:
    """Everything that a credential says. Times are aware.

    `awarded_at` is the same in all copies of an award, and the end of a badge counts from there; `valid_from` tells copies
    apart, since of one id the newest counts. `holder` is the learner's DID where the copy is bound to her wallet's key.
    """

    credential_id: str
    issuer: IssuerProfile
    achievement: AwardedAchievement
    learner_name: str
    awarded_at: datetime
    valid_from: datetime
    status: StatusPlace | None = None
    holder: str | None = None
    results: Sequence[AwardedResult] = field(default=())
    evidence: Sequence[EvidenceLink] = field(default=())
    narrative: str = ""


def compose(award: AwardFacts) -> JsonObject:
    """Return the unsigned OpenBadgeCredential of an award.

    :raises MalformedInput: ``award-malformed`` where something that is given does not fit the achievement, or may not stand
        in a badge.
    """
    check(is_urn(award.credential_id), "Its id is not a URN.", "/id")
    definition = award.achievement.definition
    credential: JsonObject = {
        "@context": [CONTEXT_V2, OPEN_BADGES, _EXTENSIONS],
        "id": award.credential_id,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": definition.name,
        "issuer": award.issuer.to_json(),
        "awardedDate": format_time(award.awarded_at),
        "validFrom": format_time(award.valid_from),
    }
    end = valid_until(definition, award.awarded_at)
    if end is not None:
        check(end > award.valid_from, "It would end before it begins.", "/validUntil")
        credential["validUntil"] = format_time(end)
    credential["credentialSubject"] = _subject(award)
    if award.evidence:
        credential["evidence"] = _evidence(award.evidence)
    if award.status is not None:
        credential["credentialStatus"] = status_entry(
            list_url=award.status.list_url, index=award.status.index, purpose=definition.status_purpose
        )
    credential["credentialSchema"] = [{"id": SCHEMA, "type": _SCHEMA_TYPE}]
    return credential


def _subject(award: AwardFacts) -> JsonObject:
    subject: JsonObject = {}
    if award.holder is not None:
        check(_DID.match(award.holder) is not None, "The holder is not named by a DID.", "/credentialSubject/id")
        subject["id"] = award.holder
    subject["type"] = ["AchievementSubject"]
    subject["identifier"] = [_identity(award.learner_name)]
    achievement, creator = award.achievement, award.achievement.creator
    subject["achievement"] = to_open_badge(
        achievement.definition,
        address=achievement.address,
        version=achievement.version,
        image_address=achievement.image_address,
        creator=None if creator is None or creator.did == award.issuer.did else creator.to_json(),
    )
    if award.results:
        subject["result"] = write_results(award.results, achievement.definition)
    narrative = clean_block(award.narrative)
    if narrative:
        check(len(narrative) <= _MAX_NARRATIVE, "The words about it are too long.", "/credentialSubject/narrative")
        subject["narrative"] = narrative
    return subject


def _identity(name: str) -> JsonObject:
    """Return the learner's name as an ``IdentityObject`` (Open Badges 3.0): type, hashed and identityType are required.

    It is not hashed: a name is what a reader compares with a person, and hashes of names can be guessed.
    """
    written, place = clean_line(name), "/credentialSubject/identifier/0/identityHash"
    check(0 < len(written) <= _MAX_LINE, "The learner has no name, or one that is too long.", place)
    check("@" not in written, "What should be a name looks like an e-mail address.", place)
    check(_NUMBER.search(written) is None, "What should be a name has a number in it.", place)
    return {"type": "IdentityObject", "hashed": False, "identityHash": written, "identityType": "name"}


def _evidence(evidence: Sequence[EvidenceLink]) -> list[JsonObject]:
    check(len(evidence) <= _MAX_EVIDENCE, "There is too much evidence.", "/evidence")
    return [_piece(piece, f"/evidence/{index}") for index, piece in enumerate(evidence)]


def _piece(piece: EvidenceLink, place: str) -> JsonObject:
    members: JsonObject = {}
    name, narrative = clean_line(piece.name), clean_block(piece.narrative)
    check(len(name) <= _MAX_LINE, "The name of the evidence is too long.", f"{place}/name")
    check(len(narrative) <= _MAX_NARRATIVE, "The words about the evidence are too long.", f"{place}/narrative")
    if piece.address is not None:
        usable = is_web_address(piece.address) or is_urn(piece.address)
        check(usable, "The address of the evidence is no web address.", f"{place}/id")
        members["id"] = piece.address
    members["type"] = ["Evidence"]
    members |= {key: text for key, text in (("name", name), ("narrative", narrative)) if text}
    check(len(members) > 1, "A piece of evidence says nothing.", place)
    return members
