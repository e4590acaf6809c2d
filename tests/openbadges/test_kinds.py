import tracemalloc
from itertools import islice
from typing import Any

import pytest

from intaglio.documents import JsonObject
from intaglio.openbadges.kinds import Kind, class_of, embedded_credentials, kind_of
from tests.openbadges import samples


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["VerifiableCredential", "OpenBadgeCredential"], Kind.BADGE),
        (["AchievementCredential"], Kind.BADGE),
        ("OpenBadgeCredential", Kind.BADGE),
        (["VerifiableCredential", "EndorsementCredential"], Kind.ENDORSEMENT),
        (["VerifiableCredential", "ClrCredential"], Kind.LEARNER_RECORD),
        (["EndorsementCredential", "OpenBadgeCredential", "ClrCredential"], Kind.LEARNER_RECORD),
        (["EndorsementCredential", "OpenBadgeCredential"], Kind.BADGE),
        (["VerifiableCredential"], Kind.OTHER),
        ([{"OpenBadgeCredential": 1}, ["OpenBadgeCredential"], 5], Kind.OTHER),
        (None, Kind.OTHER),
    ],
)
def test_the_type_tells_the_kind(types: Any, kind: Kind) -> None:
    assert kind_of({"type": types}) is kind


def test_the_first_context_tells_the_version_of_the_class() -> None:
    assert class_of(samples.badge()) == "AchievementCredential"
    assert class_of(samples.version_1(samples.badge())) == "AchievementCredentialV1"
    assert class_of(samples.version_1(samples.record())) == "ClrCredentialV1"
    assert class_of({**samples.badge(), "@context": 5}) == "AchievementCredential"
    assert class_of({"type": "VerifiableCredential"}) is None


def _endorsed(name: str, **members: Any) -> JsonObject:
    return {"endorsement": [{"id": name}], "endorsementJwt": [name], **members}


def test_credentials_are_found_at_every_place_that_the_model_has_for_them() -> None:
    document = {
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        **_endorsed("credential"),
        "issuer": _endorsed("issuer", parentOrg=_endorsed("above")),
        "credentialSubject": {
            "source": _endorsed("source"),
            "achievement": _endorsed("achievement", creator=_endorsed("creator")),
        },
    }

    found = list(embedded_credentials(document))

    assert {place.pointer.rpartition("/")[0].rpartition("/")[0] for place in found} == {
        "",
        "/issuer",
        "/issuer/parentOrg",
        "/credentialSubject/source",
        "/credentialSubject/achievement",
        "/credentialSubject/achievement/creator",
    }
    assert len(found) == 12
    assert all(place.is_endorsement and samples.at(document, place.pointer) is place.value for place in found)


def test_a_record_holds_credentials_and_endorsements() -> None:
    document = {
        "type": ["VerifiableCredential", "ClrCredential"],
        "endorsementJwt": "a.b.c",
        "credentialSubject": {
            "verifiableCredential": [{"id": "urn:1"}, "d.e.f"],
            "achievement": [_endorsed("one"), _endorsed("two")],
        },
    }

    found = {place.pointer: place.is_endorsement for place in embedded_credentials(document)}

    assert found == {
        "/endorsementJwt": True,
        "/credentialSubject/verifiableCredential/0": False,
        "/credentialSubject/verifiableCredential/1": False,
        "/credentialSubject/achievement/0/endorsement/0": True,
        "/credentialSubject/achievement/0/endorsementJwt/0": True,
        "/credentialSubject/achievement/1/endorsement/0": True,
        "/credentialSubject/achievement/1/endorsementJwt/0": True,
    }


def test_the_endorser_of_an_endorsement_may_be_endorsed() -> None:
    document = samples.endorsement(issuer={"id": "x", "type": "Profile", "endorsement": samples.endorsement()})

    (found,) = embedded_credentials(document)

    assert found == ("/issuer/endorsement", samples.endorsement(), True)


def test_what_stands_inside_an_embedded_credential_is_left_to_it() -> None:
    (found,) = embedded_credentials(samples.record())

    assert found.pointer == "/credentialSubject/verifiableCredential/0"
    assert [each.pointer for each in embedded_credentials(found.value)] == ["/endorsement"]


def test_a_credential_of_another_standard_has_none_that_we_know() -> None:
    assert list(embedded_credentials({"type": "VerifiableCredential", "endorsement": [samples.endorsement()]})) == []


def test_endorsements_elsewhere_are_somebody_elses_words() -> None:
    document = samples.record(**{"@context": [{"endorsement": {"@id": "urn:x"}}], "evidence": _endorsed("evidence")})

    assert [each.pointer for each in embedded_credentials(document)] == ["/credentialSubject/verifiableCredential/0"]


@pytest.mark.parametrize("value", [None, 5, "x", [], [None], [[]], {}, {"endorsement": None}])
def test_hostile_values_of_any_shape_are_passed_on_and_not_stumbled_over(value: Any) -> None:
    for member in ("issuer", "credentialSubject", "endorsement"):
        list(embedded_credentials({"type": "OpenBadgeCredential", member: value}))


def test_hostile_organizations_above_organizations_take_no_stack() -> None:
    profile: JsonObject = {"endorsement": "last"}
    for _ in range(5_000):
        profile = {"parentOrg": profile}

    (found,) = embedded_credentials({"type": "OpenBadgeCredential", "issuer": profile})

    assert found.value == "last"


def test_hostile_a_million_endorsements_are_found_one_by_one() -> None:
    document = {
        "type": "OpenBadgeCredential",
        "credentialSubject": [{"achievement": [{"endorsementJwt": ["a"] * 9}] * 100_000}],
    }
    tracemalloc.start()

    found = list(islice(embedded_credentials(document), 10))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found[9].pointer == "/credentialSubject/0/achievement/1/endorsementJwt/0"
    assert peak < 100_000
