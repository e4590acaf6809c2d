from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from intaglio.openbadges.contents import contents_of
from tests.verification.builders import badge

NAMES = [
    "id",
    "name",
    "issuer",
    "credentialSubject",
    "achievement",
    "criteria",
    "result",
    "evidence",
    "alignment",
    "image",
]
NAMES += [
    "resultDescription",
    "rubricCriterionLevel",
    "achievedLevel",
    "identifier",
    "source",
    "narrative",
    "@value",
    "type",
]
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.sampled_from(["name", "data:image/png,x", "urn:a"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=25,
)
DOCUMENTS = st.dictionaries(st.sampled_from(NAMES), JSON)


@given(DOCUMENTS)
def test_any_document_has_contents(document: dict[str, Any]) -> None:
    assert isinstance(contents_of(document).name, str)


def test_addresses_that_are_no_web_addresses_become_no_links() -> None:
    subject = badge()["credentialSubject"]
    achievement = {**subject["achievement"], "criteria": {"id": "javascript:x()", "narrative": "y"}}
    assert contents_of(badge(credentialSubject={**subject, "achievement": achievement})).criteria_url is None


def test_pictures_that_are_elsewhere_are_not_taken() -> None:
    subject = badge()["credentialSubject"]
    achievement = {**subject["achievement"], "image": "https://spy.example/pixel.png"}
    assert contents_of(badge(credentialSubject={**subject, "achievement": achievement})).picture is None
