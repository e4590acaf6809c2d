"""What a command loads before it answers: a cold start is time that a reader waits, and every import is power to misuse."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.verification.builders import as_bytes, badge, entry, signed, token, with_status

ROOT = Path(__file__).parents[1]
SERVERS_AND_DATABASES = {"fastapi", "starlette", "uvicorn", "sqlmodel", "sqlalchemy", "psycopg", "procrastinate"}
NETWORK_LIBRARIES = {"httpcore", "httpx", "requests", "aiohttp", "h11", "anyio", "urllib3", "certifi"}
SLOW = {"pydantic", "pydantic_core", "jsonschema_rs", "hypothesis", "pytest", "numpy"}
"""None of these is needed for a badge. PyLD itself loads `ssl`, `http.client` and `asyncio` for loaders that are never called;
`test_no_socket_is_touched…` proves that they are not."""
SPY = """
import sys
asked = []
sys.addaudithook(lambda event, _: asked.append(event) if event.startswith(("socket.", "subprocess.", "os.system")) else None)
code = 0
if sys.argv[2:]:
    from intaglio.cli import main
    try:
        code = main(sys.argv[2:])
    except SystemExit as end:
        code = end.code
else:
    import intaglio
import json
with open(sys.argv[1], "w") as file:
    json.dump({"modules": sorted(sys.modules), "asked": asked}, file)
sys.exit(code)
"""


def spy(folder: Path, *arguments: str, status: int = 0) -> tuple[set[str], list[str]]:
    """Run a command in a process of its own; return the packages that it has loaded and the doors that it knocked at."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", SPY, str(folder / "seen.json"), *arguments]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=60)  # noqa: S603
    assert (done.returncode, done.stderr) == (status, b"")
    seen = json.loads((folder / "seen.json").read_bytes())
    return {name.partition(".")[0] for name in seen["modules"]} | set(seen["modules"]), seen["asked"]


def test_importing_the_package_loads_nothing_but_itself(tmp_path: Path) -> None:
    modules, asked = spy(tmp_path)
    assert asked == []
    ours = {name for name in modules if name.startswith("intaglio")}
    assert ours == {"intaglio"}
    assert modules.isdisjoint(SERVERS_AND_DATABASES | NETWORK_LIBRARIES | SLOW | {"cryptography", "pyld"})


@pytest.mark.parametrize("more", [[], ["--offline"], ["--json"]], ids=["on line", "off line", "json"])
def test_verifying_a_badge_loads_no_server_no_database_and_no_network_library(tmp_path: Path, more: list[str]) -> None:
    (tmp_path / "good.json").write_bytes(as_bytes(signed(badge())))
    modules, _ = spy(tmp_path, "verify", *more, "good.json")
    assert modules.isdisjoint(SERVERS_AND_DATABASES | NETWORK_LIBRARIES | SLOW)


@pytest.mark.parametrize(
    ("document", "status"),
    [(signed(badge()), 0), (token(badge()), 0), (signed(with_status(entry())), 3), (b"garbage", 1)],
    ids=["badge", "token", "badge with a list", "garbage"],
)
def test_no_socket_is_touched_and_no_process_started_off_line(tmp_path: Path, document: object, status: int) -> None:
    (tmp_path / "file").write_bytes(as_bytes(document))
    _, asked = spy(tmp_path, "verify", "--offline", "file", status=status)
    assert asked == []


def test_a_badge_that_needs_nothing_from_elsewhere_touches_no_socket_on_line_either(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(as_bytes(signed(badge())))
    _, asked = spy(tmp_path, "verify", "good.json")
    assert asked == []


def test_a_list_that_is_looked_up_on_line_loads_the_network_library_and_no_server(tmp_path: Path) -> None:
    (tmp_path / "listed.json").write_bytes(as_bytes(signed(with_status(entry(url="https://127.0.0.1/list")))))
    modules, _ = spy(tmp_path, "verify", "listed.json", status=3)
    assert modules.isdisjoint(SERVERS_AND_DATABASES)
    # Without this, the tests above would prove nothing about the library that is really in use.
    assert "httpcore" in modules


@pytest.mark.parametrize("arguments", [["--help"], ["verify", "--help"], ["issue", "--help"]], ids=" ".join)
def test_help_loads_next_to_nothing(tmp_path: Path, arguments: list[str]) -> None:
    modules, asked = spy(tmp_path, *arguments)
    assert modules.isdisjoint(
        SERVERS_AND_DATABASES | NETWORK_LIBRARIES | SLOW | {"cryptography", "pyld", "ssl", "socket"}
    )
    assert asked == []


def test_showing_a_badge_reads_no_linked_data(tmp_path: Path) -> None:
    (tmp_path / "good.json").write_bytes(as_bytes(signed(badge())))
    modules, asked = spy(tmp_path, "show", "good.json")
    assert modules.isdisjoint(SERVERS_AND_DATABASES | NETWORK_LIBRARIES | SLOW | {"pyld", "ssl"})
    assert asked == []


def test_issuing_asks_nobody(tmp_path: Path) -> None:
    spy(tmp_path, "key", "new", "--type", "ed25519", "--out", "file:school.pem")
    modules, asked = spy(tmp_path, "key", "new", "--type", "p256", "--out", "file:other.pem")
    assert modules.isdisjoint(SERVERS_AND_DATABASES | NETWORK_LIBRARIES | SLOW | {"pyld"})
    assert asked == []
    (tmp_path / "badge.json").write_bytes(as_bytes(with_status(entry(), issuer="did:web:school.example")))
    form = (
        "--key",
        "file:school.pem",
        "--verification-method",
        "did:web:school.example#1",
        "--suite",
        "eddsa-rdfc-2022",
    )
    modules, asked = spy(tmp_path, "issue", "badge.json", *form, "--out", "sealed.json")
    assert modules.isdisjoint(SERVERS_AND_DATABASES | NETWORK_LIBRARIES | SLOW)
    assert asked == []
