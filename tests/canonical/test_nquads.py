import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.canonical.nquads import (
    RDF,
    XSD,
    Quad,
    blank,
    iri,
    is_absolute_iri,
    is_blank,
    language_literal,
    literal,
    shorten,
)
from intaglio.errors import MalformedInput
from tests.canonical.nquads_reader import read

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


def test_a_quad_is_written_on_one_line_with_single_spaces() -> None:
    terms = (blank("b0"), iri("urn:p"), literal("x"))
    assert Quad(*terms).line() == '_:b0 <urn:p> "x" .\n'
    assert Quad(*terms, iri("urn:g")).line() == '_:b0 <urn:p> "x" <urn:g> .\n'


def test_the_datatype_string_is_left_out_and_others_are_written() -> None:
    assert literal("x", f"{XSD}string") == '"x"'
    assert literal("1", f"{XSD}integer") == f'"1"^^<{XSD}integer>'
    assert language_literal("x", "en-gb") == '"x"@en-gb'


@pytest.mark.parametrize(
    ("character", "written"),
    [
        *[("\b", r"\b"), ("\t", r"\t"), ("\n", r"\n"), ("\f", r"\f"), ("\r", r"\r"), ('"', r"\""), ("\\", r"\\")],
        *[("\x00", r"\u0000"), ("\x07", r"\u0007"), ("\x0b", r"\u000B"), ("\x0e", r"\u000E"), ("\x1f", r"\u001F")],
        *[("\x7f", r"\u007F"), ("\ufffe", r"\uFFFE"), ("\uffff", r"\uFFFF")],
        *[(other, other) for other in ("\x80", "\x85", "\u2028", "\ue000", "\ufffd", "\U0001f600", "\U0001ffff", "'")],
    ],
)
def test_characters_are_escaped_as_canonical_n_quads_asks(character: str, written: str) -> None:
    assert literal(f"a{character}b") == f'"a{written}b"'


@given(TEXT, TEXT)
def test_no_text_breaks_out_of_its_line_and_each_is_read_back(first: str, second: str) -> None:
    quads = [
        Quad(iri("urn:s"), iri("urn:p"), literal(first)),
        Quad(iri("urn:s"), iri("urn:p"), literal(second, "urn:t")),
    ]
    assert read("".join(quad.line() for quad in quads)) == quads


@pytest.mark.parametrize(
    "value",
    [
        *["", "a", "a/b", "/a", "#a", "//a/b", "1:a", ":a", "_:b0", "é:a", " urn:a", "@id"],
        *[f"urn:{character}" for character in ' <>"{}|\\^`\t\n\r\x00\x1f'],
        *["urn:a\n", "urn:\ud800", "urn:x> <urn:p> <urn:o> .\n<urn:y"],
    ],
)
def test_what_is_no_absolute_iri_is_refused(value: str) -> None:
    assert not is_absolute_iri(value)
    with pytest.raises(MalformedInput) as refused:
        iri(value)
    assert refused.value.problem.kind == "bad-iri"


@pytest.mark.parametrize(
    "value", ["urn:", "a:b", "did:web:a", "https://a.example/ü?q=[1]#%20\x7f", "x+y-z.1:\U0001f600"]
)
def test_absolute_iris_are_taken_as_they_are(value: str) -> None:
    assert is_absolute_iri(value)
    assert iri(value) == f"<{value}>"


@pytest.mark.parametrize(
    "language", ["", "e n", "en-", "en_GB", "-en", "123", "toolonglanguage", "en\n", "é", "a-" * 5_000_000]
)
def test_what_is_no_language_tag_is_refused(language: str) -> None:
    with pytest.raises(MalformedInput) as refused:
        language_literal("x", language)
    assert refused.value.problem.kind == "bad-language-tag"


def test_half_a_character_has_no_canonical_form() -> None:
    for make in (
        lambda: literal("a\ud800"),
        lambda: language_literal("\udfff", "en"),
        lambda: literal("a", "urn:\ud800"),
    ):
        with pytest.raises(MalformedInput):
            make()


def test_a_literal_is_never_taken_for_a_blank_node() -> None:
    assert is_blank(blank("b0"))
    assert not any(map(is_blank, (literal("_:b0"), iri("urn:_:b0"), "", f"<{RDF}nil>")))


def test_messages_hold_no_control_characters_and_no_endless_texts() -> None:
    assert shorten("a\x1b[31m\n") == "a\N{REPLACEMENT CHARACTER}[31m\N{REPLACEMENT CHARACTER}"
    assert len(shorten("x" * 1000)) == 80
