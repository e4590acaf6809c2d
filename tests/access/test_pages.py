"""No template holds a script or a style of its own: the policy that goes with each page would not let them work."""

import re
from pathlib import Path

import pytest

from tests.access.pages import running_things

ROOT = Path(__file__).parents[2]
_MAIL = ROOT / "issuer" / "delivery" / "pages" / "mail.html"  # a mail has no style sheet beside it, and no policy
TEMPLATES = [
    path
    for room in ("issuer", "wallet", "verifier", "intaglio/server")
    for path in sorted((ROOT / room).rglob("*.html"))
    if path != _MAIL
]
_INLINE = re.compile(r"""<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=|javascript:|\|\s*safe\b""", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_template_has_scripts_or_styles_inside(path: Path) -> None:
    assert _INLINE.findall(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "page",
    [
        "<script>alert(1)</script>",
        '<script src="https://elsewhere.example/a.js"></script>',
        '<p onclick="alert(1)">',
        '<p style="color:red">',
        '<a href=" java\nscript:alert(1)">',
        '<iframe src="/"></iframe>',
        '<svg><a xlink:href="javascript:alert(1)"></a></svg>',
        '<meta http-equiv="refresh" content="0;url=//elsewhere.example">',
        '<object data="data:text/html,x"></object>',
        '<base href="//elsewhere.example">',
    ],
)
def test_what_runs_is_seen(page: str) -> None:
    assert running_things(page) != []


def test_our_own_modules_and_plain_words_are_fine() -> None:
    page = '<script type="module" src="/static/1/js/a.js"></script><p>&lt;script&gt; onclick="x"</p><a href="/o">a</a>'
    assert running_things(page) == []
