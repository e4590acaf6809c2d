"""What a drawing may be made of: the lists and rules for `issuer.achievements.drawings`."""

import re

from intaglio.errors import MalformedInput

MAX_BYTES = 256 * 1024
MAX_DEPTH = 100
MAX_ELEMENTS = 10_000
ACTIVE = frozenset(
    {
        *(
            "script",
            "foreignObject",
            "a",
            "handler",
            "listener",
            "iframe",
            "embed",
            "object",
            "audio",
            "video",
            "canvas",
        ),
        *("animate", "animateColor", "animateMotion", "animateTransform", "set", "discard", "mpath", "view", "cursor"),
    }
)
"""What runs, links or moves."""
UNSEEN = frozenset({"metadata", "title", "desc"})
"""Editors' notes. The description of a badge's picture stands beside it, in words that its school chose."""
ELEMENTS = frozenset(
    {
        *("svg", "g", "defs", "symbol", "use", "style", "switch"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan", "textPath"),
        *("linearGradient", "radialGradient", "stop", "pattern", "clipPath", "mask", "marker", "image"),
        *("filter", "feBlend", "feColorMatrix", "feComposite", "feFlood", "feGaussianBlur", "feMerge", "feMergeNode"),
        *("feOffset", "feDropShadow", "feComponentTransfer", "feFuncR", "feFuncG", "feFuncB", "feFuncA"),
    }
)
_GEOMETRY = (
    "x y x1 y1 x2 y2 cx cy r rx ry fx fy fr d dx dy points width height transform rotate viewBox preserveAspectRatio "
    "pathLength startOffset textLength lengthAdjust method spacing side refX refY markerWidth markerHeight markerUnits orient "
    "gradientUnits gradientTransform spreadMethod offset patternUnits patternContentUnits patternTransform clipPathUnits "
    "maskUnits maskContentUnits filterUnits primitiveUnits in in2 result mode operator k1 k2 k3 k4 stdDeviation values type "
    "tableValues slope intercept amplitude exponent edgeMode"
)
_PRESENTATION = (
    "alignment-baseline baseline-shift clip-path clip-rule color color-interpolation color-interpolation-filters display "
    "dominant-baseline fill fill-opacity fill-rule filter flood-color flood-opacity font-family font-size font-size-adjust "
    "font-stretch font-style font-variant font-weight isolation letter-spacing lighting-color marker marker-end marker-mid "
    "marker-start mask mask-type mix-blend-mode opacity overflow paint-order shape-rendering stop-color stop-opacity stroke "
    "stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity stroke-width "
    "text-anchor text-decoration text-rendering transform-origin unicode-bidi vector-effect visibility word-spacing "
    "writing-mode direction"
)
_NAMES = "id class version lang media type in in2 result d points"
ATTRIBUTES = frozenset(f"{_GEOMETRY} {_PRESENTATION} {_NAMES} style".split())
PLAIN = frozenset(_NAMES.split())
"""Attributes that no reader takes for a style; a part may well be called “url-1”."""

_OWN_PART = re.compile(r"\s*#[A-Za-z_][\w.-]*\s*\Z", re.ASCII)
_FUNCTION = re.compile(r"url\s*\(\s*(?P<quote>[\"']?)(?P<address>[^\"')]*)(?P=quote)\s*\)", re.IGNORECASE)
# Each of these loads something without url(…), or spells something in a way that hides it: "\75rl(…)" is url(…).
_LOADING = re.compile(
    r"@|\\|url|image-set|image\s*\(|src\s*\(|element\s*\(|expression|-moz-binding|behavior|javascript", re.IGNORECASE
)


def check_style(text: str) -> None:
    """Check a style sheet, a style, or any attribute that may hold one: only parts of the drawing itself are referred to.

    :raises MalformedInput: ``picture-refers``
    """
    remaining = _FUNCTION.sub(_own_or_left, text)
    found = _LOADING.search(remaining)
    if found is not None:
        raise MalformedInput("picture-refers", f"A style holds “{remaining[found.start() :][:40]}”.")


def check_reference(element: str, value: str) -> str:
    """Return a reference to a part of the drawing itself.

    :raises MalformedInput: ``picture-refers`` for every other address, be it a ``data:`` URL.
    """
    if element == "image":
        raise MalformedInput("picture-refers", "It has another picture inside.")
    if not _OWN_PART.match(value):
        raise MalformedInput("picture-refers", f"It refers to “{value.strip()[:40]}”.")
    return value.strip()


def _own_or_left(found: re.Match[str]) -> str:
    return "" if _OWN_PART.match(found["address"]) else found[0]
