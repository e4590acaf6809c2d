import hashlib
import re
import xml.etree.ElementTree as ET
from itertools import combinations
from pathlib import Path
from unicodedata import normalize

import pytest

from intaglio.server import seal
from intaglio.server.seal import seal_svg, seal_words

IDS = [f"urn:uuid:{number:032x}" for number in range(400)]
SVG = "{http://www.w3.org/2000/svg}"


def _column(language: str) -> tuple[str, ...]:
    return seal._words()[language]


def test_the_same_id_gives_the_same_seal_and_words() -> None:
    for identifier in IDS[:5]:
        assert seal_svg(identifier) == seal_svg(identifier)
        assert seal_words(identifier) == seal_words(identifier)


def test_no_two_ids_share_a_seal() -> None:
    assert len({seal_svg(identifier) for identifier in IDS}) == len(IDS)
    assert len({seal_svg(identifier, small=True) for identifier in IDS}) == len(IDS)


def test_a_seal_that_was_printed_stays_as_it_was() -> None:
    # Whoever changes these lines changes the seals on every diploma that is out there.
    assert seal_words("urn:uuid:1") == ("orange", "almond", "pine", "harp")
    assert seal_words("urn:uuid:1", "es") == ("naranja", "almendra", "pino", "arpa")
    words = Path(seal.__file__).with_name("seal_words.txt").read_bytes()
    assert hashlib.sha256(words).hexdigest() == "c26ac7d3421a52c2f5451facd871dfdd2243836f765deece3648da48db129931"
    first = ET.fromstring(seal_svg("urn:uuid:1")).find(f"{SVG}path")  # noqa: S314 - our own drawing
    assert first is not None
    assert first.attrib["d"].startswith("M360 200c-7 7-8 13-1 21s20 18 25 28s1 19-9 23")
    small = ET.fromstring(seal_svg("urn:uuid:1", small=True)).find(f"{SVG}path")  # noqa: S314
    assert small is not None
    assert small.attrib["d"].startswith("M359 200c-7 7-7 13 0 21s19 18 23 28s2 18-9 23")


@pytest.mark.parametrize("small", [False, True])
def test_a_seal_is_small_lines_only_and_well_formed(small: bool) -> None:
    for identifier in IDS:
        text = seal_svg(identifier, small=small)
        root = ET.fromstring(text)  # noqa: S314
        assert len(text.encode()) <= (2_000 if small else 12_000)
        assert {child.tag for child in root} == {f"{SVG}path"}
        assert root.attrib["stroke"] == "currentColor"
        # Two seals on one page must not share an id, and the strict policy allows no style.
        assert all("id" not in child.attrib and "style" not in child.attrib for child in root.iter())


def test_no_drawing_leaves_its_frame() -> None:
    for identifier in IDS[:60]:
        for path in ET.fromstring(seal_svg(identifier)):  # noqa: S314
            for x, y in _ends(path.attrib["d"]):
                assert 0 <= x <= 400
                assert 0 <= y <= 400


def test_a_curve_ends_where_it_began() -> None:
    for path in ET.fromstring(seal_svg("urn:uuid:closed")):  # noqa: S314
        ends = _ends(path.attrib["d"])
        assert ends[0] == ends[-1]


def test_a_seal_without_a_name_is_hidden_from_those_who_do_not_see_it() -> None:
    assert 'aria-hidden="true"' in seal_svg("urn:uuid:1")
    assert "role=" not in seal_svg("urn:uuid:1")


def test_a_name_cannot_bring_markup_along() -> None:
    text = seal_svg("urn:uuid:1", label='"><script>alert(1)</script>')
    assert "<script" not in text
    assert ET.fromstring(text).attrib["aria-label"] == '"><script>alert(1)</script>'  # noqa: S314


def test_hostile_ids_change_the_drawing_and_nothing_else() -> None:
    text = seal_svg('"><img src=x onerror=alert(1)>')
    assert "img" not in text


def test_the_size_is_written_in_pixels() -> None:
    assert 'width="48" height="48"' in seal_svg("urn:uuid:1", size=48, small=True)


@pytest.mark.parametrize("language", ["en", "es"])
def test_there_is_a_word_for_every_byte_and_none_twice(language: str) -> None:
    words = _column(language)
    assert len(words) == len(set(words)) == 256
    assert all(word.isalpha() and word == word.lower() and len(word) <= 12 for word in words)


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_two_words_differ_by_one_letter(language: str) -> None:
    # They are read out over the telephone, and typed without accents.
    plain = [normalize("NFD", word).encode("ascii", "ignore").decode() for word in _column(language)]
    assert [pair for pair in combinations(plain, 2) if _one_step_apart(*pair)] == []


def test_readers_of_two_languages_agree() -> None:
    english, spanish = _column("en"), _column("es")
    for identifier in IDS[:50]:
        places = [english.index(word) for word in seal_words(identifier)]
        assert [spanish.index(word) for word in seal_words(identifier, "es")] == places


def test_a_language_without_words_reads_english() -> None:
    assert seal_words("urn:uuid:1", "qu") == seal_words("urn:uuid:1")


def _one_step_apart(first: str, second: str) -> bool:
    if abs(len(first) - len(second)) > 1:
        return False
    short, long = sorted((first, second), key=len)
    same = next((place for place, char in enumerate(short) if char != long[place]), len(short))
    rest = short[same + 1 :] if len(short) == len(long) else short[same:]
    return rest == long[same + 1 :]


def _ends(path: str) -> list[tuple[int, int]]:
    """Return where each piece of a path ends."""
    ends: list[tuple[int, int]] = []
    for command, numbers in re.findall(r"([Mcs])([^Mcsz]*)", path):
        *_, x, y = map(int, re.findall(r"-?\d+", numbers))
        at_x, at_y = ends[-1] if ends else (0, 0)
        ends.append((x, y) if command == "M" else (at_x + x, at_y + y))
    return ends
