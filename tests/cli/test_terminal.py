"""What strangers wrote must not steer the terminal of whoever reads it."""

import json
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intaglio.cli.text import paragraph, printable
from tests.cli.conftest import AT, Run
from tests.verification.builders import badge, learner_record, signed

ATTACKS = {
    "a colour": "\x1b[31mred\x1b[0m",
    "a cleared screen": "\x1b[2J\x1b[HConfirmed",
    "a window title": "\x1b]0;title\x07",
    "an 8-bit control sequence": "\x9b31mred",
    "a hyperlink": "\x1b]8;;https://evil.example\x1b\\school\x1b]8;;\x1b\\",
    "a carriage return": "Refused\rConfirmed",
    "a backspace": "bad\x08\x08\x08good",
    "a line of its own": "x\n    proof       passed",
    "a line separator": "x\u2028y\u2029z\x85w",
    "right to left": "\u202e2 level\u202c",
    "isolates": "\u2066a\u2069",
    "a mark": "\u200fa\u061c",
    "a delete": "a\x7fb",
    "tags": "a\U000e0041b",
    "a bell": "\a\a\a",
    "a private character": "\ue000",
    "an interlinear annotation": "\ufff9a\ufffa",
    "a soft hyphen": "a\u00adb",
}
FORBIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def assert_harmless(text: str) -> None:
    assert {unicodedata.category(character) for character in text if character not in "\n\u200c\u200d"}.isdisjoint(
        FORBIDDEN
    )


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_no_text_of_a_credential_reaches_the_terminal_with_its_controls(
    intaglio: Run, write: Callable[..., str], text: str
) -> None:
    inner = badge(
        name=text, issuer={"id": "urn:x" + text, "name": text}, description=text, validFrom=text, **{text: text}
    )
    document = write("file.json", learner_record(inner, name=text, id=text, credentialStatus={"type": text}))
    for call in (("verify", "--offline", "--at", AT), ("show",)):
        done = intaglio(*call, document)
        assert_harmless(done.out + done.err)
        # What it says starts no line of its own: every line is indented, or is the name of the file.
        assert all(line.startswith(("  ", "file.json", "It says")) or not line for line in done.out.splitlines())


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_no_refusal_repeats_the_controls_of_what_it_refuses(
    intaglio: Run, make_key: Callable[..., str], write: Callable[..., str], text: str
) -> None:
    make_key()
    for document in (badge(**{text: 1}), b"{%s: 1, %s: 2}" % ((json.dumps(text).encode(),) * 2)):
        done = intaglio("issue", write("file.json", document), "--key", "file:school.pem", "--suite", "eddsa-rdfc-2022")
        assert done.err
        assert_harmless(done.err)
    assert_harmless(intaglio("show", f"nowhere{text}").err)
    assert_harmless(intaglio("verify", "--offline", f"nowhere{text}").out)


@pytest.mark.parametrize("text", ATTACKS.values(), ids=ATTACKS)
def test_json_is_ascii_whatever_a_credential_says(intaglio: Run, write: Callable[..., str], text: str) -> None:
    document = write("file.json", signed(badge(name=text)))
    done = intaglio("verify", "--json", "--offline", "--at", AT, document, f"nowhere{text}")
    assert done.out.isascii()
    assert {unicodedata.category(character) for character in done.out} & FORBIDDEN <= {"Cc"}
    assert done.out.count("\n") == 2
    assert done.reports[1]["file"] == f"nowhere{text}"


def test_names_in_all_scripts_are_shown_as_they_are_written(intaglio: Run, write: Callable[..., str]) -> None:
    for name in ("Núria Ferré", "李小龍", "محمد", "שרה", "नमस्ते", "می\u200cخواهم", "👩\u200d🏫", "ﷺ"):
        assert name in intaglio("show", write("file.json", badge(name=name))).out


def test_a_text_of_megabytes_is_cut() -> None:
    assert len(printable("a" * 5_000_000)) == 2000
    assert printable("a" * 5_000_000).endswith("…")
    assert printable("a" * 2000) == "a" * 2000
    assert printable("\0" * 5_000_000) == ""


def test_a_paragraph_is_indented_and_no_wider_than_a_terminal() -> None:
    lines = paragraph("word " * 100 + "x" * 300, "    ").split("\n")
    assert all(line.startswith("    ") and len(line) <= 100 for line in lines)
    assert paragraph("", "    ") == ""


@given(st.text(max_size=3000))
def test_any_text_becomes_one_harmless_line(text: str) -> None:
    line = printable(text)
    assert_harmless(line)
    assert "\n" not in line
    assert len(line) <= 2000
    assert printable(line) == line
