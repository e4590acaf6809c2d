"""The lines of a seal as points, for drawing them without a browser.

Reads the paths that `intaglio.server.seal` writes: one ``M``, one ``c``, then ``s`` and ``z`` (SVG 1.1, section 8.3).
"""

import re
from collections.abc import Iterator

_PATH = re.compile(r'<path[^>]* d="([^"]+)"')
_VIEW_BOX = re.compile(r'viewBox="0 0 (\d+) (\d+)"')
_COMMAND = re.compile(r"([Mcs])([^Mcsz]*)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_PIECES = 12
_Point = tuple[float, float]


def lines_of(drawing: str, side: int) -> Iterator[list[_Point]]:
    """Yield the lines of a square drawing, each closed, in a square of `side` pixels."""
    found = _VIEW_BOX.search(drawing)
    scale = side / float(found[1]) if found else 1.0
    for path in _PATH.findall(drawing):
        points = list(_points(path))
        yield [(x * scale, y * scale) for x, y in [*points, points[0]]]


def _points(path: str) -> Iterator[_Point]:
    at: _Point = (0, 0)
    before: _Point = (0, 0)
    for command, numbers in _COMMAND.findall(path):
        values = [float(number) for number in _NUMBER.findall(numbers)]
        if command == "M":
            at = (values[0], values[1])
            yield at
            continue
        size = 6 if command == "c" else 4
        for piece in (values[index : index + size] for index in range(0, len(values), size)):
            first = (
                (at[0] + piece[0], at[1] + piece[1])
                if command == "c"
                else (2 * at[0] - before[0], 2 * at[1] - before[1])
            )
            second, end = ((at[0] + piece[-4], at[1] + piece[-3]), (at[0] + piece[-2], at[1] + piece[-1]))
            yield from _curve(at, first, second, end)
            at, before = end, second


def _curve(start: _Point, first: _Point, second: _Point, end: _Point) -> Iterator[_Point]:
    """Yield points of a cubic Bézier curve after its start."""
    for step in range(1, _PIECES + 1):
        t = step / _PIECES
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        yield (
            a * start[0] + b * first[0] + c * second[0] + d * end[0],
            a * start[1] + b * first[1] + c * second[1] + d * end[1],
        )
