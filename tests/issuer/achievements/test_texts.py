"""What people type is cleaned before it is kept, and addresses are addresses."""

import pytest

from intaglio.server.texts import clean_block, clean_line
from issuer.achievements.addresses import is_urn, is_web_address
from issuer.achievements.codes import slug


def test_a_line_is_one_line() -> None:
    assert clean_line("  Critical \t thinking\r\nand\u00a0more ") == "Critical thinking and more"


def test_letters_are_composed() -> None:
    assert clean_line("Castan\u0303eda") == "Castañeda"


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u202e", "\u2066", "\ufeff", "\ud800", "\x85"])
def test_what_nobody_sees_is_left_out(mark: str) -> None:
    assert clean_line(f"Ann{mark}a") in ("Anna", "Ann a")
    assert clean_block(f"Ann{mark}a") == "Anna"


def test_a_block_keeps_its_lines() -> None:
    assert clean_block("\r\n- a  \r\n\r\n\tb\r\n\r\n") == "- a\n\n\tb"


@pytest.mark.parametrize(
    "text",
    ["https://a.example", "http://a.example:8080/x?y=z#w", "https://sub.école.example/ñ", "https://[2001:db8::1]/x"],
)
def test_web_addresses(text: str) -> None:
    assert is_web_address(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "a.example",
            "//a.example",
            "ftp://a.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "mailto:a@b.example",
        ),
        *(
            "https://",
            "https:///x",
            "https://a b",
            "https://a.example/<x>",
            'https://a.example/"x',
            "https://a.example/\n",
        ),
        *(
            "https://user:secret@a.example",
            "https://a@b.example",
            "https://[::1",
            "https://a.example:x",
            "https://-a.example",
        ),
        "https://a.example/" + "x" * 2000,
    ],
)
def test_what_is_no_web_address(text: str) -> None:
    assert not is_web_address(text)


def test_urns() -> None:
    assert is_urn("urn:uuid:5f0c2f0a-6f0e-4b6e-9c50-0f6d3d3f3b51")
    assert not is_urn("urn:x")
    assert not is_urn("urn:isbn:1 2")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Civic, financial & economic literacy", "civic-financial-economic-literacy"),
        ("Éducation", "education"),
        ("书法", "achievement"),
        ("", "achievement"),
        ("a" * 80, "a" * 56),
        ("x" * 55 + " y", "x" * 55),
    ],
)
def test_names_become_codes(name: str, code: str) -> None:
    assert slug(name) == code
