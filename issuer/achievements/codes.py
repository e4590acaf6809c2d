"""Codes of achievements: short, plain, unique in an organization, and made from the first name."""

import re
import unicodedata
from uuid import UUID

from sqlmodel import Session, col, select

from issuer.achievements.models import Achievement

_LONGEST = 60
_ROOM_FOR_NUMBER = 4


def free_code(db: Session, organization_id: UUID, name: str) -> str:
    """Return a code for a name that no achievement of the organization has; later ones are numbered."""
    base = slug(name)
    taken = set(
        db.exec(
            select(Achievement.code).where(
                Achievement.organization_id == organization_id, col(Achievement.code).startswith(base)
            )
        )
    )
    candidates = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(code for code in candidates if code not in taken)


def slug(name: str) -> str:
    """Return a name as a code: plain letters and figures, joined by hyphens; ``achievement`` where nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    code = re.sub(r"[^a-z0-9]+", "-", plain)[: _LONGEST - _ROOM_FOR_NUMBER].strip("-")
    return code or "achievement"
