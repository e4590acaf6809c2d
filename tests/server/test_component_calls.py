"""Every page of every service calls the components with what they take: a page that nobody opened would fail only there."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "intaglio" / "server" / "templates"
PAGES = sorted(
    path
    for folder in ("intaglio/server", "issuer", "wallet", "verifier", "tests/server/pages")
    for path in (ROOT / folder).rglob("*.html")
)
_ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


@dataclass(frozen=True)
class Signature:
    """What a macro takes."""

    names: tuple[str, ...]
    needed: tuple[str, ...]

    def misfits(self, call: nodes.Call) -> list[str]:
        """Return what is wrong with a call."""
        named = [keyword.key for keyword in call.kwargs]
        given = {*self.names[: len(call.args)], *named}
        wrong = [f"unknown: {name}" for name in named if name not in self.names]
        wrong += [f"missing: {name}" for name in self.needed if name not in given]
        return wrong + (["too many"] if len(call.args) > len(self.names) else [])


def _parse(path: Path) -> nodes.Template:
    return _ENVIRONMENT.parse(path.read_text(encoding="utf-8"))


def _macros() -> dict[tuple[str, str], Signature]:
    found = {}
    for path in (TEMPLATES / "components").glob("*.html"):
        for macro in _parse(path).find_all(nodes.Macro):
            names = tuple(argument.name for argument in macro.args)
            needed = names[: len(names) - len(macro.defaults)]
            found[f"components/{path.name}", macro.name] = Signature(names, needed)
    return found


MACROS = _macros()


def _calls(path: Path) -> Iterator[tuple[str, Signature | None, nodes.Call]]:
    """Give every call of a macro that a page imports by its name; None where there is no such macro."""
    template = _parse(path)
    imported: dict[str, tuple[str, str]] = {}
    for line in template.find_all(nodes.FromImport):
        if isinstance(line.template, nodes.Const) and line.template.value.startswith("components/"):
            for name in line.names:
                original, alias = (name, name) if isinstance(name, str) else name
                imported[alias] = (line.template.value, original)
    for alias, key in imported.items():
        if key not in MACROS:
            yield alias, None, nodes.Call()
    for call in template.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in imported and not (call.dyn_args or call.dyn_kwargs):
            yield call.node.name, MACROS.get(imported[call.node.name]), call


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_components_are_called_with_what_they_take(path: Path) -> None:
    wrong = []
    for name, signature, call in _calls(path):
        if signature is None:
            wrong.append(f"{name}: there is no such macro")
        elif misfits := signature.misfits(call):
            wrong.append(f"line {call.lineno}: {name}: {', '.join(misfits)}")
    assert wrong == []


def test_there_are_pages_to_look_at() -> None:
    assert len(PAGES) > 20
    assert len(MACROS) > 30
