"""Credentials to check: our own small ones, the published ones, and broken ones made from either."""

import copy
import json
from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from hypothesis import strategies as st

from intaglio.documents import JsonObject
from intaglio.openbadges.kinds import class_of
from intaglio.openbadges.models.generate import schemas
from intaglio.openbadges.shape import STRICT
from tests.conftest import VECTORS

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
OB = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
CLR = "https://purl.imsglobal.org/spec/clr/v2p0/context-2.0.1.json"
FOLDERS = ("1edtech-clr20", "1edtech-impl-guide", "1edtech-ob30", "baked", "dcc-verifier-core")


def endorsement(**members: Any) -> JsonObject:
    return {
        "@context": [V2, OB],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000002",
        "type": ["VerifiableCredential", "EndorsementCredential"],
        "name": "A word for the teamwork badge",
        "issuer": {"id": "https://college.example/", "type": ["Profile"]},
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "id": "https://school.example/achievements/teamwork",
            "type": ["EndorsementSubject"],
            "endorsementComment": "We count this badge towards admission.",
        },
        **members,
    }


def badge(**members: Any) -> JsonObject:
    return {
        "@context": [V2, OB],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": "Teamwork",
        "issuer": {"id": "https://school.example/", "type": "Profile", "name": {"en": "School", "es": "Escuela"}},
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2027-01-01T00:00:00+01:00",
        "credentialSubject": subject(),
        "endorsement": endorsement(),
        "evidence": [{"type": ["Evidence"], "name": "A bridge, built by four"}],
        "credentialStatus": {"id": "https://school.example/status/1#7", "type": "BitstringStatusListEntry"},
        **members,
    }


def subject(**members: Any) -> JsonObject:
    scale = {
        "id": "urn:uuid:00000000-0000-4000-8000-00000000000a",
        "type": ["ResultDescription"],
        "name": "Level",
        "resultType": "RubricCriterionLevel",
        "rubricCriterionLevel": [{"id": "urn:level:3", "type": ["RubricCriterionLevel"], "name": "Proficient"}],
    }
    return {
        "type": ["AchievementSubject"],
        "identifier": [
            {
                "type": "IdentityObject",
                "hashed": True,
                "identityHash": "sha256$" + "0a" * 32,
                "identityType": "emailAddress",
                "salt": "sea",
            }
        ],
        "activityStartDate": "2025-09-01T08:00:00",
        "achievement": {
            "id": "https://school.example/achievements/teamwork",
            "type": ["Achievement"],
            "achievementType": "ext:PortraitCompetency",
            "name": "Teamwork",
            "description": "Works well with others.",
            "criteria": {"narrative": "Three pieces of evidence."},
            "creator": {"id": "https://school.example/", "type": ["Profile"], "dateOfBirth": "2001-02-28"},
            "creditsAvailable": 0.5,
            "image": {"id": "https://school.example/teamwork.png", "type": "Image"},
            "inLanguage": "en-US",
            "alignment": {
                "type": "Alignment",
                "targetName": "Collaboration",
                "targetUrl": "https://case.example/items/1",
                "targetType": "CFItem",
            },
            "resultDescription": [scale],
            "tag": ["team", "work"],
        },
        "result": [{"type": ["Result"], "resultDescription": scale["id"], "achievedLevel": "urn:level:3"}],
        **members,
    }


def record(**members: Any) -> JsonObject:
    return {
        "@context": [V2, CLR, OB],
        "id": "urn:uuid:00000000-0000-4000-8000-000000000003",
        "type": ["VerifiableCredential", "ClrCredential"],
        "name": "Record",
        "issuer": "https://school.example/",
        "validFrom": "2026-01-01T00:00:00Z",
        "partial": False,
        "credentialSubject": {
            "id": "did:example:learner",
            "type": ["ClrSubject"],
            "association": [
                {"type": "Association", "associationType": "isChildOf", "sourceId": "urn:a", "targetId": "urn:b"}
            ],
            "verifiableCredential": [badge()],
        },
        **members,
    }


