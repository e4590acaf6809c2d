import copy
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from pydantic import ValidationError

from intaglio.documents import JsonObject
from intaglio.errors import MalformedInput
from intaglio.openbadges import shape
from intaglio.openbadges.kinds import class_of
from intaglio.openbadges.models.achievement import (
    Achievement,
    AchievementCredential,
    AchievementSubject,
    Criteria,
)
from intaglio.openbadges.models.base import Model
from intaglio.openbadges.models.clr import ClrCredential
from intaglio.openbadges.models.endorsement import EndorsementCredential, Profile
from intaglio.openbadges.models.legacy import AchievementCredentialV1, ClrCredentialV1, EndorsementCredentialV1
from intaglio.openbadges.models.profile import GeoCoordinates, IdentityObject, Image
from intaglio.openbadges.models.result import Alignment, Result
from tests.openbadges import samples
from tests.openbadges.test_official_schemas import SLICE, WHOLE

_CLASSES: dict[str, type[Model]] = {
    cls.__name__: cls
    for cls in (
        AchievementCredential,
        AchievementCredentialV1,
        EndorsementCredential,
        EndorsementCredentialV1,
        ClrCredential,
        ClrCredentialV1,
    )
}


def _a_badge(**members: Any) -> AchievementCredential:
    achievement = Achievement(
        id="urn:achievement", name="Teamwork", description="Works well.", criteria=Criteria(narrative="Three pieces.")
    )
    return AchievementCredential(
        id="urn:uuid:1",
        issuer="did:web:school.example",
        valid_from="2026-01-01T00:00:00Z",
        credential_subject=AchievementSubject(id="did:example:learner", achievement=achievement),
        **members,
    )


@pytest.mark.parametrize("name", samples.OWN)
def test_what_was_read_is_written_as_it_was(name: str) -> None:
    document = samples.OWN[name]
    cls = _CLASSES[class_of(document) or ""]

    assert cls.read(cls.read(document).to_json()) == cls.read(document)


def test_the_complete_example_of_the_standard_is_written_as_it_was_read() -> None:
    document = samples.published().get("1edtech-ob30/complete.json")
    if document is None:
        pytest.skip("the published credentials are not here")

    assert AchievementCredential.read(document).to_json() == document


def test_single_values_are_written_as_lists() -> None:
    read = AchievementCredential.read(samples.badge())

    assert isinstance(read.endorsement, tuple)
    assert read.to_json()["endorsement"] == [EndorsementCredential.read(samples.endorsement()).to_json()]


def test_a_badge_that_we_write_states_its_contexts_and_types() -> None:
    written = _a_badge().to_json()

    assert list(written)[:3] == ["@context", "id", "type"]
    assert written["@context"] == [samples.V2, samples.OB]
    assert written["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert written["credentialSubject"]["achievement"]["type"] == ["Achievement"]
    assert "name" not in written
    assert AchievementCredential.read(written).to_json() == written


def test_members_of_extensions_are_kept() -> None:
    document = samples.badge(portrait={"framework": "https://state.example/portrait"})

    assert AchievementCredential.read(document).to_json()["portrait"] == document["portrait"]


def test_closed_classes_take_no_members_of_extensions() -> None:
    with pytest.raises(MalformedInput) as caught:
        Image.read({"id": "https://school.example/a.png", "type": "Image", "width": 90})

    assert (caught.value.problem.kind, caught.value.problem.pointer) == ("schema-extra", "/width")


def test_a_document_may_not_use_the_names_of_our_code() -> None:
    with pytest.raises(MalformedInput) as caught:
        Alignment.read({"type": "Alignment", "target_name": "x", "targetUrl": "y"})

    assert caught.value.problem.detail == "The member “targetName” is missing."


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({"targetName": "x", "targetUrl": "y"}, "schema-missing"),
        ({"type": "Alignment", "targetName": "x", "targetUrl": "y", "targetCode": None}, "schema-type"),
        ({"type": "Alignment", "targetName": "x", "targetUrl": 1}, "schema-type"),
        ({"type": "Alignment", "targetName": "x", "targetUrl": "y", "targetType": "Item"}, "schema-value"),
    ],
)
def test_a_document_leaves_nothing_to_defaults_and_conversions(document: JsonObject, kind: str) -> None:
    with pytest.raises(MalformedInput) as caught:
        Alignment.read(document)

    assert caught.value.problem.kind == kind


def test_models_are_frozen() -> None:
    with pytest.raises(ValidationError):
        _a_badge().id = "urn:uuid:2"


@pytest.mark.parametrize(
    "wrong",
    [
        {"valid_until": "tomorrow"},
        {"type": ("VerifiableCredential",)},
        {"context": (samples.V2,)},
        {"context": (samples.V2, samples.OB + "\n")},
        {"context": (samples.OB, samples.V2)},
        {"endorsement_jwt": "no token"},
        {"image": {"id": "x", "type": "Picture"}},
    ],
)
def test_what_is_written_by_code_is_checked_as_well(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        _a_badge(**wrong)


def test_numbers_are_finite_and_nothing_else_is_a_number() -> None:
    assert GeoCoordinates(latitude=38, longitude=-109.5).to_json()["latitude"] == 38
    for wrong in (float("nan"), True, "38"):
        with pytest.raises(ValidationError):
            GeoCoordinates(latitude=wrong, longitude=0)


def test_absent_members_may_be_given_as_none_by_code() -> None:
    assert Result(value="A", status=None).to_json() == {"type": ["Result"], "value": "A"}


def test_where_schema_and_model_would_differ_reading_still_raises_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shape, "problems", lambda *_: iter(()))

    with pytest.raises(MalformedInput) as caught:
        IdentityObject.read({"type": "IdentityObject"})

    assert caught.value.problem.kind == "schema-value"


def test_organizations_may_stand_above_organizations() -> None:
    profile: JsonObject = {"id": "urn:0", "type": "Profile"}
    for level in range(1, 30):
        profile = {"id": f"urn:{level}", "type": ["Profile"], "parentOrg": profile}

    assert Profile.read(profile).to_json()["parentOrg"]["id"] == "urn:28"


@SLICE
@given(samples.broken(samples.everything()))
def test_models_and_schema_agree_on_broken_credentials(document: JsonObject) -> None:
    _agree(document)


@pytest.mark.exhaustive
@WHOLE
@given(samples.broken(samples.everything()))
def test_models_and_schema_agree_on_very_many_broken_credentials(document: JsonObject) -> None:
    _agree(document)


def _agree(document: JsonObject) -> None:
    name = class_of(document)
    if name is None:
        return
    before = copy.deepcopy(document)
    first = next(shape.problems(name, document), None)
    if first is None:
        _CLASSES[name].read(document)
    else:
        with pytest.raises(ValidationError):
            _CLASSES[name].model_validate(document, by_alias=True, by_name=False, context=_reading())
    assert document == before


def _reading() -> object:
    from intaglio.openbadges.models import base  # noqa: PLC0415 - a private mark of that module

    return base._READING


def test_checking_a_badge_does_not_load_the_models() -> None:
    """They take a tenth of a second to import, which the command line has not got."""
    code = (
        "import sys\n"
        "import intaglio.openbadges.findings, intaglio.openbadges.credential_schema\n"
        "sys.exit(bool({'pydantic', 'jsonschema_rs', 'subprocess'} & sys.modules.keys()))\n"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # noqa: S603 - our own code
