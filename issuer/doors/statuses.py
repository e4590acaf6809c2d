"""``POST /credentials/status`` (VCALM, "Update Status"): withdrawn, paused, reinstated by machine.

The rules are those of pages: what was revoked stays revoked; what a badge can become is its one list's purpose. For an award the
machine says why, in ``options.reason``, which VCALM leaves room for; the reason never leaves the issuer.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, select

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unsupported
from intaglio.protocols.members import Members
from intaglio.protocols.vcapi.requests import StatusChange, StatusRequest
from intaglio.server.errors import Conflict, NotFound
from intaglio.status.credential import status_entry
from issuer.access import Machine
from issuer.doors.instances import instance_at
from issuer.doors.models import Instance, IssuedCredential
from issuer.issuance import status
from issuer.issuance.facts import list_url
from issuer.issuance.models import Award, StatusEntry, StatusList
from issuer.organizations.audit import note
from issuer.settings import IssuerSettings

_KIND = "vc-api-request"
_URN = "urn:uuid:"


@dataclass(frozen=True)
class StatusOrder:
    """One entry and its new value, and why."""

    credential_id: str
    change: StatusChange
    reason: str = ""

    @classmethod
    def from_json(cls, document: JsonObject) -> "StatusOrder":
        """Read VCALM's request with ``"options": {"reason": …}``.

        :raises MalformedInput: ``vc-api-request``, also for more than one entry: a credential has only one here.
        :raises Unsupported: ``vc-api-option``
        """
        request, members = StatusRequest.from_json(document), Members(document, _KIND)
        if len(request.changes) != 1:
            raise members.wrong("A credential has one status entry here.", "credentialStatus")
        options = members.inner("options")
        strange = sorted(set(members.raw("options") or ()) - {"reason"})
        if strange:
            raise Unsupported("vc-api-option", f"“{strange[0][:60]}” is not reason.")
        return cls(request.credential_id, request.changes[0], (options and options.optional_text("reason")) or "")


def change_status(
    db: Session, settings: IssuerSettings, machine: Machine, slug: str, order: StatusOrder, *, now: datetime
) -> JsonObject:
    """Set or clear the status of a credential, commit, and return what holds now; the published list shows it at once.

    :raises NotFound: ``no-such-page``, ``door-credential-unknown``
    :raises MalformedInput: ``vc-api-request`` for a place that is not the credential's; ``status-reason-missing``
    :raises Conflict: ``status-not-possible``
    """
    instance = instance_at(db, machine.organization, slug)
    entry = _entry(db, machine, instance, order.credential_id)
    place = _place(db, settings, machine, entry)
    _check_place(order.change, place)
    if entry.is_set != order.change.is_set:
        _note(db, machine, instance, now)
        _change(db, entry, order, now)
    db.commit()
    return {"credentialId": order.credential_id, "credentialStatus": place, "status": order.change.is_set}


def _entry(db: Session, machine: Machine, instance: Instance, credential_id: str) -> StatusEntry:
    """Return the locked place of a credential of this instance, or of an award of its organization."""
    if credential_id.isprintable():
        wanted = select(IssuedCredential).where(
            IssuedCredential.instance_id == instance.id, IssuedCredential.credential_id == credential_id
        )
        issued = db.exec(wanted).first()
        name = issued.entry_name if issued else _award_name(db, machine, credential_id)
        found = select(StatusEntry).where(StatusEntry.credential_id == name).with_for_update()
        entry = db.exec(found).first() if name else None
        if entry is not None:
            return entry
    raise NotFound("door-credential-unknown", "Nothing with a status was issued here under this name.")


def _award_name(db: Session, machine: Machine, credential_id: str) -> str | None:
    try:
        award_id = UUID(credential_id.removeprefix(_URN))
    except ValueError:
        return None
    award = db.get(Award, award_id, with_for_update=True)
    mine = award is not None and award.organization_id == machine.organization.id
    return award.credential_id if award is not None and mine else None


def _place(db: Session, settings: IssuerSettings, machine: Machine, entry: StatusEntry) -> JsonObject:
    url = list_url(settings, machine.organization, db.get_one(StatusList, entry.list_id))
    return status_entry(list_url=url, index=entry.index, purpose=entry.purpose)


def _check_place(change: StatusChange, place: JsonObject) -> None:
    for name, said in (
        ("statusPurpose", change.purpose),
        ("statusListCredential", change.list_credential),
        ("statusListIndex", change.list_index),
    ):
        if said is not None and said != place[name]:
            detail = f"It is {place[name]} for this credential."
            raise MalformedInput(_KIND, detail, pointer=f"/credentialStatus/{name}")


def _change(db: Session, entry: StatusEntry, order: StatusOrder, now: datetime) -> None:
    is_set = order.change.is_set
    if entry.award_id is not None:
        clear = status.Change.REINSTATE
        wanted = {"revocation": status.Change.WITHDRAW, "suspension": status.Change.PAUSE}[entry.purpose]
        status.change(db, entry.award_id, wanted if is_set else clear, reason=order.reason, staff_id=None, now=now)
        return
    if entry.purpose == "revocation" and not is_set:
        raise Conflict("status-not-possible", "It was revoked, for good.")
    status.set_entry(db, entry, is_set=is_set)


def _note(db: Session, machine: Machine, instance: Instance, now: datetime) -> None:
    note(
        db,
        action="door.status",
        subject=instance.id,
        organization_id=machine.organization.id,
        staff_id=None,
        now=now,
        api_key=machine.key_id,
    )
