"""For whoever runs a service: is it alive, can it work, how is it doing."""

from fastapi import APIRouter, Request
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import JSONResponse, Response

from intaglio.server.metrics import Metrics


def health_router(metrics: Metrics) -> APIRouter:
    """Return the routes ``/healthz``, ``/readyz`` and ``/metrics``."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    async def healthz() -> JSONResponse:
        """Tell that the process answers, also where all threads are busy."""
        return JSONResponse({"status": "ok"})

    @router.get("/readyz")
    def readyz(request: Request) -> JSONResponse:
        """Tell whether requests can be served: the database answers."""
        try:
            with request.app.state.database.session() as session:
                session.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return JSONResponse({"status": "the database does not answer"}, status_code=503)
        return JSONResponse({"status": "ok"})

    @router.get("/metrics")
    def show_metrics() -> Response:
        """Return the figures, in Prometheus' text format."""
        return Response(metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router
