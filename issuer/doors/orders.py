"""What a machine asks for when it awards: read from JSON, then measured against the achievement."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from intaglio.documents import JsonObject, pointer
from intaglio.errors import MalformedInput
from intaglio.protocols.members import Members
from intaglio.server.texts import clean_block, clean_line
from issuer.achievements.addresses import is_web_address
from issuer.achievements.definition import Definition, ResultDescription
from issuer.achievements.findings import as_number
from issuer.issuance.choices import as_result, options
from issuer.issuance.forms import MAX_NARRATIVE

_KIND = "award-order"
_MAX_ID = 200
_MAX_LINE = 300
MAX_EVIDENCE = 20


@dataclass(frozen=True)
class AwardOrder:
    """One award. `press` is the machine's own name for this order: the same again finds the award that it made before.

    `achievement` is an id or a code, `learner` the number that the school's roster gives. `level` is for an achievement
    that judges one thing; where it judges several, `results` has a value for each, by name or id. `again` says that a learner
    who has this badge already is meant to get it once more.
    """

    press: UUID
    achievement: str
    learner: str
    level: str | None
    results: Mapping[str, str]
    narrative: str
    evidence: tuple[dict[str, str], ...]
    again: bool

    @classmethod
    def from_json(cls, document: JsonObject) -> "AwardOrder":
        """Read ``{"press", "achievement", "learner", "level" | "results", "narrative", "evidence", "again"}``.

        :raises MalformedInput: ``award-order``, with the place.
        """
        members = Members(document, _KIND)
        unknown = sorted(set(document) - set(cls.__dataclass_fields__))
        if unknown:
            raise members.wrong(f"“{unknown[0][:60]}” is none of {', '.join(cls.__dataclass_fields__)}.", unknown[0])
        level = members.optional_text("level", longest=_MAX_LINE)
        return cls(
            _uuid(members, "press"),
            clean_line(members.text("achievement", longest=_MAX_ID)),
            clean_line(members.text("learner", longest=_MAX_ID)),
            None if level is None else clean_line(level),
            _results(members),
            clean_block(members.optional_text("narrative", longest=MAX_NARRATIVE) or ""),
            tuple(_evidence(members)),
            members.flag("again"),
        )

    def results_for(self, definition: Definition) -> list[dict[str, str]]:
        """Return the results as an award keeps them.

        :raises MalformedInput: ``award-order`` for one that is missing, unknown, or below what the badge asks for.
        """
        given = self._given(definition)
        described = {result.id: result for result in definition.results}
        missing = [described[name].name for name in described if name not in given]
        if missing:
            raise MalformedInput(_KIND, f"What was reached in “{missing[0]}” is not said.", pointer="/results")
        return [as_result(result, _fitting(result, *given[result.id])) for result in definition.results]

    def _given(self, definition: Definition) -> dict[str, tuple[str, str]]:
        """Return the values and their places, by the ids of the results."""
        if self.level is not None:
            if len(definition.results) != 1 or self.results:
                raise MalformedInput(_KIND, "A level is for an achievement that judges one thing.", pointer="/level")
            return {definition.results[0].id: (self.level, "/level")}
        ids = {name: result.id for result in definition.results for name in (result.name, result.id)}
        strange = [name for name in self.results if name not in ids]
        if strange:
            where = pointer("results", strange[0])
            raise MalformedInput(_KIND, f"The achievement judges no “{strange[0][:60]}”.", pointer=where)
        return {ids[name]: (value, pointer("results", name)) for name, value in self.results.items()}


def _fitting(result: ResultDescription, value: str, where: str) -> str:
    """Return the value as it is kept: of a level the id, whether it was named by id or by name."""
    known = options(result)
    if known is None:
        number, least, most = (as_number(text) for text in (value, result.value_min, result.value_max))
        if number is None or least is None or most is None or not least <= number <= most:
            detail = f"It goes from {result.value_min} to {result.value_max}."
            raise MalformedInput(_KIND, detail, pointer=where)
        return value
    for key, name in known:
        if value == key or value.casefold() == name.casefold():
            return key
    raise MalformedInput(_KIND, f"It is one of {', '.join(name for _, name in known)}.", pointer=where)


def _uuid(members: Members, name: str) -> UUID:
    try:
        return UUID(members.text(name, longest=_MAX_ID))
    except ValueError:
        raise members.wrong(f"The member “{name}” is not a UUID.", name) from None


def _results(members: Members) -> dict[str, str]:
    results = members.raw("results")
    if results is None:
        return {}
    if not isinstance(results, dict) or not all(
        isinstance(value, str) and len(value) <= _MAX_LINE for value in results.values()
    ):
        raise members.wrong("It is not an object of texts.", "results")
    return {clean_line(name): clean_line(value) for name, value in results.items()}


def _evidence(members: Members) -> list[dict[str, str]]:
    pieces = members.inners("evidence")
    if len(pieces) > MAX_EVIDENCE:
        raise members.wrong(f"There are more than {MAX_EVIDENCE} pieces.", "evidence")
    return [_piece(piece) for piece in pieces]


def _piece(piece: Members) -> dict[str, str]:
    url = piece.optional_text("url") or ""
    if url and not is_web_address(url):
        raise piece.wrong("It is not a web address.", "url")
    name = clean_line(piece.optional_text("name", longest=_MAX_LINE) or "")
    description = clean_block(piece.optional_text("description", longest=MAX_NARRATIVE) or "")
    if not (url or name or description):
        raise piece.wrong("It says nothing: it has a url, a name or a description.")
    return {"url": url, "name": name, "description": description}
