"""Markdown that people wrote, as HTML that is safe on our pages.

Two walls, each enough by itself: the renderer writes no HTML of the author's and follows no address but those of the web, and
what it wrote passes an allow-list. Open Badges 3.0 allows Markdown in `Criteria.narrative`, `Evidence.narrative` and
`AchievementSubject.narrative` (derived type Markdown) and names no dialect; this is CommonMark with tables.
"""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markdown_it.utils import OptionsDict
from markupsafe import Markup, escape

MAX_CHARACTERS = 10_000
"""What is longer is shown as it was written: rendering is for criteria, not for books."""
_TAGS = frozenset(
    "p br hr strong em s code pre blockquote ul ol li a h3 h4 h5 h6 table thead tbody tr th td".split()  # noqa: SIM905 - readable
)
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = frozenset({"http", "https"})
_LOWEST = 6


def to_html(text: str) -> Markup:
    """Render Markdown as safe HTML. Headings begin at the third level; of a picture only its description is kept.

    A remote picture would tell its server who reads the page, so none is loaded, and links tell nothing of where they were.
    """
    if len(text) > MAX_CHARACTERS:
        return Markup("<pre>{}</pre>").format(text)
    rendered = _parser().render(text)
    safe = nh3.clean(
        rendered,
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_listed,
        url_schemes=set(_SCHEMES),
        url_relative="deny",
        link_rel="noopener nofollow",
    )
    return Markup(safe)  # noqa: S704 - the allow-list has just passed it


def to_text(text: str) -> str:
    """Return the words of Markdown without its signs, on one line: for lists, previews and mails."""
    if len(text) > MAX_CHARACTERS:
        return " ".join(text.split())
    words: list[str] = []
    for token in _parser().parse(text):
        if token.children:
            words += [" " if child.type.endswith("break") else child.content for child in token.children]
            words.append(" ")
        elif token.type in ("fence", "code_block"):
            words.append(f"{token.content} ")
    return " ".join("".join(words).split())


def _listed(tag: str, attribute: str, value: str) -> str | None:
    # nh3 adds “title” and “lang” to every list; “rel” is its own.
    return value if attribute == "rel" or attribute in _ATTRIBUTES.get(tag, ()) else None


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.validateLink = _is_web_address  # type: ignore[method-assign]
    parser.core.ruler.push("lower_headings", _lower_headings)
    parser.add_render_rule("image", _description)
    return parser


def _is_web_address(url: str) -> bool:
    try:
        return urlsplit(url.strip()).scheme.lower() in _SCHEMES
    except ValueError:
        return False


def _lower_headings(state: StateCore) -> None:
    # The page has its own title and sections; a reader who jumps from heading to heading finds criteria below those.
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + 2, _LOWEST)}"


def _description(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: MutableMapping[str, Any]
) -> str:
    return str(escape(renderer.renderInlineAsText(tokens[index].children, options, env)))
