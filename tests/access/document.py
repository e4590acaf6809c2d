"""Writes ``docs/access.md`` from the tables: ``python -m tests.access.document > docs/access.md``."""

from collections.abc import Iterator
from pathlib import Path

from tests.access.table import SERVICES, Outcome, Rule, Table

PLACE = Path(__file__).parents[2] / "docs" / "access.md"
_SAYS = {
    Outcome.OK: "let in",
    Outcome.BY_PROOF: "by what the request brings",
    Outcome.SIGN_IN: "to the sign-in (machines: 401)",
    Outcome.ASKED_FIRST: "to the question of age",
    Outcome.REFUSED: "refused (403)",
    Outcome.NOT_THERE: "not there (404)",
}
_HEAD = """\
# Who may use what

Every route of the three services, and what it answers to whom. This page is made of the tables in `tests/access` (`make docs`);
the tests there compare the tables with the routes of the applications, and try every cell with a real request. A route that says
nothing about who may use it, or that has no place in a table, fails them.

What somebody may not know of answers as if it did not exist: guessing identifiers tells nothing.
"""


def access_table() -> str:
    """Return the document."""
    return "\n".join([_HEAD, *(line for service in SERVICES for line in _service(Table.read(service)))])


def _service(table: Table) -> Iterator[str]:
    yield f"## {table.service.capitalize()}\n"
    yield "| name | who it is |\n|---|---|"
    yield from (f"| {_plain(name)} | {meaning} |" for name, meaning in table.personas.items())
    yield ""
    for rule in table.rules:
        yield from _rule(rule, table)


def _rule(rule: Rule, table: Table) -> Iterator[str]:
    yield f"### {rule.who}\n"
    if rule.why:
        yield f"{rule.why}\n"
    if len(set(rule.outcomes.values())) == 1:
        yield f"Everybody: {_SAYS[rule.outcomes[next(iter(table.personas))]]}.\n"
    else:
        yield "| answer | to |\n|---|---|"
        yield from _answers(rule, table)
        yield ""
    yield from (f"- `{route}`" for route in rule.routes)
    yield ""


def _answers(rule: Rule, table: Table) -> Iterator[str]:
    for outcome in Outcome:
        named = [_plain(persona) for persona in table.personas if rule.outcomes[persona] is outcome]
        if named:
            yield f"| {_SAYS[outcome]} | {', '.join(named)} |"


def _plain(name: str) -> str:
    return name.replace("_", " ")


if __name__ == "__main__":
    print(access_table(), end="")  # noqa: T201 - a program that writes a document
