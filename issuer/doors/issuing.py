"""``POST /credentials/issue`` (VCALM, "Issue Credential"): whatever a machine sends, sealed for an organization on trial.

For every other organization this door seals nothing: its badges come from awards, which are tied to a learner of its roster and
an achievement that was published.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unsupported
from intaglio.proofs.signer import Signer
from intaglio.protocols.vcapi.requests import IssueRequest
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import Prepared, SealingDesk
from intaglio.server.errors import Conflict, Refused
from intaglio.status.credential import status_entry
from issuer.access import Machine
from issuer.doors.forms import FORMS
from issuer.doors.instances import instance_at
from issuer.doors.models import Instance, IssuedCredential
from issuer.issuance.facts import list_url
from issuer.issuance.models import StatusList
from issuer.issuance.places import take_places
from issuer.organizations.audit import note
from issuer.organizations.identity import sealing_key, signer_of
from issuer.organizations.models import Organization, OrganizationKey
from issuer.settings import IssuerSettings

MAX_ID = 2000


class InstanceDesk:
    """Seals for all instances of one issuer. It is made once and shared: it keeps signers open."""

    def __init__(self, settings: IssuerSettings) -> None:
        self.settings = settings
        self._desk = SealingDesk()
        self._signers: dict[UUID, Signer] = {}

    def signer(self, organization: Organization, key: OrganizationKey) -> Signer:
        """Return the signer of a key, which the caller has just found active.

        :raises SigningFailed: what custody raises.
        """
        if key.id not in self._signers:
            self._signers[key.id] = signer_of(self.settings, organization, key)
        return self._signers[key.id]

    def prepare(self, credential: JsonObject, plans: Sequence[SealPlan], now: datetime) -> Prepared:
        """Rehearse the sealing.

        :raises NotSealable: what a verifier would not accept.
        """
        return self._desk.prepare(credential, plans, created=now)


def issue(db: Session, desk: InstanceDesk, machine: Machine, slug: str, asked: IssueRequest, *, now: datetime) -> bytes:
    """Return a machine's credential, sealed as an instance seals, and commit.

    :raises NotFound: ``no-such-page``
    :raises Refused: ``door-takes-awards`` for an organization that is no trial.
    :raises Conflict: ``door-closed``, ``door-credential-twice``
    :raises MalformedInput: ``door-other-issuer``, ``door-status-given``, ``vc-api-request``
    :raises Unsupported: ``vc-api-option`` for what no suite here can do.
    :raises NotSealable: what a verifier would not accept, each with its place in the credential.
    """
    organization = machine.organization
    instance = instance_at(db, organization, slug)
    if instance.form is None or not organization.is_test:
        where = f"{desk.settings.origin}/o/{organization.id}/api/awards"
        raise Refused("door-takes-awards", f"Send which learner reached which achievement to POST {where}.")
    if instance.closed_at is not None:
        raise Conflict("door-closed", f"Nothing is sealed at “{slug}” any more.")
    if asked.mandatory_pointers:
        raise Unsupported("vc-api-option", "The suite of this instance signs the whole, not members one by one.")
    form = FORMS[instance.form]
    signer = desk.signer(organization, sealing_key(db, organization.id, form.algorithm, door=instance.slug))
    credential = _with_issuer(asked.credential, signer.verification_method.partition("#")[0])
    if instance.purpose is not None:
        if "credentialStatus" in credential:
            raise MalformedInput("door-status-given", "The member is there already.", pointer="/credentialStatus")
        place = _place(db, desk.settings, organization, instance, asked.credential_id, now)
        credential = {**credential, "credentialStatus": place}
    sealed = desk.prepare(credential, [form.plan(signer)], now).seal([signer])
    note(
        db,
        action="door.sealed",
        subject=instance.id,
        organization_id=organization.id,
        staff_id=None,
        now=now,
        api_key=machine.key_id,
    )
    db.commit()
    return sealed


def _with_issuer(credential: JsonObject, did: str) -> JsonObject:
    """Return a credential in the instance's name: filled in where it names nobody (VCALM asks 400 for somebody else)."""
    named = credential.get("issuer", did)
    if isinstance(named, dict):
        named = {"id": did, **named}
    if (named["id"] if isinstance(named, dict) else named) != did:
        raise MalformedInput("door-other-issuer", f"This instance issues as {did}.", pointer="/issuer")
    return {**credential, "issuer": named}


def _place(
    db: Session,
    settings: IssuerSettings,
    organization: Organization,
    instance: Instance,
    name: str | None,
    now: datetime,
) -> JsonObject:
    """Return a status entry with a place of its own, which goes back to the list where the sealing fails."""
    issued, purpose = _registered(db, instance, name, now), instance.purpose or ""
    (entry,) = take_places(db, organization.id, purpose, [(issued.entry_name, None)], now=now)
    url = list_url(settings, organization, db.get_one(StatusList, entry.list_id))
    return status_entry(list_url=url, index=entry.index, purpose=purpose)


def _registered(db: Session, instance: Instance, credential_id: str | None, now: datetime) -> IssuedCredential:
    if credential_id is not None and (len(credential_id) > MAX_ID or not credential_id.isprintable()):
        raise MalformedInput("vc-api-request", "The credential’s name is too long, or cannot be printed.")
    issued = IssuedCredential(instance_id=instance.id, credential_id=credential_id, issued_at=now)
    db.add(issued)
    try:
        db.flush()
    except IntegrityError:
        db.rollback()
        detail = "A credential of this name was sealed here before."
        raise Conflict("door-credential-twice", detail, pointer="/credential/id") from None
    return issued
