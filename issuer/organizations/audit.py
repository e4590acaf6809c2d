"""Who did what, when. Kept with the change itself: one commit holds both."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session

from issuer.organizations.models import AuditEntry


def note(
    db: Session,
    *,
    action: str,
    subject: object,
    organization_id: UUID | None,
    staff_id: UUID | None,
    now: datetime,
    **details: Any,
) -> None:
    """Add an entry; the caller commits. `details` holds ids and numbers, no names: entries outlive people's data."""
    db.add(
        AuditEntry(
            organization_id=organization_id,
            staff_id=staff_id,
            action=action,
            subject=str(subject),
            at=now,
            details={name: str(value) if isinstance(value, UUID) else value for name, value in details.items()},
        )
    )
