"""What is missing in the catalogues of texts, feature by feature.

``python -m tools.messages`` lists what has no Spanish, what nobody says any more, and what does not fit its English;
``--write`` also adds empty entries, to be filled by a person. ``tests/server/test_languages.py`` asks the same.
"""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.pofile import escape, read_po

from tools.message_sources import Message, in_file, in_findings_of_rosters, in_problems, literals

ROOT = Path(__file__).parent.parent
LANGUAGE = "es"
_SERVER = "intaglio/server"
_PROBLEMS = "intaglio/server/languages/problems"
_SERVICES = ("issuer", "wallet", "verifier")
_FEATURE = re.compile(r'Feature\.of\("([\w.]+)"')
_TABLES = {_PROBLEMS: in_problems, "issuer/roster": in_findings_of_rosters}
_HEAD = """# Spanish for {room}.
msgid ""
msgstr ""
"Language: es\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass(frozen=True)
class Entry:
    """A translation: the English forms and the Spanish ones, one or two of each."""

    english: tuple[str, ...]
    spanish: tuple[str, ...]
    fuzzy: bool


@dataclass(frozen=True)
class Room:
    """A folder with a catalogue of its own: a feature, a service, or what all services share. Named by its path."""

    name: str
    messages: tuple[Message, ...]
    literals: frozenset[str]
    """Whatever else its Python says; what is translated of it is of use, such as sentences about one occurrence."""
    entries: tuple[Entry, ...]
    heard: tuple[str, ...]
    """The rooms whose catalogues are loaded wherever this one's texts are shown, itself among them."""


def rooms() -> dict[str, Room]:
    """Return every room by its name, with what it says and what is translated."""
    names = [_PROBLEMS, _SERVER, *_SERVICES, *sorted(_features())]
    said: dict[str, list[Message]] = {name: [] for name in names}
    beside: dict[str, set[str]] = {name: set() for name in names}
    for path in sources():
        name = _room_of(path, names)
        said[name] += in_file(ROOT, path)
        beside[name] |= literals(path) if path.suffix == ".py" else set()
    for name, table in _TABLES.items():
        said[name] += table()
    return {
        name: Room(
            name, tuple(said[name]), frozenset(beside[name]), entries_of(catalogue_of(name)), _heard(name, names)
        )
        for name in names
    }


def catalogue_of(name: str) -> Path:
    """Return where the catalogue of a room is, or would be."""
    return ROOT / (name if name == _PROBLEMS else f"{name}/languages") / f"{LANGUAGE}.po"


def entries_of(path: Path) -> tuple[Entry, ...]:
    """Return the entries of a catalogue; none where there is no such file."""
    if not path.exists():
        return ()
    with path.open("rb") as file:
        messages = [message for message in read_po(file, locale=LANGUAGE) if message.id]
    return tuple(Entry(_forms(message.id), _forms(message.string), message.fuzzy) for message in messages)


def missing(everything: dict[str, Room]) -> Iterator[tuple[Room, Message]]:
    """Yield what nobody has translated, each text once for a room."""
    for room in everything.values():
        known = {
            entry.english for name in room.heard for entry in everything[name].entries if all(entry.spanish)
        }  # an empty entry waits to be filled
        told = {_key(message): message for message in room.messages}
        yield from ((room, message) for key, message in told.items() if key not in known)


def unused(everything: dict[str, Room]) -> Iterator[tuple[Room, str]]:
    """Yield what is translated in a room that does not say it."""
    for room in everything.values():
        told = {_key(message) for message in room.messages}
        yield from (
            (room, entry.english[0])
            for entry in room.entries
            if entry.english[0] not in room.literals and entry.english not in told
        )


def misfits(everything: dict[str, Room]) -> Iterator[tuple[Room, str, str]]:
    """Yield translations that would break the sentence or its markup: the room, the English text, and what is wrong."""
    for room in everything.values():
        for entry in room.entries:
            yield from ((room, entry.english[0], what) for what in _faults(entry))


def contradictions(everything: dict[str, Room]) -> Iterator[tuple[str, set[str]]]:
    """Yield English texts that have several Spanish ones: a process holds one dictionary, so the last one read would win."""
    seen: dict[str, dict[tuple[str, ...], str]] = {}
    for room in everything.values():
        for entry in room.entries:
            if all(entry.spanish):
                seen.setdefault(entry.english[0], {})[entry.spanish] = room.name
    yield from ((text, set(found.values())) for text, found in seen.items() if len(found) > 1)


