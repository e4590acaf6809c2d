"""The structure that the Verifiable Credentials Data Model asks for, versions 2.0 and 1.1.

`findings` names everything that is wrong, each with a JSON pointer; section numbers are those of version 2.0 unless it says
otherwise. What a credential *says*, an achievement for example, is the business of `intaglio.openbadges`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import MalformedInput, Problem
from intaglio.times import parse_time

CONTEXT_V2 = "https://www.w3.org/ns/credentials/v2"
CONTEXT_V1 = "https://www.w3.org/2018/credentials/v1"
_MAX_SUBJECTS = 1000


class Version(Enum):
    """A version of the data model; the first context of a document names it."""

    V1_1 = "1.1"
    V2_0 = "2.0"


@dataclass(frozen=True, slots=True)
class Period:
    """When a document is good: from `start` on and until `end`, either of them open where it is None."""

    start: datetime | None
    end: datetime | None


def version_of(document: JsonObject) -> Version | None:
    """Return the version that the first context names (section 4.3), or None."""
    contexts = as_list(document.get("@context"))
    match contexts[:1]:
        case ["https://www.w3.org/ns/credentials/v2"]:
            return Version.V2_0
        case ["https://www.w3.org/2018/credentials/v1"]:
            return Version.V1_1
    return None


def types_of(document: JsonObject) -> list[str]:
    """Return the types of a document or of one of its objects; a single text counts as a list of one."""
    return [kind for kind in as_list(document.get("type")) if isinstance(kind, str)]


def is_presentation(document: JsonObject) -> bool:
    """Tell whether a document calls itself a presentation."""
    return "VerifiablePresentation" in types_of(document)


def issuer_of(document: JsonObject) -> str | None:
    """Return the identifier of a credential's issuer (section 4.7)."""
    return _id_of(document.get("issuer"))


def holder_of(document: JsonObject) -> str | None:
    """Return the identifier of a presentation's holder (section 4.13)."""
    return _id_of(document.get("holder"))


def subjects_of(document: JsonObject) -> list[JsonObject]:
    """Return the subjects of a credential that are objects (section 4.8)."""
    return [subject for subject in as_list(document.get("credentialSubject")) if isinstance(subject, dict)]


def period_of(document: JsonObject) -> Period:
    """Return when a credential is good (section 4.9; version 1.1, sections 4.5 and 4.6).

    Version 1.1 has two names for either end, and a document may use both: then the shorter period counts.

    :raises MalformedInput: ``bad-time``
    """
    exact = version_of(document) is not Version.V1_1
    starts, ends = (
        [parse_time(document[name], pointer=f"/{name}", offset_required=exact) for name in names if name in document]
        for names in (("validFrom", "issuanceDate"), ("validUntil", "expirationDate"))
    )
    return Period(max(starts, default=None), min(ends, default=None))


