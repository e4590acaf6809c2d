"""What a report means for the owner of a badge, where several things speak against it at once."""

import pytest

from intaglio.errors import Problem
from intaglio.verification.report import Check, Report, Role, failed, passed, unknown
from wallet.holdings.checking import Decision, judge
from wallet.holdings.models import Standing

NAMES = ("format", "proof", "controller", "validity", "status", "schema")
EXPIRED = failed("validity", Problem("expired", ""))
REVOKED = failed("status", Problem("revoked", ""))
SUSPENDED = failed("status", Problem("suspended", ""))
SILENT = unknown("status", Problem("status-list-unchecked", ""))
AWAY = (unknown("proof", Problem("unreachable", "")), unknown("controller", Problem("no-proof-holds", "")))
FORGED = (failed("proof", Problem("bad-signature", "")), AWAY[1])


def found(*checks: Check) -> tuple[Standing, Decision, str | None]:
    """Return what is found where all but these checks passed."""
    by_name = {name: passed(name) for name in NAMES} | {check.name: check for check in checks}
    finding = judge(Report(Role.CREDENTIAL, tuple(by_name.values()), frozenset(NAMES)))
    return finding.standing, finding.decision, finding.problem.kind if finding.problem else None


@pytest.mark.parametrize("status", [REVOKED, failed("status", Problem("suspended", ""), Problem("revoked", ""))])
def test_what_was_withdrawn_stays_withdrawn_when_its_time_is_over(status: Check) -> None:
    assert found(EXPIRED, status) == (Standing.WITHDRAWN, Decision.REFUSE, "revoked")


def test_what_was_paused_stays_paused_when_its_time_is_over() -> None:
    assert found(EXPIRED, SUSPENDED) == (Standing.PAUSED, Decision.ASK, "suspended")


@pytest.mark.parametrize("status", [passed("status"), SILENT])
def test_what_has_run_out_is_genuine(status: Check) -> None:
    assert found(EXPIRED, status) == (Standing.EXPIRED, Decision.ASK, "expired")


@pytest.mark.parametrize("checks", [(EXPIRED,), (EXPIRED, SILENT), (SUSPENDED,), (EXPIRED, SUSPENDED)])
def test_while_its_issuer_cannot_be_asked_nothing_is_said_of_a_badge_that_has_run_out(
    checks: tuple[Check, ...],
) -> None:
    assert found(*checks, *AWAY) == (Standing.UNSURE, Decision.ASK, "unreachable")


def test_what_is_withdrawn_is_refused_whoever_cannot_be_asked() -> None:
    assert found(EXPIRED, REVOKED, *AWAY) == (Standing.WITHDRAWN, Decision.REFUSE, "revoked")


@pytest.mark.parametrize("checks", [(), (EXPIRED,), (REVOKED,), (EXPIRED, SILENT)])
def test_what_is_forged_is_nothing_else(checks: tuple[Check, ...]) -> None:
    standing, decision, _ = found(*checks, *FORGED)
    assert (standing, decision) == (Standing.BROKEN, Decision.REFUSE)


def test_other_faults_of_a_genuine_badge_break_it() -> None:
    fault = failed("schema", Problem("schema-mismatch", ""))
    assert found(fault) == (Standing.BROKEN, Decision.REFUSE, "schema-mismatch")
    assert found(fault, EXPIRED)[0] == Standing.EXPIRED
