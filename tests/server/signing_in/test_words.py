"""Every sentence of these pages can be read in Spanish."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from intaglio.problems import CATALOGUE
from intaglio.server import signing_in

FEATURE = Path(signing_in.__file__).parent
KINDS = [
    "invitation-over",
    "account-closed",
    "sign-in-again",
    "last-way-in",
    *(kind for kind in CATALOGUE if kind.startswith("external-")),
]


def _known() -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in (*(FEATURE.parent / "languages").rglob("es.po"), FEATURE / "languages" / "es.po"):
        catalogue = read_po(BytesIO(path.read_bytes()), locale="es", abort_invalid=True)
        for message in catalogue:
            assert not list(message.check(catalogue)), message.id
            texts[str(message.id)] = str(message.string)
    return texts


KNOWN = _known()


def _sentences(path: Path) -> set[str]:
    data = BytesIO(path.read_bytes())
    if path.suffix == ".html":
        options = {"trim_blocks": "true", "newstyle_gettext": "true"}
        found = [text for _, _, text, _ in babel_extract(data, ("_",), [], options)]
    else:
        found = [text for _, text, _, _ in extract("python", data, keywords={"_": None})]
    return {text for text in found if isinstance(text, str)}


FILES = sorted([*FEATURE.glob("*.py"), *(FEATURE / "pages").glob("*.html")])


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sentence_is_there_in_spanish(path: Path) -> None:
    assert [text for text in sorted(_sentences(path)) if not KNOWN.get(text)] == []


def test_sentences_are_found_at_all() -> None:
    assert sum(len(_sentences(path)) for path in FILES) > 50


@pytest.mark.parametrize("kind", KINDS)
def test_every_problem_that_a_page_shows_is_there_in_spanish(kind: str) -> None:
    assert KNOWN.get(CATALOGUE[kind].title)
    assert KNOWN.get(CATALOGUE[kind].advice)
