"""A browser without a window: it asks for pages, fills in their forms, and keeps the cookies of one service.

Only what a person could do is done here, so that the demonstration shows the services and not a way around them.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx

_REDIRECTS = 5


@dataclass
class Form:
    """A form of a page: where it goes, and what its fields hold."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """For each select, radio group or group of checkboxes: value and words of every choice, in their order."""


@dataclass
class Page:
    """An answer: its address after redirects, its HTML, its forms."""

    url: str
    status: int
    text: str
    forms: list[Form]

    def form(self, part_of_action: str) -> Form:
        """Return the first form whose action holds a text; an empty text is for the form that goes to its own page."""
        forms = (form for form in self.forms if (part_of_action in form.action if part_of_action else not form.action))
        found = next(forms, None)
        if found is None:
            raise LookupError(f"no form for {part_of_action} at {self.url} ({self.status})")
        return found

    def after(self, mark: str, end: str = '"') -> str:
        """Return the text between a mark and an end."""
        _, found, rest = self.text.partition(mark)
        if not found:
            raise LookupError(f"{mark} is not on {self.url} ({self.status})")
        return rest.partition(end)[0]


class Browser:
    """One person's browser at one service."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self._client = httpx.Client(timeout=60, headers={"accept": "text/html", "accept-language": "en"})
        self._cookies: dict[str, str] = {}  # browsers send secure cookies to http://localhost; httpx does not

    def get(self, path: str) -> Page:
        """Ask for a page."""
        return self._ask("GET", urljoin(self.origin, path))

    def submit(self, page: Page, form: Form, /, *, files: Any = None, **values: str | list[str]) -> Page:
        """Send a form with what is on it, changed by `values`; the page that follows must not be an error.

        :raises RuntimeError: where it is one.
        """
        kept = [(name, value) for name, value in form.fields if name not in values]
        given = [(name, one) for name, many in values.items() for one in ([many] if isinstance(many, str) else many)]
        url = urljoin(page.url, form.action)
        data: dict[str, list[str]] = {}
        for name, value in (*kept, *given):
            data.setdefault(name, []).append(value)
        if form.method == "get":
            return self._ask("GET", str(httpx.URL(url, params=data)))
        answer = self._ask("POST", url, data=data, files=files)
        if answer.status >= 400:
            raise RuntimeError(f"{url} answered {answer.status}: {_words(answer.text)}")
        return answer

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _ask(self, method: str, url: str, **options: Any) -> Page:
        for _ in range(_REDIRECTS):
            cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
            headers = {"cookie": cookies, "origin": self.origin} if cookies else {"origin": self.origin}
            answer = self._client.request(method, url, headers=headers, **options)
            self._keep(answer)
            if answer.status_code not in (302, 303, 307):
                return Page(url, answer.status_code, answer.text, _forms(answer.text))
            method, url, options = "GET", urljoin(url, answer.headers["location"]), {}
            if urlsplit(url).netloc != urlsplit(self.origin).netloc:
                return Page(url, answer.status_code, "", [])
        raise RuntimeError(f"{url} redirects without an end")

    def _keep(self, answer: httpx.Response) -> None:
        for cookie in answer.headers.get_list("set-cookie"):
            pair, _, attributes = cookie.partition(";")
            name, _, value = pair.partition("=")
            if "Max-Age=0" in attributes:
                self._cookies.pop(name, None)
            else:
                self._cookies[name] = value


class _FormReader(HTMLParser):
    """Collects the forms of a page, with what their fields hold and offer."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._select = self._textarea = ""
        self._option: tuple[str, bool] | None = None
        self._text = ""
        self._label_of: dict[str, tuple[str, str]] = {}
        self._label = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is None:
            return
        elif tag == "input":
            self._input(self._open, given, {name for name, _ in attributes})
        elif tag == "select":
            self._select = given.get("name", "")
        elif tag == "option" and self._select:
            self._option, self._text = (given.get("value", ""), "selected" in given), ""
        elif tag == "textarea":
            self._textarea, self._text = given.get("name", ""), ""
        elif tag == "label":
            self._label, self._text = given.get("for", ""), ""

    def handle_endtag(self, tag: str) -> None:
        if self._open is None:
            return
        if tag == "form":
            self._open = None
        elif tag == "option" and self._option is not None:
            value, chosen = self._option
            self._open.choices.setdefault(self._select, []).append((value, " ".join(self._text.split())))
            if chosen or not any(name == self._select for name, _ in self._open.fields):
                self._open.fields = [pair for pair in self._open.fields if pair[0] != self._select]
                self._open.fields.append((self._select, value))
            self._option = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._textarea:
            self._open.fields.append((self._textarea, self._text))
            self._textarea = ""
        elif tag == "label" and self._label:
            name, value = self._label_of.get(self._label, ("", ""))
            if name:
                self._open.choices.setdefault(name, []).append((value, " ".join(self._text.split())))
            self._label = ""

    def handle_data(self, data: str) -> None:
        self._text += data

    def _input(self, form: Form, given: dict[str, str], flags: set[str]) -> None:
        kind, name = given.get("type", "text"), given.get("name", "")
        if not name or kind in ("file", "submit", "button"):
            return
        if kind in ("checkbox", "radio"):
            self._label_of[given.get("id", "")] = (name, given.get("value", "on"))
            if "checked" not in flags:
                return
        form.fields.append((name, given.get("value", "on" if kind == "checkbox" else "")))


def _forms(text: str) -> list[Form]:
    reader = _FormReader()
    reader.feed(text)
    return reader.forms


def _words(text: str) -> str:
    main = text.partition("<main")[2].partition("</main>")[0]
    inside, words = False, ""
    for character in main:
        inside = character == "<" or (inside and character != ">")
        words += " " if inside or character == ">" else character
    return " ".join(words.split())[:300]
