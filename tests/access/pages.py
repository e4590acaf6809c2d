"""What no page of ours may hold, whoever's words it shows: anything that runs, or that comes from elsewhere."""

from html.parser import HTMLParser

import httpx2 as httpx

_NEVER = frozenset({"style", "iframe", "frame", "object", "embed", "applet", "base", "portal", "foreignobject"})
_ADDRESSES = frozenset({"href", "src", "action", "formaction", "poster", "data", "xlink:href", "background"})
_RUNS = ("javascript:", "vbscript:", "data:text", "data:image/svg", "data:application")


class _Scanner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name.lower(): (value or "") for name, value in attrs}
        if tag in _NEVER:
            self.found.append(f"<{tag}>")
        if tag == "script":
            self._in_script = values.get("type") != "application/json"
            if self._in_script and not values.get("src", "").startswith("/static/"):
                self.found.append(f"<script> from {values.get('src') or 'the page itself'}")
        if tag == "meta" and values.get("http-equiv", "").lower() == "refresh":
            self.found.append("<meta http-equiv=refresh>")
        self.found += [f"{name} of <{tag}>" for name in values if name.startswith("on") or name in ("style", "srcdoc")]
        self.found += [
            f"{name} of <{tag}> is {values[name][:40]}"
            for name in _ADDRESSES & set(values)
            if "".join(values[name].split()).lower().startswith(_RUNS) and not _is_picture(tag, name, values[name])
        ]

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._in_script = False

    def handle_data(self, data: str) -> None:
        if self._in_script and data.strip():
            self.found.append(f"a script in the page: {data.strip()[:40]}")


def _is_picture(tag: str, name: str, value: str) -> bool:
    """Tell a drawing inside an image, where browsers run nothing (SVG Integration, "secure animated mode")."""
    return (tag, name) == ("img", "src") and value.startswith("data:image/svg+xml")


def running_things(html: str) -> list[str]:
    """Return what in a page would run, or would not be let run by the policy that we send along."""
    scanner = _Scanner()
    scanner.feed(html)
    scanner.close()
    return scanner.found


def check_headers(answer: httpx.Response) -> None:
    """Check what every answer carries, and what pages may not hold."""
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    if answer.headers.get("content-type", "").startswith("text/html"):
        assert "script-src 'self';" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert running_things(answer.text) == [], answer.url
