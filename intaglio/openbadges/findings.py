"""What in a badge, an endorsement or a learner record departs from Open Badges 3.0 and CLR 2.0.

First its shape, member by member (`intaglio.openbadges.shape`), then what the standard says in words and no schema can: who
the subject is, and what a result refers to. Where the published schemas are looser than the words, the words decide; a test
lists each such place with its clause.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import Problem
from intaglio.openbadges import shape
from intaglio.openbadges.formats import matches
from intaglio.openbadges.kinds import Kind, class_of, kind_of

MAX_FINDINGS = 100
"""Nobody reads more, and a hostile document could hold millions."""
_IDENTITY_HASH = r"^(md5\$[0-9a-fA-F]{32}|sha256\$[0-9a-fA-F]{64})$"


@dataclass(frozen=True, slots=True)
class Findings:
    """The kind of a credential, and what is amiss with it: nothing, where it keeps to the standard of its kind.

    For a credential of another standard (`Kind.OTHER`) there are no problems either, because there was nothing to check.
    """

    kind: Kind
    problems: tuple[Problem, ...] = ()


def findings(document: JsonObject) -> Findings:
    """Return everything that departs from the standard, up to `MAX_FINDINGS`, in the order of the document.

    The document is one that passed `intaglio.documents.parse`; credentials inside it are documents of their own. Problems are
    those of `shape.problems`, ``schema-link`` and more of ``schema-missing`` and ``schema-value``; pointers begin at the
    document.
    """
    name = class_of(document)
    if name is None:
        return Findings(Kind.OTHER)
    return Findings(kind_of(document), tuple(islice(_problems(name, document), MAX_FINDINGS)))


def _problems(name: str, document: JsonObject) -> Iterator[Problem]:
    yield from shape.problems(name, document)
    if kind_of(document) is not Kind.ENDORSEMENT:
        subject = document.get("credentialSubject")
        if isinstance(subject, dict):
            yield from _unidentified(subject)
            yield from _unhashed(subject)
            yield from _broken_links(subject)


def _unidentified(subject: JsonObject) -> Iterator[Problem]:
    """Name a subject without id and identifier (section “OpenBadgeCredential Verification”, step 1; ClrSubject)."""
    if not subject.get("id") and not subject.get("identifier"):
        yield Problem("schema-missing", "The learner has neither “id” nor “identifier”.", "/credentialSubject")


def _unhashed(subject: JsonObject) -> Iterator[Problem]:
    """Name what is called hashed and is no MD5 or SHA-256 in hexadecimal digits (derived type IdentityHash)."""
    for place, identity in _objects(subject, "/credentialSubject", "identifier"):
        text = identity.get("identityHash")
        if identity.get("hashed") is True and isinstance(text, str) and not matches(_IDENTITY_HASH, text):
            detail = "It should be “md5$” or “sha256$” and that hash in hexadecimal digits."
            yield Problem("schema-value", detail, f"{place}/identityHash")


def _broken_links(subject: JsonObject) -> Iterator[Problem]:
    """Name results that are measured by nothing in the achievement, and those of type Status without one (class Result).

    The level is looked for in all rubrics of the achievement: 1EdTech's own complete example names one of another scale.
    """
    achievement = subject.get("achievement")
    scales = _by_id(achievement, "resultDescription") if isinstance(achievement, dict) else {}
    # Gathered once: a hostile badge has thousands of results beside a rubric of thousands of levels.
    levels = {level for scale in scales.values() for level in _by_id(scale, "rubricCriterionLevel")}
    for place, result in _objects(subject, "/credentialSubject", "result"):
        link, level = result.get("resultDescription"), result.get("achievedLevel")
        if isinstance(link, str) and link not in scales:
            yield Problem("schema-link", "The achievement describes no such result.", f"{place}/resultDescription")
        elif isinstance(link, str) and scales[link].get("resultType") == "Status" and "status" not in result:
            yield Problem("schema-missing", "The member “status” is missing from a result of type Status.", place)
        if isinstance(level, str) and level not in levels:
            yield Problem("schema-link", "No rubric of the achievement has this level.", f"{place}/achievedLevel")


def _by_id(holder: JsonObject, member: str) -> dict[str, JsonObject]:
    return {item["id"]: item for _, item in _objects(holder, "", member) if isinstance(item.get("id"), str)}


def _objects(holder: JsonObject, place: str, member: str) -> Iterator[tuple[str, JsonObject]]:
    """Yield the objects among one member's values, one or many, each with its pointer."""
    value: Any = holder.get(member)
    place += pointer(member)
    for index, item in enumerate(as_list(value)):
        if isinstance(item, dict):
            yield (f"{place}/{index}" if isinstance(value, list) else place), item
