"""Results, the rubrics that they are measured by, and alignments to other frameworks."""

from typing import Annotated

from intaglio.openbadges.models.base import Model
from intaglio.openbadges.models.declarations import includes
from intaglio.openbadges.models.values import Iri, OneOrMany, Text, Uri
from intaglio.openbadges.models.vocabularies import AlignmentTargetType, ResultStatus, ResultType


class Alignment(Model):
    """A node of a framework that says the same in that framework's terms."""

    type: Annotated[tuple[Iri, ...], includes("Alignment")] = ("Alignment",)
    target_code: Text | None = None
    target_description: Text | None = None
    target_name: Text
    target_framework: Text | None = None
    target_type: AlignmentTargetType | None = None
    target_url: Uri


class Result(Model):
    """What the learner reached; `result_description` is the `id` of what it is measured by."""

    type: Annotated[tuple[Iri, ...], includes("Result")] = ("Result",)
    achieved_level: Uri | None = None
    alignment: OneOrMany[Alignment] | None = None
    result_description: Uri | None = None
    status: ResultStatus | None = None
    value: Text | None = None


class RubricCriterionLevel(Model):
    """One level of a rubric."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("RubricCriterionLevel")] = ("RubricCriterionLevel",)
    alignment: OneOrMany[Alignment] | None = None
    description: Text | None = None
    level: Text | None = None
    name: Text
    points: Text | None = None


class ResultDescription(Model):
    """What a result is measured by: a scale, a range, or the levels of a rubric from low to high."""

    id: Uri
    type: Annotated[tuple[Iri, ...], includes("ResultDescription")] = ("ResultDescription",)
    alignment: OneOrMany[Alignment] | None = None
    allowed_value: OneOrMany[Text] | None = None
    name: Text
    required_level: Uri | None = None
    required_value: Text | None = None
    result_type: ResultType
    rubric_criterion_level: OneOrMany[RubricCriterionLevel] | None = None
    value_max: Text | None = None
    value_min: Text | None = None
