"""How many badges a second one core seals and verifies, beside the bare signature. Compare figures of one run with each other.

Run it with ``.venv/bin/python -m benchmarks.seal_and_verify``.
"""

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from intaglio.canonical import GeneralCanonicalizer
from intaglio.custody.local import LocalSigner, generate
from intaglio.multikey import Algorithm
from intaglio.proofs.proof_set import add_proof
from intaglio.proofs.suites import Suites
from intaglio.schemas import Contexts
from intaglio.sealing.plan import SealPlan
from intaglio.sealing.prepare import SealingDesk
from intaglio.verification.policy import Policy
from intaglio.verification.verify import Verifier

_BADGE = Path(__file__).parents[1] / "demo" / "badge.json"
_CREATED = datetime(2026, 6, 1, tzinfo=UTC)
_SECONDS = 2.0


def rate(work: Callable[[], object]) -> float:
    """Return how often a second `work` can be done, after one go to warm up."""
    work()
    count, begun = 0, time.process_time()
    while time.process_time() - begun < _SECONDS:
        work()
        count += 1
    return count / (time.process_time() - begun)


def main() -> None:
    """Measure and print."""
    signer = LocalSigner.over(generate(Algorithm.ED25519))
    badge = json.loads(_BADGE.read_text().replace("ISSUER", signer.verification_method.partition("#")[0]))
    canonicalizer = GeneralCanonicalizer(Contexts.bundled())
    suite = Suites(canonicalizer).by_name("eddsa-rdfc-2022")
    options = {"created": "2026-06-01T00:00:00Z", "proofPurpose": "assertionMethod"}
    sealed = json.dumps(add_proof(badge, suite, options, signer)).encode()
    desk, plan = SealingDesk(), SealPlan.of(signer, suite="eddsa-rdfc-2022")
    verifier = Verifier(Policy(at=_CREATED))
    message = bytes(64)
    figures = {
        "bare Ed25519 signature": rate(lambda: signer.sign(message)),
        "canonical form": rate(lambda: canonicalizer.canonicalize(badge)),
        "proof alone": rate(lambda: add_proof(badge, suite, options, signer)),
        "seal, with its rehearsal": rate(lambda: desk.prepare(badge, [plan], created=_CREATED).seal([signer])),
        "verify, all checks": rate(lambda: verifier.verify(sealed)),
    }
    for name, per_second in figures.items():
        print(f"{name:<26}{per_second:>10,.0f} a second")


if __name__ == "__main__":
    main()
