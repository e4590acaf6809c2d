"""Every exception that leaves this library.

::

    IntaglioError            something is wrong; `problem` says what, for a person and for a machine
    ├── MalformedInput       what was given breaks a rule of its own format
    ├── InvalidProof         a proof was checked, and it does not hold
    ├── Unsupported          well formed, but of a kind that this library does not know
    ├── Unavailable          something outside (a key, a list, a context) could not be had; trying later may help
    └── SigningFailed        a key could not or must not sign
        └── NotSealable      what was to be signed would not be accepted by a verifier; `problems` lists why

The low level raises these; `intaglio.verification` turns them into the outcomes of a report: `Unsupported` and `Unavailable`
become *unknown*, the others *failed*. No bare ``ValueError`` leaves the library.
"""

from dataclasses import dataclass

from intaglio.problems import CATALOGUE

_TYPE_PREFIX = "urn:intaglio:problem:"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in the terms of RFC 9457, section 3.1.

    `kind` is its key in `intaglio.problems`; `detail` speaks of this occurrence; `pointer` is a JSON pointer (RFC 6901) into
    the document in question, or None where there is no single member to point at.
    """

    kind: str
    detail: str
    pointer: str | None = None

    @property
    def type(self) -> str:
        """The stable URI of this kind of problem; each is described in ``docs/problems.md``."""
        return _TYPE_PREFIX + self.kind

    @property
    def title(self) -> str:
        """One sentence for a person, the same for every occurrence."""
        return CATALOGUE[self.kind].title

    @property
    def advice(self) -> str:
        """What the reader can do about it."""
        return CATALOGUE[self.kind].advice

    def __str__(self) -> str:
        where = "" if self.pointer is None else f" (at {self.pointer or '/'})"
        return f"{self.title} {self.detail}{where} {self.advice}"

    def to_json(self) -> dict[str, str]:
        """Return the members ``type``, ``title``, ``detail``, ``advice`` and, where known, ``pointer``."""
        members = {"type": self.type, "title": self.title, "detail": self.detail, "advice": self.advice}
        return members if self.pointer is None else {**members, "pointer": self.pointer}


class IntaglioError(Exception):
    """The base of all. `kind` must stand in `intaglio.problems.CATALOGUE`."""

    def __init__(self, kind: str, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.problem = Problem(kind, detail, pointer)

    def __str__(self) -> str:
        return str(self.problem)


class MalformedInput(IntaglioError):
    """What was given breaks a rule of its own format."""


class InvalidProof(IntaglioError):
    """A proof was checked, and it does not hold."""


class Unsupported(IntaglioError):
    """Well formed, but of a kind that this library does not know."""


class Unavailable(IntaglioError):
    """Something outside could not be had; trying later may help."""


class SigningFailed(IntaglioError):
    """A key could not or must not sign."""


class NotSealable(SigningFailed):
    """What was to be signed would not be accepted by a verifier. `problem` is the first of `problems`."""

    def __init__(self, *problems: Problem) -> None:
        first = problems[0]
        super().__init__(first.kind, first.detail, pointer=first.pointer)
        self.problems = problems
