"""The command line in this process, in a folder of its own, with a key and a badge of its own."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from intaglio import cli
from intaglio.multikey import Algorithm
from tests.verification.builders import as_bytes, badge, entry, signed, with_status

AT = "2026-11-22T00:00:00Z"
GOOD = signed(badge())
BAD = {**GOOD, "name": "Changed"}
UNKNOWN = signed(with_status(entry()))


@dataclass(frozen=True)
class Done:
    """What a command did."""

    status: int
    out: str
    err: str

    @property
    def reports(self) -> list[dict[str, Any]]:
        """The lines of ``--json``."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def report(self) -> dict[str, Any]:
        """The only line of ``--json``."""
        (report,) = self.reports
        return report


Run: TypeAlias = Callable[..., Done]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working folder of the commands; nothing of the tester's own environment speaks to them."""
    monkeypatch.chdir(tmp_path)
    for name in ("INTAGLIO_KEY_PASSPHRASE", "INTAGLIO_ALLOW_HTTP_LOOPBACK", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@pytest.fixture
def intaglio(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs a command as `intaglio` would."""

    def run(*arguments: object, stdin: bytes = b"") -> Done:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = int(str(end.code))
        return Done(status, *capsys.readouterr())

    return run


@pytest.fixture
def make_key(intaglio: Run) -> Callable[..., str]:
    """Return what makes a key file ``NAME.pem`` and returns its identifier."""

    def make(name: str = "school", algorithm: Algorithm = Algorithm.ED25519, *more: str) -> str:
        made = intaglio("key", "new", "--type", algorithm.value, "--out", f"file:{name}.pem", *more)
        assert made.status == 0, made.err
        return made.out.split()[1]

    return make


@pytest.fixture
def write(folder: Path) -> Callable[..., str]:
    """Return what writes a document (see `as_bytes`) into a file and returns the file's name."""

    def write_document(name: str, document: object) -> str:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(as_bytes(document))
        return name

    return write_document


@pytest.fixture
def badge_of(write: Callable[..., str]) -> Callable[..., str]:
    """Return what writes an unsealed badge of an issuer, changed as asked, and returns the file's name."""

    def write_badge(issuer: str, **changes: Any) -> str:
        profile = {"id": issuer, "type": ["Profile"], "name": "Riverside High School"}
        return write("badge.json", badge(**{"issuer": profile, **changes}))

    return write_badge


@pytest.fixture
def verify(intaglio: Run, write: Callable[..., str]) -> Callable[..., Done]:
    """Return what verifies off line, as of the fixed time. There is a file of each outcome to do it with."""
    write("good.json", GOOD), write("bad.json", BAD), write("unknown.json", UNKNOWN)
    return lambda *arguments, **more: intaglio("verify", "--offline", "--at", AT, *arguments, **more)
