"""A district without a roster, and somebody who may bring one."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session

from intaglio.server import migrate
from intaglio.server.database import Database
from issuer.access import Scope
from issuer.organizations.models import Kind, Organization, Role, Staff
from issuer.organizations.people import Actor
from issuer.organizations.profiles import ProfileForm, create_organization
from issuer.roster import service
from issuer.roster.models import RosterImport
from issuer.settings import IssuerSettings
from tests.database import Cluster
from tests.issuer.roster.rosters import Files, zipped

NOW = datetime(2026, 1, 20, 15, tzinfo=UTC)


@dataclass
class District:
    """A district's office at work, without pages."""

    db: Session
    settings: IssuerSettings
    organization: Organization
    staff: Staff
    now: datetime = NOW

    def scope(self, *roles: Role, organization: Organization | None = None, staff: Staff | None = None) -> Scope:
        """Return the scope of somebody, by default of the registrar in the district."""
        who, where = staff or self.staff, organization or self.organization
        held = frozenset(roles or (Role.REGISTRAR,))
        return Scope(Actor(who.id, who.name, tuple((where.id, role) for role in held)), where, held)

    def check(self, files: Files | bytes) -> RosterImport:
        """Check a roster."""
        content = files if isinstance(files, bytes) else zipped(files)
        return service.check(self.db, self.scope(), "roster.zip", content, now=self.now)

    def bring(self, files: Files | bytes, *, leave_out: bool = False, many_leave: bool = True) -> RosterImport:
        """Check a roster and import it."""
        checked = self.check(files)
        return service.apply(
            self.db, self.settings, self.scope(), checked.id, leave_out=leave_out, many_leave=many_leave, now=self.now
        )


@pytest.fixture
def district(postgres: Cluster, tmp_path: Path) -> Iterator[District]:
    """Return a district of a fresh database."""
    with postgres.fresh_database("issuer", lambda url: migrate.upgrade(url, "issuer")) as url:
        database = Database(url)
        with database.session() as db:
            yield make_district(db, IssuerSettings(data_folder=tmp_path), "Prairie Unified")
        database.close()


def make_district(db: Session, settings: IssuerSettings, name: str) -> District:
    """Make a district with its registrar."""
    form = ProfileForm(name=name)
    organization = create_organization(db, settings, form, kind=Kind.DISTRICT, parent=None, staff_id=None, now=NOW)
    staff = Staff(email=f"registrar@{organization.slug}.example", name="Robin Registrar", created_at=NOW)
    db.add(staff)
    db.commit()
    return District(db, settings, organization, staff)
