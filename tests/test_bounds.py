"""No input, however hostile, ends in a traceback, a hang, or more than 512 MB: each bomb goes through the real command.

The process gets a gigabyte of address space and a minute of computing; how much memory it has really used is read at its end.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.bombs import BOMBS
from tests.verification.builders import as_bytes

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


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_is_refused_in_bounded_time_and_memory(tmp_path: Path, bomb: Callable[[], Any]) -> None:
    (tmp_path / "bomb").write_bytes(as_bytes(bomb()))
    done = run(tmp_path, "verify", "--offline", "--json", "bomb")
    assert json.loads(done.stdout)["file"] == "bomb"
