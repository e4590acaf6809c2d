"""The three services as processes of their own, on this machine alone."""

import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from demo.district import DISTRICT, SCHOOLS, STATE

NAMES = ("issuer", "wallet", "verifier")
FIRST_PORT = int(os.environ.get("INTAGLIO_DEMO_PORT", "8001"))
_START = 60
_STOP = 15
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG of Linux' prctl(2)


class Services:
    """The services while they run. Leaving the block stops them, however it is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.origins = {name: f"http://localhost:{FIRST_PORT + place}" for place, name in enumerate(NAMES)}
        self._running: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        """Bring the databases to the present version, and start all three."""
        self._check_ports()
        (self.folder / "logs").mkdir(parents=True, exist_ok=True)
        self._write_registry()
        self.command("db", "upgrade", "all")
        try:
            for name in NAMES:
                self._running.append(self._start(name))
            for name, process in zip(NAMES, self._running, strict=True):
                self._wait_for(name, process)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Stop them."""
        self.stop()

    def command(self, *arguments: str) -> str:
        """Run a command of ours for the issuer's machine, and return what it prints."""
        command = [sys.executable, "-m", "intaglio", *arguments]
        done = subprocess.run(command, env=self._environment("issuer"), capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"intaglio {' '.join(arguments)} failed: {done.stderr or done.stdout}")
        return done.stdout

    def watch(self) -> None:
        """Wait until one of them ends, which none should."""
        while all(process.poll() is None for process in self._running):
            time.sleep(0.5)
        sys.exit(f"A service has ended. Its log is in {self.folder / 'logs'}.")

    def stop(self) -> None:
        """Stop all that run, and wait until they have."""
        for process in self._running:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self._running:
            try:
                process.wait(_STOP)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        log = (self.folder / "logs" / f"{name}.log").open("ab")
        with log:
            return subprocess.Popen(
                [sys.executable, "-m", "intaglio", "serve", name, "--with-worker"],
                env=self._environment(name),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us: we stop them in order
                preexec_fn=_die_with_parent,  # noqa: PLW1509 - it makes one system call, before there are threads
            )

    def _environment(self, name: str) -> dict[str, str]:
        port = FIRST_PORT + NAMES.index(name)
        own = {
            "INTAGLIO_DATA_FOLDER": str(self.folder / "data"),
            "INTAGLIO_PORT": str(port),
            "INTAGLIO_PUBLIC_URL": self.origins[name],
            "INTAGLIO_ALLOW_HTTP_LOOPBACK": "true",
            "INTAGLIO_LOG_FORMAT": "text",
            "INTAGLIO_TIME_ZONE": "America/Denver",
            "INTAGLIO_WALLET_URL": self.origins["wallet"],
            "INTAGLIO_VERIFIER_URL": self.origins["verifier"],
            "INTAGLIO_REGISTRY_FILE": str(self.folder / "registry.json"),
        }
        inherited = {key: value for key, value in os.environ.items() if not key.startswith("INTAGLIO_")}
        return inherited | own

    def _write_registry(self) -> None:
        """Write whom the wallet and the verifier recognize: the schools of the district."""
        host = self.origins["issuer"].removeprefix("http://").replace(":", "%3A")
        known = {f"did:web:{host}:organizations:{slug}": {"name": name} for name, slug in (STATE, DISTRICT, *SCHOOLS)}
        path = self.folder / "registry.json"
        path.write_text(json.dumps({"issuers": known}, indent=2, ensure_ascii=False), encoding="utf-8")

    def _wait_for(self, name: str, process: subprocess.Popen[bytes]) -> None:
        end = time.monotonic() + _START
        while time.monotonic() < end and process.poll() is None:
            try:
                with urlopen(f"{self.origins[name]}/readyz", timeout=2) as answer:  # noqa: S310 - http, as written above
                    if answer.status == 200:
                        return
            except (URLError, OSError):
                time.sleep(0.2)
        sys.exit(f"The {name} did not start. Its log is {self.folder / 'logs' / name}.log.")

    def _check_ports(self) -> None:
        for name, origin in self.origins.items():
            port = int(origin.rpartition(":")[2])
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    sys.exit(
                        f"Port {port}, which the {name} needs, is in use. Is the demonstration running already? "
                        "Choose other ports by INTAGLIO_DEMO_PORT=9001."
                    )


def _die_with_parent() -> None:
    """Have the kernel end a service when we are killed, so that nothing is left behind (Linux; elsewhere nothing happens)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)
