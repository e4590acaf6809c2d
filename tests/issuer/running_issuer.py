"""An issuer as an administrator runs it, on loopback: a service, a second worker and the embedded PostgreSQL.

Each of them can be killed (SIGKILL) at any moment. Whatever ended is started again, as a supervisor does it.
`opened` looks at the same data from within, while nothing else runs.
"""

import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import httpx2 as httpx
import psycopg
from fastapi.testclient import TestClient

from intaglio.server import migrate
from intaglio.server.postgres import postmaster
from intaglio.server.postgres.embedded import Embedded
from issuer.app import create_app
from issuer.settings import IssuerSettings
from tests.served import command, environment, free_port
from tests.services import SECRET, TestClock, UnderTest

PUBLIC_URL = "https://issuer.localhost"
SERVICE, WORKER, POSTMASTER, SESSION = VICTIMS = ("service", "worker", "postmaster", "session")
_SILENCE = 3
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
_SESSIONS = "SELECT pid FROM pg_stat_activity WHERE datname = 'issuer' AND pid <> pg_backend_pid() ORDER BY pid"

Form = Sequence[tuple[str, str]]


class RunningIssuer:
    """The processes. `folder` holds all data; `smtp_url` is where mails go."""

    def __init__(self, folder: Path, smtp_url: str) -> None:
        self._folder, self._data = folder, folder / "postgres" / "cluster" / "data"
        self._port = free_port()
        self.origin = f"http://localhost:{self._port}"
        settings = {"public_url": PUBLIC_URL, "smtp_url": smtp_url, "worker_silence": str(_SILENCE)}
        self._environment = environment(folder, **settings, with_worker="true")
        self._commands = {SERVICE: ["serve", "issuer", "--port", str(self._port)], WORKER: ["worker", "issuer"]}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def tend(self) -> None:
        """Start what does not run."""
        for name in self._commands:
            if name not in self._processes or self._processes[name].poll() is not None:
                with (self._folder / f"{name}.log").open("ab") as log:
                    self._processes[name] = subprocess.Popen(  # noqa: S603 - our own command
                        command(*self._commands[name]), env=self._environment, stdout=log, stderr=log
                    )

    def kill(self, victim: str, rng: random.Random) -> None:
        """Kill one of `VICTIMS`, and start again what needs it: with its database, the service is started again."""
        if victim == SESSION:
            self._kill_process(rng.choice(self._sessions() or [0]))
            return
        if victim == POSTMASTER:
            self._kill_process(postmaster.running(self._data) or 0)
        self._end(WORKER if victim == WORKER else SERVICE)
        self.tend()

    def end(self) -> None:
        """Kill the service and the worker."""
        for name in self._processes:
            self._end(name)

    def ask(self, question: str) -> int | None:
        """Return the number that a query gives, or None while the database is away."""
        found = self._ask(question)
        return int(found[0][0]) if found else None

    def said(self) -> str:
        """Return the end of the logs."""
        return "\n".join(log.read_text()[-3000:] for log in sorted(self._folder.glob("*.log")))

    def _sessions(self) -> list[int]:
        return [pid for (pid,) in self._ask(_SESSIONS)]

    def _ask(self, question: str) -> list[tuple[int, ...]]:
        place = f"host='{self._folder / 'postgres' / 'cluster'}' user=postgres dbname=issuer"
        with suppress(psycopg.OperationalError), psycopg.connect(place) as connection:
            return connection.execute(question.encode()).fetchall()
        return []

    def _kill_process(self, pid: int) -> None:
        if pid:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def _end(self, name: str) -> None:
        self._processes[name].kill()
        self._processes[name].wait()


class Teacher:
    """A teacher's browser, which sends a form again for as long as no answer comes."""

    def __init__(self, origin: str, base: str, cookies: dict[str, str]) -> None:
        cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
        # No connection is kept: the one who is to answer may be a new one each time.
        limits = httpx.Limits(max_keepalive_connections=0)
        headers = {"cookie": cookie, "accept": "text/html"}
        self._client = httpx.Client(base_url=origin + base, headers=headers, limits=limits, timeout=60)

    def fill(self, asked: dict[str, str], marked: Sequence[str], level: str) -> Form:
        """Go through the pages of an award as far as the last button."""
        page = self._client.get("/awards/new", params=asked)
        assert page.status_code == 200, page.text
        entered = [*_hidden(page.text), *(("learner", one) for one in marked), ("r0-all", level)]
        checked = self._post("/awards/check", entered)
        assert checked.status_code == 200, checked.text
        return _hidden(checked.text)

    def is_there(self) -> bool:
        """Tell whether the service answers."""
        with suppress(httpx.TransportError):
            return self._client.get("/awards").status_code == 200
        return False

    def send(self, form: Form) -> str | None:
        """Press the button; return where it leads, or None where nothing was confirmed."""
        try:
            answer = self._post("/awards", form)
        except httpx.TransportError:
            return None
        assert answer.status_code == 303 or answer.status_code >= 500, answer.text
        return answer.headers["location"] if answer.status_code == 303 else None

    def _post(self, path: str, form: Form) -> httpx.Response:
        whole: dict[str, list[str]] = {}
        for name, value in form:
            whole.setdefault(name, []).append(value)
        return self._client.post(path, data=whole, follow_redirects=False)


@contextmanager
def opened(folder: Path) -> Iterator[UnderTest]:
    """Run the issuer within this process, on the data in `folder`; its clock stands still at the present."""
    with Embedded(folder / "postgres") as server:
        url = server.ensure_database("issuer")
        migrate.upgrade(url, "issuer")
        settings = IssuerSettings(database_url=url, data_folder=folder, public_url=PUBLIC_URL, secret=SECRET)  # type: ignore[arg-type]
        clock = TestClock(datetime.now(UTC))
        app = create_app(settings, clock=clock)
        with TestClient(app, base_url=PUBLIC_URL) as client:
            yield UnderTest(app, client, clock, url)


def _hidden(page: str) -> Form:
    """Return the hidden fields of a page's form; of those that every form has, once."""
    main = page[page.index("<main") :]
    return [(name, unescape(value)) for name, value in _HIDDEN.findall(main)]
