"""Texts in the reader's language: gettext catalogues (``*.po``) whose keys are the English sentences.

`_` translates at once, into the language of the request that is being answered. `mark` marks a text that is translated later,
when it is shown.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "en"
_language: ContextVar[str] = ContextVar("language", default=SOURCE_LANGUAGE)
_texts: dict[str, dict[str, str | tuple[str, ...]]] = {}
_loaded: set[Path] = set()


def load(folders: Iterable[Path]) -> None:
    """Read the catalogues of the given folders, each once per process; a file is named after its language."""
    for folder in folders:
        for path in sorted(folder.glob("*.po")):
            if path not in _loaded:
                _loaded.add(path)
                _texts.setdefault(path.stem, {}).update(_read(path))


def current_language() -> str:
    """Return the language of the request that is being answered."""
    return _language.get()


def set_language(language: str) -> None:
    """Choose the language for the rest of this request."""
    _language.set(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Choose the language for a block, such as the writing of a mail."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(text: str) -> str:
    """Return a text in the current language, or as it is where there is no translation."""
    found = _texts.get(_language.get(), {}).get(text)
    return found if isinstance(found, str) and found else text


def ngettext(singular: str, plural: str, count: int) -> str:
    """Return the form of a text that fits a number. English and Spanish have the same two."""
    found = _texts.get(_language.get(), {}).get(singular)
    forms = found if isinstance(found, tuple) and all(found) else (singular, plural)
    return forms[0] if count == 1 else forms[1]


def mark(text: str) -> str:
    """Mark a text for translation where it stands; whoever shows it translates it."""
    return text


_ = gettext


def _read(path: Path) -> dict[str, str | tuple[str, ...]]:
    with path.open("rb") as file:
        catalogue = read_po(file, locale=path.stem)
    texts: dict[str, str | tuple[str, ...]] = {}
    for message in catalogue:
        if not message.id or message.fuzzy:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        texts[key] = message.string if isinstance(message.string, str) else tuple(message.string or ())
    return texts
