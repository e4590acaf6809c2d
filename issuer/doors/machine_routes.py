"""What machines reach: the VC API of issuers (VCALM, "Issuing"), and awards."""

from uuid import UUID

from fastapi import Request
from starlette.responses import JSONResponse, Response

from intaglio.documents import parse_object
from intaglio.protocols.vcapi.issued import issue_body
from intaglio.protocols.vcapi.requests import IssueRequest
from intaglio.server.access import door_router
from intaglio.server.bodies import RawBody, described
from intaglio.server.clock import Now
from intaglio.server.database import Db
from issuer.access import AnyMachine
from issuer.doors import awards, issuing, statuses
from issuer.doors.orders import AwardOrder
from issuer.doors.statuses import StatusOrder

router = door_router()
_TEXT = {"type": "string"}
_ISSUE = described(
    {
        "type": "object",
        "required": ["credential"],
        "properties": {
            "credential": {"type": "object"},
            "options": {"type": "object", "properties": {"credentialId": _TEXT}, "additionalProperties": False},
        },
    }
)
_STATUS = described(
    {
        "type": "object",
        "required": ["credentialId", "credentialStatus"],
        "properties": {
            "credentialId": _TEXT,
            "credentialStatus": {"type": "object", "properties": {"type": _TEXT, "statusPurpose": _TEXT}},
            "status": {"type": "boolean"},
            "options": {"type": "object", "properties": {"reason": _TEXT}, "additionalProperties": False},
        },
    }
)
_AWARD = described(
    {
        "type": "object",
        "required": ["press", "achievement", "learner"],
        "properties": {
            "press": {"type": "string", "format": "uuid"},
            "achievement": _TEXT,
            "learner": _TEXT,
            "level": _TEXT,
            "results": {"type": "object", "additionalProperties": _TEXT},
            "narrative": _TEXT,
            "evidence": {
                "type": "array",
                "items": {"type": "object", "properties": {"url": _TEXT, "name": _TEXT, "description": _TEXT}},
            },
            "again": {"type": "boolean"},
        },
        "additionalProperties": False,
    }
)


@router.post("/vc-api/{instance}/credentials/issue", status_code=201, openapi_extra=_ISSUE)
def issue_credential(request: Request, db: Db, now: Now, machine: AnyMachine, instance: str, body: RawBody) -> Response:
    """Seal a credential, for an organization on trial: ``{"credential": …, "options": {"credentialId": …}}``."""
    asked = IssueRequest.from_json(parse_object(body))
    sealed = issuing.issue(db, request.app.state.instance_desk, machine, instance, asked, now=now)
    return Response(issue_body(sealed), status_code=201, media_type="application/json")


@router.post("/vc-api/{instance}/credentials/status", openapi_extra=_STATUS)
def change_status(
    request: Request, db: Db, now: Now, machine: AnyMachine, instance: str, body: RawBody
) -> JSONResponse:
    """Withdraw, pause or reinstate: ``{"credentialId", "credentialStatus": {"statusPurpose"}, "status", "options"}``."""
    order = StatusOrder.from_json(parse_object(body))
    return JSONResponse(statuses.change_status(db, request.app.state.settings, machine, instance, order, now=now))


@router.post("/o/{organization_id}/api/awards", status_code=201, openapi_extra=_AWARD)
def make_award(
    request: Request, db: Db, now: Now, machine: AnyMachine, organization_id: UUID, body: RawBody
) -> JSONResponse:
    """Award an achievement to a learner: 201, or 200 where the same order made it before. It is sealed soon after."""
    order = AwardOrder.from_json(parse_object(body))
    award, is_new = awards.order_award(db, request.app.state.jobs, machine, order, now=now)
    location = f"/o/{organization_id}/api/awards/{award.id}"
    return JSONResponse(
        awards.award_json(db, award), status_code=201 if is_new else 200, headers={"location": location}
    )


@router.get("/o/{organization_id}/api/awards/{award_id}")
def show_award(db: Db, machine: AnyMachine, organization_id: UUID, award_id: UUID) -> JSONResponse:  # noqa: ARG001 - `AnyMachine` compares it
    """Return an award: how far it is, what it is worth now, and once it is sealed the school's copy."""
    return JSONResponse(awards.award_json(db, awards.find_award(db, machine, award_id)))
