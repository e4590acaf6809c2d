"""What a reader asks of a verification."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unsupported
from intaglio.status.bitstring import MINIMUM_ENTRIES

CREDENTIAL_CHECKS = ("format", "proof", "controller", "validity", "status", "schema", "issuer")
PRESENTATION_CHECKS = ("format", "proof", "controller", "validity", "holder")
CHECK_NAMES = (*CREDENTIAL_CHECKS, "holder")
_REQUIRED = frozenset({"format", "proof", "controller", "validity", "status", "holder"})


@dataclass(frozen=True, slots=True)
class Registry:
    """The issuers that a reader recognizes: the name it knows them by, for each identifier."""

    names: Mapping[str, str]

    @classmethod
    def from_json(cls, document: JsonObject) -> "Registry":
        """Read ``{"issuers": {"did:web:…": {"name": "…"}}}``; ``registry`` is taken for ``issuers``, as older files have it.

        :raises MalformedInput: ``bad-registry``
        """
        entries: Any = document.get("issuers", document.get("registry"))
        if not isinstance(entries, dict):
            raise MalformedInput("bad-registry", "The member “issuers” is not an object.", pointer="/issuers")
        return cls({issuer: _name(entry) or issuer for issuer, entry in entries.items()})


@dataclass(frozen=True, slots=True)
class Policy:
    """What must pass, at which time, and what the reader expects of a presentation.

    `require` adds to the checks that must pass and so decide; `only` lets just those decide. Other checks are reported. `at`
    must be aware. `shortest_status_list` is the number of entries under which a status list is refused.
    """

    at: datetime
    require: frozenset[str] = frozenset()
    only: frozenset[str] | None = None
    challenge: str | None = None
    domain: str | None = None
    registry: Registry | None = None
    shortest_status_list: int = MINIMUM_ENTRIES

    def __post_init__(self) -> None:
        unknown = sorted((self.require | (self.only or frozenset())) - set(CHECK_NAMES))
        if unknown:
            raise Unsupported("unknown-check", f"“{unknown[0]}” is none of {', '.join(CHECK_NAMES)}.")

    @classmethod
    def now(cls) -> "Policy":
        """Return the default policy, at the present time."""
        return cls(at=datetime.now(UTC))

    def required_of(self, applicable: tuple[str, ...]) -> frozenset[str]:
        """Return which of the checks that a document can have must pass."""
        wanted = (_REQUIRED if self.only is None else self.only) | self.require
        return wanted & set(applicable)


def _name(entry: object) -> str | None:
    name = entry.get("name") if isinstance(entry, dict) else entry
    return name if isinstance(name, str) else None
