"""What the wallet does by itself: telling issuers, asking how badges stand, forgetting what waited too long."""

from datetime import timedelta

from fastapi import FastAPI
from sqlmodel import Session

from intaglio.server.jobs import JobContext, Jobs, Retry
from intaglio.server.outside import network_of, source_of
from wallet.exchange import arrivals, claims
from wallet.exchange.notices import send_notices
from wallet.holders.registration import forget_unfinished
from wallet.holdings.refreshing import Round, refresh_due

_TELL = "wallet.exchange.tell"


class NotAllTold(Exception):
    """Some issuers did not answer: the job is to be tried again."""


def watch(app: FastAPI) -> None:
    """Make the jobs known."""
    jobs: Jobs = app.state.jobs

    @jobs.task(_TELL, retry=Retry())
    def tell(job: JobContext) -> None:
        with job.database.session() as db:
            left = send_notices(db, job.state.keyring, network_of(job.state.settings))
        if left:
            raise NotAllTold

    @jobs.periodic("wallet.holdings.refresh", "*/10 * * * *")
    def refresh(job: JobContext) -> None:
        hours = timedelta(hours=job.state.settings.status_hours)
        with job.database.session() as db:
            # Whoever was killed between keeping a badge and asking for this job has left something to tell.
            send_notices(db, job.state.keyring, network_of(job.state.settings))
            asking = Round(lambda: source_of(job.state.settings))
            while refresh_due(db, job.state.keyring, asking, now=job.state.clock(), older_than=hours):
                job.pause_if_stopping()

    @jobs.periodic("wallet.exchange.forget", "17 3 * * *")
    def forget(job: JobContext) -> None:
        with job.database.session() as db:
            now = job.state.clock()
            arrivals.forget_old(db, now=now)
            claims.forget_old(db, now=now)
            forget_unfinished(db, now=now)


def tell_issuers(jobs: Jobs, db: Session) -> None:
    """Have whatever is to be told sent soon, and commit."""
    jobs.defer(db, _TELL, queueing_lock=_TELL)
    db.commit()
