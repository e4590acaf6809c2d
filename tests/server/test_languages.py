"""Every text that a person can read has its Spanish, and says the same in it."""

import re
from pathlib import Path

import pytest

from intaglio.server import languages
from intaglio.server.languages import gettext, load, speaking
from issuer.organizations import words
from issuer.organizations.models import Kind, Role
from tools import message_sources, messages
from tools.messages import Entry, Room


@pytest.fixture(scope="module")
def everything() -> dict[str, Room]:
    return messages.rooms()


def test_every_text_has_its_spanish(everything: dict[str, Room]) -> None:
    lacking = [f"{room.name} ({message.place}): {message.singular}" for room, message in messages.missing(everything)]
    assert lacking == [], "python -m tools.messages --write adds empty entries"


def test_nothing_is_translated_that_nobody_says(everything: dict[str, Room]) -> None:
    assert [f"{room.name}: {text}" for room, text in messages.unused(everything)] == []


def test_the_spanish_fits_its_english(everything: dict[str, Room]) -> None:
    assert [f"{room.name}: {what}: {text}" for room, text, what in messages.misfits(everything)] == []


def test_no_text_has_two_translations(everything: dict[str, Room]) -> None:
    assert dict(messages.contradictions(everything)) == {}


def test_the_scan_sees_what_is_said(everything: dict[str, Room]) -> None:
    # Should the way of marking texts change, the tests above would pass for having nothing to look at.
    seen = {name: {message.singular for message in room.messages} for name, room in everything.items()}
    assert "Skip to the page" in seen["intaglio/server"]  # a template
    assert "Genuine." in seen["verifier/checking"]  # a call in Python
    assert "Overview" in seen["issuer/organizations"]  # a mark
    assert "Hello %(name)s," in seen["issuer/delivery"]  # a mail
    assert "It has expired." in seen["intaglio/server/languages/problems"]
    assert {room.name for room in everything.values() if not room.messages} <= {
        "issuer",
        "wallet",
        "verifier",
    } | _doors(everything)


def _doors(everything: dict[str, Room]) -> set[str]:
    """Return the features that have no pages: machines read no Spanish."""
    return {name for name in everything if not (messages.ROOT / name / "pages").is_dir()}


def test_no_template_says_a_word_past_the_catalogues() -> None:
    templates = [path for path in messages.sources() if path.suffix != ".py"]
    assert len(templates) > 50
    own = {
        path.relative_to(messages.ROOT).as_posix(): _own_words(path.read_text(encoding="utf-8")) for path in templates
    }
    assert {path: found for path, found in own.items() if found} == {}


_NAMES = {"Intaglio", "SHA"}
_FOR_MACHINES = re.compile(r"{%-? *block (?:width|robots) *%}.*?{% *endblock *%}|{#.*?#}|{%.*?%}|{{.*?}}", re.DOTALL)
_SPOKEN = re.compile(r'\b(?:title|aria-label|placeholder|alt)="([^"]*)"')


def _own_words(template: str) -> list[str]:
    """Return the words of a template that stand between its tags, or in an attribute that is read out."""
    html = _FOR_MACHINES.sub(" ", template)
    html += " ".join(_SPOKEN.findall(html))
    text = re.sub(r'<svg\b.*?</svg>|[\w-]+="[^"]*"|<[^>]*>|&\w+;', " ", html, flags=re.DOTALL)
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in _NAMES]


def test_own_words_are_seen() -> None:
    assert _own_words("<p>{{ _('fine') }} <b title=\"Said\">Hello</b></p>") == ["Hello", "Said"]


def test_kinds_and_roles_have_words() -> None:
    assert set(words.KINDS) == {kind.value.capitalize() for kind in Kind}
    assert set(words.ROLES) == {role.value.capitalize() for role in Role}


def test_catalogues_are_read_where_the_tool_expects_them(everything: dict[str, Room]) -> None:
    for path in messages.ROOT.glob("*/**/*.po"):
        if not path.is_relative_to(messages.ROOT / ".venv"):
            assert path in {messages.catalogue_of(name) for name in everything}, path


def test_a_service_speaks_spanish_about_problems() -> None:
    load((Path(languages.__file__).parent / "problems",))
    with speaking("es"):
        assert gettext("It has expired.") == "Ya venció."


@pytest.mark.parametrize(
    ("english", "spanish", "fault"),
    [
        (("Hello %(name)s",), ("Hola",), "other placeholders"),
        (("Hello %(name)s",), ("Hola, %(nombre)s",), "other placeholders"),
        (("Up to 5",), ("Hasta el 5 %",), "other placeholders"),
        (("<b>Yes</b>",), ("Sí",), "other markup"),
        (("Yes &amp; no",), ("Sí y no",), "other markup"),
        (("Yes ",), ("Sí",), "other space around it"),
        (("Yes.",), ("Sí",), "another end"),
        (("%(num)s row", "%(num)s rows"), ("%(num)s fila", "filas"), "other placeholders"),
        (("%(num)s row", "%(num)s rows"), ("%(num)s fila",), "not the same number of forms"),
    ],
)
def test_what_does_not_fit_is_found(english: tuple[str, ...], spanish: tuple[str, ...], fault: str) -> None:
    assert fault in {what for _, _, what in messages.misfits(_room(Entry(english, spanish, fuzzy=False)))}


