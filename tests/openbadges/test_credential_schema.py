import base64
import hashlib
import json
import subprocess
from collections.abc import Callable
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput, Unavailable
from intaglio.openbadges import shape
from intaglio.openbadges.credential_schema import MAX_SCHEMA_BYTES, MAX_SCHEMAS, OFFICIAL, SchemaOutcome, check_schemas
from tests.openbadges import samples

BADGE_SCHEMA = "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json"
RECORD_SCHEMA = "https://purl.imsglobal.org/spec/clr/v2p0/schema/json/clr_v2p0_clrcredential_schema.json"
STRANGER = "https://state.example/portrait.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
TYPES = ("JsonSchema", "1EdTechJsonSchemaValidator2019")


def _nothing(address: str) -> bytes:
    raise Unavailable("offline", f"{address} was not to be asked for.")


def _answers(schema: Any) -> Callable[[str], bytes]:
    return lambda _: json.dumps(schema).encode()


def _named(address: str = STRANGER, kind: Any = "JsonSchema", **members: Any) -> JsonObject:
    return {"id": address, "type": kind, **members}


def _one(document: JsonObject, load: Callable[[str], bytes] = _nothing) -> SchemaOutcome:
    (outcome,) = check_schemas(document, load)
    return outcome


def _judge(schema: Any, kind: Any = "JsonSchema", **members: Any) -> SchemaOutcome:
    """Check a badge against one schema of a stranger, as 2020-12 where it does not say otherwise."""
    schema = {"$schema": DRAFT, **schema} if isinstance(schema, dict) else schema
    return _one(samples.badge(credentialSchema=_named(kind=kind), **members), _answers(schema))


def _kind(outcome: SchemaOutcome) -> str:
    assert outcome.problem is not None
    return outcome.problem.kind


@pytest.mark.parametrize("members", [{}, {"credentialSchema": []}])
def test_a_credential_that_names_no_schema_has_no_outcome(members: JsonObject) -> None:
    assert check_schemas(samples.badge(**members), _nothing) == []


@pytest.mark.parametrize("kind", TYPES)
def test_the_schemas_of_1edtech_are_answered_without_the_network(kind: str) -> None:
    entries = [_named(BADGE_SCHEMA, kind), _named(BADGE_SCHEMA.replace("/json/", "/json-ld/"), kind)]

    assert check_schemas(samples.badge(credentialSchema=entries), _nothing) == [
        SchemaOutcome("/credentialSchema/0", "passed"),
        SchemaOutcome("/credentialSchema/1", "passed"),
    ]


def test_an_entry_of_several_types_is_checked_by_the_one_that_we_know() -> None:
    assert _judge({"required": ["portrait"]}, kind=["Portrait", "JsonSchema"]).outcome == "failed"


@pytest.mark.parametrize("address", OFFICIAL)
def test_every_schema_of_1edtech_that_we_answer_accepts_its_own_class(address: str) -> None:
    made = {"C": samples.record, "E": samples.endorsement, "A": samples.badge}[OFFICIAL[address][0]]
    for document in (made(), samples.version_1(made())):
        assert _one({**document, "credentialSchema": _named(address)}).outcome == "passed"


def test_what_breaks_a_schema_of_1edtech_is_named_where_it_stands() -> None:
    outcome = _one(samples.badge(credentialSchema=_named(BADGE_SCHEMA), validFrom=5))

    assert (outcome.pointer, outcome.outcome) == ("/credentialSchema", "failed")
    assert outcome.problem is not None
    assert (outcome.problem.kind, outcome.problem.pointer) == ("schema-mismatch", "/validFrom")


def test_a_badge_that_names_the_schema_of_the_record_fails_it() -> None:
    assert _one(samples.badge(credentialSchema=_named(RECORD_SCHEMA))).outcome == "failed"


def test_what_the_published_schema_accepts_passes_it_though_it_is_a_finding() -> None:
    lone = samples.badge(credentialSchema=_named(BADGE_SCHEMA), evidence={"type": "Photograph"})

    assert _one(lone).outcome == "passed"


@pytest.mark.parametrize("file", samples.published())
def test_published_credentials_pass_the_schemas_of_1edtech_that_they_name(file: str) -> None:
    for outcome in check_schemas(samples.published()[file], _nothing):
        assert outcome.outcome in {"passed", "unknown"}


@pytest.mark.parametrize(
    "entry", [None, 5, "https://x.example", [], {}, {"id": 5, "type": "JsonSchema"}, {"type": "JsonSchema"}]
)
def test_hostile_an_entry_of_any_shape_fails(entry: Any) -> None:
    outcome = _one(samples.badge(credentialSchema=[entry]))

    assert (outcome.pointer, outcome.outcome, _kind(outcome)) == ("/credentialSchema/0", "failed", "schema-missing")