def version_1(credential: JsonObject) -> JsonObject:
    """Return a badge, endorsement or record as VC Data Model 1.1 would have it."""
    older = {"@context": [V1, *credential["@context"][1:]], "issuanceDate": credential["validFrom"], "name": "Older"}
    kept = {name: value for name, value in credential.items() if name not in {"validFrom", "validUntil", *older}}
    if "endorsement" in kept:
        kept["endorsement"] = version_1(kept["endorsement"])
    inside = kept["credentialSubject"].get("verifiableCredential")
    if inside:
        kept["credentialSubject"] = {
            **kept["credentialSubject"],
            "verifiableCredential": [version_1(each) for each in inside],
        }
    return {**older, **kept, "issuer": {"id": "https://school.example/", "type": ["Profile"]}}


OWN: Mapping[str, JsonObject] = MappingProxyType(
    {
        "badge": badge(),
        "endorsement": endorsement(),
        "record": record(),
        "older badge": version_1(badge()),
        "older endorsement": version_1(endorsement()),
        "older record": version_1(record()),
    }
)


@cache
def published() -> dict[str, JsonObject]:
    """Return the published badges, endorsements and records by file name; none where the folder of vectors is missing."""
    found = {}
    for folder in FOLDERS:
        for path in sorted((VECTORS / folder).glob("*.json")):
            document = json.loads(path.read_bytes())
            if class_of(document) is not None:
                found[f"{folder}/{path.name}"] = document
    return found


def at(document: Any, place: str) -> Any:
    """Return what a JSON pointer points at."""
    for token in place.split("/")[1:]:
        name = token.replace("~1", "/").replace("~0", "~")
        document = document[int(name)] if isinstance(document, list) else document[name]
    return document


_VALUES: tuple[Any, ...] = (
    *(None, 0, 1.5, True, "", "x", [], {}, [1], ["x"]),
    *("ext:x", "myext:x", "ext:", "ext:-a", "en", "en-US", "en\n", "a.b.c", "a..c\n", "Completed", "Status"),
    *("2026-01-01T00:00:00Z", "2026-01-01T00:00:00", "2026-13-01T00:00:00Z", "2026-01-01", "2026-02-30", "yesterday"),
    *("Profile", "Alignment", "Image", ["Profile", "x"], ["Profile", {"en": "x"}], ["VerifiableCredential"]),
    *({"en": "x"}, {"id": "x"}, {"en": 1}, {"english": "x"}, {"en": "Image"}, {"en": "a.b.c"}),
    *({"id": "x", "type": "Image"}, {"id": "x", "type": ["Profile"]}, {"id": "x", "type": "Profile"}),
    {"type": "Alignment", "targetName": "x", "targetUrl": "y"},
    *(V2, [V2, OB], [V1, OB], [V2, OB + "\n"], [V2, CLR, OB], [OB, V2]),
)


@cache
def _member_names() -> list[str]:
    rules = schemas()[STRICT]["$defs"].values()
    return sorted({"__proto__", "foo", "target_name"} | {name for rule in rules for name in rule.get("properties", ())})


def _places(value: Any, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for token, child in children:
        yield (*place, token)
        yield from _places(child, (*place, token))


@st.composite
def broken(draw: st.DrawFn, documents: tuple[JsonObject, ...]) -> JsonObject:
    """Draw a credential with up to three members dropped, replaced, added, listed or taken out of their list."""
    document = copy.deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(0, 3))):
        places = list(_places(document))
        if places:
            _break(draw, document, draw(st.sampled_from(places)))
    return document


def _break(draw: st.DrawFn, document: JsonObject, place: tuple[str | int, ...]) -> None:
    holder: Any = document
    for token in place[:-1]:
        holder = holder[token]
    last = place[-1]
    match draw(st.sampled_from(["drop", "replace", "replace", "list", "unlist", "add"])):
        case "drop":
            del holder[last]
        case "list":
            holder[last] = [holder[last]]
        case "unlist" if isinstance(holder[last], list) and holder[last]:
            holder[last] = holder[last][0]
        case "add" if isinstance(holder, dict):
            holder[draw(st.sampled_from(_member_names()))] = copy.deepcopy(draw(st.sampled_from(_VALUES)))
        case _:
            holder[last] = copy.deepcopy(draw(st.sampled_from(_VALUES)))


@cache
def everything() -> tuple[JsonObject, ...]:
    """Return all credentials to break, the small ones last, since Hypothesis prefers what comes first."""
    return (*OWN.values(), *published().values())
