"""Criteria that people write become HTML that can do nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from intaglio.server.markdown import MAX_CHARACTERS, to_html, to_text

ALLOWED = {
    *("p", "br", "hr", "strong", "em", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "h3", "h4", "h5", "h6"),
    *("table", "thead", "tbody", "tr", "th", "td", "div"),
}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](file:///etc/passwd)",
    "[x](//tracker.example/x)",
    "[x](/sign-out)",
    "![x](https://tracker.example/x.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "[a]: javascript:alert(1)\n\n[a]",
    "<javascript:alert(1)>",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](http://[broken)",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "`<b onclick=alert(1)>`",
    "# <svg/onload=alert(1)>",
    "| <script> | b |\n|---|---|\n| [x](javascript:1) | 2 |",
]


def elements(text: str) -> list[html.HtmlElement]:
    return [item for item in html.fromstring(f"<div>{to_html(text)}</div>").iter() if isinstance(item.tag, str)]


def is_harmless(text: str) -> bool:
    for element in elements(text):
        attributes = dict(element.attrib)
        if element.tag not in ALLOWED or attributes.pop("rel", "noopener nofollow") != "noopener nofollow":
            return False
        if not re.match(r"https?://", attributes.pop("href", "https://x")) or set(attributes) - {"start"}:
            return False
    return True


@pytest.mark.parametrize("text", HOSTILE)
def test_what_would_run_or_load_something_does_not(text: str) -> None:
    assert is_harmless(text)


@given(st.text(alphabet=st.sampled_from(list("<>[]()!`*_#|-:/\\\"'&;= \najvscript")), max_size=80))
def test_no_text_becomes_more_than_words_and_links(text: str) -> None:
    assert is_harmless(text)


def test_the_usual_signs_work() -> None:
    text = "Show *this*, **that** and ~~not that~~:\n\n1. one\n2. two\n\n> said\n\n| a | b |\n|---|---|\n| 1 | 2 |"

    tags = [element.tag for element in elements(text)]

    assert {"em", "strong", "s", "ol", "li", "blockquote", "table", "td"} <= set(tags)


def test_links_tell_nobody_where_they_were() -> None:
    (link,) = [element for element in elements("[rubric](https://school.example/r?a=1&b=2)") if element.tag == "a"]

    assert dict(link.attrib) == {"href": "https://school.example/r?a=1&b=2", "rel": "noopener nofollow"}


def test_headings_lie_below_those_of_the_page() -> None:
    assert [element.tag for element in elements("# a\n\n## b\n\n##### c")][1:] == ["h3", "h4", "h6"]


def test_of_a_picture_its_description_is_kept() -> None:
    assert "a hand-drawn map" in to_html("![a *hand-drawn* map](https://tracker.example/x.png)")
    assert "tracker" not in to_html("![map](https://tracker.example/x.png)")


def test_what_is_longer_than_criteria_are_is_shown_as_written() -> None:
    assert to_html("*" * (MAX_CHARACTERS + 1)).startswith("<pre>***")
    assert to_text("a  b\n" * MAX_CHARACTERS).startswith("a b a b")


def test_the_words_alone_can_be_had() -> None:
    assert to_text("# Show\n\n*this* and\nthat  \nagain `x`\n\n    code") == "Show this and that again x code"
