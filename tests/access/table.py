"""The tables of accesses (``issuer.toml``, ``wallet.toml``, ``verifier.toml``): who gets what answer at which route.

A table names its personas, and has rules. A rule puts every persona under one outcome, and lists the routes that it is about.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SERVICES = ("issuer", "wallet", "verifier")


class Outcome(StrEnum):
    """What somebody gets who asks with everything that the route needs."""

    OK = "ok"
    """It is done, or shown."""
    BY_PROOF = "by-proof"
    """Nobody's sign-in counts: a password, a code or a signature in the request itself decides, so all get the same answer."""
    SIGN_IN = "sign-in"
    """Sent to the sign-in page; a machine gets 401."""
    ASKED_FIRST = "asked-first"
    """Sent to the question how old she is: before that, there is no wallet to use."""
    REFUSED = "refused"
    """Told that it is for others (403)."""
    NOT_THERE = "not-there"
    """The answer of a page that does not exist (404)."""


@dataclass(frozen=True)
class Rule:
    """One rule. `who` is for people; `outcomes` has every persona."""

    who: str
    why: str
    outcomes: Mapping[str, Outcome]
    routes: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The table of a service. `personas` maps their names to what they are."""

    service: str
    personas: Mapping[str, str]
    rules: tuple[Rule, ...]

    @classmethod
    def read(cls, service: str) -> "Table":
        """Read the table of a service.

        :raises ValueError: where a persona stands under no outcome or under two, or a route under two rules.
        """
        data = tomllib.loads((FOLDER / f"{service}.toml").read_text("utf-8"))
        personas = data["personas"]
        table = cls(service, personas, tuple(_rule(rule, personas) for rule in data["rule"]))
        routes = [route for rule in table.rules for route in rule.routes]
        if twice := {route for route in routes if routes.count(route) > 1}:
            raise ValueError(f"under two rules: {sorted(twice)}")
        return table

    @property
    def routes(self) -> dict[str, Rule]:
        """The rule of each route."""
        return {route: rule for rule in self.rules for route in rule.routes}


def _rule(data: Mapping[str, Any], personas: Mapping[str, str]) -> Rule:
    outcomes: dict[str, Outcome] = {}
    for outcome in Outcome:
        named = data.get(outcome, [])
        for persona in personas if named == "everybody" else named:
            if persona in outcomes or persona not in personas:
                raise ValueError(f"{data['who']}: {persona} stands twice, or is nobody")
            outcomes[persona] = outcome
    if missing := set(personas) - set(outcomes):
        raise ValueError(f"{data['who']}: nothing about {sorted(missing)}")
    return Rule(data["who"], data.get("why", ""), outcomes, tuple(data["routes"]))
