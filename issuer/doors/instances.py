"""Instances of the VC API: opened and closed by administrators, found by machines of the same organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select

from intaglio.multikey import PublicKey, default_verification_method
from intaglio.server.errors import NotFound
from issuer.doors.forms import FORMS
from issuer.doors.models import Identifier, Instance
from issuer.organizations import identity
from issuer.organizations.audit import note
from issuer.organizations.models import KeyState, Organization, OrganizationKey
from issuer.settings import IssuerSettings

PURPOSES = ("", "revocation", "suspension")


@dataclass(frozen=True)
class InstanceForm:
    """What an administrator enters; an empty purpose stands for credentials without a status."""

    form: str = "eddsa-rdfc-2022"
    identifier: str = Identifier.ORGANIZATION
    purpose: str = ""

    def findings(self) -> dict[str, str]:
        """Return what is wrong, by field, in English sentences that pages translate."""
        known = {"form": FORMS, "identifier": tuple(Identifier), "purpose": PURPOSES}
        return {name: "Choose one of these." for name, values in known.items() if getattr(self, name) not in values}


def open_instance(
    db: Session,
    settings: IssuerSettings,
    organization: Organization,
    wanted: InstanceForm,
    *,
    staff_id: UUID | None,
    now: datetime,
) -> Instance:
    """Open an instance and commit. That of a trial gets a key of its own; any other is for awards alone.

    `wanted` has no findings.

    :raises SigningFailed: what custody raises.
    """
    db.get_one(Organization, organization.id, with_for_update=True)  # one after the other: they choose names
    form = wanted.form if organization.is_test else None
    instance = Instance(
        organization_id=organization.id,
        slug=_free_slug(db, f"{organization.slug}-{form or 'awards'}"),
        form=form,
        identifier=Identifier(wanted.identifier) if form else Identifier.ORGANIZATION,
        purpose=wanted.purpose or None if form else None,
        created_by=staff_id,
        created_at=now,
    )
    db.add(instance)
    if form is not None:
        listed = instance.identifier == Identifier.ORGANIZATION
        algorithm = FORMS[form].algorithm
        identity.add_key(db, settings, organization, algorithm, now=now, door=instance.slug, listed=listed)
    _note(db, "door.opened", instance, staff_id, now)
    db.commit()
    return instance


def close_instance(
    db: Session, organization: Organization, instance_id: UUID, *, staff_id: UUID | None, now: datetime
) -> None:
    """Close an instance and retire its key, and commit. What it sealed stays good; doing it twice changes nothing.

    :raises NotFound: ``no-such-page``
    """
    instance = db.get(Instance, instance_id, with_for_update=True)
    if instance is None or instance.organization_id != organization.id:
        raise NotFound("no-such-page", "There is no such door.")
    if instance.closed_at is None:
        instance.closed_at = now
        for key in _keys(db, instance):
            if key.state == KeyState.ACTIVE:
                key.state, key.expires_at = KeyState.RETIRED, now
                db.add(key)
        db.add(instance)
        _note(db, "door.closed", instance, staff_id, now)
    db.commit()


def instances_of(db: Session, organization: Organization) -> Sequence[Instance]:
    """Return the instances of an organization, the newest first."""
    wanted = select(Instance).where(Instance.organization_id == organization.id)
    return db.exec(wanted.order_by(col(Instance.created_at).desc(), col(Instance.slug))).all()


def instance_at(db: Session, organization: Organization, slug: str) -> Instance:
    """Return the instance of a machine's address.

    :raises NotFound: ``no-such-page`` also for one of another organization.
    """
    wanted = select(Instance).where(Instance.slug == slug, Instance.organization_id == organization.id)
    found = None if "\0" in slug else db.exec(wanted).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such door.")
    return found


def issuer_of(db: Session, settings: IssuerSettings, organization: Organization, instance: Instance) -> str:
    """Return the identifier that an instance issues as, with its newest key."""
    keys = _keys(db, instance)
    if instance.identifier == Identifier.ORGANIZATION or not keys:
        return identity.did_of(settings, organization)
    return default_verification_method(PublicKey.from_jwk(keys[-1].public_jwk)).partition("#")[0]


def address_of(settings: IssuerSettings, instance: Instance) -> str:
    """Return the address that the VC API's paths are below."""
    return f"{settings.origin}/vc-api/{instance.slug}"


def _keys(db: Session, instance: Instance) -> list[OrganizationKey]:
    return [key for key in identity.keys_of(db, instance.organization_id) if key.door == instance.slug]


def _free_slug(db: Session, base: str) -> str:
    taken = set(db.exec(select(Instance.slug).where(col(Instance.slug).startswith(base, autoescape=True))))
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 10_000))) if slug not in taken)


def _note(db: Session, action: str, instance: Instance, staff_id: UUID | None, now: datetime) -> None:
    organization_id = instance.organization_id
    note(db, action=action, subject=instance.id, organization_id=organization_id, staff_id=staff_id, now=now)
