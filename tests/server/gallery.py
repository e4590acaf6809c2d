"""The gallery of components as a small service without a database, in the surroundings that every service has."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

from fastapi import APIRouter, FastAPI, Request
from pydantic import SecretStr
from starlette.responses import Response

from intaglio.errors import Problem
from intaglio.server import languages
from intaglio.server.assets import Static
from intaglio.server.features import Feature, NavItem, Service
from intaglio.server.listing import Listing
from intaglio.server.middleware import Surroundings
from intaglio.server.pages import Pages, render
from intaglio.server.settings import Settings

NAMES = ("Ana Bustamante", "Ben Whitehorse", "Chidi Okafor", "Dina Şahin", "Łucja Nowak", "Mateo de la Cruz")


class GallerySettings(Settings):
    """Settings with nothing of their own."""

    service: ClassVar[str] = "gallery"
    default_port: ClassVar[int] = 8009


def create_app(folder: Path) -> FastAPI:
    """Return the gallery; `folder` holds its secret."""
    settings = GallerySettings(data_folder=folder, secret=SecretStr("of no use anywhere else than in these tests"))
    feature = Feature("gallery", Path(__file__).parent, APIRouter())
    service = Service("gallery", "Intaglio for schools", folder, settings, None, (feature,))
    languages.load((Path(languages.__file__).parent,))
    app = FastAPI()
    static = Static(folder / "static")
    app.state.settings, app.state.clock = settings, lambda: datetime(2026, 5, 12, 15, tzinfo=UTC)
    app.state.pages = Pages(service, static)
    app.include_router(static.router())
    app.add_api_route("/gallery", gallery)
    app.add_api_route("/problem", problem)
    app.add_middleware(Surroundings, settings=settings, observe=lambda *_: None, body_limits={})
    return app


def gallery(request: Request) -> Response:
    """Return the page with every component."""
    request.state.account = {"name": "Dolores Huerta-Villalobos"}
    request.state.navigation = (
        NavItem("Gallery", "/gallery"),
        NavItem("Learners", "/learners"),
        NavItem("Badges", "/b"),
    )
    listing = Listing.read(request.query_params, sortable=("name", "class", "badges")).counted(5000)
    learners: list[dict[str, Any]] = [
        {
            "name": name,
            "class": f"9{'AB'[number % 2]}",
            "badges": number * 3,
            "state": ("Claimed", "Waiting")[number % 2],
        }
        for number, name in enumerate(NAMES)
    ]
    nothing = Listing("xyzzy", "name", descending=False, page=1)
    flash = ("good", "Six badges are issued.")
    return render(request, "gallery/gallery.html", listing=listing, learners=learners, nothing=nothing, flash=flash)


def problem(request: Request) -> Response:
    """Return the page of an error."""
    request.state.request_id = uuid4().hex[:16]
    found = Problem("no-such-page", "There is no page at this address.")
    return render(request, "problem.html", status=404, problem=found, problem_status=404)
