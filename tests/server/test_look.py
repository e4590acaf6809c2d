"""What can be said of the look without a browser: colours, files, texts."""

import hashlib
import re
import tomllib
from itertools import product
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from intaglio import server

FOLDER = Path(server.__file__).parent
STATIC, TEMPLATES = FOLDER / "static", FOLDER / "templates"
TOKENS = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
LIGHT, DARK, DARK_BY_SYSTEM = (
    dict(re.findall(r"--([\w-]+): ([^;]+);", block)) for block in re.findall(r"{\s*color-scheme([^}]*)}", TOKENS)
)
SURFACES = ("paper", "sheet", "accent-wash", "good-wash", "unsure-wash", "bad-wash")
OURS = [
    path
    for folder in (STATIC / "css", STATIC / "js", TEMPLATES)
    for path in folder.rglob("*.*")
    if "vendor" not in path.parts
]


def _luminance(colour: str) -> float:
    """Return the relative luminance of ``#rrggbb`` (WCAG 2.2, relative luminance)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(first: str, second: str) -> float:
    low, high = sorted((_luminance(first), _luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_on_every_surface(theme: dict[str, str]) -> None:
    texts = ("ink", "ink-soft", "accent", "accent-deep", "good", "unsure", "bad")
    pairs = [*product(texts, SURFACES), ("accent-ink", "accent"), ("accent-ink", "accent-deep"), ("bad-ink", "bad")]
    assert {pair: ratio for pair in pairs if (ratio := _contrast(theme[pair[0]], theme[pair[1]])) < 4.5} == {}


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_edges_of_controls_can_be_seen_on_every_surface(theme: dict[str, str]) -> None:
    assert {on: ratio for on in SURFACES if (ratio := _contrast(theme["edge"], theme[on])) < 3.0} == {}


def test_dark_is_the_same_whether_chosen_by_the_system_or_by_hand() -> None:
    assert DARK == DARK_BY_SYSTEM
    assert DARK.keys() == LIGHT.keys() - {"serif", "sans", "mono"} - {
        name for name in LIGHT if name.startswith(("step", "space", "radius", "target"))
    }


def test_only_tokens_and_paper_name_colours() -> None:
    for path in (STATIC / "css").glob("*.css"):
        if path.name not in ("tokens.css", "print.css"):
            named = set(re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(", path.read_text(encoding="utf-8")))
            assert named <= {"#000", "#fff"}, path.name  # a camera's picture and a QR code are the same in every theme


def test_every_token_that_is_used_is_defined() -> None:
    defined = set(re.findall(r"--([\w-]+):", TOKENS))
    for path in (STATIC / "css").glob("*.css"):
        used = set(re.findall(r"var\(--([\w-]+)\)", path.read_text(encoding="utf-8")))
        assert used <= defined, path.name


def test_what_others_made_is_what_its_package_holds() -> None:
    sources = tomllib.loads((STATIC / "sources.toml").read_text(encoding="utf-8"))["package"]
    pinned = {file["file"]: file["sha256"] for package in sources for file in package["files"]}
    assert {name: hashlib.sha256((STATIC / name).read_bytes()).hexdigest() for name in pinned} == pinned
    there = {
        path.relative_to(STATIC).as_posix() for name in ("fonts", "js/vendor") for path in (STATIC / name).iterdir()
    }
    assert there == set(pinned)
    assert all(any("LICENSE" in file["file"] for file in package["files"]) for package in sources)


def test_every_font_and_module_that_is_named_is_there() -> None:
    for path in OURS:
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".css":
            assert all((path.parent / name).is_file() for name in re.findall(r'url\("([^"]+)"\)', text)), path.name
        if path.suffix == ".js":
            named = re.findall(r'(?:from |import\()"([^"]+)"', text)
            assert all((path.parent / name).is_file() for name in named), path.name
        if path.suffix == ".html":
            assert all((STATIC / name).is_file() for name in re.findall(r"asset\('([^'~]+\.\w+)'\)", text)), path.name


def test_nothing_of_ours_comes_from_elsewhere_or_is_written_inline() -> None:
    for path in OURS:
        text = re.sub(r"{#.*?#}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        assert "//" not in re.sub(r"(?m)(^|\s)//.*$|http://www\.w3\.org/2000/svg", "", text), path.name
        if path.suffix == ".html":
            assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*\ssrc=)", text), path.name


def test_macros_begin_with_what_they_take() -> None:
    for path in (TEMPLATES / "components").glob("*.html"):
        text = path.read_text(encoding="utf-8")
        head, _, rest = text.partition("#}")
        assert head.startswith("{#"), path.name
        for name, arguments in re.findall(r"{%-? macro ([a-z]\w*)\(([^)]*(?:\([^)]*\)[^)]*)*)\)", rest):
            assert f"{name}(" in head, f"{path.name}: {name}"
            for argument in re.findall(r"(\w+)=", arguments):
                assert argument in head, f"{path.name}: {name} does not tell about {argument}"


def test_the_list_of_components_names_every_macro() -> None:
    text = (TEMPLATES / "components" / "README.md").read_text(encoding="utf-8")
    listed = {
        file: set(re.findall(r"`(\w+)`", names)) for file, names in re.findall(r"\| `([\w.]+\.html)` \| (.*) \|", text)
    }
    there = {
        path.name: set(re.findall(r"{%-? macro ([a-z]\w*)\(", path.read_text(encoding="utf-8")))
        for path in (TEMPLATES / "components").glob("*.html")
    }
    assert listed == there


def test_every_text_of_the_frame_has_its_spanish() -> None:
    with (FOLDER / "languages" / "es.po").open("rb") as file:
        spanish = {message.id: message.string for message in read_po(file) if message.id}
    options = {"**.html": {"trim_blocks": "true", "silent": "false"}}
    found = extract_from_dir(TEMPLATES, [("**.html", "jinja2")], options, keywords={"_": None, "ngettext": (1, 2)})
    texts = {text for _, _, text, _, _ in found}
    assert len(texts) > 40
    assert texts - spanish.keys() == set()
    for text, translated in spanish.items():
        for one, other in zip(_forms(text), _forms(translated), strict=True):
            assert other, one
            assert re.findall(r"%\(\w+\)s", one) == re.findall(r"%\(\w+\)s", other), one


def _forms(text: str | tuple[str, ...] | list[str]) -> list[str]:
    return [text] if isinstance(text, str) else list(text)
