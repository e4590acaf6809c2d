"""The sentences of findings, in both languages, and the file in which they are handed out."""

import csv
import io
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import issuer.roster
from issuer.roster.oneroster.findings import Finding
from issuer.roster.oneroster.kinds import KINDS, Kind
from issuer.roster.oneroster.report import findings_csv, harmless

FOLDER = Path(issuer.roster.__file__).parent
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
MESSAGE = re.compile(r'(?<![\w.])(?:_|ngettext)\(\s*"((?:[^"\\]|\\.)*)"(?:,\s*"((?:[^"\\]|\\.)*)")?')


def spanish() -> dict[str, tuple[str, ...]]:
    with (FOLDER / "languages" / "es.po").open("rb") as file:
        catalogue = read_po(file, locale="es")
    texts = {}
    for message in catalogue:
        key = message.id if isinstance(message.id, str) else message.id[0]
        texts[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    return texts


def as_it_is(text: str) -> str:
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_is_wrong_and_what_to_do(kind: str) -> None:
    finding = Finding(kind, "users.csv", 7, "email", "x", dict.fromkeys(KINDS[kind].adds, "y"))
    for words in (finding.sentence(as_it_is), finding.advice(as_it_is)):
        assert words.endswith(".")
        assert "%(" not in words


@pytest.mark.parametrize("kind", KINDS.values())
def test_every_sentence_is_there_in_spanish_with_the_same_places(kind: Kind) -> None:
    for english in (kind.sentence, kind.advice):
        (translated,) = spanish()[english]
        assert translated
        assert sorted(PLACEHOLDER.findall(translated)) == sorted(PLACEHOLDER.findall(english))


@pytest.mark.parametrize("page", sorted((FOLDER / "pages").glob("*.html")), ids=lambda path: path.stem)
def test_every_text_of_a_page_is_there_in_spanish(page: Path) -> None:
    texts = spanish()
    for english, plural in MESSAGE.findall(page.read_text(encoding="utf-8")):
        assert all(texts[english]), english
        assert len(texts[english]) == (2 if plural else 1), english
        for form in texts[english]:
            assert sorted(PLACEHOLDER.findall(form)) in (
                sorted(PLACEHOLDER.findall(english)),
                sorted(PLACEHOLDER.findall(plural)),
            )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "\u00a0="])
def test_a_cell_that_would_be_a_formula_is_made_harmless(start: str) -> None:
    assert harmless(f"{start}cmd|' /C calc'!A0").startswith("'")


def test_other_cells_stay_as_they_are() -> None:
    for cell in ("", "José", "1-2", "a=b", "L00001"):
        assert harmless(cell) == cell


def test_the_file_of_findings_opens_with_all_letters() -> None:
    finding = Finding("bad-email", "users.csv", 7, "email", 'Zoë, "Z"')
    content = findings_csv([finding], as_it_is)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows[1][3] == 'Zoë, "Z"'
    assert rows[1][5] == '“Zoë, "Z"” is not an e-mail address, so we leave it out.'
