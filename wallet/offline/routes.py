"""What a browser needs to install the wallet (Web Application Manifest), and to keep it readable (Service Workers)."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import cast

from fastapi import Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from intaglio.server.access import PUBLIC, page_router
from intaglio.server.features import Feature
from intaglio.server.languages import current_language
from intaglio.server.languages import gettext as _
from intaglio.server.pages import pages_of, render

router = page_router()
_WORKER = Path(__file__).with_name("worker.js").read_text(encoding="utf-8")
_ICONS = (("192", "any"), ("512", "any"), ("512", "maskable"))


@router.get("/manifest.webmanifest", dependencies=[PUBLIC])
def manifest(request: Request) -> Response:
    """Describe the wallet as an app, in the reader's language."""
    asset = _asset(request)
    icons = [
        {
            "src": asset(f"images/wallet-{purpose}-{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }
        for size, purpose in _ICONS
    ]
    document = {
        "id": "/",
        "name": _("My badges"),
        "short_name": _("Badges"),
        "lang": current_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#fbf9f4",
        "theme_color": "#fbf9f4",
        "icons": icons,
    }
    return JSONResponse(document, media_type="application/manifest+json")


@router.get("/service-worker.js", dependencies=[PUBLIC])
def service_worker(request: Request) -> Response:
    """Give the script that answers where there is no network. It stands at the root, since that is as far as it reaches."""
    asset = _asset(request)
    version = json.dumps(asset("css/base.css").split("/")[2])
    return Response(f"const VERSION = {version};\n{_WORKER}", media_type="text/javascript")


@router.get("/offline", dependencies=[PUBLIC])
def offline(request: Request) -> HTMLResponse:
    """Say that there is no network, and what can be read all the same."""
    return render(request, "offline/offline.html")


def _asset(request: Request) -> Callable[[str], str]:
    return cast("Callable[[str], str]", pages_of(request).environment.globals["asset"])


FEATURE = Feature.of("wallet.offline", router)
