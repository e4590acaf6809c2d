"""What happens to rosters by itself: files that nobody imported are forgotten."""

from fastapi import FastAPI

from intaglio.server.job_kinds import JobContext
from issuer.roster import service

EXPIRE = "issuer.roster.expire"


def install(app: FastAPI) -> None:
    """Register the jobs of this feature with a service."""
    app.state.jobs.periodic(EXPIRE, "*/5 * * * *")(expire)


def expire(job: JobContext) -> None:
    """Forget what checks left behind a day ago."""
    with job.database.session() as db:
        service.expire(db, now=job.state.clock())
        db.commit()
