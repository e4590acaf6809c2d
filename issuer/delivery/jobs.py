"""The jobs of delivery, and their names in the queue."""

from typing import Any
from uuid import UUID

from intaglio.server.jobs import JobContext, Jobs, Retry
from issuer.delivery import mails


def register(jobs: Jobs) -> None:
    """Add the jobs to those of the service."""
    jobs.task(mails.SEND, retry=Retry())(send_mail)
    jobs.periodic("delivery.settle", "*/5 * * * *")(settle)


def send_mail(job: JobContext, /, **arguments: Any) -> None:
    """Send one mail."""
    state = job.state
    with job.database.session() as db:
        mails.send(db, state.settings, state.pages, UUID(arguments["mail_id"]), now=state.clock())


def settle(job: JobContext) -> None:
    """See to it that no mail is left in doubt, or waits for ever."""
    now = job.state.clock()
    with job.database.session() as db:
        mails.settle_abandoned(db, now=now)
        mails.resume_forgotten(db, job.state.jobs, now=now)
