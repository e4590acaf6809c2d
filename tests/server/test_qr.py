import re
import xml.etree.ElementTree as ET

import pytest
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from intaglio.errors import MalformedInput
from intaglio.server.qr import qr_svg, qr_terminal

LINK = "https://issuer.example/claim/3f1c0e55-9d1a-4c57-8a54-2d90"


def _expected(text: str) -> list[list[bool]]:
    code = QRCode(error_correction=ERROR_CORRECT_M, border=4)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def _drawn(svg: str) -> list[list[bool]]:
    """Read the modules back from the second path."""
    root = ET.fromstring(svg)  # noqa: S314 - our own drawing
    side = int(root.attrib["viewBox"].split()[2])
    modules = [[False] * side for _ in range(side)]
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", root[1].attrib["d"]):
        for step in range(int(width)):
            modules[int(y)][int(x) + step] = True
    return modules


@pytest.mark.parametrize("text", [LINK, "x", "Ñandú ¿sí?", "1" * 500])
def test_a_drawing_has_the_modules_of_the_code(text: str) -> None:
    assert _drawn(qr_svg(text)) == _expected(text)


def test_a_code_is_dark_on_white_with_its_quiet_zone_in_every_theme() -> None:
    svg = qr_svg(LINK)
    assert "currentColor" not in svg
    assert '<path fill="#fff" d="M0 0h' in svg
    modules = _drawn(svg)
    edges = [*modules[:4], *modules[-4:], *([*row[:4], *row[-4:]] for row in modules)]
    assert not any(any(edge) for edge in edges)


def test_a_label_cannot_bring_markup_along() -> None:
    svg = qr_svg(LINK, label='"><script>')
    assert ET.fromstring(svg).attrib["aria-label"] == '"><script>'  # noqa: S314
    assert 'aria-hidden="true"' in qr_svg(LINK)


@pytest.mark.parametrize("length", [2332, 10_000, 100_000])
def test_what_no_code_can_hold_is_refused(length: int) -> None:
    with pytest.raises(MalformedInput) as refused:
        qr_svg("a" * length)
    assert refused.value.problem.kind == "too-long-for-qr"


def test_half_blocks_have_the_modules_of_the_code() -> None:
    upper_and_lower = {" ": (False, False), "▀": (True, False), "▄": (False, True), "█": (True, True)}
    rows: list[list[bool]] = []
    for line in qr_terminal(LINK, colours=False).split("\n"):
        pairs = [upper_and_lower[char] for char in line]
        rows += [[upper for upper, _ in pairs], [lower for _, lower in pairs]]
    expected = _expected(LINK)
    assert rows[: len(expected)] == expected
    assert not any(any(row) for row in rows[len(expected) :])


def test_colours_do_not_depend_on_the_terminal() -> None:
    for line in qr_terminal(LINK).split("\n"):
        assert line.startswith("\x1b[30;107m")
        assert line.endswith("\x1b[0m")
