"""Counters for Prometheus and a line in the log for each request. Neither holds an address, a name or a token."""

import logging

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request

_log = logging.getLogger("intaglio.requests")


class Metrics:
    """The figures of one service in this process."""

    def __init__(self, service: str) -> None:
        self._service = service
        self.registry = CollectorRegistry()
        labels = ("route", "method", "status")
        self._requests = Counter("intaglio_requests", "Answered requests.", labels, registry=self.registry)
        self._seconds = Histogram(
            "intaglio_request_seconds", "Seconds until the answer was complete.", ("route",), registry=self.registry
        )

    def observe(self, request: Request, status: int, seconds: float) -> None:
        """Note an answered request, by its route's pattern: paths hold ids and tokens."""
        route = getattr(request.scope.get("route"), "path", "(none)")
        self._requests.labels(route, request.method, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        facts = {
            "service": self._service,
            "request_id": request.state.request_id,
            "method": request.method,
            "route": route,
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
        }
        _log.info("request", extra={"facts": facts})

    def text(self) -> bytes:
        """Return the figures in Prometheus' text format."""
        return generate_latest(self.registry)
