"""A real mail server on loopback, which keeps what it is given and can be told to behave badly."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from threading import Thread
from typing import Any

from aiosmtpd.smtp import SMTP


@dataclass
class PostOffice:
    """What arrived. `answers` maps a step (``RCPT``, ``DATA``) to what is said instead of yes; ``hang up`` says nothing."""

    received: list[tuple[str, EmailMessage]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    port: int = 0

    @property
    def url(self) -> str:
        """Its address, for the settings."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient, or not."""
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Take a mail, or not."""
        answer = self.answers.get("DATA", "250 OK")
        if answer in ("250 OK", "hang up"):
            message = BytesParser(policy=default).parsebytes(envelope.content)
            assert isinstance(message, EmailMessage)
            self.received.append((envelope.rcpt_tos[0], message))
        if answer == "hang up":
            server.transport.close()
        return answer


@contextmanager
def post_office(**options: Any) -> Iterator[PostOffice]:
    """Run one on a port that is free; `options` are those of `aiosmtpd.smtp.SMTP`, and ``ssl`` for encryption from the start."""
    office, loop = PostOffice(), asyncio.new_event_loop()
    encryption = options.pop("ssl", None)
    serving = loop.create_server(
        lambda: SMTP(office, hostname="localhost", loop=loop, **options), "127.0.0.1", 0, ssl=encryption
    )
    server = loop.run_until_complete(serving)
    office.port = server.sockets[0].getsockname()[1]
    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield office
    finally:
        asyncio.run_coroutine_threadsafe(_close(server), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    await server.wait_closed()
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
