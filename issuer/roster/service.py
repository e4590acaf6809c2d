"""Importing a roster: first a check that says row by row what is wrong and what an import would change, then the import.

An uploaded file is about children, and is kept no longer than the decision takes: until it is imported, replaced by another
import, or a day old.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from psycopg import Connection
from sqlalchemy import delete, insert, update
from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from intaglio.server.errors import Conflict, NotFound, Refused
from issuer.access import Scope
from issuer.organizations.audit import note
from issuer.organizations.models import Kind, Organization
from issuer.organizations.profiles import district_of
from issuer.roster.merging import Changes, merge
from issuer.roster.models import ImportState, RosterFinding, RosterImport
from issuer.roster.oneroster.findings import Findings
from issuer.roster.oneroster.package import Bounds, Package
from issuer.roster.oneroster.reader import Roster
from issuer.roster.schools import lasting_school, trial_school
from issuer.roster.staging import stage
from issuer.settings import IssuerSettings

KEPT_FOR = timedelta(hours=24)
MANY_LEAVE = 0.1
"""From this share of the learners on, an import that makes them inactive asks once more."""
_SHOWN_IMPORTS = 20
_KEPT_AT_ONCE = 3
"""Rosters of one district that may wait for a decision; an older one gives way."""
_WITHOUT_FILE = defer(col(RosterImport.content))  # type: ignore[arg-type]
_BOUNDS = Bounds()
_NAME_LENGTH = 120


def check(db: Session, scope: Scope, name: str, content: bytes, *, now: datetime) -> RosterImport:
    """Read an uploaded roster, and keep it with what was found and with what its import would change.

    What it would change is found by doing it and taking it back: it is exact.

    :raises MalformedInput: ``roster-…`` for a file that is no roster at all, or another school's
    :raises Refused: ``not-allowed`` where another organization keeps the roster
    """
    district = _district_for_update(db, scope)
    expire(db, now=now)
    name = _file_name(name)  # by its end the file is read as one kind or another, now and at the import
    findings = Findings()
    roster = Roster(Package.from_upload(name, content, _BOUNDS), findings, _BOUNDS)
    trial = db.begin_nested()
    stage(_connection(db), roster)
    changes = (
        None
        if findings.blocked
        else merge(_connection(db), roster, district.id, trial_school(db, district, now), now=now)
    )
    trial.rollback()
    found = RosterImport(
        district_id=district.id,
        uploaded_by=scope.actor.staff_id,
        file_name=name,
        version=roster.version,
        content=content,
        rows=dict(roster.rows),
        blocked=findings.blocked,
        errors=findings.errors,
        warnings=findings.warnings,
        findings_left_out=findings.left_out,
        skipped_rows=roster.skipped.total(),
        changes=changes,
        created_at=now,
        expires_at=now + KEPT_FOR,
    )
    db.add(found)
    db.flush()
    _forget_files(db, _checked(db, district)[_KEPT_AT_ONCE:])
    _keep_findings(db, found.id, findings)
    _note(db, scope, found, "roster.checked", now, errors=found.errors)
    db.commit()
    return found


def apply(
    db: Session,
    settings: IssuerSettings,
    scope: Scope,
    import_id: UUID,
    *,
    leave_out: bool,
    many_leave: bool,
    now: datetime,
) -> RosterImport:
    """Import a checked roster in one transaction.

    :param leave_out: whether rows with errors may be left out.
    :param many_leave: whether many learners may become inactive.
    :raises Conflict: ``roster-gone`` where it was imported, replaced or kept for too long; ``roster-not-ready`` where one of the
        two was not said and is needed, or a whole file is wrong
    """
    district = _district_for_update(db, scope)
    found = import_for(db, scope, import_id)
    db.refresh(found, with_for_update=True)
    if found.state != ImportState.CHECKED or found.content is None or found.expires_at <= now:
        raise Conflict("roster-gone", "It cannot be imported any more.")
    if found.blocked or (found.errors and not leave_out):
        raise Conflict("roster-not-ready", "Rows with errors would be left out, and nobody said that they may be.")
    roster = Roster(Package.from_upload(found.file_name, found.content, _BOUNDS), Findings(), _BOUNDS)
    stage(_connection(db), roster)
    make_school = lasting_school(db, settings, scope, district, now)
    changes = merge(_connection(db), roster, district.id, make_school, now=now)
    if loses_many(changes) and not many_leave:
        db.rollback()
        raise Conflict("roster-not-ready", "Many learners would become inactive, and nobody said that they may.")
    found.state, found.content, found.changes, found.applied_at = ImportState.APPLIED, None, changes, now
    db.add(found)
    db.flush()
    _forget_files(db, _checked(db, district))
    _note(db, scope, found, "roster.imported", now, left_out=found.skipped_rows)
    db.commit()
    db.refresh(found)
    return found


def discard(db: Session, scope: Scope, import_id: UUID, *, now: datetime) -> None:
    """Forget a checked roster without importing it."""
    found = import_for(db, scope, import_id)
    if found.state == ImportState.CHECKED:
        _forget_files(db, (found.id,))
        db.execute(delete(RosterFinding).where(col(RosterFinding.import_id) == found.id))
        _note(db, scope, found, "roster.discarded", now)
        db.commit()


def expire(db: Session, *, now: datetime) -> None:
    """Forget what every organization's checks left behind: files, and what was found in them. The caller commits."""
    old = db.exec(select(RosterImport.id).where(col(RosterImport.expires_at) <= now)).all()
    _forget_files(db, old)
    db.execute(delete(RosterFinding).where(col(RosterFinding.import_id).in_(old)))


