"""The VC API (VCALM 0.9, "Verifying": ``POST /credentials/verify``, ``POST /presentations/verify``), and ``POST /reports``.

Verified: 200. Not verified: 400, with the whole result. Could not be checked: 200 with ``verified: false`` (docs/adr).
"""

from typing import Any

from fastapi import Request
from starlette.responses import JSONResponse

from intaglio.documents import parse_object
from intaglio.protocols.vcapi import results
from intaglio.protocols.vcapi.requests import VerifyCredentialRequest, VerifyPresentationRequest
from intaglio.server.access import PUBLIC, door_router
from intaglio.server.bodies import RawBody, described
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.features import Feature
from intaglio.server.rates import address_of, count_try
from intaglio.verification.report import Report, Role
from intaglio.verification.summary import summary
from verifier.checking.desk import CHECKS, CheckingDesk

router = door_router()
_CREDENTIAL = described({"type": "object", "required": ["verifiableCredential"]})
_PRESENTATION = described({"type": "object", "required": ["verifiablePresentation"]})
_ANYTHING = described({"type": "string", "format": "binary"}, media_type="application/octet-stream")


@router.post("/credentials/verify", dependencies=[PUBLIC], openapi_extra=_CREDENTIAL)
def verify_credential(request: Request, db: Db, now: Now, body: RawBody) -> JSONResponse:
    """Verify a credential: ``{"verifiableCredential": …, "options": {"checks": […]}}``."""
    asked = VerifyCredentialRequest.from_json(parse_object(body))
    report = _desk(request, db, now).check_json(asked.credential, now=now, checks=asked.checks)
    return JSONResponse(results.credential_result(report, asked), status_code=results.status_of(report))


@router.post("/presentations/verify", dependencies=[PUBLIC], openapi_extra=_PRESENTATION)
def verify_presentation(request: Request, db: Db, now: Now, body: RawBody) -> JSONResponse:
    """Verify a presentation: ``{"verifiablePresentation": …, "options": {"challenge": …, "domain": …}}``."""
    asked = VerifyPresentationRequest.from_json(parse_object(body))
    report = _desk(request, db, now).check_json(
        asked.presentation, now=now, checks=asked.checks, challenge=asked.challenge, domain=asked.domain
    )
    return JSONResponse(results.presentation_result(report, asked), status_code=results.status_of(report))


@router.post("/reports", dependencies=[PUBLIC], openapi_extra=_ANYTHING)
def make_report(request: Request, db: Db, now: Now, body: RawBody) -> JSONResponse:
    """Return the full report about a credential or presentation in any form: JSON, a token, a badge picture."""
    return JSONResponse(report_json(_desk(request, db, now).check_data("", body, now=now).report))


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as JSON, with those of the credentials inside."""
    return {
        "verified": report.verified,
        "outcome": report.outcome.value,
        "summary": summary(report),
        "checks": [{**check.to_json(), "required": check.name in report.required} for check in report.checks],
        "credentials": [
            {"pointer": inner.pointer, "endorsement": inner.role is Role.ENDORSEMENT, **report_json(inner)}
            for inner in report.credentials
        ],
    }


def _desk(request: Request, db: Db, now: Now) -> CheckingDesk:
    count_try(request, db, CHECKS, address_of(request), now)
    desk: CheckingDesk = request.app.state.desk
    return desk


FEATURE = Feature.of("verifier.doors", router)