@pytest.mark.parametrize("kind", ["JsonSchemaValidator2018", "JsonSchemaCredential", "x" * 100_000, None, 5, []])
def test_a_schema_of_an_unknown_type_is_unknown(kind: Any) -> None:
    outcome = _one(samples.badge(credentialSchema={"id": BADGE_SCHEMA, "type": kind}))

    assert (outcome.outcome, _kind(outcome)) == ("unknown", "schema-unknown")


def test_a_schema_that_cannot_be_had_is_unknown() -> None:
    outcome = _one(samples.badge(credentialSchema=_named()))

    assert (outcome.outcome, _kind(outcome)) == ("unknown", "offline")


def test_a_schema_at_no_address_fails() -> None:
    def refuse(address: str) -> bytes:
        raise MalformedInput("bad-address", f"{address} is no address.")

    outcome = _one(samples.badge(credentialSchema=_named("portrait")), refuse)

    assert (outcome.outcome, _kind(outcome)) == ("failed", "bad-address")


@pytest.mark.parametrize("kind", TYPES)
def test_a_strangers_schema_is_kept_or_broken(kind: str) -> None:
    assert _judge({"required": ["portrait"]}, kind, portrait="x").outcome == "passed"

    outcome = _judge({"properties": {"portrait": {"required": ["a"]}}}, kind, portrait={})

    assert outcome.outcome == "failed"
    assert outcome.problem is not None
    assert outcome.problem.kind == "schema-mismatch"
    assert outcome.problem.detail == "It breaks the schema’s rule “required”."
    assert outcome.problem.pointer == "/portrait"


def test_formats_are_checked_as_the_example_of_the_specification_has_it() -> None:
    """VC JSON Schema, section “Evaluation”, Failure Result."""
    schema = {"properties": {"mail": {"format": "email"}}}

    assert _judge(schema, mail="subject@example.com").outcome == "passed"
    assert _judge(schema, mail="not an email").outcome == "failed"


@pytest.mark.parametrize(
    ("draft", "outcome"),
    [
        ("https://json-schema.org/draft/2020-12/schema", "passed"),
        ("https://json-schema.org/draft/2019-09/schema#", "failed"),
        ("http://json-schema.org/draft-07/schema#", "failed"),
        ("http://json-schema.org/draft-06/schema", "failed"),
        ("http://json-schema.org/draft-04/schema#", "failed"),
        ("https://json-schema.org/draft/2029-01/schema", "unknown"),
        (5, "unknown"),
    ],
)
def test_a_schema_is_read_in_the_draft_that_it_names(draft: Any, outcome: str) -> None:
    """Before 2020-12, a list of schemas for ``items`` went item by item; since then it means nothing."""
    schema = {"$schema": draft, "properties": {"pair": {"items": [{"type": "string"}]}}}
    if outcome == "passed":
        schema["properties"] = {"pair": {"prefixItems": [{"type": "number"}]}}

    assert _judge(schema, pair=[5]).outcome == outcome


def test_only_1edtechs_type_says_the_draft_by_its_name() -> None:
    document = samples.badge(pair=[5])
    schema = {"properties": {"pair": {"items": [{"type": "string"}]}}}

    outcomes = [_one({**document, "credentialSchema": _named(kind=kind)}, _answers(schema)) for kind in TYPES]

    assert [outcome.outcome for outcome in outcomes] == ["unknown", "failed"]
    assert _kind(outcomes[0]) == "schema-unusable"


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"true", b"\xff", b'{"$schema": "a", "$schema": "b"}', b" " * (MAX_SCHEMA_BYTES + 1)]
)
def test_what_is_no_schema_leaves_the_outcome_unknown(data: bytes) -> None:
    outcome = _one(samples.badge(credentialSchema=_named()), lambda _: data)

    assert (outcome.outcome, _kind(outcome)) == ("unknown", "schema-unusable")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "badge"},
        {"properties": {"name": {"pattern": "("}}},
        {"$ref": "#/$defs/missing"},
    ],
)
def test_a_broken_schema_leaves_the_outcome_unknown(schema: JsonObject) -> None:
    assert _kind(_judge(schema)) == "schema-unusable"


@pytest.mark.parametrize("address", ["https://evil.example/x.json", "http://169.254.169.254/", "file:///etc/passwd"])
def test_hostile_a_schema_cannot_make_us_ask_for_addresses(address: str) -> None:
    assert _kind(_judge({"$ref": address})) == "schema-unusable"


@pytest.mark.parametrize("pattern", [r"^(?=(a+))b", r"^(a+)\1$", "((a{1000}){1000}){1000}"])
def test_hostile_patterns_that_need_backtracking_or_much_memory_are_refused(pattern: str) -> None:
    assert _kind(_judge({"properties": {"name": {"pattern": pattern}}})) == "schema-unusable"


def test_hostile_a_catastrophic_pattern_takes_linear_time() -> None:
    assert _judge({"properties": {"name": {"pattern": "^(a+)+$"}}}, name="a" * 100_000 + "!").outcome == "failed"


@pytest.mark.parametrize("schema", [{"$ref": "#"}, {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}])
def test_hostile_a_schema_that_refers_to_itself_ends(schema: JsonObject) -> None:
    assert _judge(schema).outcome == "passed"


