"""How long a person waits for the verdict on one badge, interpreter and imports included.

Run it with ``.venv/bin/python -m benchmarks.cold_start [RUNS]``. The bare interpreter is measured beside it, because on a busy
machine only the ratio says anything.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from intaglio.custody.local import LocalSigner, generate
from intaglio.multikey import Algorithm
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import SealingDesk

_BADGE = Path(__file__).parents[1] / "demo" / "badge.json"
_CREATED = datetime(2026, 6, 1, tzinfo=UTC)
_RUNS = 20


def sealed_badge() -> bytes:
    """Return the badge of the demonstration, sealed by a new key."""
    signer = LocalSigner.over(generate(Algorithm.ED25519))
    issuer = signer.verification_method.partition("#")[0]
    badge = json.loads(_BADGE.read_text(encoding="utf-8").replace("ISSUER", issuer))
    plan = SealPlan.of(signer, suite="eddsa-rdfc-2022")
    return SealingDesk().prepare(badge, [plan], created=_CREATED).seal([signer])


def seconds(command: Sequence[str], runs: int) -> list[float]:
    """Return how long each run of a command took, after one run that warms up the disk."""
    taken = []
    for _ in range(runs + 1):
        begun = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        taken.append(time.perf_counter() - begun)
    return sorted(taken[1:])


def main(arguments: Sequence[str]) -> None:
    """Measure and print."""
    runs = int(arguments[0]) if arguments else _RUNS
    with tempfile.TemporaryDirectory(prefix="intaglio-benchmark-") as folder:
        file = Path(folder, "badge.json")
        file.write_bytes(sealed_badge())
        ours = [sys.executable, "-m", "intaglio"]
        commands = {
            "python, doing nothing": [sys.executable, "-c", "pass"],
            "intaglio --help": [*ours, "--help"],
            "intaglio show FILE": [*ours, "show", str(file)],
            "intaglio verify FILE": [*ours, "verify", str(file)],
        }
        print(f"{'seconds, of ' + str(runs) + ' runs':<26}{'min':>8}{'median':>8}{'max':>8}")
        for name, command in commands.items():
            taken = seconds(command, runs)
            print(f"{name:<26}{taken[0]:>8.3f}{statistics.median(taken):>8.3f}{taken[-1]:>8.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
