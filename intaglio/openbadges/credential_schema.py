"""Whether a credential keeps to the schemas that it names in ``credentialSchema`` (VC Data Model 2.0, section 4.11).

Two types are known: ``JsonSchema`` (Verifiable Credentials JSON Schema Specification, section 2.1) and 1EdTech's
``1EdTechJsonSchemaValidator2019``. 1EdTech's own schemas are answered from our generated ones, without asking the network;
every other is a stranger's, and is evaluated in a process that can be stopped.
"""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from intaglio.documents import Json, JsonObject, as_list, parse, pointer
from intaglio.errors import IntaglioError, MalformedInput, Problem, Unavailable, Unsupported
from intaglio.openbadges import shape
from intaglio.openbadges.digests import check_digest, states_digest
from intaglio.openbadges.kinds import for_version
from intaglio.vcdm import types_of

MAX_SCHEMA_BYTES = 512 * 1024
"""The largest of 1EdTech's has 163 kB."""
MAX_SCHEMAS = 8
"""How many schemas of one credential are checked; a badge with extensions names one more for each of them."""
_SECONDS = 20
"""Of waiting for the process, which itself is stopped after one second of computing."""
_LONGEST_POINTER = 500
_1EDTECH = "1EdTechJsonSchemaValidator2019"
_W3C = "JsonSchema"
_DRAFTS: Mapping[str, str] = MappingProxyType(
    {
        "https://json-schema.org/draft/2020-12/schema": "2020-12",
        "https://json-schema.org/draft/2019-09/schema": "2019-09",
        "http://json-schema.org/draft-07/schema": "7",
        "http://json-schema.org/draft-06/schema": "6",
        "http://json-schema.org/draft-04/schema": "4",
    }
)
_OFFICIAL_BASE = "https://purl.imsglobal.org/spec/"
_OFFICIAL_NAMES: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "ob/v3p0/schema/{}/ob_v3p0_{}_schema.json": {
            "achievementcredential": "AchievementCredential",
            "anyachievementcredential": "AchievementCredential",
            "endorsementcredential": "EndorsementCredential",
        },
        "clr/v2p0/schema/{}/clr_v2p0_{}_schema.json": {
            "achievementcredential": "AchievementCredential",
            "endorsementcredential": "EndorsementCredential",
            "clrcredential": "ClrCredential",
        },
    }
)
OFFICIAL: Mapping[str, str] = MappingProxyType(
    {
        _OFFICIAL_BASE + template.format(flavour, name): model
        for (template, names), flavour in product(_OFFICIAL_NAMES.items(), ("json", "json-ld"))
        for name, model in names.items()
    }
)
"""The addresses of 1EdTech's schemas, and the class of our models that each describes.

``json`` and ``json-ld`` are answered alike, since the standard lets issuers rely on the latter (Open Badges 3.0, section
“Compacted document form”). A credential of VC Data Model 1.1 is held to the class of that version: when it was issued, the
same address led to a schema for it.
"""

Load = Callable[[str], bytes]
"""Returns the document at an address, as it was sent. Raises `Unavailable`, or `MalformedInput` for what is no address."""


class SchemaOutcome(NamedTuple):
    """What became of one entry of ``credentialSchema``; `problem` says why it did not pass."""

    pointer: str
    outcome: Literal["passed", "failed", "unknown"]
    problem: Problem | None = None


def check_schemas(document: JsonObject, load: Load) -> list[SchemaOutcome]:
    """Check a credential against each schema that it names; an empty list where it names none.

    `load` is asked for the schemas that are not 1EdTech's, and for those whose digest the credential states. The document is
    one that passed `intaglio.documents.parse`.
    """
    value = document.get("credentialSchema")
    outcomes: list[SchemaOutcome] = []
    for index, entry in enumerate(as_list(value)):
        place = pointer("credentialSchema", index) if isinstance(value, list) else pointer("credentialSchema")
        stopped = any(each.problem is not None and each.problem.kind == "schema-unsafe" for each in outcomes)
        if index == MAX_SCHEMAS or stopped:
            # One schema that had to be stopped is enough: a thousand would keep us busy for a thousand seconds.
            outcomes.append(_unknown(place, "schema-unsafe", "It was not tried, nor were those after it."))
            break
        outcomes.append(_outcome(document, entry, place, load))
    return outcomes


def _outcome(document: JsonObject, entry: Any, place: str, load: Load) -> SchemaOutcome:
    try:
        _check(document, entry, load)
    except (Unavailable, Unsupported) as error:
        return SchemaOutcome(place, "unknown", _at(place, error))
    except IntaglioError as error:
        return SchemaOutcome(place, "failed", _at(place, error))
    return SchemaOutcome(place, "passed")


