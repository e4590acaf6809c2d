"""The terms of Open Badges that a school chooses from, with the words that stand for them on pages.

The vocabularies are longer (`intaglio.openbadges.models.vocabularies`); here are the terms that fit a school. Each word is
translated when it is shown.
"""

from collections.abc import Mapping
from types import MappingProxyType

from pydantic import TypeAdapter, ValidationError

from intaglio.openbadges.models.values import LanguageCode
from intaglio.openbadges.models.vocabularies import AchievementType, AlignmentTargetType, ResultType
from intaglio.server.languages import mark

ACHIEVEMENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "Competency": mark("Competency"),
        "MicroCredential": mark("Micro-credential"),
        "Badge": mark("Badge"),
        "Award": mark("Honor or award"),
        "Achievement": mark("Other achievement"),
        "Course": mark("Course"),
        "Assessment": mark("Assessment"),
        "Assignment": mark("Assignment or project"),
        "LearningProgram": mark("Program"),
        "CoCurricular": mark("Co-curricular activity"),
        "CommunityService": mark("Community service"),
        "Fieldwork": mark("Work-based learning"),
        "Membership": mark("Membership"),
        "Certificate": mark("Certificate"),
        "CertificateOfCompletion": mark("Certificate of completion"),
        "Certification": mark("Industry certification"),
        "ApprenticeshipCertificate": mark("Apprenticeship certificate"),
        "License": mark("License"),
        "SecondarySchoolDiploma": mark("High school diploma"),
    }
)
ALIGNMENT_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "CFItem": mark("Competency or standard (CASE)"),
        "CFRubric": mark("Rubric (CASE)"),
        "CFRubricCriterion": mark("Criterion of a rubric (CASE)"),
        "CFRubricCriterionLevel": mark("Level of a rubric (CASE)"),
        "ceasn:Competency": mark("Competency (Credential Engine)"),
        "ceterms:Credential": mark("Credential (Credential Engine)"),
        "CTDL": mark("Other (Credential Engine)"),
    }
)
VALUE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "LetterGrade": mark("Letter grade"),
        "PerformanceLevel": mark("Performance level"),
        "Result": mark("Other result"),
    }
)
"""What is judged by a list of values."""
SCORE_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "Percent": mark("Percent"),
        "RawScore": mark("Points"),
        "RubricScore": mark("Score of a rubric"),
        "ScaledScore": mark("Scaled score"),
        "GradePointAverage": mark("Grade point average"),
    }
)
"""What is judged by a number within a range."""
RESULT_TYPES: Mapping[str, str] = MappingProxyType(
    {"RubricCriterionLevel": mark("Level of a rubric"), **VALUE_TYPES, **SCORE_TYPES}
)
LANGUAGES: Mapping[str, str] = MappingProxyType({"en": mark("English"), "es": mark("Spanish")})

_ADAPTERS: Mapping[str, TypeAdapter[str]] = MappingProxyType(
    {
        "achievement": TypeAdapter(AchievementType),
        "alignment": TypeAdapter(AlignmentTargetType),
        "result": TypeAdapter(ResultType),
        "language": TypeAdapter(LanguageCode),
    }
)


def is_term(vocabulary: str, term: str) -> bool:
    """Tell whether a text is a term of a vocabulary: ``achievement``, ``alignment``, ``result`` or ``language``."""
    try:
        _ADAPTERS[vocabulary].validate_python(term)
    except ValidationError:
        return False
    return True
