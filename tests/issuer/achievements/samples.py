"""Achievements and awards for the tests of this feature."""

from datetime import UTC, datetime
from typing import Any

from issuer.achievements.composing import (
    AwardedAchievement,
    AwardedResult,
    AwardFacts,
    EvidenceLink,
    IssuerProfile,
    StatusPlace,
)
from issuer.achievements.definition import Alignment, Definition, Level, ResultDescription

AWARDED = datetime(2026, 5, 29, 15, 0, tzinfo=UTC)
DID = "did:web:school.example"
ADDRESS = "https://school.example/achievements/6a0f2e63-55c8-4d6c-9d44-0d3c5f1d6c11"
RUBRIC_ID = "urn:uuid:5f2a1f06-7a36-4d0e-a0cc-9c2b7a0d4c77"
LEVEL_IDS = (
    "urn:uuid:6d3f5b0c-50c3-4b8c-8f3b-0a4ab2f7a2c1",
    "urn:uuid:1c0b7a54-6a0c-4c2e-9a3c-53c6c0e8d0b9",
)
SCORE_ID = "urn:uuid:9f7c6f6e-2a5b-4e0f-8c39-0a0c3f4d9b02"
GRADE_ID = "urn:uuid:0b1d4d8e-67a5-4c1b-b6f4-3a7d1c3a5e03"
STATUS_ID = "urn:uuid:4d4cf1a2-9a57-4b5f-a0be-7b5ad2f6c204"


def definition(**changes: Any) -> Definition:
    """Return an achievement that says everything an achievement can say."""
    levels = (
        Level(id=LEVEL_IDS[0], name="Practicing", level="2", description="With help.", points="2"),
        Level(id=LEVEL_IDS[1], name="Proficient", level="3", description="Alone.", points="3"),
    )
    whole = {
        "name": "Communication",
        "description": "Says what is meant, so that those who were not there understand it.",
        "criteria": "Three pieces of evidence before *two* audiences.\n\n- one in writing\n- one aloud",
        "tags": ("speaking", "writing"),
        "field_of_study": "Language arts",
        "human_code": "COM-1",
        "credits_available": "0.5",
        "image_caption": "Two speech bubbles",
        "alignments": (
            Alignment(
                target_name="Speaks before an audience",
                target_url="https://case.example/CFItems/7",
                target_type="CFItem",
                target_code="SL.7",
                target_framework="State standards",
            ),
        ),
        "results": (
            ResultDescription(id=RUBRIC_ID, name="Rubric level", levels=levels, required_level=LEVEL_IDS[0]),
            ResultDescription(id=SCORE_ID, name="Score", result_type="RawScore", value_min="0", value_max="20"),
            ResultDescription(id=GRADE_ID, name="Grade", result_type="LetterGrade", allowed_values=("C", "B", "A")),
        ),
        "valid_for": "P3Y",
    }
    return Definition(**{**whole, **changes})


def award(**changes: Any) -> AwardFacts:
    """Return an award with everything that an award can say; the school's copy of it."""
    whole: dict[str, Any] = {
        "credential_id": "urn:uuid:5f0c2f0a-6f0e-4b6e-9c50-0f6d3d3f3b51",
        "issuer": IssuerProfile(
            DID, "Juniper Flats High School", "https://school.example/", "https://school.example/i.png"
        ),
        "achievement": AwardedAchievement(ADDRESS, 2, definition(), f"{ADDRESS}/image"),
        "learner_name": "Robin Castañeda",
        "awarded_at": AWARDED,
        "valid_from": AWARDED,
        "status": StatusPlace("https://school.example/status/revocation/1", 70_012),
        "results": (
            AwardedResult(RUBRIC_ID, level_id=LEVEL_IDS[1]),
            AwardedResult(SCORE_ID, value="18.5"),
            AwardedResult(GRADE_ID, value="A"),
        ),
        "evidence": (
            EvidenceLink("Speech to the council", "https://school.example/evidence/1", "Given in *March*."),
            EvidenceLink("A letter", None, "Read by four neighbours."),
        ),
        "narrative": "Robin spoke so that everybody listened.",
    }
    return AwardFacts(**{**whole, **changes})
