"""The form of an award: read from what a page sent, checked, and kept as it was typed until everything is right."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from starlette.datastructures import FormData

from intaglio.errors import MalformedInput
from intaglio.server.languages import gettext as _
from intaglio.server.texts import clean_block, clean_line
from issuer.achievements.addresses import is_web_address
from issuer.achievements.definition import Definition, ResultDescription
from issuer.achievements.findings import as_number
from issuer.issuance.awarding import AwardRequest, Press
from issuer.issuance.choices import Choice, as_result, options
from issuer.roster.models import Learner, SchoolClass

COMPACT_FROM = 60
"""With more learners on the page, what is entered holds for all: a server reads no form of more than a thousand fields."""
MOST_LEARNERS = 900
MAX_NARRATIVE = 2_000
MAX_ADDRESS = 1_000
_ALL = "all"


@dataclass(frozen=True)
class Entry:
    """What was entered for one learner, or, as the first entry of a form, for all who have nothing of their own."""

    key: str
    results: tuple[str, ...]
    narrative: str = ""
    evidence: str = ""

    @classmethod
    def read(cls, sent: FormData, key: str, definition: Definition) -> "Entry":
        """Read the fields of one learner, by the learner's id, or those for all."""
        results = tuple(_text(sent, f"r{place}-{key}") for place in range(len(definition.results)))
        return cls(key, results, clean_block(_text(sent, f"n-{key}")), clean_line(_text(sent, f"e-{key}")))

    @property
    def says_something(self) -> bool:
        """Whether anything was entered."""
        return any((*self.results, self.narrative, self.evidence))

    def over(self, general: "Entry") -> "Entry":
        """Return this entry, with what holds for all where nothing of its own was entered."""
        results = tuple(own or other for own, other in zip(self.results, general.results, strict=True))
        return Entry(self.key, results, self.narrative or general.narrative, self.evidence or general.evidence)


@dataclass(frozen=True)
class AwardForm:
    """The whole form: who is on the page, who is marked, what was entered. `again` are those for whom it is meant anew."""

    choice: Choice
    learners: Sequence[Learner]
    school_class: SchoolClass | None
    press: UUID
    general: Entry
    entries: Mapping[UUID, Entry]
    marked: frozenset[UUID]
    again: frozenset[UUID] = frozenset()
    everybody: bool = False
    """All on the page are meant, marked or not."""
    errors: dict[str, str] = field(default_factory=dict)

    @classmethod
    def new(
        cls, choice: Choice, learners: Sequence[Learner], school_class: SchoolClass | None, marked: frozenset[UUID]
    ) -> "AwardForm":
        """Return the empty form."""
        blank = ("",) * len(choice.definition.results)
        entries = {learner.id: Entry(str(learner.id), blank) for learner in learners}
        return cls(choice, learners, school_class, uuid4(), Entry(_ALL, blank), entries, marked)

    @classmethod
    def read(
        cls, sent: FormData, choice: Choice, learners: Sequence[Learner], school_class: SchoolClass | None
    ) -> "AwardForm":
        """Read the form that a page sent, with what is not right about it.

        :raises MalformedInput: ``bad-request`` for a form that none of our pages sends.
        """
        definition = choice.definition
        form = cls(
            choice,
            learners,
            school_class,
            as_id(_text(sent, "press")),
            Entry.read(sent, _ALL, definition),
            {learner.id: Entry.read(sent, str(learner.id), definition) for learner in learners},
            _ids(sent, "learner") & {learner.id for learner in learners},
            _ids(sent, "again"),
            everybody=bool(_text(sent, "everybody")),
        )
        form.errors.update(_findings(form, definition))
        return form

    @property
    def compact(self) -> bool:
        """Whether there are too many learners for fields of their own."""
        return len(self.learners) > COMPACT_FROM

    @property
    def chosen(self) -> list[Learner]:
        """The learners who are marked, or everybody."""
        return [learner for learner in self.learners if self.everybody or learner.id in self.marked]

    def entry(self, learner: Learner) -> Entry:
        """Return what holds for a learner."""
        return self.entries[learner.id].over(self.general)

    def has_errors(self, entry: Entry) -> bool:
        """Tell whether something is wrong with the fields of one learner."""
        return any(name.endswith(f"-{entry.key}") for name in self.errors)

    def to_press(self, *, without: frozenset[UUID] = frozenset()) -> Press:
        """Return what to award; `without` are twins who were not meant."""
        results = self.choice.definition.results
        requests = tuple(
            _request(self.entry(learner), learner, results, again=learner.id in self.again)
            for learner in self.chosen
            if learner.id not in without
        )
        class_id = self.school_class.id if self.school_class else None
        return Press(self.press, self.choice.achievement.id, self.choice.version.id, requests, class_id)

    def fields(self) -> Iterator[tuple[str, str]]:
        """Give the fields that the next page carries on."""
        yield "press", str(self.press)
        yield "achievement", str(self.choice.achievement.id)
        yield "version", str(self.choice.version.id)
        if self.school_class is not None:
            yield "class_id", str(self.school_class.id)
        for learner in self.chosen:
            yield "learner", str(learner.id)
        shown = [] if self.compact else [self.entries[learner.id] for learner in self.chosen]
        for entry in (self.general, *shown):
            yield from _fields(entry)


