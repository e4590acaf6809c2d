"""A service on the network: uvicorn, told what the settings say."""

import importlib
import logging
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI

from intaglio.errors import MalformedInput
from intaglio.server.commands.config import read_settings
from intaglio.server.commands.stopping import stopped_by_sigterm
from intaglio.server.migrate import check_current
from intaglio.server.settings import Settings
from intaglio.server.storage import open_database

_GRACE = 20
"""Seconds that requests have to finish when the service is told to stop."""


class _Server(uvicorn.Server):
    """Says where it is when it is there."""

    def __init__(self, config: uvicorn.Config, announce: Callable[[], None]) -> None:
        super().__init__(config)
        self._announce = announce

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen."""
        await super().startup(sockets)
        if self.started:
            self._announce()


def serve(
    service: str,
    given: Mapping[str, Any],
    *,
    certificate: str | None = None,
    key: str | None = None,
    announce: Callable[[str], None] = lambda _: None,
) -> int:
    """Run a service until it is told to stop, and return the exit status. `given` are settings that win over all others.

    `announce` is called with a line for the terminal when the service answers.

    :raises MalformedInput: ``bad-settings``
    :raises Unavailable: ``old-database``, ``no-database``
    """
    settings = read_settings(service, given)
    if certificate is not None and not settings.public_url:
        settings = read_settings(service, {**given, "public_url": f"https://localhost:{settings.listen_port}"})
    with stopped_by_sigterm(), open_database(settings) as url:
        # Asked here too: the application's own refusal would come as uvicorn's traceback.
        check_current(url, service)
        app = application(service, settings)
        server = _Server(_config(app, settings, certificate, key), lambda: announce(f"{app.title}: {settings.origin}"))
        try:
            server.run()
        except SystemExit:  # the port is taken, for example; uvicorn has said why, and its 3 has another meaning here
            return 1
        return 0 if server.started else 1
    return 0


def application(service: str, settings: Settings) -> FastAPI:
    """Return the application of a service, which is imported now."""
    app: FastAPI = importlib.import_module(f"{service}.app").create_app(settings)
    return app


def _config(app: FastAPI, settings: Settings, certificate: str | None, key: str | None) -> uvicorn.Config:
    for name in filter(None, (certificate, key)):
        if not Path(name).is_file():
            raise MalformedInput("bad-settings", f"There is no file {name}.")
    for name in ("uvicorn", "procrastinate"):
        share_log(name)
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.listen_port,
        ssl_certfile=certificate,
        ssl_keyfile=key,
        # Anybody can send X-Forwarded-For: it counts where a proxy of ours sends it, and nowhere else.
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=",".join(settings.trusted_proxies),
        server_header=False,
        access_log=False,  # it would write addresses with tokens in them; `intaglio.requests` logs patterns
        log_config=None,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=_GRACE,
    )


def share_log(name: str) -> None:
    """Send another library's log where ours goes."""
    log = logging.getLogger(name)
    log.handlers[:] = logging.getLogger("intaglio").handlers
    log.setLevel(logging.INFO)
    log.propagate = False
