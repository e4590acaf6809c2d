"""Where texts for people stand: in Jinja templates, in Python, and in tables that are translated when they are shown.

A text is the literal argument of ``_``, ``gettext``, ``ngettext`` or ``mark``; ``a if … else b`` may choose among literals.
"""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, nodes

from intaglio.problems import CATALOGUE
from issuer.roster.oneroster import kinds, report

_ONE = frozenset({"_", "gettext", "mark"})
_TWO = frozenset({"ngettext"})
_JINJA = Environment(autoescape=True, extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)


class Message(NamedTuple):
    """A text: its singular form, its plural form or nothing, and where it stands (a path from the root, and a line)."""

    singular: str
    plural: str
    place: str


def in_file(root: Path, path: Path) -> list[Message]:
    """Return the texts of a template or a Python file.

    :raises ValueError: for a text that is put together before it is translated, which no catalogue can hold.
    """
    place, text = path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")
    found = _python(text) if path.suffix == ".py" else _template(text)
    return [Message(*forms, f"{place}:{line}") for line, forms in sorted(set(found))]


def literals(path: Path) -> set[str]:
    """Return every literal of a Python file: the sentence about an occurrence may have its translation too, but need not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def in_problems() -> list[Message]:
    """Return the titles and the advice of the catalogue of problems."""
    return [Message(text, "", f"problem {kind}") for kind, entry in CATALOGUE.items() for text in entry]


def in_findings_of_rosters() -> list[Message]:
    """Return what can be found in a roster. Its reader knows no web server, so nothing there is marked."""
    texts = [(text, f"finding {name}") for name, kind in kinds.KINDS.items() for text in (kind.sentence, kind.advice)]
    texts += [(text, "heading of findings") for text in (*report._HEADINGS, *report._SEVERITIES.values())]  # noqa: SLF001 - not its interface
    return [Message(text, "", place) for text, place in texts]


_Found = Iterator[tuple[int, tuple[str, str]]]


def _python(text: str) -> _Found:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            for forms in _forms(name, [_python_literals(argument) for argument in node.args[:2]]):
                yield node.lineno, forms


def _python_literals(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return _python_literals(node.body) + _python_literals(node.orelse)
    return [_PUT_TOGETHER] if isinstance(node, ast.JoinedStr | ast.BinOp) else []


def _template(text: str) -> _Found:
    for call in _JINJA.parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name):
            for forms in _forms(call.node.name, [_template_literals(argument) for argument in call.args[:2]]):
                yield call.lineno, forms


def _template_literals(node: nodes.Expr | None) -> list[str]:
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, nodes.CondExpr):
        return _template_literals(node.expr1) + _template_literals(node.expr2)
    return [_PUT_TOGETHER] if isinstance(node, nodes.Concat | nodes.BinExpr) else []


_PUT_TOGETHER = "\0"


def _forms(function: str, arguments: Iterable[list[str]]) -> Iterator[tuple[str, str]]:
    literals = list(arguments)
    if function in _ONE and literals:
        found = [(text, "") for text in literals[0]]
    elif function in _TWO and all(literals) and len(literals) > 1:
        found = [(literals[0][0], literals[1][0])]
    else:
        return
    for forms in found:
        if _PUT_TOGETHER in forms:
            raise ValueError(f"{function} is given a text that is put together; name its parts by %(name)s instead")
        yield forms