def test_hostile_a_million_alternatives_are_too_many_bytes_to_read() -> None:
    assert _kind(_judge({"anyOf": [{"type": "string"}] * 1_000_000})) == "schema-unusable"


def test_hostile_as_many_alternatives_as_are_read_are_evaluated() -> None:
    assert _judge({"anyOf": [{"type": "string"}] * 25_000}).outcome == "failed"


def _doubling(keyword: str) -> JsonObject:
    steps = {f"a{n}": {keyword: [{"$ref": f"#/$defs/a{n + 1}"}, {"$ref": f"#/$defs/a{n + 1}"}]} for n in range(40)}
    return {"$ref": "#/$defs/a0", "$defs": {**steps, "a40": {"type": "string" if keyword == "anyOf" else "object"}}}


@pytest.mark.parametrize("keyword", ["allOf", "anyOf"])
def test_hostile_a_schema_that_doubles_its_work_with_each_step_is_stopped(keyword: str) -> None:
    assert _kind(_judge(_doubling(keyword))) == "schema-unsafe"


def test_hostile_after_one_schema_that_had_to_be_stopped_no_other_is_tried() -> None:
    asked: list[str] = []

    def load(address: str) -> bytes:
        asked.append(address)
        return json.dumps({"$schema": DRAFT, **_doubling("allOf")}).encode()

    outcomes = check_schemas(samples.badge(credentialSchema=[_named(f"urn:{n}") for n in range(5)]), load)

    assert asked == ["urn:0"]
    assert [(each.pointer, each.outcome) for each in outcomes] == [
        ("/credentialSchema/0", "unknown"),
        ("/credentialSchema/1", "unknown"),
    ]


def test_hostile_a_document_without_end_is_unknown_after_the_first_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "MAX_STEPS", 10)

    outcomes = check_schemas(samples.badge(credentialSchema=[_named(BADGE_SCHEMA)] * 5), _nothing)

    assert [(each.outcome, _kind(each)) for each in outcomes] == [("unknown", "schema-unsafe")] * 2


def test_hostile_a_thousand_schemas_are_not_all_checked() -> None:
    outcomes = check_schemas(samples.badge(credentialSchema=[_named(BADGE_SCHEMA)] * 1000), _nothing)

    assert [each.outcome for each in outcomes] == ["passed"] * MAX_SCHEMAS + ["unknown"]


def test_hostile_a_member_name_of_a_kilobyte_is_not_repeated() -> None:
    outcome = _judge({"properties": {"n" * 1000: {"type": "string"}}}, **{"n" * 1000: 5})

    assert outcome.problem is not None
    assert outcome.problem.pointer == ""


def _process(stdout: bytes, returncode: int) -> Callable[..., Any]:
    return lambda *_, **__: subprocess.CompletedProcess([], returncode, stdout=stdout)


def test_a_verdict_stands_though_the_search_for_its_reason_was_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subprocess, "run", _process(b'invalid\n{"keyword": "anyO', -9))

    outcome = _judge({})

    assert outcome.outcome == "failed"
    assert outcome.problem is not None
    assert outcome.problem.detail == "It breaks one of the schema’s rules."


@pytest.mark.parametrize("error", [OSError("no more processes"), subprocess.TimeoutExpired("python", 20)])
def test_a_process_that_does_not_start_or_answer_leaves_the_outcome_unknown(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(subprocess, "run", fail)

    assert _kind(_judge({})) == "schema-unsafe"


def _sri(data: bytes, name: str = "sha384") -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def test_a_schema_must_be_the_one_whose_digest_the_credential_states() -> None:
    data = json.dumps({"$schema": DRAFT}).encode()
    for digest, outcome in (
        (_sri(data), "passed"),
        (_sri(b"another"), "failed"),
        ("md5-1B2M2Y8AsgTpgAmY7PhCfg==", "unknown"),
    ):
        document = samples.badge(credentialSchema=_named(digestSRI=digest))
        assert _one(document, lambda _: data).outcome == outcome


def test_a_schema_must_be_the_one_that_relatedresource_describes() -> None:
    data = json.dumps({"$schema": DRAFT}).encode()
    for digest, outcome in ((_sri(data), "passed"), (_sri(b"another"), "failed")):
        related = [5, {"id": "urn:other", "digestSRI": _sri(b"")}, {"id": STRANGER, "digestSRI": digest}]
        document = samples.badge(credentialSchema=_named(), relatedResource=related)
        assert _one(document, lambda _: data).outcome == outcome


def test_where_the_digest_of_1edtechs_schema_is_stated_that_very_document_is_asked_for() -> None:
    """Ours says the same in other words, so it has another digest."""
    data = json.dumps({"$schema": DRAFT, "required": ["nobody has this"]}).encode()
    document = samples.badge(credentialSchema=_named(BADGE_SCHEMA, digestSRI=_sri(data)))

    assert _one(document).outcome == "unknown"
    assert _one(document, lambda _: data).outcome == "failed"
