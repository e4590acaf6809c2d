"""What is not right yet about an achievement, field by field, in sentences that say what to do.

A draft may have findings; what is published has none. Fields are named as in the form: ``name``, ``alignments-0-target_url``,
``results-1-levels-2-name``.
"""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation

from intaglio.server.languages import gettext, mark
from issuer.achievements.addresses import is_web_address
from issuer.achievements.definition import PERIOD, RUBRIC, Alignment, Definition, Level, ResultDescription
from issuer.achievements.vocabulary import SCORE_TYPES, is_term

LONGEST_NAME = 120
LONGEST_LINE = 200
LONGEST_DESCRIPTION = 2_000
LONGEST_CRITERIA = 10_000
MAX_TAGS = 30
MAX_ALIGNMENTS = 20
MAX_RESULTS = 8
MAX_LEVELS = 12
"""With these, the form stays below the thousand fields that a server reads."""
MAX_VALUES = 60
_FEWEST_LEVELS = 2
_MOST_CREDITS = 1000

_TOO_LONG = mark("This is too long: %(limit)s letters at most.")
_TOO_MANY = mark("These are too many: %(limit)s at most.")
_UNKNOWN = mark("Choose one of the list.")


@dataclasses.dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not right. `sentence` is English, with places for `values`; `text` is in the reader's language."""

    field: str
    sentence: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)

    @property
    def text(self) -> str:
        """The sentence for the reader of this request."""
        return gettext(self.sentence) % self.values


def findings(definition: Definition) -> tuple[Finding, ...]:
    """Return what keeps a definition from being published, in the order of the form."""
    return tuple(_all(definition))


def _all(definition: Definition) -> Iterator[Finding]:
    yield from _text("name", definition.name, LONGEST_NAME, missing=mark("Give it a name."))
    yield from _text("description", definition.description, LONGEST_DESCRIPTION, missing=mark("Describe it."))
    yield from _text("criteria", definition.criteria, LONGEST_CRITERIA, missing=mark("Say what a learner has to show."))
    yield from _term("achievement_type", "achievement", definition.achievement_type)
    yield from _term("language", "language", definition.language)
    yield from _texts("tags", definition.tags, MAX_TAGS)
    for name in ("field_of_study", "human_code", "image_caption"):
        yield from _text(name, getattr(definition, name), LONGEST_LINE)
    yield from _credits(definition.credits_available)
    if definition.valid_for and not PERIOD.match(definition.valid_for):
        yield Finding("valid_for", mark("Enter a whole number from 1 to 9999, or leave it empty."))
    yield from _alignments(definition.alignments)
    yield from _results(definition.results)


def _text(name: str, text: str, limit: int, *, missing: str = "") -> Iterator[Finding]:
    """Check a text; `missing` is the sentence for one that is required and empty."""
    if missing and not text.strip():
        yield Finding(name, missing)
    if len(text) > limit:
        yield Finding(name, _TOO_LONG, {"limit": limit})


def _texts(name: str, texts: Sequence[str], limit: int) -> Iterator[Finding]:
    if len(texts) > limit:
        yield Finding(name, _TOO_MANY, {"limit": limit})
    elif any(not text or len(text) > LONGEST_LINE for text in texts):
        yield Finding(name, _TOO_LONG, {"limit": LONGEST_LINE})
    elif len(set(texts)) < len(texts):
        yield Finding(name, mark("The same stands here twice."))


def _term(name: str, vocabulary: str, term: str) -> Iterator[Finding]:
    if not is_term(vocabulary, term):
        yield Finding(name, _UNKNOWN)


def _credits(text: str) -> Iterator[Finding]:
    value = as_number(text)
    if text and (value is None or not 0 <= value <= _MOST_CREDITS):
        yield Finding("credits_available", mark("Enter a number such as 0.5, or leave it empty."))


def _alignments(alignments: Sequence[Alignment]) -> Iterator[Finding]:
    if len(alignments) > MAX_ALIGNMENTS:
        yield Finding("alignments", _TOO_MANY, {"limit": MAX_ALIGNMENTS})
    for index, alignment in enumerate(alignments[:MAX_ALIGNMENTS]):
        place = f"alignments-{index}"
        yield from _text(
            f"{place}-target_name", alignment.target_name, LONGEST_LINE, missing=mark("Name the standard.")
        )
        if not is_web_address(alignment.target_url):
            yield Finding(f"{place}-target_url", mark("Enter a web address, such as https://example.org/standard/7."))
        if alignment.target_type:
            yield from _term(f"{place}-target_type", "alignment", alignment.target_type)
        yield from _text(f"{place}-target_code", alignment.target_code, LONGEST_LINE)
        yield from _text(f"{place}-target_framework", alignment.target_framework, LONGEST_LINE)


def _results(results: Sequence[ResultDescription]) -> Iterator[Finding]:
    if len(results) > MAX_RESULTS:
        yield Finding("results", _TOO_MANY, {"limit": MAX_RESULTS})
    for index, result in enumerate(results[:MAX_RESULTS]):
        place = f"results-{index}"
        yield from _text(f"{place}-name", result.name, LONGEST_LINE, missing=mark("Say what is judged."))
        yield from _term(f"{place}-result_type", "result", result.result_type)
        if result.result_type == RUBRIC:
            yield from _levels(f"{place}-levels", result.levels)
            if result.required_level and result.required_level not in {level.id for level in result.levels}:
                yield Finding(f"{place}-required_level", _UNKNOWN)
        elif result.result_type in SCORE_TYPES:
            yield from _range(place, result)
        elif result.result_type != "Status":
            yield from _values(place, result)


def _levels(place: str, levels: Sequence[Level]) -> Iterator[Finding]:
    if len(levels) < _FEWEST_LEVELS:
        yield Finding(place, mark("A rubric has two levels at least."))
    if len(levels) > MAX_LEVELS:
        yield Finding(place, _TOO_MANY, {"limit": MAX_LEVELS})
    for index, level in enumerate(levels[:MAX_LEVELS]):
        here = f"{place}-{index}"
        yield from _text(f"{here}-name", level.name, LONGEST_NAME, missing=mark("Give the level a name."))
        yield from _text(f"{here}-level", level.level, LONGEST_LINE)
        yield from _text(f"{here}-description", level.description, LONGEST_DESCRIPTION)
        yield from _text(f"{here}-points", level.points, LONGEST_LINE)
        if level.name and level.name in {other.name for other in levels[:index]}:
            yield Finding(f"{here}-name", mark("Another level has this name."))


def _values(place: str, result: ResultDescription) -> Iterator[Finding]:
    if len(result.allowed_values) < _FEWEST_LEVELS:
        yield Finding(f"{place}-allowed_values", mark("Enter two values at least."))
    yield from _texts(f"{place}-allowed_values", result.allowed_values, MAX_VALUES)
    if result.required_value and result.required_value not in result.allowed_values:
        yield Finding(f"{place}-required_value", mark("This is none of the values."))


def _range(place: str, result: ResultDescription) -> Iterator[Finding]:
    least, most, required = (as_number(text) for text in (result.value_min, result.value_max, result.required_value))
    if least is None or most is None or least >= most:
        yield Finding(f"{place}-value_min", mark("Enter the lowest and the highest score as numbers."))
    elif result.required_value and (required is None or not least <= required <= most):
        yield Finding(f"{place}-required_value", mark("Enter a number between the lowest and the highest score."))


def as_number(text: str) -> Decimal | None:
    """Return the number that a text is, in plain digits; None for everything else."""
    if not text.isascii() or len(text) > 20 or not set(text) <= set("-.0123456789"):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
