"""How long a district's roster takes, from the ZIP file to the tables, on an embedded PostgreSQL that writes to disk.

Run it with ``.venv/bin/python -m benchmarks.roster [LEARNERS]``.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from intaglio.server import migrate
from intaglio.server.database import Database
from intaglio.server.postgres.embedded import Embedded
from issuer.access import Scope
from issuer.organizations.models import Kind, Role, Staff
from issuer.organizations.people import Actor
from issuer.organizations.profiles import ProfileForm, create_organization
from issuer.roster import service
from issuer.settings import IssuerSettings
from tests.issuer.roster.rosters import Files, column, roster, zipped

_NOW = datetime(2026, 1, 20, tzinfo=UTC)
_LEARNERS_PER_CLASS = 20
_T = TypeVar("_T")


def main(learners: int) -> None:
    """Measure and print."""
    files = roster("1.2", learners=learners, classes=max(1, learners // _LEARNERS_PER_CLASS))
    with tempfile.TemporaryDirectory(prefix="roster") as folder, Embedded(Path(folder) / "data") as server:
        url = server.ensure_database("issuer")
        migrate.upgrade(url, "issuer")
        district = _District(Database(url), IssuerSettings(data_folder=Path(folder)))
        print(f"{learners:,} learners, {len(zipped(files)):,} bytes packed")
        district.bring("for the first time", files)
        district.bring("again, unchanged", files)
        at = column(files, "users.csv", "grades")
        for row in files["users.csv"][1::10]:
            row[at] = "12"
        district.bring("a tenth changed", files)
        district.database.close()


class _District:
    def __init__(self, database: Database, settings: IssuerSettings) -> None:
        self.database, self.settings = database, settings
        with database.session() as db:
            staff = Staff(email="office@prairie.example", name="Office", created_at=_NOW)
            db.add(staff)
            form = ProfileForm("Prairie Unified")
            district = create_organization(db, settings, form, kind=Kind.DISTRICT, parent=None, staff_id=None, now=_NOW)
            db.commit()
            self.ids = (staff.id, district.id)
            self.organization = district

    def bring(self, title: str, files: Files) -> None:
        """Check and import a roster."""
        content = zipped(files)
        with self.database.session() as db:
            actor = Actor(self.ids[0], "Office", ())
            scope = Scope(actor, db.merge(self.organization), frozenset({Role.REGISTRAR}))
            checked = _timed(f"{title}: check", lambda: service.check(db, scope, "roster.zip", content, now=_NOW))
            _timed(
                f"{title}: import",
                lambda: service.apply(db, self.settings, scope, checked.id, leave_out=False, many_leave=True, now=_NOW),
            )


def _timed(title: str, work: Callable[[], _T]) -> _T:
    begun = time.perf_counter()
    done = work()
    print(f"{title:<32}{time.perf_counter() - begun:>8.2f} s")
    return done


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)
