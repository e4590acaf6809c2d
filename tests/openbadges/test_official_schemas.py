"""Our verdicts beside those of 1EdTech's published schemas, evaluated by `jsonschema-rs`."""

import json
import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import jsonschema_rs
import pytest
from hypothesis import HealthCheck, given, settings

from intaglio.documents import JsonObject
from intaglio.errors import Problem
from intaglio.openbadges.findings import findings
from intaglio.openbadges.kinds import class_of
from intaglio.openbadges.models.generate import DIALECT, schemas
from intaglio.openbadges.shape import COMPACTED
from tests.conftest import STANDARDS
from tests.openbadges import samples

_HEALTH = (HealthCheck.too_slow, HealthCheck.large_base_example, HealthCheck.data_too_large)
SLICE = settings(max_examples=400, derandomize=True, database=None, deadline=None, suppress_health_check=_HEALTH)
WHOLE = settings(SLICE, max_examples=30_000)
OFFICIAL = STANDARDS / "jsonschema"

pytestmark = pytest.mark.skipif(not OFFICIAL.is_dir(), reason=f"no official schemas at {OFFICIAL}")


@cache
def official(name: str) -> Any:
    """Return 1EdTech's schema of a class. Those of version 1.1 are published only inside that of any achievement."""
    if name == "ClrCredential":
        return _validator(_load("clr2/clr_v2p0_clrcredential_schema.json"))
    if name in {"AchievementCredential", "EndorsementCredential"}:
        return _validator(_load(f"ob3/ob_v3p0_{name.lower()}_schema.json"))
    both = _load("ob3/ob_v3p0_anyachievementcredential_schema.json")
    if name == "AchievementCredentialV1":
        return _validator({**both, "anyOf": both["anyOf"][:1]})
    if name == "EndorsementCredentialV1":
        only = {key: value for key, value in both.items() if key != "anyOf"}
        return _validator({**only, "$ref": "#/$defs/EndorsementCredentialv1p1"})
    return None


def _load(path: str) -> JsonObject:
    schema: JsonObject = json.loads((OFFICIAL / path).read_bytes())
    return schema


def _validator(schema: JsonObject) -> Any:
    # `format` is an annotation in draft 2019-09 (validation vocabulary, section 7.2), and so it is here.
    return jsonschema_rs.validator_for(schema)


@cache
def ours(name: str) -> Any:
    schema = {"$schema": DIALECT, "$ref": f"#/$defs/{name}", "$defs": schemas()[COMPACTED]["$defs"]}
    return jsonschema_rs.Draft202012Validator(schema)


class Difference(NamedTuple):
    """One way in which the words of the standard ask for more than its schema, and where they do."""

    clause: str
    is_it: Callable[[Problem, Any], bool]


def _ends(*names: str) -> Callable[[Problem, Any], bool]:
    return lambda problem, _: re.search(rf"(^|/)({'|'.join(names)})$", problem.pointer or "") is not None


def _lone(name: str) -> Callable[[Problem, Any], bool]:
    return lambda problem, value: _ends(name)(problem, value) and not isinstance(value, list)


# What the published schema accepts and we name all the same. Nothing else may differ in this direction.
STRICTER = (
    Difference("every class, property `type`: one of the items MUST be the IRI of the class", _lone("type")),
    Difference("credentials, property `@context`: MUST be an ordered set that begins with …", _lone("@context")),
    Difference(
        "derived types URI, IRI, LanguageCode, CompactJws, EmailAddress …: one text, which no language changes",
        lambda problem, value: problem.kind == "schema-type" and isinstance(value, dict),
    ),
    Difference(
        "class ProfileRef: a URI or a Profile, not a map of texts (in the schema's eyes “id” is a language)",
        lambda problem, value: _ends("issuer")(problem, value) and problem.kind == "schema-missing",
    ),
    Difference(
        "section “Extending Enumerated Vocabularies”: extended terms MUST start with the prefix “ext:”",
        lambda _, value: isinstance(value, str) and "ext:" in value and not value.startswith("ext:"),
    ),
    Difference(
        "derived types DateTimeZ, DateTime and Date",
        lambda problem, value: isinstance(value, str) and re.search("a (time|day) ", problem.detail) is not None,
    ),
    Difference(
        "derived type IdentityHash: an algorithm, “$”, and the hash in hexadecimal digits",
        lambda problem, value: _ends("identityHash")(problem, value) and problem.kind == "schema-value",
    ),
    Difference(
        "section “OpenBadgeCredential Verification”, step 1: identified by an id and/or an identifier",
        lambda problem, _: problem.pointer == "/credentialSubject" and "neither" in problem.detail,
    ),
    Difference(
        "class Result: the linked result description must be in the achievement; status is required for type Status",
        lambda problem, _: problem.kind == "schema-link" or "of type Status" in problem.detail,
    ),
)
# What the published schema refuses and we accept: records of VC Data Model 1.1, for which 1EdTech publishes no schema
# though records of that version are in the field; they are held to the pattern of the badge of that version.
LOOSER = frozenset({"ClrCredentialV1"})


