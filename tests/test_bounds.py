"""No input, however hostile, ends in a traceback, a hang, or more than 512 MB: each bomb goes through the real command.

The process gets a gigabyte of address space and a minute of computing; how much memory it has really used is read at its end.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.bombs import BOMBS, DOCUMENT_BOMBS, MEGABYTE, with_context
from tests.verification.builders import as_bytes, badge, signed

ROOT = Path(__file__).parents[1]
MAX_MEMORY = 512 * 1024
"""In kilobytes."""
LAUNCH = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))
resource.setrlimit(resource.RLIMIT_CPU, (60, 60))
from intaglio.cli import main
try:
    status = main(sys.argv[2:])
finally:
    with open("/proc/self/status") as file, open(sys.argv[1], "w") as peak:
        peak.write(next(line.split()[1] for line in file if line.startswith("VmHWM:")))
sys.exit(status)
"""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is measured by /proc")


def run(folder: Path, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    """Run the command under its limits, and check what must hold for every input."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", LAUNCH, str(folder / "peak"), *arguments]
    done = subprocess.run(  # noqa: S603 - our own command
        command, cwd=folder, env=environment, input=stdin, capture_output=True, check=False, timeout=100
    )
    assert b"Traceback" not in done.stderr, done.stderr[-2000:]
    assert done.returncode in {0, 1, 2, 3}, done.stderr[-2000:]
    assert int((folder / "peak").read_text()) < MAX_MEMORY
    return done


def write(folder: Path, name: str, document: Any) -> str:
    """Write a document into a file, and return the file's name."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(as_bytes(document))
    return name


def write_at_hand(folder: Path, documents: Mapping[str, Any]) -> None:
    """Write a folder for ``--documents``; a document that stands at several addresses is written once."""
    names = {id(document): f"{number}" for number, document in enumerate(documents.values())}
    for document in documents.values():
        write(folder, f"at-hand/{names[id(document)]}", document)
    write(folder, "at-hand/index.json", {url: names[id(document)] for url, document in documents.items()})


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_checked_in_bounded_time_and_memory(tmp_path: Path, bomb: Callable[[], Any]) -> None:
    done = run(tmp_path, "verify", "--offline", "--json", write(tmp_path, "bomb", bomb()))
    assert json.loads(done.stdout)["file"] == "bomb"


@pytest.mark.exhaustive
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_told_of_and_shown_in_bounded_time_and_memory(tmp_path: Path, bomb: Callable[[], Any]) -> None:
    name = write(tmp_path, "bomb", bomb())
    assert run(tmp_path, "verify", "--offline", name).stdout
    assert run(tmp_path, "show", name).returncode in {0, 1, 2}


@pytest.mark.parametrize("bomb", DOCUMENT_BOMBS.values(), ids=DOCUMENT_BOMBS)
def test_a_bomb_that_is_looked_up_is_checked_in_bounded_time_and_memory(
    tmp_path: Path, bomb: Callable[[], tuple[Any, dict[str, Any]]]
) -> None:
    document, documents = bomb()
    write_at_hand(tmp_path, documents)
    done = run(tmp_path, "verify", "--offline", "--json", "--documents", "at-hand", write(tmp_path, "file", document))
    assert json.loads(done.stdout)["outcome"] != "not_verified" or done.returncode == 1


def test_a_list_of_a_gigabyte_is_refused_and_not_taken_for_a_clean_one(tmp_path: Path) -> None:
    document, documents = DOCUMENT_BOMBS["a status list that unpacks to 1 GB"]()
    write_at_hand(tmp_path, documents)
    done = run(tmp_path, "verify", "--offline", "--json", "--documents", "at-hand", write(tmp_path, "file", document))
    (status,) = [check for check in json.loads(done.stdout)["checks"] if check["name"] == "status"]
    assert (status["outcome"], status["problem"]["type"]) == ("failed", "urn:intaglio:problem:status-list-too-large")


@pytest.mark.parametrize("command", [["verify", "--offline"], ["show"], ["unbake"]], ids=" ".join)
def test_a_hundred_megabytes_on_the_standard_input_are_not_read_to_their_end(
    tmp_path: Path, command: list[str]
) -> None:
    done = run(tmp_path, *command, "-", stdin=bytes(100 * MEGABYTE))
    assert done.returncode == 2
    assert b"20,971,520 bytes" in done.stdout + done.stderr


@pytest.mark.parametrize("name", ["a poisoned graph of 30,000 nodes", "100,000 types", "3,000 contexts"])
def test_a_bomb_cannot_be_sealed(tmp_path: Path, name: str) -> None:
    bomb = {key: value for key, value in BOMBS[name]().items() if key != "proof"}
    made = run(tmp_path, "key", "new", "--type", "ed25519", "--out", "file:school.pem")
    document = write(tmp_path, "bomb", {**bomb, "issuer": made.stdout.split()[1].decode()})
    for form in (("--suite", "eddsa-rdfc-2022"), ("--jwt", "EdDSA")):
        assert run(tmp_path, "issue", document, "--key", "file:school.pem", *form).returncode == 1


@pytest.mark.parametrize("name", ["a PNG with a compressed bomb", "an SVG that laughs a billion times"])
def test_a_bomb_cannot_be_baked_into_or_taken_out(tmp_path: Path, name: str) -> None:
    picture, credential = write(tmp_path, "bomb", BOMBS[name]()), write(tmp_path, "good.json", signed(badge()))
    assert run(tmp_path, "unbake", picture).returncode == 2
    assert run(tmp_path, "bake", picture, credential, "--out", "baked").returncode in {0, 2}


def test_what_the_reader_brings_is_bounded_too(tmp_path: Path) -> None:
    good = write(tmp_path, "good.json", signed(badge()))
    write(
        tmp_path,
        "registry.json",
        {"issuers": {f"did:web:{number}.example": {"name": "A"} for number in range(100_000)}},
    )
    assert run(tmp_path, "verify", "--offline", "--registry", "registry.json", good).returncode == 0
    write(tmp_path, "words/index.json", {f"https://{number}.example/": "v1.json" for number in range(10_000)})
    write(tmp_path, "words/v1.json", {"@context": {f"t{number}": "urn:t" for number in range(40_000)}})
    worded = write(tmp_path, "worded.json", with_context("https://7.example/"))
    assert run(tmp_path, "verify", "--offline", "--contexts", "words", good, worded).returncode in {0, 1}
    write(tmp_path, "at-hand/index.json", {f"https://{number}.example/": "file" for number in range(10_000)})
    assert run(tmp_path, "verify", "--offline", "--documents", "at-hand", good).returncode == 0