@pytest.mark.parametrize(
    ("english", "spanish"),
    [
        (("Hello %(name)s,",), ("Hola, %(name)s:",)),
        (("Is it %(name)s?",), ("¿Es %(name)s?",)),
        (
            ("%(num)s row of %(name)s", "%(num)s rows of %(name)s"),
            ("una fila de %(name)s", "%(num)s filas de %(name)s"),
        ),
        (("Yes.",), ("",)),
    ],
)
def test_what_fits_is_let_be(english: tuple[str, ...], spanish: tuple[str, ...]) -> None:
    assert list(messages.misfits(_room(Entry(english, spanish, fuzzy=False)))) == []


def test_fuzzy_entries_are_found(tmp_path: Path) -> None:
    catalogue = tmp_path / "es.po"
    catalogue.write_text('msgid ""\nmsgstr "Language: es\\n"\n\n#, fuzzy\nmsgid "Yes"\nmsgstr "Quizá"\n')
    (entry,) = messages.entries_of(catalogue)
    assert [what for _, _, what in messages.misfits(_room(entry))] == ["fuzzy"]


def test_two_translations_of_one_text_are_found() -> None:
    rooms = _room(Entry(("Yes",), ("Sí",), fuzzy=False)) | _room(Entry(("Yes",), ("Claro",), fuzzy=False), "b")
    assert dict(messages.contradictions(rooms)) == {"Yes": {"a", "b"}}


def _room(entry: Entry, name: str = "a") -> dict[str, Room]:
    return {name: Room(name, (), frozenset(), (entry,), (name,))}


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.py", '_("One")\nlanguages.gettext("Two")\nmark("Th" "ree")', {("One", ""), ("Two", ""), ("Three", "")}),
        ("a.py", 'ngettext("%(num)s row", "%(num)s rows", n)', {("%(num)s row", "%(num)s rows")}),
        ("a.py", '_("a" if good else "b")\n_(word)\nother("c")', {("a", ""), ("b", "")}),
        ("a.html", "{{ field(_('One'), hint=_('Two')) }}{% if _('x' if y else 'z') %}{% endif %}",
         {("One", ""), ("Two", ""), ("x", ""), ("z", "")}),
        ("a.html", '{% macro m() %}{{ ngettext("%(num)s row", "%(num)s rows", 2, num=2) }}{% endmacro %}',
         {("%(num)s row", "%(num)s rows")}),
        ("a.html", "{% trans name=who %}Hello {{ name }}{% endtrans %}", {("Hello %(name)s", "")}),
        ("a.html", "{# _('no') #}{{ _(word) }}{{ other('no') }}", set()),
    ],
)  # fmt: skip
def test_texts_are_found(tmp_path: Path, name: str, text: str, found: set[tuple[str, str]]) -> None:
    path = tmp_path / name
    path.write_text(text)
    assert {message[:2] for message in message_sources.in_file(tmp_path, path)} == found


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.py", '_(f"Hello {name}")'),
        ("a.py", '_("Hello " + name)'),
        ("a.py", '_("Hello %(name)s" % {"name": name})'),
        ("a.html", "{{ _('Hello ' ~ name) }}"),
        ("a.html", "{{ _('Hello %s' % name) }}"),
    ],
)
def test_a_text_that_is_put_together_first_is_refused(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(ValueError, match="put together"):
        message_sources.in_file(tmp_path, path)


def test_missing_entries_are_added_empty_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("intaglio/server/languages", "issuer/awards/pages", "wallet", "verifier"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("issuer", "wallet", "verifier"):
        (tmp_path / name / "app.py").write_text("")
    (tmp_path / "issuer/awards/routes.py").write_text('Feature.of("issuer.awards", r)\n_("A “word”, \\"said\\"\\n")')
    (tmp_path / "issuer/awards/pages/a.html").write_text('{{ ngettext("%(num)s row", "%(num)s rows", 2) }}')
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    monkeypatch.setattr(messages, "_TABLES", {})
    assert messages.main(write=True) == 2
    written = (tmp_path / "issuer/awards/languages/es.po").read_text(encoding="utf-8")
    assert messages.main(write=True) == 2
    assert (tmp_path / "issuer/awards/languages/es.po").read_text(encoding="utf-8") == written
    assert {entry.english for entry in messages.entries_of(tmp_path / "issuer/awards/languages/es.po")} == {
        ('A “word”, "said"\n',), ("%(num)s row", "%(num)s rows")
    }  # fmt: skip
