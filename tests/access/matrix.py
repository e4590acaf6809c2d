"""One row of a table, tried cell by cell."""

from tests.access.pages import check_headers
from tests.access.standing import Asker, Standing, outcome_of
from tests.access.table import Outcome, Table

_DOES = frozenset({Outcome.OK, Outcome.BY_PROOF})


def expected(table: Table, door: str) -> dict[str, object]:
    """Return what a row says."""
    return dict(table.routes[door].outcomes)


def answers_of(world: Standing, table: Table, door: str, asker: Asker) -> dict[str, object]:
    """Return what each persona really gets. Where nobody's sign-in shall count, an answer is compared with a stranger's."""
    outcomes = table.routes[door].outcomes
    statuses, found = {}, {}
    for persona in table.personas:
        if door.startswith("GET ") or outcomes[persona] not in _DOES:
            answer = world.ask(door, persona, asker)
        else:
            with world.copy():
                answer = world.ask(door, persona, asker)
        assert answer.status_code < 500, answer.text
        check_headers(answer)
        statuses[persona], found[persona] = answer.status_code, outcome_of(answer)
    if set(outcomes.values()) == {Outcome.BY_PROOF} and len(set(statuses.values())) == 1:
        return dict.fromkeys(found, Outcome.BY_PROOF)
    return dict(found)