def _compare(document: JsonObject) -> None:
    name = class_of(document)
    if name is None or name in LOOSER:
        return
    accepted = official(name).is_valid(document)
    assert ours(name).is_valid(document) == accepted
    problems = findings(document).problems
    if not accepted:
        assert problems
    for problem in problems if accepted else ():
        value = samples.at(document, problem.pointer or "")
        assert any(difference.is_it(problem, value) for difference in STRICTER), problem


@pytest.mark.parametrize("file", samples.published())
def test_published_credentials_get_the_verdict_of_the_published_schemas(file: str) -> None:
    _compare(samples.published()[file])


@SLICE
@given(samples.broken(samples.everything()))
def test_broken_credentials_get_the_verdict_of_the_published_schemas(document: JsonObject) -> None:
    _compare(document)


@pytest.mark.exhaustive
@WHOLE
@given(samples.broken(samples.everything()))
def test_very_many_broken_credentials_get_the_verdict_of_the_published_schemas(document: JsonObject) -> None:
    _compare(document)


@pytest.mark.parametrize("version", ["", "V1"])
def test_a_badge_of_either_version_is_any_achievement_credential(version: str) -> None:
    both = _validator(_load("ob3/ob_v3p0_anyachievementcredential_schema.json"))
    document = samples.version_1(samples.badge()) if version else samples.badge()

    assert both.is_valid(document)
    assert ours(f"AchievementCredential{version}").is_valid(document)


@pytest.mark.parametrize("flavour", ["ob3/ob_v3p0", "clr2/clr_v2p0"])
def test_the_profile_of_each_standard_is_our_profile(flavour: str) -> None:
    theirs = _validator(_load(f"{flavour}_profile_schema.json"))
    good = {"id": "x", "type": ["Profile"], "endorsement": [samples.endorsement()], "address": {"type": "Address"}}

    for profile in (good, {**good, "parentOrg": "x"}, {"id": "x"}, {**good, "endorsementJwt": "a.b"}):
        assert ours("Profile").is_valid(profile) == theirs.is_valid(profile)


@pytest.mark.parametrize("name", ["achievementcredential", "endorsementcredential"])
def test_the_learner_record_standard_has_the_same_badges_and_endorsements(name: str) -> None:
    theirs = _validator(_load(f"clr2/clr_v2p0_{name}_schema.json"))

    for document in samples.everything():
        if class_of(document) in {"AchievementCredential", "EndorsementCredential"}:
            both = official({"a": "AchievementCredential", "e": "EndorsementCredential"}[name[0]])
            assert theirs.is_valid(document) == both.is_valid(document)


def test_records_of_the_older_version_are_read_though_no_schema_is_published_for_them() -> None:
    document = samples.version_1(samples.record())

    assert not official("ClrCredential").is_valid(document)
    assert findings(document).problems == ()


_HASHED = {"type": "IdentityObject", "hashed": True, "identityHash": "sha1$00", "identityType": "emailAddress"}


# One for each row of the table, in its order: a row that nothing needs would hide a difference that nobody intends.
_EXAMPLES: tuple[JsonObject, ...] = (
    {"type": "OpenBadgeCredential"},
    {"@context": samples.OB},
    {"id": {"en": "x"}},
    {"issuer": {"id": "https://school.example/"}},
    {
        "credentialSubject": samples.subject(
            achievement={**samples.subject()["achievement"], "achievementType": "xext:y"}
        )
    },
    {"validFrom": "yesterday"},
    {"credentialSubject": samples.subject(identifier=_HASHED)},
    {"credentialSubject": samples.subject(identifier=[])},
    {"credentialSubject": samples.subject(result={"type": "Result", "resultDescription": "urn:x"})},
)


@pytest.mark.parametrize(("difference", "change"), list(zip(STRICTER, _EXAMPLES, strict=True)))
def test_the_words_of_the_standard_ask_for_more_than_its_schema(difference: Difference, change: JsonObject) -> None:
    document = samples.badge(**change)

    assert official("AchievementCredential").is_valid(document)
    problems = findings(document).problems
    assert problems
    assert all(difference.is_it(problem, samples.at(document, problem.pointer or "")) for problem in problems)