def main(*, write: bool) -> int:
    """Print what is wrong, and add empty entries where asked; return how much it was."""
    everything = rooms()
    lines = [f"{room.name}: missing ({message.place}): {message.singular}" for room, message in missing(everything)]
    lines += [f"{room.name}: unused: {text}" for room, text in unused(everything)]
    lines += [f"{room.name}: {what}: {text}" for room, text, what in misfits(everything)]
    lines += [f"{', '.join(sorted(where))}: two translations: {text}" for text, where in contradictions(everything)]
    print("\n".join(lines) or "Every text has its Spanish.")
    if write:
        for room, message in missing(everything):
            _add(room, message)
    return len(lines)


def _features() -> list[str]:
    """Return the folders of features, as their own code names them."""
    files = [path for name in (_SERVER, *_SERVICES) for path in (ROOT / name).rglob("*.py")]
    packages = {name for path in files for name in _FEATURE.findall(path.read_text(encoding="utf-8"))}
    return [name.replace(".", "/") for name in packages if (ROOT / name.replace(".", "/")).is_dir()]


def sources() -> Iterator[Path]:
    """Yield every template and every Python file that can say something to a person."""
    for name in (_SERVER, *_SERVICES):
        for path in sorted((ROOT / name).rglob("*")):
            in_template_folder = {"pages", "templates"} & set(path.parent.parts) and path.suffix in (".html", ".txt")
            if (path.suffix == ".py" or in_template_folder) and "migrations" not in path.parts:
                yield path


def _room_of(path: Path, names: list[str]) -> str:
    place = path.relative_to(ROOT).as_posix()
    return max((name for name in names if place.startswith(f"{name}/")), key=len)


def _heard(name: str, names: list[str]) -> tuple[str, ...]:
    """Return the rooms that `intaglio.server.app.create` loads together with this one."""
    heard = {_SERVER, _PROBLEMS, name}
    service = name.partition("/")[0]
    if service in _SERVICES:
        heard |= {other for other in names if other == service or other.startswith(f"{service}/")}
        signs_in = "sign_in_feature" in (ROOT / service / "app.py").read_text(encoding="utf-8")
        heard |= {f"{_SERVER}/signing_in"} if signs_in else set()
    return tuple(sorted(heard))


def _faults(entry: Entry) -> Iterator[str]:
    if entry.fuzzy:
        yield "fuzzy"
    if len(entry.english) != len(entry.spanish):
        yield "not the same number of forms"
    for english, spanish in zip(reversed(entry.english), reversed(entry.spanish), strict=False):
        if not spanish:
            continue
        for what, pattern in _SAME.items():
            if sorted(pattern.findall(english)) != sorted(pattern.findall(spanish)) and not _may_name_its_one(
                english, spanish, entry
            ):
                yield what


_SAME = {
    "other placeholders": re.compile(r"%\(\w+\)[a-z]|%(?!\()"),
    "other markup": re.compile(r"</?\w[^>]*>|&\w+;"),
    "other space around it": re.compile(r"\A\s+|\s+\Z"),
    "another end": re.compile(r"[.?!…]\s*\Z"),
}


def _may_name_its_one(english: str, spanish: str, entry: Entry) -> bool:
    """Tell whether it is a singular that says *one* for the number."""
    return len(entry.english) > 1 and english == entry.english[0] and "%(num)s" not in spanish


def _key(message: Message) -> tuple[str, ...]:
    return (message.singular, message.plural) if message.plural else (message.singular,)


def _forms(text: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (text or "",) if isinstance(text, str) or text is None else tuple(text)


def _add(room: Room, message: Message) -> None:
    path = catalogue_of(room.name)
    if any(entry.english == _key(message) for entry in room.entries):
        return
    path.parent.mkdir(exist_ok=True, parents=True)
    before = path.read_text(encoding="utf-8") if path.exists() else _HEAD.format(room=room.name)
    lines = [f"msgid {escape(message.singular)}"]
    if message.plural:
        lines += [f"msgid_plural {escape(message.plural)}", 'msgstr[0] ""', 'msgstr[1] ""']
    else:
        lines += ['msgstr ""']
    path.write_text(before.rstrip("\n") + "\n\n" + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(min(main(write="--write" in sys.argv[1:]), 1))
