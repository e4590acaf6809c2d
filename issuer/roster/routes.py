"""How a roster is reached: lists of learners and classes, each page of one, and the import."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from intaglio.server.access import page_router
from intaglio.server.clock import Now
from intaglio.server.database import Db
from intaglio.server.features import Feature
from intaglio.server.listing import Listing
from intaglio.server.pages import render
from issuer.access import AnyRole
from issuer.roster import browsing, import_routes, jobs, reach, service

pages = page_router()


@pages.get("/o/{organization_id}/roster")
def learners(request: Request, db: Db, now: Now, scope: AnyRole) -> Response:
    """Show the learners: to the office all, to a teacher those of the classes that the teacher has now."""
    listing = Listing.read(request.query_params, sortable=browsing.LEARNER_SORTS, filters=("school", "state"))
    found, listing = browsing.learners(db, scope, listing, now=now)
    return render(
        request,
        "roster/learners.html",
        organization=scope.organization,
        scope=scope,
        rows=found,
        listing=listing,
        schools=browsing.schools(db, scope),
        keeps_roster=service.keeps_roster(db, scope.organization),
    )


@pages.get("/o/{organization_id}/roster/classes")
def classes(request: Request, db: Db, now: Now, scope: AnyRole) -> Response:
    """Show the classes: to the office all, to a teacher the teacher's own."""
    listing = Listing.read(request.query_params, sortable=browsing.CLASS_SORTS, filters=("school",))
    found, listing = browsing.classes(db, scope, listing, now=now)
    return render(
        request,
        "roster/classes.html",
        organization=scope.organization,
        scope=scope,
        rows=found,
        listing=listing,
        schools=browsing.schools(db, scope),
        keeps_roster=service.keeps_roster(db, scope.organization),
    )


@pages.get("/o/{organization_id}/roster/learners/{learner_id}")
def learner(request: Request, db: Db, now: Now, scope: AnyRole, learner_id: UUID) -> Response:
    """Show one learner, with what the roster says and no more than the reader needs."""
    found = reach.learner_for(db, scope, learner_id, now)
    return render(
        request,
        "roster/learner.html",
        organization=scope.organization,
        scope=scope,
        learner=found,
        school=browsing.school_name(db, found.school_id),
        classes=browsing.classes_of_learner(db, scope, found.id, now=now),
    )


@pages.get("/o/{organization_id}/roster/classes/{class_id}")
def one_class(request: Request, db: Db, now: Now, scope: AnyRole, class_id: UUID) -> Response:
    """Show one class and who is in it now."""
    found = reach.class_for(db, scope, class_id, now)
    return render(
        request,
        "roster/class.html",
        organization=scope.organization,
        scope=scope,
        school_class=found,
        school=browsing.school_name(db, found.school_id),
        teachers=browsing.teachers_of_class(db, scope, found.id, now=now),
        learners=reach.learners_of_class(db, scope, found.id, now),
    )


router = APIRouter()
router.include_router(import_routes.router)
router.include_router(pages)

FEATURE = Feature.of("issuer.roster", router, setup=jobs.install)