def as_id(text: str) -> UUID:
    """Return an id that a page of ours has written.

    :raises MalformedInput: ``bad-request``
    """
    try:
        return UUID(text)
    except ValueError:
        raise MalformedInput("bad-request", "An id is not one.") from None


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    pairs = [(f"r{place}-{entry.key}", value) for place, value in enumerate(entry.results)]
    pairs += [(f"n-{entry.key}", entry.narrative), (f"e-{entry.key}", entry.evidence)]
    yield from ((name, value) for name, value in pairs if value)


def _request(entry: Entry, learner: Learner, results: Sequence[ResultDescription], *, again: bool) -> AwardRequest:
    kept = [as_result(result, value) for result, value in zip(results, entry.results, strict=True)]
    evidence = ({"url": entry.evidence, "name": "", "description": ""},) if entry.evidence else ()
    return AwardRequest(learner.id, kept, entry.narrative, evidence, again)


def _findings(form: AwardForm, definition: Definition) -> Iterator[tuple[str, str]]:
    if not form.chosen:
        yield "learner", _("Choose at least one learner.")
    yield from _wrong_texts(form.general)
    for learner in form.chosen:
        entry, own = form.entry(learner), form.entries[learner.id]
        yield from _wrong_texts(own, learner.display_name)
        for place, (result, value) in enumerate(zip(definition.results, entry.results, strict=True)):
            if not _fits(result, value):
                sentence = _("Choose what %(name)s has reached: %(result)s.")
                key = _ALL if form.compact else entry.key
                yield f"r{place}-{key}", sentence % {"name": learner.display_name, "result": result.name}


def _wrong_texts(entry: Entry, name: str = "") -> Iterator[tuple[str, str]]:
    prefix = f"{name}: " if name else ""
    if len(entry.narrative) > MAX_NARRATIVE:
        yield f"n-{entry.key}", prefix + _("This is too long: %(limit)s letters at most.") % {"limit": MAX_NARRATIVE}
    if entry.evidence and (len(entry.evidence) > MAX_ADDRESS or not is_web_address(entry.evidence)):
        yield f"e-{entry.key}", prefix + _("Enter a web address that begins with https://, or leave it empty.")


def _fits(result: ResultDescription, value: str) -> bool:
    known = options(result)
    if known is not None:
        return value in {key for key, _text in known}
    number, least, most = (as_number(text) for text in (value, result.value_min, result.value_max))
    return number is not None and least is not None and most is not None and least <= number <= most


def _ids(sent: FormData, name: str) -> frozenset[UUID]:
    return frozenset(as_id(value) for value in sent.getlist(name) if isinstance(value, str))


def _text(sent: FormData, name: str) -> str:
    value = sent.get(name)
    return value if isinstance(value, str) else ""
