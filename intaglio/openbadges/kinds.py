"""What kind of credential this is, and which credentials stand inside it."""

from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple

from intaglio.documents import JsonObject, pointer
from intaglio.vcdm import Version, types_of, version_of


class Kind(Enum):
    """A kind of credential that these standards define, or another."""

    BADGE = "badge"
    ENDORSEMENT = "endorsement"
    LEARNER_RECORD = "learner record"
    OTHER = "other"


class Embedded(NamedTuple):
    """A credential inside another: where it stands, and the object or token that should be one. Nothing of it is checked."""

    pointer: str
    value: Any
    is_endorsement: bool


_KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "ClrCredential": Kind.LEARNER_RECORD,
        "AchievementCredential": Kind.BADGE,
        "OpenBadgeCredential": Kind.BADGE,
        "EndorsementCredential": Kind.ENDORSEMENT,
    }
)
_CLASSES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.BADGE: "AchievementCredential",
        Kind.ENDORSEMENT: "EndorsementCredential",
        Kind.LEARNER_RECORD: "ClrCredential",
    }
)
# Where the classes of the data model hold each other, as far as endorsements can stand there.
_HOLDS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "credential": {"issuer": "profile", "credentialSubject": "subject"},
        "subject": {"achievement": "achievement", "source": "profile"},
        "achievement": {"creator": "profile"},
        "profile": {"parentOrg": "profile"},
    }
)
_ENDORSED = frozenset({"credential", "achievement", "profile"})


def kind_of(document: JsonObject) -> Kind:
    """Return the kind that a credential's ``type`` names; where it names several, the record comes first, then the badge."""
    types = set(types_of(document))
    return next((kind for name, kind in _KINDS.items() if name in types), Kind.OTHER)


def class_of(document: JsonObject) -> str | None:
    """Return the class of the data model that a credential should be an instance of, None for those of other standards."""
    name = _CLASSES.get(kind_of(document))
    return None if name is None else for_version(name, document)


def for_version(name: str, document: JsonObject) -> str:
    """Return the name of a credential class in the version of the credentials data model that a document is of."""
    return name + "V1" if version_of(document) is Version.V1_1 else name


def embedded_credentials(document: JsonObject) -> Iterator[Embedded]:
    """Yield the credentials inside a badge, an endorsement or a learner record, but not those inside them in turn.

    They are the ``credentialSubject.verifiableCredential`` of a record (CLR 2.0, class ClrSubject), and each ``endorsement``
    or ``endorsementJwt`` of the credential itself, its achievements, and the profiles of issuer, creator, source and the
    organizations above them (Open Badges 3.0, section “OpenBadgeCredential Verification”, step 6). A hostile document holds
    millions of them; whoever verifies them decides when to stop.
    """
    start = [("", "credential", document)] if kind_of(document) is not Kind.OTHER else []
    # A stack of iterators instead of recursion: parentOrg may nest as deep, and lists be as long, as a document can.
    stack: list[Iterator[tuple[str, str, Any]]] = [iter(start)]
    while stack:
        place, holder, value = next(stack[-1], ("", "", None))
        if not holder:
            stack.pop()
        elif isinstance(value, dict):
            yield from _here(place, holder, value)
            stack.append(_below(place, holder, value))


def _here(place: str, holder: str, value: JsonObject) -> Iterator[Embedded]:
    if holder in _ENDORSED:
        for member in ("endorsement", "endorsementJwt"):
            yield from (Embedded(*found, is_endorsement=True) for found in _values(place, value, member))
    if holder == "subject":
        yield from (Embedded(*found, is_endorsement=False) for found in _values(place, value, "verifiableCredential"))


def _below(place: str, holder: str, value: JsonObject) -> Iterator[tuple[str, str, Any]]:
    for member, held in _HOLDS[holder].items():
        yield from ((inner, held, item) for inner, item in _values(place, value, member))


def _values(place: str, holder: JsonObject, member: str) -> Iterator[tuple[str, Any]]:
    """Yield the value of a member, or each item of it where it is a list, with its pointer."""
    place += pointer(member)
    value = holder.get(member)
    if isinstance(value, list):
        yield from ((f"{place}/{index}", item) for index, item in enumerate(value))
    elif value is not None:
        yield place, value
