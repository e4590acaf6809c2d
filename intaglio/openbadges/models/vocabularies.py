"""The vocabularies of the data model.

Most may be extended by terms that begin with ``ext:`` (Open Badges 3.0, section “Extending Enumerated Vocabularies”).
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema
from typing_extensions import TypeAliasType

from intaglio.openbadges.formats import matches

EXTENSION = r"^ext:[a-zA-Z0-9._|]"


@dataclass(frozen=True)
class _Vocabulary:
    terms: str
    extensible: bool = True

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        known: JsonSchemaValue = {"enum": self.terms.split()}
        if not self.extensible:
            return {"type": "string", **known}
        own = {"pattern": EXTENSION, "title": "a term of an extension, which begins with ext:"}
        return {"type": "string", "anyOf": [known, own]}

    def _check(self, value: str) -> str:
        if value in self.terms.split() or (self.extensible and matches(EXTENSION, value)):
            return value
        raise PydanticCustomError("unknown_term", "not a term of this vocabulary")


AchievementType = TypeAliasType(
    "AchievementType",
    Annotated[
        str,
        _Vocabulary(
            "Achievement ApprenticeshipCertificate Assessment Assignment AssociateDegree Award Badge BachelorDegree "
            "Certificate CertificateOfCompletion Certification CommunityService Competency Course CoCurricular Degree "
            "Diploma DoctoralDegree Fieldwork GeneralEducationDevelopment JourneymanCertificate LearningProgram License "
            "Membership ProfessionalDoctorate QualityAssuranceCredential MasterCertificate MasterDegree MicroCredential "
            "ResearchDoctorate SecondarySchoolDiploma"
        ),
    ],
)
AlignmentTargetType = TypeAliasType(
    "AlignmentTargetType",
    Annotated[
        str,
        _Vocabulary(
            "ceasn:Competency ceterms:Credential CFItem CFRubric CFRubricCriterion CFRubricCriterionLevel CTDL"
        ),
    ],
)
IdentifierType = TypeAliasType(
    "IdentifierType",
    Annotated[
        str,
        _Vocabulary(
            "name sourcedId systemId productId userName accountId emailAddress nationalIdentityNumber isbn issn "
            "lisSourcedId oneRosterSourcedId sisSourcedId ltiContextId ltiDeploymentId ltiToolId ltiPlatformId ltiUserId "
            "identifier"
        ),
    ],
)
ResultType = TypeAliasType(
    "ResultType",
    Annotated[
        str,
        _Vocabulary(
            "GradePointAverage LetterGrade Percent PerformanceLevel PredictedScore RawScore Result RubricCriterion "
            "RubricCriterionLevel RubricScore ScaledScore Status"
        ),
    ],
)
ResultStatus = TypeAliasType(
    "ResultStatus",
    Annotated[str, _Vocabulary("Completed Enrolled Failed InProgress OnHold Provisional Withdrew", extensible=False)],
)
AssociationType = TypeAliasType(
    "AssociationType",
    Annotated[
        str,
        _Vocabulary(
            "exactMatchOf isChildOf isParentOf isPartOf isPeerOf isRelatedTo precedes replacedBy", extensible=False
        ),
    ],
)