def import_for(db: Session, scope: Scope, import_id: UUID) -> RosterImport:
    """Return an import into the roster of the scope's organization.

    :raises NotFound: ``no-such-page``
    """
    wanted = select(RosterImport).where(RosterImport.id == import_id, RosterImport.district_id == scope.organization.id)
    found = db.exec(wanted.options(_WITHOUT_FILE)).first()
    if found is None:
        raise NotFound("no-such-page", "There is no such import.")
    return found


def imports(db: Session, scope: Scope) -> Sequence[RosterImport]:
    """Return the latest imports, the newest first."""
    wanted = select(RosterImport).where(RosterImport.district_id == scope.organization.id)
    wanted = wanted.order_by(col(RosterImport.created_at).desc()).limit(_SHOWN_IMPORTS)
    return db.exec(wanted.options(_WITHOUT_FILE)).all()


def keeps_roster(db: Session, organization: Organization) -> bool:
    """Tell whether an organization has a roster of its own, rather than a part of its district's."""
    return organization.kind != Kind.STATE and district_of(db, organization).id == organization.id


def loses_many(changes: Changes | None) -> bool:
    """Tell whether so many learners would become inactive that the file may be a part of the roster only."""
    learners = (changes or {}).get("learners", {})
    gone = learners.get("deactivated", 0)
    present = learners.get("changed", 0) + learners.get("unchanged", 0) + gone
    return gone > max(5, MANY_LEAVE * present)


def _district_for_update(db: Session, scope: Scope) -> Organization:
    """Return the organization whose roster it is, locked, so that two imports do not mix.

    :raises Refused: ``not-allowed``
    """
    if not keeps_roster(db, scope.organization):
        raise Refused("not-allowed", "The district keeps the roster of its schools.")
    db.refresh(scope.organization, with_for_update=True)
    return scope.organization


def _connection(db: Session) -> Connection[Any]:
    return cast("Connection[Any]", db.connection().connection.driver_connection)


def _checked(db: Session, district: Organization) -> Sequence[UUID]:
    """Return the rosters that wait for a decision, the newest first."""
    wanted = select(RosterImport.id).where(
        RosterImport.district_id == district.id, RosterImport.state == ImportState.CHECKED
    )
    return db.exec(wanted.order_by(col(RosterImport.created_at).desc(), col(RosterImport.id))).all()


def _forget_files(db: Session, ids: Sequence[UUID]) -> None:
    """Remove the files of checked rosters that will not be imported."""
    checked = col(RosterImport.state) == ImportState.CHECKED
    wanted = update(RosterImport).where(col(RosterImport.id).in_(ids), checked)
    db.execute(wanted.values(content=None, state=ImportState.EXPIRED))


def _keep_findings(db: Session, import_id: UUID, findings: Findings) -> None:
    rows = [
        {
            "import_id": import_id,
            "number": number,
            "severity": finding.severity.value,
            "kind": finding.kind,
            "file": finding.file,
            "line": finding.line,
            "column_name": finding.column,
            "value": finding.value,
            "parameters": dict(finding.parameters),
        }
        for number, finding in enumerate(findings.kept, start=1)
    ]
    if rows:
        db.execute(insert(RosterFinding), rows)


def _note(db: Session, scope: Scope, found: RosterImport, action: str, now: datetime, **details: int) -> None:
    organization_id, staff_id = scope.organization.id, scope.actor.staff_id
    note(db, action=action, subject=found.id, organization_id=organization_id, staff_id=staff_id, now=now, **details)


def _file_name(name: str) -> str:
    """Return the name of an uploaded file without a folder, as something to show."""
    plain = name.replace("\\", "/").rpartition("/")[2]
    return "".join(char for char in plain if char.isprintable())[-_NAME_LENGTH:] or "roster.zip"
