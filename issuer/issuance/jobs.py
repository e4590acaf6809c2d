"""The jobs of issuance, and their names in the queue."""

from typing import Any
from uuid import UUID

from intaglio.server.jobs import JobContext, Jobs, Retry
from issuer.issuance.awarding import SEAL
from issuer.issuance.resealing import RESEAL, reseal_affected
from issuer.issuance.sealing import resume_forgotten, seal_waiting


def register(jobs: Jobs) -> None:
    """Add the jobs to those of the service; its state holds the `Sealer`."""
    jobs.task(SEAL, retry=Retry())(seal_batch)
    jobs.task(RESEAL, retry=Retry())(reseal_organization)
    jobs.periodic("issuance.resume", "*/10 * * * *")(resume)


def seal_batch(job: JobContext, /, **arguments: Any) -> None:
    """Seal the waiting awards of a batch."""
    state, batch_id = job.state, UUID(arguments["batch_id"])
    seal_waiting(job.database, state.sealer, state.jobs, batch_id, state.clock, between=job.pause_if_stopping)


def reseal_organization(job: JobContext, /, **arguments: Any) -> None:
    """Seal awards again that stand on a key which was given up."""
    state, organization_id = job.state, UUID(arguments["organization_id"])
    reseal_affected(job.database, state.sealer, state.jobs, organization_id, state.clock, between=job.pause_if_stopping)


def resume(job: JobContext) -> None:
    """See to it that no award waits for ever."""
    with job.database.session() as db:
        resume_forgotten(db, job.state.jobs, now=job.state.clock())
