"""How issuers, credentials and claims want to be shown (OpenID4VCI 1.0, section 12.2.4 and appendix B.2).

All of it is the issuer's own word, before anything is signed: for a learner to recognize what is offered, not to rely on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from intaglio.documents import JsonObject
from intaglio.protocols.members import Members, without_none

_MAX_LOGO = 512 * 1024
"""Logos may be ``data:`` URLs."""


@dataclass(frozen=True, slots=True)
class Display:
    """The look of an issuer or a credential in one language; `locale` is a BCP 47 tag, None for the default.

    Only credentials have a `description` and colours. `logo_uri` may have any scheme: whoever shows it decides which to load.
    """

    name: str | None = None
    locale: str | None = None
    logo_uri: str | None = None
    logo_alt_text: str | None = None
    description: str | None = None
    background_color: str | None = None
    text_color: str | None = None

    @classmethod
    def from_json(cls, members: Members) -> "Display":
        """Read one object of an array ``display``.

        :raises MalformedInput: of the message's kind.
        """
        logo = members.inner("logo")
        return cls(
            name=members.optional_text("name"),
            locale=members.optional_text("locale"),
            logo_uri=logo.optional_text("uri", longest=_MAX_LOGO) if logo else None,
            logo_alt_text=logo.optional_text("alt_text") if logo else None,
            description=members.optional_text("description"),
            background_color=members.optional_text("background_color"),
            text_color=members.optional_text("text_color"),
        )

    def to_json(self) -> JsonObject:
        """Return the object."""
        logo = None if self.logo_uri is None else without_none(uri=self.logo_uri, alt_text=self.logo_alt_text)
        return without_none(
            name=self.name,
            locale=self.locale,
            logo=logo,
            description=self.description,
            background_color=self.background_color,
            text_color=self.text_color,
        )


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim of a credential and its names; `path` holds member names, indexes, and None for every item of an array."""

    path: tuple[str | int | None, ...]
    mandatory: bool = False
    display: tuple[Display, ...] = ()

    @classmethod
    def from_json(cls, members: Members) -> "Claim":
        """Read a claims description object (appendix B.2).

        :raises MalformedInput: of the message's kind.
        """
        path = members.array("path")
        if not path or not all(_is_step(step) for step in path):
            raise members.wrong("The path is not an array of names, indexes and nulls.", "path")
        return cls(path, members.flag("mandatory"), read_displays(members))

    def to_json(self) -> JsonObject:
        """Return the object."""
        return {
            "path": list(self.path),
            **without_none(
                mandatory=self.mandatory or None, display=tuple(display.to_json() for display in self.display)
            ),
        }


def read_displays(members: Members) -> tuple[Display, ...]:
    """Read an array ``display``; one language has one object.

    :raises MalformedInput: of the message's kind.
    """
    displays = tuple(Display.from_json(inner) for inner in members.inners("display"))
    locales = [display.locale for display in displays]
    if len(set(locales)) != len(locales):
        raise members.wrong("Two of them are for the same language.", "display")
    return displays


def best_display(displays: Sequence[Display], languages: Sequence[str]) -> Display:
    """Return the display for the first of the reader's `languages` that there is one for, else the default or first one.

    ``es`` takes ``es-US`` too, and the other way round.
    """
    for language in languages:
        for display in displays:
            if display.locale and _primary(display.locale) == _primary(language):
                return display
    default = [display for display in displays if display.locale is None]
    return next(iter([*default, *displays]), Display())


def _primary(tag: str) -> str:
    return tag.replace("_", "-").partition("-")[0].lower()


def _is_step(step: object) -> bool:
    return step is None or isinstance(step, str) or (type(step) is int and step >= 0)