def _at(place: str, error: IntaglioError) -> Problem:
    found = error.problem
    return found if found.pointer is not None else Problem(found.kind, found.detail, place)


def _unknown(place: str, kind: str, detail: str) -> SchemaOutcome:
    return SchemaOutcome(place, "unknown", Problem(kind, detail, place))


def _check(document: JsonObject, entry: Any, load: Load) -> None:
    """Pass in silence, or raise: `Unavailable` and `Unsupported` for *unknown*, anything else of ours for *failed*."""
    address = entry.get("id") if isinstance(entry, dict) else None
    if not isinstance(address, str):
        raise MalformedInput("schema-missing", "An entry of “credentialSchema” is an object with “id” and “type”.")
    kind = next((kind for kind in (_W3C, _1EDTECH) if kind in types_of(entry)), None)
    if kind is None:
        raise Unsupported("schema-unknown", f"Its type is neither {_W3C} nor {_1EDTECH}.")
    digests = [item for item in (entry, *_related(document, address)) if states_digest(item)]
    if address in OFFICIAL and not digests:
        _check_official(document, OFFICIAL[address])
        return
    data = load(address)
    for item in digests:
        check_digest(item, data)
    _check_stranger(document, kind, data)


def _related(document: JsonObject, address: str) -> Iterator[JsonObject]:
    """Yield what ``relatedResource`` says about an address (VC Data Model 2.0, section 5.3)."""
    for item in as_list(document.get("relatedResource")):
        if isinstance(item, dict) and item.get("id") == address:
            yield item


def _check_official(document: JsonObject, model: str) -> None:
    for problem in shape.problems(for_version(model, document), document, schema=shape.COMPACTED):
        if problem.kind == "schema-too-long":
            raise Unsupported("schema-unsafe", problem.detail)
        raise MalformedInput("schema-mismatch", problem.detail, pointer=problem.pointer)


def _check_stranger(document: JsonObject, kind: str, data: bytes) -> None:
    try:
        schema = parse(data, max_bytes=MAX_SCHEMA_BYTES)
    except MalformedInput as error:
        raise Unsupported("schema-unusable", f"{error.problem.title} {error.problem.detail}") from None
    verdict, reason = _ask_sandbox({"draft": _draft(schema, kind), "schema": schema, "document": document})
    if verdict == "unusable":
        raise Unsupported("schema-unusable", "It is no JSON Schema, or it needs documents or patterns that we refuse.")
    if verdict == "invalid":
        raise MalformedInput("schema-mismatch", reason.detail, pointer=reason.pointer)


def _draft(schema: Json, kind: str) -> str:
    """Choose the draft by ``$schema``, which a `JsonSchema` must have (VC JSON Schema, section 3, “Processing”)."""
    named = schema.get("$schema") if isinstance(schema, dict) else None
    if named is None and kind == _1EDTECH:
        return "2019-09"
    draft = _DRAFTS.get(named.removesuffix("#")) if isinstance(named, str) else None
    if draft is None:
        raise Unsupported("schema-unusable", "Its “$schema” is missing, or is no draft that we know.")
    return draft


class _Reason(NamedTuple):
    detail: str
    pointer: str


def _ask_sandbox(question: JsonObject) -> tuple[str, _Reason]:
    """Return ``valid``, ``invalid`` or ``unusable``, and the first rule that the document breaks."""
    import subprocess  # noqa: PLC0415 - takes time to import, and few credentials need it

    command = [sys.executable, "-I", str(Path(__file__).with_name("schema_sandbox.py"))]
    try:
        done = subprocess.run(  # noqa: S603 - our own file, with nothing of the document among the arguments
            command, input=json.dumps(question).encode(), capture_output=True, timeout=_SECONDS, check=False
        )
    except (subprocess.TimeoutExpired, OSError):
        raise Unsupported("schema-unsafe", "It could not be evaluated in time.") from None
    verdict, *reasons = done.stdout.decode().splitlines() or [""]
    if not verdict:
        raise Unsupported("schema-unsafe", "Its evaluation took more time or memory than a schema is given.")
    # A process that was stopped while it looked for the reason may have written half of it.
    return verdict, _reason(reasons if done.returncode == 0 else [])


def _reason(lines: list[str]) -> _Reason:
    if not lines:
        return _Reason("It breaks one of the schema’s rules.", "")
    reason = json.loads(lines[0])
    place = pointer(*reason["path"])
    detail = f"It breaks the schema’s rule “{reason['keyword']}”."
    return _Reason(detail, place if len(place) <= _LONGEST_POINTER else "")
