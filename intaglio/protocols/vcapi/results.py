"""What a verification found, as VCALM writes it ("Verify Credential" and "Verify Presentation", `VerificationResult`).

VCALM's description says ``verified`` inside ``results``, its examples say ``valid``; we follow the description. It knows two
outcomes and we know three: what could not be checked is ``verified: false``, with status 200, and its problems say why.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from intaglio.documents import JsonObject, as_list, pointer
from intaglio.errors import MalformedInput, Problem
from intaglio.protocols.vcapi.problem_details import problem_details
from intaglio.protocols.vcapi.report_shape import CheckShape, ReportShape
from intaglio.protocols.vcapi.requests import VerifyCredentialRequest, VerifyPresentationRequest


def status_of(report: ReportShape) -> HTTPStatus:
    """Return the status of the answer: 200 where it is verified or could not be checked, 400 where it is not verified."""
    return HTTPStatus.BAD_REQUEST if report.outcome.value == "not_verified" else HTTPStatus.OK


def credential_result(report: ReportShape, request: VerifyCredentialRequest) -> JsonObject:
    """Return the body of the answer to ``POST /credentials/verify``.

    :raises MalformedInput: ``vc-api-request`` where it was a presentation: whom that one answers was not asked.
    """
    _check_role(report, "credential")
    members: JsonObject = {"verified": report.verified}
    if request.return_credential:
        members["credential"] = request.credential
    if request.return_problem_details:
        members["problemDetails"] = all_problems(report)
    if request.return_results:
        members["results"] = _credential_parts(report)
    return members | _checks(report, request.checks)


def presentation_result(report: ReportShape, request: VerifyPresentationRequest) -> JsonObject:
    """Return the body of the answer to ``POST /presentations/verify``; problems of credentials inside are among its own.

    :raises MalformedInput: ``vc-api-request`` where it was no presentation.
    """
    _check_role(report, "presentation")
    members: JsonObject = {"verified": report.verified}
    if request.return_presentation:
        members["verifiablePresentation"] = request.presentation
    if request.return_problem_details:
        members["problemDetails"] = all_problems(report)
    if request.return_results:
        members["results"] = {
            "presentation": _presentation_parts(report, request),
            "credentials": [
                {
                    "verified": inner.verified,
                    **({} if inner.document is None else {"credential": inner.document}),
                    "problemDetails": all_problems(inner),
                    "results": _credential_parts(inner),
                }
                for inner in _counted(report)
            ],
        }
    return members | _checks(report, request.checks)


def all_problems(report: ReportShape, place: str = "") -> list[JsonObject]:
    """Return the problems of a report and of those inside it, those that decide first.

    ``severity`` is *error* for what keeps the document from being verified and *warning* for what is merely told (VCALM,
    "Verification Errors vs. Warnings"). Pointers are into the outermost document.
    """
    found = [
        {
            **problem_details(problem, check=check.name, place=place),
            "severity": "error" if check.name in report.required else "warning",
        }
        for check in report.checks
        for problem in _problems(check)
        # That nobody named a registry is no news to somebody who asked for nothing of it.
        if check.name in report.required or problem.kind != "no-registry"
    ]
    for inner in _counted(report):
        found += all_problems(inner, place + inner.pointer)
    return sorted(found, key=lambda problem: problem["severity"] != "error")


def _check_role(report: ReportShape, wanted: str) -> None:
    # What could not be read has no role of its own; it is not verified, and its report says why.
    if report.document is not None and report.role.value != wanted:
        raise MalformedInput("vc-api-request", f"It is not a {wanted}, but a {report.role.value}.")


def _checks(report: ReportShape, asked: tuple[str, ...] | None) -> JsonObject:
    """Return ``checks`` where the request named some: an extension answers only those who know it."""
    return {} if asked is None else {"checks": [check.to_json() for check in report.checks]}


def _counted(report: ReportShape) -> list[ReportShape]:
    """Return the reports that count: what others say of a badge does not make it bad."""
    return [inner for inner in report.credentials if inner.role.value != "endorsement"]


def _credential_parts(report: ReportShape) -> JsonObject:
    document, checks = report.document or {}, {check.name: check for check in report.checks}
    parts: JsonObject = {
        name: {"verified": _holds(checks.get("validity"), (pointer(name),)), "input": document[name]}
        for name in ("validFrom", "validUntil")
        if name in document
    }
    for name, check in (("credentialSchema", "schema"), ("credentialStatus", "status"), ("proof", "proof")):
        if name in document:
            parts[name] = _items(document, name, checks.get(check))
    return parts


def _presentation_parts(report: ReportShape, request: VerifyPresentationRequest) -> JsonObject:
    document, checks = report.document or {}, {check.name: check for check in report.checks}
    problems = [problem for check in report.checks for problem in _problems(check)]
    proof_holds = _passed(checks.get("proof"))
    parts: JsonObject = {}
    for name, kind, expected in (
        ("challenge", "wrong-challenge", request.challenge),
        ("domain", "wrong-domain", request.domain),
    ):
        if expected is not None:
            answered = proof_holds and all(problem.kind != kind for problem in problems)
            parts[name] = {"verified": answered, "input": expected}
    if "holder" in document:
        parts["holder"] = {"verified": _passed(checks.get("holder")), "input": document["holder"]}
    if "proof" in document:
        parts["proof"] = _items(document, "proof", checks.get("proof"), with_problems=True)
    return parts


def _items(
    document: Mapping[str, Any], name: str, check: CheckShape | None, *, with_problems: bool = False
) -> list[JsonObject]:
    several = isinstance(document[name], list)
    items = []
    for number, value in enumerate(as_list(document[name])):
        # A problem may name the only item with its number or without.
        places = (pointer(name, number),) if several else (pointer(name), pointer(name, number))
        item: JsonObject = {"verified": _holds(check, places), "input": value}
        if with_problems:
            about = [problem for problem in _problems(check) if _concerns(problem, places)]
            item["problemDetails"] = [problem_details(problem, check=name) for problem in about]
        items.append(item)
    return items


def _passed(check: CheckShape | None) -> bool:
    return check is not None and check.outcome.value == "passed"


def _holds(check: CheckShape | None, places: tuple[str, ...]) -> bool:
    """Tell whether one part holds: its check passed, or all that is wrong is wrong with other parts."""
    if check is None or _passed(check):
        return check is not None
    problems = _problems(check)
    return bool(problems) and not any(_concerns(problem, places) for problem in problems)


def _concerns(problem: Problem, places: tuple[str, ...]) -> bool:
    """Tell whether a problem is about one of the places; one without a place of its own is about all of them."""
    where = problem.pointer
    return not where or any(where == place or where.startswith(f"{place}/") for place in places)


def _problems(check: CheckShape | None) -> list[Problem]:
    if check is None or check.problem is None:
        return []
    return [check.problem, *check.further]
