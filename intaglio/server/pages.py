"""Pages: Jinja templates in the reader's language, with what every page needs."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time, get_timezone_gmt, get_timezone_name
from babel.numbers import format_decimal
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from intaglio.server import csrf, languages
from intaglio.server.assets import Static
from intaglio.server.features import NavItem, Service
from intaglio.server.markdown import to_html
from intaglio.server.qr import qr_svg
from intaglio.server.seal import seal_svg, seal_words
from intaglio.server.visitors import visitor_of

_TEMPLATES = Path(__file__).parent / "templates"


class Pages:
    """Renders the templates of one service. A feature's templates are named after it: ``roster/check.html``."""

    def __init__(self, service: Service, static: Static) -> None:
        folders = {feature.name: FileSystemLoader(feature.folder / "pages") for feature in service.features}
        self._zone = ZoneInfo(service.settings.time_zone)
        self.environment = Environment(
            loader=ChoiceLoader(
                [FileSystemLoader(service.folder / "pages"), FileSystemLoader(_TEMPLATES), PrefixLoader(folders)]
            ),
            autoescape=True,
            undefined=StrictUndefined,  # a name that a route forgot is an error, not an empty place
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        self.environment.install_gettext_callables(  # type: ignore[attr-defined]
            languages.gettext, languages.ngettext, newstyle=True
        )
        self.environment.filters.update(date=self.date, datetime=self.datetime, number=number, markdown=to_html)
        self.environment.globals.update(
            asset=static.url,
            csrf=_csrf_input,
            csrf_token=_csrf_token,
            service={"name": service.name, "title": service.title},
            offered_languages=service.settings.languages,
            seal_svg=seal_svg,
            seal_words=seal_words,
            qr_svg=qr_svg,
        )

    def render(self, request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
        """Return a page. `context` is what the template is about; who is signed in and where one is comes by itself."""
        return HTMLResponse(self.text(request, template, **context), status_code=status)

    def text(self, request: Request, template: str, **context: Any) -> str:
        """Return the HTML of a page, or of a part of one."""
        around: dict[str, Any] = {
            "request": request,
            "language": languages.current_language(),
            "account": getattr(request.state, "account", None),
            "navigation": navigation_of(request),
            "path": request.url.path,
            "in_language": lambda code: f"?{request.url.include_query_params(lang=code).query}",
            "flash": None,
            "now": request.app.state.clock(),
        }
        return self.environment.get_template(template).render({**around, **context})

    def part(self, template: str, context: Mapping[str, Any]) -> str:
        """Render something that is no page, such as a mail."""
        return self.environment.get_template(template).render({"language": languages.current_language(), **context})

    def date(self, when: date | datetime) -> str:
        """Return a day in words, such as 12 May 2026."""
        day = when.astimezone(self._zone).date() if isinstance(when, datetime) else when
        return format_date(day, format="long", locale=languages.current_language())

    def datetime(self, when: datetime) -> str:
        """Return a point in time in words, in the service's time zone."""
        language = languages.current_language()
        time = format_time(when, "short", tzinfo=self._zone, locale=language)
        zone = get_timezone_name(when.astimezone(self._zone), "short", locale=language)
        # Where a language has no short name for a zone, Babel gives bare figures, which nobody reads as a zone.
        zone = zone if zone[:1].isalpha() else get_timezone_gmt(when.astimezone(self._zone), "long", locale=language)
        return f"{self.date(when)}, {time} {zone}"


def number(value: float) -> str:
    """Return a number as people write it."""
    return format_decimal(value, locale=languages.current_language())


def navigation_of(request: Request) -> tuple[NavItem, ...]:
    """Return the entries of the navigation for whoever is signed in; the service's access code puts them there."""
    items: tuple[NavItem, ...] = getattr(request.state, "navigation", ())
    return items


def pages_of(request: Request) -> Pages:
    """Return the pages of the service that answers a request."""
    pages: Pages = request.app.state.pages
    return pages


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page of the service that answers a request."""
    return pages_of(request).render(request, template, status=status, **context)


@pass_context
def _csrf_token(context: Context) -> str:
    request: Request = context["request"]
    return csrf.form_token(request.app.state.settings.secret_bytes, visitor_of(request))


@pass_context
def _csrf_input(context: Context) -> Markup:
    return Markup('<input type="hidden" name="{}" value="{}">').format(csrf.FIELD, _csrf_token(context))


def said(request: Request, sentences: Mapping[str, str]) -> tuple[str, str] | None:
    """Return what the page before just did, for the page's `flash`: ``?said=saved`` chooses among sentences of the route."""
    sentence = sentences.get(request.query_params.get("said", ""))
    return None if sentence is None else ("good", languages.gettext(sentence))
