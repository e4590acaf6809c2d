"""Every text of these pages has its Spanish, with the same places for names and numbers."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import issuer.achievements

FOLDER = Path(str(issuer.achievements.__file__)).parent
CALL = re.compile(r"""(?<![\w.])(?:_|gettext|mark)\(\s*(?:"([^"]+)"|'([^']+)')""")
PLACE = re.compile(r"%\((\w+)\)s")


def catalogue() -> dict[str, str]:
    with (FOLDER / "languages" / "es.po").open("rb") as file:
        return {str(message.id): str(message.string) for message in read_po(file, locale="es") if message.id}


def texts() -> list[str]:
    files = [*FOLDER.glob("*.py"), *FOLDER.glob("pages/*.html")]
    return sorted({found[1] or found[2] for file in files for found in CALL.finditer(file.read_text())})


@pytest.mark.parametrize("text", texts())
def test_every_text_has_its_spanish(text: str) -> None:
    spanish = catalogue().get(text)

    assert spanish
    assert sorted(PLACE.findall(text)) == sorted(PLACE.findall(spanish))


def test_the_texts_were_found() -> None:
    assert {"What it takes", "Give it a name.", "Micro-credential", "The draft is saved."} <= set(texts())