def is_url(value: object) -> bool:
    """Tell whether a value is an absolute URL, without white space; a blank node's label is none."""
    if not isinstance(value, str) or value.startswith("_:") or any(character <= " " for character in value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return bool(parts.scheme) and len(value) > len(parts.scheme) + 1


def findings(document: JsonObject) -> list[Problem]:
    """Return what in a credential or presentation breaks the data model; nothing where it is well formed."""
    version = version_of(document)
    if version is None:
        detail = f"The first context is neither {CONTEXT_V2} nor {CONTEXT_V1}."
        return [Problem("vc-context", detail, "/@context")]
    rules = _PRESENTATION_RULES if is_presentation(document) else _CREDENTIAL_RULES
    return [problem for rule in rules for problem in rule(document, version)]


def _contexts(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.3: an ordered set of URLs and objects."""
    for index, context in enumerate(as_list(document["@context"])):
        if not isinstance(context, dict) and not is_url(context):
            yield Problem("vc-context", "A context is a URL or an object.", f"/@context/{index}")


def _types(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.5."""
    kinds = types_of(document)
    if not {"VerifiableCredential", "VerifiablePresentation"} & set(kinds):
        yield Problem("vc-type", "It calls itself neither VerifiableCredential nor VerifiablePresentation.", "/type")
    if {"VerifiableCredential", "VerifiablePresentation"} <= set(kinds):
        yield Problem("vc-type", "It calls itself a credential and a presentation at once.", "/type")
    if len(kinds) != len(as_list(document.get("type"))):
        yield Problem("vc-type", "A type is a text.", "/type")


def _own_id(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.4."""
    yield from _optional_url(document, "id", "")


def _issuer(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.7."""
    if not is_url(issuer_of(document)):
        yield Problem("vc-issuer", "The issuer is not named by a URL.", "/issuer")


def _holder(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.13."""
    if "holder" in document and not is_url(holder_of(document)):
        yield Problem("vc-holder", "The holder is not named by a URL.", "/holder")


def _subjects(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.8: one subject or several, each of which says something."""
    subjects = as_list(document.get("credentialSubject"))
    single = not isinstance(document.get("credentialSubject"), list)
    if not subjects:
        yield Problem("vc-subject", "There is no credentialSubject, or an empty list of them.", "/credentialSubject")
    if len(subjects) > _MAX_SUBJECTS:
        yield Problem("vc-member", f"More than {_MAX_SUBJECTS} subjects are not read.", "/credentialSubject")
    for index, subject in enumerate(subjects[:_MAX_SUBJECTS]):
        place = "/credentialSubject" if single else f"/credentialSubject/{index}"
        if not isinstance(subject, dict) or not subject:
            yield Problem("vc-subject", "The credential says nothing about its subject.", place)
        else:
            yield from _optional_url(subject, "id", place)


def _dates(document: JsonObject, version: Version) -> Iterator[Problem]:
    """Section 4.9; version 1.1, sections 4.5 and 4.6."""
    if version is Version.V1_1 and "issuanceDate" not in document:
        yield Problem("vc-date", "The member issuanceDate is missing.", "/issuanceDate")
    try:
        period = period_of(document)
    except MalformedInput as error:
        yield error.problem
        return
    if period.start and period.end and period.end < period.start:
        yield Problem(
            "vc-date", "It ends before it begins.", "/validUntil" if version is Version.V2_0 else "/expirationDate"
        )


def _typed_members(document: JsonObject, version: Version) -> Iterator[Problem]:
    """Sections 4.10, 4.11 and 5.4 to 5.6: each of these has a type, some an id."""
    older = version is Version.V1_1
    needs_id = {"credentialSchema": True, "refreshService": older, "credentialStatus": older}
    for name in ("credentialStatus", "credentialSchema", "refreshService", "termsOfUse", "evidence"):
        for place, item in _items(document, name):
            if not isinstance(item, dict) or not types_of(item):
                yield Problem("vc-member", f"Each {name} is an object with a type.", place)
                continue
            if needs_id.get(name) and not is_url(item.get("id")):
                yield Problem("vc-member", f"Each {name} is named by a URL.", f"{place}/id")
            else:
                yield from _optional_url(item, "id", place)


def _texts(document: JsonObject, version: Version) -> Iterator[Problem]:
    """Section 4.6: name and description are a text, or texts that name their language (section 11.1)."""
    if version is Version.V1_1:
        return
    for name in ("name", "description"):
        for place, item in _items(document, name):
            if not isinstance(item, str) and not (isinstance(item, dict) and isinstance(item.get("@value"), str)):
                yield Problem("vc-member", f"The {name} is a text, or texts with their languages.", place)


def _proofs(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.12: a proof is an object with a type. That there is one is the business of the check of proofs."""
    for place, proof in _items(document, "proof"):
        if not isinstance(proof, dict) or not types_of(proof):
            yield Problem("proof-list", "Each proof is an object with a type.", place)


def _inner_credentials(document: JsonObject, version: Version) -> Iterator[Problem]:
    """Section 4.13: objects; in version 1.1 also tokens."""
    for place, item in _items(document, "verifiableCredential"):
        if not isinstance(item, dict) and not (version is Version.V1_1 and isinstance(item, str)):
            yield Problem("vc-member", "Each verifiableCredential is an object.", place)


def _one_root(document: JsonObject, _version: Version) -> Iterator[Problem]:
    """Section 4.4: an id names one thing.

    Where something inside has the id of the whole and calls itself a credential too, members of the whole could be moved into
    it: over RDF both are one node, so the signature would still fit, and the end of its validity be out of sight.
    """
    root = document.get("id")
    if not isinstance(root, str):
        return
    stack: list[tuple[str, Any]] = [(pointer(name), value) for name, value in document.items() if name != "@context"]
    while stack:
        place, item = stack.pop()
        if isinstance(item, list):
            stack += [(f"{place}/{index}", inner) for index, inner in enumerate(item)]
        elif isinstance(item, dict):
            if item.get("id") == root and "VerifiableCredential" in types_of(item):
                yield Problem("vc-id", "It has the id of the credential that it is in.", place + pointer("id"))
                return
            stack += [(place + pointer(name), inner) for name, inner in item.items() if isinstance(inner, dict | list)]


def _items(document: JsonObject, name: str) -> Iterator[tuple[str, Any]]:
    value = document.get(name)
    if isinstance(value, list):
        yield from ((pointer(name, index), item) for index, item in enumerate(value))
    elif name in document:
        yield pointer(name), value


def _optional_url(item: JsonObject, name: str, place: str) -> Iterator[Problem]:
    if name in item and not is_url(item[name]):
        yield Problem("vc-id", "An id is one absolute URL.", place + pointer(name))


def _id_of(value: object) -> str | None:
    found = value.get("id") if isinstance(value, dict) else value
    return found if isinstance(found, str) else None


_Rule = Callable[[JsonObject, Version], Iterator[Problem]]
_CREDENTIAL_RULES: tuple[_Rule, ...] = (
    _contexts,
    _types,
    _own_id,
    _issuer,
    _subjects,
    _dates,
    _typed_members,
    _texts,
    _proofs,
    _one_root,
)
_PRESENTATION_RULES: tuple[_Rule, ...] = (_contexts, _types, _own_id, _holder, _inner_credentials, _proofs)
